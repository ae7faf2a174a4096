use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::BASE58;
use rand::TryRng as _;
use rand::rngs::SysRng;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::error::Failure;

/// A secret of 256 random bits in plain form. It is created once and shown once; storage only
/// holds its SHA-256. Its text form is 43 characters of base64url.
#[derive(Clone)]
pub struct Token([u8; 32]);

/// The text isn't a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenError;

/// The SHA-256 of a [`Token`], as stored. 256 random bits need no slow hash (ASVS 6.5.2, 11.5.1).
#[derive(Clone)]
pub(crate) struct TokenHash([u8; 32]);

impl Token {
    /// # Errors
    /// The system's random generator failed. Callers must not continue without a token.
    pub fn random() -> Result<Self, Failure> {
        random_bytes().map(Self)
    }

    /// The secret in text form, for its recipient only.
    #[must_use]
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    pub(crate) fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0).into())
    }
}

impl FromStr for Token {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(32) => Ok(Self(bytes)),
            _ => Err(TokenError),
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl TokenHash {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Compares in constant time (ASVS 11.2.4).
    pub(crate) fn matches(&self, stored: &[u8]) -> bool {
        self.0.ct_eq(stored).into()
    }
}

/// Random bytes from the system's generator (ASVS 6.5.3).
///
/// # Errors
/// The generator failed.
pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(Failure::internal)?;
    Ok(bytes)
}

/// Random base58 characters without bias: a byte that would favour some of the 58 characters is
/// discarded instead of reduced (ASVS 6.5.3).
///
/// # Errors
/// The generator failed.
pub(crate) fn random_base58(length: usize) -> Result<String, Failure> {
    /// The largest multiple of 58 that fits into a byte.
    const FAIR: u8 = 232;
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let bytes: [u8; 16] = random_bytes()?;
        let fair = bytes.iter().filter(|byte| **byte < FAIR);
        let letters = fair.map(|byte| char::from(BASE58[usize::from(byte % 58)]));
        text.extend(letters.take(length - text.len()));
    }
    Ok(text)
}

/// A random ID between 1 and 2^53 - 1 (docs/contract.md, IDs).
///
/// # Errors
/// The generator failed.
pub(crate) fn random_id() -> Result<i64, Failure> {
    const LARGEST: i64 = (1 << 53) - 1;
    loop {
        let id = i64::from_le_bytes(random_bytes()?) & LARGEST;
        if id != 0 {
            return Ok(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_its_text_form_and_nothing_else_is_one() {
        let token = Token::random().unwrap();
        let text = token.reveal();
        assert_eq!(text.len(), 43);
        let again: Token = text.parse().unwrap();
        assert!(again.hash().matches(token.hash().as_bytes()));
        for odd in [
            "",
            "abc",
            &format!("{text}A"),
            &text[1..],
            &format!("{text}="),
            &text.replace(&text[..1], "*"),
        ] {
            assert!(odd.parse::<Token>().is_err(), "{odd}");
        }
    }

    #[test]
    fn the_hash_is_not_the_token() {
        let token = Token::random().unwrap();
        assert_ne!(token.hash().as_bytes(), token.0);
        assert_eq!(format!("{token:?}"), "Token(…)");
    }

    /// ASVS 6.5.3: a chi-square test that all 58 characters are equally likely. The bound (57
    /// degrees of freedom) is exceeded by chance once in 10^9 runs.
    #[test]
    fn base58_favours_no_letter() {
        const LETTERS: u32 = 580_000;
        let text = random_base58(LETTERS as usize).unwrap();
        let mut counts = [0_u32; 128];
        for byte in text.bytes() {
            counts[usize::from(byte)] += 1;
        }
        let expected = f64::from(LETTERS) / 58.0;
        let deviation = |letter: &u8| f64::from(counts[usize::from(*letter)]) - expected;
        let chi_square: f64 = BASE58.iter().map(|l| deviation(l).powi(2) / expected).sum();
        assert!(chi_square < 150.0, "{chi_square}");
        assert_eq!(random_base58(8).unwrap().len(), 8);
    }

    #[test]
    fn ids_fit_into_a_javascript_number() {
        for _ in 0..1000 {
            let id = random_id().unwrap();
            assert!((1..1 << 53).contains(&id));
        }
    }
}

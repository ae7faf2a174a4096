//! API keys of bots. `fuzz/` also compiles this file and its dependencies, without the rest of the
//! crate.

use std::fmt;
use std::str::FromStr;

use domain::BASE58;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

const PREFIX: &str = "hbot_";
const PUBLIC: usize = 12;
/// 32 base58 characters have 187 bits of entropy (ASVS 11.5.1 requires 128).
const SECRET: usize = 32;
const CHECK: usize = 6;

/// An API key of a bot: `hbot_`, a public ID, a secret and a checksum (docs/contract.md, Bot keys).
///
/// The checksum lets secret scanners recognise a key, and lets Portal reject other text without a
/// database query. A key is shown once.
#[derive(Clone)]
pub struct BotKey(String);

/// The text isn't a valid key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BotKeyError;

impl BotKey {
    /// Creates a key from a generator of base58 characters.
    ///
    /// # Errors
    /// The generator's error.
    pub(crate) fn draw<E>(base58: impl FnOnce(usize) -> Result<String, E>) -> Result<Self, E> {
        let body = format!("{PREFIX}{}", base58(PUBLIC + SECRET)?);
        let check = checksum(&body);
        Ok(Self(body + &check))
    }

    /// Returns the key as text, for its owner.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns the part of the key that isn't secret.
    pub(crate) fn public_id(&self) -> &str {
        &self.0[PREFIX.len()..PREFIX.len() + PUBLIC]
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// Compares with a stored hash in constant time (docs/contract.md, Bot keys).
    pub(crate) fn matches(&self, stored: &[u8]) -> bool {
        self.hash().ct_eq(stored).into()
    }
}

impl FromStr for BotKey {
    type Err = BotKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let letters = text.strip_prefix(PREFIX).ok_or(BotKeyError)?;
        let fits = letters.len() == PUBLIC + SECRET + CHECK
            && letters.bytes().all(|byte| BASE58.contains(&byte));
        if !fits {
            return Err(BotKeyError);
        }
        let (body, check) = text.split_at(text.len() - CHECK);
        if checksum(body) == check {
            Ok(Self(text.to_owned()))
        } else {
            Err(BotKeyError)
        }
    }
}

/// Not secret: detects typing mistakes and text that only looks like a key.
fn checksum(body: &str) -> String {
    let digest = Sha256::digest(body.as_bytes());
    digest
        .iter()
        .take(CHECK)
        .map(|byte| char::from(BASE58[usize::from(byte % 58)]))
        .collect()
}

impl fmt::Debug for BotKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BotKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::secrets::random_base58;

    #[test]
    fn a_key_survives_its_text_form_and_no_other_text_is_one() {
        let key = BotKey::draw(random_base58).unwrap();
        let text = key.reveal();
        assert_eq!(text.len(), 55);
        assert!(text.starts_with("hbot_"));
        let again: BotKey = text.parse().unwrap();
        assert!(again.matches(&key.hash()));
        assert_eq!(again.public_id().len(), 12);
        let other = BotKey::draw(random_base58).unwrap();
        assert!(!again.matches(&other.hash()));
        let altered = format!(
            "{}{}",
            &text[..54],
            if text.ends_with('1') { '2' } else { '1' }
        );
        for odd in [
            "",
            "hbot_",
            "your-bot-api-key",
            &text[1..],
            &altered,
            &text.to_uppercase(),
            &format!("{text}1"),
        ] {
            assert!(odd.parse::<BotKey>().is_err(), "{odd}");
        }
        assert_eq!(format!("{key:?}"), "BotKey(…)");
    }
}

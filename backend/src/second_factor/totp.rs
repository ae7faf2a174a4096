use std::fmt;

use data_encoding::BASE32_NOPAD;
use domain::{SixDigits, Timestamp};
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use sha1::digest::array::Array;
use subtle::ConstantTimeEq as _;

use crate::crypto::secrets::random_bytes;
use crate::error::Failure;

/// The length of a time step.
const STEP_SECONDS: i64 = 30;

/// The secret shared by the authenticator app and the server: 160 random bits (RFC 4226, section
/// 4). It is shown only during setup; storage only holds it encrypted.
pub(crate) struct TotpSecret([u8; Self::LENGTH]);

impl TotpSecret {
    pub(crate) const LENGTH: usize = 20;

    /// # Errors
    /// The system's random generator failed.
    pub(crate) fn random() -> Result<Self, Failure> {
        random_bytes().map(Self)
    }

    /// The bytes to encrypt.
    pub(crate) const fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }

    /// Restores a decrypted secret.
    ///
    /// # Errors
    /// The length is wrong.
    pub(crate) fn from_opened(bytes: &[u8]) -> Result<Self, Failure> {
        let bytes = bytes.try_into().map_err(Failure::internal)?;
        Ok(Self(bytes))
    }

    /// The secret for manual entry: 32 characters of base32 (RFC 4648).
    pub(crate) fn reveal(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// The secret as the URL of a QR code. `issuer` and `account` may contain anything. Colons
    /// become spaces, because apps split the two at the first colon, encoded or not.
    pub(crate) fn reveal_as_url(&self, issuer: &str, account: &str) -> String {
        let (issuer, account) = (encode(issuer), encode(account));
        let secret = self.reveal();
        format!(
            "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}\
             &algorithm=SHA1&digits=6&period={STEP_SECONDS}"
        )
    }

    /// The code of one time step (RFC 6238, section 4.2; RFC 4226, section 5.3).
    fn code(&self, step: i64) -> String {
        let mut key = [0; 64];
        key[..Self::LENGTH].copy_from_slice(&self.0);
        // A whole block as the HMAC key, so no key length can be invalid.
        let mut mac = Hmac::<Sha1>::new(&Array::from(key));
        mac.update(&step.to_be_bytes());
        let hash: [u8; 20] = mac.finalize().into_bytes().into();
        let at = usize::from(hash[19] & 0xf);
        let word = u32::from_be_bytes([hash[at], hash[at + 1], hash[at + 2], hash[at + 3]]);
        format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

/// The time step of a code: the current step or the one before (docs/contract.md, Second
/// factors). The caller stores it, because each step counts only once (RFC 6238, section 5.2).
/// Both steps are always compared, in constant time.
pub(crate) fn matching_step(secret: &TotpSecret, code: &SixDigits, now: Timestamp) -> Option<i64> {
    let current = now.as_micros().div_euclid(STEP_SECONDS * 1_000_000);
    let shown = |step| bool::from(secret.code(step).as_bytes().ct_eq(code.reveal().as_bytes()));
    let previous = current - 1;
    let (of_current, of_previous) = (shown(current), shown(previous));
    match (of_current, of_previous) {
        (true, _) => Some(current),
        (false, true) => Some(previous),
        (false, false) => None,
    }
}

/// The code that an app with this key shows now.
#[cfg(feature = "testing")]
pub(crate) fn shown(key: &str, now: Timestamp) -> SixDigits {
    let bytes = BASE32_NOPAD.decode(key.as_bytes()).expect("base32");
    let secret = TotpSecret::from_opened(&bytes).expect("a key of ours");
    let step = now.as_micros().div_euclid(STEP_SECONDS * 1_000_000);
    secret.code(step).parse().expect("six digits")
}

fn encode(name: &str) -> String {
    /// All except the unreserved characters of RFC 3986.
    const UNSAFE: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    utf8_percent_encode(&name.replace(':', " "), UNSAFE).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 6238, appendix B.
    const KEY: TotpSecret = TotpSecret(*b"12345678901234567890");

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn code(digits: &str) -> SixDigits {
        digits.parse().unwrap()
    }

    /// RFC 6238, appendix B, the SHA-1 rows; the last six of the eight digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, digits) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let step = matching_step(&KEY, &code(&digits[2..]), at(seconds));
            assert_eq!(step, Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_works_in_its_step_and_the_next_and_never_before() {
        let digits = code("287082"); // of step 1: seconds 30 to 59
        for (seconds, found) in [
            (0, None),
            (29, None),
            (30, Some(1)),
            (59, Some(1)),
            (60, Some(1)),
            (89, Some(1)),
            (90, None),
        ] {
            assert_eq!(
                matching_step(&KEY, &digits, at(seconds)),
                found,
                "{seconds}"
            );
        }
    }

    #[test]
    fn another_code_or_another_secret_matches_no_step() {
        assert_eq!(matching_step(&KEY, &code("287083"), at(59)), None);
        let other = TotpSecret(*b"12345678901234567891");
        assert_eq!(matching_step(&other, &code("287082"), at(59)), None);
    }

    #[test]
    fn a_clock_before_1970_breaks_nothing() {
        assert_eq!(matching_step(&KEY, &code("000000"), at(-1)), None);
    }

    #[test]
    fn the_url_says_what_the_app_needs() {
        assert_eq!(
            KEY.reveal_as_url("Portal", "alice"),
            "otpauth://totp/Portal:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Portal&algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn hostile_names_stay_in_their_place() {
        let url = KEY.reveal_as_url(
            "A&B: \"C\" 100%/#?",
            "a:b@é\u{202e}\r\n&secret=AAAA%26<svg>+",
        );
        let (label, query) = url.split_once('?').unwrap();
        assert_eq!(
            label,
            "otpauth://totp/A%26B%20%20%22C%22%20100%25%2F%23%3F:\
             a%20b%40%C3%A9%E2%80%AE%0D%0A%26secret%3DAAAA%2526%3Csvg%3E%2B"
        );
        assert_eq!(query.matches("secret=").count(), 1);
        assert_eq!(query.matches('&').count(), 4);
        assert!(url.bytes().all(|b| b.is_ascii_graphic()));
        assert!(!url.contains(['"', '<', '>', '+', '#']));
    }

    #[test]
    fn secrets_are_random_and_survive_storage() {
        let (one, two) = (TotpSecret::random().unwrap(), TotpSecret::random().unwrap());
        assert_ne!(one.as_bytes(), two.as_bytes());
        let again = TotpSecret::from_opened(one.as_bytes()).unwrap();
        assert_eq!(again.as_bytes(), one.as_bytes());
        assert!(TotpSecret::from_opened(b"short").is_err());
    }

    #[test]
    fn a_secret_never_shows_in_debug_output() {
        assert_eq!(format!("{KEY:?}"), "TotpSecret(…)");
    }
}

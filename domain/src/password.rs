use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// How many characters people count in a password: Unicode code points in NFC.
#[must_use]
pub fn characters(text: &str) -> usize {
    text.nfc().count()
}

/// A password as somebody typed it to log in: 6–128 characters (contract section 5),
/// in Unicode NFC and otherwise untouched: no trimming, no case folding.
///
/// It lives only as long as the login takes; it is never printed, stored or sent.
#[derive(Clone)]
pub struct Password(String);

/// A text that is no possible password; the login answers as for a wrong one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordError;

impl Password {
    pub const SHORTEST: usize = 6;
    pub const LONGEST: usize = 128;

    /// # Errors
    /// Fewer than 6 or more than 128 characters.
    pub fn parse(typed: &str) -> Result<Self, PasswordError> {
        // Refused before normalisation does work on it: 128 code points are 512 bytes,
        // and a few more for text that NFC shortens.
        if typed.len() > 8 * Self::LONGEST {
            return Err(PasswordError);
        }
        let text: String = typed.nfc().collect();
        match text.chars().count() {
            Self::SHORTEST..=Self::LONGEST => Ok(Self(text)),
            _ => Err(PasswordError),
        }
    }

    /// The bytes to hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// What a password must be to be *set*: stricter than what is checked at a login
/// (contract section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// `PORTAL_PASSWORD_MIN`, in characters.
    pub shortest: usize,
}

impl PasswordPolicy {
    /// No setting goes below this (contract section 5).
    pub const FLOOR: usize = 6;
    /// ASVS 6.2.1 and NIST SP 800-63B-4 3.1.1.2: where the password is the only factor.
    pub const DEFAULT: Self = Self { shortest: 15 };
}

/// A password that may be set under a [`PasswordPolicy`].
#[derive(Clone, Debug)]
pub struct NewPassword(Password);

/// Why a password can't be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewPasswordError {
    TooShort,
    TooLong,
    /// It is the person's own name.
    OwnName,
}

impl NewPassword {
    /// # Errors
    /// Too short for the policy, more than 128 characters, or the person's own name.
    pub fn parse(
        typed: &str,
        policy: PasswordPolicy,
        own_name: &str,
    ) -> Result<Self, NewPasswordError> {
        if characters(typed) < policy.shortest.max(PasswordPolicy::FLOOR) {
            return Err(NewPasswordError::TooShort);
        }
        let password = Password::parse(typed).map_err(|PasswordError| NewPasswordError::TooLong)?;
        if typed.eq_ignore_ascii_case(own_name) {
            return Err(NewPasswordError::OwnName);
        }
        Ok(Self(password))
    }

    #[must_use]
    pub const fn password(&self) -> &Password {
        &self.0
    }
}

impl NewPasswordError {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "short",
            Self::TooLong => "long",
            Self::OwnName => "name",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::TooShort, Self::TooLong, Self::OwnName]
            .into_iter()
            .find(|error| error.code() == code)
    }

    /// One sentence for the person who chose the password.
    #[must_use]
    pub fn sentence(self, policy: PasswordPolicy) -> String {
        match self {
            Self::TooShort => format!(
                "The password must be at least {} characters.",
                policy.shortest
            ),
            Self::TooLong => format!(
                "The password must be at most {} characters.",
                Password::LONGEST
            ),
            Self::OwnName => "The password must not be the username.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composed_and_decomposed_letters_are_the_same_password() {
        let composed = Password::parse("caf\u{e9} au lait").unwrap();
        let decomposed = Password::parse("cafe\u{301} au lait").unwrap();
        assert_eq!(composed.as_bytes(), decomposed.as_bytes());
        assert_eq!(characters("e\u{301}"), 1);
    }

    #[test]
    fn nothing_else_is_changed() {
        let spaced = Password::parse("  Hunter 2  ").unwrap();
        assert_eq!(spaced.as_bytes(), b"  Hunter 2  ");
    }

    #[test]
    fn checking_takes_6_to_128_characters() {
        assert!(Password::parse("12345").is_err());
        assert!(Password::parse("123456").is_ok());
        assert!(Password::parse(&"\u{1F600}".repeat(128)).is_ok());
        assert!(Password::parse(&"a".repeat(129)).is_err());
        assert!(Password::parse(&"a".repeat(1 << 20)).is_err());
    }

    #[test]
    fn setting_takes_at_least_the_policy() {
        let policy = PasswordPolicy::DEFAULT;
        let refused =
            |typed: &str| NewPassword::parse(typed, policy, "alexandra.the.3rd").unwrap_err();
        assert_eq!(refused("fourteen chars"), NewPasswordError::TooShort);
        assert_eq!(refused("Alexandra.the.3rd"), NewPasswordError::OwnName);
        assert_eq!(refused(&"a".repeat(129)), NewPasswordError::TooLong);
        assert!(NewPassword::parse("fifteen chars ok", policy, "alice").is_ok());
    }

    #[test]
    fn no_policy_goes_below_the_floor() {
        let weak = PasswordPolicy { shortest: 1 };
        assert_eq!(
            NewPassword::parse("12345", weak, "alice").unwrap_err(),
            NewPasswordError::TooShort
        );
    }

    #[test]
    fn a_password_never_shows_in_debug_output() {
        let password = Password::parse("hunter2 hunter2").unwrap();
        assert_eq!(format!("{password:?}"), "Password(…)");
    }
}

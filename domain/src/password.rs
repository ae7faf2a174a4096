use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// The length of a password in characters: Unicode code points in NFC.
#[must_use]
pub fn characters(text: &str) -> usize {
    text.nfc().count()
}

/// A password typed to log in: 6–128 characters (docs/contract.md, Passwords), in Unicode NFC
/// and otherwise unchanged: no trimming, no case folding.
///
/// It is dropped once the login is done, and never printed, stored or sent.
#[derive(Clone)]
pub struct Password(String);

/// The error for a text that can't be a password; a login reports it as a wrong password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordError;

impl Password {
    pub const MIN_LENGTH: usize = 6;
    pub const MAX_LENGTH: usize = 128;

    /// # Errors
    /// Fewer than 6 or more than 128 characters.
    pub fn parse(typed: &str) -> Result<Self, PasswordError> {
        // Bounds the work of normalisation: 128 code points are at most 512 bytes, and text that
        // NFC shortens needs a few more.
        if typed.len() > 8 * Self::MAX_LENGTH {
            return Err(PasswordError);
        }
        let text: String = typed.nfc().collect();
        match text.chars().count() {
            Self::MIN_LENGTH..=Self::MAX_LENGTH => Ok(Self(text)),
            _ => Err(PasswordError),
        }
    }

    /// The text, for strength checks only.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
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

/// The rules for *setting* a password, stricter than those for checking one at login
/// (docs/contract.md, Passwords).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// `PORTAL_PASSWORD_MIN`, in characters.
    pub shortest: usize,
}

impl PasswordPolicy {
    /// The lower bound of the setting (docs/contract.md, Passwords).
    pub const FLOOR: usize = 6;
    /// ASVS 6.2.1 and NIST SP 800-63B-4 3.1.1.2, for a password that is the only factor.
    pub const DEFAULT: Self = Self { shortest: 15 };

    /// The minimum length beside a second factor (the same sources).
    const WITH_SECOND_FACTOR: usize = 8;

    /// The policy for a person with a second factor: 8 characters, or fewer if the setting is lower.
    #[must_use]
    pub fn with_second_factor(self) -> Self {
        Self {
            shortest: self.shortest.min(Self::WITH_SECOND_FACTOR),
        }
    }
}

/// A password that satisfies a [`PasswordPolicy`].
#[derive(Clone, Debug)]
pub struct NewPassword(Password);

/// Why a password can't be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewPasswordError {
    TooShort,
    TooLong,
    /// The password is the person's own name.
    OwnName,
    /// The password is long enough, but among the first that an attacker would try.
    Weak(PasswordWeakness),
}

/// Why a password of sufficient length is easy to guess (ASVS 6.2.4, 6.2.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordWeakness {
    /// A common password, or made of common passwords, keyboard rows and repetitions.
    Common,
    /// Made of the person's own names or the site's.
    Personal,
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

    /// The length in characters.
    #[must_use]
    pub fn characters(&self) -> usize {
        self.0.as_str().chars().count()
    }
}

impl NewPasswordError {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "short",
            Self::TooLong => "long",
            Self::OwnName => "name",
            Self::Weak(weakness) => weakness.code(),
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [
            Self::TooShort,
            Self::TooLong,
            Self::OwnName,
            Self::Weak(PasswordWeakness::Common),
            Self::Weak(PasswordWeakness::Personal),
        ]
        .into_iter()
        .find(|error| error.code() == code)
    }

    /// One sentence for the person who chose the password.
    #[must_use]
    pub fn sentence(self, policy: PasswordPolicy) -> String {
        match self {
            Self::TooShort => format!("Password must be at least {} characters.", policy.shortest),
            Self::TooLong => format!(
                "Password can't be longer than {} characters.",
                Password::MAX_LENGTH
            ),
            Self::OwnName => "Password can't be the same as your username.".to_owned(),
            Self::Weak(weakness) => weakness.sentence().to_owned(),
        }
    }
}

impl PasswordWeakness {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Common => "common",
            Self::Personal => "personal",
        }
    }

    /// The reason and a suggestion (NIST SP 800-63B-4 3.1.1.2).
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Common => {
                "This password is too easy to guess: it's made of common passwords, keyboard \
                 patterns or repeats. Try four unrelated words."
            }
            Self::Personal => {
                "This password is too easy to guess: it's based on your name or this site's. \
                 Try four unrelated words."
            }
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
    fn a_second_factor_makes_eight_characters_enough() {
        let policy = PasswordPolicy::DEFAULT.with_second_factor();
        let set = |typed: &str, policy| NewPassword::parse(typed, policy, "alice").map(drop);
        assert_eq!(set("7 chars", policy), Err(NewPasswordError::TooShort));
        assert_eq!(set("8 chars.", policy), Ok(()));
        let without = PasswordPolicy::DEFAULT;
        assert_eq!(set("8 chars.", without), Err(NewPasswordError::TooShort));
    }

    #[test]
    fn a_second_factor_never_makes_a_password_longer() {
        let lenient = PasswordPolicy { shortest: 6 };
        assert_eq!(lenient.with_second_factor(), lenient);
        let set = |typed: &str| NewPassword::parse(typed, lenient.with_second_factor(), "alice");
        assert!(set("6chars").is_ok());
        assert_eq!(set("5char").unwrap_err(), NewPasswordError::TooShort);
    }

    #[test]
    fn setting_takes_at_most_128_characters() {
        let set = |count| {
            let typed = "é".repeat(count);
            NewPassword::parse(&typed, PasswordPolicy::DEFAULT, "alice").map(drop)
        };
        assert_eq!(set(128), Ok(()));
        assert_eq!(set(129), Err(NewPasswordError::TooLong));
    }

    #[test]
    fn new_password_error_codes_round_trip() {
        for error in [
            NewPasswordError::TooShort,
            NewPasswordError::TooLong,
            NewPasswordError::OwnName,
            NewPasswordError::Weak(PasswordWeakness::Common),
            NewPasswordError::Weak(PasswordWeakness::Personal),
        ] {
            assert_eq!(NewPasswordError::from_code(error.code()), Some(error));
        }
        assert_eq!(NewPasswordError::from_code("<script>"), None);
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

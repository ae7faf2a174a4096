use std::fmt;
use std::str::FromStr;

use crate::BASE58;

/// A kind of second factor, used beside a password or login code (docs/contract.md, Second factors).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorKind {
    /// A code from an authenticator app (RFC 6238).
    Totp,
    /// Six digits sent by email.
    Email,
    /// One of the codes shown when the first factor was enabled.
    Recovery,
}

impl FactorKind {
    /// In the order in which callers receive them.
    pub const ALL: [Self; 3] = [Self::Totp, Self::Email, Self::Recovery];

    /// The `type` in the API, and the stored value.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Email => "email",
            Self::Recovery => "recovery",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Totp => "Authenticator App",
            Self::Email => "Email Verification",
            Self::Recovery => "Recovery Code",
        }
    }

    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Totp => "Use an authenticator app to generate a verification code",
            Self::Email => "Receive a verification code via email",
            Self::Recovery => "Use one of the recovery codes you saved",
        }
    }

    /// Whether a code of this kind is sent on request.
    #[must_use]
    pub const fn can_send(self) -> bool {
        match self {
            Self::Totp | Self::Recovery => false,
            Self::Email => true,
        }
    }
}

/// A six-digit code in plain text, from an authenticator app or an email.
#[derive(Clone, PartialEq, Eq)]
pub struct SixDigits(String);

/// A code that replaces a lost factor, in plain text: 20 base58 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

/// The `twofa_token` of a request. Its form determines which kinds of factor it can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondFactorInput {
    SixDigits(SixDigits),
    /// Six digits known to have come by email; never tried as another kind.
    Mailed(SixDigits),
    Recovery(RecoveryCode),
}

/// The error for a text that can't be a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondFactorInputError;

impl SixDigits {
    pub const LENGTH: usize = 6;

    /// The plain text, for delivery to its owner.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for SixDigits {
    type Err = SecondFactorInputError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() == Self::LENGTH && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(SecondFactorInputError)
        }
    }
}

impl RecoveryCode {
    /// 20 × log2(58) = 117 bits; ASVS 6.5.2 requires 112 where the hash isn't a slow one.
    pub const LENGTH: usize = 20;

    /// Characters per group when the code is shown.
    const GROUP: usize = 5;

    /// The plain text, for delivery to its owner.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The plain text in groups that can be copied by hand: `abcde-fghij-kmnop-qrstu`.
    #[must_use]
    pub fn reveal_in_groups(&self) -> String {
        let mut text = String::with_capacity(Self::LENGTH + Self::LENGTH / Self::GROUP);
        for (place, letter) in self.0.chars().enumerate() {
            if place > 0 && place % Self::GROUP == 0 {
                text.push('-');
            }
            text.push(letter);
        }
        text
    }
}

impl FromStr for RecoveryCode {
    type Err = SecondFactorInputError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() == Self::LENGTH && text.bytes().all(|b| BASE58.contains(&b)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(SecondFactorInputError)
        }
    }
}

impl SecondFactorInput {
    /// Marks six digits as sent by email.
    #[must_use]
    pub fn mailed(self) -> Self {
        match self {
            Self::SixDigits(digits) => Self::Mailed(digits),
            other => other,
        }
    }

    /// Parses the input of a page, ignoring spaces and hyphens.
    ///
    /// # Errors
    /// What remains isn't a second factor.
    pub fn parse_typed(typed: &str) -> Result<Self, SecondFactorInputError> {
        let meant = |c: &char| !(c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}'));
        // One more than the longest token, so that a longer input stays invalid.
        let text: String = typed
            .chars()
            .filter(meant)
            .take(RecoveryCode::LENGTH + 1)
            .collect();
        text.parse()
    }
}

impl FromStr for SecondFactorInput {
    type Err = SecondFactorInputError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.parse().map(Self::SixDigits);
        digits.or_else(|SecondFactorInputError| text.parse().map(Self::Recovery))
    }
}

impl fmt::Debug for SixDigits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SixDigits(…)")
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECOVERY: &str = "abcdefghijkmnopqrstu";

    #[test]
    fn kinds_are_told_as_documented() {
        let told: Vec<_> = FactorKind::ALL
            .into_iter()
            .map(|kind| {
                (
                    kind.as_str(),
                    kind.name(),
                    kind.description(),
                    kind.can_send(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (
                    "totp",
                    "Authenticator App",
                    "Use an authenticator app to generate a verification code",
                    false
                ),
                (
                    "email",
                    "Email Verification",
                    "Receive a verification code via email",
                    true
                ),
                (
                    "recovery",
                    "Recovery Code",
                    "Use one of the recovery codes you saved",
                    false
                ),
            ]
        );
        for kind in FactorKind::ALL {
            assert_eq!(FactorKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(FactorKind::parse("TOTP"), None);
    }

    #[test]
    fn the_form_of_a_token_says_what_it_is() {
        let digits: SecondFactorInput = "012345".parse().unwrap();
        assert!(
            matches!(digits, SecondFactorInput::SixDigits(digits) if digits.reveal() == "012345")
        );
        let recovery: SecondFactorInput = RECOVERY.parse().unwrap();
        assert!(matches!(recovery, SecondFactorInput::Recovery(code) if code.reveal() == RECOVERY));
    }

    #[test]
    fn programs_send_exactly_the_documented_forms() {
        for odd in [
            "",
            "12345",
            "1234567",
            "12345a",
            "123 456",
            " 123456",
            "123456\n",
            "١٢٣٤٥٦",
            "１２３４５６",
            "+12345",
            "abcdefghijkmnopqrst",
            "abcdefghijkmnopqrstuv",
            "abcdefghijkmnopqrst0",
            "abcdefghijklmnopqrst",
            "abcde-fghij-kmnop-qrstu",
            "abcdefghijkmnopqrsté",
        ] {
            assert_eq!(
                odd.parse::<SecondFactorInput>(),
                Err(SecondFactorInputError),
                "{odd}"
            );
        }
    }

    #[test]
    fn people_may_type_spaces_and_hyphens() {
        for (typed, meant) in [
            (" 123 456 ", "123456"),
            ("123-456", "123456"),
            ("1 2\u{a0}3\t4–5 6\n", "123456"),
            ("abcde-fghij-kmnop-qrstu", RECOVERY),
            ("abcde fghij\u{2011}kmnop qrstu", RECOVERY),
        ] {
            assert_eq!(
                SecondFactorInput::parse_typed(typed),
                meant.parse(),
                "{typed:?}"
            );
        }
        for odd in [
            "",
            "12345",
            "123.456",
            "abcde-fghij-kmnop-qrstu-v",
            "1234567",
        ] {
            assert_eq!(
                SecondFactorInput::parse_typed(odd),
                Err(SecondFactorInputError),
                "{odd}"
            );
        }
        let endless = "-1".repeat(1 << 16);
        assert_eq!(
            SecondFactorInput::parse_typed(&endless),
            Err(SecondFactorInputError)
        );
    }

    #[test]
    fn a_recovery_code_is_shown_in_groups_and_read_from_them() {
        let code: RecoveryCode = RECOVERY.parse().unwrap();
        assert_eq!(code.reveal_in_groups(), "abcde-fghij-kmnop-qrstu");
        let typed = SecondFactorInput::parse_typed(&code.reveal_in_groups());
        assert_eq!(typed, Ok(SecondFactorInput::Recovery(code)));
    }

    #[test]
    fn a_token_never_shows_in_debug_output() {
        let digits = SecondFactorInput::parse_typed("123456").unwrap();
        assert_eq!(format!("{digits:?}"), "SixDigits(SixDigits(…))");
        let recovery = SecondFactorInput::parse_typed(RECOVERY).unwrap();
        assert_eq!(format!("{recovery:?}"), "Recovery(RecoveryCode(…))");
    }
}

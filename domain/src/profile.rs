use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

use crate::{DisplayNameError, SafeUrl, UsernameError};

/// A person's description of themselves: at most 500 Unicode characters in NFC and 20 lines,
/// without control characters or characters that change the direction of the text around it.
/// Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bio(String);

/// Why a text isn't a valid [`Bio`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BioError {
    TooLong,
    ForbiddenCharacter,
}

impl Bio {
    pub const MAX_LENGTH: usize = 500;
    /// Lines are for paragraphs, not for pushing down the content below.
    const MAX_LINES: usize = 20;

    /// `None` for a blank text: clearing the field removes the bio.
    ///
    /// # Errors
    /// See [`BioError`].
    pub fn parse(text: &str) -> Result<Option<Self>, BioError> {
        // Bounds the work of normalisation.
        if text.len() > 16 * Self::MAX_LENGTH {
            return Err(BioError::TooLong);
        }
        // HTML forms send line ends as CRLF.
        let text: String = text.replace("\r\n", "\n").replace('\r', "\n");
        let text: String = text.trim().nfc().collect();
        if text.is_empty() {
            return Ok(None);
        }
        if text.contains(is_forbidden) {
            return Err(BioError::ForbiddenCharacter);
        }
        let too_long = text.chars().count() > Self::MAX_LENGTH;
        if too_long || text.lines().count() > Self::MAX_LINES {
            return Err(BioError::TooLong);
        }
        Ok(Some(Self(text)))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control characters except line ends, characters that change the direction of text, and
/// noncharacters.
fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fdd0}'..='\u{fdef}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{10ffff}')
        || (c as u32) & 0xfffe == 0xfffe
}

impl BioError {
    const ALL: [Self; 2] = [Self::TooLong, Self::ForbiddenCharacter];

    /// One sentence for the person who wrote the text.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::TooLong => "That's too long: up to 500 characters and 20 lines.",
            Self::ForbiddenCharacter => "This text contains a character that can't be displayed.",
        }
    }

    /// The rule, after the name of the field, for programs.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::TooLong => "must have at most 500 characters and 20 lines",
            Self::ForbiddenCharacter => "must not have control characters",
        }
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong => "long",
            Self::ForbiddenCharacter => "characters",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|error| error.code() == code)
    }
}

/// A person's links to other sites: at most 5.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links(Vec<SafeUrl>);

/// Why texts aren't valid [`Links`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinksError {
    TooMany,
    /// One of them isn't a [`SafeUrl`].
    NotALink,
}

impl Links {
    pub const MAX: usize = 5;

    /// # Errors
    /// See [`LinksError`].
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, LinksError> {
        let mut links = Vec::new();
        for text in texts {
            if links.len() == Self::MAX {
                return Err(LinksError::TooMany);
            }
            links.push(SafeUrl::parse(text).ok_or(LinksError::NotALink)?);
        }
        Ok(Self(links))
    }

    #[must_use]
    pub fn as_slice(&self) -> &[SafeUrl] {
        &self.0
    }
}

impl LinksError {
    const ALL: [Self; 2] = [Self::TooMany, Self::NotALink];

    /// One sentence for the person who typed the links.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::TooMany => "You can add up to five links.",
            Self::NotALink => "Each link must be a full address starting with https://.",
        }
    }

    /// The rule, after the name of the field, for programs.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::TooMany => "must be at most 5",
            Self::NotALink => "must be https addresses of at most 512 characters",
        }
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooMany => "many",
            Self::NotALink => "link",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|error| error.code() == code)
    }
}

/// Why a username can't be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewUsernameError {
    Malformed(UsernameError),
    /// Another account has it.
    Taken,
    /// The name is confusable with that of another account.
    LooksLikeAnothers,
}

impl NewUsernameError {
    /// One sentence for the person who chose the name.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Malformed(error) => error.sentence(),
            Self::Taken => "That username is taken. Try another.",
            Self::LooksLikeAnothers => LOOKS_LIKE_ANOTHERS,
        }
    }

    /// The rule, after the name of the field, for programs.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Malformed(error) => error.rule(),
            Self::Taken => "is taken",
            Self::LooksLikeAnothers => "looks too much like someone else's name",
        }
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed(error) => error.code(),
            Self::Taken => "taken",
            Self::LooksLikeAnothers => "alike",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let own = [Self::Taken, Self::LooksLikeAnothers];
        let own = own.into_iter().find(|error| error.code() == code);
        own.or_else(|| UsernameError::from_code(code).map(Self::Malformed))
    }
}

/// Why a display name can't be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewDisplayError {
    Malformed(DisplayNameError),
    /// The name is confusable with Portal itself or with a role.
    Reserved,
    /// The name is confusable with that of another account.
    LooksLikeAnothers,
}

const LOOKS_LIKE_ANOTHERS: &str =
    "That name looks too much like someone else's here. Try a different one.";

impl NewDisplayError {
    /// One sentence for the person who chose the name.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Malformed(error) => error.sentence(),
            Self::Reserved => "That name is reserved. Try another.",
            Self::LooksLikeAnothers => LOOKS_LIKE_ANOTHERS,
        }
    }

    /// The rule, after the name of the field, for programs.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Malformed(error) => error.rule(),
            Self::Reserved => "is reserved",
            Self::LooksLikeAnothers => "looks too much like someone else's name",
        }
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed(error) => error.code(),
            Self::Reserved => "reserved",
            Self::LooksLikeAnothers => "alike",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let own = [Self::Reserved, Self::LooksLikeAnothers];
        let own = own.into_iter().find(|error| error.code() == code);
        own.or_else(|| DisplayNameError::from_code(code).map(Self::Malformed))
    }
}

/// The error for a picture from a platform that isn't linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotLinkedError;

impl NotLinkedError {
    /// The rule, after the name of the field, for programs.
    pub const RULE: &'static str = "must be a platform that is linked";
}

impl fmt::Display for Bio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why an account can't be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeleteAccountError {
    /// The requesting session has ended meanwhile.
    SignedOut,
    NotFresh,
    /// It is the account of the last Owner, and Portal needs at least one.
    LastOwner,
    /// The account owns bots, which would be left without a responsible person.
    OwnsBots,
}

/// Why a person's stored data can't be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportError {
    /// The requesting session has ended meanwhile.
    SignedOut,
    NotFresh,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bio_is_lines_of_text() {
        let bio = Bio::parse("  Hi!\r\n\r\nI like cafe\u{301}s 👩\u{200d}🚀.\n ")
            .unwrap()
            .unwrap();
        assert_eq!(bio.as_str(), "Hi!\n\nI like caf\u{e9}s 👩\u{200d}🚀.");
        for nothing in ["", " ", "\r\n\r\n", "\u{3000}"] {
            assert_eq!(Bio::parse(nothing), Ok(None), "{nothing:?}");
        }
        for odd in [
            "a\u{0}b",
            "a\u{1b}[31m",
            "a\tb",
            "a\u{202e}b",
            "a\u{2066}b",
            "a\u{2028}b",
            "a\u{feff}b",
            "a\u{fffe}",
            "a\u{e0041}",
        ] {
            assert_eq!(
                Bio::parse(odd),
                Err(BioError::ForbiddenCharacter),
                "{odd:?}"
            );
        }
    }

    #[test]
    fn a_bio_has_500_characters_and_20_lines() {
        for fits in [
            "ü".repeat(500),
            "e\u{301}".repeat(500),
            "😀".repeat(500),
            "a\n".repeat(20),
        ] {
            assert!(matches!(Bio::parse(&fits), Ok(Some(_))), "{fits}");
        }
        for long in ["ü".repeat(501), "a\n".repeat(21), "a".repeat(100_000)] {
            assert_eq!(Bio::parse(&long), Err(BioError::TooLong));
        }
    }

    #[test]
    fn links_are_five_safe_addresses() {
        let one = "https://example.org/";
        assert_eq!(Links::parse([one; 5]).unwrap().as_slice().len(), 5);
        assert_eq!(Links::parse([one; 6]), Err(LinksError::TooMany));
        assert_eq!(
            Links::parse([one, "http://example.org/"]),
            Err(LinksError::NotALink)
        );
        assert_eq!(Links::parse([""]), Err(LinksError::NotALink));
        assert_eq!(Links::parse([]), Ok(Links::default()));
    }

    #[test]
    fn profile_error_codes_round_trip() {
        for error in BioError::ALL {
            assert_eq!(BioError::from_code(error.code()), Some(error));
        }
        for error in LinksError::ALL {
            assert_eq!(LinksError::from_code(error.code()), Some(error));
        }
        for code in ["short", "long", "characters", "reserved", "taken", "alike"] {
            assert_eq!(NewUsernameError::from_code(code).unwrap().code(), code);
        }
        for code in [
            "short",
            "long",
            "characters",
            "space",
            "marks",
            "reserved",
            "alike",
        ] {
            assert_eq!(NewDisplayError::from_code(code).unwrap().code(), code);
        }
        assert_eq!(NewUsernameError::from_code("<b>"), None);
        assert_eq!(NewDisplayError::from_code("taken"), None);
    }
}

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The name shown for a person: 3–32 Unicode characters in NFC, of any script
/// (docs/contract.md, Usernames and display names).
///
/// It can't leave its line or change the direction of text: no control characters, no
/// bidirectional overrides, no invisible characters except the joiners that some scripts and
/// emoji need, and only single spaces between words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayName(String);

/// Why a text isn't a valid [`DisplayName`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisplayNameError {
    TooShort,
    TooLong,
    ForbiddenCharacter,
    /// White space at either end, or two spaces in a row.
    Space,
    /// No visible character, a combining mark without a base character, or too many marks on one.
    Marks,
}

impl DisplayName {
    pub const MIN_LENGTH: usize = 3;
    pub const MAX_LENGTH: usize = 32;

    /// Combining marks per character (UTS 39, section 5.4).
    const MAX_MARKS: usize = 4;

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DisplayName {
    type Err = DisplayNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Bounds the work of normalisation.
        if text.len() > 8 * Self::MAX_LENGTH {
            return Err(DisplayNameError::TooLong);
        }
        let name: String = text.nfc().collect();
        match name.chars().count() {
            ..Self::MIN_LENGTH => return Err(DisplayNameError::TooShort),
            Self::MIN_LENGTH..=Self::MAX_LENGTH => {}
            _ => return Err(DisplayNameError::TooLong),
        }
        if name.trim() != name || name.contains("  ") {
            return Err(DisplayNameError::Space);
        }
        if name.contains(is_forbidden) {
            return Err(DisplayNameError::ForbiddenCharacter);
        }
        if !name.contains(is_seen) || has_stray_marks(&name, Self::MAX_MARKS) {
            return Err(DisplayNameError::Marks);
        }
        Ok(Self(name))
    }
}

/// Control characters and line ends; spaces other than U+0020; characters that change the
/// direction of text; invisible and blank characters; private use, noncharacters and tags.
pub(crate) fn is_forbidden(c: char) -> bool {
    (c.is_whitespace() && c != ' ')
        || c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0d}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{ffff}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
        || (c as u32) & 0xfffe == 0xfffe
}

/// Joiners and variation selectors (text or emoji).
const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')
}

fn is_seen(c: char) -> bool {
    !(c == ' ' || is_joiner(c) || is_combining_mark(c))
}

/// Whether a combining mark has no base character, or one character has more than `most` marks,
/// as in text that overlaps its neighbours.
fn has_stray_marks(name: &str, most: usize) -> bool {
    let mut room = 0;
    for c in name.chars() {
        if is_seen(c) {
            room = most;
        } else if c == ' ' {
            room = 0;
        } else if room == 0 {
            return true;
        } else {
            room -= 1;
        }
    }
    false
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for DisplayName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl DisplayNameError {
    const ALL: [Self; 5] = [
        Self::TooShort,
        Self::TooLong,
        Self::ForbiddenCharacter,
        Self::Space,
        Self::Marks,
    ];

    /// One sentence for the person who chose the name.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::TooShort => "Display name must be at least 3 characters.",
            Self::TooLong => "Display name can't be longer than 32 characters.",
            Self::ForbiddenCharacter => {
                "Your display name contains a character that isn't allowed."
            }
            Self::Space => {
                "Display name can't start or end with a space, or have two spaces in a row."
            }
            Self::Marks => "Display name needs letters, with no more than 4 accents on each.",
        }
    }

    /// The rule, after the name of the field, for programs (docs/contract.md, Common rules).
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::TooShort => "must be at least 3 characters",
            Self::TooLong => "must be at most 32 characters",
            Self::ForbiddenCharacter => "has a character that isn't allowed",
            Self::Space => "can't start or end with a space, or have two spaces in a row",
            Self::Marks => "must have letters, and at most 4 accents on each",
        }
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "short",
            Self::TooLong => "long",
            Self::ForbiddenCharacter => "characters",
            Self::Space => "space",
            Self::Marks => "marks",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|error| error.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> DisplayNameError {
        text.parse::<DisplayName>().unwrap_err()
    }

    #[test]
    fn names_of_every_script_are_taken_in_nfc() {
        for name in [
            "Alice Liddell",
            "Łukasz O’Neill-Smith, jr.",
            "Nguyễn Thị Minh",
            "Ελένη",
            "李小龙",
            "さくら が",
            "김철수",
            "محمد علي",
            "מֹשֶׁה",
            "हिन्दी",
            "ศรีสุดา",
            "می\u{200c}خواهم",
            "👩\u{200d}🚀 ❤\u{fe0f}!",
            "a.b",
        ] {
            let taken: DisplayName = name.parse().unwrap_or_else(|error| {
                panic!("{name}: {error:?}");
            });
            assert_eq!(taken.as_str(), name.nfc().collect::<String>());
        }
        let decomposed: DisplayName = "Cafe\u{301}".parse().unwrap();
        assert_eq!(decomposed.as_str(), "Caf\u{e9}");
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(refused(""), DisplayNameError::TooShort);
        assert_eq!(refused("ab"), DisplayNameError::TooShort);
        assert_eq!(refused("e\u{301}e\u{301}"), DisplayNameError::TooShort);
        assert!("é".repeat(32).parse::<DisplayName>().is_ok());
        assert_eq!(refused(&"é".repeat(33)), DisplayNameError::TooLong);
        assert_eq!(refused(&"a".repeat(1 << 20)), DisplayNameError::TooLong);
    }

    #[test]
    fn what_plays_tricks_with_the_line_is_refused() {
        for odd in [
            "al\0ice",
            "al\nice",
            "al\u{85}ice",
            "al\u{2028}ice",
            "al\u{a0}ice",
            "al\u{3000}ice",
            "al\u{200b}ice",
            "al\u{200f}ice",
            "\u{202e}ecila",
            "al\u{2066}ice",
            "al\u{ad}ice",
            "al\u{2800}ice",
            "\u{3164}\u{3164}\u{3164}",
            "al\u{e000}ice",
            "al\u{feff}ice",
            "al\u{fffd}ice",
            "al\u{1fffe}ice",
            "al\u{e0041}ice",
            "al\u{e0100}ice",
        ] {
            assert_eq!(
                refused(odd),
                DisplayNameError::ForbiddenCharacter,
                "{odd:?}"
            );
        }
    }

    #[test]
    fn spaces_stand_alone_and_inside() {
        for odd in [
            " alice",
            "alice ",
            "al  ice",
            "   ",
            "alice\n",
            "\u{3000}alice",
        ] {
            assert_eq!(refused(odd), DisplayNameError::Space, "{odd:?}");
        }
    }

    #[test]
    fn marks_need_letters_and_not_too_many_of_them() {
        for odd in [
            "\u{301}\u{302}\u{303}",
            "\u{301}alice",
            "a \u{301}lice",
            "\u{200d}\u{200d}\u{200d}",
            "z\u{335}\u{321}\u{322}\u{327}\u{328}algo",
        ] {
            assert_eq!(refused(odd), DisplayNameError::Marks, "{odd:?}");
        }
    }

    #[test]
    fn display_name_error_codes_round_trip() {
        for error in DisplayNameError::ALL {
            assert_eq!(DisplayNameError::from_code(error.code()), Some(error));
        }
        assert_eq!(DisplayNameError::from_code("<script>"), None);
    }
}

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::SafeUrl;

/// The identifier of a chat platform, such as `discord`: 2–32 of `a-z 0-9 _`
/// (docs/contract.md, Pages). The available platforms are a setting.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Platform(String);

/// The error for a text that isn't a valid [`Platform`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlatformError;

impl Platform {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The display form: `Discord`.
    #[must_use]
    pub fn to_human(&self) -> String {
        let mut letters = self.0.chars();
        match letters.next() {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => String::new(),
        }
    }
}

impl FromStr for Platform {
    type Err = PlatformError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let letters = text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if letters && (2..=32).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PlatformError)
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Platform {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// The ID of a person on a platform: 1–64 visible ASCII characters. A string, never a number,
/// because Discord's IDs exceed what a JavaScript number can hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlatformUserId(String);

/// The error for a text that isn't a valid [`PlatformUserId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlatformUserIdError;

impl PlatformUserId {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PlatformUserId {
    type Err = PlatformUserIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let visible = text.bytes().all(|b| b.is_ascii_graphic());
        if visible && (1..=64).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PlatformUserIdError)
        }
    }
}

impl fmt::Display for PlatformUserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for PlatformUserId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// One person on one platform: Discord's 123 isn't Telegram's 123 (ASVS 6.8.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    pub platform: Platform,
    pub user_id: PlatformUserId,
}

/// A person's name on a platform, for display only: 1–100 characters, no control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformName(String);

/// The error for a text that isn't a valid [`PlatformName`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlatformNameError;

impl PlatformName {
    pub const MAX_LENGTH: usize = 100;

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PlatformName {
    type Err = PlatformNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let printable = !text.chars().any(char::is_control);
        if printable && (1..=Self::MAX_LENGTH).contains(&text.chars().count()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PlatformNameError)
        }
    }
}

/// The address of a person's picture: `https` on an allowed host, at most 512 characters
/// (docs/contract.md, Avatars, security A15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvatarUrl(SafeUrl);

impl AvatarUrl {
    /// Hosts that serve pictures and on which a third party can't place a script.
    pub const HOSTS: [&'static str; 3] = ["cdn.discordapp.com", "media.discordapp.net", "t.me"];

    /// `None` for every other address; pages then draw an initial.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let safe = SafeUrl::parse(text)?;
        let url = safe.url();
        let listed = url
            .host_str()
            .is_some_and(|host| Self::HOSTS.contains(&host));
        // Telegram's file addresses contain the bot's token, which must never be shown.
        let tells_a_token = url.path().contains("/bot");
        let plain = url.fragment().is_none();
        (plain && listed && !tells_a_token).then_some(Self(safe))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_lower_case_words() {
        for good in ["discord", "telegram", "my_game2", "x1"] {
            assert_eq!(good.parse::<Platform>().unwrap().as_str(), good);
        }
        for odd in [
            "",
            "d",
            "Discord",
            "dis cord",
            "dis-cord",
            &"a".repeat(33),
            "dïscord",
        ] {
            assert!(odd.parse::<Platform>().is_err(), "{odd}");
        }
        assert_eq!("discord".parse::<Platform>().unwrap().to_human(), "Discord");
    }

    #[test]
    fn ids_are_visible_ascii() {
        assert!("123456789012345678".parse::<PlatformUserId>().is_ok());
        for odd in ["", " 1", "1\n", "\u{661}", &"1".repeat(65)] {
            assert!(odd.parse::<PlatformUserId>().is_err(), "{odd:?}");
        }
    }

    #[test]
    fn only_pictures_of_listed_hosts_are_kept() {
        let kept = "https://cdn.discordapp.com/avatars/123456789012345678/abc.png";
        assert_eq!(AvatarUrl::parse(kept).unwrap().as_str(), kept);
        assert!(AvatarUrl::parse("https://t.me/i/userpic/320/niels.jpg").is_some());
        for odd in [
            "",
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:image/png;base64,AAAA",
            "http://cdn.discordapp.com/a.png",
            "//cdn.discordapp.com/a.png",
            "https://evil.test/a.png",
            "https://cdn.discordapp.com.evil.test/a.png",
            "https://cdn.discordapp.com@evil.test/a.png",
            "https://user@cdn.discordapp.com/a.png",
            "https://cdn.discordapp.com:8443/a.png",
            "https://cdn.discordapp.com/a.png#x",
            "https://127.0.0.1/a.png",
            "https://[::1]/a.png",
            "https://api.telegram.org/file/bot123:ABC/photo.jpg",
            "https://t.me/file/bot123:ABC/photo.jpg",
        ] {
            assert_eq!(AvatarUrl::parse(odd), None, "{odd}");
        }
        let long = format!("https://cdn.discordapp.com/{}", "a".repeat(10_000));
        assert_eq!(AvatarUrl::parse(&long), None);
    }
}

use std::str::FromStr;

use serde::Serialize;
use url::Url;

use crate::display_name::is_forbidden;
use crate::{AdminActionError, Platform, Timestamp, UserId};

/// The ID of a bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct BotId(i64);

impl BotId {
    #[must_use]
    pub const fn from_i64(id: i64) -> Self {
        Self(id)
    }

    #[must_use]
    pub const fn as_i64(self) -> i64 {
        self.0
    }
}

/// How far a bot is trusted (docs/contract.md, Bots). API responses carry the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BotType {
    Official,
    Verified,
    Community,
}

impl BotType {
    #[must_use]
    pub const fn as_i64(self) -> i64 {
        match self {
            Self::Official => 1,
            Self::Verified => 2,
            Self::Community => 3,
        }
    }

    #[must_use]
    pub const fn from_i64(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Official),
            2 => Some(Self::Verified),
            3 => Some(Self::Community),
            _ => None,
        }
    }

    /// The type as a word: `official`, `verified` or `community`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Verified => "verified",
            Self::Community => "community",
        }
    }

    /// Whether the login page shows the bot as verified.
    #[must_use]
    pub const fn is_verified(self) -> bool {
        matches!(self, Self::Official | Self::Verified)
    }
}

/// The error for a text that isn't a [`BotType`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BotTypeError;

impl FromStr for BotType {
    type Err = BotTypeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Official, Self::Verified, Self::Community]
            .into_iter()
            .find(|bot_type| bot_type.as_str() == text)
            .ok_or(BotTypeError)
    }
}

/// The name of a bot: 2–32 characters, no control characters, no space at either end. Names
/// are compared case-insensitively.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotName(String);

/// The error for a text that isn't a valid [`BotName`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BotNameError;

impl BotName {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which names are compared: lower case.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl FromStr for BotName {
    type Err = BotNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim();
        // Direction marks and other invisible characters would let a bot pass for another.
        let visible = !name.chars().any(is_forbidden);
        if visible && (2..=32).contains(&name.chars().count()) {
            Ok(Self(name.to_owned()))
        } else {
            Err(BotNameError)
        }
    }
}

/// A bot's call limit per clock hour: 1–100000 (docs/contract.md, Bot keys).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallsPerHour(i64);

impl CallsPerHour {
    /// The limit of a bot registered without one.
    pub const DEFAULT: Self = Self(1000);
    pub const MAX: i64 = 100_000;

    /// `None` outside the limits.
    #[must_use]
    pub const fn new(number: i64) -> Option<Self> {
        if 1 <= number && number <= Self::MAX {
            Some(Self(number))
        } else {
            None
        }
    }

    #[must_use]
    pub const fn as_i64(self) -> i64 {
        self.0
    }
}

/// The address at which people find a bot: `https`, at most 512 characters, without a password
/// or port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteUrl(Url);

/// The error for a text that isn't a valid [`InviteUrl`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InviteUrlError;

impl InviteUrl {
    /// Hosts of the known platforms. A bot may set an address on these only, so that a stolen key
    /// can't lead people elsewhere from the login page.
    pub const HOSTS: [&'static str; 4] = ["discord.com", "discord.gg", "t.me", "telegram.me"];

    const MAX_LENGTH: usize = 512;

    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether the host is one of [`HOSTS`](Self::HOSTS).
    #[must_use]
    pub fn is_of_a_platform(&self) -> bool {
        self.0
            .host_str()
            .is_some_and(|host| Self::HOSTS.contains(&host))
    }
}

impl FromStr for InviteUrl {
    type Err = InviteUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url: Url = text.parse().map_err(|_| InviteUrlError)?;
        let plain = url.scheme() == "https"
            && url.domain().is_some_and(|host| host.contains('.'))
            && url.username().is_empty()
            && url.password().is_none()
            && url.port().is_none();
        if plain && text.len() <= Self::MAX_LENGTH && url.as_str().len() <= Self::MAX_LENGTH {
            Ok(Self(url))
        } else {
            Err(InviteUrlError)
        }
    }
}

/// A program that delivers codes to people on one platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bot {
    pub id: BotId,
    pub name: String,
    pub platform: Platform,
    /// The bot's own ID on the platform, if it is known.
    pub platform_user_id: Option<String>,
    pub owner_id: UserId,
    pub bot_type: BotType,
    pub deactivated_at: Option<Timestamp>,
    /// Calls per clock hour.
    pub rate_limit_per_hour: i64,
    pub avatar_url: Option<String>,
    pub invite_url: Option<String>,
    pub group_ids: Vec<String>,
    pub users: Option<i64>,
    pub latency_ms: Option<i64>,
    pub last_activity_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Why a bot can't be registered, changed or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeBotError {
    /// The hierarchy forbids it. The levels of both the current and the new owner count.
    AdminAction(AdminActionError),
    BotNotFound,
    /// See [`BotName`].
    Name,
    NameTaken,
    UnknownPlatform,
    /// A bot can't move to another platform.
    OtherPlatform,
    /// Not 1–64 visible characters.
    PlatformUserId,
    OwnerNotFound,
    /// See [`CallsPerHour`].
    RateLimit,
    BotType,
    /// See [`InviteUrl`].
    InviteUrl,
    /// The grace period of the old key is longer than a day.
    Grace,
    /// The name typed as confirmation isn't the bot's.
    NotConfirmed,
}

/// Why a bot can't update its own profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateBotProfileError {
    /// The bot was deleted meanwhile.
    Gone,
    Name,
    NameTaken,
    /// Not an [`InviteUrl`], or not on one of [`InviteUrl::HOSTS`].
    InviteUrl,
    /// More than 500 IDs, or one that isn't 1–64 visible characters.
    GroupIds,
    /// Outside 0 to 1000000000.
    Users,
    /// Outside 0 to 600000.
    Latency,
}

/// Why a bot's call is rejected before it is processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BotCallError {
    /// The key is missing or unknown.
    UnknownKey,
    Deactivated,
    /// The key is unknown, and the network has sent too many unknown keys (security A13).
    TooManyWrongKeys {
        retry_after: std::time::Duration,
    },
    /// The bot has used up its calls for this clock hour.
    LimitReached {
        retry_after: std::time::Duration,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_bots_are_what_people_can_see() {
        assert_eq!(" My bot ".parse::<BotName>().unwrap().as_str(), "My bot");
        assert_eq!("ÄB".parse::<BotName>().unwrap().key(), "äb");
        for odd in [
            "",
            "a",
            " a ",
            &"a".repeat(33),
            "a\nb",
            "bot\u{202e}tob",
            "ab\u{200b}",
        ] {
            assert_eq!(odd.parse::<BotName>(), Err(BotNameError), "{odd:?}");
        }
    }

    #[test]
    fn calls_have_their_limits() {
        for odd in [i64::MIN, -1, 0, 100_001, i64::MAX] {
            assert_eq!(CallsPerHour::new(odd), None);
        }
        assert_eq!(CallsPerHour::new(1).unwrap().as_i64(), 1);
        assert_eq!(CallsPerHour::new(100_000).unwrap().as_i64(), 100_000);
    }

    #[test]
    fn invitations_lead_to_plain_https_addresses() {
        let invite: InviteUrl = "https://discord.com/oauth2/authorize?client_id=1"
            .parse()
            .unwrap();
        assert!(invite.is_of_a_platform());
        let elsewhere: InviteUrl = "https://discord.com.evil.test/".parse().unwrap();
        assert!(!elsewhere.is_of_a_platform());
        for odd in [
            "",
            "t.me/bot",
            "//t.me/bot",
            "http://t.me/bot",
            "javascript:alert(1)",
            "https://niels:x@t.me/bot",
            "https://t.me:8443/bot",
            "https://127.0.0.1/bot",
            "https://[::1]/bot",
            "https://localhost/bot",
            &format!("https://t.me/{}", "a".repeat(512)),
        ] {
            assert_eq!(odd.parse::<InviteUrl>(), Err(InviteUrlError), "{odd}");
        }
    }

    #[test]
    fn kinds_of_bots_have_numbers_and_words() {
        for number in 1..=3 {
            let bot_type = BotType::from_i64(number).unwrap();
            assert_eq!(bot_type.as_i64(), number);
            assert_eq!(bot_type.as_str().parse(), Ok(bot_type));
        }
        assert_eq!(BotType::from_i64(4), None);
        assert_eq!("trusted".parse::<BotType>(), Err(BotTypeError));
    }
}

use serde::Serialize;

use crate::{Platform, Timestamp, UserId};

/// The number of a bot.
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

/// How much a bot is trusted (contract section 7); answers carry the number.
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

    /// Whether the login page may call it verified.
    #[must_use]
    pub const fn is_verified(self) -> bool {
        matches!(self, Self::Official | Self::Verified)
    }
}

/// A program that carries codes to people on one platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bot {
    pub id: BotId,
    pub name: String,
    pub platform: Platform,
    pub owner_id: UserId,
    pub bot_type: BotType,
    pub deactivated_at: Option<Timestamp>,
    /// Calls a clock hour.
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

/// Why a bot can't be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterBotError {
    /// Not 2–32 characters, or with control characters in it.
    Name,
    UnknownPlatform,
    OwnerNotFound,
    /// Not from 1 to 100000.
    RateLimit,
    NameTaken,
}

/// Why a bot's call is refused before anything is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BotCallError {
    /// No such key, or none at all.
    UnknownKey,
    Deactivated,
    /// The bot has used up its calls of this clock hour.
    LimitReached {
        retry_after: std::time::Duration,
    },
}

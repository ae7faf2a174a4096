use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::LoginMethod;

/// The alphabet of codes and keys: base58, which omits `0 O I l` (docs/contract.md, Login by code).
pub const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// A one-time login code in plain text: 8 base58 characters, case-sensitive.
#[derive(Clone, PartialEq, Eq)]
pub struct LoginCode(String);

/// The error for a text that can't be a [`LoginCode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginCodeError;

impl LoginCode {
    pub const LENGTH: usize = 8;

    /// How long a code is valid; requesting it again doesn't extend it.
    pub const LIFETIME: Duration = Duration::from_mins(10);

    /// The plain text, for delivery to its owner.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for LoginCode {
    type Err = LoginCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() == Self::LENGTH && text.bytes().all(|b| BASE58.contains(&b)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(LoginCodeError)
        }
    }
}

impl fmt::Debug for LoginCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginCode(…)")
    }
}

/// The purpose of a code. Kinds are never interchangeable: a lookup of one kind never returns
/// another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// Requested on the web: bound to the network and browser, delivered by a bot.
    Web,
    /// Created by a bot for a returning person: bound only to the direct message.
    Bot,
    /// Requested in a session to link a platform: valid only in that session, and never logs
    /// anyone in.
    Link,
}

impl CodeKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Bot => "bot",
            Self::Link => "link",
        }
    }

    /// How a session started with the code is recorded. A link code starts none.
    #[must_use]
    pub const fn sign_in_method(self) -> LoginMethod {
        match self {
            Self::Web | Self::Link => LoginMethod::WebCode,
            Self::Bot => LoginMethod::BotCode,
        }
    }

    /// The purpose as the API names it, for a bot to tell the person.
    #[must_use]
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Web | Self::Bot => "login",
            Self::Link => "link",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Web, Self::Bot, Self::Link]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// Why a code can't be requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestCodeError {
    /// No platform of that name is configured.
    UnknownPlatform,
    /// The network has five pending codes; the first one expires after this time.
    TooManyPending { retry_after: Duration },
}

/// Why a platform can't be linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    UnknownPlatform,
    /// The password or a second factor has to be confirmed first (docs/contract.md, Fresh login).
    NotFresh,
    /// The identity belongs to another account, or the person has one on this platform already.
    Taken,
    TooManyPending {
        retry_after: Duration,
    },
    InvalidOrExpired,
    TooManyAttempts {
        retry_after: Duration,
    },
}

/// Why a code can't be reported with its link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportCodeError {
    /// The link never existed, or its code has been deleted.
    Unknown,
}

/// Why a platform can't be unlinked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnlinkError {
    NotFresh,
    NotLinked,
    /// It is the person's last login method.
    LastWayIn,
}

/// Why a bot gets no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BotCodeError {
    UnknownPlatform,
    /// The key belongs to a bot of another platform, or the person's level is above its owner's.
    AccessDenied,
    UserNotFound,
    /// The person is banned or timed out.
    Restricted,
    /// Too many bot-code logins in a row; a web login is required first.
    WebLoginRequired,
    /// No free code was found.
    NoCode,
}

/// Why a code doesn't log a person in. The first variant covers wrong, expired, used, foreign
/// and unknown codes alike (docs/contract.md, Error messages).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyCodeError {
    InvalidOrExpired,
    UnknownPlatform,
    WebLoginRequired,
    TooManyAttempts {
        retry_after: Duration,
    },
    /// Too many wrong second factors; retry after this time.
    TooManyFactorAttempts {
        retry_after: Duration,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_eight_letters_of_base58() {
        for good in ["Vy8nFKq2", "ABCD1234", "zzzzzzzz"] {
            assert_eq!(good.parse::<LoginCode>().unwrap().reveal(), good);
        }
        for odd in [
            "",
            "Vy8nFKq",
            "Vy8nFKq22",
            "Vy8nFKq0",
            "Vy8nFKqO",
            "Vy8nFKqI",
            "Vy8nFKql",
            "Vy8nFKq ",
            "Vy8nFKé",
        ] {
            assert!(odd.parse::<LoginCode>().is_err(), "{odd}");
        }
    }

    #[test]
    fn base58_has_no_letters_that_look_alike() {
        for letter in b"0OIl" {
            assert!(!BASE58.contains(letter));
        }
        let mut letters = BASE58.to_vec();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), 58);
    }

    #[test]
    fn a_code_never_shows_in_debug_output() {
        let code: LoginCode = "Vy8nFKq2".parse().unwrap();
        assert_eq!(format!("{code:?}"), "LoginCode(…)");
    }
}

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::LoginMethod;

/// The letters of codes and keys: base58, which has no `0 O I l` (docs/contract.md, Login by code).
pub const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// A one-time code in its plain form: 8 base58 characters, upper and lower case apart.
#[derive(Clone, PartialEq, Eq)]
pub struct LoginCode(String);

/// A text that was never one of our codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginCodeError;

impl LoginCode {
    pub const LENGTH: usize = 8;

    /// How long a code works; asking again does not extend it.
    pub const LIFETIME: Duration = Duration::from_mins(10);

    /// The code in text, for the one who may have it.
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

/// What a code is for. The kinds are kept apart: nothing that asks for one is ever given
/// another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// Asked for on the web: bound to network and browser, fetched by a bot.
    Web,
    /// Made by a bot for a returning person: bound to nothing but the direct message.
    Bot,
    /// Asked for by somebody logged in, to link a platform: works in that session alone, and
    /// logs nobody in.
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

    /// How a session is begun by it. A code for linking begins none.
    #[must_use]
    pub const fn sign_in_method(self) -> LoginMethod {
        match self {
            Self::Web | Self::Link => LoginMethod::WebCode,
            Self::Bot => LoginMethod::BotCode,
        }
    }

    /// What the code does, in the word of the API: a bot tells it to the person.
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

/// Why no code is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestCodeError {
    /// No platform of that name is set up here.
    UnknownPlatform,
    /// Five codes of this network are pending; one of them ends after this time.
    TooManyPending { retry_after: Duration },
}

/// Why somebody can't link a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    UnknownPlatform,
    /// The password or a second factor has to be shown first (docs/contract.md, Fresh login).
    NotFresh,
    /// One identity a platform and person; or the identity is somebody's already.
    Taken,
    TooManyPending {
        retry_after: Duration,
    },
    InvalidOrExpired,
    TooManyAttempts {
        retry_after: Duration,
    },
}

/// Why a code is not ended by its link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportCodeError {
    /// No such link was made, or its code is long forgotten.
    Unknown,
}

/// Why a platform stays linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnlinkError {
    NotFresh,
    NotLinked,
    /// Without it the person could not log in any more.
    LastWayIn,
}

/// Why a bot is given no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BotCodeError {
    UnknownPlatform,
    /// The key belongs to a bot of another platform, or the person stands above its owner.
    AccessDenied,
    UserNotFound,
    /// The person is banned or timed out.
    Restricted,
    /// Too many logins by bot codes in a row; one by the web has to come first.
    WebLoginRequired,
    /// None could be made: one that is free was not found.
    NoCode,
}

/// Why a code logs nobody in. The first covers wrong, expired, used, foreign and unknown
/// ones alike (docs/contract.md, Error messages).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyCodeError {
    InvalidOrExpired,
    UnknownPlatform,
    WebLoginRequired,
    TooManyAttempts {
        retry_after: Duration,
    },
    /// Too many wrong second factors; the next may be shown after this time.
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

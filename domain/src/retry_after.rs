use std::time::Duration;

use crate::{
    AskRecoveryError, BotCallError, ConfirmError, FactorError, FinishLoginError, LinkError,
    PasswordLoginError, RecoverError, RegisterError, RequestCodeError, SendCodeError,
    SetEmailError, SetPasswordError, VerifyCodeError,
};

/// An error that may pass with time: some of its variants come from a limit that resets.
pub trait RetryAfter {
    /// How long the caller has to wait before the same request can succeed; `None` where
    /// waiting doesn't help.
    fn retry_after(&self) -> Option<Duration>;
}

impl RetryAfter for BotCallError {
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyWrongKeys { retry_after } | Self::LimitReached { retry_after } => {
                Some(*retry_after)
            }
            Self::UnknownKey | Self::Deactivated => None,
        }
    }
}

impl RetryAfter for PasswordLoginError {
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyUnknownNames { retry_after }
            | Self::TooManyAttempts { retry_after }
            | Self::TooManyFactorAttempts { retry_after } => Some(*retry_after),
            Self::InvalidCredentials | Self::UnknownAccount | Self::Restricted | Self::Busy => None,
        }
    }
}

impl RetryAfter for VerifyCodeError {
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyAttempts { retry_after } | Self::TooManyFactorAttempts { retry_after } => {
                Some(*retry_after)
            }
            Self::InvalidOrExpired | Self::UnknownPlatform | Self::WebLoginRequired => None,
        }
    }
}

impl RetryAfter for FinishLoginError {
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyFactorAttempts { retry_after } => Some(*retry_after),
            Self::Dead | Self::WrongFactor | Self::Restricted | Self::WebLoginRequired => None,
        }
    }
}

impl RetryAfter for ConfirmError {
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyAttempts { retry_after } | Self::TooManyFactorAttempts { retry_after } => {
                Some(*retry_after)
            }
            Self::WrongPassword | Self::NoPassword | Self::WrongFactor | Self::Busy => None,
        }
    }
}

impl RetryAfter for AskRecoveryError {
    fn retry_after(&self) -> Option<Duration> {
        let Self::TooManyRequests { retry_after } = self;
        Some(*retry_after)
    }
}

impl RetryAfter for RecoverError {
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyFactorAttempts { retry_after } => Some(*retry_after),
            Self::Dead | Self::Password(_) | Self::Busy => None,
        }
    }
}

impl RetryAfter for RequestCodeError {
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyPending { retry_after } => Some(*retry_after),
            Self::UnknownPlatform => None,
        }
    }
}

impl RetryAfter for LinkError {
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyPending { retry_after } | Self::TooManyAttempts { retry_after } => {
                Some(*retry_after)
            }
            Self::UnknownPlatform | Self::NotFresh | Self::Taken | Self::InvalidOrExpired => None,
        }
    }
}

impl RetryAfter for RegisterError {
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooMany { retry_after } => Some(*retry_after),
            Self::SignUpOff
            | Self::Username(_)
            | Self::Email(_)
            | Self::Display(_)
            | Self::Password(_)
            | Self::Busy => None,
        }
    }
}

impl RetryAfter for SetPasswordError {
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyAttempts { retry_after } | Self::TooManyFactorAttempts { retry_after } => {
                Some(*retry_after)
            }
            Self::NotFresh
            | Self::WrongPassword
            | Self::FactorMissing
            | Self::WrongFactor
            | Self::Password(_)
            | Self::Busy => None,
        }
    }
}

impl RetryAfter for FactorError {
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyFactorAttempts { retry_after } => Some(*retry_after),
            Self::NotFresh
            | Self::AlreadyOn
            | Self::NotOn
            | Self::PasswordTooShort
            | Self::Disabled
            | Self::NoEmail
            | Self::FactorMissing
            | Self::WrongFactor => None,
        }
    }
}

impl RetryAfter for SendCodeError {
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooMany { retry_after } => Some(*retry_after),
            Self::Disabled | Self::Dead | Self::NotOn => None,
        }
    }
}

impl RetryAfter for SetEmailError {
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyFactorAttempts { retry_after } | Self::TooManyLetters { retry_after } => {
                Some(*retry_after)
            }
            Self::NotFresh | Self::AlreadyVerified | Self::FactorMissing | Self::WrongFactor => {
                None
            }
        }
    }
}

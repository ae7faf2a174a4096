//! Messages for the errors of the security page.

use domain::{EndSessionError, FactorError, SetEmailError, SetPasswordError};

use super::Message;

impl From<SetPasswordError> for Message {
    fn from(error: SetPasswordError) -> Self {
        match error {
            // The page redirects to `/confirm` instead, and shows what is wrong with a new password
            // at its field.
            SetPasswordError::NotFresh
            | SetPasswordError::Password(_)
            | SetPasswordError::WrongPassword => Self::WrongPassword,
            SetPasswordError::FactorMissing | SetPasswordError::WrongFactor => Self::WrongFactor,
            SetPasswordError::TooManyAttempts { .. } => Self::TooManyOwnPasswordAttempts,
            SetPasswordError::TooManyFactorAttempts { .. } => Self::TooManyFactorAttempts,
            SetPasswordError::Busy => Self::Busy,
        }
    }
}

impl From<FactorError> for Message {
    fn from(error: FactorError) -> Self {
        match error {
            // The pages redirect to `/confirm` instead.
            FactorError::NotFresh => Self::NoPassword,
            FactorError::AlreadyOn => Self::FactorAlreadyOn,
            FactorError::NotOn => Self::FactorNotOn,
            FactorError::PasswordTooShort => Self::PasswordTooShort,
            FactorError::Disabled => Self::EmailCodesDisabled,
            FactorError::NoEmail => Self::NoVerifiedEmail,
            FactorError::FactorMissing => Self::FactorNeeded,
            FactorError::WrongFactor => Self::WrongFactor,
            FactorError::TooManyFactorAttempts { .. } => Self::TooManyFactorAttempts,
        }
    }
}

impl From<SetEmailError> for Message {
    fn from(error: SetEmailError) -> Self {
        match error {
            // The page redirects to `/confirm` instead.
            SetEmailError::NotFresh => Self::NoPassword,
            SetEmailError::AlreadyVerified => Self::EmailAlreadyVerified,
            SetEmailError::FactorMissing => Self::FactorNeeded,
            SetEmailError::WrongFactor => Self::WrongFactor,
            SetEmailError::TooManyFactorAttempts { .. } => Self::TooManyFactorAttempts,
            SetEmailError::TooManyLetters { .. } => Self::TooManyEmails,
        }
    }
}

impl From<EndSessionError> for Message {
    fn from(error: EndSessionError) -> Self {
        match error {
            // The page redirects to `/login` instead.
            EndSessionError::SignedOut | EndSessionError::NotFound => Self::SessionNotFound,
            EndSessionError::Current => Self::CurrentSession,
        }
    }
}

//! Messages for the errors of login and password reset.

use domain::{
    AskRecoveryError, FinishLoginError, PasswordLoginError, RecoverError, RequestCodeError,
    SendCodeError, VerifyCodeError,
};

use super::Message;

impl From<PasswordLoginError> for Message {
    fn from(error: PasswordLoginError) -> Self {
        match error {
            // The login page never reveals that a username is unknown.
            PasswordLoginError::InvalidCredentials
            | PasswordLoginError::UnknownAccount
            | PasswordLoginError::TooManyUnknownNames { .. } => Self::InvalidCredentials,
            PasswordLoginError::Restricted => Self::Restricted,
            PasswordLoginError::TooManyAttempts { .. } => Self::TooManyPasswordAttempts,
            PasswordLoginError::TooManyFactorAttempts { .. } => Self::TooManyFactorAttempts,
            PasswordLoginError::Busy => Self::Busy,
        }
    }
}

impl From<FinishLoginError> for Message {
    fn from(error: FinishLoginError) -> Self {
        match error {
            FinishLoginError::Dead => Self::ChallengeExpired,
            FinishLoginError::WrongFactor => Self::WrongFactor,
            FinishLoginError::TooManyFactorAttempts { .. } => Self::TooManyFactorAttempts,
            FinishLoginError::Restricted => Self::Restricted,
            FinishLoginError::WebLoginRequired => Self::WebLoginRequired,
        }
    }
}

impl From<SendCodeError> for Message {
    fn from(error: SendCodeError) -> Self {
        match error {
            SendCodeError::Disabled => Self::EmailCodesDisabled,
            SendCodeError::Dead => Self::ChallengeExpired,
            SendCodeError::NotOn => Self::FactorNotOn,
            SendCodeError::TooMany { .. } => Self::TooManyEmailCodes,
        }
    }
}

impl From<RequestCodeError> for Message {
    fn from(error: RequestCodeError) -> Self {
        match error {
            RequestCodeError::UnknownPlatform => Self::InputMissing,
            RequestCodeError::TooManyPending { .. } => Self::TooManyPendingCodes,
        }
    }
}

impl From<VerifyCodeError> for Message {
    fn from(error: VerifyCodeError) -> Self {
        match error {
            // Pages send no identity, so its platform can't be unknown.
            VerifyCodeError::InvalidOrExpired | VerifyCodeError::UnknownPlatform => Self::WrongCode,
            VerifyCodeError::WebLoginRequired => Self::WebLoginRequired,
            VerifyCodeError::TooManyAttempts { .. } => Self::TooManyCodeAttempts,
            VerifyCodeError::TooManyFactorAttempts { .. } => Self::TooManyFactorAttempts,
        }
    }
}

impl From<AskRecoveryError> for Message {
    fn from(error: AskRecoveryError) -> Self {
        match error {
            AskRecoveryError::TooManyRequests { .. } => Self::TooManyResetRequests,
        }
    }
}

impl From<RecoverError> for Message {
    fn from(error: RecoverError) -> Self {
        match error {
            // The page checks the link itself, and shows what is wrong with a new password at its
            // field.
            RecoverError::Dead | RecoverError::Password(_) => Self::LinkExpired,
            RecoverError::TooManyFactorAttempts { .. } => Self::TooManyFactorAttempts,
            RecoverError::Busy => Self::Busy,
        }
    }
}

//! Messages for the errors of a person's own account.

use domain::{ConfirmEmailError, ConfirmError, DeleteAccountError, LinkError, UnlinkError};

use super::Message;

impl From<ConfirmError> for Message {
    fn from(error: ConfirmError) -> Self {
        match error {
            ConfirmError::WrongPassword => Self::WrongPassword,
            ConfirmError::NoPassword => Self::NoPassword,
            ConfirmError::WrongFactor => Self::WrongFactor,
            ConfirmError::TooManyAttempts { .. } => Self::TooManyOwnPasswordAttempts,
            ConfirmError::TooManyFactorAttempts { .. } => Self::TooManyFactorAttempts,
            ConfirmError::Busy => Self::Busy,
        }
    }
}

impl From<LinkError> for Message {
    fn from(error: LinkError) -> Self {
        match error {
            // The pages redirect to `/confirm` instead.
            LinkError::NotFresh => Self::NoPassword,
            LinkError::UnknownPlatform => Self::InvalidPlatformUserId,
            LinkError::Taken => Self::PlatformTaken,
            LinkError::TooManyPending { .. } => Self::TooManyPendingCodes,
            LinkError::InvalidOrExpired => Self::WrongCode,
            LinkError::TooManyAttempts { .. } => Self::TooManyCodeAttempts,
        }
    }
}

impl From<UnlinkError> for Message {
    fn from(error: UnlinkError) -> Self {
        match error {
            UnlinkError::NotFresh => Self::NoPassword,
            UnlinkError::NotLinked => Self::NotLinked,
            UnlinkError::LastWayIn => Self::LastLoginMethod,
        }
    }
}

impl From<ConfirmEmailError> for Message {
    fn from(error: ConfirmEmailError) -> Self {
        match error {
            ConfirmEmailError::Dead => Self::EmailLinkExpired,
            ConfirmEmailError::Taken => Self::EmailTaken,
        }
    }
}

impl From<DeleteAccountError> for Message {
    fn from(error: DeleteAccountError) -> Self {
        match error {
            // The page redirects to `/login` or `/confirm` instead.
            DeleteAccountError::SignedOut | DeleteAccountError::NotFresh => Self::NoPassword,
            DeleteAccountError::LastOwner => Self::LastOwner,
            DeleteAccountError::OwnsBots => Self::OwnsBots,
        }
    }
}

//! Messages for the errors of administration.

use domain::{AdminActionError, ChangeBotError};

use super::Message;

impl From<AdminActionError> for Message {
    fn from(error: AdminActionError) -> Self {
        match error {
            AdminActionError::LevelTooLow | AdminActionError::SecondFactorNeeded => {
                Self::AdminRequired
            }
            AdminActionError::UserNotFound => Self::PersonNotFound,
            AdminActionError::NotBelow => Self::TargetNotBelow,
            // The pages redirect to `/login` or `/confirm` instead.
            AdminActionError::SignedOut | AdminActionError::NotFresh => Self::Unavailable,
        }
    }
}

impl From<ChangeBotError> for Message {
    fn from(error: ChangeBotError) -> Self {
        match error {
            ChangeBotError::AdminAction(_) => Self::BotDenied,
            ChangeBotError::BotNotFound => Self::BotNotFound,
            ChangeBotError::Name => Self::BotNameInvalid,
            ChangeBotError::NameTaken => Self::BotNameTaken,
            ChangeBotError::OwnerNotFound => Self::BotOwnerNotFound,
            ChangeBotError::RateLimit => Self::BotRateInvalid,
            ChangeBotError::UnknownPlatform | ChangeBotError::OtherPlatform => {
                Self::BotPlatformInvalid
            }
            ChangeBotError::InviteUrl => Self::BotInviteInvalid,
            ChangeBotError::NotConfirmed => Self::BotNotConfirmed,
            // The pages only offer valid values.
            ChangeBotError::BotType | ChangeBotError::Grace | ChangeBotError::PlatformUserId => {
                Self::Internal
            }
        }
    }
}

//! The domain of Portal: parsed types and closed error enums.
//!
//! Nothing here reads a clock, a file, a socket or a random number, so the server and the browser
//! share all of it. A value of one of these types has been validated; callers don't check it again.

mod administration;
mod audit;
mod bot;
mod client;
mod cookie;
mod display_name;
mod email;
mod forwarded;
#[cfg(any(test, feature = "claims"))]
pub mod invariants;
mod login_code;
mod password;
mod password_strength;
mod platform;
mod profile;
#[cfg(test)]
mod properties;
mod retry_after;
mod return_to;
mod safe_url;
mod second_factor;
mod session;
mod set_up;
mod timestamp;
mod user;

pub use administration::{
    AdminAction, AdminActionError, Reason, ReasonError, ResetFactorsError, RestrictError,
    SetLevelError, StateFilter,
};
pub use audit::ReadAuditError;
pub use bot::{
    Bot, BotCallError, BotId, BotName, BotNameError, BotType, BotTypeError, CallsPerHour,
    ChangeBotError, InviteUrl, InviteUrlError, UpdateBotProfileError,
};
pub use client::{Client, DeviceId, DeviceIdError, Network, UserAgent};
pub use cookie::cookie_values;
pub use display_name::{DisplayName, DisplayNameError};
pub use email::{ConfirmEmailError, EmailAddress, EmailAddressError, SetEmailError};
pub use forwarded::forwarded_client;
pub use login_code::{
    BASE58, BotCodeError, CodeKind, LinkError, LoginCode, LoginCodeError, ReportCodeError,
    RequestCodeError, UnlinkError, VerifyCodeError,
};
pub use password::{
    NewPassword, NewPasswordError, Password, PasswordError, PasswordPolicy, PasswordWeakness,
    characters,
};
pub use password_strength::{MAX_PIECE, MIN_PIECE, is_weak, score};
pub use platform::{
    AvatarUrl, Identity, Platform, PlatformError, PlatformName, PlatformNameError, PlatformUserId,
    PlatformUserIdError,
};
pub use profile::{
    Bio, BioError, DeleteAccountError, ExportError, Links, LinksError, NewDisplayError,
    NewUsernameError, NotLinkedError,
};
pub use retry_after::RetryAfter;
pub use return_to::{Origin, OriginError, ReturnTo};
pub use safe_url::SafeUrl;
pub use second_factor::{
    FactorKind, RecoveryCode, SecondFactorInput, SecondFactorInputError, SixDigits,
};
pub use session::{
    ConfirmError, EndReason, EndSessionError, FactorError, FinishLoginError, Lifetimes,
    LoginMethod, PasswordLoginError, SendCodeError, Session, SessionId, SessionScope, TokenSuffix,
    TokenSuffixError,
};
pub use set_up::{
    AskRecoveryError, RecoverError, RegisterError, SetPasswordError, SetUpError, SetUpLinkError,
};
pub use timestamp::{Timestamp, TimestampError, whole_seconds};
pub use user::{
    AccountState, Email, Identifier, PermissionLevel, User, UserId, Username, UsernameError,
};

use std::time::Duration;

use domain::{
    AdminActionError, AskRecoveryError, ChangeBotError, ConfirmEmailError, ConfirmError,
    DeleteAccountError, EndSessionError, FactorError, FinishLoginError, LinkError,
    PasswordLoginError, RecoverError, RequestCodeError, SendCodeError, SetEmailError,
    SetPasswordError, UnlinkError, VerifyCodeError,
};
use http::StatusCode;
use leptos_router::hooks::use_query_map;

use leptos::prelude::*;

use crate::components::Tone;
use crate::door::{Trouble, WAIT};
use crate::words;

/// Writes the enum and the table of its words.
macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident = $code:literal $status:ident $tone:ident $words:ident)*) => {
        /// What a page says above its form. Carried in the address as a code, so that nobody
        /// can put words of his own into our mouth.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Message {
            $($(#[$doc])* $name,)*
        }

        impl Message {
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name,)*];

            pub(crate) const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            pub(crate) fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }

            pub(crate) fn sentence(self) -> String {
                match self { $(Self::$name => words::$words(),)* }
            }

            pub(crate) const fn tone(self) -> Tone {
                match self { $(Self::$name => Tone::$tone,)* }
            }

            /// For programs that post a form without asking for a page.
            pub(crate) const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }
        }
    };
}

messages! {
    InvalidCredentials = "credentials" UNAUTHORIZED Error message_credentials
    TooManyPasswords = "passwords" TOO_MANY_REQUESTS Error message_passwords
    /// Of one's own, where one is logged in.
    TooManyOwnPasswords = "own-passwords" TOO_MANY_REQUESTS Error message_own_passwords
    Restricted = "restricted" FORBIDDEN Error message_restricted
    Busy = "busy" SERVICE_UNAVAILABLE Error message_busy
    Unavailable = "unavailable" SERVICE_UNAVAILABLE Error message_unavailable
    Internal = "internal" INTERNAL_SERVER_ERROR Error message_internal
    CookiesLost = "cookies" UNAUTHORIZED Error message_cookies
    SessionLost = "session-lost" OK Info message_session_lost
    SignedOut = "signed-out" OK Info message_signed_out
    StillSignedIn = "still-signed-in" SERVICE_UNAVAILABLE Error message_still_signed_in
    WrongCode = "code" UNAUTHORIZED Error message_code
    WebLoginRequired = "web" FORBIDDEN Error message_web
    TooManyAttempts = "guesses" TOO_MANY_REQUESTS Error message_guesses
    TooManyPending = "pending" TOO_MANY_REQUESTS Error message_pending
    NothingTyped = "nothing" BAD_REQUEST Error message_nothing
    RanOut = "ran-out" GONE Error message_ran_out
    WrongPassword = "password" FORBIDDEN Error message_password
    NoPassword = "no-password" FORBIDDEN Error message_no_password
    NotAnId = "id" BAD_REQUEST Error message_id
    PlatformTaken = "taken" CONFLICT Error message_taken
    PlatformLinked = "linked" OK Success message_linked
    PlatformUnlinked = "unlinked" OK Success message_unlinked
    NotLinked = "not-linked" NOT_FOUND Error message_not_linked
    LastWayIn = "last" CONFLICT Error message_last
    StepDead = "step" GONE Error message_step
    WrongFactor = "factor" UNAUTHORIZED Error message_factor
    TooManyFactorAttempts = "tries" TOO_MANY_REQUESTS Error message_tries
    FactorAdded = "factor-on" OK Success message_factor_on
    FactorRemoved = "factor-off" OK Success message_factor_off
    CodesRenewed = "codes-new" OK Success message_codes_new
    PasswordSet = "password-set" OK Success message_password_set
    ProfileSaved = "profile" OK Success message_profile
    ProfileRefused = "profile-refused" BAD_REQUEST Error message_profile_refused
    AccountDeleted = "deleted" OK Success message_deleted
    LastOwner = "last-owner" CONFLICT Error message_last_owner
    OwnsBots = "owns-bots" CONFLICT Error message_owns_bots
    SessionEnded = "session-ended" OK Success message_session_ended
    OthersEnded = "others-ended" OK Success message_others_ended
    NoSuchSession = "no-session" NOT_FOUND Error message_no_session
    OwnSession = "own-session" BAD_REQUEST Error message_own_session
    FactorIsOn = "factor-is-on" CONFLICT Error message_factor_is_on
    RecoverySent = "recovery-sent" OK Success message_recovery_sent
    TooManyRecoveries = "recoveries" TOO_MANY_REQUESTS Error message_recoveries
    FactorNeeded = "factor-needed" PRECONDITION_REQUIRED Error message_factor_needed
    PasswordRecovered = "recovered" OK Success message_recovered
    PasswordTooShort = "password-short" CONFLICT Error message_password_short
    NoFactor = "no-factor" NOT_FOUND Error message_no_factor
    Registered = "registered" OK Success message_registered
    WrongMailedCode = "mailed" UNAUTHORIZED Error message_mailed
    CodeSent = "sent" OK Success message_sent
    CodesUsedUp = "sent-often" TOO_MANY_REQUESTS Error message_sent_often
    EmailFactorAdded = "mail-on" OK Success message_mail_on
    EmailFactorRemoved = "mail-off" OK Success message_mail_off
    EmailFactorOff = "mail-none" FORBIDDEN Error message_mail_none
    NoEmailYet = "no-email" CONFLICT Error message_no_email
    EmailAsked = "email-asked" OK Success message_email_asked
    EmailConfirmed = "email-on" OK Success message_email_on
    EmailTaken = "email-taken" CONFLICT Error message_email_taken
    EmailLinkDead = "email-dead" GONE Error message_email_dead
    EmailAlreadyYours = "email-yours" CONFLICT Info message_email_yours
    TooManyLetters = "letters" TOO_MANY_REQUESTS Error message_letters
    BotRegistered = "bot-registered" OK Success message_bot_registered
    BotUpdated = "bot-updated" OK Success message_bot_updated
    BotKeyMade = "bot-key" OK Success message_bot_key
    BotOff = "bot-off" OK Success message_bot_off
    BotOn = "bot-on" OK Success message_bot_on
    BotDeleted = "bot-deleted" OK Success message_bot_deleted
    BotGone = "bot-gone" NOT_FOUND Error message_bot_gone
    BotDenied = "bot-denied" FORBIDDEN Error message_bot_denied
    BotName = "bot-name" BAD_REQUEST Error message_bot_name
    BotNameTaken = "bot-name-taken" CONFLICT Error message_bot_name_taken
    BotOwner = "bot-owner" BAD_REQUEST Error message_bot_owner
    BotRate = "bot-rate" BAD_REQUEST Error message_bot_rate
    BotPlatform = "bot-platform" BAD_REQUEST Error message_bot_platform
    BotInvite = "bot-invite" BAD_REQUEST Error message_bot_invite
    BotNotConfirmed = "bot-confirm" BAD_REQUEST Error message_bot_confirm
    Disowned = "disowned" OK Success message_disowned
    PersonBanned = "banned" OK Success message_banned
    PersonTimedOut = "timed-out" OK Success message_timed_out
    PersonRestored = "restored" OK Success message_restored
    LevelChanged = "level" OK Success message_level
    PersonLoggedOut = "logged-out" OK Success message_logged_out
    FactorsReset = "factors-reset" OK Success message_factors_reset
    NotBelow = "not-below" FORBIDDEN Error message_not_below
    AdminRequired = "admin" FORBIDDEN Error message_admin
    NotAssignable = "assign" FORBIDDEN Error message_assign
    LastOwnerThere = "last-owner-there" CONFLICT Error message_last_owner_there
    IsBanned = "is-banned" CONFLICT Error message_is_banned
    NoReason = "reason" BAD_REQUEST Error message_reason
    NoFactorThere = "no-factor-there" NOT_FOUND Error message_no_factor_there
    NobodyThere = "nobody" NOT_FOUND Error message_nobody
    DeadLink = "dead" UNAUTHORIZED Error message_dead
}

/// Nothing is refused for longer.
const QUEUE_TIMEOUT: Duration = Duration::from_hours(24);

impl Message {
    /// What the address of this page says, if it is one of those that the page has to say:
    /// nobody can make it speak of what did not happen there.
    pub(crate) fn read(own: &[Self]) -> Option<Self> {
        let code = use_query_map().read_untracked().get("message")?;
        let message = Self::from_code(&code)?;
        let common = [Self::Unavailable, Self::Internal, Self::Busy];
        (common.contains(&message) || own.contains(&message)).then_some(message)
    }

    /// The sentence, and after a limit how long to wait.
    pub(crate) fn with_wait(self) -> String {
        if self.status() == StatusCode::TOO_MANY_REQUESTS {
            with_wait(self.sentence())
        } else {
            self.sentence()
        }
    }

    /// The title of a page that has this to say.
    pub(crate) fn title(message: Option<Self>, title: String) -> String {
        if message.is_some_and(Self::is_error) {
            words::title_with_error(title)
        } else {
            title
        }
    }

    /// The same, of a code that came by mail and not from an app.
    pub(crate) const fn of_mail(self) -> Self {
        match self {
            Self::WrongFactor => Self::WrongMailedCode,
            other => other,
        }
    }

    pub(crate) fn is_error(self) -> bool {
        self.tone() == Tone::Error
    }
}

/// What was refused by a limit, with how long to wait, as the address of this page has it.
pub(crate) fn with_wait(sentence: String) -> String {
    let wait = use_query_map().read_untracked().get(WAIT);
    let wait = wait.and_then(|seconds| seconds.parse().ok());
    let wait = wait.map(Duration::from_secs);
    match wait.filter(|wait| *wait <= QUEUE_TIMEOUT) {
        Some(wait) => words::message_wait(sentence, words::span(wait)),
        None => words::message_wait_unknown(sentence),
    }
}

impl From<AdminActionError> for Message {
    fn from(error: AdminActionError) -> Self {
        match error {
            AdminActionError::LevelTooLow | AdminActionError::SecondFactorNeeded => {
                Self::AdminRequired
            }
            AdminActionError::UserNotFound => Self::NobodyThere,
            AdminActionError::NotBelow => Self::NotBelow,
            // The pages send the browser to where that is mended.
            AdminActionError::SignedOut | AdminActionError::NotFresh => Self::Unavailable,
        }
    }
}

impl From<Trouble> for Message {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unavailable => Self::Unavailable,
            Trouble::Internal => Self::Internal,
        }
    }
}

impl From<PasswordLoginError> for Message {
    fn from(error: PasswordLoginError) -> Self {
        match error {
            // A page is never told that a name is unknown.
            PasswordLoginError::InvalidCredentials
            | PasswordLoginError::UnknownAccount
            | PasswordLoginError::TooManyUnknownNames { .. } => Self::InvalidCredentials,
            PasswordLoginError::Restricted => Self::Restricted,
            PasswordLoginError::TooManyAttempts { .. } => Self::TooManyPasswords,
            PasswordLoginError::TooManyFactorAttempts { .. } => Self::TooManyFactorAttempts,
            PasswordLoginError::Busy => Self::Busy,
        }
    }
}

impl From<VerifyCodeError> for Message {
    fn from(error: VerifyCodeError) -> Self {
        match error {
            // A page never names a platform, so that can't be wrong.
            VerifyCodeError::InvalidOrExpired | VerifyCodeError::UnknownPlatform => Self::WrongCode,
            VerifyCodeError::WebLoginRequired => Self::WebLoginRequired,
            VerifyCodeError::TooManyAttempts { .. } => Self::TooManyAttempts,
            VerifyCodeError::TooManyFactorAttempts { .. } => Self::TooManyFactorAttempts,
        }
    }
}

impl From<RequestCodeError> for Message {
    fn from(error: RequestCodeError) -> Self {
        match error {
            RequestCodeError::UnknownPlatform => Self::NothingTyped,
            RequestCodeError::TooManyPending { .. } => Self::TooManyPending,
        }
    }
}

impl From<ConfirmError> for Message {
    fn from(error: ConfirmError) -> Self {
        match error {
            ConfirmError::WrongPassword => Self::WrongPassword,
            ConfirmError::NoPassword => Self::NoPassword,
            ConfirmError::WrongFactor => Self::WrongFactor,
            ConfirmError::TooManyAttempts { .. } => Self::TooManyOwnPasswords,
            ConfirmError::TooManyFactorAttempts { .. } => Self::TooManyFactorAttempts,
            ConfirmError::Busy => Self::Busy,
        }
    }
}

impl From<LinkError> for Message {
    fn from(error: LinkError) -> Self {
        match error {
            // The pages send whoever is not fresh to `/confirm` instead.
            LinkError::NotFresh => Self::NoPassword,
            LinkError::UnknownPlatform => Self::NotAnId,
            LinkError::Taken => Self::PlatformTaken,
            LinkError::TooManyPending { .. } => Self::TooManyPending,
            LinkError::InvalidOrExpired => Self::WrongCode,
            LinkError::TooManyAttempts { .. } => Self::TooManyAttempts,
        }
    }
}

impl From<FinishLoginError> for Message {
    fn from(error: FinishLoginError) -> Self {
        match error {
            FinishLoginError::Dead => Self::StepDead,
            FinishLoginError::WrongFactor => Self::WrongFactor,
            FinishLoginError::TooManyFactorAttempts { .. } => Self::TooManyFactorAttempts,
            FinishLoginError::Restricted => Self::Restricted,
            FinishLoginError::WebLoginRequired => Self::WebLoginRequired,
        }
    }
}

impl From<FactorError> for Message {
    fn from(error: FactorError) -> Self {
        match error {
            // The pages send whoever is not fresh to `/confirm` instead.
            FactorError::NotFresh => Self::NoPassword,
            FactorError::AlreadyOn => Self::FactorIsOn,
            FactorError::NotOn => Self::NoFactor,
            FactorError::PasswordTooShort => Self::PasswordTooShort,
            FactorError::Disabled => Self::EmailFactorOff,
            FactorError::NoEmail => Self::NoEmailYet,
            FactorError::FactorMissing => Self::FactorNeeded,
            FactorError::WrongFactor => Self::WrongFactor,
            FactorError::TooManyFactorAttempts { .. } => Self::TooManyFactorAttempts,
        }
    }
}

impl From<SetEmailError> for Message {
    fn from(error: SetEmailError) -> Self {
        match error {
            // The page sends whoever is not fresh to `/confirm` instead.
            SetEmailError::NotFresh => Self::NoPassword,
            SetEmailError::AlreadyVerified => Self::EmailAlreadyYours,
            SetEmailError::FactorMissing => Self::FactorNeeded,
            SetEmailError::WrongFactor => Self::WrongFactor,
            SetEmailError::TooManyFactorAttempts { .. } => Self::TooManyFactorAttempts,
            SetEmailError::TooManyLetters { .. } => Self::TooManyLetters,
        }
    }
}

impl From<SendCodeError> for Message {
    fn from(error: SendCodeError) -> Self {
        match error {
            SendCodeError::Disabled => Self::EmailFactorOff,
            SendCodeError::Dead => Self::StepDead,
            SendCodeError::NotOn => Self::NoFactor,
            SendCodeError::TooMany { .. } => Self::CodesUsedUp,
        }
    }
}

impl From<ConfirmEmailError> for Message {
    fn from(error: ConfirmEmailError) -> Self {
        match error {
            ConfirmEmailError::Dead => Self::EmailLinkDead,
            ConfirmEmailError::Taken => Self::EmailTaken,
        }
    }
}

impl From<SetPasswordError> for Message {
    fn from(error: SetPasswordError) -> Self {
        match error {
            // The page sends whoever is not fresh to `/confirm`, and says what is wrong with
            // a new password at its field.
            SetPasswordError::NotFresh
            | SetPasswordError::Password(_)
            | SetPasswordError::WrongPassword => Self::WrongPassword,
            SetPasswordError::FactorMissing | SetPasswordError::WrongFactor => Self::WrongFactor,
            SetPasswordError::TooManyAttempts { .. } => Self::TooManyOwnPasswords,
            SetPasswordError::TooManyFactorAttempts { .. } => Self::TooManyFactorAttempts,
            SetPasswordError::Busy => Self::Busy,
        }
    }
}

impl From<DeleteAccountError> for Message {
    fn from(error: DeleteAccountError) -> Self {
        match error {
            // The page sends whoever is logged out or not fresh elsewhere.
            DeleteAccountError::SignedOut | DeleteAccountError::NotFresh => Self::NoPassword,
            DeleteAccountError::LastOwner => Self::LastOwner,
            DeleteAccountError::OwnsBots => Self::OwnsBots,
        }
    }
}

impl From<EndSessionError> for Message {
    fn from(error: EndSessionError) -> Self {
        match error {
            // The page sends whoever is logged out to the login instead.
            EndSessionError::SignedOut | EndSessionError::NotFound => Self::NoSuchSession,
            EndSessionError::Current => Self::OwnSession,
        }
    }
}

impl From<AskRecoveryError> for Message {
    fn from(error: AskRecoveryError) -> Self {
        match error {
            AskRecoveryError::TooManyRequests { .. } => Self::TooManyRecoveries,
        }
    }
}

impl From<RecoverError> for Message {
    fn from(error: RecoverError) -> Self {
        match error {
            // The page finds out by itself that the link is dead, and says what is wrong with
            // a new password at its field.
            RecoverError::Dead | RecoverError::Password(_) => Self::DeadLink,
            RecoverError::TooManyFactorAttempts { .. } => Self::TooManyFactorAttempts,
            RecoverError::Busy => Self::Busy,
        }
    }
}

impl From<ChangeBotError> for Message {
    fn from(error: ChangeBotError) -> Self {
        match error {
            ChangeBotError::AdminAction(_) => Self::BotDenied,
            ChangeBotError::BotNotFound => Self::BotGone,
            ChangeBotError::Name => Self::BotName,
            ChangeBotError::NameTaken => Self::BotNameTaken,
            ChangeBotError::OwnerNotFound => Self::BotOwner,
            ChangeBotError::RateLimit => Self::BotRate,
            ChangeBotError::UnknownPlatform | ChangeBotError::OtherPlatform => Self::BotPlatform,
            ChangeBotError::InviteUrl => Self::BotInvite,
            ChangeBotError::NotConfirmed => Self::BotNotConfirmed,
            // The pages offer only what there is.
            ChangeBotError::BotType | ChangeBotError::Grace | ChangeBotError::PlatformUserId => {
                Self::Internal
            }
        }
    }
}

impl From<UnlinkError> for Message {
    fn from(error: UnlinkError) -> Self {
        match error {
            UnlinkError::NotFresh => Self::NoPassword,
            UnlinkError::NotLinked => Self::NotLinked,
            UnlinkError::LastWayIn => Self::LastWayIn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_codes_round_trip_and_forged_ones_say_nothing() {
        for message in Message::ALL {
            assert_eq!(Message::from_code(message.code()), Some(*message));
        }
        for forged in [
            "",
            "Your account is locked, write to evil@example.org",
            "<b>",
        ] {
            assert_eq!(Message::from_code(forged), None);
        }
    }
}

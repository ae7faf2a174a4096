//! The messages that a page shows above its form.
//!
//! A form redirects back to its page with the code of a message in the query. The codes are a closed
//! set, so a crafted link can't put text of its own on a page.

mod account;
mod admin;
mod login;
mod security;

use std::time::Duration;

use backend::Problem;
use domain::{RetryAfter, whole_seconds};
use http::StatusCode;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::i18n;
use crate::page_error::{PageError, error_or_failure};

/// The kind of a message: it decides on colour, icon and ARIA role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Info,
    Success,
    Error,
}

/// Declares [`Message`] and the columns of its table: code, HTTP status, tone and translated sentence.
macro_rules! messages {
    ($($name:ident = $code:literal $status:ident $tone:ident $sentence:ident)*) => {
        /// A message above the form of a page, carried in the query as a code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Message {
            $($name,)*
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
                match self { $(Self::$name => i18n::$sentence(),)* }
            }

            pub(crate) const fn tone(self) -> Tone {
                match self { $(Self::$name => Tone::$tone,)* }
            }

            /// The status for programs that post a form without accepting HTML.
            pub(crate) const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }
        }
    };
}

messages! {
    // Everywhere.
    Busy = "busy" SERVICE_UNAVAILABLE Error message_busy
    Unavailable = "unavailable" SERVICE_UNAVAILABLE Error message_unavailable
    Internal = "internal" INTERNAL_SERVER_ERROR Error message_internal

    // Login and password reset.
    InvalidCredentials = "credentials" UNAUTHORIZED Error message_credentials
    TooManyPasswordAttempts = "passwords" TOO_MANY_REQUESTS Error message_passwords
    Restricted = "restricted" FORBIDDEN Error message_restricted
    CookiesMissing = "cookies" UNAUTHORIZED Error message_cookies
    SessionExpired = "session-lost" OK Info message_session_lost
    LoggedOut = "signed-out" OK Info message_signed_out
    LogoutFailed = "still-signed-in" SERVICE_UNAVAILABLE Error message_still_signed_in
    WrongCode = "code" UNAUTHORIZED Error message_code
    WebLoginRequired = "web" FORBIDDEN Error message_web
    TooManyCodeAttempts = "guesses" TOO_MANY_REQUESTS Error message_guesses
    TooManyPendingCodes = "pending" TOO_MANY_REQUESTS Error message_pending
    InputMissing = "nothing" BAD_REQUEST Error message_nothing
    CodeExpired = "ran-out" GONE Error message_ran_out
    ChallengeExpired = "step" GONE Error message_step
    WrongFactor = "factor" UNAUTHORIZED Error message_factor
    WrongEmailCode = "mailed" UNAUTHORIZED Error message_mailed
    TooManyFactorAttempts = "tries" TOO_MANY_REQUESTS Error message_tries
    CodeSent = "sent" OK Success message_sent
    TooManyEmailCodes = "sent-often" TOO_MANY_REQUESTS Error message_sent_often
    EmailCodesDisabled = "mail-none" FORBIDDEN Error message_mail_none
    ResetLinkSent = "recovery-sent" OK Success message_recovery_sent
    TooManyResetRequests = "recoveries" TOO_MANY_REQUESTS Error message_recoveries
    PasswordReset = "recovered" OK Success message_recovered
    LoginReported = "disowned" OK Success message_disowned
    LinkExpired = "dead" UNAUTHORIZED Error message_dead

    // A person's own account.
    Registered = "registered" OK Success message_registered
    ProfileSaved = "profile" OK Success message_profile
    ProfileRefused = "profile-refused" BAD_REQUEST Error message_profile_refused
    WrongPassword = "password" FORBIDDEN Error message_password
    NoPassword = "no-password" FORBIDDEN Error message_no_password
    TooManyOwnPasswordAttempts = "own-passwords" TOO_MANY_REQUESTS Error message_own_passwords
    InvalidPlatformUserId = "id" BAD_REQUEST Error message_id
    PlatformTaken = "taken" CONFLICT Error message_taken
    PlatformLinked = "linked" OK Success message_linked
    PlatformUnlinked = "unlinked" OK Success message_unlinked
    NotLinked = "not-linked" NOT_FOUND Error message_not_linked
    LastLoginMethod = "last" CONFLICT Error message_last
    EmailConfirmed = "email-on" OK Success message_email_on
    EmailTaken = "email-taken" CONFLICT Error message_email_taken
    EmailLinkExpired = "email-dead" GONE Error message_email_dead
    AccountDeleted = "deleted" OK Success message_deleted
    LastOwner = "last-owner" CONFLICT Error message_last_owner
    OwnsBots = "owns-bots" CONFLICT Error message_owns_bots

    // Security.
    PasswordSet = "password-set" OK Success message_password_set
    PasswordTooShort = "password-short" CONFLICT Error message_password_short
    FactorAdded = "factor-on" OK Success message_factor_on
    FactorRemoved = "factor-off" OK Success message_factor_off
    FactorAlreadyOn = "factor-is-on" CONFLICT Error message_factor_is_on
    FactorNotOn = "no-factor" NOT_FOUND Error message_no_factor
    FactorNeeded = "factor-needed" PRECONDITION_REQUIRED Error message_factor_needed
    RecoveryCodesRenewed = "codes-new" OK Success message_codes_new
    EmailFactorAdded = "mail-on" OK Success message_mail_on
    EmailFactorRemoved = "mail-off" OK Success message_mail_off
    NoVerifiedEmail = "no-email" CONFLICT Error message_no_email
    EmailLinkSent = "email-asked" OK Success message_email_asked
    EmailAlreadyVerified = "email-yours" CONFLICT Info message_email_yours
    TooManyEmails = "letters" TOO_MANY_REQUESTS Error message_letters
    SessionEnded = "session-ended" OK Success message_session_ended
    OtherSessionsEnded = "others-ended" OK Success message_others_ended
    SessionNotFound = "no-session" NOT_FOUND Error message_no_session
    CurrentSession = "own-session" BAD_REQUEST Error message_own_session

    // Administration of people.
    PersonBanned = "banned" OK Success message_banned
    PersonTimedOut = "timed-out" OK Success message_timed_out
    PersonRestored = "restored" OK Success message_restored
    LevelChanged = "level" OK Success message_level
    PersonLoggedOut = "logged-out" OK Success message_logged_out
    FactorsReset = "factors-reset" OK Success message_factors_reset
    TargetNotBelow = "not-below" FORBIDDEN Error message_not_below
    AdminRequired = "admin" FORBIDDEN Error message_admin
    RoleNotAssignable = "assign" FORBIDDEN Error message_assign
    TargetIsLastOwner = "last-owner-there" CONFLICT Error message_last_owner_there
    TargetIsBanned = "is-banned" CONFLICT Error message_is_banned
    ReasonMissing = "reason" BAD_REQUEST Error message_reason
    TargetHasNoFactor = "no-factor-there" NOT_FOUND Error message_no_factor_there
    PersonNotFound = "nobody" NOT_FOUND Error message_nobody

    // Administration of bots.
    BotRegistered = "bot-registered" OK Success message_bot_registered
    BotUpdated = "bot-updated" OK Success message_bot_updated
    BotKeyCreated = "bot-key" OK Success message_bot_key
    BotDeactivated = "bot-off" OK Success message_bot_off
    BotActivated = "bot-on" OK Success message_bot_on
    BotDeleted = "bot-deleted" OK Success message_bot_deleted
    BotNotFound = "bot-gone" NOT_FOUND Error message_bot_gone
    BotDenied = "bot-denied" FORBIDDEN Error message_bot_denied
    BotNameInvalid = "bot-name" BAD_REQUEST Error message_bot_name
    BotNameTaken = "bot-name-taken" CONFLICT Error message_bot_name_taken
    BotOwnerNotFound = "bot-owner" BAD_REQUEST Error message_bot_owner
    BotRateInvalid = "bot-rate" BAD_REQUEST Error message_bot_rate
    BotPlatformInvalid = "bot-platform" BAD_REQUEST Error message_bot_platform
    BotInviteInvalid = "bot-invite" BAD_REQUEST Error message_bot_invite
    BotNotConfirmed = "bot-confirm" BAD_REQUEST Error message_bot_confirm
}

/// The query parameter with the seconds to wait.
pub(crate) const WAIT_PARAM: &str = "wait";

/// No limit lasts longer; a larger number in the query is ignored.
const MAX_WAIT: Duration = Duration::from_hours(24);

impl Message {
    /// The message in the query of this page, if the page allows it: a crafted link can't make a page
    /// report something that never happens there.
    pub(crate) fn read(allowed: &[Self]) -> Option<Self> {
        let code = use_query_map().read_untracked().get("message")?;
        let message = Self::from_code(&code)?;
        let common = [Self::Unavailable, Self::Internal, Self::Busy];
        (common.contains(&message) || allowed.contains(&message)).then_some(message)
    }

    /// The message for an error or a failure of a use case. Logs the failure.
    pub(crate) fn from_problem<R>(problem: Problem<R>) -> Self
    where
        Self: From<R>,
    {
        error_or_failure(problem.map(Self::from), <Self as From<PageError>>::from)
    }

    /// The same with the time to wait after a limit.
    pub(crate) fn with_retry_after<R: RetryAfter>(problem: Problem<R>) -> (Self, Option<Duration>)
    where
        Self: From<R>,
    {
        let retry_after = retry_after(&problem);
        let message = Self::from_problem(problem);
        // Only a message about a limit mentions a time.
        (message, retry_after.filter(|_| message.is_limit()))
    }

    /// The sentence, followed by the time to wait after a limit.
    pub(crate) fn sentence_with_wait(self) -> String {
        if self.is_limit() {
            with_wait(self.sentence())
        } else {
            self.sentence()
        }
    }

    /// The title of a page that shows this message.
    pub(crate) fn title(message: Option<Self>, title: String) -> String {
        if message.is_some_and(Self::is_error) {
            i18n::title_with_error(title)
        } else {
            title
        }
    }

    /// The message for a code that was sent by email instead of shown by an app.
    pub(crate) const fn for_email_code(self) -> Self {
        match self {
            Self::WrongFactor => Self::WrongEmailCode,
            other => other,
        }
    }

    pub(crate) fn is_error(self) -> bool {
        self.tone() == Tone::Error
    }

    fn is_limit(self) -> bool {
        self.status() == StatusCode::TOO_MANY_REQUESTS
    }
}

impl From<PageError> for Message {
    fn from(error: PageError) -> Self {
        match error {
            PageError::Unavailable => Self::Unavailable,
            PageError::Internal => Self::Internal,
        }
    }
}

/// When a use case may be tried again, if a limit stopped it.
pub(crate) fn retry_after<R: RetryAfter>(problem: &Problem<R>) -> Option<Duration> {
    match problem {
        Problem::Refused(error) => error.retry_after(),
        Problem::Failed(_) => None,
    }
}

/// The value of [`WAIT_PARAM`]; empty if the time isn't known.
pub(crate) fn wait_param(wait: Option<Duration>) -> String {
    wait.map(|wait| whole_seconds(wait).to_string())
        .unwrap_or_default()
}

/// A sentence about a limit, followed by the time to wait from the query of this page.
pub(crate) fn with_wait(sentence: String) -> String {
    let wait = use_query_map().read_untracked().get(WAIT_PARAM);
    let wait = wait.and_then(|seconds| seconds.parse().ok());
    let wait = wait.map(Duration::from_secs);
    match wait.filter(|wait| *wait <= MAX_WAIT) {
        Some(wait) => i18n::message_wait(sentence, i18n::duration(wait)),
        None => i18n::message_wait_unknown(sentence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_codes_round_trip_and_unknown_codes_are_ignored() {
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

use domain::{
    ActError, AskRecoveryError, ChangeBotError, ConfirmEmailError, ConfirmError,
    DeleteAccountError, EndSessionError, FactorError, LinkError, RecoverError, RequestCodeError,
    SecondStepError, SendCodeError, SetEmailError, SetPasswordError, SignInError, UnlinkError,
    VerifyCodeError,
};
use http::StatusCode;
use leptos_router::hooks::use_query_map;

use leptos::prelude::*;

use crate::components::Tone;
use crate::door::Trouble;
use crate::words;

/// Writes the enum and the table of its words.
macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident = $code:literal $status:ident $tone:ident $sentence:literal)*) => {
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

            pub(crate) const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
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
    WrongCredentials = "credentials" UNAUTHORIZED Error
        "That name and password don't match. Check both and try again."
    TooManyPasswords = "passwords" TOO_MANY_REQUESTS Error
        "Too many wrong passwords were tried. Wait a few minutes, log in by a code instead, or get a new password."
    Restricted = "restricted" FORBIDDEN Error
        "This account may not log in at the moment. Ask whoever runs this site."
    Busy = "busy" SERVICE_UNAVAILABLE Error
        "Many people are logging in right now. Try again in a few seconds."
    Unavailable = "unavailable" SERVICE_UNAVAILABLE Error
        "We can't do that right now. Try again in a minute."
    Internal = "internal" INTERNAL_SERVER_ERROR Error
        "Something went wrong on our side. Try again in a moment."
    CookiesLost = "cookies" UNAUTHORIZED Error
        "Your browser did not keep the login cookie. Allow cookies for this site; Safari keeps none on plain http://localhost, so use another browser there."
    SessionLost = "session-lost" OK Info
        "Your session has ended. Log in again, and you go on where you were."
    SignedOut = "signed-out" OK Info
        "You are logged out."
    StillSignedIn = "still-signed-in" SERVICE_UNAVAILABLE Error
        "We couldn't log you out just now. You are still logged in: try again in a moment."
    WrongCode = "code" UNAUTHORIZED Error
        "That code doesn't work. It may be mistyped, used or older than 10 minutes; a code asked for on this site works only in the browser and network that asked."
    WebLoginRequired = "web" FORBIDDEN Error
        "You have logged in by the bot's codes several times in a row. This time ask for a code here first: go back and choose your platform."
    TooManyGuesses = "guesses" TOO_MANY_REQUESTS Error
        "Too many wrong codes came from your network. Wait a while, then try again."
    TooManyPending = "pending" TOO_MANY_REQUESTS Error
        "Five codes are pending for your network. Use one of them, or wait ten minutes."
    NothingTyped = "nothing" BAD_REQUEST Error
        "Enter your id or your name first."
    RanOut = "ran-out" GONE Error
        "Your code ran out. Ask for another one."
    WrongPassword = "password" FORBIDDEN Error
        "That is not your password. Try again."
    NoPassword = "no-password" FORBIDDEN Error
        "This account has no password yet, so there is nothing to confirm with."
    NotAnId = "id" BAD_REQUEST Error
        "That can't be an id. It is the number the bot tells you."
    PlatformTaken = "taken" CONFLICT Error
        "That account belongs to somebody here already, perhaps to another account of yours. Unlink it there first."
    PlatformLinked = "linked" OK Success
        "Linked. You can log in with it from now on."
    PlatformUnlinked = "unlinked" OK Success
        "Unlinked. Codes for it no longer log you in."
    NotLinked = "not-linked" NOT_FOUND Error
        "That platform isn't linked."
    LastWayIn = "last" CONFLICT Error
        "This is the only way you can log in. Set a password or link another platform first."
    StepDead = "step" GONE Error
        "That login took too long. Start again."
    WrongFactor = "factor" UNAUTHORIZED Error
        "That code doesn't work. Each works once, for half a minute: wait for the next one."
    TooManyTries = "tries" TOO_MANY_REQUESTS Error
        "Too many wrong codes. Wait 15 minutes, or use a recovery code."
    FactorAdded = "factor-on" OK Success
        "Your authenticator app is on. All your other sessions have ended."
    FactorRemoved = "factor-off" OK Success
        "Your authenticator app is off. All your other sessions have ended."
    CodesRenewed = "codes-new" OK Success
        "The old recovery codes no longer work. All your other sessions have ended."
    PasswordSet = "password-set" OK Success
        "Your password is set. All your other sessions have ended."
    ProfileSaved = "profile" OK Success
        "Saved."
    ProfileRefused = "profile-refused" BAD_REQUEST Error
        "Not all of it could be saved. See what is wrong below; the rest is saved."
    AccountDeleted = "deleted" OK Success
        "Your account is deleted, and with it all that was stored about you."
    LastOwner = "last-owner" CONFLICT Error
        "You are the only owner here. Make somebody else an owner first."
    OwnsBots = "owns-bots" CONFLICT Error
        "Bots belong to your account. Have them deleted, or given to somebody else, first."
    SessionEnded = "session-ended" OK Success
        "That session has ended."
    OthersEnded = "others-ended" OK Success
        "All your other sessions have ended."
    NoSuchSession = "no-session" NOT_FOUND Error
        "That session has ended already."
    OwnSession = "own-session" BAD_REQUEST Error
        "That is the session you are using. To end it, log out."
    FactorIsOn = "factor-is-on" CONFLICT Error
        "That is on already. Switch it off first."
    RecoverySent = "recovery-sent" OK Success
        "If there is such an account with a confirmed address, a link is on its way to it. It works once, for 30 minutes."
    TooManyRecoveries = "recoveries" TOO_MANY_REQUESTS Error
        "Your network asked for many links. Wait a while, then try again."
    FactorNeeded = "factor-needed" PRECONDITION_REQUIRED Error
        "Enter a code of your second step, or a recovery code."
    PasswordRecovered = "recovered" OK Success
        "Your new password is set. Log in with it."
    PasswordTooShort = "password-short" CONFLICT Error
        "Your password is too short to stand alone. Set a longer one first, then switch the app off."
    NoFactor = "no-factor" NOT_FOUND Error
        "The set-up took too long, or nothing is on. Start again."
    Registered = "registered" OK Success
        "Welcome. We wrote to your e-mail address: open the link in the letter to make it yours."
    WrongMailedCode = "mailed" UNAUTHORIZED Error
        "That code doesn't work. Each works once, for ten minutes, and only the latest one does."
    CodeSent = "sent" OK Success
        "A code is on its way. If it isn't there in a minute, look among the unwanted mail too."
    CodesUsedUp = "sent-often" TOO_MANY_REQUESTS Error
        "Several codes were sent already. Use the latest one, or wait ten minutes before you ask again."
    EmailFactorAdded = "mail-on" OK Success
        "Codes by e-mail are on. All your other sessions have ended."
    EmailFactorRemoved = "mail-off" OK Success
        "Codes by e-mail are off. All your other sessions have ended."
    EmailFactorOff = "mail-none" FORBIDDEN Error
        "This site sends no codes by e-mail any more. Use a recovery code."
    NoEmailYet = "no-email" CONFLICT Error
        "Confirm your e-mail address first."
    EmailAsked = "email-asked" OK Success
        "We wrote to that address. Open the link in the letter to make it yours; it works for a day."
    EmailConfirmed = "email-on" OK Success
        "Confirmed. Mail about your account goes to this address from now on."
    EmailTaken = "email-taken" CONFLICT Error
        "That address belongs to another account here. Log in there, or use another address."
    EmailLinkDead = "email-dead" GONE Error
        "This link doesn't work any more. It works once, for a day, and only the latest one does. Ask for another one on the security page of your account."
    EmailAlreadyYours = "email-yours" CONFLICT Info
        "That is your address already, and it is confirmed."
    TooManyLetters = "letters" TOO_MANY_REQUESTS Error
        "We wrote several times already. Look among the unwanted mail too, or try again in an hour."
    BotRegistered = "bot-registered" OK Success
        "Registered. Give the bot its key."
    BotUpdated = "bot-updated" OK Success
        "Saved."
    BotKeyMade = "bot-key" OK Success
        "There is a new key. Give it to the bot."
    BotOff = "bot-off" OK Success
        "The bot is off. Its keys no longer work."
    BotOn = "bot-on" OK Success
        "The bot is on. Its keys work."
    BotDeleted = "bot-deleted" OK Success
        "The bot is deleted. Its keys no longer work."
    BotGone = "bot-gone" NOT_FOUND Error
        "There is no such bot. It may have been deleted."
    BotDenied = "bot-denied" FORBIDDEN Error
        "You can act only on bots of yourself and of people below you, and give them only to those."
    BotName = "bot-name" BAD_REQUEST Error
        "The name must have 2 to 32 visible characters."
    BotNameTaken = "bot-name-taken" CONFLICT Error
        "There is a bot of that name already. Choose another one."
    BotOwner = "bot-owner" BAD_REQUEST Error
        "There is nobody of that name or number to own the bot."
    BotRate = "bot-rate" BAD_REQUEST Error
        "The calls an hour must be a number from 1 to 100000."
    BotPlatform = "bot-platform" BAD_REQUEST Error
        "That platform is not set up here."
    BotInvite = "bot-invite" BAD_REQUEST Error
        "Where people find the bot must be an https address of at most 512 characters, or nothing."
    BotNotConfirmed = "bot-confirm" BAD_REQUEST Error
        "The name you typed is another one. The bot is still there."
    Disowned = "disowned" OK Success
        "Done. That code no longer works, and whoever logged in with it is logged out."
    PersonBanned = "banned" OK Success
        "They are shut out, and logged out everywhere."
    PersonTimedOut = "timed-out" OK Success
        "They are shut out for that time, and logged out everywhere."
    PersonRestored = "restored" OK Success
        "They may log in again."
    LevelChanged = "level" OK Success
        "Their level is changed, and counts from their very next click."
    PersonLoggedOut = "logged-out" OK Success
        "They are logged out everywhere."
    FactorsReset = "factors-reset" OK Success
        "Their second step is off, and they are logged out everywhere."
    NotBelow = "not-below" FORBIDDEN Error
        "You can do that only to people below your own level, and not to yourself."
    AdminRequired = "admin" FORBIDDEN Error
        "Your level, or the way you logged in, does not open that."
    NotAssignable = "assign" FORBIDDEN Error
        "That level is not yours to give. Owners are made on the command line."
    LastOwnerThere = "last-owner-there" CONFLICT Error
        "This is the last owner who may log in. Make another one first."
    IsBanned = "is-banned" CONFLICT Error
        "They are banned. Let them in again first."
    NoReason = "reason" BAD_REQUEST Error
        "Say why first, in up to 500 characters."
    NoFactorThere = "no-factor-there" NOT_FOUND Error
        "They have no second step."
    NobodyThere = "nobody" NOT_FOUND Error
        "There is nobody of that number."
    DeadLink = "dead" UNAUTHORIZED Error
        "This link doesn't work. It may be cut off, or the code it was for is long gone."
}

impl Message {
    /// What the address of this page says, if it is one of those that the page has to say:
    /// nobody can make it speak of what did not happen there.
    pub(crate) fn read(own: &[Self]) -> Option<Self> {
        let code = use_query_map().read_untracked().get("message")?;
        let message = Self::from_code(&code)?;
        let common = [Self::Unavailable, Self::Internal, Self::Busy];
        (common.contains(&message) || own.contains(&message)).then_some(message)
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

impl From<ActError> for Message {
    fn from(error: ActError) -> Self {
        match error {
            ActError::LevelTooLow | ActError::SecondFactorNeeded => Self::AdminRequired,
            ActError::UserNotFound => Self::NobodyThere,
            ActError::NotBelow => Self::NotBelow,
            // The pages send the browser to where that is mended.
            ActError::SignedOut | ActError::NotFresh => Self::Unavailable,
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

impl From<SignInError> for Message {
    fn from(error: SignInError) -> Self {
        match error {
            // A page is never told that a name is unknown.
            SignInError::WrongCredentials
            | SignInError::UnknownName
            | SignInError::TooManyNames { .. } => Self::WrongCredentials,
            SignInError::Restricted => Self::Restricted,
            SignInError::TooManyGuesses { .. } => Self::TooManyPasswords,
            SignInError::TooManyTries { .. } => Self::TooManyTries,
            SignInError::Busy => Self::Busy,
        }
    }
}

impl From<VerifyCodeError> for Message {
    fn from(error: VerifyCodeError) -> Self {
        match error {
            // A page never names a platform, so that can't be wrong.
            VerifyCodeError::InvalidOrExpired | VerifyCodeError::UnknownPlatform => Self::WrongCode,
            VerifyCodeError::WebLoginRequired => Self::WebLoginRequired,
            VerifyCodeError::TooManyGuesses { .. } => Self::TooManyGuesses,
            VerifyCodeError::TooManyTries { .. } => Self::TooManyTries,
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
            ConfirmError::TooManyGuesses { .. } => Self::TooManyPasswords,
            ConfirmError::TooManyTries { .. } => Self::TooManyTries,
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
            LinkError::TooManyGuesses { .. } => Self::TooManyGuesses,
        }
    }
}

impl From<SecondStepError> for Message {
    fn from(error: SecondStepError) -> Self {
        match error {
            SecondStepError::Dead => Self::StepDead,
            SecondStepError::WrongFactor => Self::WrongFactor,
            SecondStepError::TooManyTries { .. } => Self::TooManyTries,
            SecondStepError::Restricted => Self::Restricted,
            SecondStepError::WebLoginRequired => Self::WebLoginRequired,
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
            FactorError::TooManyTries { .. } => Self::TooManyTries,
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
            SetEmailError::TooManyTries { .. } => Self::TooManyTries,
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
            SetPasswordError::TooManyGuesses { .. } => Self::TooManyPasswords,
            SetPasswordError::TooManyTries { .. } => Self::TooManyTries,
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
            RecoverError::TooManyTries { .. } => Self::TooManyTries,
            RecoverError::Busy => Self::Busy,
        }
    }
}

impl From<ChangeBotError> for Message {
    fn from(error: ChangeBotError) -> Self {
        match error {
            ChangeBotError::Act(_) => Self::BotDenied,
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

//! The text for types of `domain`.

use domain::{
    BioError, BotType, DisplayNameError, EmailAddressError, EndReason, LinksError, LoginMethod,
    NewDisplayError, NewPasswordError, NewUsernameError, Password, PasswordPolicy,
    PasswordWeakness, PermissionLevel, Platform, UserAgent, UsernameError,
};

use crate::i18n;

/// A value that pages show as text, in the language of the request.
pub(crate) trait Localize {
    fn localize(self) -> String;
}

impl Localize for PermissionLevel {
    fn localize(self) -> String {
        match self {
            Self::User => i18n::level_user(),
            Self::Moderator => i18n::level_moderator(),
            Self::Admin => i18n::level_admin(),
            Self::Owner => i18n::level_owner(),
        }
    }
}

impl Localize for UsernameError {
    fn localize(self) -> String {
        match self {
            Self::TooShort => i18n::username_short(),
            Self::TooLong => i18n::username_long(),
            Self::ForbiddenCharacter => i18n::username_characters(),
            Self::Reserved => i18n::username_reserved(),
        }
    }
}

impl Localize for NewUsernameError {
    fn localize(self) -> String {
        match self {
            Self::Malformed(error) => error.localize(),
            Self::Taken => i18n::username_taken(),
            Self::LooksLikeAnothers => i18n::name_alike(),
        }
    }
}

impl Localize for DisplayNameError {
    fn localize(self) -> String {
        match self {
            Self::TooShort => i18n::display_short(),
            Self::TooLong => i18n::display_long(),
            Self::ForbiddenCharacter => i18n::display_characters(),
            Self::Space => i18n::display_space(),
            Self::Marks => i18n::display_marks(),
        }
    }
}

impl Localize for NewDisplayError {
    fn localize(self) -> String {
        match self {
            Self::Malformed(error) => error.localize(),
            Self::Reserved => i18n::display_reserved(),
            Self::LooksLikeAnothers => i18n::name_alike(),
        }
    }
}

impl Localize for BioError {
    fn localize(self) -> String {
        match self {
            Self::TooLong => i18n::bio_long(),
            Self::ForbiddenCharacter => i18n::bio_characters(),
        }
    }
}

impl Localize for LinksError {
    fn localize(self) -> String {
        match self {
            Self::TooMany => i18n::links_many(),
            Self::NotALink => i18n::links_form(),
        }
    }
}

impl Localize for EmailAddressError {
    fn localize(self) -> String {
        match self {
            Self::TooLong => i18n::email_long(),
            Self::Malformed => i18n::email_malformed(),
        }
    }
}

/// How a session was started.
impl Localize for LoginMethod {
    fn localize(self) -> String {
        match self {
            Self::Password => i18n::session_by_password(),
            Self::SetUp => i18n::session_by_setup(),
            Self::WebCode => i18n::session_by_web(),
            Self::BotCode => i18n::session_by_bot(),
        }
    }
}

/// Why a session ended; the time follows.
impl Localize for EndReason {
    fn localize(self) -> String {
        match self {
            Self::SignedOut => i18n::session_signed_out(),
            Self::UserRevoked => i18n::session_destroyed(),
            Self::Expired => i18n::session_expired(),
            Self::Restricted => i18n::session_restricted(),
            Self::ReportedByUser => i18n::session_disowned(),
            Self::Unlinked => i18n::session_unlinked(),
            Self::Changed => i18n::session_changed(),
            Self::TooManyAttempts => i18n::session_guessed(),
            Self::AdminRevoked => i18n::session_administered(),
            Self::RoleRaised => i18n::session_raised(),
        }
    }
}

impl Localize for BotType {
    fn localize(self) -> String {
        match self {
            Self::Official => i18n::bot_type_official(),
            Self::Verified => i18n::bot_type_verified(),
            Self::Community => i18n::bot_type_community(),
        }
    }
}

/// The name of a browser, such as "Firefox on Linux".
pub(crate) fn device(agent: &UserAgent) -> String {
    match agent.names() {
        (Some(browser), Some(system)) => i18n::device(browser, system),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => i18n::device_unknown(),
    }
}

/// The display name of a stored platform; unchanged if it is unknown.
pub(crate) fn platform_name(stored: &str) -> String {
    let platform: Option<Platform> = stored.parse().ok();
    platform.map_or_else(|| stored.to_owned(), |platform| platform.to_human())
}

/// The same for errors whose text depends on the password policy.
pub(crate) trait LocalizeWithPolicy {
    fn localize(self, policy: PasswordPolicy) -> String;
}

impl LocalizeWithPolicy for NewPasswordError {
    fn localize(self, policy: PasswordPolicy) -> String {
        match self {
            Self::TooShort => i18n::password_short(policy.shortest),
            Self::TooLong => i18n::password_long(Password::MAX_LENGTH),
            Self::OwnName => i18n::password_name(),
            Self::Weak(PasswordWeakness::Common) => i18n::password_common(),
            Self::Weak(PasswordWeakness::Personal) => i18n::password_personal(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pages show the text, the command line and the API the sentence.
    #[test]
    fn english_text_equals_the_sentences_of_domain() {
        fn check<E: Localize + Copy>(all: &[E], sentence: impl Fn(E) -> &'static str) {
            for error in all {
                assert_eq!(error.localize(), sentence(*error));
            }
        }
        let alike = NewUsernameError::LooksLikeAnothers;
        check(
            &[
                UsernameError::TooShort,
                UsernameError::TooLong,
                UsernameError::ForbiddenCharacter,
                UsernameError::Reserved,
            ],
            UsernameError::sentence,
        );
        check(
            &[NewUsernameError::Taken, alike],
            NewUsernameError::sentence,
        );
        check(
            &[
                DisplayNameError::TooShort,
                DisplayNameError::TooLong,
                DisplayNameError::ForbiddenCharacter,
                DisplayNameError::Space,
                DisplayNameError::Marks,
            ],
            DisplayNameError::sentence,
        );
        let alike = NewDisplayError::LooksLikeAnothers;
        check(
            &[NewDisplayError::Reserved, alike],
            NewDisplayError::sentence,
        );
        check(
            &[BioError::TooLong, BioError::ForbiddenCharacter],
            BioError::sentence,
        );
        check(
            &[LinksError::TooMany, LinksError::NotALink],
            LinksError::sentence,
        );
        check(
            &[EmailAddressError::TooLong, EmailAddressError::Malformed],
            EmailAddressError::sentence,
        );
        let policy = PasswordPolicy::DEFAULT;
        for error in [
            NewPasswordError::TooShort,
            NewPasswordError::TooLong,
            NewPasswordError::OwnName,
            NewPasswordError::Weak(PasswordWeakness::Common),
            NewPasswordError::Weak(PasswordWeakness::Personal),
        ] {
            assert_eq!(error.localize(policy), error.sentence(policy));
        }
    }
}

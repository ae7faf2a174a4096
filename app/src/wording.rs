//! What the rules of `domain` are called on pages.

use domain::{
    BioError, DisplayNameError, EmailAddressError, LinksError, NewDisplayError, NewPasswordError,
    NewUsernameError, Password, PasswordPolicy, PasswordWeakness, PermissionLevel, Platform,
    UserAgent, UsernameError,
};

use crate::words;

/// Something of the domain that pages speak of, in the language of the request.
pub(crate) trait Worded {
    fn words(self) -> String;
}

impl Worded for PermissionLevel {
    fn words(self) -> String {
        match self {
            Self::User => words::level_user(),
            Self::Moderator => words::level_moderator(),
            Self::Admin => words::level_admin(),
            Self::Owner => words::level_owner(),
        }
    }
}

impl Worded for UsernameError {
    fn words(self) -> String {
        match self {
            Self::TooShort => words::username_short(),
            Self::TooLong => words::username_long(),
            Self::ForbiddenCharacter => words::username_characters(),
            Self::Reserved => words::username_reserved(),
        }
    }
}

impl Worded for NewUsernameError {
    fn words(self) -> String {
        match self {
            Self::Malformed(error) => error.words(),
            Self::Taken => words::username_taken(),
            Self::LooksLikeAnothers => words::name_alike(),
        }
    }
}

impl Worded for DisplayNameError {
    fn words(self) -> String {
        match self {
            Self::TooShort => words::display_short(),
            Self::TooLong => words::display_long(),
            Self::ForbiddenCharacter => words::display_characters(),
            Self::Space => words::display_space(),
            Self::Marks => words::display_marks(),
        }
    }
}

impl Worded for NewDisplayError {
    fn words(self) -> String {
        match self {
            Self::Malformed(error) => error.words(),
            Self::Reserved => words::display_reserved(),
            Self::LooksLikeAnothers => words::name_alike(),
        }
    }
}

impl Worded for BioError {
    fn words(self) -> String {
        match self {
            Self::TooLong => words::bio_long(),
            Self::ForbiddenCharacter => words::bio_characters(),
        }
    }
}

impl Worded for LinksError {
    fn words(self) -> String {
        match self {
            Self::TooMany => words::links_many(),
            Self::NotALink => words::links_form(),
        }
    }
}

impl Worded for EmailAddressError {
    fn words(self) -> String {
        match self {
            Self::TooLong => words::email_long(),
            Self::Malformed => words::email_malformed(),
        }
    }
}

/// A name a person would know their browser by, such as "Firefox on Linux".
pub(crate) fn device(agent: &UserAgent) -> String {
    match agent.names() {
        (Some(browser), Some(system)) => words::device(browser, system),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => words::device_unknown(),
    }
}

/// A platform as it is stored, by the name that people know; as it is, where it is none.
pub(crate) fn platform_name(stored: &str) -> String {
    let platform: Option<Platform> = stored.parse().ok();
    platform.map_or_else(|| stored.to_owned(), |platform| platform.to_human())
}

/// The same of a new password, where the rule says how long it has to be.
pub(crate) trait WordedByPolicy {
    fn words(self, policy: PasswordPolicy) -> String;
}

impl WordedByPolicy for NewPasswordError {
    fn words(self, policy: PasswordPolicy) -> String {
        match self {
            Self::TooShort => words::password_short(policy.shortest),
            Self::TooLong => words::password_long(Password::MAX_LENGTH),
            Self::OwnName => words::password_name(),
            Self::Weak(PasswordWeakness::Common) => words::password_common(),
            Self::Weak(PasswordWeakness::Personal) => words::password_personal(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both are said to people: the words on pages, the sentences by the commands and the API.
    #[test]
    fn the_english_words_are_the_sentences_of_the_rules() {
        fn check<E: Worded + Copy>(all: &[E], sentence: impl Fn(E) -> &'static str) {
            for error in all {
                assert_eq!(error.words(), sentence(*error));
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
            assert_eq!(error.words(policy), error.sentence(policy));
        }
    }
}

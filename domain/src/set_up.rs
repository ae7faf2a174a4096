use std::time::Duration;

use crate::{
    EmailAddressError, NewDisplayError, NewPasswordError, NewUsernameError, UsernameError,
};

/// Why a person's password stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetPasswordError {
    /// The password or a factor has to be shown first (docs/contract.md, Fresh login).
    NotFresh,
    /// The old one is not right, or missing.
    WrongPassword,
    /// A second factor is on, and was not shown.
    FactorMissing,
    WrongFactor,
    /// Too many wrong second factors; the next may be shown after this time.
    TooManyFactorAttempts {
        retry_after: std::time::Duration,
    },
    /// Too many wrong passwords; the next may be tried after this time.
    TooManyAttempts {
        retry_after: std::time::Duration,
    },
    /// The new one may not be set.
    Password(NewPasswordError),
    /// All password checks are taken; to be tried again in a moment.
    Busy,
}

/// Why no letter with a link for a new password is written, as far as anybody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskRecoveryError {
    /// The network asked too often; it may ask again after this time.
    TooManyRequests { retry_after: std::time::Duration },
}

/// Why a link sets no new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecoverError {
    /// The link was used, ran out, or never was one.
    Dead,
    /// Too many wrong second factors; the next may be shown after this time.
    TooManyFactorAttempts { retry_after: std::time::Duration },
    /// The new one may not be set.
    Password(NewPasswordError),
    /// All password hashing is taken; to be tried again in a moment.
    Busy,
}

/// Why nobody gets an account by registering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterError {
    /// New people may not make themselves an account (`PORTAL_SIGN_UP`).
    SignUpOff,
    Username(NewUsernameError),
    Email(EmailAddressError),
    Display(NewDisplayError),
    Password(NewPasswordError),
    /// Too many were made from this network; the next may be after this time.
    TooMany {
        retry_after: Duration,
    },
    /// All password hashing is taken; to be tried again in a moment.
    Busy,
}

/// Why an owner's account can't be made, at `/setup` or on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetUpError {
    /// The link was used, ran out, or an owner exists by now.
    LinkDead,
    Username(UsernameError),
    UsernameTaken,
    Password(NewPasswordError),
    /// All password hashing is taken; to be tried again in a moment.
    Busy,
}

/// Why no set-up link is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetUpLinkError {
    /// The first owner's was asked for, and there is one.
    OwnerExists,
    UsernameTaken,
}

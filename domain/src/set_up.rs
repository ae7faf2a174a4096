use std::time::Duration;

use crate::{
    EmailAddressError, NewDisplayError, NewPasswordError, NewUsernameError, UsernameError,
};

/// Why a password can't be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetPasswordError {
    /// The password or a factor has to be confirmed first (docs/contract.md, Fresh login).
    NotFresh,
    /// The current password is wrong or missing.
    WrongPassword,
    /// A second factor is enabled and wasn't provided.
    FactorMissing,
    WrongFactor,
    /// Too many wrong second factors; retry after this time.
    TooManyFactorAttempts {
        retry_after: std::time::Duration,
    },
    /// Too many wrong passwords; retry after this time.
    TooManyAttempts {
        retry_after: std::time::Duration,
    },
    /// The new password isn't acceptable.
    Password(NewPasswordError),
    /// All password checks are in use; retry in a moment.
    Busy,
}

/// Why a password reset is refused, as far as the caller learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskRecoveryError {
    /// The network requested too many; retry after this time.
    TooManyRequests { retry_after: std::time::Duration },
}

/// Why a reset link doesn't set a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecoverError {
    /// The link was used, has expired or never existed.
    Dead,
    /// Too many wrong second factors; retry after this time.
    TooManyFactorAttempts { retry_after: std::time::Duration },
    /// The new password isn't acceptable.
    Password(NewPasswordError),
    /// All password hashing is in use; retry in a moment.
    Busy,
}

/// Why a registration is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterError {
    /// Registration is disabled (`PORTAL_SIGN_UP`).
    SignUpOff,
    Username(NewUsernameError),
    Email(EmailAddressError),
    Display(NewDisplayError),
    Password(NewPasswordError),
    /// Too many accounts were created from this network; retry after this time.
    TooMany {
        retry_after: Duration,
    },
    /// All password hashing is in use; retry in a moment.
    Busy,
}

/// Why an owner's account can't be created, at `/setup` or on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetUpError {
    /// The link was used or has expired, or an owner exists by now.
    LinkDead,
    Username(UsernameError),
    UsernameTaken,
    Password(NewPasswordError),
    /// All password hashing is in use; retry in a moment.
    Busy,
}

/// Why a set-up link can't be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetUpLinkError {
    /// The link was for the first owner, and an owner exists.
    OwnerExists,
    UsernameTaken,
}

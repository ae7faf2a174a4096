use crate::{NewPasswordError, UsernameError};

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

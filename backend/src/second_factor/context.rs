//! The context in which a second factor is presented, and the outcome.

use std::time::Duration;

use domain::{FactorKind, Network, SessionId};

/// The outcome of verifying a factor.
pub(crate) enum FactorOutcome {
    Right(FactorKind),
    Wrong,
    /// Not compared, because too many wrong attempts came before.
    Wait {
        retry_after: Duration,
    },
}

/// The result of checking a second factor sent together with the password or code.
pub(crate) enum SecondFactorCheck {
    /// No second factor is on.
    NoneNeeded,
    Right(FactorKind),
    Missing,
    Wrong,
    Wait {
        retry_after: Duration,
    },
}

/// Where a factor is presented. An email code works in one context only.
#[derive(Clone, Copy)]
pub(crate) enum FactorContext<'a> {
    /// Sent together with a correct password or code, by a program that can't handle a challenge.
    /// It accepts an email code that was requested from this network for one of the person's
    /// logins.
    Login(&'a Network),
    /// The second step of the login with this challenge.
    Challenge(i64),
    Session(SessionId),
    /// Sent together with a password reset link. Email codes aren't accepted: they would prove
    /// nothing beyond the emailed link.
    Recovery,
}

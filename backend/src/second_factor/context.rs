//! Where a second factor is shown, and what comes of it.

use std::time::Duration;

use domain::{FactorKind, Network, SessionId};

/// What a shown factor turned out to be.
pub(crate) enum FactorOutcome {
    Right(FactorKind),
    Wrong,
    /// Not looked at: too many wrong ones came before it.
    Wait {
        retry_after: Duration,
    },
}

/// What was shown beside a right first step.
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

/// Where a factor is shown. A code sent by mail works in one place only.
#[derive(Clone, Copy)]
pub(crate) enum FactorContext<'a> {
    /// Beside a right password or code, by a program that has no place for a challenge: a code
    /// counts that was sent for a login of this person and asked for in this network.
    Login(&'a Network),
    /// At the second step of the login behind this challenge.
    Challenge(i64),
    Session(SessionId),
    /// Beside the link of a letter: a code that comes by mail too would show nothing more.
    Recovery,
}

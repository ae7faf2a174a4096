//! Rules for administering people and bots (docs/contract.md, Roles).

use std::str::FromStr;

use crate::{PermissionLevel, characters};

/// An action on another account. Each has a minimum level and requires a target of a lower level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminAction {
    /// Bars the account for a limited time.
    TimeOut,
    /// Ends a timeout early.
    LiftTimeout,
    /// Bars the account permanently or until a given time.
    Ban,
    LiftBan,
    /// Assigns another permission level.
    SetLevel,
    /// Ends every session of the account.
    EndSessions,
    /// Removes every second factor, so that the person can log in without one.
    ResetFactors,
    /// Any change to a bot. The levels of both its current and its new owner count.
    ChangeBot,
}

impl AdminAction {
    pub const ALL: [Self; 8] = [
        Self::TimeOut,
        Self::LiftTimeout,
        Self::Ban,
        Self::LiftBan,
        Self::SetLevel,
        Self::EndSessions,
        Self::ResetFactors,
        Self::ChangeBot,
    ];

    /// The lowest level that may perform the action (docs/contract.md, Administration).
    #[must_use]
    pub const fn min_level(self) -> PermissionLevel {
        match self {
            Self::TimeOut | Self::LiftTimeout => PermissionLevel::Moderator,
            Self::Ban
            | Self::LiftBan
            | Self::SetLevel
            | Self::EndSessions
            | Self::ResetFactors
            | Self::ChangeBot => PermissionLevel::Admin,
        }
    }

    /// Whether an actor of one level may perform the action on a target of another.
    #[must_use]
    pub fn is_open_to(self, actor: PermissionLevel, target: PermissionLevel) -> bool {
        actor >= self.min_level() && actor.may_act_on(target)
    }
}

/// Why an actor may not perform an [`AdminAction`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminActionError {
    /// The actor's own session has ended meanwhile.
    SignedOut,
    /// The actor's level is below [`AdminAction::min_level`].
    LevelTooLow,
    /// The session has no second factor, which `PORTAL_ADMINS_NEED_SECOND_FACTOR` requires. A code
    /// sent by email doesn't count.
    SecondFactorNeeded,
    /// The password or a factor has to be confirmed first (docs/contract.md, Fresh login).
    NotFresh,
    /// No account has that ID.
    UserNotFound,
    /// The target's level isn't below the actor's, or the target is the actor.
    NotBelow,
}

/// The reason for a restriction: 1–500 characters on one line. Shown to those who administer,
/// never to the restricted person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

/// Why a text isn't a valid [`Reason`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasonError {
    Missing,
    TooLong,
}

impl Reason {
    pub const MAX_LENGTH: usize = 500;

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Reason {
    type Err = ReasonError;

    /// Replaces each run of white space and control characters by one space.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let gap = |c: char| c.is_whitespace() || c.is_control();
        let words = text.split(gap).filter(|word| !word.is_empty());
        let line = words.collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            return Err(ReasonError::Missing);
        }
        if characters(&line) > Self::MAX_LENGTH {
            return Err(ReasonError::TooLong);
        }
        Ok(Self(line))
    }
}

/// Why a restriction can't be imposed or lifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestrictError {
    AdminAction(AdminActionError),
    /// The target is the last Owner; Portal needs at least one.
    LastOwner,
    /// The account is banned; a timeout would end the ban.
    Banned,
    /// The end of the restriction is in the past.
    EndPassed,
}

/// Why a permission level can't be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetLevelError {
    AdminAction(AdminActionError),
    /// The actor may not assign this level. Owners are created on the command line only.
    NotAssignable,
    /// The target is the last Owner; Portal needs at least one.
    LastOwner,
}

/// Why second factors can't be reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetFactorsError {
    AdminAction(AdminActionError),
    /// The account has no second factor.
    NotOn,
}

/// A filter of the list of people by their current state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateFilter {
    Any,
    Active,
    TimedOut,
    Banned,
}

impl StateFilter {
    /// Parses the contract's number for a state.
    #[must_use]
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::Active),
            1 => Some(Self::TimedOut),
            2 => Some(Self::Banned),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_of_up_to_500_characters() {
        let reason = |text: &str| text.parse::<Reason>().map(|reason| reason.0);
        assert_eq!(
            reason("  spam,\r\n\tagain\0 and \u{1b}[31m again "),
            Ok("spam, again and [31m again".to_owned())
        );
        for nothing in ["", "  ", "\n\0"] {
            assert_eq!(reason(nothing), Err(ReasonError::Missing));
        }
        assert!(reason(&"ü".repeat(500)).is_ok());
        assert_eq!(reason(&"ü".repeat(501)), Err(ReasonError::TooLong));
    }

    /// A14: the whole table, level by level.
    #[test]
    fn every_act_takes_its_level_and_a_target_below() {
        let levels = [0, 1, 2, 3].map(|number| PermissionLevel::from_i64(number).unwrap());
        for act in AdminAction::ALL {
            for actor in levels {
                for target in levels {
                    let moderates = matches!(act, AdminAction::TimeOut | AdminAction::LiftTimeout);
                    let may = match (actor, target) {
                        (PermissionLevel::Owner, _) => true,
                        (PermissionLevel::Admin, target) => target < PermissionLevel::Admin,
                        (PermissionLevel::Moderator, PermissionLevel::User) => moderates,
                        (PermissionLevel::Moderator | PermissionLevel::User, _) => false,
                    };
                    assert_eq!(
                        act.is_open_to(actor, target),
                        may,
                        "{act:?} {actor:?} {target:?}"
                    );
                }
            }
        }
    }
}

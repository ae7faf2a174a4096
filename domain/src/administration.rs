//! What those who administer may do to people and bots (docs/contract.md, Roles).

use std::str::FromStr;

use crate::{PermissionLevel, characters};

/// What somebody does to somebody else. Each takes a level of its own, and a target below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminAction {
    /// Shutting somebody out for a while.
    TimeOut,
    /// Ending a timeout before its time.
    LiftTimeout,
    /// Shutting somebody out, for good or until a time.
    Ban,
    LiftBan,
    /// Giving somebody another level.
    SetLevel,
    /// Logging somebody out everywhere.
    EndSessions,
    /// Taking somebody's second factors away, so that they can come in again without.
    ResetFactors,
    /// Whatever is done to a bot; judged by its owner, old and new.
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

    /// The lowest level that may do so at all (docs/contract.md, Administration).
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

    /// Whether somebody of one level may do so to somebody else of another.
    #[must_use]
    pub fn is_open_to(self, actor: PermissionLevel, target: PermissionLevel) -> bool {
        actor >= self.min_level() && actor.may_act_on(target)
    }
}

/// Why somebody may not do what they want to do to somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminActionError {
    /// Their own session has ended meanwhile.
    SignedOut,
    /// They stand below the level that it takes.
    LevelTooLow,
    /// It takes a session with a second factor (`PORTAL_ADMINS_NEED_SECOND_FACTOR`); a code by
    /// mail does not count.
    SecondFactorNeeded,
    /// The password or a factor has to be shown first (docs/contract.md, Fresh login).
    NotFresh,
    /// There is nobody of that number.
    UserNotFound,
    /// The other one does not stand below them, or is themselves.
    NotBelow,
}

/// Why somebody is shut out: for those who administer, never shown to the person. 1–500
/// characters on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

/// Why a text is no [`Reason`].
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

    /// Whatever is no letter to be seen counts as a space, and spaces in a row as one.
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

/// Why somebody is not shut out, or not let in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestrictError {
    AdminAction(AdminActionError),
    /// Nobody could administer without this Owner.
    LastOwner,
    /// A timeout would put an end to a ban.
    Banned,
    /// The time it is to end at has come already.
    EndPassed,
}

/// Why somebody keeps the level they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetLevelError {
    AdminAction(AdminActionError),
    /// Not for the one who acts to give: Owners are made on the command line only.
    NotAssignable,
    /// Nobody could administer without this Owner.
    LastOwner,
}

/// Why somebody's second factors stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetFactorsError {
    AdminAction(AdminActionError),
    /// There are none.
    NotOn,
}

/// Which people are looked for, by their state of this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateFilter {
    Any,
    Active,
    TimedOut,
    Banned,
}

impl StateFilter {
    /// By the contract's number of a state.
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

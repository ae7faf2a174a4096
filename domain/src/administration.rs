//! What those who administer may do to people and bots (contract section 2).

use crate::PermissionLevel;

/// What somebody does to somebody else. Each takes a level of its own, and a target below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
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

impl Act {
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

    /// The lowest level that may do so at all (contract section 7).
    #[must_use]
    pub const fn least_level(self) -> PermissionLevel {
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
        actor >= self.least_level() && actor.may_act_on(target)
    }
}

/// Why somebody may not do what they want to do to somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActError {
    /// Their own session has ended meanwhile.
    SignedOut,
    /// They stand below the level that it takes.
    LevelTooLow,
    /// It takes a session with a second factor (`PORTAL_ADMINS_NEED_SECOND_FACTOR`); a code by
    /// mail does not count.
    SecondFactorNeeded,
    /// The password or a factor has to be shown first (contract section 3).
    NotFresh,
    /// There is nobody of that number.
    UserNotFound,
    /// The other one does not stand below them, or is themselves.
    NotBelow,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A14: the whole table, level by level.
    #[test]
    fn every_act_takes_its_level_and_a_target_below() {
        let levels = [0, 1, 2, 3].map(|number| PermissionLevel::from_i64(number).unwrap());
        for act in Act::ALL {
            for actor in levels {
                for target in levels {
                    let moderates = matches!(act, Act::TimeOut | Act::LiftTimeout);
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

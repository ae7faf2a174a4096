//! Giving people another level (docs/contract.md, Roles).

use domain::{AdminAction, EndReason, PermissionLevel, SetLevelError, Timestamp, User, UserId};

use crate::admin::authorization::{Actor, is_last_owner, lock_owners};
use crate::audit::event::Event;
use crate::error::{Failure, Problem};
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::tables::{challenge, login_code, session, user};

impl Portal {
    /// Gives somebody another level, which counts from their next request on. To give the one
    /// that they have changes nothing.
    ///
    /// # Errors
    /// See [`SetLevelError`].
    pub async fn assign_level(
        &self,
        by: Actor<'_>,
        target: UserId,
        level: PermissionLevel,
    ) -> Result<User, Problem<SetLevelError>> {
        let refused = |error| Err(Problem::Refused(error));
        let now = self.now();
        let mut transaction = self.begin().await?;
        lock_owners(&mut transaction).await?;
        let act = AdminAction::SetLevel;
        let judged = self
            .authorize_actor(&mut transaction, by, act, target, now)
            .await;
        let judged = judged.map_err(|problem| problem.map(SetLevelError::AdminAction))?;
        let may_assign = judged
            .actor
            .as_ref()
            .is_none_or(|actor| actor.level.may_assign(level));
        if !may_assign {
            return refused(SetLevelError::NotAssignable);
        }
        let before = judged.target.level;
        if before == level {
            return Ok(judged.target);
        }
        if is_last_owner(&mut transaction, &judged.target, now).await? {
            return refused(SetLevelError::LastOwner);
        }
        // Codes before sessions, as everybody does.
        if level > before {
            end_bot_codes(&mut transaction, target, now).await?;
        }
        // By the level they ran out at: a lower one would let them live on.
        let begun = now - self.lifetimes.of(before);
        let used = before
            .administers()
            .then(|| now - self.lifetimes.admin_idle);
        session::end_expired(&mut transaction, target, begun, used, now).await?;
        user::set_level(&mut transaction, target, level, now).await?;
        let event = Event::LevelChanged {
            by: judged.actor_id(),
            user: target,
            from: before,
            to: level,
        };
        event.record(&mut transaction, by.client(), now).await?;
        transaction.commit().await?;
        Ok(User {
            level,
            level_since: now,
            updated_at: now,
            ..judged.target
        })
    }
}

/// A bot reaches nobody above its owner (docs/contract.md, Roles): what it carried for somebody it
/// may not reach from now on, a code or a login by one without a second factor, ends.
async fn end_bot_codes(
    transaction: &mut Transaction,
    user_id: UserId,
    now: Timestamp,
) -> Result<(), Failure> {
    login_code::end_all_of_user(transaction, user_id, "role_raised", now).await?;
    challenge::end_all_of(transaction, user_id, now).await?;
    session::end_started_by_codes(transaction, user_id, EndReason::RoleRaised, now).await?;
    Ok(())
}

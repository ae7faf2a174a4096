//! Changes of roles (docs/contract.md, Roles).

use domain::{AdminAction, EndReason, PermissionLevel, SetLevelError, Timestamp, User, UserId};

use crate::admin::authorization::{Actor, is_last_owner, lock_owners};
use crate::audit::event::Event;
use crate::error::{Failure, Problem};
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::tables::{challenge, login_code, session, user};

impl Portal {
    /// Assigns a role, effective from the person's next request. Assigning the current role does
    /// nothing.
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
        // Lock order: codes before sessions.
        if level > before {
            end_bot_codes(&mut transaction, target, now).await?;
        }
        // Ends the sessions that are expired under the old role. A lower role may allow longer
        // lifetimes and would revive them.
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

/// Ends what bots may have delivered to a person whose role was raised.
///
/// A bot reaches nobody above its owner (docs/contract.md, Roles). Pending codes and challenges
/// end, and so do sessions that started with a code and no second factor.
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

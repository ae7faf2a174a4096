//! Bans, timeouts and restoring accounts (docs/contract.md, Account states).

use domain::{
    AccountState, AdminAction, EndReason, Reason, RestrictError, Timestamp, User, UserId,
};

use crate::admin::authorization::{Actor, is_last_owner, lock_owners};
use crate::audit::event::Event;
use crate::error::{Failure, Problem};
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::sql::signal::Signal;
use crate::store::tables::user::{self, Restriction};
use crate::store::tables::{bot, challenge, login_code, password_reset, session};

impl Portal {
    /// Bans a person permanently or until a time.
    ///
    /// Ends all their sessions, codes and pending logins in the same transaction, on every server.
    ///
    /// # Errors
    /// See [`RestrictError`].
    pub async fn ban_person(
        &self,
        by: Actor<'_>,
        target: UserId,
        reason: &Reason,
        until: Option<Timestamp>,
    ) -> Result<User, Problem<RestrictError>> {
        let state = AccountState::Banned { until };
        self.restrict(by, target, state, reason).await
    }

    /// Times a person out. Replaces an earlier timeout, never a ban.
    ///
    /// # Errors
    /// See [`RestrictError`].
    pub async fn time_out_person(
        &self,
        by: Actor<'_>,
        target: UserId,
        reason: &Reason,
        until: Timestamp,
    ) -> Result<User, Problem<RestrictError>> {
        let state = AccountState::Timeout { until };
        self.restrict(by, target, state, reason).await
    }

    async fn restrict(
        &self,
        by: Actor<'_>,
        target: UserId,
        state: AccountState,
        reason: &Reason,
    ) -> Result<User, Problem<RestrictError>> {
        let refused = |error| Err(Problem::Refused(error));
        let now = self.now();
        let act = match state {
            AccountState::Banned { .. } => AdminAction::Ban,
            AccountState::Timeout { .. } | AccountState::Active => AdminAction::TimeOut,
        };
        let mut transaction = self.begin().await?;
        lock_owners(&mut transaction).await?;
        let judged = self
            .authorize_actor(&mut transaction, by, act, target, now)
            .await;
        let judged = judged.map_err(|problem| problem.map(RestrictError::AdminAction))?;
        if !state.is_restricted(now) {
            return refused(RestrictError::EndPassed);
        }
        let is_banned = matches!(judged.target.state, AccountState::Banned { .. })
            && judged.target.state.is_restricted(now);
        if act == AdminAction::TimeOut && is_banned {
            return refused(RestrictError::Banned);
        }
        if is_last_owner(&mut transaction, &judged.target, now).await? {
            return refused(RestrictError::LastOwner);
        }
        let restriction = Restriction {
            state,
            reason: Some(reason.as_str()),
            by: judged.actor_id(),
        };
        user::set_state(&mut transaction, target, &restriction, now).await?;
        end_access(&mut transaction, target, now).await?;
        let event = Event::Restricted {
            by: judged.actor_id(),
            user: target,
            state,
            reason,
        };
        event.record(&mut transaction, by.client(), now).await?;
        transaction.commit().await?;
        Ok(User {
            state,
            updated_at: now,
            ..judged.target
        })
    }

    /// Lifts a person's restriction.
    ///
    /// Sessions and codes that the restriction ended stay ended. Does nothing if the account is
    /// active.
    ///
    /// # Errors
    /// [`RestrictError::AdminAction`].
    pub async fn restore_person(
        &self,
        by: Actor<'_>,
        target: UserId,
    ) -> Result<User, Problem<RestrictError>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        let act = AdminAction::LiftTimeout;
        let judged = self
            .authorize_actor(&mut transaction, by, act, target, now)
            .await;
        let judged = judged.map_err(|problem| problem.map(RestrictError::AdminAction))?;
        let state = judged.target.state;
        let in_timeout = matches!(state, AccountState::Timeout { .. }) && state.is_restricted(now);
        if !in_timeout {
            // Checked first, so that only an actor who may lift bans learns that there is no
            // timeout.
            judged
                .takes(AdminAction::LiftBan)
                .map_err(|error| Problem::Refused(RestrictError::AdminAction(error)))?;
        }
        if state == AccountState::Active {
            return Ok(judged.target);
        }
        let none = Restriction {
            state: AccountState::Active,
            reason: None,
            by: None,
        };
        user::set_state(&mut transaction, target, &none, now).await?;
        if state.is_restricted(now) {
            let event = Event::Restored {
                by: judged.actor_id(),
                user: target,
            };
            event.record(&mut transaction, by.client(), now).await?;
        }
        transaction.commit().await?;
        Ok(User {
            state: AccountState::Active,
            updated_at: now,
            ..judged.target
        })
    }
}

/// Ends a person's sessions, codes, pending logins and password resets.
///
/// Lock order: codes before sessions, as everywhere, to prevent deadlocks.
async fn end_access(
    transaction: &mut Transaction,
    user_id: UserId,
    now: Timestamp,
) -> Result<(), Failure> {
    login_code::end_all_of_user(transaction, user_id, "restricted", now).await?;
    challenge::end_all_of(transaction, user_id, now).await?;
    password_reset::end_all_of(transaction, user_id, now).await?;
    session::end_all_of_user(transaction, user_id, EndReason::Restricted, now).await?;
    // The bots of a restricted owner stop working, so their open event streams must check again.
    for owned in bot::owned_by(transaction, user_id).await? {
        transaction.signal(Signal::BotChanged(owned.id)).await?;
    }
    Ok(())
}

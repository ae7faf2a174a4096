//! Authorization of admin actions by role: the only place that decides it (docs/contract.md, Roles;
//! security A14).

use domain::{
    AdminAction, AdminActionError, Client, FactorKind, PermissionLevel, Session, Timestamp, User,
    UserId,
};

use crate::error::{Failure, Problem};
use crate::portal::Portal;
use crate::sessions::authenticate::Person;
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::tables::{session, user};

/// Target of an admin action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActionTarget {
    /// Another person. Nobody acts on themselves.
    Person(UserId),
    /// A bot with this owner. The owner's role decides, and a person's own bots count as below
    /// them. A change of owner names both the old and the new owner.
    BotOf(UserId),
}

impl ActionTarget {
    const fn user_id(self) -> UserId {
        match self {
            Self::Person(id) | Self::BotOf(id) => id,
        }
    }
}

/// Who performs an action.
#[derive(Clone, Copy)]
pub enum Actor<'a> {
    /// A logged-in person, limited by their role.
    Person {
        person: &'a Person,
        client: &'a Client,
    },
    /// The command line. The operator is trusted with every role.
    Operator,
}

impl<'a> Actor<'a> {
    pub(crate) const fn id(self) -> Option<UserId> {
        match self {
            Self::Person { person, .. } => Some(person.user.id),
            Self::Operator => None,
        }
    }

    pub(crate) const fn client(self) -> Option<&'a Client> {
        match self {
            Self::Person { client, .. } => Some(client),
            Self::Operator => None,
        }
    }
}

/// An authorized action. `actor` is `None` for the command line.
pub(crate) struct Authorized {
    pub actor: Option<User>,
    pub target: User,
}

impl Authorized {
    pub(crate) fn actor_id(&self) -> Option<UserId> {
        self.actor.as_ref().map(|actor| actor.id)
    }

    /// Checks whether the actor may also perform this action on the same person.
    pub(crate) fn takes(&self, act: AdminAction) -> Result<(), AdminActionError> {
        match &self.actor {
            Some(actor) if actor.level < act.min_level() => Err(AdminActionError::LevelTooLow),
            Some(_) | None => Ok(()),
        }
    }
}

impl Portal {
    /// Authorizes an action on one person, by a logged-in person or the command line.
    ///
    /// # Errors
    /// See [`AdminActionError`]. For the command line only [`AdminActionError::UserNotFound`].
    pub(crate) async fn authorize_actor(
        &self,
        transaction: &mut Transaction,
        by: Actor<'_>,
        act: AdminAction,
        target: UserId,
        now: Timestamp,
    ) -> Result<Authorized, Problem<AdminActionError>> {
        match by {
            Actor::Person { person, .. } => {
                let targets = [ActionTarget::Person(target)];
                let (actor, [target]) = self
                    .authorize(transaction, person, act, targets, now)
                    .await?;
                Ok(Authorized {
                    actor: Some(actor),
                    target,
                })
            }
            Actor::Operator => match user::lock(transaction, target).await? {
                Some(target) => Ok(Authorized {
                    actor: None,
                    target,
                }),
                None => Err(Problem::Refused(AdminActionError::UserNotFound)),
            },
        }
    }

    /// Authorizes an action inside the transaction that performs it.
    ///
    /// Locks the rows of the actor and the targets in ID order, so that they can't change before
    /// the commit and concurrent actions can't deadlock. Callers that need a [`RowLock`] acquire it
    /// first. Returns the actor and the targets in the given order.
    ///
    /// # Errors
    /// See [`AdminActionError`].
    pub(crate) async fn authorize<const N: usize>(
        &self,
        transaction: &mut Transaction,
        actor: &Person,
        act: AdminAction,
        targets: [ActionTarget; N],
        now: Timestamp,
    ) -> Result<(User, [User; N]), Problem<AdminActionError>> {
        let refused = |error| Err(Problem::Refused(error));
        let mut ids: Vec<UserId> = targets.iter().map(|target| target.user_id()).collect();
        ids.push(actor.user.id);
        ids.sort_unstable_by_key(|id| id.as_i64());
        ids.dedup();
        let mut locked = Vec::with_capacity(ids.len());
        for id in ids {
            locked.extend(user::lock(transaction, id).await?);
        }
        // Read only after locking: the session may have ended while this transaction waited.
        let found = session::by_id(transaction, actor.session.id).await?;
        let Some(found) = found.filter(|found| found.user.id == actor.user.id) else {
            return refused(AdminActionError::SignedOut);
        };
        let holds = found.session.check(&found.user, now, &self.lifetimes);
        if holds.is_err() {
            return refused(AdminActionError::SignedOut);
        }
        let acting = Person::from(found);
        self.may_administer(&acting, act.min_level())
            .map_err(Problem::Refused)?;
        if !acting.session.is_fresh(now) {
            return refused(AdminActionError::NotFresh);
        }
        let mut judged = Vec::with_capacity(N);
        for target in targets {
            let found = locked.iter().find(|user| user.id == target.user_id());
            let Some(found) = found else {
                return refused(AdminActionError::UserNotFound);
            };
            let own = found.id == acting.user.id;
            let may = match target {
                ActionTarget::Person(_) => !own && acting.user.level.may_act_on(found.level),
                ActionTarget::BotOf(_) => own || acting.user.level.may_act_on(found.level),
            };
            if !may {
                return refused(AdminActionError::NotBelow);
            }
            judged.push(found.clone());
        }
        let judged = judged
            .try_into()
            .map_err(|_| Failure::Internal("a target was lost".into()))?;
        Ok((acting.user, judged))
    }

    /// Checks access to admin routes and pages.
    ///
    /// Requires at least the given role and, if configured, a session with a second factor.
    ///
    /// # Errors
    /// [`AdminActionError::LevelTooLow`], [`AdminActionError::SecondFactorNeeded`].
    pub fn may_administer(
        &self,
        person: &Person,
        least: PermissionLevel,
    ) -> Result<(), AdminActionError> {
        if person.user.level < least {
            return Err(AdminActionError::LevelTooLow);
        }
        if self.admins_need_second_factor && !has_strong_factor(person) {
            return Err(AdminActionError::SecondFactorNeeded);
        }
        Ok(())
    }
}

/// Whether the session was started or confirmed with a second factor that is still on. An email
/// code doesn't count (docs/contract.md, Second factors).
fn has_strong_factor(person: &Person) -> bool {
    let Session { second_factor, .. } = person.session;
    person.user.second_factor_at.is_some()
        && match second_factor {
            Some(FactorKind::Totp | FactorKind::Recovery) => true,
            Some(FactorKind::Email) | None => false,
        }
}

/// Locks everything that can remove the last Owner. Acquire it before any person's row.
pub(crate) async fn lock_owners(transaction: &mut Transaction) -> Result<(), Failure> {
    Ok(row_lock::acquire(transaction, RowLock::Owners).await?)
}

/// Whether this person is the last unrestricted Owner (docs/contract.md, Roles).
///
/// Callers that demote, restrict or delete a person check this while holding the [owners
/// lock](lock_owners).
pub(crate) async fn is_last_owner(
    transaction: &mut Transaction,
    user: &User,
    now: Timestamp,
) -> Result<bool, Failure> {
    if user.level != PermissionLevel::Owner || user.state.is_restricted(now) {
        return Ok(false);
    }
    Ok(!user::other_owner_exists(transaction, user.id, now).await?)
}

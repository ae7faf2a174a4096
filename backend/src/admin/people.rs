//! What administrators see of people, and what they may end for them (docs/contract.md,
//! Administration).

use crate::store::tables::bot::OwnedBot;
use crate::store::tables::user::RestrictionNote;
use domain::{
    AccountState, AdminAction, AdminActionError, EndReason, PermissionLevel, ResetFactorsError,
    StateFilter, User, UserId,
};

use crate::admin::authorization::Actor;
use crate::audit::event::Event;
use crate::error::{Failure, Problem};
use crate::mail::template::EmailTemplate;
use crate::pagination::Slice;
use crate::portal::Portal;
use crate::sessions::authenticate::Person;
use crate::sessions::list::ListedSession;
use crate::store::confusables::folded;
use crate::store::tables::identity::{self, LinkedPlatform};
use crate::store::tables::people::{self, PeopleFilter, Search};
use crate::store::tables::{bot, challenge, factor, session, user};

/// Query for a page of the list of people.
#[derive(Clone, Copy, Debug)]
pub struct PeopleQuery<'a> {
    /// Start of a username, display name or platform name, or a whole ID, platform ID or email
    /// address. Empty for all people. At most a thousand matches of each kind of name are
    /// considered.
    pub text: &'a str,
    pub state: StateFilter,
    pub level: Option<PermissionLevel>,
    pub slice: Slice,
}

/// A page of the list of people, ordered by username.
#[derive(Clone, Debug)]
pub struct PeoplePage {
    pub people: Vec<ListedPerson>,
    /// Offset of the next page, if there is one.
    pub next: Option<i64>,
}

/// A person in the list. Email address, second factor and last activity are `None` unless the
/// reader may see private fields.
#[derive(Clone, Debug)]
pub struct ListedPerson {
    pub user: User,
    pub platforms: Vec<LinkedPlatform>,
}

/// A person as an administrator sees them.
#[derive(Clone, Debug)]
pub struct AdminPersonView {
    pub user: User,
    pub platforms: Vec<LinkedPlatform>,
    pub bots: Vec<OwnedBot>,
    pub restriction: Option<RestrictionNote>,
    /// Live sessions, most recently used first. Empty unless the reader may see private fields.
    pub sessions: Vec<ListedSession>,
    /// Actions that the reader may take now, by role and the person's state.
    pub actions: Vec<AdminAction>,
}

impl Portal {
    /// Returns a page of the list of people. Moderators see only Users.
    ///
    /// # Errors
    /// See [`Portal::may_administer`].
    pub async fn people(
        &self,
        person: &Person,
        query: &PeopleQuery<'_>,
    ) -> Result<PeoplePage, Problem<AdminActionError>> {
        self.may_administer(person, PermissionLevel::Moderator)
            .map_err(Problem::Refused)?;
        let own = person.user.level;
        let level = if own.administers() {
            query.level
        } else if query.level.is_none_or(|level| level < own) {
            Some(PermissionLevel::User)
        } else {
            return Ok(PeoplePage::EMPTY);
        };
        let mut page = self.list(&PeopleQuery { level, ..*query }, own).await?;
        for listed in &mut page.people {
            redact_for(&person.user, &mut listed.user);
        }
        Ok(page)
    }

    /// Returns a page of the list of people, unredacted, for the command line.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn all_people(&self, query: &PeopleQuery<'_>) -> Result<PeoplePage, Failure> {
        self.list(query, PermissionLevel::Owner).await
    }

    async fn list(
        &self,
        query: &PeopleQuery<'_>,
        reader: PermissionLevel,
    ) -> Result<PeoplePage, Failure> {
        let filter = PeopleFilter {
            state: query.state,
            level: query.level,
            offset: query.slice.offset(),
            // One more row shows whether there is a next page.
            limit: query.slice.limit() + 1,
            now: self.now(),
        };
        let mut connection = self.database.read().await?;
        let text = query.text.trim();
        // No name contains control characters, and PostgreSQL rejects NUL.
        if text.contains(char::is_control) {
            return Ok(PeoplePage::EMPTY);
        }
        let mut users = if text.is_empty() {
            people::page(&mut connection, &filter).await?
        } else {
            let search = Search {
                text,
                folded: &folded(text),
                knows_mail_of: reader,
            };
            people::found(&mut connection, &search, &filter).await?
        };
        let most = usize::try_from(query.slice.limit()).unwrap_or(0);
        let next = (users.len() > most).then(|| query.slice.offset() + query.slice.limit());
        users.truncate(most);
        let mut people = Vec::with_capacity(users.len());
        for user in users {
            let platforms = identity::of_user(&mut connection, user.id).await?;
            people.push(ListedPerson { user, platforms });
        }
        Ok(PeoplePage { people, next })
    }

    /// Returns what the reader may see of a person.
    ///
    /// `None` if there is no account with that ID or, for Moderators, if the account isn't below
    /// them.
    ///
    /// # Errors
    /// See [`Portal::may_administer`].
    pub async fn admin_person_view(
        &self,
        person: &Person,
        target: UserId,
    ) -> Result<Option<AdminPersonView>, Problem<AdminActionError>> {
        self.may_administer(person, PermissionLevel::Moderator)
            .map_err(Problem::Refused)?;
        let mut connection = self.database.read().await?;
        let found = user::by_id(&mut connection, target).await?;
        let own = &person.user;
        let visible = |user: &User| own.level.administers() || own.level.may_act_on(user.level);
        let Some(mut user) = found.filter(visible) else {
            return Ok(None);
        };
        let now = self.now();
        let known = may_see_private(own, &user) && own.level.administers();
        if !known {
            veil(&mut user);
        }
        let restriction = if user.state.is_restricted(now) {
            user::restriction(&mut connection, target).await?
        } else {
            None
        };
        let platforms = identity::of_user(&mut connection, target).await?;
        let bots = bot::owned_by(&mut connection, target).await?;
        drop(connection);
        let sessions = if known {
            self.sessions_of(&user, Some(person.session.id)).await?.live
        } else {
            Vec::new()
        };
        let has_sessions = !sessions.is_empty();
        let restricted = user.state.is_restricted(now);
        let banned = restricted && matches!(user.state, AccountState::Banned { .. });
        let actions = AdminAction::ALL
            .into_iter()
            .filter(|act| user.id != own.id && act.is_open_to(own.level, user.level))
            .filter(|act| match act {
                AdminAction::TimeOut => !banned,
                AdminAction::LiftTimeout => restricted && !banned,
                AdminAction::LiftBan => banned,
                AdminAction::EndSessions => has_sessions,
                AdminAction::ResetFactors => user.second_factor_at.is_some(),
                AdminAction::Ban | AdminAction::SetLevel => true,
                AdminAction::ChangeBot => false,
            })
            .collect();
        Ok(Some(AdminPersonView {
            user,
            platforms,
            bots,
            restriction,
            sessions,
            actions,
        }))
    }

    /// Finds a person by username or ID, for the command line.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn find_person(&self, typed: &str) -> Result<Option<User>, Failure> {
        let identifier = domain::Identifier::new(typed);
        let mut connection = self.database.read().await?;
        let found = user::find_password(&mut connection, &identifier).await?;
        match found {
            Some(holder) => Ok(user::by_id(&mut connection, holder.id).await?),
            None => Ok(None),
        }
    }

    /// Ends all sessions of a person and returns how many there were.
    ///
    /// # Errors
    /// See [`AdminActionError`].
    pub async fn end_sessions_of(
        &self,
        by: Actor<'_>,
        target: UserId,
    ) -> Result<u64, Problem<AdminActionError>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        let act = AdminAction::EndSessions;
        let judged = self
            .authorize_actor(&mut transaction, by, act, target, now)
            .await?;
        challenge::end_all_of(&mut transaction, target, now).await?;
        let reason = EndReason::AdminRevoked;
        let sessions = session::end_all_of_user(&mut transaction, target, reason, now).await?;
        let event = Event::SessionsEnded {
            by: judged.actor_id(),
            user: target,
            sessions,
        };
        event.record(&mut transaction, by.client(), now).await?;
        transaction.commit().await?;
        Ok(sessions)
    }

    /// Removes a person's second factors and recovery codes, and ends all their sessions.
    ///
    /// An attacker may have set up the factors, so no session survives. The person is notified by
    /// email (docs/contract.md, Factor limits).
    ///
    /// # Errors
    /// See [`ResetFactorsError`].
    pub async fn reset_factors(
        &self,
        by: Actor<'_>,
        target: UserId,
    ) -> Result<User, Problem<ResetFactorsError>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        let act = AdminAction::ResetFactors;
        let judged = self
            .authorize_actor(&mut transaction, by, act, target, now)
            .await;
        let judged = judged.map_err(|problem| problem.map(ResetFactorsError::AdminAction))?;
        if judged.target.second_factor_at.is_none() {
            return Err(Problem::Refused(ResetFactorsError::NotOn));
        }
        factor::remove_all(&mut transaction, target).await?;
        factor::note_whether_on(&mut transaction, target).await?;
        challenge::end_all_of(&mut transaction, target, now).await?;
        session::end_all_of_user(&mut transaction, target, EndReason::Changed, now).await?;
        let event = Event::FactorsReset {
            by: judged.actor_id(),
            user: target,
        };
        event.record(&mut transaction, by.client(), now).await?;
        if let Some(address) = judged.target.verified_email() {
            let letter = EmailTemplate::FactorsReset;
            self.queue_mail(&mut transaction, address, &letter, now)
                .await?;
        }
        transaction.commit().await?;
        Ok(User {
            second_factor_at: None,
            ..judged.target
        })
    }
}

impl PeoplePage {
    const EMPTY: Self = Self {
        people: Vec::new(),
        next: None,
    };
}

/// Whether the reader sees a person's private fields: their own and, for Admins and Owners, those
/// of people they may act on.
fn may_see_private(reader: &User, user: &User) -> bool {
    reader.id == user.id || (reader.level.administers() && reader.level.may_act_on(user.level))
}

/// Removes the fields that the reader may not see.
pub fn redact_for(reader: &User, user: &mut User) {
    if !may_see_private(reader, user) {
        veil(user);
    }
}

/// Removes the private fields.
fn veil(user: &mut User) {
    user.email = None;
    user.second_factor_at = None;
    user.last_activity_at = None;
}

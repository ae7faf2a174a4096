//! The list of a person's own sessions, and ending them (docs/contract.md, Session routes; ASVS
//! 7.5.2).

use domain::{
    Client, EndReason, EndSessionError, Session, SessionId, Timestamp, TokenSuffix, User,
};

use crate::audit::event::Event;
use crate::error::{Failure, Problem};
use crate::portal::Portal;
use crate::sessions::authenticate::Person;
use crate::store::sql::database::Transaction;
use crate::store::tables::session::{self, SessionRow};
use crate::store::tables::user;

/// The maximum number of live and of ended sessions listed, most recent first. Programs can start
/// any number of sessions.
const MAX_LISTED: i64 = 100;

/// The sessions of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sessions {
    /// Live sessions, most recently used first.
    pub live: Vec<ListedSession>,
    /// Ended sessions within their retention, most recently ended first.
    pub ended: Vec<ListedSession>,
}

/// A session as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSession {
    pub session: Session,
    pub suffix: String,
    /// The latest time at which it expires, for the person's current level.
    pub expires_at: Timestamp,
    /// Whether it is the session of this request.
    pub is_current: bool,
    /// When and why it ended.
    pub end: Option<(Timestamp, EndReason)>,
}

impl Portal {
    /// The sessions of the current person.
    ///
    /// # Errors
    /// The database can't be queried.
    pub async fn own_sessions(&self, person: &Person) -> Result<Sessions, Failure> {
        self.sessions_of(&person.user, Some(person.session.id))
            .await
    }

    /// The sessions of a user. Expired ones are first marked as ended.
    pub(crate) async fn sessions_of(
        &self,
        user: &User,
        current: Option<SessionId>,
    ) -> Result<Sessions, Failure> {
        let now = self.now();
        let live = {
            let mut connection = self.database.read().await?;
            session::live_of_user(&mut connection, user.id, MAX_LISTED).await?
        };
        let over = |listed: &SessionRow| listed.session.check(user, now, &self.lifetimes).err();
        let ran_out: Vec<(SessionId, EndReason)> = live
            .iter()
            .filter_map(|listed| Some((listed.session.id, over(listed)?)))
            .collect();
        if !ran_out.is_empty() {
            let mut transaction = self.begin().await?;
            for (id, reason) in ran_out {
                session::end(&mut transaction, id, reason, now).await?;
            }
            transaction.commit().await?;
        }
        let listed = |listed: SessionRow| ListedSession {
            expires_at: listed.session.created_at + self.lifetimes.of(user.level),
            is_current: Some(listed.session.id) == current,
            session: listed.session,
            suffix: listed.suffix,
            end: listed.end,
        };
        let mut connection = self.database.read().await?;
        let ended = session::ended_of_user(&mut connection, user.id, MAX_LISTED).await?;
        // A session that ended between the two queries appears in one list only.
        let has_ended =
            |one: &SessionRow| ended.iter().any(|other| other.session.id == one.session.id);
        let live: Vec<SessionRow> = live
            .into_iter()
            .filter(|listed| over(listed).is_none() && !has_ended(listed))
            .collect();
        Ok(Sessions {
            live: live.into_iter().map(listed).collect(),
            ended: ended.into_iter().map(listed).collect(),
        })
    }

    /// Ends another session of the current person. It takes effect with that session's next
    /// request, on every server.
    ///
    /// # Errors
    /// See [`EndSessionError`].
    pub async fn end_session(
        &self,
        person: &Person,
        suffix: &str,
        client: &Client,
    ) -> Result<(), Problem<EndSessionError>> {
        let refused = |error| Err(Problem::Refused(error));
        let now = self.now();
        let user_id = person.user.id;
        let Ok(suffix) = suffix.parse::<TokenSuffix>() else {
            return refused(EndSessionError::NotFound);
        };
        let mut transaction = self.begin().await?;
        if self
            .session_if_live(&mut transaction, person, now)
            .await?
            .is_none()
        {
            return refused(EndSessionError::SignedOut);
        }
        let Some(id) = session::by_suffix(&mut transaction, user_id, &suffix).await? else {
            return refused(EndSessionError::NotFound);
        };
        if id == person.session.id {
            return refused(EndSessionError::Current);
        }
        if !session::end(&mut transaction, id, EndReason::UserRevoked, now).await? {
            return refused(EndSessionError::NotFound);
        }
        let event = Event::SessionsEnded {
            by: Some(user_id),
            user: user_id,
            sessions: 1,
        };
        event.record(&mut transaction, Some(client), now).await?;
        Ok(transaction.commit().await?)
    }

    /// Ends all other sessions of the current person and returns how many there were.
    ///
    /// # Errors
    /// The current session has ended meanwhile ([`EndSessionError::SignedOut`]).
    pub async fn end_other_sessions(
        &self,
        person: &Person,
        client: &Client,
    ) -> Result<u64, Problem<EndSessionError>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        if self
            .session_if_live(&mut transaction, person, now)
            .await?
            .is_none()
        {
            return Err(Problem::Refused(EndSessionError::SignedOut));
        }
        let reason = EndReason::UserRevoked;
        let sessions =
            session::end_others_of_user(&mut transaction, &person.session, reason, now).await?;
        if sessions > 0 {
            let event = Event::SessionsEnded {
                by: Some(person.user.id),
                user: person.user.id,
                sessions,
            };
            event.record(&mut transaction, Some(client), now).await?;
        }
        transaction.commit().await?;
        Ok(sessions)
    }

    /// The person and session as they are now, with the person's row locked. `None` if the
    /// session has ended since the request began. If two sessions end each other, only the first
    /// one succeeds.
    pub(crate) async fn session_if_live(
        &self,
        transaction: &mut Transaction,
        person: &Person,
        now: Timestamp,
    ) -> Result<Option<Person>, Failure> {
        user::lock(transaction, person.user.id).await?;
        let found = session::by_id(transaction, person.session.id).await?;
        let found = found.filter(|found| {
            found
                .session
                .check(&found.user, now, &self.lifetimes)
                .is_ok()
        });
        Ok(found.map(Person::from))
    }
}

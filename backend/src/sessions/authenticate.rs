use std::time::Duration;

use domain::{Session, SessionId, SessionScope, Timestamp, User};
use tokio::time::timeout;

use crate::crypto::secrets::Token;
use crate::error::Failure;
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::tables::identity::LinkedPlatform;
use crate::store::tables::session::{self, Found};
use crate::store::tables::user;

/// How many wrong passwords or factors end a logged-in session.
const MAX_FAILED_REAUTHS: i64 = 5;

/// The minimum time between two recordings of a session's use. Most session checks thus only
/// read.
const USE_RECORDING_INTERVAL: Duration = Duration::from_mins(1);

/// How long a request waits for the recording. Tests that read the recorded time wait longer.
const USE_RECORDING_TIMEOUT: Duration = if cfg!(feature = "testing") {
    Duration::from_secs(10)
} else {
    Duration::from_millis(100)
};

/// More cookies with the same name than this indicate an attack.
const MAX_COOKIES: usize = 8;

/// The cookies of a request that have the form of our secrets.
#[derive(Clone, Debug, Default)]
pub struct SessionCookies {
    /// All values of the shared cookie: a hostile subdomain may have added its own.
    pub shared: Vec<Token>,
    /// The host-only companion cookie.
    pub companion: Option<Token>,
}

/// The visitor that a request's credentials prove (docs/contract.md, Cookies).
#[derive(Clone, Debug)]
pub enum Visitor {
    Anonymous,
    /// The shared cookie without its companion. It only opens routes that identify the visitor,
    /// and doesn't count as a use of the session.
    Recognised(Person),
    /// Both cookies, or a bearer token: may act.
    SignedIn(Person),
}

/// A person with their current session.
#[derive(Clone, Debug)]
pub struct Person {
    pub user: User,
    /// The person's linked platforms, oldest first.
    pub linked: Vec<LinkedPlatform>,
    pub session: Session,
}

impl From<Found> for Person {
    fn from(found: Found) -> Self {
        Self {
            user: found.user,
            linked: found.linked,
            session: found.session,
        }
    }
}

impl Visitor {
    /// The person, if they may act.
    #[must_use]
    pub const fn signed_in(&self) -> Option<&Person> {
        match self {
            Self::SignedIn(person) => Some(person),
            Self::Anonymous | Self::Recognised(_) => None,
        }
    }

    /// The person, whether they may act or are only recognised.
    #[must_use]
    pub const fn known(&self) -> Option<&Person> {
        match self {
            Self::SignedIn(person) | Self::Recognised(person) => Some(person),
            Self::Anonymous => None,
        }
    }
}

impl Portal {
    /// Authenticates a request by its cookies. Level, account state and end of session are read
    /// from the database each time; nothing is cached between requests.
    ///
    /// # Errors
    /// The database can't be queried. The request is then not authenticated.
    pub async fn authenticate(&self, cookies: &SessionCookies) -> Result<Visitor, Failure> {
        match self.find(cookies).await? {
            Some((found, reach)) => self.admit(found, reach).await,
            None => Ok(Visitor::Anonymous),
        }
    }

    /// Authenticates a program by its bearer token alone. Cookies are ignored (docs/contract.md,
    /// Credentials).
    ///
    /// # Errors
    /// The database can't be queried. The request is then not authenticated.
    pub async fn authenticate_bearer(&self, bearer: &Token) -> Result<Visitor, Failure> {
        match session::by_bearer(&self.database, &bearer.hash()).await? {
            Some(found) => self.admit(found, SessionScope::AdminAction).await,
            None => Ok(Visitor::Anonymous),
        }
    }

    async fn admit(&self, found: Found, reach: SessionScope) -> Result<Visitor, Failure> {
        let now = self.now();
        if let Err(reason) = found.session.check(&found.user, now, &self.lifetimes) {
            // Stored, so the session stays ended even if the clock goes backwards or the level
            // changes back.
            let mut transaction = self.begin().await?;
            session::end(&mut transaction, found.session.id, reason, now).await?;
            transaction.commit().await?;
            return Ok(Visitor::Anonymous);
        }
        let person = Person::from(found);
        match reach {
            SessionScope::Identify => Ok(Visitor::Recognised(person)),
            SessionScope::AdminAction => {
                self.record_use(&person).await;
                Ok(Visitor::SignedIn(person))
            }
        }
    }

    /// Finds the session of the cookies. If there is a companion, the session is the companion's,
    /// and one of the shared cookies must belong to the same session; additional planted ones
    /// don't matter. Without a companion, a single shared cookie is accepted, but several are not
    /// (security A07).
    async fn find(
        &self,
        cookies: &SessionCookies,
    ) -> Result<Option<(Found, SessionScope)>, Failure> {
        let shared = &cookies.shared;
        if shared.is_empty() || shared.len() > MAX_COOKIES {
            return Ok(None);
        }
        let found = match (&cookies.companion, shared.as_slice()) {
            (Some(companion), _) => session::by_companion(&self.database, &companion.hash())
                .await?
                .filter(|found| {
                    shared
                        .iter()
                        .any(|one| one.hash().matches(&found.cookie_hash))
                })
                .map(|found| (found, SessionScope::AdminAction)),
            (None, [only]) => session::by_cookie(&self.database, &only.hash())
                .await?
                .map(|found| (found, SessionScope::Identify)),
            (None, _) => None,
        };
        Ok(found)
    }

    /// Records the use of the session. Best effort: a failure doesn't fail the request, it only
    /// lets an admin's idle timeout expire earlier.
    async fn record_use(&self, person: &Person) {
        let now = self.now();
        if now.since(person.session.last_used_at) < USE_RECORDING_INTERVAL {
            return;
        }
        let written = async {
            let mut transaction = self.begin().await?;
            // The person's row first, as everywhere, to avoid deadlocks.
            user::touch(&mut transaction, person.user.id, now).await?;
            session::touch(&mut transaction, person.session.id, now).await?;
            transaction.commit().await
        };
        match timeout(USE_RECORDING_TIMEOUT, written).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the use of a session was not written down"),
            Err(_) => tracing::warn!("the use of a session was not written down in time"),
        }
    }
}

/// Counts a wrong password or factor in a logged-in session, and ends the session at the
/// [`MAX_FAILED_REAUTHS`]-th. So the holder of a stolen session can't keep guessing, and doesn't
/// lock the account.
pub(crate) async fn record_failed_reauth(
    transaction: &mut Transaction,
    id: SessionId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    session::count_failed_reauth(transaction, id, MAX_FAILED_REAUTHS, now).await
}

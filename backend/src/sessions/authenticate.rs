use std::time::Duration;

use domain::{Session, SessionScope, User};
use tokio::time::timeout;

use crate::crypto::secrets::Token;
use crate::error::Failure;
use crate::portal::Portal;
use crate::store::tables::identity::LinkedPlatform;
use crate::store::tables::session::{self, Found};
use crate::store::tables::user;

/// A use is written down at most this often: figures may ride along, and a session
/// check stays a read.
const USE_RECORDING_INTERVAL: Duration = Duration::from_mins(1);

/// And a request waits for that no longer than this. A test that looks at the note is patient.
const USE_RECORDING_TIMEOUT: Duration = if cfg!(feature = "testing") {
    Duration::from_secs(10)
} else {
    Duration::from_millis(100)
};

/// More cookies of one name than this are an attack, not a browser.
const MAX_COOKIES: usize = 8;

/// What a request's cookies hold, as far as it has the form of our secrets.
#[derive(Clone, Debug, Default)]
pub struct SessionCookies {
    /// Every value of the shared cookie: a hostile subdomain may have added its own.
    pub shared: Vec<Token>,
    /// The host-only companion.
    pub companion: Option<Token>,
}

/// Who makes a request, as far as its cookies prove it (docs/contract.md, Cookies).
#[derive(Clone, Debug)]
pub enum Visitor {
    Anonymous,
    /// The shared cookie without its companion: opens only the routes that tell who
    /// someone is, and counts as no use of the session.
    Recognised(Person),
    /// Both cookies: may act.
    SignedIn(Person),
}

/// A person with the session they are here by.
#[derive(Clone, Debug)]
pub struct Person {
    pub user: User,
    /// The platforms they have linked, oldest first.
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

    /// The person, whether they may act or are only known.
    #[must_use]
    pub const fn known(&self) -> Option<&Person> {
        match self {
            Self::SignedIn(person) | Self::Recognised(person) => Some(person),
            Self::Anonymous => None,
        }
    }
}

impl Portal {
    /// Finds out who makes a request. Level, account state and the end of the session
    /// are read from the database each time; nothing is remembered between requests.
    ///
    /// # Errors
    /// The database can't be asked: then nobody is let in.
    pub async fn authenticate(&self, cookies: &SessionCookies) -> Result<Visitor, Failure> {
        match self.find(cookies).await? {
            Some((found, reach)) => self.admit(found, reach).await,
            None => Ok(Visitor::Anonymous),
        }
    }

    /// Finds out whose program makes a request, by its bearer token alone: cookies beside it
    /// count for nothing (docs/contract.md, Credentials).
    ///
    /// # Errors
    /// The database can't be asked: then nobody is let in.
    pub async fn authenticate_bearer(&self, bearer: &Token) -> Result<Visitor, Failure> {
        match session::by_bearer(&self.database, &bearer.hash()).await? {
            Some(found) => self.admit(found, SessionScope::AdminAction).await,
            None => Ok(Visitor::Anonymous),
        }
    }

    async fn admit(&self, found: Found, reach: SessionScope) -> Result<Visitor, Failure> {
        let now = self.now();
        if let Err(reason) = found.session.check(&found.user, now, &self.lifetimes) {
            // Written down, so that it stays ended when the clock or the level goes back.
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

    /// With a companion, the session is the companion's, and one of the shared cookies
    /// must be that session's too; a planted one beside it changes nothing. Without,
    /// a single shared cookie is believed, several are not (security A07).
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

    /// A figure, not a rule of this request: where it can't be written the request goes
    /// on, and an admin's idle time simply runs out earlier.
    async fn record_use(&self, person: &Person) {
        let now = self.now();
        if now.since(person.session.last_used_at) < USE_RECORDING_INTERVAL {
            return;
        }
        let written = async {
            let mut transaction = self.begin().await?;
            // The person's row first, as everywhere.
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

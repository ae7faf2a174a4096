use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use domain::BotId;
use sqlx::Executor as _;
use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::broadcast;
use tokio::time::{sleep, timeout};

/// The channel of `LISTEN` and `NOTIFY`. It is local to the database.
pub(super) const CHANNEL: &str = "portal";

/// A message of a commit to all servers of this database. It only contains numbers, so listening
/// on the database reveals no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// A web code was requested. Carries its ID.
    CodeRequested(i64),
    /// A bot or one of its keys has changed.
    BotChanged(BotId),
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CodeRequested(id) => write!(f, "code {id}"),
            Self::BotChanged(id) => write!(f, "bot {}", id.as_i64()),
        }
    }
}

impl FromStr for Signal {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, id) = text.split_once(' ').ok_or(())?;
        let id = id.parse().map_err(drop)?;
        match kind {
            "code" => Ok(Self::CodeRequested(id)),
            "bot" => Ok(Self::BotChanged(BotId::from_i64(id))),
            _ => Err(()),
        }
    }
}

/// The source of signals: the server's own commits on SQLite, the commits of all servers on
/// PostgreSQL.
pub(crate) enum Signals {
    OwnCommits(broadcast::Receiver<Signal>),
    AllServers {
        pool: PgPool,
        /// `None` while the connection is lost.
        listener: Option<Box<PgListener>>,
    },
}

/// The delay before reconnecting.
const RECONNECT_DELAY: Duration = Duration::from_secs(1);
/// After this much silence the connection is tested. A listener that never sends can't tell a
/// connection that a middlebox has dropped from an idle one.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(30);
/// The timeout of that test.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);

impl Signals {
    /// Listens on a connection of its own.
    ///
    /// # Errors
    /// The connection fails.
    pub(super) async fn of_all_servers(pool: PgPool) -> Result<Self, sqlx::Error> {
        let listener = Some(Box::new(listen_on(&pool).await?));
        Ok(Self::AllServers { pool, listener })
    }

    /// The next signal. `None` if signals may have been missed: a lost connection counts as lost
    /// until it is restored.
    pub(crate) async fn next(&mut self) -> Option<Signal> {
        match self {
            Self::OwnCommits(commits) => match commits.recv().await {
                Ok(signal) => Some(signal),
                Err(broadcast::error::RecvError::Lagged(_)) => None,
                // The database is closed permanently.
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            },
            Self::AllServers { pool, listener } => loop {
                let Some(listening) = listener else {
                    match listen_on(pool).await {
                        Ok(again) => {
                            *listener = Some(Box::new(again));
                            // Signals sent meanwhile are lost.
                            return None;
                        }
                        Err(error) => {
                            tracing::warn!(%error, "the signals of other servers can't be heard");
                            sleep(RECONNECT_DELAY).await;
                            continue;
                        }
                    }
                };
                match timeout(KEEPALIVE_INTERVAL, listening.try_recv()).await {
                    // A newer server may send signals that this one doesn't know.
                    Ok(Ok(Some(notification))) => {
                        if let Ok(signal) = notification.payload().parse() {
                            return Some(signal);
                        }
                    }
                    Ok(Ok(None) | Err(_)) => *listener = None,
                    Err(_) => {
                        let asked = timeout(ANSWER_TIMEOUT, listening.execute("select 1")).await;
                        if !matches!(asked, Ok(Ok(_))) {
                            tracing::warn!("the signals of other servers are no longer heard");
                            *listener = None;
                        }
                    }
                }
            },
        }
    }
}

async fn listen_on(pool: &PgPool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    // An automatic reconnect would hide lost signals.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

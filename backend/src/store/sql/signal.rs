use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use domain::BotId;
use sqlx::Executor as _;
use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::broadcast;
use tokio::time::{sleep, timeout};

/// The channel of `LISTEN` and `NOTIFY`, which is within one database.
pub(super) const CHANNEL: &str = "portal";

/// What a commit tells the servers of this database, numbers only: whoever can listen on
/// the database learns no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// A code was asked for on the web, by its number.
    CodeRequested(i64),
    /// A bot or one of its keys is no longer what it was.
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

/// Where a server hears of commits: its own on SQLite, those of all servers on PostgreSQL.
pub(crate) enum Signals {
    OwnCommits(broadcast::Receiver<Signal>),
    AllServers {
        pool: PgPool,
        /// None while the connection is lost.
        listener: Option<Box<PgListener>>,
    },
}

/// How long to wait before a lost connection is tried again.
const RECONNECT_DELAY: Duration = Duration::from_secs(1);
/// After so much silence the database is asked whether it is still there: what listens and never
/// speaks can't tell a connection that somebody between has dropped from one where nothing is said.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(30);
/// How long it may take to answer that.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);

impl Signals {
    /// Listens on a connection of its own.
    ///
    /// # Errors
    /// No connection.
    pub(super) async fn of_all_servers(pool: PgPool) -> Result<Self, sqlx::Error> {
        let listener = Some(Box::new(listen_on(&pool).await?));
        Ok(Self::AllServers { pool, listener })
    }

    /// The next signal; none where some may have been missed: a connection that was lost is
    /// remembered as lost until it is there again.
    pub(crate) async fn next(&mut self) -> Option<Signal> {
        match self {
            Self::OwnCommits(commits) => match commits.recv().await {
                Ok(signal) => Some(signal),
                Err(broadcast::error::RecvError::Lagged(_)) => None,
                // The database is closed for good.
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            },
            Self::AllServers { pool, listener } => loop {
                let Some(listening) = listener else {
                    match listen_on(pool).await {
                        Ok(again) => {
                            *listener = Some(Box::new(again));
                            // Whatever was said meanwhile was said to nobody.
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
                    // A newer server may speak of what this one does not know.
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
    // Or a loss would be mended in silence.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

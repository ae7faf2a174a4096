//! Distribution of signals from all servers to this server's event streams.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use domain::{Bot, BotId, Timestamp};
use tokio::sync::{OnceCell, broadcast};
use tokio::task::JoinHandle;
use tokio::time::interval;

use crate::clock::Clock;
use crate::crypto::server_secret::ServerSecret;
use crate::error::Failure;
use crate::login_codes::deliverable::{DeliverableCode, bot_owner, level_of};
use crate::store::sql::database::Database;
use crate::store::sql::signal::{Signal, Signals};
use crate::store::tables::{bot, identity, login_code};

/// Capacity of a stream's queue. A stream that falls further behind reads from the database.
const QUEUE: usize = 256;

/// Interval of the search for changed bots. Another process, such as the command line beside a
/// server on SQLite, can change a bot without a signal.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Overlap when reading from a point in time. Server clocks differ, and commit order can differ
/// from write order.
pub(crate) const OVERLAP: Duration = Duration::from_secs(10);

/// Event for all streams of a server.
#[derive(Clone)]
pub(crate) enum HubEvent {
    Announced(Arc<Announcement>),
    BotChanged(BotId),
    /// Signals may have been lost.
    Gap,
    /// The server is shutting down.
    End,
}

/// A code with the keys that may receive it.
///
/// The receivers are keys, not bots, so that a replaced key receives nothing more, even if other
/// signals were lost.
pub(crate) struct Announcement {
    pub(crate) code: DeliverableCode,
    pub(crate) hearers: HashSet<i64>,
}

/// The only listener of a server for signals of other servers.
pub(crate) struct EventHub {
    heard: broadcast::Sender<HubEvent>,
    /// Started with the first stream.
    listening: OnceCell<ListenerTask>,
    pub(crate) source: CodeReader,
}

/// Reads codes from the database and decrypts them.
#[derive(Clone)]
pub(crate) struct CodeReader {
    pub(crate) database: Database,
    secret: ServerSecret,
    pub(crate) clock: Clock,
}

struct ListenerTask(JoinHandle<()>);

impl Drop for ListenerTask {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl EventHub {
    pub(crate) fn new(database: Database, secret: ServerSecret, clock: Clock) -> Self {
        Self {
            heard: broadcast::Sender::new(QUEUE),
            listening: OnceCell::new(),
            source: CodeReader {
                database,
                secret,
                clock,
            },
        }
    }

    pub(crate) async fn subscribe(&self) -> Result<broadcast::Receiver<HubEvent>, Failure> {
        // Subscribes before listening starts, so that no signal is lost in between.
        let receiver = self.heard.subscribe();
        self.listening
            .get_or_try_init(|| async {
                let signals = self.source.database.listen().await?;
                let (source, heard) = (self.source.clone(), self.heard.clone());
                Ok::<_, Failure>(ListenerTask(tokio::spawn(listen(signals, source, heard))))
            })
            .await?;
        Ok(receiver)
    }

    /// Subscribes without starting the listener, for callers that only wait for shutdown.
    pub(crate) fn hear(&self) -> broadcast::Receiver<HubEvent> {
        self.heard.subscribe()
    }

    /// Ends all streams.
    pub(crate) fn end(&self) {
        // An error means that no stream is open.
        drop(self.heard.send(HubEvent::End));
    }
}

async fn listen(signals: Signals, source: CodeReader, heard: broadcast::Sender<HubEvent>) {
    // Run concurrently: neither cancels the other.
    tokio::join!(
        forward_signals(signals, &source, &heard),
        poll_bot_changes(&source, &heard)
    );
}

async fn forward_signals(
    mut signals: Signals,
    source: &CodeReader,
    heard: &broadcast::Sender<HubEvent>,
) {
    loop {
        let next = match signals.next().await {
            Some(Signal::CodeRequested(id)) => match source.announcement(id).await {
                Ok(Some(announcement)) => HubEvent::Announced(Arc::new(announcement)),
                // Already used or ended.
                Ok(None) => continue,
                Err(error) => {
                    tracing::error!(%error, "a code could not be announced");
                    HubEvent::Gap
                }
            },
            Some(Signal::BotChanged(bot)) => HubEvent::BotChanged(bot),
            None => HubEvent::Gap,
        };
        // An error means that no stream is open at the moment.
        drop(heard.send(next));
    }
}

async fn poll_bot_changes(source: &CodeReader, heard: &broadcast::Sender<HubEvent>) {
    let mut tick = interval(POLL_INTERVAL);
    let mut checked_at = source.clock.now();
    loop {
        tick.tick().await;
        let (since, now) = (checked_at, source.clock.now());
        match source.changed_since(since - OVERLAP).await {
            Ok(bots) => {
                checked_at = now;
                for bot in bots {
                    drop(heard.send(HubEvent::BotChanged(bot)));
                }
            }
            Err(error) => tracing::warn!(%error, "changed bots can't be looked for"),
        }
    }
}

impl CodeReader {
    async fn announcement(&self, id: i64) -> Result<Option<Announcement>, Failure> {
        let mut connection = self.database.read().await?;
        let found = login_code::announced(&mut connection, id, self.clock.now()).await?;
        let Some(pending) = found else {
            return Ok(None);
        };
        let holder = identity::holder(&mut connection, &pending.identity()?).await?;
        let level = level_of(&mut connection, &pending, holder.as_ref()).await?;
        let now = self.clock.now();
        let hearers =
            bot::keys_allowed_to_see(&mut connection, &pending.platform, level, now).await?;
        Ok(Some(Announcement {
            code: self.secret.deliverable(&pending)?,
            hearers: hearers.into_iter().collect(),
        }))
    }

    async fn changed_since(&self, since: Timestamp) -> Result<Vec<BotId>, Failure> {
        let mut connection = self.database.read().await?;
        Ok(bot::changed_since(&mut connection, since).await?)
    }

    /// Returns the pending codes announced since a time that the bot may receive, oldest first.
    pub(crate) async fn pending_for(
        &self,
        bot: &Bot,
        since: Timestamp,
    ) -> Result<Vec<DeliverableCode>, Failure> {
        let mut connection = self.database.read().await?;
        let now = self.clock.now();
        let owner = bot_owner(&mut connection, bot, now).await?;
        let Some(owner) = owner else {
            return Ok(Vec::new());
        };
        let found = login_code::announced_since(&mut connection, &bot.platform, since, now).await?;
        let mut codes = Vec::new();
        for pending in found {
            let holder = identity::holder(&mut connection, &pending.identity()?).await?;
            if level_of(&mut connection, &pending, holder.as_ref()).await? <= owner.level {
                codes.push(self.secret.deliverable(&pending)?);
            }
        }
        Ok(codes)
    }
}

/// How often a bot's stream records that the bot is connected.
pub(crate) const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(30);

//! What bots hear of at once: codes asked for on the web (contract section 4).
//!
//! Every server listens once. It reads a code that was announced once, finds out which bots
//! may hear of it, and hands it to the streams; a slow reader costs nothing but its place in
//! a bounded queue, and reads what is still pending from the database when it has fallen
//! behind.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use domain::{Bot, BotCallError, BotId, Client, Timestamp};
use tokio::sync::{OnceCell, broadcast};
use tokio::task::JoinHandle;
use tokio::time::{Instant, Interval, interval, interval_at, sleep_until};

use crate::bot_codes::{CarriedCode, bot_owner, level_of};
use crate::delivery::STILL_THERE;
use crate::server_secret::ServerSecret;
use crate::store::signal::{Signal, Signals};
use crate::store::{Database, bot, identity, login_code};
use crate::{Clock, Failure, Portal, Problem};

/// How far a stream may fall behind before it has to read from the database.
const QUEUE: usize = 256;
/// Another process, such as the command line beside a server on SQLite, can change a bot
/// without a signal.
const LOOK_FOR_CHANGES: Duration = Duration::from_secs(1);
/// Servers' clocks differ, and who wrote first may commit last.
const OVERLAP: Duration = Duration::from_secs(10);

/// What all streams of a server hear.
#[derive(Clone)]
pub(crate) enum Heard {
    Announced(Arc<Announcement>),
    BotChanged(BotId),
    /// Something may have been missed.
    Gap,
    /// The server stops.
    End,
}

/// A code, and who may hear of it: keys, not bots, so that a key that was replaced hears of
/// nothing more, whatever else was missed.
pub(crate) struct Announcement {
    code: CarriedCode,
    hearers: HashSet<i64>,
}

/// The one place of a server where it listens to others.
pub(crate) struct BotEvents {
    heard: broadcast::Sender<Heard>,
    /// Begun with the first stream.
    listening: OnceCell<Listening>,
    source: Source,
}

/// What it takes to read a code.
#[derive(Clone)]
struct Source {
    database: Database,
    secret: ServerSecret,
    clock: Clock,
}

struct Listening(JoinHandle<()>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl BotEvents {
    pub(crate) fn new(database: Database, secret: ServerSecret, clock: Clock) -> Self {
        Self {
            heard: broadcast::Sender::new(QUEUE),
            listening: OnceCell::new(),
            source: Source {
                database,
                secret,
                clock,
            },
        }
    }

    async fn subscribe(&self) -> Result<broadcast::Receiver<Heard>, Failure> {
        // Before the server listens, so that nothing falls between.
        let receiver = self.heard.subscribe();
        self.listening
            .get_or_try_init(|| async {
                let signals = self.source.database.listen().await?;
                let (source, heard) = (self.source.clone(), self.heard.clone());
                Ok::<_, Failure>(Listening(tokio::spawn(listen(signals, source, heard))))
            })
            .await?;
        Ok(receiver)
    }

    /// Hears what the streams hear, for those who only have to know when the server stops.
    pub(crate) fn hear(&self) -> broadcast::Receiver<Heard> {
        self.heard.subscribe()
    }

    /// Ends all streams.
    pub(crate) fn end(&self) {
        // Where nobody listens, nobody has to be told.
        drop(self.heard.send(Heard::End));
    }
}

async fn listen(signals: Signals, source: Source, heard: broadcast::Sender<Heard>) {
    // Beside each other, and neither cuts the other off.
    tokio::join!(
        pass_on(signals, &source, &heard),
        look_for_changes(&source, &heard)
    );
}

async fn pass_on(mut signals: Signals, source: &Source, heard: &broadcast::Sender<Heard>) {
    loop {
        let next = match signals.next().await {
            Some(Signal::CodeRequested(id)) => match source.announcement(id).await {
                Ok(Some(announcement)) => Heard::Announced(Arc::new(announcement)),
                // Used or withdrawn already.
                Ok(None) => continue,
                Err(error) => {
                    tracing::error!(%error, "a code could not be announced");
                    Heard::Gap
                }
            },
            Some(Signal::BotChanged(bot)) => Heard::BotChanged(bot),
            None => Heard::Gap,
        };
        // An error says that there is no stream at the moment.
        drop(heard.send(next));
    }
}

async fn look_for_changes(source: &Source, heard: &broadcast::Sender<Heard>) {
    let mut tick = interval(LOOK_FOR_CHANGES);
    let mut looked_at = source.clock.now();
    loop {
        tick.tick().await;
        let (since, now) = (looked_at, source.clock.now());
        match source.changed_since(since - OVERLAP).await {
            Ok(bots) => {
                looked_at = now;
                for bot in bots {
                    drop(heard.send(Heard::BotChanged(bot)));
                }
            }
            Err(error) => tracing::warn!(%error, "changed bots can't be looked for"),
        }
    }
}

impl Source {
    async fn announcement(&self, id: i64) -> Result<Option<Announcement>, Failure> {
        let mut connection = self.database.read().await?;
        let found = login_code::announced(&mut connection, id, self.clock.now()).await?;
        let Some(pending) = found else {
            return Ok(None);
        };
        let holder = identity::holder(&mut connection, &pending.identity()?).await?;
        let level = level_of(&mut connection, &pending, holder.as_ref()).await?;
        let now = self.clock.now();
        let hearers = bot::keys_reaching(&mut connection, &pending.platform, level, now).await?;
        Ok(Some(Announcement {
            code: self.secret.carried(&pending)?,
            hearers: hearers.into_iter().collect(),
        }))
    }

    async fn changed_since(&self, since: Timestamp) -> Result<Vec<BotId>, Failure> {
        let mut connection = self.database.read().await?;
        Ok(bot::changed_since(&mut connection, since).await?)
    }

    /// All codes asked for since a moment that the bot may hear of, oldest first.
    async fn pending_for(&self, bot: &Bot, since: Timestamp) -> Result<Vec<CarriedCode>, Failure> {
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
                codes.push(self.secret.carried(&pending)?);
            }
        }
        Ok(codes)
    }
}

/// The codes a bot hears of, one after the other.
pub struct BotEventStream {
    bot: Bot,
    key_id: i64,
    key_ends: Option<Timestamp>,
    source: Source,
    heard: broadcast::Receiver<Heard>,
    /// When to write down that the bot still listens.
    still_there: Interval,
    backlog: VecDeque<CarriedCode>,
    /// When the last code that was handed out was asked for, or when the stream began.
    read_up_to: Timestamp,
}

impl Portal {
    /// Opens the stream of a bot's events; one call of its key. With the number of the last
    /// code it heard of, all that are pending since come first; those of an unknown number
    /// are all that are pending. A bot may hear of a code twice.
    ///
    /// # Errors
    /// See [`BotCallError`].
    pub async fn bot_events(
        &self,
        key: Option<&str>,
        last_event: Option<i64>,
        client: &Client,
    ) -> Result<BotEventStream, Problem<BotCallError>> {
        let caller = self.call(key, client).await?;
        let heard = self.bot_events.subscribe().await?;
        let source = self.bot_events.source.clone();
        let now = self.now();
        let mut stream = BotEventStream {
            bot: caller.bot,
            key_id: caller.key_id,
            key_ends: caller.expires_at,
            source,
            heard,
            still_there: interval_at(Instant::now() + STILL_THERE, STILL_THERE),
            backlog: VecDeque::new(),
            read_up_to: now,
        };
        // It may have ended while the stream was being opened.
        if !stream.still_works().await {
            return Err(Problem::Refused(BotCallError::UnknownKey));
        }
        if let Some(last) = last_event {
            let since = {
                let mut connection = self.database.read().await?;
                login_code::created_at(&mut connection, last).await?
            };
            let since = since.map_or(Timestamp::from_micros(0), |since| since - OVERLAP);
            let pending = stream.source.pending_for(&stream.bot, since).await?;
            stream.backlog = pending.into_iter().filter(|code| code.id != last).collect();
        }
        Ok(stream)
    }

    /// Ends the streams of all bots, when the server stops.
    pub fn end_bot_events(&self) {
        self.bot_events.end();
    }
}

impl BotEventStream {
    /// The next code; none when the stream is over: key or bot have ended, or the server
    /// stops.
    pub async fn next(&mut self) -> Option<CarriedCode> {
        loop {
            if let Some(code) = self.backlog.pop_front() {
                // A slow reader may be given it long after it was read.
                if !self.still_works().await {
                    return None;
                }
                self.read_up_to = self.read_up_to.max(code.requested_from.at);
                return Some(code);
            }
            let left = self.key_ends.map(|end| end.since(self.source.clock.now()));
            let key_ends = async {
                match left {
                    Some(left) => sleep_until(Instant::now() + left).await,
                    None => std::future::pending().await,
                }
            };
            let heard = tokio::select! {
                heard = self.heard.recv() => heard,
                () = key_ends => return None,
                _ = self.still_there.tick() => {
                    self.note_presence().await;
                    continue;
                }
            };
            match heard {
                Ok(Heard::Announced(announcement)) => {
                    if announcement.hearers.contains(&self.key_id) {
                        let code = announcement.code.clone();
                        self.read_up_to = self.read_up_to.max(code.requested_from.at);
                        return Some(code);
                    }
                }
                Ok(Heard::BotChanged(bot)) => {
                    if bot == self.bot.id && !self.still_works().await {
                        return None;
                    }
                }
                Ok(Heard::Gap) | Err(broadcast::error::RecvError::Lagged(_)) => {
                    if !self.still_works().await || !self.catch_up().await {
                        return None;
                    }
                }
                Ok(Heard::End) | Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }

    /// Whether key and bot are still good. Where that can't be found out the stream ends, and
    /// the bot comes again.
    async fn still_works(&mut self) -> bool {
        let found = async {
            let mut connection = self.source.database.read().await?;
            let now = self.source.clock.now();
            bot::key_works_until(&mut connection, self.key_id, now).await
        };
        match found.await {
            Ok(Some(key_ends)) => {
                self.key_ends = key_ends;
                true
            }
            Ok(None) => false,
            Err(error) => {
                tracing::warn!(%error, "a bot's stream ends: its key can't be looked at");
                false
            }
        }
    }

    /// People who wait for a code are told whether a bot is there. A word that can't be written
    /// down is missed by nobody else, so the stream goes on.
    async fn note_presence(&self) {
        let noted = async {
            let mut transaction = self.source.database.begin().await?;
            let now = self.source.clock.now();
            bot::note_presence(&mut transaction, self.bot.id, now).await?;
            transaction.commit().await
        };
        if let Err(error) = noted.await {
            tracing::warn!(%error, "that a bot is there can't be written down");
        }
    }

    async fn catch_up(&mut self) -> bool {
        let since = self.read_up_to - OVERLAP;
        match self.source.pending_for(&self.bot, since).await {
            Ok(codes) => {
                self.backlog = codes.into();
                true
            }
            Err(error) => {
                tracing::warn!(%error, "a bot's stream ends: it can't catch up");
                false
            }
        }
    }
}

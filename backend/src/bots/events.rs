//! What bots hear of at once: codes asked for on the web (docs/contract.md, Bot events).
//!
//! Every server listens once. It reads a code that was announced once, finds out which bots
//! may hear of it, and hands it to the streams; a slow reader costs nothing but its place in
//! a bounded queue, and reads what is still pending from the database when it has fallen
//! behind.

use crate::bots::event_hub::CodeReader;
use crate::bots::event_hub::HubEvent;
use crate::bots::event_hub::OVERLAP;
use std::collections::VecDeque;

use domain::{Bot, BotCallError, Client, Timestamp};
use tokio::sync::broadcast;
use tokio::time::{Instant, Interval, interval_at, sleep_until};

use crate::bots::event_hub::HEARTBEAT_INTERVAL;
use crate::error::Problem;
use crate::login_codes::deliverable::DeliverableCode;
use crate::portal::Portal;
use crate::store::tables::{bot, login_code};

/// The codes a bot hears of, one after the other.
pub struct BotEventStream {
    bot: Bot,
    key_id: i64,
    key_ends: Option<Timestamp>,
    source: CodeReader,
    heard: broadcast::Receiver<HubEvent>,
    /// When to write down that the bot still listens.
    still_there: Interval,
    backlog: VecDeque<DeliverableCode>,
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
            still_there: interval_at(Instant::now() + HEARTBEAT_INTERVAL, HEARTBEAT_INTERVAL),
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
    pub fn close_bot_events(&self) {
        self.bot_events.end();
    }
}

impl BotEventStream {
    /// The next code; none when the stream is over: key or bot have ended, or the server
    /// stops.
    pub async fn next(&mut self) -> Option<DeliverableCode> {
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
                    self.record_presence().await;
                    continue;
                }
            };
            match heard {
                Ok(HubEvent::Announced(announcement)) => {
                    if announcement.hearers.contains(&self.key_id) {
                        let code = announcement.code.clone();
                        self.read_up_to = self.read_up_to.max(code.requested_from.at);
                        return Some(code);
                    }
                }
                Ok(HubEvent::BotChanged(bot)) => {
                    if bot == self.bot.id && !self.still_works().await {
                        return None;
                    }
                }
                Ok(HubEvent::Gap) | Err(broadcast::error::RecvError::Lagged(_)) => {
                    if !self.still_works().await || !self.catch_up().await {
                        return None;
                    }
                }
                Ok(HubEvent::End) | Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }

    /// Whether key and bot are still good. Where that can't be found out the stream ends, and
    /// the bot comes again.
    async fn still_works(&mut self) -> bool {
        let found = async {
            let mut connection = self.source.database.read().await?;
            let now = self.source.clock.now();
            bot::key_valid_until(&mut connection, self.key_id, now).await
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
    async fn record_presence(&self) {
        let noted = async {
            let mut transaction = self.source.database.begin().await?;
            let now = self.source.clock.now();
            bot::record_presence(&mut transaction, self.bot.id, now).await?;
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

//! Event streams of bots: codes requested on the web (docs/contract.md, Bot events).
//!
//! Each server has one listener. It reads an announced code once, finds the keys that may receive
//! it, and passes it to the streams. A slow reader costs only its place in a bounded queue. After
//! falling behind, it reads the pending codes from the database.

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

/// Stream of the codes that a bot may receive.
pub struct BotEventStream {
    bot: Bot,
    key_id: i64,
    key_ends: Option<Timestamp>,
    source: CodeReader,
    heard: broadcast::Receiver<HubEvent>,
    /// Ticks when the bot's presence must be recorded.
    still_there: Interval,
    backlog: VecDeque<DeliverableCode>,
    /// When the last returned code was requested, or when the stream was opened.
    read_up_to: Timestamp,
}

impl Portal {
    /// Opens the event stream of a bot. Counts as one call of its key.
    ///
    /// With the ID of the last received code, the stream starts with all codes pending since then.
    /// With an unknown ID, it starts with all pending codes. A bot may receive a code twice.
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
        // The key may have ended while the stream was being opened.
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

    /// Ends the streams of all bots when the server shuts down.
    pub fn close_bot_events(&self) {
        self.bot_events.end();
    }
}

impl BotEventStream {
    /// Returns the next code, or `None` when the stream has ended: the key or bot has ended, or the
    /// server is shutting down.
    pub async fn next(&mut self) -> Option<DeliverableCode> {
        loop {
            if let Some(code) = self.backlog.pop_front() {
                // The key may have ended since the backlog was read.
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

    /// Whether the key and the bot are still valid. If the check fails, the stream ends and the bot
    /// reconnects.
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

    /// Records that the bot is connected, which waiting login pages show. Best effort: a failure
    /// doesn't end the stream.
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

//! What a browser that waits for a code may know of its way.

use std::sync::Arc;
use std::time::Duration;

use domain::Client;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;

use crate::bots::event_hub::HubEvent;
use crate::crypto::secrets::Token;
use crate::error::Failure;
use crate::portal::Portal;
use crate::store::tables::bot;

/// A bot counts as there for so long after it was heard of: its stream says so every
/// [`HEARTBEAT_INTERVAL`], and one such word may come late.
const PRESENCE_TTL: Duration = Duration::from_secs(75);

/// How often a page that waits looks.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// Where a code is on its way to a person. It is judged by the bots of the platform alone, never
/// by what became of this code: whoever asks for somebody else's code must not learn whether
/// there is such a person (docs/contract.md, Code routes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// No bot of the platform is there to bring it.
    Waiting,
    /// A bot is there: it has been told.
    Told,
    /// It ran out, was used or was given up; or nothing was asked for.
    Over,
}

impl Delivery {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Told => "told",
            Self::Over => "over",
        }
    }
}

impl Portal {
    /// Where the code that this browser asked for is; no other's.
    ///
    /// # Errors
    /// The database can't be asked.
    pub async fn delivery(&self, browser: &Token, client: &Client) -> Result<Delivery, Failure> {
        let now = self.now();
        match self.awaited_code(browser, client).await? {
            Some(awaited) if awaited.expires_at > now => self.delivery_on(&awaited.platform).await,
            _ => Ok(Delivery::Over),
        }
    }

    /// The same for a code that is on its way on a platform.
    ///
    /// # Errors
    /// The database can't be asked.
    pub async fn delivery_on(&self, platform: &str) -> Result<Delivery, Failure> {
        let mut connection = self.database.read().await?;
        let since = self.now() - PRESENCE_TTL;
        Ok(if bot::is_there(&mut connection, platform, since).await? {
            Delivery::Told
        } else {
            Delivery::Waiting
        })
    }
}

/// The way of a browser's code, each time it changes.
pub struct DeliveryStream {
    portal: Arc<Portal>,
    browser: Token,
    client: Client,
    stop: broadcast::Receiver<HubEvent>,
    last: Option<Delivery>,
}

impl Portal {
    /// Watches the code that this browser asked for.
    #[must_use]
    pub fn watch_delivery(self: Arc<Self>, browser: Token, client: Client) -> DeliveryStream {
        DeliveryStream {
            stop: self.bot_events.hear(),
            portal: self,
            browser,
            client,
            last: None,
        }
    }
}

impl DeliveryStream {
    /// The next change, the state of now at first; none after [`Delivery::Over`], when the server
    /// stops, or when the database can't be asked: the browser comes again.
    pub async fn next(&mut self) -> Option<Delivery> {
        while self.last != Some(Delivery::Over) {
            let now = match self.portal.delivery(&self.browser, &self.client).await {
                Ok(delivery) => delivery,
                Err(error) => {
                    tracing::warn!(%error, "the way of a code can't be watched");
                    return None;
                }
            };
            if self.last.replace(now) != Some(now) {
                return Some(now);
            }
            if self.stops_within(POLL_INTERVAL).await {
                return None;
            }
        }
        None
    }

    async fn stops_within(&mut self, pause: Duration) -> bool {
        let stop = async {
            while !matches!(
                self.stop.recv().await,
                Ok(HubEvent::End) | Err(RecvError::Closed)
            ) {}
        };
        timeout(pause, stop).await.is_ok()
    }
}

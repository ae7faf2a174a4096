//! Delivery status of a code, as the waiting browser sees it.

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

/// How long a bot counts as connected after its last activity. Its stream records presence every
/// `HEARTBEAT_INTERVAL`, and one record may be late.
const PRESENCE_TTL: Duration = Duration::from_secs(75);

/// How often a waiting page checks the status.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// Delivery status of a code.
///
/// It depends only on the bots of the platform, never on this code, so that it doesn't reveal
/// whether the identity has an account (docs/contract.md, Code routes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// No bot of the platform is connected.
    Waiting,
    /// A bot is connected and has been notified.
    Told,
    /// The code expired, was used or ended, or no code was requested.
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
    /// Returns the delivery status of the code that this browser requested.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn delivery(&self, browser: &Token, client: &Client) -> Result<Delivery, Failure> {
        let now = self.now();
        match self.awaited_code(browser, client).await? {
            Some(awaited) if awaited.expires_at > now => self.delivery_on(&awaited.platform).await,
            _ => Ok(Delivery::Over),
        }
    }

    /// Returns the delivery status of pending codes on a platform.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
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

/// Stream of the delivery status of a browser's code.
pub struct DeliveryStream {
    portal: Arc<Portal>,
    browser: Token,
    client: Client,
    stop: broadcast::Receiver<HubEvent>,
    last: Option<Delivery>,
}

impl Portal {
    /// Watches the code that this browser requested.
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
    /// Returns the current status first, then each change.
    ///
    /// `None` after [`Delivery::Over`], when the server shuts down, or when the database can't be
    /// queried. The browser then reconnects.
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

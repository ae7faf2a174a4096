//! The mail service. Messages are sealed and queued in the transaction that causes them, sent
//! after its commit at least once with the same Message-ID, and deleted after that
//! (docs/contract.md, Email and mail).

use crate::config::MailConfig;
use crate::mail::transport::MailSetUpError;
use crate::mail::transport::MailTransport;
use std::sync::Arc;

use tokio::sync::Notify;
#[cfg(feature = "testing")]
use tokio::sync::watch;

use crate::mail::message::Mailer;

/// The portal's mail transport, renderer and delivery signals.
pub(crate) struct MailService {
    pub(crate) transport: MailTransport,
    pub(super) mailer: Mailer,
    /// Notified when a message was queued.
    pub(crate) queued: Arc<Notify>,
    /// The number of completed delivery rounds.
    #[cfg(feature = "testing")]
    pub(crate) rounds: watch::Sender<u64>,
}

impl MailService {
    /// # Errors
    /// [`MailSetUpError::Sender`].
    pub(crate) fn new(config: &MailConfig) -> Result<Self, MailSetUpError> {
        Ok(Self {
            transport: config.transport.clone(),
            mailer: Mailer::new(config)?,
            queued: Arc::default(),
            #[cfg(feature = "testing")]
            rounds: watch::Sender::default(),
        })
    }

    /// Checks whether mail can be sent now, without sending any. Both results are one sentence.
    pub(crate) async fn test_connection(&self) -> Result<String, String> {
        self.transport.test_connection().await
    }
}

//! Mail: queued in the transaction of what caused it, sealed; sent after the commit, at
//! least once, with one Message-ID; wiped after that (docs/contract.md, Email and mail).

use crate::config::MailConfig;
use crate::mail::transport::MailSetUpError;
use crate::mail::transport::MailTransport;
use std::sync::Arc;

use tokio::sync::{Notify, watch};

use crate::mail::message::Mailer;

/// The portal's mail room.
pub(crate) struct MailService {
    pub(crate) transport: MailTransport,
    pub(super) mailer: Mailer,
    /// Woken when a message was queued.
    pub(crate) queued: Arc<Notify>,
    /// How many rounds of delivery ended.
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
            rounds: watch::Sender::default(),
        })
    }

    /// Finds out whether mail could be sent now, without sending any: one sentence either way.
    pub(crate) async fn test_connection(&self) -> Result<String, String> {
        self.transport.test_connection().await
    }
}

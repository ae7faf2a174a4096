//! Mail delivery. A message is sent after the commit that queued it, at least once, with
//! identical bytes on every attempt (docs/contract.md, Email and mail).

use std::sync::Arc;
use std::time::Duration;

use tokio::select;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::crypto::server_secret::Purpose;
use crate::error::Failure;
use crate::mail::message::SealedMail;
use crate::mail::transport::SendError;
use crate::portal::Portal;
use crate::store::tables::mail_queue::{self, ClaimedMail};

use crate::mail::transport::MailSetUpError;

/// The result of [`Portal::deliver_mail`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryReport {
    pub sent: usize,
    /// Messages to be retried later.
    pub postponed: usize,
    /// Messages given up, or expired before they could be sent.
    pub dropped: usize,
}

/// The outcome of one claimed message.
enum DeliveryResult {
    Sent,
    Dropped,
    Postponed,
    /// Postponed because the mail server accepts no mail at all. The rest of the batch isn't
    /// attempted.
    NobodyThere,
}

/// How long a claim lasts. Sending always takes less, so two servers never send the same message
/// at the same time.
const LEASE: Duration = Duration::from_mins(2);

/// The delays after the first, second, … failure. The last one repeats.
const RETRY_DELAYS: [Duration; 5] = [
    Duration::from_secs(10),
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(15),
    Duration::from_hours(1),
];

/// How long a message is retried before it is dropped.
const RETRY_LIMIT: Duration = Duration::from_hours(72);

/// How many permanent rejections, spread over 21 minutes, drop a message. Retrying for days would
/// harm the portal's reputation as a sender.
const MAX_REJECTIONS: i64 = 5;

/// How often a server checks for messages that other servers queued and for due retries.
const POLL_INTERVAL: Duration = Duration::from_secs(5);

/// How long messages in delivery may take when the server stops.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);

const BATCH_SIZE: i64 = 20;

fn pause_after(attempts: i64) -> Duration {
    let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(0);
    RETRY_DELAYS[index.min(RETRY_DELAYS.len() - 1)]
}

/// Waits until the channel closes.
async fn closed(channel: &mut watch::Receiver<()>) {
    while channel.changed().await.is_ok() {}
}

impl Portal {
    /// Checks that mail can be sent, as far as this is possible in advance.
    ///
    /// # Errors
    /// See [`MailSetUpError`].
    pub fn prepare_mail(&self) -> Result<(), MailSetUpError> {
        self.mail.transport.prepare()
    }

    /// Sends all due messages until none is left or the mail server accepts none.
    ///
    /// Any number of servers may run this at once: one conditional statement claims a message for
    /// a limited time, and sending happens outside of any transaction. If the server or the
    /// database fails meanwhile, the message is sent again with identical bytes.
    ///
    /// # Errors
    /// The database can't be used. An error from the mail server isn't an error here; it causes a
    /// retry.
    pub async fn deliver_mail(&self) -> Result<DeliveryReport, Failure> {
        let mut round = DeliveryReport::default();
        loop {
            let due = {
                let mut connection = self.database.read().await?;
                mail_queue::due(&mut connection, self.now(), BATCH_SIZE).await?
            };
            let mut claimed = 0;
            for id in due {
                let Some(mail) = self.claim_mail(id).await? else {
                    continue;
                };
                claimed += 1;
                match self.deliver(&mail).await? {
                    DeliveryResult::Sent => round.sent += 1,
                    DeliveryResult::Dropped => round.dropped += 1,
                    DeliveryResult::Postponed => round.postponed += 1,
                    DeliveryResult::NobodyThere => {
                        round.postponed += 1;
                        return Ok(round);
                    }
                }
            }
            // Other servers have claimed the remaining due messages.
            if claimed == 0 {
                return Ok(round);
            }
        }
    }

    /// Delivers mail until the channel closes: immediately after a commit on this server, and
    /// every few seconds for the other servers. Neither an error nor a panic stops it.
    pub async fn deliver_mail_until(self: Arc<Self>, mut stop: watch::Receiver<()>) {
        let mut rounds = JoinSet::new();
        loop {
            let portal = self.clone();
            rounds.spawn(async move { portal.deliver_mail().await });
            let ended = select! {
                ended = rounds.join_next() => ended,
                () = closed(&mut stop) => {
                    // Messages unsent by then are sent after the next start.
                    drop(timeout(SHUTDOWN_GRACE, rounds.join_next()).await);
                    return;
                }
            };
            match ended {
                Some(Ok(Err(failure))) => tracing::error!(error = %failure, "mail is waiting"),
                // The panic hook has already logged the panic.
                Some(Err(error)) => tracing::error!(error = %error, "mail is waiting"),
                Some(Ok(Ok(_))) | None => {}
            }
            #[cfg(feature = "testing")]
            self.mail.rounds.send_modify(|rounds| *rounds += 1);
            select! {
                () = self.mail.queued.notified() => {}
                () = sleep(POLL_INTERVAL) => {}
                () = closed(&mut stop) => return,
            }
        }
    }

    async fn claim_mail(&self, id: i64) -> Result<Option<ClaimedMail>, Failure> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        let mail = mail_queue::claim(&mut transaction, id, now, now + LEASE).await?;
        transaction.commit().await?;
        Ok(mail)
    }

    async fn deliver(&self, mail: &ClaimedMail) -> Result<DeliveryResult, Failure> {
        let now = self.now();
        if mail.expires_at.is_some_and(|expires_at| expires_at <= now) {
            self.wipe(mail).await?;
            let message_id = &mail.message_id;
            if mail.is_decoy() {
                tracing::debug!(message_id, "mail to nobody dropped");
            } else {
                tracing::warn!(message_id, attempts = mail.attempts, "mail ran out unsent");
            }
            return Ok(DeliveryResult::Dropped);
        }
        let error = match self.send(mail).await {
            Ok(()) => {
                self.wipe(mail).await?;
                return Ok(DeliveryResult::Sent);
            }
            Err(error) => error,
        };
        let now = self.now();
        let refused = matches!(error, SendError::Refused(_)) && mail.attempts >= MAX_REJECTIONS;
        if refused || now.since(mail.created_at) >= RETRY_LIMIT {
            self.wipe(mail).await?;
            let message_id = &mail.message_id;
            tracing::error!(message_id, attempts = mail.attempts, error = %error, "mail given up");
            return Ok(DeliveryResult::Dropped);
        }
        let pause = pause_after(mail.attempts);
        let mut transaction = self.begin().await?;
        mail_queue::postpone(&mut transaction, mail, now + pause).await?;
        transaction.commit().await?;
        tracing::warn!(
            message_id = mail.message_id,
            attempts = mail.attempts,
            again_in_seconds = pause.as_secs(),
            error = %error,
            "mail not sent"
        );
        Ok(match error {
            SendError::Away(_) => DeliveryResult::NobodyThere,
            SendError::Deferred(_) | SendError::Refused(_) | SendError::Unreadable => {
                DeliveryResult::Postponed
            }
        })
    }

    async fn send(&self, mail: &ClaimedMail) -> Result<(), SendError> {
        let unreadable = |_| SendError::Unreadable;
        let plain = self.secret.open(Purpose::Mail, mail.id, &mail.sealed);
        let sealed = SealedMail::from_bytes(&plain.map_err(unreadable)?).map_err(unreadable)?;
        let outgoing = self.mail.mailer.outgoing(sealed, mail);
        self.mail.transport.send(outgoing).await
    }

    async fn wipe(&self, mail: &ClaimedMail) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        mail_queue::delete(&mut transaction, mail.id).await?;
        transaction.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::transport::SEND_TIMEOUT;

    #[test]
    fn the_pauses_grow_up_to_an_hour() {
        let seconds = |attempts| pause_after(attempts).as_secs();
        let pauses: Vec<u64> = (1..=7).map(seconds).collect();
        assert_eq!(pauses, [10, 60, 300, 900, 3600, 3600, 3600]);
        assert_eq!(seconds(i64::MAX), 3600);
    }

    #[test]
    fn nobody_claims_a_message_that_may_still_be_on_its_way() {
        assert!(LEASE > 2 * SEND_TIMEOUT);
    }
}

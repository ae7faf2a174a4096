//! The mail queue. Messages are sealed and queued in the transaction that causes them.

use domain::{EmailAddress, Timestamp};

use crate::crypto::secrets::random_id;
use crate::crypto::server_secret::Purpose;
use crate::error::Failure;
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::tables::mail_queue::{self, NewMail};

use crate::mail::template::EmailTemplate;

impl Portal {
    /// Queues an email in the caller's transaction: a rollback removes it, and a commit triggers
    /// its delivery.
    ///
    /// # Errors
    /// The database can't be written, or the system's random generator failed.
    pub(crate) async fn queue_mail(
        &self,
        transaction: &mut Transaction,
        to: &EmailAddress,
        letter: &EmailTemplate<'_>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        self.queue(transaction, to, letter, (now, letter.expires_at()))
            .await
    }

    async fn queue(
        &self,
        transaction: &mut Transaction,
        to: &EmailAddress,
        letter: &EmailTemplate<'_>,
        (now, expires_at): (Timestamp, Option<Timestamp>),
    ) -> Result<(), Failure> {
        let (id, message_id) = (random_id()?, self.mail.mailer.new_message_id()?);
        let mail = self.mail.mailer.write(to, letter, &message_id, now)?;
        let sealed = self.secret.seal(Purpose::Mail, id, &mail.to_bytes())?;
        let row = NewMail {
            id,
            sealed: &sealed,
            message_id: &message_id,
            created_at: now,
            expires_at,
        };
        mail_queue::insert(transaction, &row).await?;
        transaction.wake_by_commit(&self.mail.queued);
        Ok(())
    }

    /// Queues an already expired email without a recipient. It does the same work as
    /// [`queue_mail`](Self::queue_mail), so the response time doesn't reveal whether an account
    /// exists.
    ///
    /// # Errors
    /// The same.
    pub(crate) async fn queue_decoy(
        &self,
        transaction: &mut Transaction,
        letter: &EmailTemplate<'_>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let nobody = "nobody@portal.invalid".parse::<EmailAddress>();
        let nobody = nobody.map_err(|error| Failure::Internal(format!("{error:?}").into()))?;
        let long_ago = Some(Timestamp::from_micros(0));
        self.queue(transaction, &nobody, letter, (now, long_ago))
            .await
    }
}

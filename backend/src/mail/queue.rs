//! Mail is queued, sealed, in the transaction of what caused it.

use domain::{EmailAddress, Timestamp};

use crate::crypto::secrets::random_id;
use crate::crypto::server_secret::Purpose;
use crate::error::Failure;
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::tables::mail_queue::{self, NewMail};

use crate::mail::template::EmailTemplate;

impl Portal {
    /// Queues a letter, as part of what caused it: rolled back with it, sent soon after the
    /// commit.
    ///
    /// # Errors
    /// The database can't be written, or the system's generator failed.
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

    /// Queues a letter to nobody, which has run out before anybody sends it: the same work as
    /// [`queue_mail`](Self::queue_mail), where a letter would tell that there is somebody.
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

//! The emails of tests: queued by a test, and received in its mail folder.

use std::collections::BTreeSet;

use domain::EmailAddress;
use tokio::time::timeout;

use crate::mail::template::EmailTemplate;
use crate::portal::Portal;
use crate::store::sql::connection::query;
use crate::store::sql::database::Transaction;
use crate::testing::portal::TestPortal;
use crate::testing::received_mail::ReceivedMail;
use crate::testing::received_mail::messages_in;
use crate::testing::rows::column;
use crate::testing::timing::minutes;

impl TestPortal {
    /// Queues an email without any other cause.
    pub async fn queue(&self, to: &str, letter: &EmailTemplate<'_>) {
        queue(&self.portal, to, letter).await;
    }

    /// The emails to this address, oldest first; those of the same moment in any order. Delivers
    /// due mail before it looks.
    pub async fn mail_to(&self, address: &str) -> Vec<ReceivedMail> {
        self.deliver_mail().await.expect("a round");
        let mut seen = self.mail.lock().expect("the mail");
        let known: BTreeSet<String> = seen.iter().map(|(name, _)| name.clone()).collect();
        let arrived = messages_in(&self.mail_folder());
        seen.extend(
            arrived
                .into_iter()
                .filter(|(name, _)| !known.contains(name)),
        );
        let letters = seen.iter().map(|(_, mail)| mail);
        letters
            .filter(|mail| mail.header("To") == address)
            .cloned()
            .collect()
    }

    /// The last email to this address. Panics if there is none.
    pub async fn last_mail_to(&self, address: &str) -> ReceivedMail {
        let letters = self.mail_to(address).await;
        letters.last().expect("a letter").clone()
    }

    /// The last code that was sent to this address. Panics if there is none.
    pub async fn last_code_to(&self, address: &str) -> String {
        let letters = self.mail_to(address).await;
        let mut codes = letters.iter().rev();
        let last = codes.find(|mail| mail.header("Subject").starts_with("Your code"));
        last.expect("a letter with a code").code()
    }

    /// The folder where this portal's emails are saved.
    #[must_use]
    pub fn mail_folder(&self) -> std::path::PathBuf {
        self.folder.path().join("mail")
    }

    /// The stored bytes of every queued message.
    pub async fn stored_mail(&self) -> Vec<(Vec<u8>, String)> {
        let mut connection = self.database.read().await.expect("a connection");
        query("select message_ciphertext, message_id from mail_queue order by created_at")
            .fetch_all(&mut connection)
            .await
            .expect("the queue")
            .iter()
            .map(|row| (column(row, "message_ciphertext"), column(row, "message_id")))
            .collect()
    }

    /// Waits until this many mail delivery rounds have completed.
    pub async fn until_mail_rounds(&self, ended: u64) {
        let mut rounds = self.portal.mail.rounds.subscribe();
        let enough = rounds.wait_for(|rounds| *rounds >= ended);
        let enough = timeout(minutes(1), enough).await.expect("rounds in time");
        enough.expect("a portal");
    }
}

/// Queues an email in its own transaction.
pub async fn queue(portal: &Portal, to: &str, letter: &EmailTemplate<'_>) {
    let mut transaction = portal.begin().await.expect("a transaction");
    queue_in(portal, &mut transaction, to, letter).await;
    transaction.commit().await.expect("a commit");
}

async fn queue_in(
    portal: &Portal,
    transaction: &mut Transaction,
    to: &str,
    letter: &EmailTemplate<'_>,
) {
    let to: EmailAddress = to.parse().expect("an address");
    let queued = portal.queue_mail(transaction, &to, letter, portal.now());
    queued.await.expect("a queued letter");
}

/// Queues an email in a transaction that is rolled back.
pub async fn queue_and_roll_back(portal: &Portal, to: &str, letter: &EmailTemplate<'_>) {
    let mut transaction = portal.begin().await.expect("a transaction");
    queue_in(portal, &mut transaction, to, letter).await;
}

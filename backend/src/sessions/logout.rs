use domain::{Client, EndReason};

use crate::audit::event::Event;
use crate::error::Failure;
use crate::portal::Portal;
use crate::sessions::authenticate::Person;
use crate::store::tables::session;

impl Portal {
    /// Ends the current session, effective with its next request on every server. Ending an ended
    /// session changes nothing.
    ///
    /// # Errors
    /// The database can't be written. The session is then still live.
    pub async fn sign_out(&self, person: &Person, client: &Client) -> Result<(), Failure> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        if session::end(
            &mut transaction,
            person.session.id,
            EndReason::SignedOut,
            now,
        )
        .await?
        {
            let event = Event::SignedOut {
                user: person.user.id,
            };
            event.record(&mut transaction, Some(client), now).await?;
        }
        Ok(transaction.commit().await?)
    }
}

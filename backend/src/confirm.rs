use domain::{Client, ConfirmError, Password, Session, Timestamp};

use crate::audit::Event;
use crate::password_hashing::Busy;
use crate::store::{session, user};
use crate::{Failure, Person, Portal, Problem};

impl Portal {
    /// Whether a person has a password to show.
    ///
    /// # Errors
    /// The database can't be asked.
    pub async fn has_password(&self, person: &Person) -> Result<bool, Failure> {
        let mut connection = self.database.read().await?;
        let password = user::password_of(&mut connection, person.user.id).await?;
        Ok(password.is_some())
    }

    /// Makes a session fresh by the person's password; answers until when it is
    /// (contract section 3).
    ///
    /// # Errors
    /// See [`ConfirmError`].
    pub async fn confirm(
        &self,
        person: &Person,
        password: &str,
        client: &Client,
    ) -> Result<Timestamp, Problem<ConfirmError>> {
        let stored = {
            let mut connection = self.database.read().await?;
            user::password_of(&mut connection, person.user.id).await?
        };
        let Some(stored) = stored else {
            return Err(Problem::Refused(ConfirmError::NoPassword));
        };
        let right = match Password::parse(password) {
            Ok(password) => self
                .passwords
                .check(&password, Some(stored.clone()))
                .await
                .map_err(|problem| problem.map(|Busy| ConfirmError::Busy))?,
            Err(_) => false,
        };
        let now = self.now();
        let mut transaction = self.begin().await?;
        // Hashing took its time: the password may have been changed meanwhile.
        let user = if right {
            user::with_password(&mut transaction, person.user.id, &stored, now).await?
        } else {
            None
        };
        let fresh = match user {
            Some(_) => session::freshen(&mut transaction, person.session.id, now).await?,
            None => false,
        };
        let event = if fresh {
            Event::Confirmed {
                user: person.user.id,
            }
        } else {
            Event::ConfirmRefused {
                user: person.user.id,
            }
        };
        event.record(&mut transaction, Some(client), now).await?;
        transaction.commit().await?;
        if fresh {
            Ok(now + Session::FRESH)
        } else {
            Err(Problem::Refused(ConfirmError::WrongPassword))
        }
    }
}

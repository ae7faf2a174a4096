use domain::{Client, ConfirmError, SecondFactorInput, Session, Timestamp};

use crate::audit::event::Event;
use crate::crypto::password_hash::StoredPassword;
use crate::error::{Failure, Problem};
use crate::passwords::attempts::{AttemptTarget, PasswordAttempt, RateLimited};
use crate::passwords::hasher::Busy;
use crate::portal::Portal;
use crate::second_factor::context::{FactorContext, FactorOutcome};
use crate::sessions::authenticate::{Person, record_failed_reauth};
use crate::store::tables::{session, user};

/// What a person presents to make their login fresh.
pub enum Proof<'a> {
    Password(&'a str),
    Factor(SecondFactorInput),
}

impl Portal {
    /// Whether the person has a password.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn has_password(&self, person: &Person) -> Result<bool, Failure> {
        let mut connection = self.database.read().await?;
        let password = user::password_of(&mut connection, person.user.id).await?;
        Ok(password.is_some())
    }

    /// Makes the session fresh by password or second factor, and returns until when
    /// (docs/contract.md, Fresh login).
    ///
    /// # Errors
    /// See [`ConfirmError`].
    pub async fn confirm(
        &self,
        person: &Person,
        proof: &Proof<'_>,
        client: &Client,
    ) -> Result<Timestamp, Problem<ConfirmError>> {
        let checked = match proof {
            Proof::Password(password) => Some(self.check_own(person, password, client).await?),
            Proof::Factor(_) => None,
        };
        let (checked, attempt) = checked.unzip();
        let now = self.now();
        let mut transaction = self.begin().await?;
        let error = match proof {
            Proof::Password(_) => {
                // The password may have been changed during hashing.
                let same = match checked.flatten() {
                    Some(stored) => {
                        user::with_password(&mut transaction, person.user.id, &stored, now).await?
                    }
                    None => None,
                };
                match (&same, attempt) {
                    (Some(_), Some(attempt)) => attempt.refund(&mut transaction).await?,
                    (None, Some(attempt)) => {
                        self.record_wrong_password(&mut transaction, &attempt, client, now)
                            .await?;
                    }
                    (_, None) => {}
                }
                same.is_none().then_some(ConfirmError::WrongPassword)
            }
            Proof::Factor(shown) => {
                let place = FactorContext::Session(person.session.id);
                match self
                    .verify_factor(&mut transaction, person.user.id, shown, place, now)
                    .await?
                {
                    FactorOutcome::Right(kind) => {
                        let session = person.session.id;
                        session::record_factor(&mut transaction, session, Some(kind)).await?;
                        None
                    }
                    FactorOutcome::Wrong => Some(ConfirmError::WrongFactor),
                    FactorOutcome::Wait { retry_after } => {
                        Some(ConfirmError::TooManyFactorAttempts { retry_after })
                    }
                }
            }
        };
        let ended =
            error.is_none() && !session::freshen(&mut transaction, person.session.id, now).await?;
        let error = error.or(ended.then_some(ConfirmError::WrongPassword));
        if matches!(
            error,
            Some(ConfirmError::WrongPassword | ConfirmError::WrongFactor)
        ) {
            record_failed_reauth(&mut transaction, person.session.id, now).await?;
        }
        let user = person.user.id;
        let event = match error {
            None => Event::Confirmed { user },
            Some(_) => Event::ConfirmRefused { user },
        };
        event.record(&mut transaction, Some(client), now).await?;
        transaction.commit().await?;
        match error {
            None => Ok(now + Session::FRESH),
            Some(error) => Err(Problem::Refused(error)),
        }
    }

    /// Returns the stored password hash if the password matches, and the counted attempt.
    async fn check_own(
        &self,
        person: &Person,
        password: &str,
        client: &Client,
    ) -> Result<(Option<StoredPassword>, PasswordAttempt), Problem<ConfirmError>> {
        let stored = {
            let mut connection = self.database.read().await?;
            user::password_of(&mut connection, person.user.id).await?
        };
        let Some(stored) = stored else {
            return Err(Problem::Refused(ConfirmError::NoPassword));
        };
        let guessed = AttemptTarget::Person(person.user.id);
        let attempt = match self.count_password_attempt(guessed, client).await? {
            Ok(attempt) => attempt,
            Err(RateLimited { retry_after }) => {
                return Err(Problem::Refused(ConfirmError::TooManyAttempts {
                    retry_after,
                }));
            }
        };
        let compared = attempt.counts().then(|| stored.clone());
        let checked = self.check_attempt(password, compared, attempt).await;
        let (right, attempt) = checked.map_err(|problem| problem.map(|Busy| ConfirmError::Busy))?;
        Ok((right.then_some(stored), attempt))
    }
}

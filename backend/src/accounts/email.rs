//! A person's email address, and its confirmation by a link sent to it (docs/contract.md, Email and
//! mail).

use std::time::Duration;

use domain::{
    Client, ConfirmEmailError, EmailAddress, EndReason, FactorError, FactorKind, SecondFactorInput,
    SetEmailError, Timestamp, UserId,
};

use crate::audit::event::Event;
use crate::crypto::secrets::Token;
use crate::error::{Failure, Problem};
use crate::mail::template::EmailTemplate;
use crate::portal::Portal;
use crate::rate_limit::budget::{Budget, BudgetExhausted};
use crate::rate_limit::window::Limit;
use crate::sessions::authenticate::Person;
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::tables::pending_email::{self, PendingEmail};
use crate::store::tables::{challenge, email_code, factor, session, user};

/// Lifetime of the link in a confirmation email.
pub(crate) const LINK_TTL: Duration = Duration::from_hours(24);

/// Confirmation emails that one person may request, to any addresses (security A26).
const EMAILS_BY_PERSON: Budget = Budget {
    name: "confirm_email_by",
    limits: &[
        Limit::new(3, Duration::from_mins(10)),
        Limit::new(6, Duration::from_hours(1)),
        Limit::new(12, Duration::from_hours(24)),
    ],
};
/// Confirmation emails to one address, from all requesters together. Prevents flooding an inbox.
const EMAILS_TO_ADDRESS: Budget = Budget {
    name: "confirm_email_to",
    limits: &[
        Limit::new(3, Duration::from_hours(1)),
        Limit::new(8, Duration::from_hours(24)),
    ],
};

/// Request to set or change a person's email address.
#[derive(Clone, Copy)]
pub struct SetEmail<'a> {
    pub person: &'a Person,
    pub email: &'a EmailAddress,
    /// Required if email codes are a second factor, because the change redirects those codes.
    pub factor: Option<&'a SecondFactorInput>,
    pub client: &'a Client,
}

/// What a live confirmation link would confirm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailOffer {
    pub username: String,
    pub email: EmailAddress,
}

/// An address that is not confirmed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingEmailView {
    pub email: EmailAddress,
    /// When the confirmation link expires.
    pub expires_at: Timestamp,
}

impl Portal {
    /// Sends a confirmation link to a new address.
    ///
    /// The address becomes the person's when the link is followed. Until then the verified address
    /// stays in use. The response doesn't reveal whether another account uses the address.
    ///
    /// # Errors
    /// See [`SetEmailError`].
    pub async fn set_email(&self, request: SetEmail<'_>) -> Result<(), Problem<SetEmailError>> {
        let SetEmail {
            person,
            email,
            factor,
            client,
        } = request;
        let refused = |error| Err(Problem::Refused(error));
        let now = self.now();
        let mut transaction = self.begin().await?;
        // The session may have ended since the request was authenticated.
        let here = self.session_if_live(&mut transaction, person, now).await?;
        let Some(Person { user, session, .. }) = here else {
            return refused(SetEmailError::NotFresh);
        };
        if !session.is_fresh(now) {
            return refused(SetEmailError::NotFresh);
        }
        let verified = user.verified_email();
        if verified.is_some_and(|own| own.key() == email.key()) {
            // The person returned to their verified address, so the pending change is dropped.
            pending_email::delete(&mut transaction, user.id).await?;
            transaction.commit().await?;
            return refused(SetEmailError::AlreadyVerified);
        }
        if self.has_email_factor(&mut transaction, user.id).await? {
            let Some(shown) = factor else {
                return refused(SetEmailError::FactorMissing);
            };
            let shown = self.require_fresh_factor(&mut transaction, person, shown, client, now);
            if let Err(error) = shown.await? {
                transaction.commit().await?;
                return refused(match error {
                    FactorError::TooManyFactorAttempts { retry_after } => {
                        SetEmailError::TooManyFactorAttempts { retry_after }
                    }
                    FactorError::NotFresh => SetEmailError::NotFresh,
                    _ => SetEmailError::WrongFactor,
                });
            }
        }
        let subject = user.id.as_i64().to_le_bytes();
        let by_person = self.spend(&mut transaction, EMAILS_BY_PERSON, &subject, now);
        if let Err(BudgetExhausted { retry_after }) = by_person.await? {
            return refused(SetEmailError::TooManyLetters { retry_after });
        }
        let pending = PendingEmail {
            user_id: user.id,
            email: email.clone(),
            session_id: Some(person.session.id),
            created_at: now,
            expires_at: now + LINK_TTL,
        };
        let asked = self.ask_to_confirm(&mut transaction, &pending).await?;
        if let Err(BudgetExhausted { retry_after }) = asked {
            return refused(SetEmailError::TooManyLetters { retry_after });
        }
        if user.verified_email().is_none() {
            user::set_unverified_email(&mut transaction, user.id, email, now).await?;
        }
        let event = Event::EmailAsked { user: user.id };
        event.record(&mut transaction, Some(client), now).await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn has_email_factor(
        &self,
        transaction: &mut Transaction,
        user_id: UserId,
    ) -> Result<bool, Failure> {
        let factors = factor::of_user(transaction, user_id).await?;
        let mut factors = factors.iter();
        Ok(factors.any(|factor| factor.kind == FactorKind::Email && factor.confirmed_at.is_some()))
    }

    /// Stores the unconfirmed address and queues the confirmation email.
    pub(crate) async fn ask_to_confirm(
        &self,
        transaction: &mut Transaction,
        pending: &PendingEmail,
    ) -> Result<Result<(), BudgetExhausted>, Failure> {
        let now = pending.created_at;
        let key = pending.email.key();
        let to_address = self.spend(transaction, EMAILS_TO_ADDRESS, key.as_bytes(), now);
        if let Err(used_up) = to_address.await? {
            return Ok(Err(used_up));
        }
        let token = Token::random()?;
        pending_email::replace(transaction, pending, &token.hash()).await?;
        let letter = EmailTemplate::ConfirmEmail {
            token: &token,
            expires_at: pending.expires_at,
        };
        self.queue_mail(transaction, &pending.email, &letter, now)
            .await?;
        Ok(Ok(()))
    }

    /// Returns what the link would confirm, or `None` if it was used, replaced or expired.
    ///
    /// Reading doesn't consume the link, because mail scanners open links too.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn email_offer(&self, token: &Token) -> Result<Option<EmailOffer>, Failure> {
        let now = self.now();
        let mut connection = self.database.read().await?;
        let pending = pending_email::by_token(&mut connection, &token.hash(), now).await?;
        let Some(pending) = pending else {
            return Ok(None);
        };
        let user = user::by_id(&mut connection, pending.user_id).await?;
        Ok(user.map(|user| EmailOffer {
            username: user.username,
            email: pending.email,
        }))
    }

    /// Returns the address that the person has yet to confirm.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn awaited_email(
        &self,
        person: &Person,
    ) -> Result<Option<PendingEmailView>, Failure> {
        let now = self.now();
        let mut connection = self.database.read().await?;
        let pending = pending_email::of_user(&mut connection, person.user.id, now).await?;
        Ok(pending.map(|pending| PendingEmailView {
            email: pending.email,
            expires_at: pending.expires_at,
        }))
    }

    /// Confirms the address of the link as the person's verified address.
    ///
    /// An address belongs to at most one person. The previous address is notified.
    ///
    /// # Errors
    /// See [`ConfirmEmailError`].
    pub async fn confirm_email(
        &self,
        token: &Token,
        client: &Client,
    ) -> Result<EmailAddress, Problem<ConfirmEmailError>> {
        let refused = |error| Err(Problem::Refused(error));
        let now = self.now();
        let mut transaction = self.begin().await?;
        let hash = token.hash();
        let Some(found) = pending_email::by_token(&mut transaction, &hash, now).await? else {
            return refused(ConfirmEmailError::Dead);
        };
        let user = user::lock(&mut transaction, found.user_id).await?;
        let Some(user) = user.filter(|user| !user.state.is_restricted(now)) else {
            return refused(ConfirmEmailError::Dead);
        };
        let Some(pending) = pending_email::consume(&mut transaction, &hash, now).await? else {
            return refused(ConfirmEmailError::Dead);
        };
        let email = pending.email;
        // Serializes concurrent confirmations of one address: the first one gets it.
        row_lock::acquire(&mut transaction, RowLock::Email(&email)).await?;
        if user::email_is_taken(&mut transaction, &email, user.id).await? {
            let event = Event::EmailRefused { user: user.id };
            event.record(&mut transaction, Some(client), now).await?;
            transaction.commit().await?;
            return refused(ConfirmEmailError::Taken);
        }
        user::set_verified_email(&mut transaction, user.id, &email, now).await?;
        if self.has_email_factor(&mut transaction, user.id).await? {
            // A second factor has changed. Challenges and codes for the old address end, and so do
            // all sessions except the one that made the request (docs/contract.md, Sessions).
            challenge::end_all_of(&mut transaction, user.id, now).await?;
            email_code::end_all_of(&mut transaction, user.id, now).await?;
            if let Some(asking) = pending.session_id {
                let kept = (user.id, asking);
                session::end_all_but(&mut transaction, kept, EndReason::Changed, now).await?;
            }
        }
        let changed = user.verified_email().filter(|old| old.key() != email.key());
        if let Some(old) = changed {
            let letter = EmailTemplate::EmailChanged { new: &email };
            self.queue_mail(&mut transaction, old, &letter, now).await?;
        }
        let event = Event::EmailConfirmed { user: user.id };
        event.record(&mut transaction, Some(client), now).await?;
        transaction.commit().await?;
        Ok(email)
    }
}

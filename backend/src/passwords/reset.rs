//! Password reset by email: a link to a verified address allows setting a new password, or the
//! first one (docs/contract.md, Password reset). It doesn't log in, and it doesn't remove second
//! factors.

use std::time::Duration;

use domain::{
    AskRecoveryError, Client, EmailAddress, EndReason, FactorKind, Identifier, NewPassword,
    NewPasswordError, PasswordPolicy, RecoverError, SecondFactorInput, Timestamp, User, UserId,
};

use crate::audit::event::Event;
use crate::crypto::password_hash::StoredPassword;
use crate::crypto::secrets::Token;
use crate::error::{Failure, Problem};
use crate::mail::template::EmailTemplate;
use crate::passwords::attempts::{AttemptTarget, NOBODY};
use crate::passwords::hasher::Busy;
use crate::portal::Portal;
use crate::rate_limit::budget::{Budget, BudgetExhausted, NetworkBudget};
use crate::rate_limit::window::Limit;
use crate::second_factor::challenge::FactorMethod;
use crate::second_factor::context::{FactorContext, FactorOutcome};
use crate::store::sql::database::Transaction;
use crate::store::tables::factor::{self, Factor};
use crate::store::tables::user::{self, PasswordChange};
use crate::store::tables::{
    challenge, email_code, password_attempt, password_reset, pending_email, session,
};

/// How long the emailed link is valid.
const LINK_TTL: Duration = Duration::from_mins(30);

/// How often one network may ask, for any account. Exceeding it is reported, because that reveals
/// nothing about an account.
const REQUESTS: NetworkBudget = NetworkBudget {
    budget: Budget {
        name: "recover_by",
        limits: &[
            Limit::new(10, Duration::from_mins(10)),
            Limit::new(30, Duration::from_hours(1)),
            Limit::new(100, Duration::from_hours(24)),
        ],
    },
    prefix48_name: "recover_by_wide",
};
/// How many emails one account gets, from all requesters together, so its inbox can't be flooded
/// (security A26). Beyond the limit nothing is sent, and the response stays the same.
const EMAILS_TO_PERSON: Budget = Budget {
    name: "recover_to",
    limits: &[
        Limit::new(3, Duration::from_hours(1)),
        Limit::new(8, Duration::from_hours(24)),
    ],
};

/// What a valid link offers.
#[derive(Clone, Debug)]
pub struct RecoveryOffer {
    pub username: String,
    /// The requirements for the new password.
    pub policy: PasswordPolicy,
    /// Whether an authenticator app or recovery code is required as well.
    pub takes_factor: bool,
}

/// A new password, set with a link.
#[derive(Clone, Copy)]
pub struct Recover<'a> {
    pub token: &'a Token,
    pub new: &'a str,
    pub factor: Option<&'a SecondFactorInput>,
    pub client: &'a Client,
}

/// The result of a reset attempt. The listed factors never include email codes: the link came by
/// email too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovery {
    Done,
    FactorMissing(Vec<FactorMethod>),
    FactorWrong(Vec<FactorMethod>),
}

impl Portal {
    /// Sends a reset link to the account with this name, ID or verified address. Response and
    /// work are the same whether or not an account exists. Only a network that asks too often
    /// gets an error.
    ///
    /// # Errors
    /// [`AskRecoveryError::TooManyRequests`].
    pub async fn request_recovery(
        &self,
        typed: &str,
        client: &Client,
    ) -> Result<(), Problem<AskRecoveryError>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        if let Err(BudgetExhausted { retry_after }) = self
            .spend_for_network(&mut transaction, REQUESTS, client, now)
            .await?
        {
            return Err(Problem::Refused(AskRecoveryError::TooManyRequests {
                retry_after,
            }));
        }
        let email = typed.trim().parse::<EmailAddress>().ok();
        let identifier = Identifier::new(typed);
        let id = user::find(&mut transaction, &identifier, email.as_ref()).await?;
        let whose = id
            .map_or(AttemptTarget::UnknownAccount(typed), AttemptTarget::Person)
            .bytes();
        let sends = self
            .spend(&mut transaction, EMAILS_TO_PERSON, &whose, now)
            .await?
            .is_ok();
        let found = user::lock(&mut transaction, id.unwrap_or(NOBODY)).await?;
        if sends {
            let may = found.filter(|user| !user.state.is_restricted(now));
            self.queue_recovery_email(&mut transaction, may.as_ref(), now)
                .await?;
        }
        let event = Event::RecoveryAsked { user: id };
        event.record(&mut transaction, Some(client), now).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Creates a link and queues its email. For an unknown account it queues a decoy.
    async fn queue_recovery_email(
        &self,
        transaction: &mut Transaction,
        user: Option<&User>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let token = Token::random()?;
        let expires_at = now + LINK_TTL;
        let letter = EmailTemplate::PasswordReset {
            token: &token,
            expires_at,
        };
        let reachable = user.and_then(|user| Some((user.id, user.verified_email()?)));
        let id = reachable.map(|(id, _)| id);
        password_reset::insert(transaction, &token.hash(), id, now, expires_at).await?;
        match reachable {
            Some((_, address)) => self.queue_mail(transaction, address, &letter, now).await,
            None => self.queue_decoy(transaction, &letter, now).await,
        }
    }

    /// What a link offers. `None` if it was used, has expired or never existed. Reading doesn't
    /// consume the link, because mail scanners open links too.
    ///
    /// # Errors
    /// The database can't be queried.
    pub async fn recovery_offer(&self, token: &Token) -> Result<Option<RecoveryOffer>, Failure> {
        Ok(self
            .recovery_of(token)
            .await?
            .map(|(user, takes_factor)| RecoveryOffer {
                policy: self.policy_of(&user),
                username: user.username,
                takes_factor,
            }))
    }

    /// The account of a link, and whether a factor is required.
    async fn recovery_of(&self, token: &Token) -> Result<Option<(User, bool)>, Failure> {
        let now = self.now();
        let mut connection = self.database.read().await?;
        let found = password_reset::find_live(&mut connection, &token.hash(), now).await?;
        let Some(id) = found else { return Ok(None) };
        let user = user::by_id(&mut connection, id).await?;
        let Some(user) = user.filter(|user| !user.state.is_restricted(now)) else {
            return Ok(None);
        };
        let factors = factor::of_user(&mut connection, id).await?;
        Ok(Some((user, has_app(&factors))))
    }

    /// Sets a new password with a link. It ends all sessions and all logins that wait for a
    /// second factor, and doesn't log in. Only success consumes the link.
    ///
    /// # Errors
    /// See [`RecoverError`].
    pub async fn recover(&self, request: Recover<'_>) -> Result<Recovery, Problem<RecoverError>> {
        let refused = |error| Err(Problem::Refused(error));
        // Checked before any work: without a valid link nobody can make the server hash
        // passwords.
        let Some((user, _)) = self.recovery_of(request.token).await? else {
            return refused(RecoverError::Dead);
        };
        let names = [user.username.as_str(), user.display.as_str()];
        let new = match self.judge_password(request.new, self.policy_of(&user), &names) {
            Ok(new) => new,
            Err(error) => return refused(RecoverError::Password(error)),
        };
        let hashed = self.passwords.hash(new.password()).await;
        let hashed = hashed.map_err(|problem| problem.map(|Busy| RecoverError::Busy))?;

        let now = self.now();
        let mut transaction = self.begin().await?;
        let Some(user) = user::lock(&mut transaction, user.id).await? else {
            return refused(RecoverError::Dead);
        };
        let token = request.token.hash();
        let live = password_reset::find_live(&mut transaction, &token, now).await?;
        if live != Some(user.id) || user.state.is_restricted(now) {
            return refused(RecoverError::Dead);
        }
        // If a factor was switched off meanwhile, a short password is no longer long enough.
        if new.characters() < self.policy_of(&user).shortest {
            return refused(RecoverError::Password(NewPasswordError::TooShort));
        }
        let factors = factor::of_user(&mut transaction, user.id).await?;
        if has_app(&factors) {
            let left = factor::recovery_codes_left(&mut transaction, user.id).await?;
            let mut methods = self.methods(&factors, left);
            methods.retain(|method| method.kind != FactorKind::Email);
            let Some(shown) = request.factor else {
                return Ok(Recovery::FactorMissing(methods));
            };
            match self
                .verify_factor(
                    &mut transaction,
                    user.id,
                    shown,
                    FactorContext::Recovery,
                    now,
                )
                .await?
            {
                FactorOutcome::Right(_) => {}
                FactorOutcome::Wrong => {
                    let event = Event::RecoveryRefused { user: user.id };
                    event
                        .record(&mut transaction, Some(request.client), now)
                        .await?;
                    transaction.commit().await?;
                    return Ok(Recovery::FactorWrong(methods));
                }
                FactorOutcome::Wait { retry_after } => {
                    return refused(RecoverError::TooManyFactorAttempts { retry_after });
                }
            }
        }
        if !password_reset::consume(&mut transaction, &token, now).await? {
            return refused(RecoverError::Dead);
        }
        let change = self.change_password_row(&new, &hashed, now);
        user::replace_password(&mut transaction, user.id, &change).await?;
        self.replace_credentials(&mut transaction, user.id, request.client, now)
            .await?;
        session::end_all_of_user(&mut transaction, user.id, EndReason::Changed, now).await?;
        challenge::end_all_of(&mut transaction, user.id, now).await?;
        email_code::end_all_of(&mut transaction, user.id, now).await?;
        pending_email::end_asked_elsewhere(&mut transaction, user.id, None).await?;
        let event = Event::PasswordRecovered { user: user.id };
        event
            .record(&mut transaction, Some(request.client), now)
            .await?;
        self.notify(
            &mut transaction,
            &user,
            &EmailTemplate::PasswordChanged,
            now,
        )
        .await?;
        transaction.commit().await?;
        Ok(Recovery::Done)
    }

    /// Ends what depends on an old password, whichever use case replaced it: its count of wrong
    /// attempts, its reset links and the other known devices.
    pub(crate) async fn replace_credentials(
        &self,
        transaction: &mut Transaction,
        user_id: UserId,
        client: &Client,
        now: Timestamp,
    ) -> Result<(), Failure> {
        password_attempt::end_row(transaction, user_id).await?;
        password_reset::end_all_of(transaction, user_id, now).await?;
        self.forget_other_devices(transaction, user_id, client, now)
            .await
    }

    /// The row to store, marked if the password is too short to be used without a second factor.
    pub(crate) fn change_password_row<'a>(
        &self,
        new: &NewPassword,
        hash: &'a StoredPassword,
        now: Timestamp,
    ) -> PasswordChange<'a> {
        let is_short = new.characters() < self.password_policy.shortest;
        PasswordChange {
            hash,
            short_since: is_short.then_some(now),
            at: now,
        }
    }

    /// The password policy that applies to this person.
    pub(crate) fn policy_of(&self, user: &User) -> PasswordPolicy {
        match user.second_factor_at {
            Some(_) => self.password_policy.with_second_factor(),
            None => self.password_policy,
        }
    }
}

/// Whether an authenticator app is on, locked or not.
fn has_app(factors: &[Factor]) -> bool {
    factors
        .iter()
        .any(|factor| factor.kind == FactorKind::Totp && factor.confirmed_at.is_some())
}

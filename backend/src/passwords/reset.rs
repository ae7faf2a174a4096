//! Recovery by mail: a link to a verified address, and by it a new password, also the first
//! one (docs/contract.md, Password reset). It logs nobody in, and a second factor stays where it is.

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
use crate::rate_limit::budget::{Budget, BudgetExhausted};
use crate::second_factor::challenge::FactorMethod;
use crate::second_factor::context::{FactorContext, FactorOutcome};
use crate::store::sql::database::Transaction;
use crate::store::tables::factor::{self, Factor};
use crate::store::tables::user::{self, PasswordChange};
use crate::store::tables::{
    challenge, email_code, password_attempt, password_reset, pending_email, session,
};

/// How long the link in the letter works.
const LINK_TTL: Duration = Duration::from_mins(30);

/// How often a network may ask, for whomever. It is told when that is used up: it says
/// nothing of anybody.
const REQUESTS_BY_NETWORK: Budget = Budget {
    name: "recover_by",
    limits: &[
        (Duration::from_mins(10), 10),
        (Duration::from_hours(1), 30),
        (Duration::from_hours(24), 100),
    ],
};
/// An IPv6 /48 has eight times as many.
const REQUESTS_BY_PREFIX48: Budget = Budget {
    name: "recover_by_wide",
    limits: &[
        (Duration::from_mins(10), 80),
        (Duration::from_hours(1), 240),
        (Duration::from_hours(24), 800),
    ],
};
/// How many letters come for one account, whoever asks: nobody's inbox is flooded (security
/// A26). Beyond that nothing is sent, and the answer is the same.
const EMAILS_TO_PERSON: Budget = Budget {
    name: "recover_to",
    limits: &[(Duration::from_hours(1), 3), (Duration::from_hours(24), 8)],
};

/// What a working link is for.
#[derive(Clone, Debug)]
pub struct RecoveryOffer {
    pub username: String,
    /// What the new password must be.
    pub policy: PasswordPolicy,
    /// Whether an authenticator app, or a recovery code, has to be shown beside it.
    pub takes_factor: bool,
}

/// A new password by a link.
#[derive(Clone, Copy)]
pub struct Recover<'a> {
    pub token: &'a Token,
    pub new: &'a str,
    pub factor: Option<&'a SecondFactorInput>,
    pub client: &'a Client,
}

/// How far a recovery came. By what it goes on: never by mail, which is what brought the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovery {
    Done,
    FactorMissing(Vec<FactorMethod>),
    FactorWrong(Vec<FactorMethod>),
}

impl Portal {
    /// Writes a link for a new password to whom this name, number or verified address belongs.
    /// The same answer and the same work for everybody and for nobody; only a network that
    /// asks too often is told so.
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
            .spend_recovery_budget(&mut transaction, client, now)
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

    async fn spend_recovery_budget(
        &self,
        transaction: &mut Transaction,
        client: &Client,
        now: Timestamp,
    ) -> Result<Result<(), BudgetExhausted>, Failure> {
        if let Some(prefix48) = client.prefix48() {
            let prefix48 = prefix48.as_str().as_bytes();
            let spent = self.spend(transaction, REQUESTS_BY_PREFIX48, prefix48, now);
            if let Err(used_up) = spent.await? {
                return Ok(Err(used_up));
            }
        }
        let network = client.network();
        self.spend(
            transaction,
            REQUESTS_BY_NETWORK,
            network.as_str().as_bytes(),
            now,
        )
        .await
    }

    /// Makes a link and its letter; for nobody both are made, and lead nowhere.
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

    /// What a link is for; none if it was used, ran out, or never was one. Reading spends
    /// nothing: programs that look for viruses open links too.
    ///
    /// # Errors
    /// The database can't be asked.
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

    /// Whose a link is, and whether it takes a factor.
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

    /// Sets a new password by a link. All sessions end, and all logins that wait for a second
    /// step; nobody is logged in. The link is used up only if all went well.
    ///
    /// # Errors
    /// See [`RecoverError`].
    pub async fn recover(&self, request: Recover<'_>) -> Result<Recovery, Problem<RecoverError>> {
        let refused = |error| Err(Problem::Refused(error));
        // Before any work: without a link nobody makes the server hash passwords.
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
        // A factor that was switched off meanwhile no longer makes a short one long enough.
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

    /// What ends with an old password, however the new one was set: its wrong ones, links for
    /// another, and that other browsers are known.
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

    /// A password as it is to be stored: with a mark where it could not stand alone.
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

    /// What a password of this person must be to be set.
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

use std::time::Duration;

use crate::sessions::start::LoginChannel;
use crate::sessions::start::NewSession;
use crate::sessions::start::VerifiedLogin;
use domain::{
    Client, Identifier, LoginMethod, PasswordLoginError, SecondFactorInput, Timestamp, UserId,
};

use crate::audit::event::{Event, Refusal};
use crate::crypto::password_hash::StoredPassword;
use crate::error::{Failure, Problem};
use crate::passwords::attempts::{AttemptTarget, PasswordAttempt, RateLimited};
use crate::passwords::hasher::Busy;
use crate::portal::Portal;
use crate::rate_limit::window::Limit;
use crate::second_factor::challenge::LoginOutcome;
use crate::second_factor::context::{FactorContext, SecondFactorCheck};
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::tables::unknown_login;
use crate::store::tables::user::{self, PasswordHolder};

/// A login attempt with name and password, as typed.
#[derive(Clone, Copy)]
pub struct PasswordLogin<'a> {
    pub identifier: &'a str,
    pub password: &'a str,
    /// A second factor sent together with the password, as programs do.
    pub factor: Option<&'a SecondFactorInput>,
    pub client: &'a Client,
    pub channel: LoginChannel,
}

/// Window, limit per network and limit in total for responses that say that a name is unknown
/// (docs/contract.md, Unknown names; security A09).
///
/// Beyond the network's limit, logins by [`LoginChannel::Program`] are refused. Beyond the total,
/// an unknown name gets the same response as a wrong password.
const UNKNOWN_ACCOUNT_LIMIT: Limit = Limit::new(10, Duration::from_hours(1));
/// The limit for all networks together, in the same window.
const MAX_UNKNOWN_ACCOUNTS: i64 = 300;

/// Result of comparing a password.
struct Compared {
    /// The account with this name or ID.
    id: Option<UserId>,
    /// The stored hash that the password was compared with.
    stored: Option<StoredPassword>,
    right: bool,
    /// A new hash with the current parameters, if the stored one is weaker.
    upgraded: Option<StoredPassword>,
    attempt: PasswordAttempt,
}

impl Portal {
    /// Logs a person in by username or ID and password (docs/contract.md, Login by password).
    ///
    /// An unknown name costs the same work as a wrong password. Only [`LoginChannel::Program`] may
    /// get a different error for it, within a limit.
    ///
    /// # Errors
    /// See [`PasswordLoginError`].
    pub async fn login_with_password(
        &self,
        request: PasswordLogin<'_>,
    ) -> Result<LoginOutcome<NewSession>, Problem<PasswordLoginError>> {
        let method = LoginMethod::Password;
        if request.channel == LoginChannel::Program
            && let Some(retry_after) = self.unknown_account_wait(request.client).await?
        {
            return Err(Problem::Refused(PasswordLoginError::TooManyUnknownNames {
                retry_after,
            }));
        }
        let Compared {
            id,
            stored,
            right,
            upgraded,
            attempt,
        } = self.compare(request).await?;
        let now = self.now();
        let mut transaction = self.begin().await?;
        // Read again inside the transaction: during hashing, the password may have been changed or
        // the person banned.
        let user = match (id, &stored, right) {
            (Some(id), Some(stored), true) => {
                user::with_password(&mut transaction, id, stored, now).await?
            }
            _ => None,
        };
        let Some(user) = user else {
            return self
                .reject_credentials(transaction, id, &attempt, request, now)
                .await;
        };
        attempt.refund(&mut transaction).await?;
        if let (Some(stored), Some(upgraded)) = (&stored, &upgraded) {
            user::upgrade_password(&mut transaction, user.id, stored, upgraded).await?;
        }
        if user.state.is_restricted(now) {
            let reason = Refusal::Restricted;
            refuse(&mut transaction, Some(user.id), reason, request.client, now).await?;
            transaction.commit().await?;
            return Err(Problem::Refused(PasswordLoginError::Restricted));
        }
        let network = request.client.network();
        let place = FactorContext::Login(&network);
        let factor = match self
            .check_second_factor(&mut transaction, &user, request.factor, place, now)
            .await?
        {
            SecondFactorCheck::NoneNeeded => None,
            SecondFactorCheck::Right(kind) => Some(kind),
            SecondFactorCheck::Wait { retry_after } => {
                let reason = Refusal::WrongFactor;
                refuse(&mut transaction, Some(user.id), reason, request.client, now).await?;
                transaction.commit().await?;
                return Err(Problem::Refused(
                    PasswordLoginError::TooManyFactorAttempts { retry_after },
                ));
            }
            missing @ (SecondFactorCheck::Missing | SecondFactorCheck::Wrong) => {
                if let SecondFactorCheck::Wrong = missing {
                    let reason = Refusal::WrongFactor;
                    refuse(&mut transaction, Some(user.id), reason, request.client, now).await?;
                    self.notify_of_password_only_login(
                        &mut transaction,
                        &user,
                        request.client,
                        now,
                    )
                    .await?;
                }
                let step = self
                    .create_challenge(&mut transaction, user.id, method, None, now)
                    .await?;
                transaction.commit().await?;
                return Ok(LoginOutcome::SecondFactorRequired(step));
            }
        };
        user::reset_bot_logins(&mut transaction, user.id).await?;
        let login = VerifiedLogin {
            user,
            method,
            client: request.client,
            code: None,
            factor,
        };
        let session = self
            .begin_session_for(&mut transaction, login, request.channel, now)
            .await?;
        transaction.commit().await?;
        Ok(LoginOutcome::Done(session))
    }

    /// Records a wrong password or an unknown name, and chooses the error that may be returned.
    async fn reject_credentials<T>(
        &self,
        mut transaction: Transaction,
        id: Option<UserId>,
        attempt: &PasswordAttempt,
        request: PasswordLogin<'_>,
        now: Timestamp,
    ) -> Result<T, Problem<PasswordLoginError>> {
        let reason = if id.is_some() {
            Refusal::WrongPassword
        } else {
            Refusal::UnknownAccount
        };
        refuse(&mut transaction, id, reason, request.client, now).await?;
        self.record_wrong_password(&mut transaction, attempt, request.client, now)
            .await?;
        let told = id.is_none()
            && request.channel == LoginChannel::Program
            && count_unknown_account(&mut transaction, request.client, now).await?;
        transaction.commit().await?;
        Err(Problem::Refused(if told {
            PasswordLoginError::UnknownAccount
        } else {
            PasswordLoginError::InvalidCredentials
        }))
    }

    /// Counts the attempt, then compares the password. Does the same work for every name.
    async fn compare(
        &self,
        request: PasswordLogin<'_>,
    ) -> Result<Compared, Problem<PasswordLoginError>> {
        let identifier = Identifier::new(request.identifier);
        let holder = user::read_password(&self.database, &identifier).await?;
        let (id, stored) = match holder {
            Some(PasswordHolder { id, password }) => (Some(id), password),
            None => (None, None),
        };
        let guessed = id.map_or(
            AttemptTarget::UnknownAccount(request.identifier),
            AttemptTarget::Person,
        );
        let attempt = match self.count_password_attempt(guessed, request.client).await? {
            Ok(attempt) => attempt,
            Err(RateLimited { retry_after }) => {
                return Err(Problem::Refused(PasswordLoginError::TooManyAttempts {
                    retry_after,
                }));
            }
        };
        let stored = stored.filter(|_| attempt.counts());
        let checked = self.check_attempt(request.password, stored.clone(), attempt);
        let (right, attempt) = checked
            .await
            .map_err(|problem| problem.map(|Busy| PasswordLoginError::Busy))?;
        let upgraded = match &stored {
            Some(stored) if right => self.passwords.upgrade(request.password, stored).await?,
            _ => None,
        };
        Ok(Compared {
            id,
            stored,
            right,
            upgraded,
            attempt,
        })
    }

    /// Returns how long a network that exceeded the limit of unknown names has to wait. Applies to
    /// known names too, otherwise the response would distinguish them.
    async fn unknown_account_wait(&self, client: &Client) -> Result<Option<Duration>, Failure> {
        let now = self.now();
        let limit = UNKNOWN_ACCOUNT_LIMIT;
        let (network, since) = (client.network(), limit.since(now));
        let latest = unknown_login::read_of_network(&self.database, &network, since, limit.max);
        Ok(limit.retry_after(&latest.await?, now))
    }
}

/// Records a refused login.
async fn refuse(
    transaction: &mut Transaction,
    user: Option<UserId>,
    reason: Refusal,
    client: &Client,
    now: Timestamp,
) -> Result<(), Failure> {
    let method = LoginMethod::Password;
    let event = Event::SignInRefused {
        user,
        method,
        reason,
    };
    event.record(transaction, Some(client), now).await
}

/// Counts an unknown name and returns whether the response may say so.
async fn count_unknown_account(
    transaction: &mut Transaction,
    client: &Client,
    now: Timestamp,
) -> Result<bool, Failure> {
    let limit = UNKNOWN_ACCOUNT_LIMIT;
    let (network, since) = (client.network(), limit.since(now));
    row_lock::acquire(transaction, RowLock::NamesOf(&network)).await?;
    // Concurrent requests may have used up the limit since it was checked.
    let latest = unknown_login::of_network(transaction, &network, since, limit.max).await?;
    if limit.retry_after(&latest, now).is_some() {
        return Ok(false);
    }
    unknown_login::insert(transaction, &network, now).await?;
    Ok(unknown_login::of_all(transaction, since).await? <= MAX_UNKNOWN_ACCOUNTS)
}

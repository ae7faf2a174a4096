use std::time::Duration;

use crate::sessions::start::Login;
use crate::sessions::start::NewSession;
use crate::sessions::start::SignInDoor;
use domain::{Client, Identifier, SignInError, SignInMethod, Timestamp, TwofaToken, UserId};

use crate::audit::event::{Event, Refusal};
use crate::crypto::password_hash::StoredPassword;
use crate::error::{Failure, Problem};
use crate::passwords::attempts::{Guessed, NoGuessLeft, PasswordGuess};
use crate::passwords::hasher::Busy;
use crate::portal::Portal;
use crate::second_factor::challenge::Step;
use crate::second_factor::context::{Beside, Place};
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, Gate};
use crate::store::tables::unknown_login;
use crate::store::tables::user::{self, PasswordHolder};

/// A try to log in with name and password, as typed.
#[derive(Clone, Copy)]
pub struct SignIn<'a> {
    pub identifier: &'a str,
    pub password: &'a str,
    /// Where it is shown together with the password, as programs do it.
    pub factor: Option<&'a TwofaToken>,
    pub client: &'a Client,
    pub door: SignInDoor,
}

/// How many unknown names a network may try in an hour, and how many all may before they are
/// told like wrong passwords (docs/contract.md, Unknown names; security A09).
const UNKNOWN_NAMES: (Duration, i64, i64) = (Duration::from_hours(1), 10, 300);

/// What came of a password that was compared.
struct Compared {
    /// Whose it would be.
    id: Option<UserId>,
    /// What it was compared with.
    stored: Option<StoredPassword>,
    right: bool,
    /// The same password's hash at today's cost, where the stored one costs less.
    upgraded: Option<StoredPassword>,
    guess: PasswordGuess,
}

impl Portal {
    /// Logs a person in with name (or number) and password (docs/contract.md, Login by password). An
    /// unknown name costs the same work and gets the same answer as a wrong password.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in(
        &self,
        request: SignIn<'_>,
    ) -> Result<Step<NewSession>, Problem<SignInError>> {
        let method = SignInMethod::Password;
        if request.door == SignInDoor::Program
            && let Some(retry_after) = self.wait_for_names(request.client).await?
        {
            return Err(Problem::Refused(SignInError::TooManyNames { retry_after }));
        }
        let Compared {
            id,
            stored,
            right,
            upgraded,
            guess,
        } = self.compare(request).await?;
        let now = self.now();
        let mut transaction = self.begin().await?;
        // Read again inside the transaction: hashing took its time, and the password may
        // have been changed or the person banned meanwhile.
        let user = match (id, &stored, right) {
            (Some(id), Some(stored), true) => {
                user::with_password(&mut transaction, id, stored, now).await?
            }
            _ => None,
        };
        let Some(user) = user else {
            return self
                .wrong_credentials(transaction, id, &guess, request, now)
                .await;
        };
        guess.was_right(&mut transaction).await?;
        if let (Some(stored), Some(upgraded)) = (&stored, &upgraded) {
            user::upgrade_password(&mut transaction, user.id, stored, upgraded).await?;
        }
        if user.state.is_restricted(now) {
            let reason = Refusal::Restricted;
            refuse(&mut transaction, Some(user.id), reason, request.client, now).await?;
            transaction.commit().await?;
            return Err(Problem::Refused(SignInError::Restricted));
        }
        let network = request.client.network();
        let place = Place::Login(&network);
        let factor = match self
            .factor_of(&mut transaction, &user, request.factor, place, now)
            .await?
        {
            Beside::NoneNeeded => None,
            Beside::Right(kind) => Some(kind),
            Beside::Wait { retry_after } => {
                let reason = Refusal::WrongFactor;
                refuse(&mut transaction, Some(user.id), reason, request.client, now).await?;
                transaction.commit().await?;
                return Err(Problem::Refused(SignInError::TooManyTries { retry_after }));
            }
            missing @ (Beside::Missing | Beside::Wrong) => {
                if let Beside::Wrong = missing {
                    let reason = Refusal::WrongFactor;
                    refuse(&mut transaction, Some(user.id), reason, request.client, now).await?;
                    self.notify_of_half_login(&mut transaction, &user, request.client, now)
                        .await?;
                }
                let step = self
                    .challenge(&mut transaction, user.id, method, None, now)
                    .await?;
                transaction.commit().await?;
                return Ok(Step::SecondFactor(step));
            }
        };
        user::reset_bot_logins(&mut transaction, user.id).await?;
        let login = Login {
            user,
            method,
            client: request.client,
            code: None,
            factor,
        };
        let session = self
            .begin_session_by(&mut transaction, login, request.door, now)
            .await?;
        transaction.commit().await?;
        Ok(Step::Done(session))
    }

    /// Writes down a wrong password, or an unknown name, and says what may be told of it.
    async fn wrong_credentials<T>(
        &self,
        mut transaction: Transaction,
        id: Option<UserId>,
        guess: &PasswordGuess,
        request: SignIn<'_>,
        now: Timestamp,
    ) -> Result<T, Problem<SignInError>> {
        let reason = if id.is_some() {
            Refusal::WrongPassword
        } else {
            Refusal::UnknownName
        };
        refuse(&mut transaction, id, reason, request.client, now).await?;
        self.password_was_wrong(&mut transaction, guess, request.client, now)
            .await?;
        let told = id.is_none()
            && request.door == SignInDoor::Program
            && tell_unknown(&mut transaction, request.client, now).await?;
        transaction.commit().await?;
        Err(Problem::Refused(if told {
            SignInError::UnknownName
        } else {
            SignInError::WrongCredentials
        }))
    }

    /// Compares the password, after it was counted: the same work whoever it is for.
    async fn compare(&self, request: SignIn<'_>) -> Result<Compared, Problem<SignInError>> {
        let identifier = Identifier::new(request.identifier);
        let holder = user::ask_password(&self.database, &identifier).await?;
        let (id, stored) = match holder {
            Some(PasswordHolder { id, password }) => (Some(id), password),
            None => (None, None),
        };
        let guessed = id.map_or(Guessed::Nobody(request.identifier), Guessed::Person);
        let guess = match self.count_password_guess(guessed, request.client).await? {
            Ok(guess) => guess,
            Err(NoGuessLeft { retry_after }) => {
                return Err(Problem::Refused(SignInError::TooManyGuesses {
                    retry_after,
                }));
            }
        };
        let stored = stored.filter(|_| guess.counts());
        let checked = self.check_guess(request.password, stored.clone(), guess);
        let (right, guess) = checked
            .await
            .map_err(|problem| problem.map(|Busy| SignInError::Busy))?;
        let upgraded = match &stored {
            Some(stored) if right => self.passwords.upgrade(request.password, stored).await?,
            _ => None,
        };
        Ok(Compared {
            id,
            stored,
            right,
            upgraded,
            guess,
        })
    }

    /// How long a network has to wait that asked for too many unknown names: for known ones
    /// too, else that would tell them apart.
    async fn wait_for_names(&self, client: &Client) -> Result<Option<Duration>, Failure> {
        let (window, most, _) = UNKNOWN_NAMES;
        let now = self.now();
        let network = client.network();
        let latest =
            unknown_login::ask_of_network(&self.database, &network, now - window, most).await?;
        let full = i64::try_from(latest.len()).is_ok_and(|n| n >= most);
        let oldest = latest.last().filter(|_| full);
        Ok(oldest.map(|oldest| (*oldest + window).since(now).max(Duration::from_secs(1))))
    }
}

/// Writes down a login that was refused.
async fn refuse(
    transaction: &mut Transaction,
    user: Option<UserId>,
    reason: Refusal,
    client: &Client,
    now: Timestamp,
) -> Result<(), Failure> {
    let method = SignInMethod::Password;
    let event = Event::SignInRefused {
        user,
        method,
        reason,
    };
    event.record(transaction, Some(client), now).await
}

/// Counts an unknown name, and says whether that may be told.
async fn tell_unknown(
    transaction: &mut Transaction,
    client: &Client,
    now: Timestamp,
) -> Result<bool, Failure> {
    let (window, most, most_in_all) = UNKNOWN_NAMES;
    let network = client.network();
    row_lock::pass(transaction, Gate::NamesOf(&network)).await?;
    // Others of the same moment may have used the budget up since it was looked at.
    let latest = unknown_login::of_network(transaction, &network, now - window, most).await?;
    if i64::try_from(latest.len()).is_ok_and(|n| n >= most) {
        return Ok(false);
    }
    unknown_login::insert(transaction, &network, now).await?;
    Ok(unknown_login::of_all(transaction, now - window).await? <= most_in_all)
}

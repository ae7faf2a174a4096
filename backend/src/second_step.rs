//! The second step of a login: asked on every way in where a second factor is on (contract
//! section 5).

use std::time::Duration;

use domain::{
    Client, FactorKind, SecondStepError, SignInMethod, Timestamp, TwofaToken, User, UserId,
};
use sqlx::AnyConnection;

use crate::audit::{Event, Refusal};
use crate::login_codes::{MOST_WRONG_TRIES, Used};
use crate::mail::Letter;
use crate::notices::in_words;
use crate::server_secret::Purpose;
use crate::sign_in::{Login, NewSession};
use crate::store::challenge::{self, Challenge};
use crate::store::factor::{self, Factor};
use crate::store::{Transaction, login_code, user};
use crate::totp::{self, TotpSecret};
use crate::{Failure, Portal, Problem, Token, recovery_code};

/// How long a login waits for its second step.
const CHALLENGE_LIFETIME: Duration = Duration::from_mins(10);
/// So many wrong ones of a kind in this time, and the next has to wait.
const WINDOW: (Duration, i64) = (Duration::from_mins(15), 5);
/// So many in a row without a right one, and the factor is locked.
const MOST_IN_A_ROW: i64 = 20;

/// How far a login came.
#[derive(Debug)]
pub enum Step<T> {
    Done(T),
    /// A second factor is on, and has not been shown, or a wrong one was.
    SecondFactor(SecondStep),
}

/// What it takes to go on with a login.
#[derive(Debug)]
pub struct SecondStep {
    /// Stands for the first step; it never carries the password.
    pub challenge: Token,
    pub methods: Vec<FactorMethod>,
}

/// A kind of second factor, and whether this person can use it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactorMethod {
    pub kind: FactorKind,
    pub enabled: bool,
}

/// What a shown factor turned out to be.
pub(crate) enum Shown {
    Right(FactorKind),
    Wrong,
    /// Not looked at: too many wrong ones came before it.
    Wait {
        retry_after: Duration,
    },
}

/// What was shown beside a right first step.
pub(crate) enum Beside {
    /// No second factor is on.
    NoneNeeded,
    Right(FactorKind),
    Missing,
    Wrong,
    Wait {
        retry_after: Duration,
    },
}

impl Portal {
    /// What a person has shown beside a right password or code.
    pub(crate) async fn factor_of(
        &self,
        transaction: &mut Transaction,
        user: &User,
        shown: Option<&TwofaToken>,
        now: Timestamp,
    ) -> Result<Beside, Failure> {
        if user.second_factor_at.is_none() {
            return Ok(Beside::NoneNeeded);
        }
        let Some(shown) = shown else {
            return Ok(Beside::Missing);
        };
        Ok(match self.show(transaction, user.id, shown, now).await? {
            Shown::Right(kind) => Beside::Right(kind),
            Shown::Wrong => Beside::Wrong,
            Shown::Wait { retry_after } => Beside::Wait { retry_after },
        })
    }

    /// The second step of a login, on the challenge of the first.
    ///
    /// # Errors
    /// See [`SecondStepError`].
    pub async fn second_step(
        &self,
        challenge: &Token,
        factor: &TwofaToken,
        client: &Client,
        browser: Option<&Token>,
    ) -> Result<NewSession, Problem<SecondStepError>> {
        let refused = |error| Err(Problem::Refused(error));
        let now = self.now();
        let mut transaction = self.begin().await?;
        let Some(waiting) = challenge::find(&mut transaction, &challenge.hash(), now).await? else {
            return refused(SecondStepError::Dead);
        };
        let user = user::lock(&mut transaction, waiting.user_id).await?;
        let Some(user) = user.filter(|user| !user.state.is_restricted(now)) else {
            return refused(SecondStepError::Restricted);
        };
        // The code of the first step may have run out, or been used, meanwhile.
        let code = match waiting.login_code_id {
            None => None,
            Some(id) => {
                let found = login_code::pending_by_id(&mut transaction, id, now).await?;
                let browser = browser.map(Token::hash);
                match found.filter(|found| found.is_bound_to(client, browser.as_ref())) {
                    Some(found) => Some(found),
                    None => return refused(SecondStepError::Dead),
                }
            }
        };
        match self.show(&mut transaction, user.id, factor, now).await? {
            Shown::Right(kind) => {
                if !challenge::consume(&mut transaction, &challenge.hash(), now).await? {
                    return refused(SecondStepError::Dead);
                }
                let (method, code) = if let Some(code) = code {
                    match self.use_code(&mut transaction, &code, &user, now).await? {
                        Used::Yes(method, code) => (method, Some(code)),
                        Used::Gone => return refused(SecondStepError::Dead),
                        Used::WebLoginRequired => {
                            transaction.commit().await?;
                            return refused(SecondStepError::WebLoginRequired);
                        }
                    }
                } else {
                    user::reset_bot_logins(&mut transaction, user.id).await?;
                    (waiting.method, None)
                };
                let login = Login {
                    user,
                    method,
                    client,
                    code,
                    factor: Some(kind),
                };
                let session = self.begin_session(&mut transaction, login, now).await?;
                transaction.commit().await?;
                Ok(session)
            }
            Shown::Wrong => {
                if let Some(code) = code {
                    let code = login_code::Against::Code(code.id);
                    login_code::count_wrong_try(&mut transaction, code, MOST_WRONG_TRIES, now)
                        .await?;
                }
                let event = Event::SignInRefused {
                    user: Some(user.id),
                    method: waiting.method,
                    reason: Refusal::WrongFactor,
                };
                event.record(&mut transaction, Some(client), now).await?;
                if waiting.method == SignInMethod::Password {
                    self.notify_of_half_login(&mut transaction, &user, client, now)
                        .await?;
                }
                transaction.commit().await?;
                refused(SecondStepError::WrongFactor)
            }
            Shown::Wait { retry_after } => refused(SecondStepError::TooManyTries { retry_after }),
        }
    }

    /// By what the login behind a challenge can go on; none where it is dead.
    ///
    /// # Errors
    /// The database can't be asked.
    pub async fn waiting_login(
        &self,
        challenge: &Token,
    ) -> Result<Option<Vec<FactorMethod>>, Failure> {
        let mut connection = self.database.read().await?;
        let found = challenge::find(&mut connection, &challenge.hash(), self.now()).await?;
        match found {
            None => Ok(None),
            Some(found) => Ok(Some(methods_of(&mut connection, found.user_id).await?)),
        }
    }

    /// Makes the challenge of a login whose first step is done, in the caller's transaction.
    pub(crate) async fn challenge(
        &self,
        transaction: &mut Transaction,
        user_id: UserId,
        method: SignInMethod,
        login_code_id: Option<i64>,
        now: Timestamp,
    ) -> Result<SecondStep, Failure> {
        let token = Token::random()?;
        let waiting = Challenge {
            user_id,
            method,
            login_code_id,
        };
        let expires_at = now + CHALLENGE_LIFETIME;
        challenge::insert(transaction, &token.hash(), &waiting, now, expires_at).await?;
        Ok(SecondStep {
            challenge: token,
            methods: methods_of(transaction, user_id).await?,
        })
    }

    /// Looks at a shown factor, and counts it: the one place where factors are compared. Each
    /// right one is used up; a right password clears nothing here.
    pub(crate) async fn show(
        &self,
        transaction: &mut Transaction,
        user_id: UserId,
        shown: &TwofaToken,
        now: Timestamp,
    ) -> Result<Shown, Failure> {
        // What is counted below is the person's own, and one transaction's at a time.
        let user = user::lock(transaction, user_id).await?;
        let kind = match shown {
            TwofaToken::SixDigits(_) => FactorKind::Totp,
            TwofaToken::Recovery(_) => FactorKind::Recovery,
        };
        // A recovery code never waits: it is too long to be guessed, and it is the one way out
        // of a lock that somebody else may have brought about.
        if kind == FactorKind::Totp {
            let (window, most) = WINDOW;
            let wrong =
                factor::latest_wrong(transaction, user_id, kind, now - window, most).await?;
            if let (Some(oldest), true) = (wrong.last(), i64::try_from(wrong.len()) == Ok(most)) {
                let retry_after = (*oldest + window).since(now).max(Duration::from_secs(1));
                return Ok(Shown::Wait { retry_after });
            }
        }
        let right = match shown {
            TwofaToken::SixDigits(code) => {
                let factors = factor::of_user(transaction, user_id).await?;
                let totp = factors
                    .iter()
                    .find(|factor| factor.is_usable(FactorKind::Totp));
                match totp {
                    None => false,
                    Some(totp) => {
                        let secret = self.open_totp(user_id, totp)?;
                        match totp::matching_step(&secret, code, now) {
                            Some(step) => factor::use_step(transaction, user_id, step).await?,
                            None => false,
                        }
                    }
                }
            }
            TwofaToken::Recovery(code) => {
                let hash = recovery_code::hash(&self.secret, user_id, code);
                let right = factor::use_recovery_code(transaction, user_id, &hash, now).await?;
                if right {
                    factor::unlock(transaction, user_id).await?;
                    let event = Event::RecoveryCodeUsed { user: user_id };
                    event.record(transaction, None, now).await?;
                    let left = factor::recovery_codes_left(transaction, user_id).await?;
                    let left = usize::try_from(left).unwrap_or(0);
                    if let Some(user) = &user {
                        let letter = Letter::RecoveryCodeUsed { left };
                        self.notify(transaction, user, &letter, now).await?;
                    }
                }
                right
            }
        };
        if right {
            return Ok(Shown::Right(kind));
        }
        let locked = factor::count_wrong(transaction, user_id, kind, MOST_IN_A_ROW, now).await?;
        if let (true, Some(user)) = (locked, &user) {
            let event = Event::FactorLocked {
                user: user_id,
                kind,
            };
            event.record(transaction, None, now).await?;
            let (_, which) = in_words(kind);
            let letter = Letter::FactorLocked { which };
            self.notify(transaction, user, &letter, now).await?;
        }
        Ok(Shown::Wrong)
    }

    pub(crate) fn open_totp(
        &self,
        user_id: UserId,
        factor: &Factor,
    ) -> Result<TotpSecret, Failure> {
        let sealed = factor.sealed.as_deref().unwrap_or_default();
        TotpSecret::from_opened(&self.secret.open(Purpose::Totp, user_id.as_i64(), sealed)?)
    }
}

impl Factor {
    fn is_usable(&self, kind: FactorKind) -> bool {
        self.kind == kind && self.confirmed_at.is_some() && self.locked_at.is_none()
    }
}

async fn methods_of(
    connection: &mut AnyConnection,
    user_id: UserId,
) -> Result<Vec<FactorMethod>, Failure> {
    let factors = factor::of_user(connection, user_id).await?;
    let left = factor::recovery_codes_left(connection, user_id).await?;
    Ok(methods(&factors, left))
}

/// All kinds there are, each with whether it can be used now.
pub(crate) fn methods(factors: &[Factor], recovery_codes: i64) -> Vec<FactorMethod> {
    let on = |kind| factors.iter().any(|factor| factor.is_usable(kind));
    FactorKind::ALL
        .into_iter()
        .map(|kind| FactorMethod {
            kind,
            enabled: match kind {
                FactorKind::Totp | FactorKind::Email => on(kind),
                FactorKind::Recovery => recovery_codes > 0,
            },
        })
        .collect()
}

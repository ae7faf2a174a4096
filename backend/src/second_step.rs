//! The second step of a login: asked on every way in where a second factor is on (contract
//! section 5).

use std::time::Duration;

use domain::{
    Client, FactorKind, RecoveryCode, SecondStepError, SignInMethod, SixDigits, Timestamp,
    TwofaToken, User, UserId,
};

use crate::audit::{Event, Refusal};
use crate::email_code::{Place, SentCode, told};
use crate::login_codes::{MOST_WRONG_TRIES, Used, refuse_code};
use crate::mail::Letter;
use crate::notices::in_words;
use crate::server_secret::Purpose;
use crate::sign_in::{Login, NewSession};
use crate::store::challenge::{self, Challenge};
use crate::store::connection::Connection;
use crate::store::email_code::{self, CodePlace};
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

/// A login that waits for its second step.
#[derive(Clone, Debug)]
pub struct WaitingLogin {
    pub methods: Vec<FactorMethod>,
    /// The code that was sent for it by mail, if it may still be shown.
    pub sent_code: Option<SentCode>,
}

/// Six digits as they are shown.
#[derive(Clone, Copy)]
struct Digits<'a> {
    digits: &'a SixDigits,
    may_be_of_app: bool,
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
        place: Place<'_>,
        now: Timestamp,
    ) -> Result<Beside, Failure> {
        if user.second_factor_at.is_none() {
            return Ok(Beside::NoneNeeded);
        }
        let Some(shown) = shown else {
            return Ok(Beside::Missing);
        };
        Ok(
            match self.show(transaction, user.id, shown, place, now).await? {
                Shown::Right(kind) => Beside::Right(kind),
                Shown::Wrong => Beside::Wrong,
                Shown::Wait { retry_after } => Beside::Wait { retry_after },
            },
        )
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
        let lost = Event::SignInRefused {
            user: Some(user.id),
            method: waiting.method,
            reason: Refusal::WrongFactor,
        };
        let place = Place::Challenge(waiting.id);
        match self
            .show(&mut transaction, user.id, factor, place, now)
            .await?
        {
            Shown::Right(kind) => {
                if !challenge::consume(&mut transaction, &challenge.hash(), now).await? {
                    return refused(SecondStepError::Dead);
                }
                let (method, code) = if let Some(code) = code {
                    match self.use_code(&mut transaction, &code, &user, now).await? {
                        Used::Yes(method, code) => (method, Some(code)),
                        Used::Gone => return refused(SecondStepError::Dead),
                        Used::WebLoginRequired => {
                            refuse_code(&mut transaction, user.id, client, now).await?;
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
                lost.record(&mut transaction, Some(client), now).await?;
                if waiting.method == SignInMethod::Password {
                    self.notify_of_half_login(&mut transaction, &user, client, now)
                        .await?;
                }
                transaction.commit().await?;
                refused(SecondStepError::WrongFactor)
            }
            Shown::Wait { retry_after } => {
                lost.record(&mut transaction, Some(client), now).await?;
                transaction.commit().await?;
                refused(SecondStepError::TooManyTries { retry_after })
            }
        }
    }

    /// By what the login behind a challenge can go on; none where it is dead.
    ///
    /// # Errors
    /// The database can't be asked.
    pub async fn waiting_login(&self, challenge: &Token) -> Result<Option<WaitingLogin>, Failure> {
        let now = self.now();
        let mut connection = self.database.read().await?;
        let found = challenge::find(&mut connection, &challenge.hash(), now).await?;
        let Some(found) = found else {
            return Ok(None);
        };
        let Some(user) = user::by_id(&mut connection, found.user_id).await? else {
            return Ok(None);
        };
        let place = CodePlace::Challenge(found.id);
        let live = email_code::in_place(&mut connection, found.user_id, place, now).await?;
        Ok(Some(WaitingLogin {
            methods: self.methods_of(&mut connection, found.user_id).await?,
            sent_code: live.and_then(|live| told(&live, &user)),
        }))
    }

    async fn methods_of(
        &self,
        connection: &mut Connection,
        user_id: UserId,
    ) -> Result<Vec<FactorMethod>, Failure> {
        let factors = factor::of_user(connection, user_id).await?;
        let left = factor::recovery_codes_left(connection, user_id).await?;
        Ok(self.methods(&factors, left))
    }

    /// All kinds there are, each with whether it can be used now.
    pub(crate) fn methods(&self, factors: &[Factor], recovery_codes: i64) -> Vec<FactorMethod> {
        let on = |kind| factors.iter().any(|factor| factor.is_usable(kind));
        FactorKind::ALL
            .into_iter()
            .map(|kind| FactorMethod {
                kind,
                enabled: match kind {
                    FactorKind::Totp => on(kind),
                    FactorKind::Email => self.sends_codes() && on(kind),
                    FactorKind::Recovery => recovery_codes > 0,
                },
            })
            .collect()
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
            methods: self.methods_of(transaction, user_id).await?,
        })
    }

    /// Looks at a shown factor, and counts it: the one place where factors are compared. Each
    /// right one is used up; a right password clears nothing here.
    pub(crate) async fn show(
        &self,
        transaction: &mut Transaction,
        user_id: UserId,
        shown: &TwofaToken,
        place: Place<'_>,
        now: Timestamp,
    ) -> Result<Shown, Failure> {
        // What is counted below is the person's own, and one transaction's at a time.
        let user = user::lock(transaction, user_id).await?;
        let Some(user) = user else {
            return Ok(Shown::Wrong);
        };
        match shown {
            TwofaToken::Recovery(code) => self.show_recovery(transaction, &user, code, now).await,
            TwofaToken::SixDigits(digits) => {
                let shown = Digits {
                    digits,
                    may_be_of_app: true,
                };
                self.show_digits(transaction, &user, shown, place, now)
                    .await
            }
            TwofaToken::Mailed(digits) => {
                let shown = Digits {
                    digits,
                    may_be_of_app: false,
                };
                self.show_digits(transaction, &user, shown, place, now)
                    .await
            }
        }
    }

    /// A recovery code never waits: it is too long to be guessed, and it is the one way out of
    /// a lock that somebody else may have brought about.
    async fn show_recovery(
        &self,
        transaction: &mut Transaction,
        user: &User,
        code: &RecoveryCode,
        now: Timestamp,
    ) -> Result<Shown, Failure> {
        let kind = FactorKind::Recovery;
        let hash = recovery_code::hash(&self.secret, user.id, code);
        if !factor::use_recovery_code(transaction, user.id, &hash, now).await? {
            self.count_wrong_factor(transaction, user, kind, now)
                .await?;
            return Ok(Shown::Wrong);
        }
        factor::unlock(transaction, user.id).await?;
        let event = Event::RecoveryCodeUsed { user: user.id };
        event.record(transaction, None, now).await?;
        let left = factor::recovery_codes_left(transaction, user.id).await?;
        let left = usize::try_from(left).unwrap_or(0);
        let letter = Letter::RecoveryCodeUsed { left };
        self.notify(transaction, user, &letter, now).await?;
        Ok(Shown::Right(kind))
    }

    /// Counts a wrong one, and tells of it where that locks the factor.
    async fn count_wrong_factor(
        &self,
        transaction: &mut Transaction,
        user: &User,
        kind: FactorKind,
        now: Timestamp,
    ) -> Result<(), Failure> {
        if !factor::count_wrong(transaction, user.id, kind, MOST_IN_A_ROW, now).await? {
            return Ok(());
        }
        let event = Event::FactorLocked {
            user: user.id,
            kind,
        };
        event.record(transaction, None, now).await?;
        let (_, which) = in_words(kind);
        let letter = Letter::FactorLocked { which };
        self.notify(transaction, user, &letter, now).await
    }

    /// Six digits are an app's, or came by mail; often only the person knows. They are compared
    /// with each that they can be, and a wrong one counts once for each that it was compared
    /// with: the budget of guesses at one is the same whether or not the other is on. Without a
    /// code that was sent to this place there is nothing of mail to compare with, and nothing
    /// counts for it.
    async fn show_digits(
        &self,
        transaction: &mut Transaction,
        user: &User,
        shown: Digits<'_>,
        place: Place<'_>,
        now: Timestamp,
    ) -> Result<Shown, Failure> {
        let user_id = user.id;
        let factors = factor::of_user(transaction, user_id).await?;
        let is_on = |kind| {
            let mut factors = factors.iter();
            factors.any(|factor| factor.kind == kind && factor.confirmed_at.is_some())
        };
        let sent = self
            .live_email_code(transaction, user_id, place, now)
            .await?;
        let mut kinds = Vec::with_capacity(2);
        if shown.may_be_of_app && is_on(FactorKind::Totp) {
            kinds.push(FactorKind::Totp);
        }
        if sent.is_some() && is_on(FactorKind::Email) || kinds.is_empty() {
            kinds.push(FactorKind::Email);
        }
        let mut wrong = Vec::with_capacity(2);
        let mut soonest: Option<Duration> = None;
        for kind in kinds {
            if let Some(wait) = wait_for(transaction, user_id, kind, now).await? {
                soonest = Some(soonest.map_or(wait, |soonest| soonest.min(wait)));
                continue;
            }
            let right = match (kind, &sent) {
                (FactorKind::Email, Some(sent)) => {
                    self.use_email_code(transaction, user_id, sent, shown.digits, now)
                        .await?
                }
                (FactorKind::Totp, _) => {
                    self.use_totp(transaction, user_id, &factors, shown.digits, now)
                        .await?
                }
                (FactorKind::Email, None) | (FactorKind::Recovery, _) => false,
            };
            if right {
                return Ok(Shown::Right(kind));
            }
            wrong.push(kind);
        }
        if let (true, Some(retry_after)) = (wrong.is_empty(), soonest) {
            return Ok(Shown::Wait { retry_after });
        }
        for kind in wrong {
            self.count_wrong_factor(transaction, user, kind, now)
                .await?;
        }
        Ok(Shown::Wrong)
    }

    async fn use_totp(
        &self,
        transaction: &mut Transaction,
        user_id: UserId,
        factors: &[Factor],
        shown: &SixDigits,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        let usable = |factor: &&Factor| factor.is_usable(FactorKind::Totp);
        let Some(totp) = factors.iter().find(usable) else {
            return Ok(false);
        };
        let secret = self.open_totp(user_id, totp)?;
        match totp::matching_step(&secret, shown, now) {
            Some(step) => Ok(factor::use_step(transaction, user_id, step).await?),
            None => Ok(false),
        }
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
    pub(crate) fn is_usable(&self, kind: FactorKind) -> bool {
        self.kind == kind && self.confirmed_at.is_some() && self.locked_at.is_none()
    }
}

/// How long until another one of this kind may be shown; none where it may be now.
async fn wait_for(
    connection: &mut Connection,
    user_id: UserId,
    kind: FactorKind,
    now: Timestamp,
) -> Result<Option<Duration>, sqlx::Error> {
    let (window, most) = WINDOW;
    let wrong = factor::latest_wrong(connection, user_id, kind, now - window, most).await?;
    let is_full = i64::try_from(wrong.len()) == Ok(most);
    let oldest = wrong.last().filter(|_| is_full);
    Ok(oldest.map(|oldest| (*oldest + window).since(now).max(Duration::from_secs(1))))
}

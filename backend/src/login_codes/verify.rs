//! Login by a one-time code (docs/contract.md, Login by code).

use crate::login_codes::consume::ConsumeOutcome;
use crate::login_codes::consume::MAX_WRONG_ATTEMPTS;
use crate::login_codes::consume::record_refused_code;
use std::time::Duration;

use domain::{
    Client, Identity, PlatformUserId, SecondFactorInput, Timestamp, UserId, VerifyCodeError,
};

use crate::audit::event::Event;
use crate::crypto::secrets::{Token, TokenHash, random_id};
use crate::crypto::server_secret::Purpose;
use crate::error::{Failure, Problem};
use crate::login_codes::attempts::{CodeAttempt, RateLimited};
use crate::portal::Portal;
use crate::second_factor::challenge::LoginOutcome;
use crate::second_factor::context::{FactorContext, SecondFactorCheck};
use crate::sessions::start::{NewSession, VerifiedLogin};
use crate::store::sql::database::Transaction;
use crate::store::tables::identity::{self};
use crate::store::tables::login_code::{self, Pending, WrongAttemptOf};
use crate::store::tables::user::{self, NewUser};

/// Maximum number of pending codes that one network requested.
pub(crate) const MAX_PENDING_CODES: usize = 5;

/// A login attempt with a code.
#[derive(Clone, Copy)]
pub struct VerifyCode<'a> {
    pub code: &'a str,
    /// The identity that the code must belong to, if the caller names one.
    pub identity: Option<(&'a str, &'a PlatformUserId)>,
    /// A second factor sent together with the code, as programs do.
    pub factor: Option<&'a SecondFactorInput>,
    pub client: &'a Client,
    pub browser: Option<&'a Token>,
}

/// A login by code.
#[derive(Debug)]
pub struct CodeLogin {
    pub session: NewSession,
    pub user_created: bool,
}

impl Portal {
    /// Logs a person in by a code (docs/contract.md, Code routes). Every code that doesn't work
    /// gets the same error.
    ///
    /// # Errors
    /// See [`VerifyCodeError`].
    pub async fn verify_code(
        &self,
        request: VerifyCode<'_>,
    ) -> Result<LoginOutcome<CodeLogin>, Problem<VerifyCodeError>> {
        let named = match request.identity {
            None => None,
            Some((platform, id)) => {
                let platform = self
                    .platform(platform)
                    .ok_or(Problem::Refused(VerifyCodeError::UnknownPlatform))?;
                Some(Identity {
                    platform,
                    user_id: id.clone(),
                })
            }
        };
        let attempt = match self.count_code_attempt(request.client).await? {
            Ok(attempt) => attempt,
            Err(RateLimited { retry_after }) => {
                return Err(Problem::Refused(VerifyCodeError::TooManyAttempts {
                    retry_after,
                }));
            }
        };
        let browser = request.browser.map(Token::hash);
        let now = self.now();
        let mut transaction = self.begin().await?;
        if attempt.under_attack && named.is_none() {
            let waits = match &browser {
                Some(browser) => {
                    login_code::newest_of_browser(&mut transaction, browser, now).await?
                }
                None => None,
            };
            if waits.is_none() {
                // Nothing was compared, so the attempt doesn't count.
                attempt.refund(&mut transaction).await?;
                transaction.commit().await?;
                let retry_after = Duration::from_mins(1);
                return Err(Problem::Refused(VerifyCodeError::TooManyAttempts {
                    retry_after,
                }));
            }
        }
        let hash = self
            .secret
            .keyed_hash(Purpose::LoginCode, request.code.as_bytes());
        let found = login_code::by_hash(&mut transaction, &hash, now).await?;
        let found = found.filter(|found| {
            fits(
                found,
                named.as_ref(),
                request.client,
                browser.as_ref(),
                attempt.under_attack,
            )
        });
        let Some(found) = found else {
            if let Some(browser) = &browser {
                let own = WrongAttemptOf::Browser(browser);
                login_code::count_wrong_attempt(&mut transaction, own, MAX_WRONG_ATTEMPTS, now)
                    .await?;
            }
            let event = Event::CodeRefused { user: None };
            event
                .record(&mut transaction, Some(request.client), now)
                .await?;
            transaction.commit().await?;
            return Err(Problem::Refused(VerifyCodeError::InvalidOrExpired));
        };
        self.login_with_found_code(transaction, &found, attempt, request, now)
            .await
    }

    /// Logs in the person that the right code belongs to, and consumes the code in the same
    /// transaction.
    ///
    /// If a second factor is required and missing or wrong, returns a challenge and leaves the code
    /// pending.
    async fn login_with_found_code(
        &self,
        mut transaction: Transaction,
        found: &Pending,
        attempt: CodeAttempt,
        request: VerifyCode<'_>,
        now: Timestamp,
    ) -> Result<LoginOutcome<CodeLogin>, Problem<VerifyCodeError>> {
        let refused = |error| Err(Problem::Refused(error));
        let client = request.client;
        let identity = found.identity()?;
        let holder = identity::holder(&mut transaction, &identity).await?;
        let user_created = holder.is_none();
        let user_id = match holder {
            Some(holder) => holder.user_id,
            None => match self
                .register_from_code(&mut transaction, &identity, found, now)
                .await?
            {
                Some(user_id) => user_id,
                None => return self.reject_race(transaction, client, now).await,
            },
        };
        let user = user::lock(&mut transaction, user_id).await?;
        let Some(user) = user.filter(|user| !user.state.is_restricted(now)) else {
            // The code is spent, and the response is that of any code that doesn't work.
            login_code::consume(&mut transaction, found.id, now).await?;
            record_refused_code(&mut transaction, user_id, client, now).await?;
            transaction.commit().await?;
            return refused(VerifyCodeError::InvalidOrExpired);
        };
        let network = client.network();
        let place = FactorContext::Login(&network);
        let factor = match self
            .check_second_factor(&mut transaction, &user, request.factor, place, now)
            .await?
        {
            SecondFactorCheck::NoneNeeded => None,
            SecondFactorCheck::Right(kind) => Some(kind),
            SecondFactorCheck::Wait { retry_after } => {
                record_refused_code(&mut transaction, user_id, client, now).await?;
                attempt.refund(&mut transaction).await?;
                transaction.commit().await?;
                return refused(VerifyCodeError::TooManyFactorAttempts { retry_after });
            }
            missing @ (SecondFactorCheck::Missing | SecondFactorCheck::Wrong) => {
                if let SecondFactorCheck::Wrong = missing {
                    let (code, most) = (WrongAttemptOf::Code(found.id), MAX_WRONG_ATTEMPTS);
                    login_code::count_wrong_attempt(&mut transaction, code, most, now).await?;
                    record_refused_code(&mut transaction, user_id, client, now).await?;
                }
                attempt.refund(&mut transaction).await?;
                let method = found.kind.sign_in_method();
                let step = self
                    .create_challenge(&mut transaction, user_id, method, Some(found.id), now)
                    .await?;
                transaction.commit().await?;
                return Ok(LoginOutcome::SecondFactorRequired(step));
            }
        };
        let (method, code) = match self.use_code(&mut transaction, found, &user, now).await? {
            ConsumeOutcome::Consumed(method, code) => (method, code),
            ConsumeOutcome::AlreadyUsed => return self.reject_race(transaction, client, now).await,
            ConsumeOutcome::WebLoginRequired => {
                record_refused_code(&mut transaction, user_id, client, now).await?;
                attempt.refund(&mut transaction).await?;
                transaction.commit().await?;
                return refused(VerifyCodeError::WebLoginRequired);
            }
        };
        attempt.refund(&mut transaction).await?;
        let login = VerifiedLogin {
            user,
            method,
            client,
            code: Some(code),
            factor,
        };
        let session = self.begin_session(&mut transaction, login, now).await?;
        transaction.commit().await?;
        Ok(LoginOutcome::Done(CodeLogin {
            session,
            user_created,
        }))
    }

    /// Handles a lost race against a concurrent login: rolls this login back and records a rejected
    /// code.
    async fn reject_race<T>(
        &self,
        undone: Transaction,
        client: &Client,
        now: Timestamp,
    ) -> Result<T, Problem<VerifyCodeError>> {
        drop(undone);
        let mut transaction = self.begin().await?;
        let event = Event::CodeRefused { user: None };
        event.record(&mut transaction, Some(client), now).await?;
        transaction.commit().await?;
        Err(Problem::Refused(VerifyCodeError::InvalidOrExpired))
    }

    /// Creates an account with a name like `user_a1b2c3d4` for an unknown identity. `None` if
    /// sign-up is off or a concurrent login linked the identity first.
    async fn register_from_code(
        &self,
        transaction: &mut Transaction,
        identity: &Identity,
        found: &Pending,
        now: Timestamp,
    ) -> Result<Option<UserId>, Failure> {
        if !self.sign_up {
            return Ok(None);
        }
        for _ in 0..3 {
            let number = random_id()? & 0xffff_ffff;
            let name = format!("user_{number:08x}");
            let username = name
                .parse()
                .map_err(|_| Failure::Internal("a made name is no username".into()))?;
            let new = NewUser {
                username: &username,
                display: None,
                password: None,
                level: domain::PermissionLevel::User,
                created_at: now,
            };
            let Some(user_id) = user::insert(transaction, &new).await? else {
                continue;
            };
            let linked = identity::insert(transaction, identity, user_id, now).await?;
            if linked.is_none() {
                // Two codes of a new person were used at once, and the other one won.
                return Ok(None);
            }
            found.apply_appearance(transaction, identity).await?;
            Event::SignedUp { user: user_id }
                .record(transaction, None, now)
                .await?;
            return Ok(Some(user_id));
        }
        Err(Failure::Internal("no free made name in three tries".into()))
    }
}

/// Whether the client may use the code.
///
/// The code must belong to the named identity, and a web code must come from the network and
/// browser that requested it (ASVS 6.6.2).
fn fits(
    found: &Pending,
    named: Option<&Identity>,
    client: &Client,
    browser: Option<&TokenHash>,
    under_attack: bool,
) -> bool {
    let is_named = named.is_some_and(|named| {
        named.platform.as_str() == found.platform
            && named.user_id.as_str() == found.platform_user_id
    });
    if named.is_some() && !is_named {
        return false;
    }
    let known_device = !found.browser_hash.is_empty() && found.is_of(browser);
    found.is_bound_to(client, browser) && (!under_attack || is_named || known_device)
}

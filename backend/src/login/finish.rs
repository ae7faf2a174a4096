//! Second step of a login, with a second factor.

use crate::second_factor::context::FactorOutcome;

use domain::{Client, FinishLoginError, LoginMethod, SecondFactorInput};

use crate::audit::event::{Event, Refusal};
use crate::crypto::secrets::Token;
use crate::error::Problem;
use crate::login_codes::consume::{ConsumeOutcome, MAX_WRONG_ATTEMPTS, record_refused_code};
use crate::portal::Portal;
use crate::second_factor::context::FactorContext;
use crate::sessions::start::{NewSession, VerifiedLogin};
use crate::store::tables::challenge::{self};
use crate::store::tables::{login_code, user};

impl Portal {
    /// Completes a login that requires a second factor, by the challenge of the first step.
    ///
    /// # Errors
    /// See [`FinishLoginError`].
    pub async fn finish_login(
        &self,
        challenge: &Token,
        factor: &SecondFactorInput,
        client: &Client,
        browser: Option<&Token>,
    ) -> Result<NewSession, Problem<FinishLoginError>> {
        let refused = |error| Err(Problem::Refused(error));
        let now = self.now();
        let mut transaction = self.begin().await?;
        let Some(waiting) = challenge::find(&mut transaction, &challenge.hash(), now).await? else {
            return refused(FinishLoginError::Dead);
        };
        let user = user::lock(&mut transaction, waiting.user_id).await?;
        let Some(user) = user.filter(|user| !user.state.is_restricted(now)) else {
            return refused(FinishLoginError::Restricted);
        };
        // The code of the first step may have expired or been used meanwhile.
        let code = match waiting.login_code_id {
            None => None,
            Some(id) => {
                let found = login_code::pending_by_id(&mut transaction, id, now).await?;
                let browser = browser.map(Token::hash);
                match found.filter(|found| found.is_bound_to(client, browser.as_ref())) {
                    Some(found) => Some(found),
                    None => return refused(FinishLoginError::Dead),
                }
            }
        };
        let lost = Event::SignInRefused {
            user: Some(user.id),
            method: waiting.method,
            reason: Refusal::WrongFactor,
        };
        let place = FactorContext::Challenge(waiting.id);
        match self
            .verify_factor(&mut transaction, user.id, factor, place, now)
            .await?
        {
            FactorOutcome::Right(kind) => {
                if !challenge::consume(&mut transaction, &challenge.hash(), now).await? {
                    return refused(FinishLoginError::Dead);
                }
                let (method, code) = if let Some(code) = code {
                    match self.use_code(&mut transaction, &code, &user, now).await? {
                        ConsumeOutcome::Consumed(method, code) => (method, Some(code)),
                        ConsumeOutcome::AlreadyUsed => return refused(FinishLoginError::Dead),
                        ConsumeOutcome::WebLoginRequired => {
                            record_refused_code(&mut transaction, user.id, client, now).await?;
                            transaction.commit().await?;
                            return refused(FinishLoginError::WebLoginRequired);
                        }
                    }
                } else {
                    user::reset_bot_logins(&mut transaction, user.id).await?;
                    (waiting.method, None)
                };
                let login = VerifiedLogin {
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
            FactorOutcome::Wrong => {
                if let Some(code) = code {
                    let code = login_code::WrongAttemptOf::Code(code.id);
                    login_code::count_wrong_attempt(
                        &mut transaction,
                        code,
                        MAX_WRONG_ATTEMPTS,
                        now,
                    )
                    .await?;
                }
                lost.record(&mut transaction, Some(client), now).await?;
                if waiting.method == LoginMethod::Password {
                    self.notify_of_password_only_login(&mut transaction, &user, client, now)
                        .await?;
                }
                transaction.commit().await?;
                refused(FinishLoginError::WrongFactor)
            }
            FactorOutcome::Wait { retry_after } => {
                lost.record(&mut transaction, Some(client), now).await?;
                transaction.commit().await?;
                refused(FinishLoginError::TooManyFactorAttempts { retry_after })
            }
        }
    }
}

//! The end of a login that waited for its second factor.

use crate::second_factor::context::Shown;

use domain::{Client, SecondStepError, SignInMethod, TwofaToken};

use crate::audit::event::{Event, Refusal};
use crate::crypto::secrets::Token;
use crate::error::Problem;
use crate::login_codes::consume::{MOST_WRONG_TRIES, Used, refuse_code};
use crate::portal::Portal;
use crate::second_factor::context::Place;
use crate::sessions::start::{Login, NewSession};
use crate::store::tables::challenge::{self};
use crate::store::tables::{login_code, user};

impl Portal {
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
}

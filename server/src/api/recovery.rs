use axum::extract::{Path, State};
use axum::{Extension, Json};
use backend::{Recover, Recovery, Token};
use domain::{AskRecoveryError, Client, RecoverError};
use serde_json::{Value, json};

use super::Refusal;
use super::authentication::twofa_token;
use super::body::JsonBody;
use crate::router::Web;

/// `POST /v1/authentication/recover` (docs/contract.md, Password reset). The same answer whether or not
/// there is such a person.
pub(super) async fn ask(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<Json<Value>, Refusal> {
    let identifier = body.id("identifier")?;
    let asked = web.portal.request_recovery(&identifier, &client).await;
    asked.map_err(|problem| {
        Refusal::of(
            problem,
            |AskRecoveryError::TooManyRequests { retry_after }| {
                Refusal::too_many("Too many requests", retry_after)
            },
        )
    })?;
    let message = "If that account exists and has a confirmed email, a link was sent";
    Ok(Json(json!({ "message": message })))
}

/// `POST /v1/authentication/recover/{token}`: a new password. It logs nobody in.
pub(super) async fn finish(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    Path(token): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, Refusal> {
    let (new, factor) = (body.text("new_password")?, twofa_token(&body)?);
    let token = token.parse::<Token>().map_err(|_| Refusal::INVALID_CODE)?;
    let request = Recover {
        token: &token,
        new,
        factor: factor.as_ref(),
        client: &client,
    };
    let recovered = web.portal.recover(request).await;
    let policy = web.portal.password_policy();
    match recovered.map_err(|problem| Refusal::of(problem, |error| refusal(error, policy)))? {
        Recovery::Done => Ok(Json(
            json!({ "message": "Password set; all sessions have ended" }),
        )),
        Recovery::FactorMissing(methods) | Recovery::FactorWrong(methods) => {
            Err(Refusal::factor_beside(methods))
        }
    }
}

fn refusal(error: RecoverError, policy: domain::PasswordPolicy) -> Refusal {
    match error {
        RecoverError::Dead => Refusal::INVALID_CODE,
        RecoverError::TooManyFactorAttempts { retry_after } => {
            Refusal::too_many("Too many requests", retry_after)
        }
        RecoverError::Password(error) => Refusal::new_password(error, policy),
        RecoverError::Busy => Refusal::UNAVAILABLE,
    }
}

//! Password reset by a link in a mail (docs/contract.md, Password reset).

use axum::extract::{Path, State};
use axum::{Extension, Json};
use backend::{Problem, Recover, Recovery, Token};
use domain::{AskRecoveryError, Client, PasswordPolicy, RecoverError, RetryAfter as _};
use serde_json::{Value, json};

use super::ApiError;
use super::json_body::JsonBody;
use crate::state::AppState;

/// `POST /v1/authentication/recover`. The answer doesn't reveal whether the account exists.
pub(super) async fn request(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let identifier = body.id("identifier")?;
    state.portal.request_recovery(&identifier, &client).await?;
    let message = "If that account exists and has a confirmed email, a link was sent";
    Ok(Json(json!({ "message": message })))
}

/// `POST /v1/authentication/recover/{token}`: sets a new password and begins no session.
pub(super) async fn finish(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    Path(token): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let (new, factor) = (body.text("new_password")?, body.twofa_token()?);
    let token = token.parse::<Token>().map_err(|_| ApiError::INVALID_CODE)?;
    let request = Recover {
        token: &token,
        new,
        factor: factor.as_ref(),
        client: &client,
    };
    let recovered = state.portal.recover(request).await;
    recovery_response(recovered, state.portal.password_policy())
}

fn recovery_response(
    recovered: Result<Recovery, Problem<RecoverError>>,
    policy: PasswordPolicy,
) -> Result<Json<Value>, ApiError> {
    match recovered {
        Ok(Recovery::Done) => {
            let message = "Password set; all sessions have ended";
            Ok(Json(json!({ "message": message })))
        }
        Ok(Recovery::FactorMissing(methods) | Recovery::FactorWrong(methods)) => {
            Err(ApiError::second_factor_without_challenge(methods))
        }
        Err(problem) => Err(ApiError::from_problem(problem, |error| {
            recover_error(error, policy)
        })),
    }
}

impl From<AskRecoveryError> for ApiError {
    fn from(error: AskRecoveryError) -> Self {
        match error {
            AskRecoveryError::TooManyRequests { .. } => {
                Self::TOO_MANY_REQUESTS.with_retry_after(error.retry_after())
            }
        }
    }
}

fn recover_error(error: RecoverError, policy: PasswordPolicy) -> ApiError {
    match error {
        RecoverError::Dead => ApiError::INVALID_CODE,
        RecoverError::TooManyFactorAttempts { .. } => {
            ApiError::TOO_MANY_REQUESTS.with_retry_after(error.retry_after())
        }
        RecoverError::Password(error) => ApiError::new_password(error, policy),
        RecoverError::Busy => ApiError::UNAVAILABLE,
    }
}

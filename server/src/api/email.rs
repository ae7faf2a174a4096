use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use backend::SetEmail;
use domain::{EmailAddress, EmailAddressError, RetryAfter as _, SetEmailError};
use http::StatusCode;
use serde_json::json;

use super::ApiError;
use super::caller::Caller;
use super::json_body::JsonBody;
use crate::state::AppState;

/// `POST /v1/users/me/email` (docs/contract.md, Email and mail). The link in the mail confirms the
/// address.
pub(super) async fn set(
    State(state): State<AppState>,
    caller: Caller,
    body: JsonBody,
) -> Result<impl IntoResponse, ApiError> {
    let person = caller.signed_in()?;
    let (email, factor) = (address(&body)?, body.twofa_token()?);
    let request = SetEmail {
        person,
        email: &email,
        factor: factor.as_ref(),
        client: &caller.client,
    };
    state.portal.set_email(request).await?;
    Ok(Json(json!({ "message": "Confirmation link sent" })))
}

fn address(body: &JsonBody) -> Result<EmailAddress, ApiError> {
    body.text("email")?.parse().map_err(|error| match error {
        EmailAddressError::TooLong => ApiError::field("email", "must be at most 320 characters"),
        EmailAddressError::Malformed => {
            ApiError::field("email", "must be an address such as name@example.org")
        }
    })
}

impl From<SetEmailError> for ApiError {
    fn from(error: SetEmailError) -> Self {
        match error {
            SetEmailError::NotFresh => Self::NOT_FRESH,
            SetEmailError::AlreadyVerified => {
                Self::new(StatusCode::CONFLICT, "Entity already exists")
            }
            SetEmailError::FactorMissing => Self::field("twofa_token", "is required"),
            SetEmailError::WrongFactor => Self::WRONG_FACTOR,
            SetEmailError::TooManyFactorAttempts { .. } | SetEmailError::TooManyLetters { .. } => {
                Self::TOO_MANY_REQUESTS.with_retry_after(error.retry_after())
            }
        }
    }
}

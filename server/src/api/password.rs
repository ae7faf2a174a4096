use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use backend::SetPassword;
use domain::{PasswordPolicy, RetryAfter as _, SetPasswordError};
use serde_json::json;

use super::caller::Caller;
use super::json_body::JsonBody;
use super::{ApiError, set_cookies};
use crate::state::AppState;

/// `POST /v1/users/me/password` (docs/contract.md, Passwords): changes the password, or sets the
/// first one.
pub(super) async fn set(
    State(state): State<AppState>,
    caller: Caller,
    body: JsonBody,
) -> Result<impl IntoResponse, ApiError> {
    let person = caller.signed_in()?;
    let factor = body.twofa_token()?;
    let request = SetPassword {
        person,
        old: body.optional_text("old_password")?,
        new: body.text("new_password")?,
        factor: factor.as_ref(),
        client: &caller.client,
    };
    let set = state.portal.set_password(request).await;
    let policy = state.portal.password_policy();
    let session = set.map_err(|problem| {
        ApiError::from_problem(problem, |error| set_password_error(error, policy))
    })?;
    let cookies = set_cookies(state.site.cookies.of_session(&session));
    let message = "Password set; all other sessions have ended";
    Ok((cookies, Json(json!({ "message": message }))))
}

fn set_password_error(error: SetPasswordError, policy: PasswordPolicy) -> ApiError {
    match error {
        SetPasswordError::NotFresh => ApiError::NOT_FRESH,
        SetPasswordError::WrongPassword => ApiError::WRONG_PASSWORD,
        SetPasswordError::FactorMissing => ApiError::field("twofa_token", "is required"),
        SetPasswordError::WrongFactor => ApiError::WRONG_FACTOR,
        SetPasswordError::TooManyAttempts { .. }
        | SetPasswordError::TooManyFactorAttempts { .. } => {
            ApiError::TOO_MANY_REQUESTS.with_retry_after(error.retry_after())
        }
        SetPasswordError::Password(error) => ApiError::new_password(error, policy),
        SetPasswordError::Busy => ApiError::UNAVAILABLE,
    }
}

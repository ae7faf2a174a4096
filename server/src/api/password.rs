use axum::extract::State;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use backend::{SetPassword, Visitor};
use domain::{Client, SetPasswordError};
use serde_json::json;

use super::authentication::twofa_token;
use super::body::JsonBody;
use super::{Refusal, set_cookies};
use crate::router::Web;

/// `POST /v1/users/me/password` (docs/contract.md, Passwords): another password, or the first one.
pub(super) async fn set(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<impl IntoResponse, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let factor = twofa_token(&body)?;
    let request = SetPassword {
        person,
        old: body.optional_text("old_password")?,
        new: body.text("new_password")?,
        factor: factor.as_ref(),
        client: &client,
    };
    let set = web.portal.set_password(request).await;
    let policy = web.portal.password_policy();
    let session = set.map_err(|problem| {
        Refusal::of(problem, |error| match error {
            SetPasswordError::NotFresh => Refusal::NOT_FRESH,
            SetPasswordError::WrongPassword => Refusal::WRONG_PASSWORD,
            SetPasswordError::FactorMissing => Refusal::field("twofa_token", "is required"),
            SetPasswordError::WrongFactor => Refusal::WRONG_FACTOR,
            SetPasswordError::TooManyAttempts { retry_after }
            | SetPasswordError::TooManyFactorAttempts { retry_after } => {
                Refusal::too_many("Too many requests", retry_after)
            }
            SetPasswordError::Password(error) => Refusal::new_password(error, policy),
            SetPasswordError::Busy => Refusal::UNAVAILABLE,
        })
    })?;
    let cookies = set_cookies(web.site.cookies.of_session(&session));
    let message = "Password set; all other sessions have ended";
    Ok((cookies, Json(json!({ "message": message }))))
}

use axum::extract::State;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use backend::{SetEmail, Visitor};
use domain::{Client, EmailAddress, EmailAddressError, SetEmailError};
use http::StatusCode;
use serde_json::json;

use super::Refusal;
use super::authentication::twofa_token;
use super::body::JsonBody;
use crate::router::Web;

/// `POST /v1/users/me/email` (docs/contract.md, Email and mail): the link in the letter confirms it.
pub(super) async fn set(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<impl IntoResponse, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let (email, factor) = (address(&body)?, twofa_token(&body)?);
    let request = SetEmail {
        person,
        email: &email,
        factor: factor.as_ref(),
        client: &client,
    };
    let asked = web.portal.set_email(request).await;
    asked.map_err(|problem| Refusal::of(problem, refusal))?;
    Ok(Json(json!({ "message": "Confirmation link sent" })))
}

fn address(body: &JsonBody) -> Result<EmailAddress, Refusal> {
    body.text("email")?.parse().map_err(|error| match error {
        EmailAddressError::TooLong => Refusal::field("email", "must be at most 320 characters"),
        EmailAddressError::Malformed => {
            Refusal::field("email", "must be an address such as name@example.org")
        }
    })
}

fn refusal(error: SetEmailError) -> Refusal {
    match error {
        SetEmailError::NotFresh => Refusal::NOT_FRESH,
        SetEmailError::AlreadyVerified => {
            Refusal::new(StatusCode::CONFLICT, "Entity already exists")
        }
        SetEmailError::FactorMissing => Refusal::field("twofa_token", "is required"),
        SetEmailError::WrongFactor => Refusal::WRONG_FACTOR,
        SetEmailError::TooManyFactorAttempts { retry_after }
        | SetEmailError::TooManyLetters { retry_after } => {
            Refusal::too_many("Too many requests", retry_after)
        }
    }
}

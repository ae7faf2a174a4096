//! Second factors of the caller (docs/contract.md, Second factors).

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use backend::{FactorOn, Person};
use domain::{FactorError, FactorKind, RecoveryCode, RetryAfter as _, SecondFactorInput};
use http::StatusCode;
use serde::Serialize;

use super::caller::Caller;
use super::error::FactorMethodView;
use super::json_body::JsonBody;
use super::{ApiError, set_cookies};
use crate::state::AppState;

/// `POST /v1/users/me/second-factors/totp`: a secret for an authenticator app. Nothing is enabled
/// yet.
pub(super) async fn offer(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<TotpOfferResponse>, ApiError> {
    let person = caller.signed_in()?;
    let offer = state.portal.offer_totp(person).await?;
    Ok(Json(TotpOfferResponse {
        secret: offer.secret,
        otpauth_url: offer.otpauth_url,
        qr_svg: offer.qr_svg,
    }))
}

/// `POST /v1/users/me/second-factors/totp/confirm`.
pub(super) async fn confirm(
    State(state): State<AppState>,
    caller: Caller,
    body: JsonBody,
) -> Result<impl IntoResponse, ApiError> {
    let person = caller.signed_in()?;
    let code = body.text("code")?.parse();
    let code = code.map_err(|_| ApiError::field("code", "must be six digits"))?;
    let shown = body.twofa_token()?;
    let on = state
        .portal
        .confirm_totp_beside(person, &code, shown.as_ref(), &caller.client)
        .await?;
    Ok(recovery_codes_response(&state, &on))
}

/// `POST /v1/users/me/second-factors/email/enable`. It takes an enabled factor, if there is one.
pub(super) async fn enable_email(
    State(state): State<AppState>,
    caller: Caller,
    body: JsonBody,
) -> Result<impl IntoResponse, ApiError> {
    let person = caller.signed_in()?;
    let shown = body.twofa_token()?;
    let on = state
        .portal
        .enable_email_factor(person, shown.as_ref(), &caller.client)
        .await?;
    let codes = on.recovery_codes.as_deref().map(reveal_all);
    let body = EmailFactorResponse {
        methods: methods(&state, person).await?.methods,
        recovery_codes: codes,
    };
    Ok((
        set_cookies(state.site.cookies.of_session(&on.session)),
        Json(body),
    ))
}

/// `POST /v1/users/me/second-factors/recovery-codes`: replaces the recovery codes.
pub(super) async fn renew(
    State(state): State<AppState>,
    caller: Caller,
    body: JsonBody,
) -> Result<impl IntoResponse, ApiError> {
    let person = caller.signed_in()?;
    let shown = required_factor(&body)?;
    let renewed = state
        .portal
        .renew_recovery_codes(person, &shown, &caller.client)
        .await?;
    Ok(recovery_codes_response(&state, &renewed))
}

/// `POST /v1/users/me/second-factors/{type}/remove`.
pub(super) async fn remove(
    State(state): State<AppState>,
    caller: Caller,
    Path(kind): Path<String>,
    body: JsonBody,
) -> Result<impl IntoResponse, ApiError> {
    let person = caller.signed_in()?;
    let kind = FactorKind::parse(&kind).ok_or_else(|| ApiError::field("type", "is unknown"))?;
    let session = state
        .portal
        .remove_factor(person, kind, &required_factor(&body)?, &caller.client)
        .await?;
    let methods = methods(&state, person).await?;
    Ok((
        set_cookies(state.site.cookies.of_session(&session)),
        Json(methods),
    ))
}

fn required_factor(body: &JsonBody) -> Result<SecondFactorInput, ApiError> {
    body.twofa_token()?
        .ok_or_else(|| ApiError::field("twofa_token", "is required"))
}

async fn methods(state: &AppState, person: &Person) -> Result<FactorMethodsResponse, ApiError> {
    let factors = state.portal.factors(person).await?;
    Ok(FactorMethodsResponse {
        methods: factors
            .methods
            .into_iter()
            .map(FactorMethodView::from)
            .collect(),
    })
}

fn reveal_all(codes: &[RecoveryCode]) -> Vec<String> {
    codes.iter().map(|code| code.reveal().to_owned()).collect()
}

fn recovery_codes_response(state: &AppState, on: &FactorOn) -> impl IntoResponse + use<> {
    let body = RecoveryCodesResponse {
        recovery_codes: reveal_all(&on.recovery_codes),
    };
    (
        set_cookies(state.site.cookies.of_session(&on.session)),
        Json(body),
    )
}

#[derive(Serialize)]
pub(super) struct TotpOfferResponse {
    secret: String,
    otpauth_url: String,
    qr_svg: String,
}

#[derive(Serialize)]
struct RecoveryCodesResponse {
    recovery_codes: Vec<String>,
}

#[derive(Serialize)]
struct EmailFactorResponse {
    methods: Vec<FactorMethodView>,
    /// Shown once, together with the first factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_codes: Option<Vec<String>>,
}

#[derive(Serialize)]
struct FactorMethodsResponse {
    methods: Vec<FactorMethodView>,
}

impl From<FactorError> for ApiError {
    fn from(error: FactorError) -> Self {
        match error {
            FactorError::NotFresh => Self::NOT_FRESH,
            FactorError::AlreadyOn => Self::new(StatusCode::CONFLICT, "Entity already exists"),
            FactorError::NotOn => Self::new(StatusCode::NOT_FOUND, "Second factor not found"),
            FactorError::PasswordTooShort => {
                Self::new(StatusCode::CONFLICT, "Set a longer password first")
            }
            FactorError::Disabled => Self::new(StatusCode::FORBIDDEN, "This service is disabled"),
            FactorError::NoEmail => {
                Self::new(StatusCode::CONFLICT, "Confirm an email address first")
            }
            FactorError::FactorMissing => Self::field("twofa_token", "is required"),
            FactorError::WrongFactor => Self::WRONG_FACTOR,
            FactorError::TooManyFactorAttempts { .. } => {
                Self::TOO_MANY_REQUESTS.with_retry_after(error.retry_after())
            }
        }
    }
}

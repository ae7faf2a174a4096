use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::{Extension, Json};
use backend::{FactorOn, Person, Visitor};
use domain::{Client, FactorError, FactorKind, RecoveryCode, SecondFactorInput};
use http::StatusCode;
use serde::Serialize;

use super::authentication::twofa_token;
use super::body::JsonBody;
use super::refusal::Method;
use super::{Refusal, set_cookies};
use crate::router::Web;

/// `POST /v1/users/me/second-factors/totp` (docs/contract.md, Second factors): nothing is on yet.
pub(super) async fn offer(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<Offer>, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let offer = web.portal.offer_totp(person).await;
    let offer = offer.map_err(|problem| Refusal::of(problem, refusal))?;
    Ok(Json(Offer {
        secret: offer.secret,
        otpauth_url: offer.otpauth_url,
        qr_svg: offer.qr_svg,
    }))
}

/// `POST /v1/users/me/second-factors/totp/confirm`.
pub(super) async fn confirm(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<impl IntoResponse, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let code = body.text("code")?.parse();
    let code = code.map_err(|_| Refusal::field("code", "must be six digits"))?;
    let shown = twofa_token(&body)?;
    let on = web
        .portal
        .confirm_totp_beside(person, &code, shown.as_ref(), &client)
        .await;
    let on = on.map_err(|problem| Refusal::of(problem, refusal))?;
    Ok(shown_once(&web, &on))
}

/// `POST /v1/users/me/second-factors/email/enable`: by a factor that is on, if one is.
pub(super) async fn enable_email(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<impl IntoResponse, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let shown = twofa_token(&body)?;
    let on = web
        .portal
        .enable_email_factor(person, shown.as_ref(), &client)
        .await;
    let on = on.map_err(|problem| Refusal::of(problem, refusal))?;
    let codes = on.recovery_codes.as_deref().map(in_text);
    let body = Enabled {
        methods: methods(&web, person).await?.methods,
        recovery_codes: codes,
    };
    Ok((
        set_cookies(web.site.cookies.of_session(&on.session)),
        Json(body),
    ))
}

/// `POST /v1/users/me/second-factors/recovery-codes`: new ones, the old ones end.
pub(super) async fn renew(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<impl IntoResponse, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let shown = shown(&body)?;
    let renewed = web
        .portal
        .renew_recovery_codes(person, &shown, &client)
        .await;
    let renewed = renewed.map_err(|problem| Refusal::of(problem, refusal))?;
    Ok(shown_once(&web, &renewed))
}

/// `POST /v1/users/me/second-factors/{type}/remove`.
pub(super) async fn remove(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
    Path(kind): Path<String>,
    body: JsonBody,
) -> Result<impl IntoResponse, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let kind = FactorKind::parse(&kind).ok_or_else(|| Refusal::field("type", "is unknown"))?;
    let removed = web
        .portal
        .remove_factor(person, kind, &shown(&body)?, &client)
        .await;
    let session = removed.map_err(|problem| Refusal::of(problem, refusal))?;
    let methods = methods(&web, person).await?;
    Ok((
        set_cookies(web.site.cookies.of_session(&session)),
        Json(methods),
    ))
}

fn shown(body: &JsonBody) -> Result<SecondFactorInput, Refusal> {
    twofa_token(body)?.ok_or_else(|| Refusal::field("twofa_token", "is required"))
}

async fn methods(web: &Web, person: &Person) -> Result<Methods, Refusal> {
    let factors = web.portal.factors(person).await?;
    Ok(Methods {
        methods: factors.methods.into_iter().map(Method::from).collect(),
    })
}

/// As programs send them back; pages show them in groups.
fn in_text(codes: &[RecoveryCode]) -> Vec<String> {
    codes.iter().map(|code| code.reveal().to_owned()).collect()
}

fn shown_once(web: &Web, on: &FactorOn) -> impl IntoResponse + use<> {
    let body = RecoveryCodes {
        recovery_codes: in_text(&on.recovery_codes),
    };
    (
        set_cookies(web.site.cookies.of_session(&on.session)),
        Json(body),
    )
}

#[derive(Serialize)]
pub(super) struct Offer {
    secret: String,
    otpauth_url: String,
    qr_svg: String,
}

#[derive(Serialize)]
struct RecoveryCodes {
    recovery_codes: Vec<String>,
}

#[derive(Serialize)]
struct Enabled {
    methods: Vec<Method>,
    /// With the first factor, shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_codes: Option<Vec<String>>,
}

#[derive(Serialize)]
struct Methods {
    methods: Vec<Method>,
}

fn refusal(error: FactorError) -> Refusal {
    match error {
        FactorError::NotFresh => Refusal::NOT_FRESH,
        FactorError::AlreadyOn => Refusal::new(StatusCode::CONFLICT, "Entity already exists"),
        FactorError::NotOn => Refusal::new(StatusCode::NOT_FOUND, "Second factor not found"),
        FactorError::PasswordTooShort => {
            Refusal::new(StatusCode::CONFLICT, "Set a longer password first")
        }
        FactorError::Disabled => Refusal::new(StatusCode::FORBIDDEN, "This service is disabled"),
        FactorError::NoEmail => {
            Refusal::new(StatusCode::CONFLICT, "Confirm an email address first")
        }
        FactorError::FactorMissing => Refusal::field("twofa_token", "is required"),
        FactorError::WrongFactor => Refusal::WRONG_FACTOR,
        FactorError::TooManyFactorAttempts { retry_after } => {
            Refusal::too_many("Too many requests", retry_after)
        }
    }
}

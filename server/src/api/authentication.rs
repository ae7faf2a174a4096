use axum::extract::State;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use backend::{CodeRequest, LoginHint, LoginOutcome, Proof, VerifyCode, Visitor};
use domain::{
    Client, ConfirmError, PlatformUserId, ReportCodeError, RequestCodeError, SecondFactorInput,
    Timestamp, VerifyCodeError,
};
use http::StatusCode;
use serde::Serialize;
use serde_json::json;

use super::body::JsonBody;
use super::bot::platform_user_id;
use super::users::Me;
use super::{Refusal, set_cookies};
use crate::router::Web;

/// `POST /v1/authentication/request` (docs/contract.md, Code routes). The same answer whether or not
/// there is such a person; the code is never in it.
pub(super) async fn request(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<impl IntoResponse, Refusal> {
    let by_discord = "Login code sent via Discord DM";
    let platform = body.optional_text("platform")?;
    let id;
    let (who, message) = if body.has("discord_id") {
        id = platform_user_id(&body, "discord_id")?;
        (
            LoginHint::Id {
                platform: "discord",
                id: &id,
            },
            by_discord,
        )
    } else if body.has("username") {
        let name = body.text("username")?;
        (
            LoginHint::Name {
                platform: platform.unwrap_or("discord"),
                name,
            },
            by_discord,
        )
    } else {
        let platform = body.text("platform")?;
        id = platform_user_id(&body, "platform_user_id")?;
        (LoginHint::Id { platform, id: &id }, "Login code generated.")
    };
    let request = CodeRequest {
        who,
        client: &client,
        browser: None,
    };
    let expires_at = web.portal.request_code(request).await;
    let expires_at = expires_at.map_err(|problem| Refusal::of(problem, request_refusal))?;
    Ok(Json(Asked {
        message,
        expires_at,
    }))
}

/// `POST /v1/authentication/verify` (docs/contract.md, Code routes).
pub(super) async fn verify(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<impl IntoResponse, Refusal> {
    let code = body.text("code")?;
    let named = named_identity(&body)?;
    let identity = named.as_ref().map(|(platform, id)| (platform.as_str(), id));
    let factor = twofa_token(&body)?;
    let request = VerifyCode {
        code,
        identity,
        factor: factor.as_ref(),
        client: &client,
        browser: None,
    };
    let login = web.portal.verify_code(request).await;
    let login = match login.map_err(|problem| Refusal::of(problem, verify_refusal))? {
        LoginOutcome::Done(login) => login,
        LoginOutcome::SecondFactorRequired(step) => return Err(Refusal::second_factor(step)),
    };
    let platforms = web.portal.linked_platforms(login.session.user.id).await?;
    let cookies = set_cookies(web.site.cookies.of_session(&login.session));
    let body = LoggedIn {
        status: "success",
        message: "Authentication successful",
        user_created: login.user_created,
        user: Me::of(&login.session.user, platforms, web.portal.now()),
    };
    Ok((cookies, Json(body)))
}

/// A code was asked for, or looks as if.
#[derive(Serialize)]
pub(super) struct Asked {
    pub message: &'static str,
    pub expires_at: Timestamp,
}

#[derive(Serialize)]
struct LoggedIn {
    status: &'static str,
    message: &'static str,
    user_created: bool,
    user: Me,
}

/// A second factor, where one is shown: six digits or a recovery code, and nothing else.
pub(super) fn twofa_token(body: &JsonBody) -> Result<Option<SecondFactorInput>, Refusal> {
    let shown = body.optional_text("twofa_token")?;
    let reason = "must be six digits or a recovery code";
    shown
        .map(|text| {
            text.parse()
                .map_err(|_| Refusal::field("twofa_token", reason))
        })
        .transpose()
}

/// Whose code it must be, where the caller says: by Discord's id, or by platform and id.
fn named_identity(body: &JsonBody) -> Result<Option<(String, PlatformUserId)>, Refusal> {
    if body.has("discord_id") {
        return Ok(Some((
            "discord".to_owned(),
            platform_user_id(body, "discord_id")?,
        )));
    }
    if body.has("platform") || body.has("platform_user_id") {
        let platform = body.text("platform")?;
        return Ok(Some((
            platform.to_owned(),
            platform_user_id(body, "platform_user_id")?,
        )));
    }
    Ok(None)
}

fn request_refusal(error: RequestCodeError) -> Refusal {
    match error {
        RequestCodeError::UnknownPlatform => Refusal::field("platform", "is unknown"),
        RequestCodeError::TooManyPending { retry_after } => {
            Refusal::too_many("Too many pending login codes", retry_after)
        }
    }
}

fn verify_refusal(error: VerifyCodeError) -> Refusal {
    match error {
        VerifyCodeError::InvalidOrExpired => Refusal::INVALID_CODE,
        VerifyCodeError::UnknownPlatform => Refusal::field("platform", "is unknown"),
        VerifyCodeError::WebLoginRequired => {
            Refusal::new(StatusCode::FORBIDDEN, "Web login required")
        }
        VerifyCodeError::TooManyAttempts { retry_after }
        | VerifyCodeError::TooManyFactorAttempts { retry_after } => {
            Refusal::too_many("Too many requests", retry_after)
        }
    }
}

/// `POST /v1/authentication/confirm` (docs/contract.md, Session routes): makes the session fresh.
pub(super) async fn confirm(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<impl IntoResponse, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let shown = match (twofa_token(&body)?, body.optional_text("password")?) {
        (Some(factor), _) => Proof::Factor(factor),
        (None, Some(password)) => Proof::Password(password),
        (None, None) => return Err(Refusal::field("password", "is required")),
    };
    let fresh_until = web.portal.confirm(person, &shown, &client).await;
    let fresh_until = fresh_until.map_err(|problem| Refusal::of(problem, confirm_refusal))?;
    Ok(Json(json!({ "fresh_until": fresh_until })))
}

fn confirm_refusal(error: ConfirmError) -> Refusal {
    match error {
        ConfirmError::WrongPassword => Refusal::WRONG_PASSWORD,
        ConfirmError::WrongFactor => Refusal::WRONG_FACTOR,
        ConfirmError::NoPassword => Refusal::NOT_FRESH,
        ConfirmError::TooManyAttempts { retry_after }
        | ConfirmError::TooManyFactorAttempts { retry_after } => {
            Refusal::too_many("Too many requests", retry_after)
        }
        ConfirmError::Busy => Refusal::UNAVAILABLE,
    }
}

/// `POST /v1/authentication/not-me` (docs/contract.md, Not me).
pub(super) async fn not_me(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<impl IntoResponse, Refusal> {
    let disowned = web.portal.disown(body.text("token")?, &client).await;
    disowned.map_err(|problem| {
        Refusal::of(problem, |ReportCodeError::Unknown| Refusal::INVALID_CODE)
    })?;
    let message = "The code and the sessions it started have ended";
    Ok(Json(json!({ "message": message })))
}

/// `POST /v1/authentication/logout` (docs/contract.md, Session routes).
pub(super) async fn logout(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
) -> Result<impl IntoResponse, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    web.portal.sign_out(person, &client).await?;
    Ok((
        set_cookies(web.site.cookies.cleared()),
        Json(json!({ "message": "Logged out" })),
    ))
}

//! Login by code, confirmation of a login, and logout (docs/contract.md, Code routes and Session
//! routes).

use axum::extract::State;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use backend::{CodeLogin, CodeRequest, LoginHint, LoginOutcome, Proof, VerifyCode};
use domain::{
    Client, ConfirmError, PlatformUserId, ReportCodeError, RequestCodeError, RetryAfter as _,
    Timestamp, VerifyCodeError,
};
use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use super::caller::Caller;
use super::json_body::JsonBody;
use super::me::Me;
use super::{ApiError, set_cookies};
use crate::state::AppState;

/// `POST /v1/authentication/request`. The answer doesn't reveal whether the account exists, and
/// never holds the code.
pub(super) async fn request(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<Json<CodeRequested>, ApiError> {
    let recipient = CodeRecipient::read(&body)?;
    let request = CodeRequest {
        who: recipient.as_login_hint(),
        client: &client,
        browser: None,
    };
    Ok(Json(CodeRequested {
        expires_at: state.portal.request_code(request).await?,
        message: recipient.message(),
    }))
}

/// `POST /v1/authentication/verify`.
pub(super) async fn verify(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<impl IntoResponse, ApiError> {
    let code = body.text("code")?;
    let identity = expected_identity(&body)?;
    let factor = body.twofa_token()?;
    let request = VerifyCode {
        code,
        identity: identity.as_ref().map(|(platform, id)| (*platform, id)),
        factor: factor.as_ref(),
        client: &client,
        browser: None,
    };
    match state.portal.verify_code(request).await? {
        LoginOutcome::Done(login) => logged_in(&state, login).await,
        LoginOutcome::SecondFactorRequired(step) => Err(ApiError::second_factor(step)),
    }
}

/// `POST /v1/authentication/confirm`: makes the session fresh.
pub(super) async fn confirm(
    State(state): State<AppState>,
    caller: Caller,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let person = caller.signed_in()?;
    let proof = match (body.twofa_token()?, body.optional_text("password")?) {
        (Some(factor), _) => Proof::Factor(factor),
        (None, Some(password)) => Proof::Password(password),
        (None, None) => return Err(ApiError::field("password", "is required")),
    };
    let confirmed = state.portal.confirm(person, &proof, &caller.client).await;
    Ok(Json(json!({ "fresh_until": confirmed? })))
}

/// `POST /v1/authentication/not-me` (docs/contract.md, Not me).
pub(super) async fn not_me(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    state.portal.disown(body.text("token")?, &client).await?;
    let message = "The code and the sessions it started have ended";
    Ok(Json(json!({ "message": message })))
}

/// `POST /v1/authentication/logout`.
pub(super) async fn logout(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<impl IntoResponse, ApiError> {
    let person = caller.signed_in()?;
    state.portal.sign_out(person, &caller.client).await?;
    let cookies = set_cookies(state.site.cookies.cleared());
    Ok((cookies, Json(json!({ "message": "Logged out" }))))
}

/// The account that a code is requested for, in one of three forms: by Discord ID, by username,
/// or by platform and ID.
enum CodeRecipient<'a> {
    DiscordId(PlatformUserId),
    Username {
        platform: &'a str,
        name: &'a str,
    },
    PlatformId {
        platform: &'a str,
        id: PlatformUserId,
    },
}

impl<'a> CodeRecipient<'a> {
    fn read(body: &'a JsonBody) -> Result<Self, ApiError> {
        let platform = body.optional_text("platform")?;
        if body.has("discord_id") {
            Ok(Self::DiscordId(body.platform_user_id("discord_id")?))
        } else if body.has("username") {
            Ok(Self::Username {
                platform: platform.unwrap_or("discord"),
                name: body.text("username")?,
            })
        } else {
            Ok(Self::PlatformId {
                platform: body.text("platform")?,
                id: body.platform_user_id("platform_user_id")?,
            })
        }
    }

    const fn as_login_hint(&self) -> LoginHint<'_> {
        match self {
            Self::DiscordId(id) => LoginHint::Id {
                platform: "discord",
                id,
            },
            Self::Username { platform, name } => LoginHint::Name { platform, name },
            Self::PlatformId { platform, id } => LoginHint::Id { platform, id },
        }
    }

    const fn message(&self) -> &'static str {
        match self {
            Self::DiscordId(_) | Self::Username { .. } => "Login code sent via Discord DM",
            Self::PlatformId { .. } => "Login code generated.",
        }
    }
}

/// The identity that the code must belong to, where the caller names one: by Discord ID, or by
/// platform and ID.
fn expected_identity(body: &JsonBody) -> Result<Option<(&str, PlatformUserId)>, ApiError> {
    if body.has("discord_id") {
        let id = body.platform_user_id("discord_id")?;
        return Ok(Some(("discord", id)));
    }
    if body.has("platform") || body.has("platform_user_id") {
        let platform = body.text("platform")?;
        let id = body.platform_user_id("platform_user_id")?;
        return Ok(Some((platform, id)));
    }
    Ok(None)
}

async fn logged_in(
    state: &AppState,
    login: CodeLogin,
) -> Result<impl IntoResponse + use<>, ApiError> {
    let user = &login.session.user;
    let platforms = state.portal.linked_platforms(user.id).await?;
    let body = CodeVerified {
        status: "success",
        message: "Authentication successful",
        user_created: login.user_created,
        user: Me::new(user, platforms, state.portal.now()),
    };
    let cookies = set_cookies(state.site.cookies.of_session(&login.session));
    Ok((cookies, Json(body)))
}

/// A code was requested, or seems so to the caller.
#[derive(Serialize)]
pub(super) struct CodeRequested {
    pub message: &'static str,
    pub expires_at: Timestamp,
}

#[derive(Serialize)]
struct CodeVerified {
    status: &'static str,
    message: &'static str,
    user_created: bool,
    user: Me,
}

impl From<RequestCodeError> for ApiError {
    fn from(error: RequestCodeError) -> Self {
        match error {
            RequestCodeError::UnknownPlatform => Self::field("platform", "is unknown"),
            RequestCodeError::TooManyPending { .. } => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many pending login codes",
            )
            .with_retry_after(error.retry_after()),
        }
    }
}

impl From<VerifyCodeError> for ApiError {
    fn from(error: VerifyCodeError) -> Self {
        match error {
            VerifyCodeError::InvalidOrExpired => Self::INVALID_CODE,
            VerifyCodeError::UnknownPlatform => Self::field("platform", "is unknown"),
            VerifyCodeError::WebLoginRequired => {
                Self::new(StatusCode::FORBIDDEN, "Web login required")
            }
            VerifyCodeError::TooManyAttempts { .. }
            | VerifyCodeError::TooManyFactorAttempts { .. } => {
                Self::TOO_MANY_REQUESTS.with_retry_after(error.retry_after())
            }
        }
    }
}

impl From<ConfirmError> for ApiError {
    fn from(error: ConfirmError) -> Self {
        match error {
            ConfirmError::WrongPassword => Self::WRONG_PASSWORD,
            ConfirmError::WrongFactor => Self::WRONG_FACTOR,
            ConfirmError::NoPassword => Self::NOT_FRESH,
            ConfirmError::TooManyAttempts { .. } | ConfirmError::TooManyFactorAttempts { .. } => {
                Self::TOO_MANY_REQUESTS.with_retry_after(error.retry_after())
            }
            ConfirmError::Busy => Self::UNAVAILABLE,
        }
    }
}

impl From<ReportCodeError> for ApiError {
    fn from(ReportCodeError::Unknown: ReportCodeError) -> Self {
        Self::INVALID_CODE
    }
}

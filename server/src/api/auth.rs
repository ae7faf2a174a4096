//! The `/api/auth` routes: login by username and password for programs, in an envelope
//! (docs/contract.md, Login by password).

use axum::extract::{OriginalUri, Path, State};
use axum::response::IntoResponse;
use axum::{Extension, Json};
use backend::{
    CodeFor, LoginChannel, LoginOutcome, NewSession, PasswordLogin, Profile, Register, Visitor,
};
use domain::{
    Client, EmailAddressError, FactorKind, NewUsernameError, Password, PasswordError,
    PasswordLoginError, PasswordPolicy, PermissionLevel, RegisterError, RetryAfter as _,
    SendCodeError, Timestamp, User, UserId,
};
use http::{HeaderMap, StatusCode, Uri};
use serde::Serialize;

use super::json_body::JsonBody;
use super::{ApiError, set_cookies};
use crate::layers::bearer_token;
use crate::state::AppState;

/// `POST /api/auth/login`.
pub(super) async fn login(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    OriginalUri(uri): OriginalUri,
    body: JsonBody,
) -> Result<impl IntoResponse, ApiError> {
    let identifier = body.id("identifier")?;
    let password = password(&body)?;
    let factor = body.twofa_token()?;
    let request = PasswordLogin {
        identifier: &identifier,
        password,
        factor: factor.as_ref(),
        client: &client,
        channel: LoginChannel::Program,
    };
    match state.portal.login_with_password(request).await? {
        LoginOutcome::Done(session) => logged_in(&state, &uri, &session).await,
        LoginOutcome::SecondFactorRequired(step) => Err(ApiError::second_factor(step)),
    }
}

/// `POST /api/auth/register`: creates an account with a password and logs in.
pub(super) async fn register(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    OriginalUri(uri): OriginalUri,
    body: JsonBody,
) -> Result<impl IntoResponse, ApiError> {
    let request = Register {
        username: body.text("username")?,
        password: body.text("password")?,
        email: body.text("email")?,
        display: body.optional_text("display")?,
        client: &client,
        channel: LoginChannel::Program,
    };
    let registered = state.portal.register(request).await;
    let policy = state.portal.password_policy();
    let session = registered.map_err(|problem| {
        ApiError::from_problem(problem, |error| register_error(error, policy))
    })?;
    logged_in(&state, &uri, &session).await
}

/// `GET /api/auth/{type}/send`: mails a code, for a session or for a login that waits for its
/// second factor. Cookies don't count, since it is a GET: the bearer token alone says for which.
pub(super) async fn send(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    OriginalUri(uri): OriginalUri,
    Path(kind): Path<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    check_can_send(&kind)?;
    let token = bearer_token(&headers).and_then(Result::ok);
    let token = token.ok_or_else(not_logged_in)?;
    let visitor = state.portal.authenticate_bearer(&token).await?;
    let code_for = match &visitor {
        Visitor::SignedIn(person) => CodeFor::Session(person),
        Visitor::Recognised(_) | Visitor::Anonymous => CodeFor::Login(&token),
    };
    state.portal.send_email_code(code_for, &client).await?;
    let sent = SuccessData::new(Some("Verification code sent"));
    Ok(envelope(&state, &uri, sent))
}

/// `GET /api/auth/logout`. Cookies don't count, since it is a GET: the bearer token alone says
/// which session ends.
pub(super) async fn logout(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let token = bearer_token(&headers).and_then(Result::ok);
    let token = token.ok_or_else(not_logged_in)?;
    let visitor = state.portal.authenticate_bearer(&token).await?;
    let person = visitor.signed_in().ok_or_else(session_not_found)?;
    state.portal.sign_out(person, &client).await?;
    Ok(envelope(&state, &uri, SuccessData::new(None)))
}

/// A password of any length that could ever have been set.
fn password(body: &JsonBody) -> Result<&str, ApiError> {
    let password = body.text("password")?;
    let length = "must have 6 to 128 characters";
    Password::parse(password).map_err(|PasswordError| ApiError::field("password", length))?;
    Ok(password)
}

/// Whether codes of this kind of factor are sent at all.
fn check_can_send(kind: &str) -> Result<(), ApiError> {
    match FactorKind::parse(kind) {
        Some(kind) if kind.can_send() => Ok(()),
        Some(_) => Err(ApiError::field("type", "can't be sent")),
        None => Err(ApiError::field("type", "is unknown")),
    }
}

async fn logged_in(
    state: &AppState,
    uri: &Uri,
    session: &NewSession,
) -> Result<impl IntoResponse + use<>, ApiError> {
    let cookies = set_cookies(state.site.cookies.of_session(session));
    let profile = state.portal.profile(session.user.id).await?;
    let data = LoginData::new(session, profile, state);
    Ok((cookies, envelope(state, uri, data)))
}

fn not_logged_in() -> ApiError {
    ApiError::envelope(StatusCode::UNAUTHORIZED, 7, "You are not logged in.")
}

fn session_not_found() -> ApiError {
    ApiError::envelope(StatusCode::NOT_FOUND, 4, "Session not found.")
}

fn disabled() -> ApiError {
    ApiError::envelope(StatusCode::FORBIDDEN, 10, "This service is disabled.")
}

fn register_error(error: RegisterError, policy: PasswordPolicy) -> ApiError {
    match error {
        RegisterError::SignUpOff => disabled(),
        RegisterError::Username(NewUsernameError::Taken) => {
            let message = "User already exists with that username.";
            ApiError::envelope(StatusCode::CONFLICT, 6, message)
        }
        RegisterError::Username(error) => ApiError::field("username", error.rule()),
        RegisterError::Email(EmailAddressError::TooLong) => {
            ApiError::field("email", "must be at most 320 characters")
        }
        RegisterError::Email(EmailAddressError::Malformed) => {
            ApiError::field("email", "must be an address such as name@example.org")
        }
        RegisterError::Display(error) => ApiError::field("display", error.rule()),
        RegisterError::Password(error) => {
            let message = error.sentence(policy);
            let reason = format!("is refused: {}", message.trim_end_matches('.'));
            ApiError::field("password", &reason)
        }
        RegisterError::TooMany { .. } => {
            ApiError::TOO_MANY_REQUESTS.with_retry_after(error.retry_after())
        }
        RegisterError::Busy => ApiError::UNAVAILABLE,
    }
}

impl From<SendCodeError> for ApiError {
    fn from(error: SendCodeError) -> Self {
        match error {
            SendCodeError::Disabled => disabled(),
            SendCodeError::Dead => session_not_found(),
            SendCodeError::NotOn => Self::field("type", "is not enabled"),
            SendCodeError::TooMany { .. } => {
                Self::TOO_MANY_REQUESTS.with_retry_after(error.retry_after())
            }
        }
    }
}

impl From<PasswordLoginError> for ApiError {
    fn from(error: PasswordLoginError) -> Self {
        match error {
            PasswordLoginError::InvalidCredentials => {
                let message = "You are not authorized to log in.";
                Self::envelope(StatusCode::UNAUTHORIZED, 8, message)
            }
            PasswordLoginError::UnknownAccount => {
                Self::envelope(StatusCode::NOT_FOUND, 2, "User not found.")
            }
            PasswordLoginError::Restricted => {
                Self::envelope(StatusCode::FORBIDDEN, 31, "Account restricted.")
            }
            PasswordLoginError::TooManyUnknownNames { .. }
            | PasswordLoginError::TooManyAttempts { .. }
            | PasswordLoginError::TooManyFactorAttempts { .. } => {
                Self::TOO_MANY_REQUESTS.with_retry_after(error.retry_after())
            }
            PasswordLoginError::Busy => Self::UNAVAILABLE,
        }
    }
}

fn envelope<T: Serialize>(state: &AppState, uri: &Uri, data: T) -> Json<DataEnvelope<T>> {
    Json(DataEnvelope {
        data,
        request: uri.path().to_owned(),
        time: state.portal.now().as_millis(),
    })
}

/// What every successful `/api/auth` request is answered.
#[derive(Serialize)]
struct DataEnvelope<T> {
    data: T,
    /// The path of the request.
    request: String,
    /// Milliseconds since the epoch.
    time: i64,
}

#[derive(Serialize)]
struct SuccessData {
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
}

impl SuccessData {
    const fn new(message: Option<&'static str>) -> Self {
        Self {
            success: true,
            message,
        }
    }
}

#[derive(Serialize)]
struct LoginData {
    token: Option<String>,
    expires: i64,
    created_at: i64,
    user: EnvelopeUser,
}

impl LoginData {
    fn new(session: &NewSession, profile: Profile, state: &AppState) -> Self {
        let now = state.portal.now();
        Self {
            token: session.bearer.as_ref().map(backend::Token::reveal),
            expires: (now + session.lifetime).as_millis(),
            created_at: now.as_millis(),
            user: EnvelopeUser::new(&session.user, profile, state),
        }
    }
}

/// A person as the `/api/auth` routes describe them.
#[derive(Serialize)]
struct EnvelopeUser {
    id: UserId,
    username: String,
    display: String,
    server: String,
    tags: Vec<&'static str>,
    bio: String,
    thumbnail: Option<String>,
    banner: Option<String>,
    links: Vec<String>,
    rank: i64,
    relations: Option<()>,
    email: Option<String>,
    email_verified: bool,
    created_at: i64,
    home: Option<String>,
    twofa_enabled: bool,
}

impl EnvelopeUser {
    fn new(user: &User, profile: Profile, state: &AppState) -> Self {
        let level = match user.level {
            PermissionLevel::Owner => Some("sys:owner"),
            PermissionLevel::Admin => Some("sys:admin"),
            PermissionLevel::Moderator => Some("sys:moderator"),
            PermissionLevel::User => None,
        };
        let verified = user.verified_email().is_some();
        let unverified = (!verified).then_some("sys:unverified");
        let tags = level.into_iter().chain(unverified);
        let created_at: Timestamp = user.created_at;
        Self {
            id: user.id,
            username: user.username.clone(),
            display: user.display.clone(),
            server: state
                .site
                .base_url
                .host_str()
                .unwrap_or_default()
                .to_owned(),
            tags: tags.collect(),
            bio: profile.bio.unwrap_or_default(),
            thumbnail: profile.avatar_url,
            banner: None,
            links: profile.links,
            rank: 0,
            relations: None,
            email: user
                .email
                .as_ref()
                .map(|email| email.address.as_str().to_owned()),
            email_verified: verified,
            created_at: created_at.as_millis(),
            home: None,
            twofa_enabled: user.second_factor_at.is_some(),
        }
    }
}

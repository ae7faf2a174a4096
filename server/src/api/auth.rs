//! The `/api/auth` routes: login by username and password for programs, in an envelope (docs/contract.md,
//! Login by password).

use axum::extract::{OriginalUri, Path, State};
use axum::response::IntoResponse;
use axum::{Extension, Json};
use backend::{
    CodeFor, LoginChannel, LoginOutcome, NewSession, PasswordLogin, Profile, Register, Visitor,
};
use domain::{
    Client, EmailAddressError, FactorKind, NewUsernameError, Password, PasswordError,
    PasswordLoginError, PasswordPolicy, PermissionLevel, RegisterError, SendCodeError, Timestamp,
    User, UserId,
};
use http::{HeaderMap, StatusCode};
use serde::Serialize;

use super::authentication::twofa_token;
use super::body::JsonBody;
use super::{Refusal, set_cookies};
use crate::layers::bearer;
use crate::router::Web;

/// `POST /api/auth/login`.
pub(super) async fn login(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    OriginalUri(uri): OriginalUri,
    body: JsonBody,
) -> Result<impl IntoResponse, Refusal> {
    let identifier = body.id("identifier")?;
    let password = body.text("password")?;
    let length = "must have 6 to 128 characters";
    Password::parse(password).map_err(|PasswordError| Refusal::field("password", length))?;
    let factor = twofa_token(&body)?;
    let request = PasswordLogin {
        identifier: &identifier,
        password,
        factor: factor.as_ref(),
        client: &client,
        channel: LoginChannel::Program,
    };
    let step = web.portal.login_with_password(request).await;
    let session = match step.map_err(|problem| Refusal::of(problem, refusal))? {
        LoginOutcome::Done(session) => session,
        LoginOutcome::SecondFactorRequired(step) => return Err(Refusal::second_factor(step)),
    };
    let cookies = set_cookies(web.site.cookies.of_session(&session));
    let profile = web.portal.profile(session.user.id).await?;
    let data = LoggedIn::of(&session, profile, &web);
    Ok((cookies, answer(data, uri.path(), &web)))
}

/// `POST /api/auth/register`: an account with a password, and logged in.
pub(super) async fn register(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    OriginalUri(uri): OriginalUri,
    body: JsonBody,
) -> Result<impl IntoResponse, Refusal> {
    let request = Register {
        username: body.text("username")?,
        password: body.text("password")?,
        email: body.text("email")?,
        display: body.optional_text("display")?,
        client: &client,
        channel: LoginChannel::Program,
    };
    let made = web.portal.register(request).await;
    let policy = web.portal.password_policy();
    let session =
        made.map_err(|problem| Refusal::of(problem, |error| registration_refusal(error, policy)))?;
    let cookies = set_cookies(web.site.cookies.of_session(&session));
    let profile = web.portal.profile(session.user.id).await?;
    let data = LoggedIn::of(&session, profile, &web);
    Ok((cookies, answer(data, uri.path(), &web)))
}

/// `GET /api/auth/{type}/send`: a code by mail, for a session or for a login that waits for its
/// second step. By what stands behind `Bearer` alone, since it is a GET.
pub(super) async fn send(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    OriginalUri(uri): OriginalUri,
    Path(kind): Path<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Refusal> {
    let kind = FactorKind::parse(&kind).ok_or_else(|| Refusal::field("type", "is unknown"))?;
    if !kind.can_send() {
        return Err(Refusal::field("type", "can't be sent"));
    }
    let token = bearer(&headers)
        .and_then(Result::ok)
        .ok_or_else(not_logged_in)?;
    let visitor = web.portal.authenticate_bearer(&token).await?;
    let whom = match &visitor {
        Visitor::SignedIn(person) => CodeFor::Session(person),
        Visitor::Recognised(_) | Visitor::Anonymous => CodeFor::Login(&token),
    };
    let sent = web.portal.send_email_code(whom, &client).await;
    sent.map_err(|problem| Refusal::of(problem, sending_refusal))?;
    let message = Some("Verification code sent");
    Ok(answer(
        Success {
            success: true,
            message,
        },
        uri.path(),
        &web,
    ))
}

/// `GET /api/auth/logout`: by the bearer token alone, never by a cookie, since it is a GET.
pub(super) async fn logout(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Refusal> {
    let Some(Ok(token)) = bearer(&headers) else {
        return Err(not_logged_in());
    };
    let visitor = web.portal.authenticate_bearer(&token).await?;
    let Some(person) = visitor.signed_in() else {
        return Err(session_not_found());
    };
    web.portal.sign_out(person, &client).await?;
    let message = None;
    Ok(answer(
        Success {
            success: true,
            message,
        },
        uri.path(),
        &web,
    ))
}

fn not_logged_in() -> Refusal {
    Refusal::s3(StatusCode::UNAUTHORIZED, 7, "You are not logged in.")
}

fn session_not_found() -> Refusal {
    Refusal::s3(StatusCode::NOT_FOUND, 4, "Session not found.")
}

fn disabled() -> Refusal {
    Refusal::s3(StatusCode::FORBIDDEN, 10, "This service is disabled.")
}

fn registration_refusal(error: RegisterError, policy: PasswordPolicy) -> Refusal {
    match error {
        RegisterError::SignUpOff => disabled(),
        RegisterError::Username(NewUsernameError::Taken) => {
            let message = "User already exists with that username.";
            Refusal::s3(StatusCode::CONFLICT, 6, message)
        }
        RegisterError::Username(error) => Refusal::field("username", error.rule()),
        RegisterError::Email(EmailAddressError::TooLong) => {
            Refusal::field("email", "must be at most 320 characters")
        }
        RegisterError::Email(EmailAddressError::Malformed) => {
            Refusal::field("email", "must be an address such as name@example.org")
        }
        RegisterError::Display(error) => Refusal::field("display", error.rule()),
        RegisterError::Password(error) => {
            let sentence = error.sentence(policy);
            let reason = format!("is refused: {}", sentence.trim_end_matches('.'));
            Refusal::field("password", &reason)
        }
        RegisterError::TooMany { retry_after } => {
            Refusal::too_many("Too many requests", retry_after)
        }
        RegisterError::Busy => Refusal::UNAVAILABLE,
    }
}

fn sending_refusal(error: SendCodeError) -> Refusal {
    match error {
        SendCodeError::Disabled => disabled(),
        SendCodeError::Dead => session_not_found(),
        SendCodeError::NotOn => Refusal::field("type", "is not enabled"),
        SendCodeError::TooMany { retry_after } => {
            Refusal::too_many("Too many requests", retry_after)
        }
    }
}

fn refusal(error: PasswordLoginError) -> Refusal {
    match error {
        PasswordLoginError::InvalidCredentials => {
            let message = "You are not authorized to log in.";
            Refusal::s3(StatusCode::UNAUTHORIZED, 8, message)
        }
        PasswordLoginError::UnknownAccount => {
            Refusal::s3(StatusCode::NOT_FOUND, 2, "User not found.")
        }
        PasswordLoginError::Restricted => {
            Refusal::s3(StatusCode::FORBIDDEN, 31, "Account restricted.")
        }
        PasswordLoginError::TooManyUnknownNames { retry_after }
        | PasswordLoginError::TooManyAttempts { retry_after }
        | PasswordLoginError::TooManyFactorAttempts { retry_after } => {
            Refusal::too_many("Too many requests", retry_after)
        }
        PasswordLoginError::Busy => Refusal::UNAVAILABLE,
    }
}

fn answer<T: Serialize>(data: T, request: &str, web: &Web) -> Json<Envelope<T>> {
    Json(Envelope {
        data,
        request: request.to_owned(),
        time: web.portal.now().as_millis(),
    })
}

/// The envelope of the `/api/auth` routes.
#[derive(Serialize)]
struct Envelope<T> {
    data: T,
    request: String,
    /// Milliseconds since 1970.
    time: i64,
}

#[derive(Serialize)]
struct Success {
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
}

#[derive(Serialize)]
struct LoggedIn {
    token: Option<String>,
    expires: i64,
    created_at: i64,
    user: S3User,
}

impl LoggedIn {
    fn of(session: &NewSession, profile: Profile, web: &Web) -> Self {
        let now = web.portal.now();
        Self {
            token: session.bearer.as_ref().map(backend::Token::reveal),
            expires: (now + session.lifetime).as_millis(),
            created_at: now.as_millis(),
            user: S3User::of(&session.user, profile, web),
        }
    }
}

/// A person as the `/api/auth` routes describe them.
#[derive(Serialize)]
struct S3User {
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

impl S3User {
    fn of(user: &User, profile: Profile, web: &Web) -> Self {
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
            server: web.site.base_url.host_str().unwrap_or_default().to_owned(),
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

//! The routes of S3: login by name and password for programs, in its envelope (contract
//! section 5).

use axum::extract::{OriginalUri, State};
use axum::response::IntoResponse;
use axum::{Extension, Json};
use backend::{NewSession, Profile, SignIn, SignInDoor, Step};
use domain::{
    Client, Password, PasswordError, PermissionLevel, SignInError, Timestamp, User, UserId,
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
    let request = SignIn {
        identifier: &identifier,
        password,
        factor: factor.as_ref(),
        client: &client,
        door: SignInDoor::Program,
    };
    let step = web.portal.sign_in(request).await;
    let session = match step.map_err(|problem| Refusal::of(problem, refusal))? {
        Step::Done(session) => session,
        Step::SecondFactor(step) => return Err(Refusal::second_factor(step)),
    };
    let cookies = set_cookies(web.site.cookies.of_session(&session));
    let profile = web.portal.profile(session.user.id).await?;
    let data = LoggedIn::of(&session, profile, &web);
    Ok((cookies, answer(data, uri.path(), &web)))
}

/// `GET /api/auth/logout`: by the bearer token alone, never by a cookie, since it is a GET.
pub(super) async fn logout(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Refusal> {
    let Some(Ok(token)) = bearer(&headers) else {
        let message = "You are not logged in.";
        return Err(Refusal::s3(StatusCode::UNAUTHORIZED, 7, message));
    };
    let visitor = web.portal.authenticate_bearer(&token).await?;
    let Some(person) = visitor.signed_in() else {
        return Err(Refusal::s3(StatusCode::NOT_FOUND, 4, "Session not found."));
    };
    web.portal.sign_out(person, &client).await?;
    Ok(answer(Success { success: true }, uri.path(), &web))
}

fn refusal(error: SignInError) -> Refusal {
    match error {
        SignInError::WrongCredentials => {
            let message = "You are not authorized to log in.";
            Refusal::s3(StatusCode::UNAUTHORIZED, 8, message)
        }
        SignInError::UnknownName => Refusal::s3(StatusCode::NOT_FOUND, 2, "User not found."),
        SignInError::Restricted => Refusal::s3(StatusCode::FORBIDDEN, 31, "Account restricted."),
        SignInError::TooManyNames { retry_after }
        | SignInError::TooManyGuesses { retry_after }
        | SignInError::TooManyTries { retry_after } => {
            Refusal::too_many("Too many requests", retry_after)
        }
        SignInError::Busy => Refusal::UNAVAILABLE,
    }
}

fn answer<T: Serialize>(data: T, request: &str, web: &Web) -> Json<Envelope<T>> {
    Json(Envelope {
        data,
        request: request.to_owned(),
        time: web.portal.now().as_millis(),
    })
}

/// The envelope of S3.
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

/// A person in the words of S3.
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

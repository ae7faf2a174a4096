//! Linked platforms of the caller (docs/contract.md, Linked platforms).

use axum::Json;
use axum::extract::{Path, State};
use backend::{LinkRequest, Person};
use domain::{LinkError, RetryAfter as _, UnlinkError};
use http::StatusCode;
use serde::Serialize;

use super::ApiError;
use super::authentication::CodeRequested;
use super::caller::Caller;
use super::json_body::JsonBody;
use super::me::Me;
use crate::state::AppState;

/// `POST /v1/users/me/platforms/link`.
pub(super) async fn link(
    State(state): State<AppState>,
    caller: Caller,
    body: JsonBody,
) -> Result<Json<CodeRequested>, ApiError> {
    let person = caller.signed_in()?;
    let platform = body.text("platform")?;
    let id = body.platform_user_id("platform_user_id")?;
    let request = LinkRequest {
        person,
        platform,
        id: &id,
        client: &caller.client,
    };
    let expires_at = state.portal.request_link(request).await?;
    Ok(Json(CodeRequested {
        message: "Login code generated.",
        expires_at,
    }))
}

/// `POST /v1/users/me/platforms/link/verify`.
pub(super) async fn verify(
    State(state): State<AppState>,
    caller: Caller,
    body: JsonBody,
) -> Result<Json<PlatformsResponse>, ApiError> {
    let person = caller.signed_in()?;
    state
        .portal
        .verify_link(person, body.text("code")?, &caller.client)
        .await?;
    platforms_response("Platform linked", &state, person).await
}

/// `POST /v1/users/me/platforms/{platform}/unlink`.
pub(super) async fn unlink(
    State(state): State<AppState>,
    caller: Caller,
    Path(platform): Path<String>,
) -> Result<Json<PlatformsResponse>, ApiError> {
    let person = caller.signed_in()?;
    state
        .portal
        .unlink(person, &platform, &caller.client)
        .await?;
    platforms_response("Platform unlinked", &state, person).await
}

#[derive(Serialize)]
pub(super) struct PlatformsResponse {
    message: &'static str,
    user: Me,
}

async fn platforms_response(
    message: &'static str,
    state: &AppState,
    person: &Person,
) -> Result<Json<PlatformsResponse>, ApiError> {
    let platforms = state.portal.linked_platforms(person.user.id).await?;
    let user = Me::new(&person.user, platforms, state.portal.now());
    Ok(Json(PlatformsResponse { message, user }))
}

impl From<LinkError> for ApiError {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::UnknownPlatform => Self::field("platform", "is unknown"),
            LinkError::NotFresh => Self::NOT_FRESH,
            LinkError::Taken => Self::new(StatusCode::CONFLICT, "Entity already exists"),
            LinkError::TooManyPending { .. } => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many pending login codes",
            )
            .with_retry_after(error.retry_after()),
            LinkError::InvalidOrExpired => Self::INVALID_CODE,
            LinkError::TooManyAttempts { .. } => {
                Self::TOO_MANY_REQUESTS.with_retry_after(error.retry_after())
            }
        }
    }
}

impl From<UnlinkError> for ApiError {
    fn from(error: UnlinkError) -> Self {
        match error {
            UnlinkError::NotFresh => Self::NOT_FRESH,
            UnlinkError::NotLinked => Self::new(StatusCode::NOT_FOUND, "Platform not found"),
            UnlinkError::LastWayIn => {
                let message = "This is the only way to log in; set a password first";
                Self::new(StatusCode::CONFLICT, message)
            }
        }
    }
}

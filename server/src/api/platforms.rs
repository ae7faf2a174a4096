use axum::extract::{Path, State};
use axum::{Extension, Json};
use backend::{LinkRequest, Person, Visitor};
use domain::{Client, LinkError, UnlinkError};
use http::StatusCode;
use serde::Serialize;

use super::Refusal;
use super::authentication::Asked;
use super::body::JsonBody;
use super::bot::platform_user_id;
use super::users::Me;
use crate::router::Web;

/// `POST /v1/users/me/platforms/link` (docs/contract.md, Linked platforms).
pub(super) async fn link(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<Json<Asked>, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let platform = body.text("platform")?;
    let id = platform_user_id(&body, "platform_user_id")?;
    let request = LinkRequest {
        person,
        platform,
        id: &id,
        client: &client,
    };
    let expires_at = web.portal.request_link(request).await;
    let expires_at = expires_at.map_err(|problem| Refusal::of(problem, link_refusal))?;
    Ok(Json(Asked {
        message: "Login code generated.",
        expires_at,
    }))
}

/// `POST /v1/users/me/platforms/link/verify`.
pub(super) async fn verify(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<Json<Changed>, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let linked = web
        .portal
        .verify_link(person, body.text("code")?, &client)
        .await;
    linked.map_err(|problem| Refusal::of(problem, link_refusal))?;
    changed("Platform linked", &web, person).await
}

/// `POST /v1/users/me/platforms/{platform}/unlink`.
pub(super) async fn unlink(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
    Path(platform): Path<String>,
) -> Result<Json<Changed>, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let unlinked = web.portal.unlink(person, &platform, &client).await;
    unlinked.map_err(|problem| Refusal::of(problem, unlink_refusal))?;
    changed("Platform unlinked", &web, person).await
}

/// What became of one's platforms.
#[derive(Serialize)]
pub(super) struct Changed {
    message: &'static str,
    user: Me,
}

async fn changed(
    message: &'static str,
    web: &Web,
    person: &Person,
) -> Result<Json<Changed>, Refusal> {
    let platforms = web.portal.linked_platforms(person.user.id).await?;
    let user = Me::of(&person.user, platforms, web.portal.now());
    Ok(Json(Changed { message, user }))
}

fn link_refusal(error: LinkError) -> Refusal {
    match error {
        LinkError::UnknownPlatform => Refusal::field("platform", "is unknown"),
        LinkError::NotFresh => Refusal::NOT_FRESH,
        LinkError::Taken => Refusal::new(StatusCode::CONFLICT, "Entity already exists"),
        LinkError::TooManyPending { retry_after } => {
            Refusal::too_many("Too many pending login codes", retry_after)
        }
        LinkError::InvalidOrExpired => Refusal::INVALID_CODE,
        LinkError::TooManyAttempts { retry_after } => {
            Refusal::too_many("Too many requests", retry_after)
        }
    }
}

fn unlink_refusal(error: UnlinkError) -> Refusal {
    match error {
        UnlinkError::NotFresh => Refusal::NOT_FRESH,
        UnlinkError::NotLinked => Refusal::new(StatusCode::NOT_FOUND, "Platform not found"),
        UnlinkError::LastWayIn => {
            let sentence = "This is the only way to log in; set a password first";
            Refusal::new(StatusCode::CONFLICT, sentence)
        }
    }
}

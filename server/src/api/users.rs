use axum::extract::State;
use axum::{Extension, Json};
use backend::{LinkedPlatform, Visitor};
use domain::{PermissionLevel, Timestamp, User, UserId};
use serde::Serialize;

use super::Refusal;
use crate::router::Web;

/// `GET /v1/users/me` (contract section 6). A sister service, which has only the shared
/// cookie, may ask as well.
pub(super) async fn me(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<Me>, Refusal> {
    let person = visitor.known().ok_or(Refusal::NOT_SIGNED_IN)?;
    let platforms = web.portal.linked_platforms(person.user.id).await?;
    Ok(Json(Me::of(&person.user, platforms, web.portal.now())))
}

/// What one is told of oneself.
#[derive(Serialize)]
pub(super) struct Me {
    id: UserId,
    username: String,
    display: String,
    avatar_url: Option<String>,
    permission_level: PermissionLevel,
    state: i64,
    email: Option<String>,
    email_verified: bool,
    twofa_enabled: bool,
    avatar_source: Option<String>,
    linked_platforms: Vec<OnPlatform>,
    discord_id: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
    last_activity_at: Option<Timestamp>,
    permission_since: Timestamp,
}

impl Me {
    pub(super) fn of(user: &User, platforms: Vec<LinkedPlatform>, now: Timestamp) -> Self {
        let discord = platforms.iter().find(|linked| linked.platform == "discord");
        let discord_id = discord.map(|linked| linked.platform_user_id.clone());
        let avatar_url = platforms
            .iter()
            .find_map(|linked| linked.avatar_url.clone());
        Self {
            id: user.id,
            username: user.username.clone(),
            display: user.display.clone(),
            permission_level: user.level,
            state: user.state.number(now),
            created_at: user.created_at,
            updated_at: user.updated_at,
            last_activity_at: user.last_activity_at,
            permission_since: user.level_since,
            avatar_url,
            linked_platforms: platforms.into_iter().map(OnPlatform::from).collect(),
            discord_id,
            email: user
                .email
                .as_ref()
                .map(|email| email.address.as_str().to_owned()),
            email_verified: user.verified_email().is_some(),
            twofa_enabled: user.second_factor_at.is_some(),
            // Nobody can choose it yet.
            avatar_source: None,
        }
    }
}

/// A linked platform, in the words of the contract.
#[derive(Serialize)]
struct OnPlatform {
    platform: String,
    platform_user_id: String,
    platform_username: Option<String>,
    platform_avatar_url: Option<String>,
    linked_at: Timestamp,
    last_authenticated_at: Option<Timestamp>,
}

impl From<LinkedPlatform> for OnPlatform {
    fn from(linked: LinkedPlatform) -> Self {
        Self {
            platform: linked.platform,
            platform_user_id: linked.platform_user_id,
            platform_username: linked.name,
            platform_avatar_url: linked.avatar_url,
            linked_at: linked.linked_at,
            last_authenticated_at: linked.last_authenticated_at,
        }
    }
}

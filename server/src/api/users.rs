use axum::extract::State;
use axum::{Extension, Json};
use backend::{Person, Visitor};
use domain::{PermissionLevel, Timestamp, UserId};
use serde::Serialize;

use super::Refusal;
use crate::router::Web;

/// `GET /v1/users/me` (contract section 6). A sister service, which has only the shared
/// cookie, may ask as well.
pub(super) async fn me(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<Me>, Refusal> {
    let person = visitor.known().ok_or(Refusal::NotSignedIn)?;
    Ok(Json(Me::of(person, web.portal.now())))
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
    linked_platforms: [(); 0],
    discord_id: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
    last_activity_at: Option<Timestamp>,
    permission_since: Timestamp,
}

impl Me {
    fn of(person: &Person, now: Timestamp) -> Self {
        let user = &person.user;
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
            // Nobody can have these yet: no platform can be linked and no address given.
            avatar_url: None,
            email: None,
            email_verified: false,
            twofa_enabled: false,
            avatar_source: None,
            linked_platforms: [],
            discord_id: None,
        }
    }
}

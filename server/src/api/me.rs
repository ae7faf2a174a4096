//! The caller's own profile (docs/contract.md, Accounts).

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use backend::{LinkedPlatform, ProfileErrors, ProfileUpdate};
use domain::{
    BioError, LinksError, NewDisplayError, NewUsernameError, NotLinkedError, PermissionLevel,
    Timestamp, User, UserId,
};
use serde::Serialize;

use super::ApiError;
use super::caller::Caller;
use super::json_body::JsonBody;
use crate::state::AppState;

/// `GET /v1/users/me`. Relying services, which have only the shared cookie, may call it too.
pub(super) async fn me(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Me>, ApiError> {
    let person = caller.known()?;
    let platforms = person.linked.clone();
    Ok(Json(Me::new(&person.user, platforms, state.portal.now())))
}

/// `POST /v1/users/me/update`. Fields that fail leave the others unaffected.
pub(super) async fn update(
    State(state): State<AppState>,
    caller: Caller,
    body: JsonBody,
) -> Result<Json<UpdateProfileResponse>, ApiError> {
    let person = caller.signed_in()?;
    let update = read_update(&body)?;
    let updated = state
        .portal
        .update_profile(person, &update, &caller.client)
        .await?;
    let (user, errors) = updated.ok_or(ApiError::NOT_SIGNED_IN)?;
    let platforms = state.portal.linked_platforms(user.id).await?;
    let user = Me::new(&user, platforms, state.portal.now());
    let errors = (!errors.is_empty()).then(|| FieldErrors::from(errors));
    Ok(Json(UpdateProfileResponse { user, errors }))
}

fn read_update(body: &JsonBody) -> Result<ProfileUpdate<'_>, ApiError> {
    Ok(ProfileUpdate {
        username: body.optional_text("username")?,
        display: body.clearable_text("display")?,
        bio: body.clearable_text("bio")?,
        links: body.clearable_texts("links")?,
        avatar_source: body.clearable_text("avatar_source")?,
    })
}

#[derive(Serialize)]
pub(super) struct UpdateProfileResponse {
    user: Me,
    errors: Option<FieldErrors>,
}

/// One message for each field that could not be changed.
#[derive(Serialize)]
struct FieldErrors(BTreeMap<&'static str, String>);

impl From<ProfileErrors> for FieldErrors {
    fn from(errors: ProfileErrors) -> Self {
        let rules = [
            ("username", errors.username.map(NewUsernameError::rule)),
            ("display", errors.display.map(NewDisplayError::rule)),
            ("bio", errors.bio.map(BioError::rule)),
            ("links", errors.links.map(LinksError::rule)),
            (
                "avatar_source",
                errors.avatar_source.map(|_| NotLinkedError::RULE),
            ),
        ];
        let messages = rules
            .into_iter()
            .filter_map(|(field, rule)| Some((field, format!("{field} {}", rule?))));
        Self(messages.collect())
    }
}

/// The caller's own account.
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
    linked_platforms: Vec<LinkedPlatformView>,
    discord_id: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
    last_activity_at: Option<Timestamp>,
    permission_since: Timestamp,
}

impl Me {
    pub(super) fn new(user: &User, platforms: Vec<LinkedPlatform>, now: Timestamp) -> Self {
        let discord = platforms.iter().find(|linked| linked.platform == "discord");
        let discord_id = discord.map(|linked| linked.platform_user_id.clone());
        let source = LinkedPlatform::source_of(&platforms);
        let avatar_source = source.map(|linked| linked.platform.clone());
        let avatar_url = LinkedPlatform::avatar_of(&platforms).map(str::to_owned);
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
            linked_platforms: platforms
                .into_iter()
                .map(LinkedPlatformView::from)
                .collect(),
            discord_id,
            email: user
                .email
                .as_ref()
                .map(|email| email.address.as_str().to_owned()),
            email_verified: user.verified_email().is_some(),
            twofa_enabled: user.second_factor_at.is_some(),
            avatar_source,
        }
    }
}

/// A linked platform (docs/contract.md, Linked platforms).
#[derive(Serialize)]
pub(super) struct LinkedPlatformView {
    platform: String,
    platform_user_id: String,
    platform_username: Option<String>,
    platform_avatar_url: Option<String>,
    linked_at: Timestamp,
    last_authenticated_at: Option<Timestamp>,
}

impl From<LinkedPlatform> for LinkedPlatformView {
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

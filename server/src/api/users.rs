use std::collections::BTreeMap;

use axum::extract::State;
use axum::{Extension, Json};
use backend::{LinkedPlatform, ProfileErrors, ProfileUpdate, Visitor};
use domain::{
    BioError, Client, LinksError, NewDisplayError, NewUsernameError, NotLinkedError,
    PermissionLevel, Timestamp, User, UserId,
};
use serde::Serialize;

use super::Refusal;
use super::body::JsonBody;
use crate::router::Web;

/// `GET /v1/users/me` (docs/contract.md, Accounts). A sister service, which has only the shared
/// cookie, may ask as well.
pub(super) async fn me(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<Me>, Refusal> {
    let person = visitor.known().ok_or(Refusal::NOT_SIGNED_IN)?;
    let platforms = person.linked.clone();
    Ok(Json(Me::of(&person.user, platforms, web.portal.now())))
}

/// `POST /v1/users/me/update` (docs/contract.md, Accounts): field by field.
pub(super) async fn update(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
    body: JsonBody,
) -> Result<Json<Updated>, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let update = ProfileUpdate {
        username: body.optional_text("username")?,
        display: body.clearable_text("display")?,
        bio: body.clearable_text("bio")?,
        links: body.clearable_texts("links")?,
        avatar_source: body.clearable_text("avatar_source")?,
    };
    let updated = web.portal.update_profile(person, &update, &client).await?;
    let (user, errors) = updated.ok_or(Refusal::NOT_SIGNED_IN)?;
    let platforms = web.portal.linked_platforms(user.id).await?;
    let user = Me::of(&user, platforms, web.portal.now());
    let errors = (!errors.is_empty()).then(|| FieldErrors::from(errors));
    Ok(Json(Updated { user, errors }))
}

/// What became of one's profile.
#[derive(Serialize)]
pub(super) struct Updated {
    user: Me,
    errors: Option<FieldErrors>,
}

/// Why fields stay as they are: a sentence each, for those that do.
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
        let said = rules
            .into_iter()
            .filter_map(|(field, rule)| Some((field, format!("{field} {}", rule?))));
        Self(said.collect())
    }
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
            linked_platforms: platforms.into_iter().map(OnPlatform::from).collect(),
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

/// A linked platform, in the words of the contract.
#[derive(Serialize)]
pub(super) struct OnPlatform {
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

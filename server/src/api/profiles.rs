//! Profiles of other people (docs/contract.md, Public profiles). Relying services, which have only
//! the shared cookie, may call these routes too, and see what everybody sees.

use axum::Json;
use axum::extract::{Path, State};
use backend::{PersonDetails, ShownPerson};
use domain::{PermissionLevel, Timestamp, UserId};
use http::StatusCode;
use serde::Serialize;

use super::ApiError;
use super::caller::Caller;
use super::query::Query;
use crate::state::AppState;

/// Characters. Names have at most 32, so longer queries are rejected before they cost anything.
const MAX_QUERY_LENGTH: usize = 64;

/// `GET /v1/users/{id}`.
pub(super) async fn by_id(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ProfileView>, ApiError> {
    caller.known()?;
    // Text that is no number is an unknown ID.
    let id = id.parse().map(UserId::from_i64).map_err(|_| not_found())?;
    let found = state.portal.person_by_id(&caller.visitor, id).await?;
    let found = found.ok_or_else(not_found)?;
    Ok(Json(ProfileView::new(found, state.portal.now())))
}

/// `GET /v1/users/profile/{username}`.
pub(super) async fn by_name(
    State(state): State<AppState>,
    caller: Caller,
    Path(username): Path<String>,
) -> Result<Json<ProfileView>, ApiError> {
    caller.known()?;
    let found = state
        .portal
        .person_by_name(&caller.visitor, &username)
        .await?;
    let found = found.ok_or_else(not_found)?;
    Ok(Json(ProfileView::new(found, state.portal.now())))
}

/// `GET /v1/users/search?q=&offset=&limit=`: people whose name starts with `q`.
pub(super) async fn search(
    State(state): State<AppState>,
    caller: Caller,
    query: Query,
) -> Result<Json<SearchResponse>, ApiError> {
    caller.known()?;
    let prefix = search_prefix(&query)?;
    let slice = query.slice()?;
    let page = state
        .portal
        .search_people(&caller.visitor, prefix, slice)
        .await?;
    let now = state.portal.now();
    let items = page
        .people
        .into_iter()
        .map(|found| ProfileView::new(found, now));
    Ok(Json(SearchResponse {
        items: items.collect(),
        next: page.next,
    }))
}

fn search_prefix(query: &Query) -> Result<&str, ApiError> {
    let prefix = query.text("q")?.map(str::trim).unwrap_or_default();
    if prefix.is_empty() {
        return Err(ApiError::field("q", "is required"));
    }
    if prefix.chars().count() > MAX_QUERY_LENGTH {
        return Err(ApiError::field("q", "must be at most 64 characters"));
    }
    Ok(prefix)
}

fn not_found() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "User not found")
}

#[derive(Serialize)]
pub(super) struct SearchResponse {
    items: Vec<ProfileView>,
    /// The `offset` of the next page.
    next: Option<i64>,
}

/// What everybody sees, and details for Moderators and above.
#[derive(Serialize)]
pub(super) struct ProfileView {
    id: UserId,
    username: String,
    display: String,
    avatar_url: Option<String>,
    #[serde(flatten)]
    details: Option<ProfileDetails>,
}

#[derive(Serialize)]
struct ProfileDetails {
    permission_level: PermissionLevel,
    state: i64,
    bio: Option<String>,
    links: Vec<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
    last_activity_at: Option<Timestamp>,
}

impl ProfileView {
    fn new(person: ShownPerson, now: Timestamp) -> Self {
        Self {
            id: person.id,
            username: person.username,
            display: person.display,
            avatar_url: person.avatar_url,
            details: person
                .details
                .map(|details| ProfileDetails::new(details, now)),
        }
    }
}

impl ProfileDetails {
    fn new(details: PersonDetails, now: Timestamp) -> Self {
        Self {
            permission_level: details.level,
            state: details.state.number(now),
            bio: details.bio,
            links: details.links,
            created_at: details.created_at,
            updated_at: details.updated_at,
            last_activity_at: details.last_activity_at,
        }
    }
}

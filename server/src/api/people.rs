//! Who other people are (docs/contract.md, Public profiles). A sister service, which has only the shared
//! cookie, may ask as well, and is told what anybody is told.

use axum::extract::{Path, State};
use axum::{Extension, Json};
use backend::{PersonDetails, ShownPerson, Visitor};
use domain::{PermissionLevel, Timestamp, UserId};
use http::StatusCode;
use serde::Serialize;

use super::Refusal;
use super::query::Query;
use crate::router::Web;

/// A name is no longer than 32 characters: who types more is refused before work is done on it.
const LONGEST_QUERY: usize = 64;

/// `GET /v1/users/{id}`.
pub(super) async fn by_id(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Result<Json<FactorOutcome>, Refusal> {
    visitor.known().ok_or(Refusal::NOT_SIGNED_IN)?;
    // What is no number is nobody's.
    let id = id.parse().map(UserId::from_i64).map_err(|_| not_found())?;
    let found = web.portal.person_by_id(&visitor, id).await?;
    let found = found.ok_or_else(not_found)?;
    Ok(Json(FactorOutcome::of(found, web.portal.now())))
}

/// `GET /v1/users/profile/{username}`.
pub(super) async fn by_name(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(username): Path<String>,
) -> Result<Json<FactorOutcome>, Refusal> {
    visitor.known().ok_or(Refusal::NOT_SIGNED_IN)?;
    let found = web.portal.person_by_name(&visitor, &username).await?;
    let found = found.ok_or_else(not_found)?;
    Ok(Json(FactorOutcome::of(found, web.portal.now())))
}

/// `GET /v1/users/search?q=&offset=&limit=`: by how names begin.
pub(super) async fn search(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    query: Query,
) -> Result<Json<Found>, Refusal> {
    visitor.known().ok_or(Refusal::NOT_SIGNED_IN)?;
    let begin = query.text("q")?.map(str::trim).unwrap_or_default();
    if begin.is_empty() {
        return Err(Refusal::field("q", "is required"));
    }
    if begin.chars().count() > LONGEST_QUERY {
        return Err(Refusal::field("q", "must be at most 64 characters"));
    }
    let slice = query.slice()?;
    let page = web.portal.search_people(&visitor, begin, slice).await?;
    let now = web.portal.now();
    let items = page
        .people
        .into_iter()
        .map(|found| FactorOutcome::of(found, now));
    Ok(Json(Found {
        items: items.collect(),
        next: page.next,
    }))
}

fn not_found() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "User not found")
}

#[derive(Serialize)]
pub(super) struct Found {
    items: Vec<FactorOutcome>,
    /// The offset of what comes next.
    next: Option<i64>,
}

/// The public form, and more for those who look after people.
#[derive(Serialize)]
pub(super) struct FactorOutcome {
    id: UserId,
    username: String,
    display: String,
    avatar_url: Option<String>,
    #[serde(flatten)]
    details: Option<Details>,
}

#[derive(Serialize)]
struct Details {
    permission_level: PermissionLevel,
    state: i64,
    bio: Option<String>,
    links: Vec<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
    last_activity_at: Option<Timestamp>,
}

impl FactorOutcome {
    fn of(person: ShownPerson, now: Timestamp) -> Self {
        Self {
            id: person.id,
            username: person.username,
            display: person.display,
            avatar_url: person.avatar_url,
            details: person.details.map(|details| Details::of(details, now)),
        }
    }
}

impl Details {
    fn of(details: PersonDetails, now: Timestamp) -> Self {
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

//! Administration of people (docs/contract.md, Administration).

use axum::Json;
use axum::extract::{Path, State};
use backend::{
    AdminPersonView, LinkedPlatform, ListedPerson, OwnedBot, PeoplePage, PeopleQuery, Person,
    redact_for,
};
use domain::{
    AccountState, AdminActionError, PermissionLevel, Reason, ReasonError, ResetFactorsError,
    RestrictError, SetLevelError, StateFilter, Timestamp, User, UserId,
};
use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use super::ApiError;
use super::caller::SignedInCaller;
use super::json_body::JsonBody;
use super::me::LinkedPlatformView;
use super::query::Query;
use super::sessions::SessionView;
use crate::state::AppState;

const LEVEL_RULE: &str = "must be 0, 1, 2 or 3";
/// Characters. No name, ID or email address is longer.
const MAX_SEARCH_LENGTH: usize = 320;

/// `GET /v1/admin/users`.
pub(super) async fn list(
    State(state): State<AppState>,
    caller: SignedInCaller,
    query: Query,
) -> Result<Json<UserListResponse>, ApiError> {
    let person = require_admin(&state, &caller)?;
    let page = state.portal.people(person, &people_query(&query)?).await?;
    Ok(Json(UserListResponse::new(page, state.portal.now())))
}

/// `GET /v1/admin/users/{id}`.
pub(super) async fn show(
    State(state): State<AppState>,
    caller: SignedInCaller,
    Path(id): Path<String>,
) -> Result<Json<AdminUserDetails>, ApiError> {
    let person = require_admin(&state, &caller)?;
    let file = state
        .portal
        .admin_person_view(person, user_id(&id)?)
        .await?;
    let file = file.ok_or(AdminActionError::UserNotFound)?;
    Ok(Json(AdminUserDetails::new(file, state.portal.now())))
}

/// `POST /v1/admin/users/{id}/permission`.
pub(super) async fn permission(
    State(state): State<AppState>,
    caller: SignedInCaller,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let level = body.optional_integer("level", LEVEL_RULE)?;
    let level = level.ok_or_else(|| ApiError::field("level", "is required"))?;
    let level =
        PermissionLevel::from_i64(level).ok_or_else(|| ApiError::field("level", LEVEL_RULE))?;
    let user = state
        .portal
        .assign_level(caller.actor(), user_id(&id)?, level)
        .await?;
    let message = format!("User {} is now {}", user.id, with_article(user.level));
    user_response(&state, &caller, &message, user).await
}

/// `POST /v1/admin/users/{id}/ban`.
pub(super) async fn ban(
    State(state): State<AppState>,
    caller: SignedInCaller,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let (reason, until) = (reason(&body)?, expires_at(&body)?);
    let user = state
        .portal
        .ban_person(caller.actor(), user_id(&id)?, &reason, until)
        .await?;
    user_response(&state, &caller, &format!("User {} banned", user.id), user).await
}

/// `POST /v1/admin/users/{id}/timeout`, for Moderators too.
pub(super) async fn time_out(
    State(state): State<AppState>,
    caller: SignedInCaller,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let reason = reason(&body)?;
    let until = expires_at(&body)?;
    let until = until.ok_or_else(|| ApiError::field("expires_at", "is required"))?;
    let user = state
        .portal
        .time_out_person(caller.actor(), user_id(&id)?, &reason, until)
        .await?;
    user_response(
        &state,
        &caller,
        &format!("User {} timed out", user.id),
        user,
    )
    .await
}

/// `POST /v1/admin/users/{id}/restore`. Moderators may lift timeouts.
pub(super) async fn restore(
    State(state): State<AppState>,
    caller: SignedInCaller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let user = state
        .portal
        .restore_person(caller.actor(), user_id(&id)?)
        .await?;
    user_response(&state, &caller, &format!("User {} restored", user.id), user).await
}

/// `POST /v1/admin/users/{id}/sessions/destroy`.
pub(super) async fn destroy_sessions(
    State(state): State<AppState>,
    caller: SignedInCaller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let destroyed = state
        .portal
        .end_sessions_of(caller.actor(), user_id(&id)?)
        .await?;
    Ok(Json(json!({ "destroyed": destroyed })))
}

/// `POST /v1/admin/users/{id}/second-factors/reset`.
pub(super) async fn reset_factors(
    State(state): State<AppState>,
    caller: SignedInCaller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let user = state
        .portal
        .reset_factors(caller.actor(), user_id(&id)?)
        .await?;
    let message = format!("Second factors of user {} reset", user.id);
    user_response(&state, &caller, &message, user).await
}

/// Checks that the caller may read about people here. Pages show Moderators a part of this; these
/// routes are for Admins.
fn require_admin<'a>(state: &AppState, caller: &'a SignedInCaller) -> Result<&'a Person, ApiError> {
    let person = &caller.person;
    let allowed = state.portal.may_administer(person, PermissionLevel::Admin);
    allowed.map(|()| person).map_err(ApiError::from)
}

/// A user ID from the path. Text that is no number is an unknown ID.
fn user_id(text: &str) -> Result<UserId, ApiError> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| digits);
    let number = number.map(UserId::from_i64);
    number.ok_or_else(|| AdminActionError::UserNotFound.into())
}

fn people_query(query: &Query) -> Result<PeopleQuery<'_>, ApiError> {
    let level = query.integer("level", 0, 3)?;
    Ok(PeopleQuery {
        text: search(query)?,
        state: state(query)?,
        level: level.and_then(PermissionLevel::from_i64),
        slice: query.slice()?,
    })
}

fn search(query: &Query) -> Result<&str, ApiError> {
    let text = query.text("q")?.unwrap_or_default();
    if text.chars().count() > MAX_SEARCH_LENGTH {
        return Err(ApiError::field("q", "must be at most 320 characters"));
    }
    Ok(text)
}

fn state(query: &Query) -> Result<StateFilter, ApiError> {
    let number = query.integer("state", 0, 2)?;
    Ok(number
        .and_then(StateFilter::from_number)
        .unwrap_or(StateFilter::Any))
}

fn reason(body: &JsonBody) -> Result<Reason, ApiError> {
    body.text("reason")?.parse().map_err(|error| match error {
        ReasonError::Missing => ApiError::field("reason", "is required"),
        ReasonError::TooLong => ApiError::field("reason", "must be at most 500 characters"),
    })
}

fn expires_at(body: &JsonBody) -> Result<Option<Timestamp>, ApiError> {
    let text = body.optional_text("expires_at")?;
    let parsed = text.map(str::parse::<Timestamp>).transpose();
    parsed.map_err(|_| ApiError::field("expires_at", "must be a time in ISO 8601"))
}

/// Says what was done, and shows the person's new state as far as the caller may see it.
async fn user_response(
    state: &AppState,
    caller: &SignedInCaller,
    message: &str,
    mut user: User,
) -> Result<Json<Value>, ApiError> {
    let platforms = state.portal.linked_platforms(user.id).await?;
    redact_for(&caller.person.user, &mut user);
    let listed = ListedPerson { user, platforms };
    let user = AdminUserView::from_listed(listed, state.portal.now());
    Ok(Json(json!({ "message": message, "user": user })))
}

const fn with_article(level: PermissionLevel) -> &'static str {
    match level {
        PermissionLevel::User => "a User",
        PermissionLevel::Moderator => "a Moderator",
        PermissionLevel::Admin => "an Admin",
        PermissionLevel::Owner => "an Owner",
    }
}

impl From<RestrictError> for ApiError {
    fn from(error: RestrictError) -> Self {
        match error {
            RestrictError::AdminAction(error) => error.into(),
            RestrictError::LastOwner => LAST_OWNER,
            RestrictError::Banned => {
                let message = "This person is banned; restore them first";
                Self::new(StatusCode::CONFLICT, message)
            }
            RestrictError::EndPassed => Self::field("expires_at", "must be in the future"),
        }
    }
}

impl From<SetLevelError> for ApiError {
    fn from(error: SetLevelError) -> Self {
        match error {
            SetLevelError::AdminAction(error) => error.into(),
            SetLevelError::NotAssignable => Self::ACCESS_DENIED,
            SetLevelError::LastOwner => LAST_OWNER,
        }
    }
}

impl From<ResetFactorsError> for ApiError {
    fn from(error: ResetFactorsError) -> Self {
        match error {
            ResetFactorsError::AdminAction(error) => error.into(),
            ResetFactorsError::NotOn => Self::new(StatusCode::NOT_FOUND, "Second factor not found"),
        }
    }
}

const LAST_OWNER: ApiError = ApiError::new(StatusCode::CONFLICT, "This is the last owner");

/// A page of people.
#[derive(Serialize)]
pub(super) struct UserListResponse {
    items: Vec<AdminUserView>,
    /// The `offset` of the next page.
    next: Option<i64>,
}

impl UserListResponse {
    fn new(page: PeoplePage, now: Timestamp) -> Self {
        let people = page.people.into_iter();
        Self {
            items: people
                .map(|listed| AdminUserView::from_listed(listed, now))
                .collect(),
            next: page.next,
        }
    }
}

/// A person, as administration sees them.
#[derive(Serialize)]
struct AdminUserView {
    id: UserId,
    username: String,
    display: String,
    avatar_url: Option<String>,
    permission_level: PermissionLevel,
    permission_since: Timestamp,
    state: i64,
    state_until: Option<Timestamp>,
    email: Option<String>,
    email_verified: bool,
    twofa_enabled: bool,
    linked_platforms: Vec<LinkedPlatformView>,
    created_at: Timestamp,
    updated_at: Timestamp,
    last_activity_at: Option<Timestamp>,
}

/// A person with restriction, sessions and bots.
#[derive(Serialize)]
pub(super) struct AdminUserDetails {
    #[serde(flatten)]
    user: AdminUserView,
    state_reason: Option<String>,
    state_since: Option<Timestamp>,
    state_by: Option<String>,
    sessions: Vec<SessionView>,
    bots: Vec<OwnedBotView>,
}

#[derive(Serialize)]
struct OwnedBotView {
    id: domain::BotId,
    name: String,
    platform: String,
    is_active: bool,
}

impl AdminUserView {
    fn from_listed(listed: ListedPerson, now: Timestamp) -> Self {
        let ListedPerson { user, platforms } = listed;
        Self::new(&user, platforms, now)
    }

    fn new(user: &User, platforms: Vec<LinkedPlatform>, now: Timestamp) -> Self {
        let email = user.email.as_ref();
        Self {
            id: user.id,
            username: user.username.clone(),
            display: user.display.clone(),
            avatar_url: LinkedPlatform::avatar_of(&platforms).map(str::to_owned),
            permission_level: user.level,
            permission_since: user.level_since,
            state: user.state.number(now),
            state_until: match user.state {
                AccountState::Timeout { until } => Some(until).filter(|until| now < *until),
                AccountState::Banned { until } => until.filter(|until| now < *until),
                AccountState::Active => None,
            },
            email: email.map(|email| email.address.as_str().to_owned()),
            email_verified: user.verified_email().is_some(),
            twofa_enabled: user.second_factor_at.is_some(),
            linked_platforms: platforms
                .into_iter()
                .map(LinkedPlatformView::from)
                .collect(),
            created_at: user.created_at,
            updated_at: user.updated_at,
            last_activity_at: user.last_activity_at,
        }
    }
}

impl AdminUserDetails {
    fn new(file: AdminPersonView, now: Timestamp) -> Self {
        let restriction = file.restriction.unwrap_or_default();
        Self {
            user: AdminUserView::new(&file.user, file.platforms, now),
            state_reason: restriction.reason,
            state_since: restriction.since,
            state_by: restriction.by,
            sessions: file.sessions.into_iter().map(SessionView::from).collect(),
            bots: file.bots.into_iter().map(OwnedBotView::from).collect(),
        }
    }
}

impl From<OwnedBot> for OwnedBotView {
    fn from(bot: OwnedBot) -> Self {
        Self {
            id: bot.id,
            name: bot.name,
            platform: bot.platform,
            is_active: bot.is_active,
        }
    }
}

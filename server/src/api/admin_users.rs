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

use super::Refusal;
use super::acting::Acting;
use super::body::JsonBody;
use super::query::Query;
use super::sessions::FactorOutcome;
use super::users::OnPlatform;
use crate::router::Web;

const LEVEL: &str = "must be 0, 1, 2 or 3";
/// No name, number or address is longer.
const LONGEST_SEARCH: usize = 320;

/// `GET /v1/admin/users` (docs/contract.md, Administration).
pub(super) async fn list(
    State(web): State<Web>,
    acting: Acting,
    query: Query,
) -> Result<Json<Users>, Refusal> {
    let person = admin(&web, &acting)?;
    let page = web.portal.people(person, &wanted(&query)?).await;
    let page = page.map_err(|problem| Refusal::of(problem, Refusal::from))?;
    Ok(Json(Users::of(page, web.portal.now())))
}

/// `GET /v1/admin/users/{id}`.
pub(super) async fn show(
    State(web): State<Web>,
    acting: Acting,
    Path(id): Path<String>,
) -> Result<Json<AdminFile>, Refusal> {
    let person = admin(&web, &acting)?;
    let file = web.portal.admin_person_view(person, user_id(&id)?).await;
    let file = file.map_err(|problem| Refusal::of(problem, Refusal::from))?;
    let file = file.ok_or(AdminActionError::UserNotFound)?;
    Ok(Json(AdminFile::of(file, web.portal.now())))
}

/// `POST /v1/admin/users/{id}/permission`.
pub(super) async fn permission(
    State(web): State<Web>,
    acting: Acting,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, Refusal> {
    let level = body.optional_integer("level", LEVEL)?;
    let level = level.ok_or_else(|| Refusal::field("level", "is required"))?;
    let level = PermissionLevel::from_i64(level).ok_or_else(|| Refusal::field("level", LEVEL))?;
    let given = web
        .portal
        .assign_level(acting.by(), user_id(&id)?, level)
        .await;
    let user = given.map_err(|problem| Refusal::of(problem, level_refusal))?;
    let message = format!("User {} is now {}", user.id, with_article(user.level));
    answer(&web, &acting, &message, user).await
}

/// `POST /v1/admin/users/{id}/ban`.
pub(super) async fn ban(
    State(web): State<Web>,
    acting: Acting,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, Refusal> {
    let (reason, until) = (reason(&body)?, expires_at(&body)?);
    let banned = web
        .portal
        .ban_person(acting.by(), user_id(&id)?, &reason, until)
        .await;
    let user = banned.map_err(|problem| Refusal::of(problem, restrict_refusal))?;
    answer(&web, &acting, &format!("User {} banned", user.id), user).await
}

/// `POST /v1/admin/users/{id}/timeout`: Moderators too.
pub(super) async fn time_out(
    State(web): State<Web>,
    acting: Acting,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, Refusal> {
    let reason = reason(&body)?;
    let until = expires_at(&body)?;
    let until = until.ok_or_else(|| Refusal::field("expires_at", "is required"))?;
    let timed_out = web
        .portal
        .time_out_person(acting.by(), user_id(&id)?, &reason, until)
        .await;
    let user = timed_out.map_err(|problem| Refusal::of(problem, restrict_refusal))?;
    answer(&web, &acting, &format!("User {} timed out", user.id), user).await
}

/// `POST /v1/admin/users/{id}/restore`: Moderators lift timeouts.
pub(super) async fn restore(
    State(web): State<Web>,
    acting: Acting,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let restored = web.portal.restore_person(acting.by(), user_id(&id)?).await;
    let user = restored.map_err(|problem| Refusal::of(problem, restrict_refusal))?;
    answer(&web, &acting, &format!("User {} restored", user.id), user).await
}

/// `POST /v1/admin/users/{id}/sessions/destroy`.
pub(super) async fn destroy_sessions(
    State(web): State<Web>,
    acting: Acting,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let ended = web.portal.end_sessions_of(acting.by(), user_id(&id)?).await;
    let destroyed = ended.map_err(|problem| Refusal::of(problem, Refusal::from))?;
    Ok(Json(json!({ "destroyed": destroyed })))
}

/// `POST /v1/admin/users/{id}/second-factors/reset`.
pub(super) async fn reset_factors(
    State(web): State<Web>,
    acting: Acting,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let reset = web.portal.reset_factors(acting.by(), user_id(&id)?).await;
    let user = reset.map_err(|problem| Refusal::of(problem, reset_refusal))?;
    let message = format!("Second factors of user {} reset", user.id);
    answer(&web, &acting, &message, user).await
}

/// Somebody who may read of people here. The pages show Moderators a part of it; these routes
/// are for Admins (docs/contract.md, Administration).
fn admin<'a>(web: &Web, acting: &'a Acting) -> Result<&'a Person, Refusal> {
    let person = &acting.person;
    let gate = web.portal.may_administer(person, PermissionLevel::Admin);
    gate.map(|()| person).map_err(Refusal::from)
}

/// A number from the path; what is none is nobody's.
fn user_id(text: &str) -> Result<UserId, Refusal> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| digits);
    let number = number.map(UserId::from_i64);
    number.ok_or_else(|| AdminActionError::UserNotFound.into())
}

fn wanted(query: &Query) -> Result<PeopleQuery<'_>, Refusal> {
    let level = query.integer("level", 0, 3)?;
    Ok(PeopleQuery {
        text: search(query)?,
        state: state(query)?,
        level: level.and_then(PermissionLevel::from_i64),
        slice: query.slice()?,
    })
}

fn search(query: &Query) -> Result<&str, Refusal> {
    let text = query.text("q")?.unwrap_or_default();
    if text.chars().count() > LONGEST_SEARCH {
        return Err(Refusal::field("q", "must be at most 320 characters"));
    }
    Ok(text)
}

fn state(query: &Query) -> Result<StateFilter, Refusal> {
    let number = query.integer("state", 0, 2)?;
    Ok(number
        .and_then(StateFilter::from_number)
        .unwrap_or(StateFilter::Any))
}

fn reason(body: &JsonBody) -> Result<Reason, Refusal> {
    body.text("reason")?.parse().map_err(|error| match error {
        ReasonError::Missing => Refusal::field("reason", "is required"),
        ReasonError::TooLong => Refusal::field("reason", "must be at most 500 characters"),
    })
}

fn expires_at(body: &JsonBody) -> Result<Option<Timestamp>, Refusal> {
    let text = body.optional_text("expires_at")?;
    let parsed = text.map(str::parse::<Timestamp>).transpose();
    parsed.map_err(|_| Refusal::field("expires_at", "must be a time in ISO 8601"))
}

/// What was done, and how the person stands now, as far as who did it may know.
async fn answer(
    web: &Web,
    acting: &Acting,
    message: &str,
    mut user: User,
) -> Result<Json<Value>, Refusal> {
    let platforms = web.portal.linked_platforms(user.id).await?;
    redact_for(&acting.person.user, &mut user);
    let listed = ListedPerson { user, platforms };
    let user = AdminUser::listed(listed, web.portal.now());
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

fn restrict_refusal(error: RestrictError) -> Refusal {
    match error {
        RestrictError::AdminAction(error) => error.into(),
        RestrictError::LastOwner => LAST_OWNER,
        RestrictError::Banned => {
            let sentence = "This person is banned; restore them first";
            Refusal::new(StatusCode::CONFLICT, sentence)
        }
        RestrictError::EndPassed => Refusal::field("expires_at", "must be in the future"),
    }
}

fn level_refusal(error: SetLevelError) -> Refusal {
    match error {
        SetLevelError::AdminAction(error) => error.into(),
        SetLevelError::NotAssignable => Refusal::ACCESS_DENIED,
        SetLevelError::LastOwner => LAST_OWNER,
    }
}

fn reset_refusal(error: ResetFactorsError) -> Refusal {
    match error {
        ResetFactorsError::AdminAction(error) => error.into(),
        ResetFactorsError::NotOn => Refusal::new(StatusCode::NOT_FOUND, "Second factor not found"),
    }
}

const LAST_OWNER: Refusal = Refusal::new(StatusCode::CONFLICT, "This is the last owner");

/// A page of people.
#[derive(Serialize)]
pub(super) struct Users {
    items: Vec<AdminUser>,
    /// The `offset` of the next page.
    next: Option<i64>,
}

impl Users {
    fn of(page: PeoplePage, now: Timestamp) -> Self {
        let people = page.people.into_iter();
        Self {
            items: people
                .map(|listed| AdminUser::listed(listed, now))
                .collect(),
            next: page.next,
        }
    }
}

/// A person, as those who administer see them.
#[derive(Serialize)]
struct AdminUser {
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
    linked_platforms: Vec<OnPlatform>,
    created_at: Timestamp,
    updated_at: Timestamp,
    last_activity_at: Option<Timestamp>,
}

/// The same with all that is known.
#[derive(Serialize)]
pub(super) struct AdminFile {
    #[serde(flatten)]
    user: AdminUser,
    state_reason: Option<String>,
    state_since: Option<Timestamp>,
    state_by: Option<String>,
    sessions: Vec<FactorOutcome>,
    bots: Vec<BotOfUser>,
}

#[derive(Serialize)]
struct BotOfUser {
    id: domain::BotId,
    name: String,
    platform: String,
    is_active: bool,
}

impl AdminUser {
    fn listed(listed: ListedPerson, now: Timestamp) -> Self {
        let ListedPerson { user, platforms } = listed;
        Self::of(&user, platforms, now)
    }

    fn of(user: &User, platforms: Vec<LinkedPlatform>, now: Timestamp) -> Self {
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
            linked_platforms: platforms.into_iter().map(OnPlatform::from).collect(),
            created_at: user.created_at,
            updated_at: user.updated_at,
            last_activity_at: user.last_activity_at,
        }
    }
}

impl AdminFile {
    fn of(file: AdminPersonView, now: Timestamp) -> Self {
        let restriction = file.restriction.unwrap_or_default();
        Self {
            user: AdminUser::of(&file.user, file.platforms, now),
            state_reason: restriction.reason,
            state_since: restriction.since,
            state_by: restriction.by,
            sessions: file.sessions.into_iter().map(FactorOutcome::from).collect(),
            bots: file.bots.into_iter().map(BotOfUser::from).collect(),
        }
    }
}

impl From<OwnedBot> for BotOfUser {
    fn from(bot: OwnedBot) -> Self {
        Self {
            id: bot.id,
            name: bot.name,
            platform: bot.platform,
            is_active: bot.is_active,
        }
    }
}

//! Administration of bots (docs/contract.md, Administration).

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use backend::{
    BotOwner, BotRecord, BotRegistration, BotSwitch, BotUpdate, BotWithKey, LiveKey, Problem,
};
use domain::{BotId, CallsPerHour, ChangeBotError, Timestamp, UserId};
use http::StatusCode;
use serde::Serialize;

use super::ApiError;
use super::bot::BotView;
use super::caller::SignedInCaller;
use super::json_body::JsonBody;
use super::query::Query;
use crate::state::AppState;

const CALLS_RULE: &str = "must be a number from 1 to 100000";
const GRACE_RULE: &str = "must be a number from 0 to 86400";

/// `POST /v1/admin/bots`, also in the older form with Discord IDs.
pub(super) async fn register(
    State(state): State<AppState>,
    caller: SignedInCaller,
    body: JsonBody,
) -> Result<Json<RegisterBotResponse>, ApiError> {
    let fields = BotFields::read(&body)?;
    let registration = fields.registration(&body)?;
    let made = state
        .portal
        .register_bot(caller.actor(), registration)
        .await;
    let made = made.map_err(|problem| fields.api_error(problem))?;
    Ok(Json(RegisterBotResponse::from(made)))
}

/// `GET /v1/admin/bots`.
pub(super) async fn list(
    State(state): State<AppState>,
    caller: SignedInCaller,
    query: Query,
) -> Result<Json<BotListResponse>, ApiError> {
    let page = state.portal.bots(caller.actor(), query.slice()?).await?;
    Ok(Json(BotListResponse {
        items: page.records.into_iter().map(AdminBotView::from).collect(),
        next: page.next,
        total: page.total,
    }))
}

/// `POST /v1/admin/bots/{id}/update`.
pub(super) async fn update(
    State(state): State<AppState>,
    caller: SignedInCaller,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Json<BotResponse>, ApiError> {
    let fields = BotFields::read(&body)?;
    let bot_type = body.has("bot_type").then(|| body.id("bot_type"));
    let bot_type = bot_type.transpose()?;
    let update = BotUpdate {
        bot_type: bot_type.as_deref(),
        ..fields.update(&body)?
    };
    let id = bot_id(&id)?;
    let updated = state.portal.update_bot(caller.actor(), id, update).await;
    let record = updated.map_err(|problem| fields.api_error(problem))?;
    Ok(Json(BotResponse::new(record, "updated")))
}

/// `POST /v1/admin/bots/{id}/regenerate-key`; a body is needed only for `grace_seconds`.
pub(super) async fn regenerate_key(
    State(state): State<AppState>,
    caller: SignedInCaller,
    Path(id): Path<String>,
    body: Option<JsonBody>,
) -> Result<Json<RegenerateKeyResponse>, ApiError> {
    let (id, grace) = (
        bot_id(&id)?,
        body.as_ref().map(grace).transpose()?.flatten(),
    );
    let made = state
        .portal
        .regenerate_bot_key(caller.actor(), id, grace)
        .await?;
    Ok(Json(RegenerateKeyResponse::from(made)))
}

/// `POST /v1/admin/bots/{id}/deactivate`.
pub(super) async fn deactivate(
    State(state): State<AppState>,
    caller: SignedInCaller,
    Path(id): Path<String>,
) -> Result<Json<BotResponse>, ApiError> {
    let (id, switch) = (bot_id(&id)?, BotSwitch::Deactivate);
    let record = state.portal.switch_bot(caller.actor(), id, switch).await?;
    Ok(Json(BotResponse::new(record, "deactivated")))
}

/// `POST /v1/admin/bots/{id}/activate`.
pub(super) async fn activate(
    State(state): State<AppState>,
    caller: SignedInCaller,
    Path(id): Path<String>,
) -> Result<Json<BotResponse>, ApiError> {
    let (id, switch) = (bot_id(&id)?, BotSwitch::Activate);
    let record = state.portal.switch_bot(caller.actor(), id, switch).await?;
    Ok(Json(BotResponse::new(record, "activated")))
}

/// `POST /v1/admin/bots/{id}/delete`.
pub(super) async fn delete(
    State(state): State<AppState>,
    caller: SignedInCaller,
    Path(id): Path<String>,
) -> Result<Json<DeleteBotResponse>, ApiError> {
    let id = bot_id(&id)?;
    state.portal.delete_bot(caller.actor(), id).await?;
    let message = format!("Bot {} deleted", id.as_i64());
    Ok(Json(DeleteBotResponse { message }))
}

/// How long the previous keys stay valid, where the caller asks for that.
fn grace(body: &JsonBody) -> Result<Option<Duration>, ApiError> {
    let seconds = body.optional_integer("grace_seconds", GRACE_RULE)?;
    let seconds = seconds.map(u64::try_from).transpose();
    let seconds = seconds.map_err(|_| ApiError::from(ChangeBotError::Grace))?;
    Ok(seconds.map(Duration::from_secs))
}

/// A bot ID from the path. Text that is no number is an unknown ID.
fn bot_id(text: &str) -> Result<BotId, ApiError> {
    let id = text.parse().map(BotId::from_i64);
    id.map_err(|_| ApiError::from(ChangeBotError::BotNotFound))
}

/// The bot and its owner, in the current or the older form.
struct BotFields {
    owner: Option<String>,
    on_discord: Option<String>,
    owner_on_discord: Option<String>,
}

impl BotFields {
    fn read(body: &JsonBody) -> Result<Self, ApiError> {
        let id = |name| body.has(name).then(|| body.id(name)).transpose();
        Ok(Self {
            owner: id("owner_id")?,
            on_discord: id("discord_id")?,
            owner_on_discord: id("owner_discord_id")?,
        })
    }

    fn registration<'a>(&'a self, body: &'a JsonBody) -> Result<BotRegistration<'a>, ApiError> {
        let calls = body.optional_integer("rate_limit_per_hour", CALLS_RULE)?;
        let missing = ApiError::field("owner_id", "is required");
        Ok(BotRegistration {
            name: body.text("name")?,
            platform: self.platform(body)?,
            platform_user_id: self.on_discord.as_deref(),
            owner: self.owner().ok_or(missing)?,
            rate_limit_per_hour: calls.unwrap_or(CallsPerHour::DEFAULT.as_i64()),
        })
    }

    fn update<'a>(&'a self, body: &'a JsonBody) -> Result<BotUpdate<'a>, ApiError> {
        Ok(BotUpdate {
            name: body.optional_text("name")?,
            owner: self.owner(),
            platform: body.optional_text("platform")?,
            rate_limit_per_hour: body.optional_integer("rate_limit_per_hour", CALLS_RULE)?,
            avatar_url: body.clearable_text("avatar_url")?,
            invite_url: body.clearable_text("invite_url")?,
            ..BotUpdate::default()
        })
    }

    /// The older form implies Discord.
    fn platform<'a>(&self, body: &'a JsonBody) -> Result<&'a str, ApiError> {
        let old_form = self.on_discord.is_some() || self.owner_on_discord.is_some();
        match body.optional_text("platform")? {
            Some(platform) => Ok(platform),
            None if old_form => Ok("discord"),
            None => Err(ApiError::field("platform", "is required")),
        }
    }

    fn owner(&self) -> Option<BotOwner<'_>> {
        match (&self.owner, &self.owner_on_discord) {
            // No account has the ID 0, so a malformed ID is an unknown one.
            (Some(id), _) => {
                let id = id.parse().unwrap_or(0);
                Some(BotOwner::Id(UserId::from_i64(id)))
            }
            (None, Some(id)) => Some(BotOwner::OnDiscord(id)),
            (None, None) => None,
        }
    }

    fn api_error(&self, problem: Problem<ChangeBotError>) -> ApiError {
        ApiError::from_problem(problem, |error| match error {
            ChangeBotError::OwnerNotFound if self.owner.is_none() => {
                ApiError::field("owner_discord_id", "is unknown")
            }
            error => error.into(),
        })
    }
}

impl From<ChangeBotError> for ApiError {
    fn from(error: ChangeBotError) -> Self {
        match error {
            ChangeBotError::AdminAction(error) => error.into(),
            ChangeBotError::BotNotFound => Self::new(StatusCode::NOT_FOUND, "Bot not found"),
            ChangeBotError::Name => Self::field("name", "must have 2 to 32 visible characters"),
            ChangeBotError::NameTaken => Self::new(StatusCode::CONFLICT, "Entity already exists"),
            ChangeBotError::UnknownPlatform => Self::field("platform", "is unknown"),
            ChangeBotError::OtherPlatform => Self::field("platform", "can't be changed"),
            ChangeBotError::PlatformUserId => {
                Self::field("discord_id", "must have 1 to 64 visible characters")
            }
            ChangeBotError::OwnerNotFound => Self::field("owner_id", "is unknown"),
            ChangeBotError::RateLimit => Self::field("rate_limit_per_hour", CALLS_RULE),
            ChangeBotError::BotType => {
                Self::field("bot_type", "must be official, verified or community")
            }
            ChangeBotError::InviteUrl => Self::field(
                "invite_url",
                "must be an https address of at most 512 characters",
            ),
            ChangeBotError::NotConfirmed => Self::field("name", "is not the bot's name"),
            ChangeBotError::Grace => Self::field("grace_seconds", GRACE_RULE),
        }
    }
}

/// A bot, as administration sees it.
#[derive(Serialize)]
pub(super) struct AdminBotView {
    #[serde(flatten)]
    bot: BotView,
    owner_username: String,
    discord_id: Option<String>,
    keys: Vec<BotKeyView>,
}

#[derive(Serialize)]
struct BotKeyView {
    /// The public part of the key, which identifies it.
    prefix: String,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    last_used_ip: Option<String>,
}

impl From<BotRecord> for AdminBotView {
    fn from(record: BotRecord) -> Self {
        let own_id = record.bot.platform_user_id.clone();
        Self {
            owner_username: record.owner,
            discord_id: own_id.filter(|_| record.bot.platform.as_str() == "discord"),
            keys: record.keys.into_iter().map(BotKeyView::from).collect(),
            bot: BotView::from(record.bot),
        }
    }
}

impl From<LiveKey> for BotKeyView {
    fn from(key: LiveKey) -> Self {
        Self {
            prefix: key.prefix(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            last_used_ip: key.last_used_ip,
        }
    }
}

#[derive(Serialize)]
pub(super) struct RegisterBotResponse {
    message: &'static str,
    bot: AdminBotView,
    api_key: String,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<BotWithKey> for RegisterBotResponse {
    fn from(made: BotWithKey) -> Self {
        Self {
            message: "Bot registered successfully",
            created_at: made.record.bot.created_at,
            updated_at: made.record.bot.updated_at,
            api_key: made.key.reveal().to_owned(),
            bot: AdminBotView::from(made.record),
        }
    }
}

#[derive(Serialize)]
pub(super) struct BotListResponse {
    items: Vec<AdminBotView>,
    /// The `offset` of the next page.
    next: Option<i64>,
    total: i64,
}

#[derive(Serialize)]
pub(super) struct BotResponse {
    message: String,
    bot: AdminBotView,
}

impl BotResponse {
    fn new(record: BotRecord, done: &str) -> Self {
        Self {
            message: format!("Bot {} {done}", record.bot.id.as_i64()),
            bot: AdminBotView::from(record),
        }
    }
}

#[derive(Serialize)]
pub(super) struct RegenerateKeyResponse {
    message: String,
    api_key: String,
    bot: AdminBotView,
}

impl From<BotWithKey> for RegenerateKeyResponse {
    fn from(made: BotWithKey) -> Self {
        Self {
            message: format!("API key regenerated for bot {}", made.record.bot.name),
            api_key: made.key.reveal().to_owned(),
            bot: AdminBotView::from(made.record),
        }
    }
}

#[derive(Serialize)]
pub(super) struct DeleteBotResponse {
    message: String,
}

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use backend::{BotOwner, BotRecord, BotRegistration, BotSwitch, BotUpdate, BotWithKey, LiveKey};
use domain::{BotId, CallsPerHour, ChangeBotError, Timestamp, UserId};
use http::StatusCode;
use serde::Serialize;

use super::Refusal;
use super::acting::Acting;
use super::body::JsonBody;
use super::bot::BotMe;
use super::query::Query;
use crate::router::Web;

const CALLS: &str = "must be a number from 1 to 100000";
const GRACE: &str = "must be a number from 0 to 86400";

/// `POST /v1/admin/bots` (docs/contract.md, Bots), also in the older form with Discord's ids.
pub(super) async fn register(
    State(web): State<Web>,
    acting: Acting,
    body: JsonBody,
) -> Result<Json<Registered>, Refusal> {
    let fields = Fields::read(&body)?;
    let registration = fields.registration(&body)?;
    let made = web.portal.register_bot(acting.by(), registration).await;
    let made = made.map_err(|problem| Refusal::of(problem, |error| fields.refusal(error)))?;
    Ok(Json(Registered::from(made)))
}

/// `GET /v1/admin/bots`.
pub(super) async fn list(
    State(web): State<Web>,
    acting: Acting,
    query: Query,
) -> Result<Json<Bots>, Refusal> {
    let found = web.portal.bots(acting.by(), query.slice()?).await;
    let page = found.map_err(|problem| Refusal::of(problem, refusal))?;
    Ok(Json(Bots {
        items: page.records.into_iter().map(AdminBot::from).collect(),
        next: page.next,
        total: page.total,
    }))
}

/// `POST /v1/admin/bots/{id}/update`.
pub(super) async fn update(
    State(web): State<Web>,
    acting: Acting,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Json<Changed>, Refusal> {
    let fields = Fields::read(&body)?;
    let bot_type = body.has("bot_type").then(|| body.id("bot_type"));
    let bot_type = bot_type.transpose()?;
    let update = BotUpdate {
        bot_type: bot_type.as_deref(),
        ..fields.update(&body)?
    };
    let id = bot_id(&id)?;
    let updated = web.portal.update_bot(acting.by(), id, update).await;
    let record = updated.map_err(|problem| Refusal::of(problem, |error| fields.refusal(error)))?;
    Ok(Json(Changed::of(record, "updated")))
}

/// `POST /v1/admin/bots/{id}/regenerate-key`; a body is needed only for `grace_seconds`.
pub(super) async fn regenerate_key(
    State(web): State<Web>,
    acting: Acting,
    Path(id): Path<String>,
    body: Option<JsonBody>,
) -> Result<Json<Regenerated>, Refusal> {
    let (id, grace) = (
        bot_id(&id)?,
        body.as_ref().map(grace).transpose()?.flatten(),
    );
    let made = web.portal.regenerate_bot_key(acting.by(), id, grace).await;
    let made = made.map_err(|problem| Refusal::of(problem, refusal))?;
    Ok(Json(Regenerated::from(made)))
}

/// `POST /v1/admin/bots/{id}/deactivate`.
pub(super) async fn deactivate(
    State(web): State<Web>,
    acting: Acting,
    Path(id): Path<String>,
) -> Result<Json<Changed>, Refusal> {
    let (id, switch) = (bot_id(&id)?, BotSwitch::Deactivate);
    let switched = web.portal.switch_bot(acting.by(), id, switch).await;
    let record = switched.map_err(|problem| Refusal::of(problem, refusal))?;
    Ok(Json(Changed::of(record, "deactivated")))
}

/// `POST /v1/admin/bots/{id}/activate`.
pub(super) async fn activate(
    State(web): State<Web>,
    acting: Acting,
    Path(id): Path<String>,
) -> Result<Json<Changed>, Refusal> {
    let (id, switch) = (bot_id(&id)?, BotSwitch::Activate);
    let switched = web.portal.switch_bot(acting.by(), id, switch).await;
    let record = switched.map_err(|problem| Refusal::of(problem, refusal))?;
    Ok(Json(Changed::of(record, "activated")))
}

/// `POST /v1/admin/bots/{id}/delete`.
pub(super) async fn delete(
    State(web): State<Web>,
    acting: Acting,
    Path(id): Path<String>,
) -> Result<Json<Deleted>, Refusal> {
    let id = bot_id(&id)?;
    let deleted = web.portal.delete_bot(acting.by(), id).await;
    deleted.map_err(|problem| Refusal::of(problem, refusal))?;
    let message = format!("Bot {} deleted", id.as_i64());
    Ok(Json(Deleted { message }))
}

/// How long the keys of before go on to work, if anything is said of that.
fn grace(body: &JsonBody) -> Result<Option<Duration>, Refusal> {
    let seconds = body.optional_integer("grace_seconds", GRACE)?;
    let seconds = seconds.map(u64::try_from).transpose();
    let seconds = seconds.map_err(|_| refusal(ChangeBotError::Grace))?;
    Ok(seconds.map(Duration::from_secs))
}

/// What is no number is no bot's either.
fn bot_id(text: &str) -> Result<BotId, Refusal> {
    let id = text.parse().map(BotId::from_i64);
    id.map_err(|_| refusal(ChangeBotError::BotNotFound))
}

/// Which bot and whose, in either form.
struct Fields {
    owner: Option<String>,
    on_discord: Option<String>,
    owner_on_discord: Option<String>,
}

impl Fields {
    fn read(body: &JsonBody) -> Result<Self, Refusal> {
        let id = |name| body.has(name).then(|| body.id(name)).transpose();
        Ok(Self {
            owner: id("owner_id")?,
            on_discord: id("discord_id")?,
            owner_on_discord: id("owner_discord_id")?,
        })
    }

    fn registration<'a>(&'a self, body: &'a JsonBody) -> Result<BotRegistration<'a>, Refusal> {
        let calls = body.optional_integer("rate_limit_per_hour", CALLS)?;
        let missing = Refusal::field("owner_id", "is required");
        Ok(BotRegistration {
            name: body.text("name")?,
            platform: self.platform(body)?,
            platform_user_id: self.on_discord.as_deref(),
            owner: self.owner().ok_or(missing)?,
            rate_limit_per_hour: calls.unwrap_or(CallsPerHour::DEFAULT.as_i64()),
        })
    }

    fn update<'a>(&'a self, body: &'a JsonBody) -> Result<BotUpdate<'a>, Refusal> {
        Ok(BotUpdate {
            name: body.optional_text("name")?,
            owner: self.owner(),
            platform: body.optional_text("platform")?,
            rate_limit_per_hour: body.optional_integer("rate_limit_per_hour", CALLS)?,
            avatar_url: body.clearable_text("avatar_url")?,
            invite_url: body.clearable_text("invite_url")?,
            ..BotUpdate::default()
        })
    }

    /// The older form is Discord's, and says so by its fields alone.
    fn platform<'a>(&self, body: &'a JsonBody) -> Result<&'a str, Refusal> {
        let old_form = self.on_discord.is_some() || self.owner_on_discord.is_some();
        match body.optional_text("platform")? {
            Some(platform) => Ok(platform),
            None if old_form => Ok("discord"),
            None => Err(Refusal::field("platform", "is required")),
        }
    }

    fn owner(&self) -> Option<BotOwner<'_>> {
        match (&self.owner, &self.owner_on_discord) {
            // A number that nobody can have is nobody's.
            (Some(id), _) => {
                let id = id.parse().unwrap_or(0);
                Some(BotOwner::Id(UserId::from_i64(id)))
            }
            (None, Some(id)) => Some(BotOwner::OnDiscord(id)),
            (None, None) => None,
        }
    }

    fn refusal(&self, error: ChangeBotError) -> Refusal {
        match error {
            ChangeBotError::OwnerNotFound if self.owner.is_none() => {
                Refusal::field("owner_discord_id", "is unknown")
            }
            error => refusal(error),
        }
    }
}

fn refusal(error: ChangeBotError) -> Refusal {
    match error {
        ChangeBotError::AdminAction(error) => error.into(),
        ChangeBotError::BotNotFound => Refusal::new(StatusCode::NOT_FOUND, "Bot not found"),
        ChangeBotError::Name => Refusal::field("name", "must have 2 to 32 visible characters"),
        ChangeBotError::NameTaken => Refusal::new(StatusCode::CONFLICT, "Entity already exists"),
        ChangeBotError::UnknownPlatform => Refusal::field("platform", "is unknown"),
        ChangeBotError::OtherPlatform => Refusal::field("platform", "can't be changed"),
        ChangeBotError::PlatformUserId => {
            Refusal::field("discord_id", "must have 1 to 64 visible characters")
        }
        ChangeBotError::OwnerNotFound => Refusal::field("owner_id", "is unknown"),
        ChangeBotError::RateLimit => Refusal::field("rate_limit_per_hour", CALLS),
        ChangeBotError::BotType => {
            Refusal::field("bot_type", "must be official, verified or community")
        }
        ChangeBotError::InviteUrl => Refusal::field(
            "invite_url",
            "must be an https address of at most 512 characters",
        ),
        ChangeBotError::NotConfirmed => Refusal::field("name", "is not the bot's name"),
        ChangeBotError::Grace => Refusal::field("grace_seconds", GRACE),
    }
}

/// A bot as those who administer it see it: what it is told itself, and more.
#[derive(Serialize)]
pub(super) struct AdminBot {
    #[serde(flatten)]
    bot: BotMe,
    owner_username: String,
    discord_id: Option<String>,
    keys: Vec<Key>,
}

#[derive(Serialize)]
struct Key {
    /// The beginning of the key, by which it can be told from others.
    prefix: String,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    last_used_ip: Option<String>,
}

impl From<BotRecord> for AdminBot {
    fn from(record: BotRecord) -> Self {
        let own_id = record.bot.platform_user_id.clone();
        Self {
            owner_username: record.owner,
            discord_id: own_id.filter(|_| record.bot.platform.as_str() == "discord"),
            keys: record.keys.into_iter().map(Key::from).collect(),
            bot: BotMe::from(record.bot),
        }
    }
}

impl From<LiveKey> for Key {
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
pub(super) struct Registered {
    message: &'static str,
    bot: AdminBot,
    api_key: String,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<BotWithKey> for Registered {
    fn from(made: BotWithKey) -> Self {
        Self {
            message: "Bot registered successfully",
            created_at: made.record.bot.created_at,
            updated_at: made.record.bot.updated_at,
            api_key: made.key.reveal().to_owned(),
            bot: AdminBot::from(made.record),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Bots {
    items: Vec<AdminBot>,
    /// The offset of what comes next.
    next: Option<i64>,
    total: i64,
}

#[derive(Serialize)]
pub(super) struct Changed {
    message: String,
    bot: AdminBot,
}

impl Changed {
    fn of(record: BotRecord, what: &str) -> Self {
        Self {
            message: format!("Bot {} {what}", record.bot.id.as_i64()),
            bot: AdminBot::from(record),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Regenerated {
    message: String,
    api_key: String,
    bot: AdminBot,
}

impl From<BotWithKey> for Regenerated {
    fn from(made: BotWithKey) -> Self {
        Self {
            message: format!("API key regenerated for bot {}", made.record.bot.name),
            api_key: made.key.reveal().to_owned(),
            bot: AdminBot::from(made.record),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Deleted {
    message: String,
}

use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use axum::{Extension, Json};
use backend::{BotProfile, ClaimedIdentity, DeliverableCode, Problem, PublicBot, ReportToken};
use domain::{
    AvatarUrl, Bot, BotCodeError, BotId, Client, Platform, PlatformName, PlatformUserId, Timestamp,
    UpdateBotProfileError, UserId,
};
use http::StatusCode;
use http::header::LINK;
use serde::Serialize;

use super::Refusal;
use super::body::JsonBody;
use super::bot_caller::{BotCall, BotCaller};
use crate::router::Web;

/// `POST /v1/authentication/bot/login-code` (docs/contract.md, Code routes): the pending web codes of
/// a person, for the bot to carry.
pub(super) async fn login_code(
    State(web): State<Web>,
    BotCall { bot, body }: BotCall,
) -> Result<Json<PendingCodes>, Refusal> {
    let word = Word::read(&body)?;
    let codes = web
        .portal
        .fetch_pending_codes(&bot, word.as_bots_word())
        .await;
    let codes = codes.map_err(|problem| Refusal::of(problem, bot_code_refusal))?;
    Ok(Json(PendingCodes::of(codes, &web)))
}

/// `POST /v1/authentication/bot/send-code` (docs/contract.md, Code routes): a code for a
/// returning person.
pub(super) async fn send_code(
    State(web): State<Web>,
    BotCall { bot, body }: BotCall,
) -> Result<Response, Refusal> {
    let word = Word::read(&body)?;
    let code = match web.portal.send_code(&bot, word.as_bots_word()).await {
        Err(Problem::Refused(BotCodeError::NoCode)) => {
            return Ok(Json(SentCode::NONE).into_response());
        }
        other => other.map_err(|problem| Refusal::of(problem, bot_code_refusal))?,
    };
    // The body has the documented fields only (docs/contract.md, Send a code); the report link goes into a header (RFC 8288).
    let link = format!("<{}>; rel=\"not-me\"", not_me_url(&web, &code.disown));
    let body = SentCode {
        code: Some(code.code.reveal().to_owned()),
        expires_at: Some(code.expires_at),
    };
    Ok((AppendHeaders([(LINK, link)]), Json(body)).into_response())
}

/// `GET /v1/bot/me` (docs/contract.md, Bots).
pub(super) async fn me(BotCaller(bot): BotCaller) -> Json<BotMe> {
    Json(BotMe::from(bot))
}

/// `POST /v1/bot/me/update` (docs/contract.md, Bots).
pub(super) async fn update(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    BotCall { bot, body }: BotCall,
) -> Result<Json<BotMe>, Refusal> {
    let group_ids = body.optional_ids("group_ids")?;
    let dress = BotProfile {
        name: body.optional_text("name")?,
        avatar_url: body.clearable_text("avatar_url")?,
        invite_url: body.clearable_text("invite_url")?,
        group_ids: group_ids.as_deref(),
        users: body.optional_integer("users", USERS)?,
        latency_ms: body.optional_integer("latency_ms", LATENCY)?,
    };
    let dressed = web.portal.update_bot_profile(&bot, dress, &client).await;
    let bot = dressed.map_err(|problem| Refusal::of(problem, dress_refusal))?;
    Ok(Json(BotMe::from(bot)))
}

const USERS: &str = "must be a number from 0 to 1000000000";
const LATENCY: &str = "must be a number from 0 to 600000";

fn dress_refusal(error: UpdateBotProfileError) -> Refusal {
    match error {
        // The key went with it.
        UpdateBotProfileError::Gone => Refusal::NOT_SIGNED_IN,
        UpdateBotProfileError::Name => {
            Refusal::field("name", "must have 2 to 32 visible characters")
        }
        UpdateBotProfileError::NameTaken => {
            Refusal::new(StatusCode::CONFLICT, "Entity already exists")
        }
        UpdateBotProfileError::InviteUrl => Refusal::field(
            "invite_url",
            "must be an https address on discord.com, discord.gg, t.me or telegram.me",
        ),
        UpdateBotProfileError::GroupIds => Refusal::field(
            "group_ids",
            "must have at most 500 ids of 1 to 64 visible characters",
        ),
        UpdateBotProfileError::Users => Refusal::field("users", USERS),
        UpdateBotProfileError::Latency => Refusal::field("latency_ms", LATENCY),
    }
}

/// `GET /v1/bots` (docs/contract.md, Bots): for everybody who looks for the bot to write to.
pub(super) async fn public(State(web): State<Web>) -> Result<Json<Vec<Public>>, Refusal> {
    let bots = web.portal.public_bots().await?;
    Ok(Json(bots.into_iter().map(Public::from).collect()))
}

/// What anybody is told of a bot.
#[derive(Serialize)]
pub(super) struct Public {
    id: BotId,
    name: String,
    platform: String,
    avatar_url: Option<String>,
    is_verified: bool,
    invite_url: Option<String>,
}

impl From<PublicBot> for Public {
    fn from(bot: PublicBot) -> Self {
        let PublicBot {
            id,
            name,
            platform,
            avatar_url,
            is_verified,
            invite_url,
        } = bot;
        Self {
            id,
            name,
            platform,
            avatar_url,
            is_verified,
            invite_url,
        }
    }
}

fn bot_code_refusal(error: BotCodeError) -> Refusal {
    let forbidden = |sentence| Refusal::new(StatusCode::FORBIDDEN, sentence);
    match error {
        BotCodeError::UnknownPlatform => Refusal::field("platform", "is unknown"),
        BotCodeError::AccessDenied => Refusal::ACCESS_DENIED,
        BotCodeError::UserNotFound => Refusal::new(StatusCode::NOT_FOUND, "User not found"),
        BotCodeError::Restricted => forbidden("Account restricted"),
        BotCodeError::WebLoginRequired => forbidden("Web login required"),
        // Answered with nulls where a code was to be made.
        BotCodeError::NoCode => Refusal::INTERNAL,
    }
}

/// The four fields a bot sends of a person, or those of the older Discord form.
struct Word {
    platform: String,
    id: PlatformUserId,
    name: Option<PlatformName>,
    avatar: Option<AvatarUrl>,
}

impl Word {
    fn read(body: &JsonBody) -> Result<Self, Refusal> {
        let old_form = body.has("discord_id") && !body.has("platform_user_id");
        let (platform, id, name, avatar) = if old_form {
            let name = body.optional_text("username")?;
            let avatar = body.optional_text("avatar_url")?;
            (
                "discord",
                platform_user_id(body, "discord_id")?,
                name,
                avatar,
            )
        } else {
            let platform = body.text("platform")?;
            let id = platform_user_id(body, "platform_user_id")?;
            let name = body.text("platform_username")?;
            let avatar = body.text("platform_avatar_url")?;
            (platform, id, Some(name), Some(avatar))
        };
        let field = if old_form {
            "username"
        } else {
            "platform_username"
        };
        let name = name.map(str::parse).transpose();
        Ok(Self {
            platform: platform.to_owned(),
            id,
            name: name.map_err(|_| Refusal::field(field, "must have 1 to 100 characters"))?,
            // What isn't a picture we would show is stored as none.
            avatar: avatar.and_then(AvatarUrl::parse),
        })
    }

    const fn as_bots_word(&self) -> ClaimedIdentity<'_> {
        ClaimedIdentity {
            platform: self.platform.as_str(),
            id: &self.id,
            name: self.name.as_ref(),
            avatar: self.avatar.as_ref(),
        }
    }
}

/// Somebody's id on a platform, under this name.
pub(super) fn platform_user_id(
    body: &JsonBody,
    name: &'static str,
) -> Result<PlatformUserId, Refusal> {
    let id = body.id(name)?;
    id.parse()
        .map_err(|_| Refusal::field(name, "must have 1 to 64 visible characters"))
}

/// The newest pending code, and all of them.
#[derive(Serialize)]
pub(super) struct PendingCodes {
    code: Option<String>,
    expires_at: Option<Timestamp>,
    requested_from: Option<RequestedFrom>,
    pending: Vec<PendingCode>,
}

#[derive(Clone, Serialize)]
pub(super) struct PendingCode {
    code: String,
    expires_at: Timestamp,
    requested_from: RequestedFrom,
    /// `login` or `link`.
    purpose: &'static str,
    /// Where the person says that it wasn't them.
    not_me_url: String,
}

#[derive(Clone, Serialize)]
struct RequestedFrom {
    network: String,
    user_agent: String,
    at: Timestamp,
}

impl PendingCodes {
    fn of(codes: Vec<DeliverableCode>, web: &Web) -> Self {
        let pending = codes.into_iter().map(|code| PendingCode::of(code, web));
        let pending: Vec<PendingCode> = pending.collect();
        // On top what logs in; a code for linking stands in the list alone, with its purpose.
        let newest = pending.iter().find(|code| code.purpose == "login").cloned();
        Self {
            code: newest.as_ref().map(|newest| newest.code.clone()),
            expires_at: newest.as_ref().map(|newest| newest.expires_at),
            requested_from: newest.map(|newest| newest.requested_from),
            pending,
        }
    }
}

impl PendingCode {
    pub(super) fn of(carried: DeliverableCode, web: &Web) -> Self {
        let from = carried.requested_from;
        Self {
            code: carried.code.reveal().to_owned(),
            expires_at: carried.expires_at,
            requested_from: RequestedFrom {
                network: from.network,
                user_agent: from.user_agent,
                at: from.at,
            },
            purpose: carried.kind.purpose(),
            not_me_url: not_me_url(web, &carried.disown),
        }
    }
}

fn not_me_url(web: &Web, token: &ReportToken) -> String {
    format!("{}not-me/{}", web.site.base_url, token.reveal())
}

#[derive(Serialize)]
pub(super) struct SentCode {
    code: Option<String>,
    expires_at: Option<Timestamp>,
}

impl SentCode {
    /// None could be made.
    const NONE: Self = Self {
        code: None,
        expires_at: None,
    };
}

/// What a bot is told of itself.
#[derive(Serialize)]
pub(super) struct BotMe {
    id: BotId,
    name: String,
    platform: Platform,
    owner_id: UserId,
    bot_type: i64,
    is_active: bool,
    rate_limit_per_hour: i64,
    groups: usize,
    users: Option<i64>,
    avatar_url: Option<String>,
    latency_ms: Option<i64>,
    is_verified: bool,
    invite_url: Option<String>,
    last_activity_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Bot> for BotMe {
    fn from(bot: Bot) -> Self {
        Self {
            id: bot.id,
            name: bot.name,
            platform: bot.platform,
            owner_id: bot.owner_id,
            bot_type: bot.bot_type.as_i64(),
            is_active: bot.deactivated_at.is_none(),
            rate_limit_per_hour: bot.rate_limit_per_hour,
            groups: bot.group_ids.len(),
            users: bot.users,
            avatar_url: bot.avatar_url,
            latency_ms: bot.latency_ms,
            is_verified: bot.bot_type.is_verified(),
            invite_url: bot.invite_url,
            last_activity_at: bot.last_activity_at,
            created_at: bot.created_at,
            updated_at: bot.updated_at,
        }
    }
}

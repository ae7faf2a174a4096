//! The routes of bots, and the public list of bots (docs/contract.md, Code routes and Bots).

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

use super::ApiError;
use super::bot_caller::{BotCall, BotCaller};
use super::json_body::JsonBody;
use crate::state::AppState;

const USERS_RULE: &str = "must be a number from 0 to 1000000000";
const LATENCY_RULE: &str = "must be a number from 0 to 600000";

/// `POST /v1/authentication/bot/login-code`: the pending web codes of a person, for the bot to
/// deliver.
pub(super) async fn login_code(
    State(state): State<AppState>,
    BotCall { bot, body }: BotCall,
) -> Result<Json<PendingCodesResponse>, ApiError> {
    let fields = IdentityFields::read(&body)?;
    let identity = fields.as_claimed_identity();
    let codes = state.portal.fetch_pending_codes(&bot, identity).await?;
    Ok(Json(PendingCodesResponse::new(codes, &state)))
}

/// `POST /v1/authentication/bot/send-code`: a code for a returning person.
pub(super) async fn send_code(
    State(state): State<AppState>,
    BotCall { bot, body }: BotCall,
) -> Result<Response, ApiError> {
    let fields = IdentityFields::read(&body)?;
    let code = match state
        .portal
        .send_code(&bot, fields.as_claimed_identity())
        .await
    {
        Err(Problem::Refused(BotCodeError::NoCode)) => {
            return Ok(Json(SendCodeResponse::NONE).into_response());
        }
        result => result?,
    };
    // The body has the documented fields only (docs/contract.md, Send a code), so the report link
    // goes into a header (RFC 8288).
    let link = format!("<{}>; rel=\"not-me\"", not_me_url(&state, &code.disown));
    let body = SendCodeResponse {
        code: Some(code.code.reveal().to_owned()),
        expires_at: Some(code.expires_at),
    };
    Ok((AppendHeaders([(LINK, link)]), Json(body)).into_response())
}

/// `GET /v1/bot/me`.
pub(super) async fn me(BotCaller(bot): BotCaller) -> Json<BotView> {
    Json(BotView::from(bot))
}

/// `POST /v1/bot/me/update`.
pub(super) async fn update(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    BotCall { bot, body }: BotCall,
) -> Result<Json<BotView>, ApiError> {
    let group_ids = body.optional_ids("group_ids")?;
    let profile = BotProfile {
        name: body.optional_text("name")?,
        avatar_url: body.clearable_text("avatar_url")?,
        invite_url: body.clearable_text("invite_url")?,
        group_ids: group_ids.as_deref(),
        users: body.optional_integer("users", USERS_RULE)?,
        latency_ms: body.optional_integer("latency_ms", LATENCY_RULE)?,
    };
    let bot = state
        .portal
        .update_bot_profile(&bot, profile, &client)
        .await?;
    Ok(Json(BotView::from(bot)))
}

impl From<UpdateBotProfileError> for ApiError {
    fn from(error: UpdateBotProfileError) -> Self {
        match error {
            // The bot's key was deleted with it.
            UpdateBotProfileError::Gone => Self::NOT_SIGNED_IN,
            UpdateBotProfileError::Name => {
                Self::field("name", "must have 2 to 32 visible characters")
            }
            UpdateBotProfileError::NameTaken => {
                Self::new(StatusCode::CONFLICT, "Entity already exists")
            }
            UpdateBotProfileError::InviteUrl => Self::field(
                "invite_url",
                "must be an https address on discord.com, discord.gg, t.me or telegram.me",
            ),
            UpdateBotProfileError::GroupIds => Self::field(
                "group_ids",
                "must have at most 500 ids of 1 to 64 visible characters",
            ),
            UpdateBotProfileError::Users => Self::field("users", USERS_RULE),
            UpdateBotProfileError::Latency => Self::field("latency_ms", LATENCY_RULE),
        }
    }
}

/// `GET /v1/bots`: the bots that anybody may write to.
pub(super) async fn public(
    State(state): State<AppState>,
) -> Result<Json<Vec<PublicBotView>>, ApiError> {
    let bots = state.portal.public_bots().await?;
    Ok(Json(bots.into_iter().map(PublicBotView::from).collect()))
}

/// What everybody may know about a bot.
#[derive(Serialize)]
pub(super) struct PublicBotView {
    id: BotId,
    name: String,
    platform: String,
    avatar_url: Option<String>,
    is_verified: bool,
    invite_url: Option<String>,
}

impl From<PublicBot> for PublicBotView {
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

impl From<BotCodeError> for ApiError {
    fn from(error: BotCodeError) -> Self {
        let forbidden = |message| Self::new(StatusCode::FORBIDDEN, message);
        match error {
            BotCodeError::UnknownPlatform => Self::field("platform", "is unknown"),
            BotCodeError::AccessDenied => Self::ACCESS_DENIED,
            BotCodeError::UserNotFound => Self::new(StatusCode::NOT_FOUND, "User not found"),
            BotCodeError::Restricted => forbidden("Account restricted"),
            BotCodeError::WebLoginRequired => forbidden("Web login required"),
            // `send_code` answers with nulls instead.
            BotCodeError::NoCode => Self::INTERNAL,
        }
    }
}

/// Whom a bot speaks for: four fields, or those of the older Discord form.
struct IdentityFields {
    platform: String,
    id: PlatformUserId,
    name: Option<PlatformName>,
    avatar: Option<AvatarUrl>,
}

impl IdentityFields {
    fn read(body: &JsonBody) -> Result<Self, ApiError> {
        let old_form = body.has("discord_id") && !body.has("platform_user_id");
        let (platform, id, name, avatar) = if old_form {
            let name = body.optional_text("username")?;
            let avatar = body.optional_text("avatar_url")?;
            (
                "discord",
                body.platform_user_id("discord_id")?,
                name,
                avatar,
            )
        } else {
            let platform = body.text("platform")?;
            let id = body.platform_user_id("platform_user_id")?;
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
            name: name.map_err(|_| ApiError::field(field, "must have 1 to 100 characters"))?,
            // An avatar that the portal wouldn't show is stored as none.
            avatar: avatar.and_then(AvatarUrl::parse),
        })
    }

    const fn as_claimed_identity(&self) -> ClaimedIdentity<'_> {
        ClaimedIdentity {
            platform: self.platform.as_str(),
            id: &self.id,
            name: self.name.as_ref(),
            avatar: self.avatar.as_ref(),
        }
    }
}

/// The newest pending code, and all of them.
#[derive(Serialize)]
pub(super) struct PendingCodesResponse {
    code: Option<String>,
    expires_at: Option<Timestamp>,
    requested_from: Option<RequestedFrom>,
    pending: Vec<PendingCodeView>,
}

#[derive(Clone, Serialize)]
pub(super) struct PendingCodeView {
    code: String,
    expires_at: Timestamp,
    requested_from: RequestedFrom,
    /// `login` or `link`.
    purpose: &'static str,
    /// The page on which the person reports that they didn't request the code.
    not_me_url: String,
}

#[derive(Clone, Serialize)]
struct RequestedFrom {
    network: String,
    user_agent: String,
    at: Timestamp,
}

impl PendingCodesResponse {
    fn new(codes: Vec<DeliverableCode>, state: &AppState) -> Self {
        let pending = codes
            .into_iter()
            .map(|code| PendingCodeView::new(code, state));
        let pending: Vec<PendingCodeView> = pending.collect();
        // Only login codes appear at the top level; codes for linking are in the list alone.
        let newest = pending.iter().find(|code| code.purpose == "login").cloned();
        Self {
            code: newest.as_ref().map(|newest| newest.code.clone()),
            expires_at: newest.as_ref().map(|newest| newest.expires_at),
            requested_from: newest.map(|newest| newest.requested_from),
            pending,
        }
    }
}

impl PendingCodeView {
    pub(super) fn new(carried: DeliverableCode, state: &AppState) -> Self {
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
            not_me_url: not_me_url(state, &carried.disown),
        }
    }
}

fn not_me_url(state: &AppState, token: &ReportToken) -> String {
    format!("{}not-me/{}", state.site.base_url, token.reveal())
}

#[derive(Serialize)]
pub(super) struct SendCodeResponse {
    code: Option<String>,
    expires_at: Option<Timestamp>,
}

impl SendCodeResponse {
    /// No code could be generated.
    const NONE: Self = Self {
        code: None,
        expires_at: None,
    };
}

/// A bot, as its own routes describe it.
#[derive(Serialize)]
pub(super) struct BotView {
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

impl From<Bot> for BotView {
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

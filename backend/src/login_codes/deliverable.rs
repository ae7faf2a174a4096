//! A code asked for on the web, made readable for the bots that may deliver it.

use domain::{Bot, CodeKind, LoginCode, PermissionLevel, Timestamp, User};

use crate::crypto::server_secret::{Purpose, ServerSecret};
use crate::error::Failure;
use crate::login_codes::report_token::ReportToken;
use crate::store::sql::connection::Connection;
use crate::store::tables::identity::Holder;
use crate::store::tables::login_code::Pending;
use crate::store::tables::user;

/// A code asked for on the web, in the hands of the bot that is to carry it.
#[derive(Clone, Debug)]
pub struct DeliverableCode {
    pub id: i64,
    pub kind: CodeKind,
    pub platform: String,
    pub platform_user_id: String,
    pub code: LoginCode,
    pub expires_at: Timestamp,
    /// Where it was asked for, for the bot to tell the person (RFC 10027).
    pub requested_from: RequestedFrom,
    /// For the link by which the person says that it wasn't them.
    pub disown: ReportToken,
}

/// Who asked for a code, as far as it can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedFrom {
    pub network: String,
    pub user_agent: String,
    pub at: Timestamp,
}

/// Whose level says how far a bot reaches today; none while they are shut out.
pub(crate) async fn bot_owner(
    connection: &mut Connection,
    bot: &Bot,
    now: Timestamp,
) -> Result<Option<User>, sqlx::Error> {
    let owner = user::by_id(connection, bot.owner_id).await?;
    Ok(owner.filter(|owner| !owner.state.is_restricted(now)))
}

/// The level of the person a code speaks of: a bot reaches only people not above its owner's
/// level of today (docs/contract.md, Bot keys). Somebody new stands at the bottom; a code for linking
/// also speaks of who links.
pub(crate) async fn level_of(
    connection: &mut Connection,
    pending: &Pending,
    holder: Option<&Holder>,
) -> Result<PermissionLevel, Failure> {
    let level = holder.map_or(PermissionLevel::User, |holder| holder.level);
    let Some(linker) = pending.linker else {
        return Ok(level);
    };
    let linker = user::by_id(connection, linker.user_id).await?;
    Ok(linker.map_or(level, |linker| level.max(linker.level)))
}

impl ServerSecret {
    /// A pending code that was asked for on the web, made readable for the bot.
    pub(crate) fn deliverable(&self, pending: &Pending) -> Result<DeliverableCode, Failure> {
        Ok(DeliverableCode {
            id: pending.id,
            kind: pending.kind,
            platform: pending.platform.clone(),
            platform_user_id: pending.platform_user_id.clone(),
            code: self.open_code(pending)?,
            expires_at: pending.expires_at,
            requested_from: RequestedFrom {
                network: pending.network.clone(),
                user_agent: pending.user_agent.clone(),
                at: pending.created_at,
            },
            disown: self.disown_token(pending.id),
        })
    }

    pub(crate) fn open_code(&self, pending: &Pending) -> Result<LoginCode, Failure> {
        let sealed = pending.sealed.as_deref().unwrap_or_default();
        let plain = self.open(Purpose::LoginCode, pending.id, sealed)?;
        String::from_utf8(plain)
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| Failure::Internal("a sealed code is no code".into()))
    }
}

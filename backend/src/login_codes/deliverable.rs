//! Pending web codes, decrypted for the bots that may deliver them.

use domain::{Bot, CodeKind, LoginCode, PermissionLevel, Timestamp, User};

use crate::crypto::server_secret::{Purpose, ServerSecret};
use crate::error::Failure;
use crate::login_codes::report_token::ReportToken;
use crate::store::sql::connection::Connection;
use crate::store::tables::identity::Holder;
use crate::store::tables::login_code::Pending;
use crate::store::tables::user;

/// A code requested on the web, for the bot that delivers it.
#[derive(Clone, Debug)]
pub struct DeliverableCode {
    pub id: i64,
    pub kind: CodeKind,
    pub platform: String,
    pub platform_user_id: String,
    pub code: LoginCode,
    pub expires_at: Timestamp,
    /// Where it was requested, for the bot to show to the person (RFC 10027).
    pub requested_from: RequestedFrom,
    /// Token of the link that reports a code the person didn't request.
    pub disown: ReportToken,
}

/// Origin of a code request, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedFrom {
    pub network: String,
    pub user_agent: String,
    pub at: Timestamp,
}

/// Returns the bot's owner, whose current role limits whom the bot reaches. `None` while the owner
/// is restricted.
pub(crate) async fn bot_owner(
    connection: &mut Connection,
    bot: &Bot,
    now: Timestamp,
) -> Result<Option<User>, sqlx::Error> {
    let owner = user::by_id(connection, bot.owner_id).await?;
    Ok(owner.filter(|owner| !owner.state.is_restricted(now)))
}

/// Returns the role that a bot's owner must at least have to receive the code (docs/contract.md,
/// Bot keys).
///
/// This is the current role of the identity's holder, or User for an unknown identity. For a link
/// code, the role of the person who links counts too.
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
    /// Decrypts a pending web code for delivery.
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

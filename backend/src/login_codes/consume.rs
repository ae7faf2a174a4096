//! Consumption of a code, with the bot-login counter (docs/contract.md, Login by code).

use domain::{Client, CodeKind, LoginMethod, Timestamp, User, UserId};

use crate::audit::event::Event;
use crate::error::Failure;
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::tables::identity::{self};
use crate::store::tables::login_code::{self, Pending};
use crate::store::tables::session::UsedCode;
use crate::store::tables::user::{self};

/// Wrong attempts from its own browser or session after which a code ends.
pub(crate) const MAX_WRONG_ATTEMPTS: i64 = 5;

/// Result of consuming a code.
pub(crate) enum ConsumeOutcome {
    Consumed(LoginMethod, UsedCode),
    /// A concurrent request was faster, or the identity no longer belongs to the person.
    AlreadyUsed,
    WebLoginRequired,
}

pub(crate) async fn record_refused_code(
    transaction: &mut Transaction,
    user: UserId,
    client: &Client,
    now: Timestamp,
) -> Result<(), Failure> {
    let event = Event::CodeRefused { user: Some(user) };
    event.record(transaction, Some(client), now).await
}

impl Portal {
    /// Consumes a code and updates the bot-login counter (docs/contract.md, Web codes and bot
    /// codes).
    ///
    /// The code is spent even if a web login is required first.
    pub(crate) async fn use_code(
        &self,
        transaction: &mut Transaction,
        found: &Pending,
        user: &User,
        now: Timestamp,
    ) -> Result<ConsumeOutcome, Failure> {
        let identity = found.identity()?;
        let holder = identity::holder(transaction, &identity).await?;
        let holder = holder.filter(|holder| holder.user_id == user.id);
        let Some(holder) = holder else {
            return Ok(ConsumeOutcome::AlreadyUsed);
        };
        if !login_code::consume(transaction, found.id, now).await? {
            return Ok(ConsumeOutcome::AlreadyUsed);
        }
        match found.kind {
            CodeKind::Web => user::reset_bot_logins(transaction, user.id).await?,
            CodeKind::Bot => {
                let most = self.bot_login_web_required_every;
                if !user::count_bot_login(transaction, user.id, most).await? {
                    return Ok(ConsumeOutcome::WebLoginRequired);
                }
            }
            // `fits` rejects link codes earlier.
            CodeKind::Link => return Ok(ConsumeOutcome::AlreadyUsed),
        }
        identity::record_login(transaction, &identity, now).await?;
        let code = UsedCode {
            code_id: found.id,
            identity_id: holder.identity_id,
        };
        Ok(ConsumeOutcome::Consumed(found.kind.sign_in_method(), code))
    }

    pub(crate) const fn needs_web_login(&self, bot_logins: i64) -> bool {
        let most = self.bot_login_web_required_every;
        most > 0 && bot_logins >= most
    }
}

//! Codes that bots fetch or create (docs/contract.md, Login by code).

use crate::login_codes::deliverable::DeliverableCode;
use crate::login_codes::deliverable::bot_owner;
use crate::login_codes::deliverable::level_of;
use domain::{
    AvatarUrl, Bot, BotCodeError, CodeKind, Identity, LoginCode, PlatformName, PlatformUserId,
    Timestamp,
};

use crate::audit::event::Event;
use crate::error::{Failure, Problem};
use crate::login_codes::make::Code;
use crate::login_codes::report_token::ReportToken;
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::tables::identity::{self, Appearance, Holder};
use crate::store::tables::login_code::{self};
use crate::store::tables::user;

/// The identity of a person, as claimed by the bot that writes to them.
#[derive(Clone, Copy)]
pub struct ClaimedIdentity<'a> {
    pub platform: &'a str,
    pub id: &'a PlatformUserId,
    /// `None` in the older form, where it is optional. Then name and avatar stay unchanged.
    pub name: Option<&'a PlatformName>,
    pub avatar: Option<&'a AvatarUrl>,
}

/// A code that a bot requested for a person with an account.
#[derive(Clone, Debug)]
pub struct BotCode {
    pub code: LoginCode,
    pub expires_at: Timestamp,
    pub disown: ReportToken,
}

impl Portal {
    /// Returns the pending web codes of a person, newest first, for a bot of their platform.
    ///
    /// Empty if there are none, or if the person's role is above the bot owner's.
    ///
    /// # Errors
    /// See [`BotCodeError`].
    pub async fn fetch_pending_codes(
        &self,
        bot: &Bot,
        word: ClaimedIdentity<'_>,
    ) -> Result<Vec<DeliverableCode>, Problem<BotCodeError>> {
        let identity = self.identity_for(bot, word)?;
        let now = self.now();
        let mut transaction = self.begin().await?;
        let holder = self
            .refresh_appearance(&mut transaction, &identity, word)
            .await?;
        let owner = bot_owner(&mut transaction, bot, now).await?;
        let mut codes = Vec::new();
        for pending in login_code::asked_for(&mut transaction, &identity, now).await? {
            let level = level_of(&mut transaction, &pending, holder.as_ref()).await?;
            if owner.as_ref().is_some_and(|owner| level <= owner.level) {
                codes.push(self.secret.deliverable(&pending)?);
            }
        }
        if !codes.is_empty() {
            let event = Event::CodeCarried {
                bot: bot.id,
                user: holder.map(|holder| holder.user_id),
            };
            event.record(&mut transaction, None, now).await?;
        }
        transaction.commit().await?;
        Ok(codes)
    }

    /// Creates a code for a person with an account, or returns the pending one (docs/contract.md,
    /// Send a code).
    ///
    /// # Errors
    /// See [`BotCodeError`].
    pub async fn send_code(
        &self,
        bot: &Bot,
        word: ClaimedIdentity<'_>,
    ) -> Result<BotCode, Problem<BotCodeError>> {
        let refused = |error| Err(Problem::Refused(error));
        let identity = self.identity_for(bot, word)?;
        let now = self.now();
        let mut transaction = self.begin().await?;
        row_lock::acquire(&mut transaction, RowLock::BotCodeOf(&identity)).await?;
        // The person's row is locked first, as everywhere. The lock also prevents creating a code
        // during a concurrent ban or role change.
        let user = match identity::holder(&mut transaction, &identity).await? {
            Some(holder) => user::lock(&mut transaction, holder.user_id).await?,
            None => None,
        };
        let holder = self
            .refresh_appearance(&mut transaction, &identity, word)
            .await?;
        let locked = |holder: &Holder| user.as_ref().is_some_and(|u| u.id == holder.user_id);
        let Some(holder) = holder.filter(locked) else {
            return refused(BotCodeError::UserNotFound);
        };
        let owner = bot_owner(&mut transaction, bot, now).await?;
        let reachable = owner
            .zip(user)
            .is_some_and(|(owner, user)| user.level <= owner.level);
        let refusal = match user::for_bot_login(&mut transaction, holder.user_id).await? {
            _ if !reachable => Some(BotCodeError::AccessDenied),
            None => Some(BotCodeError::UserNotFound),
            Some((user, _)) if user.state.is_restricted(now) => Some(BotCodeError::Restricted),
            Some((_, logins)) if self.needs_web_login(logins) => {
                Some(BotCodeError::WebLoginRequired)
            }
            Some(_) => None,
        };
        if let Some(refusal) = refusal {
            // The refreshed name and avatar are kept despite the refusal.
            transaction.commit().await?;
            return refused(refusal);
        }
        let pending = login_code::bot_made(&mut transaction, &identity, now).await?;
        let code = if let Some(pending) = pending {
            BotCode {
                code: self.secret.open_code(&pending)?,
                expires_at: pending.expires_at,
                disown: self.secret.disown_token(pending.id),
            }
        } else {
            let made = Code {
                kind: CodeKind::Bot,
                subject: (&identity).into(),
                from: None,
                linker: None,
                announced_to: None,
                decoy: false,
            };
            let Some(made) = self.make_code(&mut transaction, &made, now).await? else {
                return refused(BotCodeError::NoCode);
            };
            let event = Event::CodeMade {
                bot: bot.id,
                user: holder.user_id,
            };
            event.record(&mut transaction, None, now).await?;
            BotCode {
                code: made.code,
                expires_at: made.expires_at,
                disown: self.secret.disown_token(made.id),
            }
        };
        transaction.commit().await?;
        Ok(code)
    }

    /// Returns the claimed identity if it is on the bot's own platform.
    fn identity_for(
        &self,
        bot: &Bot,
        word: ClaimedIdentity<'_>,
    ) -> Result<Identity, Problem<BotCodeError>> {
        let platform = self
            .platform(word.platform)
            .ok_or(Problem::Refused(BotCodeError::UnknownPlatform))?;
        if platform != bot.platform {
            return Err(Problem::Refused(BotCodeError::AccessDenied));
        }
        Ok(Identity {
            platform,
            user_id: word.id.clone(),
        })
    }

    /// Stores the claimed name and avatar, and returns the holder of the identity.
    async fn refresh_appearance(
        &self,
        transaction: &mut Transaction,
        identity: &Identity,
        word: ClaimedIdentity<'_>,
    ) -> Result<Option<Holder>, Failure> {
        let holder = identity::holder(transaction, identity).await?;
        let Some(name) = word.name else {
            return Ok(holder);
        };
        let appearance = Appearance {
            name,
            avatar: word.avatar,
        };
        match &holder {
            Some(_) => identity::refresh(transaction, identity, appearance).await?,
            None => login_code::record_appearance(transaction, identity, appearance).await?,
        }
        Ok(holder)
    }
}

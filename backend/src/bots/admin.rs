//! Administration of bots (docs/contract.md, Bots).
//!
//! Every change is authorized by role on the bot's owner, both the old and the new one. A change
//! that ends a key or a bot also ends its event streams.

use std::time::Duration;

use domain::{
    AdminAction, AdminActionError, AvatarUrl, Bot, BotId, BotName, BotType, CallsPerHour,
    ChangeBotError, Identifier, Identity, InviteUrl, Platform, PlatformUserId, Timestamp, User,
    UserId,
};

use crate::admin::authorization::{ActionTarget, Actor};
use crate::audit::event::Event;
use crate::bots::key::BotKey;
use crate::crypto::secrets::random_base58;
use crate::error::{Failure, Problem};
use crate::pagination::Slice;
use crate::portal::Portal;
use crate::store::sql::connection::Connection;
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::sql::signal::Signal;
use crate::store::tables::bot::{self, BotRecord};
use crate::store::tables::{identity, user};

type Changed<T> = Result<T, Problem<ChangeBotError>>;

/// Registration of a bot, as typed.
#[derive(Clone, Copy)]
pub struct BotRegistration<'a> {
    pub name: &'a str,
    pub platform: &'a str,
    /// The bot's own ID on its platform, which the older form of the API sends.
    pub platform_user_id: Option<&'a str>,
    pub owner: BotOwner<'a>,
    pub rate_limit_per_hour: i64,
}

/// The owner of a bot, as the caller identifies them.
#[derive(Clone, Copy)]
pub enum BotOwner<'a> {
    /// A username or account ID.
    Named(&'a str),
    Id(UserId),
    /// A Discord user ID, from the older form of the API.
    OnDiscord(&'a str),
}

/// An update of a bot, as typed. `None` leaves a field unchanged.
#[derive(Clone, Copy, Default)]
pub struct BotUpdate<'a> {
    pub name: Option<&'a str>,
    pub owner: Option<BotOwner<'a>>,
    /// Must equal the current platform, which can't be changed.
    pub platform: Option<&'a str>,
    pub rate_limit_per_hour: Option<i64>,
    /// `official`, `verified` or `community`, or the number of one of them.
    pub bot_type: Option<&'a str>,
    /// Empty to clear. A URL that isn't an allowed avatar URL also clears it.
    pub avatar_url: Option<&'a str>,
    /// Empty to clear.
    pub invite_url: Option<&'a str>,
}

/// A bot with its new key. The key can't be shown again.
#[derive(Debug)]
pub struct BotWithKey {
    pub record: BotRecord,
    pub key: BotKey,
}

/// A page of the list of bots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotPage {
    pub records: Vec<BotRecord>,
    /// Offset of the next page, if there is one.
    pub next: Option<i64>,
    /// Number of bots on all pages.
    pub total: i64,
}

/// Activation or deactivation of a bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BotSwitch {
    Activate,
    Deactivate,
}

impl Actor<'_> {
    fn may_look(self, portal: &Portal) -> Changed<()> {
        match self {
            Self::Person { person, .. } => portal
                .may_administer(person, AdminAction::ChangeBot.min_level())
                .map_err(|error| Problem::Refused(ChangeBotError::AdminAction(error))),
            Self::Operator => Ok(()),
        }
    }

    /// Authorizes the change for all given owners of the bot, old and new, and locks their rows.
    async fn may_change<const N: usize>(
        self,
        portal: &Portal,
        transaction: &mut Transaction,
        owners: [UserId; N],
    ) -> Changed<()> {
        let Self::Person { person, .. } = self else {
            return Ok(());
        };
        let (act, owners) = (AdminAction::ChangeBot, owners.map(ActionTarget::BotOf));
        let judged = portal
            .authorize(transaction, person, act, owners, portal.now())
            .await;
        judged
            .map(drop)
            .map_err(|problem| problem.map(ChangeBotError::AdminAction))
    }
}

impl Portal {
    /// Registers a bot and creates its key.
    ///
    /// # Errors
    /// See [`ChangeBotError`].
    pub async fn register_bot(
        &self,
        by: Actor<'_>,
        registration: BotRegistration<'_>,
    ) -> Changed<BotWithKey> {
        by.may_look(self)?;
        let name = parse_name(registration.name)?;
        let rate_limit_per_hour = parse_calls(registration.rate_limit_per_hour)?;
        let platform = self
            .platform(registration.platform)
            .ok_or(Problem::Refused(ChangeBotError::UnknownPlatform))?;
        let own_id = registration.platform_user_id;
        let own_id = own_id.map(str::parse::<PlatformUserId>).transpose();
        let own_id = own_id.map_err(|_| Problem::Refused(ChangeBotError::PlatformUserId))?;
        let key = BotKey::draw(random_base58)?;

        let mut transaction = self.begin().await?;
        row_lock::acquire(&mut transaction, RowLock::BotNames).await?;
        let owner = find_owner(&mut transaction, registration.owner).await?;
        by.may_change(self, &mut transaction, [owner.id]).await?;
        let now = self.now();
        let new = bot::NewBot {
            name: &name,
            platform: &platform,
            platform_user_id: own_id.as_ref(),
            owner_id: owner.id,
            bot_type: BotType::Community,
            rate_limit_per_hour,
            created_at: now,
        };
        let Some(id) = bot::insert(&mut transaction, &new).await? else {
            return Err(Problem::Refused(ChangeBotError::NameTaken));
        };
        add_key(&mut transaction, id, &key, now).await?;
        let event = Event::BotRegistered {
            bot: id,
            owner: owner.id,
            by: by.id(),
        };
        let record = self.conclude(transaction, by, id, event).await?;
        Ok(BotWithKey { record, key })
    }

    /// Returns a page of all bots, oldest first.
    ///
    /// # Errors
    /// [`ChangeBotError::AdminAction`].
    pub async fn bots(&self, by: Actor<'_>, slice: Slice) -> Changed<BotPage> {
        by.may_look(self)?;
        let mut connection = self.database.read().await?;
        let records = bot::records(&mut connection, slice, self.now()).await?;
        let total = bot::count(&mut connection).await?;
        let after = slice.offset().saturating_add(slice.limit());
        let next = (after < total).then_some(after);
        Ok(BotPage {
            records,
            next,
            total,
        })
    }

    /// Returns one bot.
    ///
    /// # Errors
    /// [`ChangeBotError::AdminAction`], [`ChangeBotError::BotNotFound`].
    pub async fn bot_record(&self, by: Actor<'_>, id: BotId) -> Changed<BotRecord> {
        by.may_look(self)?;
        let mut connection = self.database.read().await?;
        self.seen_from(&mut connection, id).await
    }

    /// Finds a bot by name or ID, for the command line.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn find_bot(&self, name_or_id: &str) -> Result<Option<BotId>, Failure> {
        let mut connection = self.database.read().await?;
        if let Ok(name) = name_or_id.parse()
            && let Some(id) = bot::of_name(&mut connection, &name).await?
        {
            return Ok(Some(id));
        }
        let id = name_or_id.parse().ok().map(BotId::from_i64);
        match id {
            Some(id) => {
                let found = bot::record_of(&mut connection, id, self.now()).await?;
                Ok(found.map(|found| found.bot.id))
            }
            None => Ok(None),
        }
    }

    /// Updates a bot. Applies all given fields or none.
    ///
    /// # Errors
    /// See [`ChangeBotError`].
    pub async fn update_bot(
        &self,
        by: Actor<'_>,
        id: BotId,
        update: BotUpdate<'_>,
    ) -> Changed<BotRecord> {
        by.may_look(self)?;
        let mut transaction = self.begin().await?;
        let name = match update.name {
            Some(name) => {
                let name = parse_name(name)?;
                claim_name(&mut transaction, id, &name).await?;
                Some(name)
            }
            None => None,
        };
        let owner = match update.owner {
            Some(owner) => Some(find_owner(&mut transaction, owner).await?.id),
            None => None,
        };
        let old = self.take_bot(&mut transaction, by, id, owner).await?;
        let mut new = Bot {
            updated_at: self.now(),
            ..old.clone()
        };
        if let Some(name) = name {
            name.as_str().clone_into(&mut new.name);
        }
        if update
            .platform
            .is_some_and(|platform| platform != old.platform.as_str())
        {
            return Err(Problem::Refused(ChangeBotError::OtherPlatform));
        }
        if let Some(owner) = owner {
            new.owner_id = owner;
        }
        if let Some(calls) = update.rate_limit_per_hour {
            new.rate_limit_per_hour = parse_calls(calls)?.as_i64();
        }
        if let Some(bot_type) = update.bot_type {
            new.bot_type = parse_type(bot_type)?;
        }
        if let Some(avatar_url) = update.avatar_url {
            let avatar = AvatarUrl::parse(avatar_url);
            new.avatar_url = avatar.map(|avatar| avatar.as_str().to_owned());
        }
        if let Some(invite_url) = update.invite_url {
            new.invite_url = parse_invite(invite_url)?;
        }
        let changed = changed_fields(&old, &new);
        if changed.is_empty() {
            return self.seen_from(&mut transaction, id).await;
        }
        bot::write(&mut transaction, &new).await?;
        let event = Event::BotUpdated {
            bot: id,
            owner: new.owner_id,
            by: by.id(),
            changed: &changed,
        };
        self.conclude(transaction, by, id, event).await
    }

    /// Creates a new key for a bot.
    ///
    /// The previous key keeps working for `grace`, at most one day. Without a grace period it ends
    /// at once (docs/contract.md, Bot keys).
    ///
    /// # Errors
    /// See [`ChangeBotError`].
    pub async fn regenerate_bot_key(
        &self,
        by: Actor<'_>,
        id: BotId,
        grace: Option<Duration>,
    ) -> Changed<BotWithKey> {
        const MAX_GRACE: Duration = Duration::from_hours(24);
        let grace = grace.unwrap_or_default();
        if grace > MAX_GRACE {
            return Err(Problem::Refused(ChangeBotError::Grace));
        }
        let key = BotKey::draw(random_base58)?;
        by.may_look(self)?;
        let mut transaction = self.begin().await?;
        let bot = self.take_bot(&mut transaction, by, id, None).await?;
        let now = self.now();
        bot::end_keys(&mut transaction, id, now + grace, now).await?;
        add_key(&mut transaction, id, &key, now).await?;
        let changed = Bot {
            updated_at: now,
            ..bot
        };
        bot::write(&mut transaction, &changed).await?;
        let event = Event::BotKeyRegenerated {
            bot: id,
            owner: changed.owner_id,
            by: by.id(),
            grace,
        };
        let record = self.conclude(transaction, by, id, event).await?;
        Ok(BotWithKey { record, key })
    }

    /// Activates or deactivates a bot, effective at once on every server. Idempotent.
    ///
    /// # Errors
    /// See [`ChangeBotError`].
    pub async fn switch_bot(
        &self,
        by: Actor<'_>,
        id: BotId,
        switch: BotSwitch,
    ) -> Changed<BotRecord> {
        by.may_look(self)?;
        let mut transaction = self.begin().await?;
        let bot = self.take_bot(&mut transaction, by, id, None).await?;
        let now = self.now();
        let owner = bot.owner_id;
        let (deactivated_at, event) = match (switch, bot.deactivated_at) {
            (BotSwitch::Activate, Some(_)) => {
                let by = by.id();
                (None, Event::BotActivated { bot: id, owner, by })
            }
            (BotSwitch::Deactivate, None) => {
                let by = by.id();
                (Some(now), Event::BotDeactivated { bot: id, owner, by })
            }
            (BotSwitch::Activate, None) | (BotSwitch::Deactivate, Some(_)) => {
                return self.seen_from(&mut transaction, id).await;
            }
        };
        let switched = Bot {
            deactivated_at,
            updated_at: now,
            ..bot
        };
        bot::write(&mut transaction, &switched).await?;
        self.conclude(transaction, by, id, event).await
    }

    /// Deletes a bot and its keys. Its name becomes free.
    ///
    /// # Errors
    /// See [`ChangeBotError`].
    pub async fn delete_bot(&self, by: Actor<'_>, id: BotId) -> Changed<()> {
        self.delete(by, id, None).await
    }

    /// Deletes a bot if the typed name confirms it.
    ///
    /// # Errors
    /// See [`ChangeBotError`].
    pub async fn delete_bot_named(&self, by: Actor<'_>, id: BotId, typed: &str) -> Changed<()> {
        self.delete(by, id, Some(typed)).await
    }

    async fn delete(&self, by: Actor<'_>, id: BotId, typed: Option<&str>) -> Changed<()> {
        by.may_look(self)?;
        let mut transaction = self.begin().await?;
        let bot = self.take_bot(&mut transaction, by, id, None).await?;
        if typed.is_some_and(|typed| typed.trim() != bot.name) {
            return Err(Problem::Refused(ChangeBotError::NotConfirmed));
        }
        bot::delete(&mut transaction, id).await?;
        let event = Event::BotDeleted {
            bot: id,
            owner: bot.owner_id,
            by: by.id(),
        };
        event
            .record(&mut transaction, by.client(), self.now())
            .await?;
        transaction.signal(Signal::BotChanged(id)).await?;
        Ok(transaction.commit().await?)
    }

    /// Authorizes a change of a bot and returns the bot with its row locked. Lock order: owners
    /// before the bot.
    async fn take_bot(
        &self,
        transaction: &mut Transaction,
        by: Actor<'_>,
        id: BotId,
        new_owner: Option<UserId>,
    ) -> Changed<Bot> {
        let not_found = || Problem::Refused(ChangeBotError::BotNotFound);
        let found = bot::record_of(transaction, id, self.now()).await?;
        let owner = found.ok_or_else(not_found)?.bot.owner_id;
        let owners = [owner, new_owner.unwrap_or(owner)];
        by.may_change(self, transaction, owners).await?;
        let bot = bot::lock(transaction, id).await?.ok_or_else(not_found)?;
        if bot.owner_id == owner {
            Ok(bot)
        } else {
            // The owner changed while this transaction waited, and nobody authorized the actor for
            // the new one.
            Err(Problem::Refused(ChangeBotError::AdminAction(
                AdminActionError::NotBelow,
            )))
        }
    }

    /// Records the event, signals all servers, commits, and returns the updated bot.
    async fn conclude(
        &self,
        mut transaction: Transaction,
        by: Actor<'_>,
        id: BotId,
        event: Event<'_>,
    ) -> Changed<BotRecord> {
        event
            .record(&mut transaction, by.client(), self.now())
            .await?;
        transaction.signal(Signal::BotChanged(id)).await?;
        let record = self.seen_from(&mut transaction, id).await?;
        transaction.commit().await?;
        Ok(record)
    }

    async fn seen_from(&self, connection: &mut Connection, id: BotId) -> Changed<BotRecord> {
        let found = bot::record_of(connection, id, self.now()).await?;
        found.ok_or(Problem::Refused(ChangeBotError::BotNotFound))
    }
}

async fn add_key(
    transaction: &mut Transaction,
    bot_id: BotId,
    key: &BotKey,
    now: Timestamp,
) -> Result<(), Failure> {
    let hash = key.hash();
    let row = bot::NewKey {
        bot_id,
        public_id: key.public_id(),
        hash: &hash,
        created_at: now,
    };
    bot::insert_key(transaction, &row).await
}

async fn find_owner(transaction: &mut Transaction, owner: BotOwner<'_>) -> Changed<User> {
    let found = match owner {
        BotOwner::Id(id) => Some(id),
        BotOwner::Named(name) => {
            let found = user::find_password(transaction, &Identifier::new(name)).await?;
            found.map(|found| found.id)
        }
        BotOwner::OnDiscord(id) => match discord(id) {
            Some(identity) => identity::holder(transaction, &identity)
                .await?
                .map(|holder| holder.user_id),
            None => None,
        },
    };
    let owner = match found {
        Some(id) => user::by_id(transaction, id).await?,
        None => None,
    };
    owner.ok_or(Problem::Refused(ChangeBotError::OwnerNotFound))
}

fn discord(id: &str) -> Option<Identity> {
    Some(Identity {
        platform: "discord".parse::<Platform>().ok()?,
        user_id: id.parse().ok()?,
    })
}

/// Checks that a name is free for this bot, and locks bot names until the transaction ends.
pub(crate) async fn claim_name(
    transaction: &mut Transaction,
    id: BotId,
    name: &BotName,
) -> Changed<()> {
    row_lock::acquire(transaction, RowLock::BotNames).await?;
    match bot::of_name(transaction, name).await? {
        Some(other) if other != id => Err(Problem::Refused(ChangeBotError::NameTaken)),
        Some(_) | None => Ok(()),
    }
}

fn parse_name(name: &str) -> Changed<BotName> {
    name.parse()
        .map_err(|_| Problem::Refused(ChangeBotError::Name))
}

fn parse_calls(number: i64) -> Changed<CallsPerHour> {
    CallsPerHour::new(number).ok_or(Problem::Refused(ChangeBotError::RateLimit))
}

fn parse_type(text: &str) -> Changed<BotType> {
    let by_number = || text.parse().ok().and_then(BotType::from_i64);
    let found = text.parse().ok().or_else(by_number);
    found.ok_or(Problem::Refused(ChangeBotError::BotType))
}

fn parse_invite(text: &str) -> Changed<Option<String>> {
    if text.is_empty() {
        return Ok(None);
    }
    let invite: InviteUrl = text
        .parse()
        .map_err(|_| Problem::Refused(ChangeBotError::InviteUrl))?;
    Ok(Some(invite.as_str().to_owned()))
}

/// Returns the API names of the fields that differ.
fn changed_fields(old: &Bot, new: &Bot) -> Vec<&'static str> {
    [
        ("name", old.name != new.name),
        ("owner_id", old.owner_id != new.owner_id),
        (
            "rate_limit_per_hour",
            old.rate_limit_per_hour != new.rate_limit_per_hour,
        ),
        ("bot_type", old.bot_type != new.bot_type),
        ("avatar_url", old.avatar_url != new.avatar_url),
        ("invite_url", old.invite_url != new.invite_url),
    ]
    .into_iter()
    .filter_map(|(name, changed)| changed.then_some(name))
    .collect()
}

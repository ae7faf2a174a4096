use std::time::Duration;

use domain::{Bot, BotCallError, BotType, Client, Platform, RegisterBotError, Timestamp, Username};

use crate::audit::Event;
use crate::bot_key::BotKey;
use crate::store::bot::{self, FoundKey, PublicBot};
use crate::store::user;
use crate::{Failure, Portal, Problem};

/// What a bot may be asked for, if nothing else was said.
pub const DEFAULT_CALLS_PER_HOUR: i64 = 1000;
const MOST_CALLS_PER_HOUR: i64 = 100_000;
const HOUR: Duration = Duration::from_hours(1);

/// A bot to be registered, as typed.
#[derive(Clone, Copy)]
pub struct BotRegistration<'a> {
    pub name: &'a str,
    pub platform: &'a str,
    /// The owner's username.
    pub owner: &'a str,
    pub rate_limit_per_hour: i64,
}

/// A bot just registered, with its key: the only time the key is there to be shown.
#[derive(Debug)]
pub struct RegisteredBot {
    pub id: domain::BotId,
    pub name: String,
    pub platform: Platform,
    pub key: BotKey,
}

impl Portal {
    /// Registers a bot from the command line, which is trusted with every owner.
    ///
    /// # Errors
    /// See [`RegisterBotError`].
    pub async fn register_bot(
        &self,
        registration: BotRegistration<'_>,
    ) -> Result<RegisteredBot, Problem<RegisterBotError>> {
        let refused = Problem::Refused;
        let name = registration.name.trim();
        let fits = (2..=32).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if !fits {
            return Err(refused(RegisterBotError::Name));
        }
        let platform = self
            .platform(registration.platform)
            .ok_or(refused(RegisterBotError::UnknownPlatform))?;
        if !(1..=MOST_CALLS_PER_HOUR).contains(&registration.rate_limit_per_hour) {
            return Err(refused(RegisterBotError::RateLimit));
        }
        let owner: Username = registration
            .owner
            .parse()
            .map_err(|_| refused(RegisterBotError::OwnerNotFound))?;
        let now = self.now();
        let key = BotKey::random()?;
        let mut transaction = self.begin().await?;
        let Some(owner) = user::by_name(&mut transaction, &owner).await? else {
            return Err(refused(RegisterBotError::OwnerNotFound));
        };
        let new = bot::NewBot {
            name,
            platform: &platform,
            owner_id: owner.id,
            bot_type: BotType::Community,
            rate_limit_per_hour: registration.rate_limit_per_hour,
            created_at: now,
        };
        let Some(id) = bot::insert(&mut transaction, &new).await? else {
            return Err(refused(RegisterBotError::NameTaken));
        };
        let hash = key.hash();
        let row = bot::NewKey {
            bot_id: id,
            public_id: key.public_id(),
            hash: &hash,
            created_at: now,
        };
        bot::insert_key(&mut transaction, &row).await?;
        let event = Event::BotRegistered {
            bot: id,
            owner: owner.id,
        };
        event.record(&mut transaction, None, now).await?;
        transaction.commit().await?;
        Ok(RegisteredBot {
            id,
            name: name.to_owned(),
            platform,
            key,
        })
    }

    /// The bot of a key, with this call counted (contract section 2). Every use case of a
    /// bot takes the bot that this answers.
    ///
    /// # Errors
    /// See [`BotCallError`].
    pub async fn bot_call(
        &self,
        key: Option<&str>,
        client: &Client,
    ) -> Result<Bot, Problem<BotCallError>> {
        self.call(key, client).await.map(|caller| caller.bot)
    }

    pub(crate) async fn call(
        &self,
        key: Option<&str>,
        client: &Client,
    ) -> Result<FoundKey, Problem<BotCallError>> {
        let refused = Problem::Refused;
        let key: BotKey = key
            .and_then(|text| text.parse().ok())
            .ok_or(refused(BotCallError::UnknownKey))?;
        let now = self.now();
        let found = {
            let mut connection = self.database.read().await?;
            bot::by_key(&mut connection, key.public_id(), now).await?
        };
        let Some(found) = found.filter(|found| key.matches(&found.hash)) else {
            return Err(refused(BotCallError::UnknownKey));
        };
        if found.bot.deactivated_at.is_some() {
            return Err(refused(BotCallError::Deactivated));
        }
        let hour = now.as_micros().div_euclid(micros(HOUR));
        let mut transaction = self.begin().await?;
        if !bot::count_call(&mut transaction, &found.bot, hour).await? {
            let next_hour = Timestamp::from_micros((hour + 1).saturating_mul(micros(HOUR)));
            let retry_after = next_hour.since(now);
            return Err(refused(BotCallError::LimitReached { retry_after }));
        }
        bot::note_use(&mut transaction, &found, &client.ip.to_string(), now).await?;
        transaction.commit().await?;
        Ok(FoundKey {
            bot: Bot {
                last_activity_at: Some(now),
                ..found.bot
            },
            ..found
        })
    }

    /// The active bots, for everybody: the login page tells people whom to write to
    /// (contract section 7).
    ///
    /// # Errors
    /// The database can't be asked.
    pub async fn public_bots(&self) -> Result<Vec<PublicBot>, Failure> {
        let mut connection = self.database.read().await?;
        Ok(bot::public(&mut connection).await?)
    }

    /// The platform of that name, if it is set up here.
    pub(crate) fn platform(&self, name: &str) -> Option<Platform> {
        self.platforms
            .iter()
            .find(|platform| platform.as_str() == name)
            .cloned()
    }

    /// All platforms that are set up here, in the order of the setting.
    #[must_use]
    pub fn platforms(&self) -> &[Platform] {
        &self.platforms
    }
}

fn micros(length: Duration) -> i64 {
    i64::try_from(length.as_micros()).unwrap_or(i64::MAX)
}

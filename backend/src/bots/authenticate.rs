use std::time::Duration;

use domain::{Bot, BotCallError, Client, Platform, Timestamp};

use crate::bots::key::BotKey;
use crate::error::{Failure, Problem};
use crate::portal::Portal;
use crate::store::tables::bot::{self, FoundKey, PublicBot};

const HOUR: Duration = Duration::from_hours(1);

impl Portal {
    /// Authenticates a bot by its key and counts the call against its quota (docs/contract.md, Bot
    /// keys).
    ///
    /// Every use case of a bot takes the returned bot.
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
        let now = self.now();
        let Some(text) = key else {
            return Err(refused(BotCallError::UnknownKey));
        };
        let found = match text.parse::<BotKey>() {
            Ok(key) => {
                let found = bot::by_key(&self.database, key.public_id(), now).await?;
                found.filter(|found| key.matches(&found.hash))
            }
            Err(_) => None,
        };
        let Some(found) = found else {
            let refusal = match self.wrong_keys.count(&client.network(), now) {
                Ok(()) => BotCallError::UnknownKey,
                Err(retry_after) => BotCallError::TooManyWrongKeys { retry_after },
            };
            return Err(refused(refusal));
        };
        if !found.works {
            return Err(refused(BotCallError::Deactivated));
        }
        let hour = now.as_micros().div_euclid(micros(HOUR));
        let mut transaction = self.begin().await?;
        if !bot::record_use(&mut transaction, &found, &client.ip.to_string(), now).await? {
            return Err(refused(BotCallError::UnknownKey));
        }
        if !bot::count_call(&mut transaction, &found.bot, hour).await? {
            let next_hour = Timestamp::from_micros((hour + 1).saturating_mul(micros(HOUR)));
            let retry_after = next_hour.since(now);
            return Err(refused(BotCallError::LimitReached { retry_after }));
        }
        transaction.commit().await?;
        Ok(FoundKey {
            bot: Bot {
                last_activity_at: Some(now),
                ..found.bot
            },
            ..found
        })
    }

    /// Returns the active bots for the public list. The login page uses it to say which bot to
    /// write to (docs/contract.md, Bots).
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn public_bots(&self) -> Result<Vec<PublicBot>, Failure> {
        let mut connection = self.database.read().await?;
        Ok(bot::public(&mut connection, self.now()).await?)
    }

    /// Returns the configured platform with this name.
    pub(crate) fn platform(&self, name: &str) -> Option<Platform> {
        self.platforms
            .iter()
            .find(|platform| platform.as_str() == name)
            .cloned()
    }

    /// Returns all configured platforms in the order of the setting.
    #[must_use]
    pub fn platforms(&self) -> &[Platform] {
        &self.platforms
    }
}

fn micros(length: Duration) -> i64 {
    i64::try_from(length.as_micros()).unwrap_or(i64::MAX)
}

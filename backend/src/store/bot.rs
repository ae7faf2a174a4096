use domain::{Bot, BotId, BotType, PermissionLevel, Platform, Timestamp, UserId};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::user::unknown;
use crate::Failure;
use crate::secrets::random_id;

/// A bot about to be registered.
pub(crate) struct NewBot<'a> {
    pub name: &'a str,
    pub platform: &'a Platform,
    pub owner_id: UserId,
    pub bot_type: BotType,
    pub rate_limit_per_hour: i64,
    pub created_at: Timestamp,
}

/// Stores the bot under a new random id. None if the name is taken.
pub(crate) async fn insert(
    connection: &mut AnyConnection,
    bot: &NewBot<'_>,
) -> Result<Option<BotId>, Failure> {
    for _ in 0..3 {
        let id = random_id()?;
        let inserted = sqlx::query(
            "insert into bots
                (id, name, name_key, platform, owner_id, bot_type, rate_limit_per_hour, group_ids,
                 created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, '[]', $8, $8)
             on conflict do nothing",
        )
        .bind(id)
        .bind(bot.name)
        .bind(bot.name.to_lowercase())
        .bind(bot.platform.as_str())
        .bind(bot.owner_id.as_i64())
        .bind(bot.bot_type.as_i64())
        .bind(bot.rate_limit_per_hour)
        .bind(bot.created_at.as_micros())
        .execute(&mut *connection)
        .await?;
        if inserted.rows_affected() == 1 {
            return Ok(Some(BotId::from_i64(id)));
        }
        let taken = sqlx::query("select id from bots where name_key = $1")
            .bind(bot.name.to_lowercase())
            .fetch_optional(&mut *connection)
            .await?;
        if taken.is_some() {
            return Ok(None);
        }
    }
    Err(Failure::Internal("no free bot id in three tries".into()))
}

/// A key about to be stored.
pub(crate) struct NewKey<'a> {
    pub bot_id: BotId,
    pub public_id: &'a str,
    pub hash: &'a [u8],
    pub created_at: Timestamp,
}

pub(crate) async fn insert_key(
    connection: &mut AnyConnection,
    key: &NewKey<'_>,
) -> Result<(), Failure> {
    sqlx::query(
        "insert into bot_keys (id, bot_id, public_id, key_hash, created_at)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(random_id()?)
    .bind(key.bot_id.as_i64())
    .bind(key.public_id)
    .bind(key.hash)
    .bind(key.created_at.as_micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// A live key with its bot.
pub(crate) struct FoundKey {
    pub key_id: i64,
    pub hash: Vec<u8>,
    /// When it stops to work, if it was replaced.
    pub expires_at: Option<Timestamp>,
    pub bot: Bot,
}

pub(crate) async fn by_key(
    connection: &mut AnyConnection,
    public_id: &str,
    now: Timestamp,
) -> Result<Option<FoundKey>, sqlx::Error> {
    let row = sqlx::query(
        "select k.id as key_id, k.key_hash, k.expires_at, b.id, b.name, b.platform, b.owner_id, b.bot_type,
                b.deactivated_at, b.rate_limit_per_hour, b.avatar_url, b.invite_url, b.group_ids,
                b.users, b.latency_ms, b.last_activity_at, b.created_at, b.updated_at
         from bot_keys k join bots b on b.id = k.bot_id
         where k.public_id = $1 and (k.expires_at is null or k.expires_at > $2)",
    )
    .bind(public_id)
    .bind(now.as_micros())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let expires_at: Option<i64> = row.try_get("expires_at")?;
        Ok(FoundKey {
            key_id: row.try_get("key_id")?,
            hash: row.try_get("key_hash")?,
            expires_at: expires_at.map(Timestamp::from_micros),
            bot: from_row(&row)?,
        })
    })
    .transpose()
}

/// A bot as anybody may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicBot {
    pub id: BotId,
    pub name: String,
    pub platform: String,
    pub avatar_url: Option<String>,
    pub is_verified: bool,
    pub invite_url: Option<String>,
}

/// All active bots, the most trusted first.
pub(crate) async fn public(connection: &mut AnyConnection) -> Result<Vec<PublicBot>, sqlx::Error> {
    sqlx::query(
        "select id, name, platform, avatar_url, bot_type, invite_url from bots
         where deactivated_at is null order by bot_type, created_at, id",
    )
    .fetch_all(connection)
    .await?
    .iter()
    .map(|row| {
        let bot_type: i64 = row.try_get("bot_type")?;
        let bot_type = BotType::from_i64(bot_type).ok_or_else(|| unknown("bot_type", bot_type))?;
        Ok(PublicBot {
            id: BotId::from_i64(row.try_get("id")?),
            name: row.try_get("name")?,
            platform: row.try_get("platform")?,
            avatar_url: row.try_get("avatar_url")?,
            is_verified: bot_type.is_verified(),
            invite_url: row.try_get("invite_url")?,
        })
    })
    .collect()
}

/// Until when a key works, if it does: the outer none says that key or bot have ended, the
/// inner one that no end is set.
pub(crate) async fn key_works_until(
    connection: &mut AnyConnection,
    key_id: i64,
    now: Timestamp,
) -> Result<Option<Option<Timestamp>>, sqlx::Error> {
    let row = sqlx::query(
        "select k.expires_at from bot_keys k join bots b on b.id = k.bot_id
         where k.id = $1 and b.deactivated_at is null
               and (k.expires_at is null or k.expires_at > $2)",
    )
    .bind(key_id)
    .bind(now.as_micros())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let expires_at: Option<i64> = row.try_get("expires_at")?;
        Ok(expires_at.map(Timestamp::from_micros))
    })
    .transpose()
}

/// The live keys of the active bots of a platform whose owner, today, is not below this
/// level.
pub(crate) async fn keys_reaching(
    connection: &mut AnyConnection,
    platform: &str,
    level: PermissionLevel,
    now: Timestamp,
) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar(
        "select k.id from bot_keys k join bots b on b.id = k.bot_id
                join users u on u.id = b.owner_id
         where b.platform = $1 and b.deactivated_at is null and u.permission_level >= $2
               and (k.expires_at is null or k.expires_at > $3)",
    )
    .bind(platform)
    .bind(level.as_i64())
    .bind(now.as_micros())
    .fetch_all(connection)
    .await
}

/// The bots that were changed since a moment.
pub(crate) async fn changed_since(
    connection: &mut AnyConnection,
    since: Timestamp,
) -> Result<Vec<BotId>, sqlx::Error> {
    sqlx::query_scalar("select id from bots where updated_at >= $1")
        .bind(since.as_micros())
        .fetch_all(connection)
        .await
        .map(|ids: Vec<i64>| ids.into_iter().map(BotId::from_i64).collect())
}

/// Forgets the counts of hours before this one.
pub(crate) async fn forget_calls(
    connection: &mut AnyConnection,
    before_hour: i64,
) -> Result<u64, sqlx::Error> {
    sqlx::query("delete from bot_calls where hour < $1")
        .bind(before_hour)
        .execute(connection)
        .await
        .map(|forgotten| forgotten.rows_affected())
}

/// Counts a call in its clock hour, unless the limit is reached: one statement, so it is
/// exact across servers. False if it is.
pub(crate) async fn count_call(
    connection: &mut AnyConnection,
    bot: &Bot,
    hour: i64,
) -> Result<bool, sqlx::Error> {
    let counted = sqlx::query(
        "insert into bot_calls (bot_id, hour, n) values ($1, $2, 1)
         on conflict (bot_id, hour) do update set n = bot_calls.n + 1 where bot_calls.n < $3",
    )
    .bind(bot.id.as_i64())
    .bind(hour)
    .bind(bot.rate_limit_per_hour)
    .execute(connection)
    .await?;
    Ok(counted.rows_affected() == 1)
}

/// Remembers that bot and key were used.
pub(crate) async fn note_use(
    connection: &mut AnyConnection,
    found: &FoundKey,
    ip: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("update bot_keys set last_used_at = $2, last_used_ip = $3 where id = $1")
        .bind(found.key_id)
        .bind(now.as_micros())
        .bind(ip)
        .execute(&mut *connection)
        .await?;
    sqlx::query("update bots set last_activity_at = $2 where id = $1")
        .bind(found.bot.id.as_i64())
        .bind(now.as_micros())
        .execute(connection)
        .await
        .map(drop)
}

fn from_row(row: &AnyRow) -> Result<Bot, sqlx::Error> {
    let platform: String = row.try_get("platform")?;
    let bot_type: i64 = row.try_get("bot_type")?;
    let deactivated_at: Option<i64> = row.try_get("deactivated_at")?;
    let last_activity_at: Option<i64> = row.try_get("last_activity_at")?;
    let group_ids: String = row.try_get("group_ids")?;
    Ok(Bot {
        id: BotId::from_i64(row.try_get("id")?),
        name: row.try_get("name")?,
        platform: platform
            .parse()
            .map_err(|_| unknown("platform", platform))?,
        owner_id: UserId::from_i64(row.try_get("owner_id")?),
        bot_type: BotType::from_i64(bot_type).ok_or_else(|| unknown("bot_type", bot_type))?,
        deactivated_at: deactivated_at.map(Timestamp::from_micros),
        rate_limit_per_hour: row.try_get("rate_limit_per_hour")?,
        avatar_url: row.try_get("avatar_url")?,
        invite_url: row.try_get("invite_url")?,
        group_ids: serde_json::from_str(&group_ids).map_err(|_| unknown("group_ids", group_ids))?,
        users: row.try_get("users")?,
        latency_ms: row.try_get("latency_ms")?,
        last_activity_at: last_activity_at.map(Timestamp::from_micros),
        created_at: Timestamp::from_micros(row.try_get("created_at")?),
        updated_at: Timestamp::from_micros(row.try_get("updated_at")?),
    })
}

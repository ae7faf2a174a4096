use domain::{
    Bot, BotId, BotName, BotType, CallsPerHour, PermissionLevel, Platform, PlatformUserId,
    Timestamp, UserId,
};

use crate::crypto::secrets::random_id;
use crate::error::Failure;
use crate::pagination::Slice;
use crate::store::sql::connection::{Connection, Row, query, scalar};
use crate::store::sql::database::Database;
use crate::store::sql::value::{Columns, FromRow};
use crate::store::tables::user::unknown;

/// The columns of a bot, as [`from_row`] reads them.
macro_rules! bot_columns {
    () => {
        "id, name, platform, platform_user_id, owner_id, bot_type, deactivated_at, rate_limit_per_hour,
         avatar_url, invite_url, group_ids, users, latency_ms, last_activity_at, created_at, updated_at"
    };
}

/// Whether the bot's owner, `o`, is unrestricted at a moment. The bots of a restricted owner
/// don't work.
macro_rules! owner_may_be_in {
    ($now:literal) => {
        concat!("(o.state = 0 or o.state_until <= ", $now, ")")
    };
}

/// A bot to be registered.
pub(crate) struct NewBot<'a> {
    pub name: &'a BotName,
    pub platform: &'a Platform,
    pub platform_user_id: Option<&'a PlatformUserId>,
    pub owner_id: UserId,
    pub bot_type: BotType,
    pub rate_limit_per_hour: CallsPerHour,
    pub created_at: Timestamp,
}

/// Stores the bot under a new random ID. `None` if the name is taken.
pub(crate) async fn insert(
    connection: &mut Connection,
    bot: &NewBot<'_>,
) -> Result<Option<BotId>, Failure> {
    for _ in 0..3 {
        let id = random_id()?;
        let inserted = query(
            "insert into bots
                (id, name, name_key, platform, platform_user_id, owner_id, bot_type,
                 rate_limit_per_hour, group_ids, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, '[]', $9, $9)
             on conflict do nothing",
        )
        .bind(id)
        .bind(bot.name.as_str())
        .bind(bot.name.key())
        .bind(bot.platform.as_str())
        .bind(bot.platform_user_id.map(PlatformUserId::as_str))
        .bind(bot.owner_id.as_i64())
        .bind(bot.bot_type.as_i64())
        .bind(bot.rate_limit_per_hour.as_i64())
        .bind(bot.created_at.as_micros())
        .execute(&mut *connection)
        .await?;
        if inserted == 1 {
            return Ok(Some(BotId::from_i64(id)));
        }
        if of_name(connection, bot.name).await?.is_some() {
            return Ok(None);
        }
    }
    Err(Failure::Internal("no free bot id in three tries".into()))
}

/// The bot with this name.
pub(crate) async fn of_name(
    connection: &mut Connection,
    name: &BotName,
) -> Result<Option<BotId>, sqlx::Error> {
    scalar("select id from bots where name_key = $1")
        .bind(name.key())
        .fetch_optional(connection)
        .await
        .map(|id: Option<i64>| id.map(BotId::from_i64))
}

/// The bot, with its row locked until the transaction ends. Every change of a bot locks it first.
pub(crate) async fn lock(
    connection: &mut Connection,
    id: BotId,
) -> Result<Option<Bot>, sqlx::Error> {
    let row = query(concat!(
        "update bots set updated_at = updated_at where id = $1 returning ",
        bot_columns!()
    ))
    .bind(id.as_i64())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(from_row).transpose()
}

/// Writes everything about a bot that can change.
pub(crate) async fn write(connection: &mut Connection, bot: &Bot) -> Result<(), Failure> {
    let group_ids = serde_json::to_string(&bot.group_ids).map_err(Failure::internal)?;
    query(
        "update bots set name = $2, name_key = $3, owner_id = $4, bot_type = $5,
                deactivated_at = $6, rate_limit_per_hour = $7, avatar_url = $8, invite_url = $9,
                group_ids = $10, users = $11, latency_ms = $12, updated_at = $13
         where id = $1",
    )
    .bind(bot.id.as_i64())
    .bind(&bot.name)
    .bind(bot.name.to_lowercase())
    .bind(bot.owner_id.as_i64())
    .bind(bot.bot_type.as_i64())
    .bind(bot.deactivated_at.map(Timestamp::as_micros))
    .bind(bot.rate_limit_per_hour)
    .bind(&bot.avatar_url)
    .bind(&bot.invite_url)
    .bind(group_ids)
    .bind(bot.users)
    .bind(bot.latency_ms)
    .bind(bot.updated_at.as_micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes the bot with its keys and counts.
pub(crate) async fn delete(connection: &mut Connection, id: BotId) -> Result<(), sqlx::Error> {
    for statement in [
        "delete from bot_keys where bot_id = $1",
        "delete from bot_calls where bot_id = $1",
        "delete from bots where id = $1",
    ] {
        query(statement)
            .bind(id.as_i64())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Ends the keys of a bot: the current key at `until`, keys that were replaced earlier at once.
/// So at most two are live.
pub(crate) async fn end_keys(
    connection: &mut Connection,
    id: BotId,
    until: Timestamp,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query("update bot_keys set expires_at = $2 where bot_id = $1 and expires_at > $2")
        .bind(id.as_i64())
        .bind(now.as_micros())
        .execute(&mut *connection)
        .await?;
    query("update bot_keys set expires_at = $2 where bot_id = $1 and expires_at is null")
        .bind(id.as_i64())
        .bind(until.as_micros())
        .execute(connection)
        .await
        .map(drop)
}

/// Deletes keys that ended before a moment.
pub(crate) async fn forget_keys(
    connection: &mut Connection,
    before: Timestamp,
) -> Result<u64, sqlx::Error> {
    query("delete from bot_keys where expires_at < $1")
        .bind(before.as_micros())
        .execute(connection)
        .await
}

/// A live key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveKey {
    /// The public part of the key.
    pub public_id: String,
    pub created_at: Timestamp,
    /// When it expires, if it was replaced.
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub last_used_ip: Option<String>,
}

impl LiveKey {
    /// The start of the key.
    #[must_use]
    pub fn prefix(&self) -> String {
        format!("hbot_{}", self.public_id)
    }
}

/// A bot as its administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotRecord {
    pub bot: Bot,
    /// The username of its owner.
    pub owner: String,
    /// One or two, newest first.
    pub keys: Vec<LiveKey>,
}

/// A page of all bots, oldest first, with their live keys.
pub(crate) async fn records(
    connection: &mut Connection,
    slice: Slice,
    now: Timestamp,
) -> Result<Vec<BotRecord>, sqlx::Error> {
    let rows = query(concat!(
        "select ",
        bot_columns!(),
        ", (select username from users where users.id = bots.owner_id) as owner
         from bots order by created_at, id limit $1 offset $2"
    ))
    .bind(slice.limit())
    .bind(slice.offset())
    .fetch_all(&mut *connection)
    .await?;
    let mut records = Vec::new();
    for row in &rows {
        records.push(record(connection, row, now).await?);
    }
    Ok(records)
}

pub(crate) async fn record_of(
    connection: &mut Connection,
    id: BotId,
    now: Timestamp,
) -> Result<Option<BotRecord>, sqlx::Error> {
    let row = query(concat!(
        "select ",
        bot_columns!(),
        ", (select username from users where users.id = bots.owner_id) as owner
         from bots where id = $1"
    ))
    .bind(id.as_i64())
    .fetch_optional(&mut *connection)
    .await?;
    match row {
        Some(row) => record(connection, &row, now).await.map(Some),
        None => Ok(None),
    }
}

async fn record(
    connection: &mut Connection,
    row: &Row,
    now: Timestamp,
) -> Result<BotRecord, sqlx::Error> {
    let bot = from_row(row)?;
    let keys = live_keys(connection, bot.id, now).await?;
    Ok(BotRecord {
        bot,
        owner: row.column("owner")?,
        keys,
    })
}

async fn live_keys(
    connection: &mut Connection,
    id: BotId,
    now: Timestamp,
) -> Result<Vec<LiveKey>, sqlx::Error> {
    let rows = query(
        "select public_id, created_at, expires_at, last_used_at, last_used_ip from bot_keys
         where bot_id = $1 and (expires_at is null or expires_at > $2)
         order by case when expires_at is null then 0 else 1 end, created_at desc",
    )
    .bind(id.as_i64())
    .bind(now.as_micros())
    .fetch_all(connection)
    .await?;
    let time = |row: &Row, column| -> Result<Option<Timestamp>, sqlx::Error> {
        let micros: Option<i64> = row.column(column)?;
        Ok(micros.map(Timestamp::from_micros))
    };
    rows.iter()
        .map(|row| {
            Ok(LiveKey {
                public_id: row.column("public_id")?,
                created_at: Timestamp::from_micros(row.column("created_at")?),
                expires_at: time(row, "expires_at")?,
                last_used_at: time(row, "last_used_at")?,
                last_used_ip: row.column("last_used_ip")?,
            })
        })
        .collect()
}

pub(crate) async fn count(connection: &mut Connection) -> Result<i64, sqlx::Error> {
    scalar("select count(*) from bots")
        .fetch_one(connection)
        .await
}

/// A key to be stored.
pub(crate) struct NewKey<'a> {
    pub bot_id: BotId,
    pub public_id: &'a str,
    pub hash: &'a [u8],
    pub created_at: Timestamp,
}

pub(crate) async fn insert_key(
    connection: &mut Connection,
    key: &NewKey<'_>,
) -> Result<(), Failure> {
    query(
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
    /// When it expires, if it was replaced.
    pub expires_at: Option<Timestamp>,
    pub bot: Bot,
    /// Whether the bot is active and its owner unrestricted.
    pub works: bool,
}

/// The bot whose key has this public part, unless the key has ended.
pub(crate) async fn by_key(
    database: &Database,
    public_id: &str,
    now: Timestamp,
) -> Result<Option<FoundKey>, sqlx::Error> {
    let question = concat!(
        "select case when ",
        owner_may_be_in!("$2"),
        " then 1 else 0 end as owner_may_be_in,
                k.id as key_id, k.key_hash, k.expires_at, b.id, b.name, b.platform, b.platform_user_id, b.owner_id, b.bot_type,
                b.deactivated_at, b.rate_limit_per_hour, b.avatar_url, b.invite_url, b.group_ids,
                b.users, b.latency_ms, b.last_activity_at, b.created_at, b.updated_at
         from bot_keys k join bots b on b.id = k.bot_id join users o on o.id = b.owner_id
         where k.public_id = $1 and (k.expires_at is null or k.expires_at > $2)"
    );
    let about = [public_id.into(), now.as_micros().into()];
    Ok(database.inline_read(question, &about).await?.pop())
}

impl FromRow for FoundKey {
    fn from_row(row: &impl Columns) -> Result<Self, sqlx::Error> {
        let owner_may_be_in: i64 = row.column("owner_may_be_in")?;
        let key_id = row.column("key_id")?;
        let hash = row.column("key_hash")?;
        let expires_at: Option<i64> = row.column("expires_at")?;
        let bot = from_row(row)?;
        Ok(Self {
            key_id,
            hash,
            expires_at: expires_at.map(Timestamp::from_micros),
            works: bot.deactivated_at.is_none() && owner_may_be_in == 1,
            bot,
        })
    }
}

/// A bot as the public sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicBot {
    pub id: BotId,
    pub name: String,
    pub platform: String,
    pub avatar_url: Option<String>,
    pub is_verified: bool,
    pub invite_url: Option<String>,
}

/// All bots that work, most trusted first.
pub(crate) async fn public(
    connection: &mut Connection,
    now: Timestamp,
) -> Result<Vec<PublicBot>, sqlx::Error> {
    query(concat!(
        "select b.id, b.name, b.platform, b.avatar_url, b.bot_type, b.invite_url
         from bots b join users o on o.id = b.owner_id
         where b.deactivated_at is null and ",
        owner_may_be_in!("$1"),
        " order by b.bot_type, b.created_at, b.id"
    ))
    .bind(now.as_micros())
    .fetch_all(connection)
    .await?
    .iter()
    .map(|row| {
        let bot_type: i64 = row.column("bot_type")?;
        let bot_type = BotType::from_i64(bot_type).ok_or_else(|| unknown("bot_type", bot_type))?;
        Ok(PublicBot {
            id: BotId::from_i64(row.column("id")?),
            name: row.column("name")?,
            platform: row.column("platform")?,
            avatar_url: row.column("avatar_url")?,
            is_verified: bot_type.is_verified(),
            invite_url: row.column("invite_url")?,
        })
    })
    .collect()
}

/// The bots of a person, by name.
pub(crate) async fn owned_by(
    connection: &mut Connection,
    owner: UserId,
) -> Result<Vec<OwnedBot>, sqlx::Error> {
    query(
        "select id, name, platform, deactivated_at from bots where owner_id = $1 order by name_key",
    )
    .bind(owner.as_i64())
    .fetch_all(connection)
    .await?
    .iter()
    .map(|row| {
        let deactivated_at: Option<i64> = row.column("deactivated_at")?;
        Ok(OwnedBot {
            id: BotId::from_i64(row.column("id")?),
            name: row.column("name")?,
            platform: row.column("platform")?,
            is_active: deactivated_at.is_none(),
        })
    })
    .collect()
}

/// Until when a key works. The outer `None` means that the key or the bot has ended or that the
/// owner is restricted; the inner `None` means that no end is set.
pub(crate) async fn key_valid_until(
    connection: &mut Connection,
    key_id: i64,
    now: Timestamp,
) -> Result<Option<Option<Timestamp>>, sqlx::Error> {
    let row = query(concat!(
        "select k.expires_at from bot_keys k join bots b on b.id = k.bot_id
                join users o on o.id = b.owner_id
         where k.id = $1 and b.deactivated_at is null
               and (k.expires_at is null or k.expires_at > $2) and ",
        owner_may_be_in!("$2")
    ))
    .bind(key_id)
    .bind(now.as_micros())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let expires_at: Option<i64> = row.column("expires_at")?;
        Ok(expires_at.map(Timestamp::from_micros))
    })
    .transpose()
}

/// The live keys of the active bots of a platform whose owner is currently unrestricted and at
/// least of this level.
pub(crate) async fn keys_allowed_to_see(
    connection: &mut Connection,
    platform: &str,
    level: PermissionLevel,
    now: Timestamp,
) -> Result<Vec<i64>, sqlx::Error> {
    scalar(concat!(
        "select k.id from bot_keys k join bots b on b.id = k.bot_id
                join users o on o.id = b.owner_id
         where b.platform = $1 and b.deactivated_at is null and o.permission_level >= $2
               and (k.expires_at is null or k.expires_at > $3) and ",
        owner_may_be_in!("$3")
    ))
    .bind(platform)
    .bind(level.as_i64())
    .bind(now.as_micros())
    .fetch_all(connection)
    .await
}

/// The bots that changed since a moment, or whose owner was restricted since.
pub(crate) async fn changed_since(
    connection: &mut Connection,
    since: Timestamp,
) -> Result<Vec<BotId>, sqlx::Error> {
    scalar(
        "select b.id from bots b join users o on o.id = b.owner_id
         where b.updated_at >= $1 or (o.state <> 0 and o.updated_at >= $1)",
    )
    .bind(since.as_micros())
    .fetch_all(connection)
    .await
    .map(|ids: Vec<i64>| ids.into_iter().map(BotId::from_i64).collect())
}

/// Deletes the counts of hours before this one.
pub(crate) async fn forget_calls(
    connection: &mut Connection,
    before_hour: i64,
) -> Result<u64, sqlx::Error> {
    query("delete from bot_calls where hour < $1")
        .bind(before_hour)
        .execute(connection)
        .await
}

/// Counts a call in its clock hour unless the limit is reached. A single statement, so the count
/// is exact across servers. Returns `false` if the limit is reached.
pub(crate) async fn count_call(
    connection: &mut Connection,
    bot: &Bot,
    hour: i64,
) -> Result<bool, sqlx::Error> {
    let counted = query(
        "insert into bot_calls (bot_id, hour, n) values ($1, $2, 1)
         on conflict (bot_id, hour) do update set n = bot_calls.n + 1 where bot_calls.n < $3",
    )
    .bind(bot.id.as_i64())
    .bind(hour)
    .bind(bot.rate_limit_per_hour)
    .execute(connection)
    .await?;
    Ok(counted == 1)
}

/// Records the use of bot and key. Returns `false` if either has ended meanwhile: this write
/// waits for a concurrent change that ends them.
pub(crate) async fn record_use(
    connection: &mut Connection,
    found: &FoundKey,
    ip: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let active =
        query("update bots set last_activity_at = $2 where id = $1 and deactivated_at is null")
            .bind(found.bot.id.as_i64())
            .bind(now.as_micros())
            .execute(&mut *connection)
            .await?;
    let live = query(
        "update bot_keys set last_used_at = $2, last_used_ip = $3
         where id = $1 and (expires_at is null or expires_at > $2)",
    )
    .bind(found.key_id)
    .bind(now.as_micros())
    .bind(ip)
    .execute(connection)
    .await?;
    Ok(active == 1 && live == 1)
}

/// Records that a bot is present although it makes no calls, because it listens for events.
pub(crate) async fn record_presence(
    connection: &mut Connection,
    bot: BotId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query("update bots set last_activity_at = $2 where id = $1")
        .bind(bot.as_i64())
        .bind(now.as_micros())
        .execute(connection)
        .await
        .map(drop)
}

/// Whether an active bot of a platform was seen since a moment.
pub(crate) async fn is_there(
    connection: &mut Connection,
    platform: &str,
    since: Timestamp,
) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = scalar(
        "select id from bots
         where platform = $1 and deactivated_at is null and last_activity_at > $2 limit 1",
    )
    .bind(platform)
    .bind(since.as_micros())
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

fn from_row(row: &impl Columns) -> Result<Bot, sqlx::Error> {
    let platform: String = row.column("platform")?;
    let bot_type: i64 = row.column("bot_type")?;
    let deactivated_at: Option<i64> = row.column("deactivated_at")?;
    let last_activity_at: Option<i64> = row.column("last_activity_at")?;
    let group_ids: String = row.column("group_ids")?;
    Ok(Bot {
        id: BotId::from_i64(row.column("id")?),
        name: row.column("name")?,
        platform: platform
            .parse()
            .map_err(|_| unknown("platform", platform))?,
        platform_user_id: row.column("platform_user_id")?,
        owner_id: UserId::from_i64(row.column("owner_id")?),
        bot_type: BotType::from_i64(bot_type).ok_or_else(|| unknown("bot_type", bot_type))?,
        deactivated_at: deactivated_at.map(Timestamp::from_micros),
        rate_limit_per_hour: row.column("rate_limit_per_hour")?,
        avatar_url: row.column("avatar_url")?,
        invite_url: row.column("invite_url")?,
        group_ids: serde_json::from_str(&group_ids).map_err(|_| unknown("group_ids", group_ids))?,
        users: row.column("users")?,
        latency_ms: row.column("latency_ms")?,
        last_activity_at: last_activity_at.map(Timestamp::from_micros),
        created_at: Timestamp::from_micros(row.column("created_at")?),
        updated_at: Timestamp::from_micros(row.column("updated_at")?),
    })
}

/// A bot of a person. It doesn't work while its owner is restricted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedBot {
    pub id: BotId,
    pub name: String,
    pub platform: String,
    pub is_active: bool,
}

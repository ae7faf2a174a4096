use domain::{
    AccountState, DisplayName, Email, EmailAddress, Identifier, PermissionLevel, Timestamp, User,
    UserId, Username,
};

use crate::crypto::password_hash::StoredPassword;
use crate::crypto::secrets::random_id;
use crate::error::Failure;
use crate::store::sql::connection::{Connection, query, scalar};
use crate::store::sql::database::Database;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::sql::value::{Columns, FromRow};
use crate::store::tables::name;

/// The columns of a person, as [`from_row`] reads them.
macro_rules! user_columns {
    () => {
        "id as user_id, username, display, permission_level, permission_since, state, state_until,
         email, email_verified_at, second_factor_at, created_at as user_created_at, updated_at, last_activity_at"
    };
}

pub(super) use user_columns;

/// A person to be stored.
pub(crate) struct NewUser<'a> {
    pub username: &'a Username,
    /// `None` shows the username.
    pub display: Option<&'a DisplayName>,
    pub password: Option<&'a StoredPassword>,
    pub level: PermissionLevel,
    pub created_at: Timestamp,
}

/// Stores the person under a new random ID, with the index of their name. `None` if the username
/// is taken.
pub(crate) async fn insert(
    connection: &mut Connection,
    user: &NewUser<'_>,
) -> Result<Option<UserId>, Failure> {
    row_lock::acquire(connection, RowLock::PeoplesNames).await?;
    // Retries, because a conflict may be with the name or, very rarely, with the ID.
    for _ in 0..3 {
        let id = random_id()?;
        let inserted = query(
            "insert into users
                (id, username, username_key, password_hash, permission_level,
                 permission_since, state, created_at, updated_at, display)
             values ($1, $2, $3, $4, $5, $6, 0, $6, $6, $7)
             on conflict do nothing",
        )
        .bind(id)
        .bind(user.username.as_str())
        .bind(user.username.key())
        .bind(user.password.map(StoredPassword::as_column))
        .bind(user.level.as_i64())
        .bind(user.created_at.as_micros())
        .bind(
            user.display
                .map_or(user.username.as_str(), DisplayName::as_str),
        )
        .execute(&mut *connection)
        .await?;
        if inserted == 1 {
            let id = UserId::from_i64(id);
            name::put(
                connection,
                id,
                name::NameKind::Username,
                user.username.as_str(),
            )
            .await?;
            if let Some(display) = user.display {
                name::put(connection, id, name::NameKind::Display, display.as_str()).await?;
            }
            return Ok(Some(id));
        }
        if username_exists(connection, user.username).await? {
            return Ok(None);
        }
    }
    Err(Failure::Internal("no free user id in three tries".into()))
}

async fn username_exists(
    connection: &mut Connection,
    username: &Username,
) -> Result<bool, sqlx::Error> {
    query("select id from users where username_key = $1")
        .bind(username.key())
        .fetch_optional(connection)
        .await
        .map(|row| row.is_some())
}

/// A person with the password hash for a login.
pub(crate) struct PasswordHolder {
    pub id: UserId,
    pub password: Option<StoredPassword>,
}

impl FromRow for PasswordHolder {
    fn from_row(row: &impl Columns) -> Result<Self, sqlx::Error> {
        let id = UserId::from_i64(row.column("id")?);
        let phc: Option<String> = row.column("password_hash")?;
        let password = phc.map(StoredPassword::from_column);
        Ok(Self { id, password })
    }
}

/// By name first, then by ID (docs/contract.md, Login by password).
const FIND_PASSWORD: &str = "select id, password_hash from users
 where username_key = $1 or id = $2
 order by case when username_key = $1 then 0 else 1 end
 limit 1";

/// Finds the person for a password login, as of the last commit.
pub(crate) async fn read_password(
    database: &Database,
    identifier: &Identifier,
) -> Result<Option<PasswordHolder>, sqlx::Error> {
    let id = identifier.id().map(UserId::as_i64);
    let about = [identifier.key().into(), id.into()];
    Ok(database.inline_read(FIND_PASSWORD, &about).await?.pop())
}

/// The same within a transaction, or on an existing connection.
pub(crate) async fn find_password(
    connection: &mut Connection,
    identifier: &Identifier,
) -> Result<Option<PasswordHolder>, sqlx::Error> {
    let row = query(FIND_PASSWORD)
        .bind(identifier.key())
        .bind(identifier.id().map(UserId::as_i64))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(PasswordHolder::from_row).transpose()
}

/// Finds a person by name, by ID or by verified address, in this order.
pub(crate) async fn find(
    connection: &mut Connection,
    identifier: &Identifier,
    email: Option<&EmailAddress>,
) -> Result<Option<UserId>, sqlx::Error> {
    scalar(
        "select id from users
         where username_key = $1 or id = $2 or (email_key = $3 and email_verified_at is not null)
         order by case when username_key = $1 then 0 when id = $2 then 1 else 2 end
         limit 1",
    )
    .bind(identifier.key())
    .bind(identifier.id().map(UserId::as_i64))
    .bind(email.map(EmailAddress::key))
    .fetch_optional(connection)
    .await
    .map(|id: Option<i64>| id.map(UserId::from_i64))
}

/// The person, if the password is still the one that was checked. It also records the activity.
/// This is a write, so on `PostgreSQL` it waits for a concurrent change of the password and then
/// evaluates the condition again.
pub(crate) async fn with_password(
    connection: &mut Connection,
    id: UserId,
    password: &StoredPassword,
    now: Timestamp,
) -> Result<Option<User>, sqlx::Error> {
    let row = query(concat!(
        "update users set last_activity_at = $3 where id = $1 and password_hash = $2 returning ",
        user_columns!()
    ))
    .bind(id.as_i64())
    .bind(password.as_column())
    .bind(now.as_micros())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(from_row).transpose()
}

pub(crate) async fn by_id(
    connection: &mut Connection,
    id: UserId,
) -> Result<Option<User>, sqlx::Error> {
    let row = query(concat!(
        "select ",
        user_columns!(),
        " from users where id = $1"
    ))
    .bind(id.as_i64())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(from_row).transpose()
}

pub(crate) async fn by_name(
    connection: &mut Connection,
    username: &Username,
) -> Result<Option<User>, sqlx::Error> {
    let row = query(concat!(
        "select ",
        user_columns!(),
        " from users where username_key = $1"
    ))
    .bind(username.key())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(from_row).transpose()
}

/// The person, and the number of consecutive logins by bot codes.
pub(crate) async fn for_bot_login(
    connection: &mut Connection,
    id: UserId,
) -> Result<Option<(User, i64)>, sqlx::Error> {
    let row = query(concat!(
        "select ",
        user_columns!(),
        ", bot_logins from users where id = $1"
    ))
    .bind(id.as_i64())
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok((from_row(&row)?, row.column("bot_logins")?)))
        .transpose()
}

/// Counts a login by a bot code. Returns `false` if there were already `most` in a row (0: no
/// limit).
pub(crate) async fn count_bot_login(
    connection: &mut Connection,
    id: UserId,
    most: i64,
) -> Result<bool, sqlx::Error> {
    let counted = query(
        "update users set bot_logins = bot_logins + 1
         where id = $1 and ($2 = 0 or bot_logins < $2)",
    )
    .bind(id.as_i64())
    .bind(most)
    .execute(connection)
    .await?;
    Ok(counted == 1)
}

/// Resets the count, after a login by web code or password.
pub(crate) async fn reset_bot_logins(
    connection: &mut Connection,
    id: UserId,
) -> Result<(), sqlx::Error> {
    query("update users set bot_logins = 0 where id = $1 and bot_logins > 0")
        .bind(id.as_i64())
        .execute(connection)
        .await
        .map(drop)
}

/// The person, with their row locked until the transaction ends. Logins, and changes of anything
/// that a login depends on, lock it first. So neither reads what the other is about to change,
/// and there are no deadlocks.
pub(crate) async fn lock(
    connection: &mut Connection,
    id: UserId,
) -> Result<Option<User>, sqlx::Error> {
    let row = query(concat!(
        "update users set updated_at = updated_at where id = $1 returning ",
        user_columns!()
    ))
    .bind(id.as_i64())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(from_row).transpose()
}

/// A password to be set.
pub(crate) struct PasswordChange<'a> {
    pub hash: &'a StoredPassword,
    /// Set if the password is only long enough together with a second factor.
    pub short_since: Option<Timestamp>,
    pub at: Timestamp,
}

/// Replaces the given password, or none. Returns `false` if the password has changed since.
pub(crate) async fn set_password(
    connection: &mut Connection,
    id: UserId,
    old: Option<&StoredPassword>,
    new: &PasswordChange<'_>,
) -> Result<bool, sqlx::Error> {
    let set = query(
        "update users set password_hash = $3, password_short_since = $4, updated_at = $5,
                password_only_login_notified_at = null
         where id = $1 and coalesce(password_hash, '') = $2",
    )
    .bind(id.as_i64())
    .bind(old.map_or("", StoredPassword::as_column))
    .bind(new.hash.as_column())
    .bind(new.short_since.map(Timestamp::as_micros))
    .bind(new.at.as_micros())
    .execute(connection)
    .await?;
    Ok(set == 1)
}

/// Stores a hash of the same password at a higher cost. Does nothing if the password has changed
/// since.
pub(crate) async fn upgrade_password(
    connection: &mut Connection,
    id: UserId,
    old: &StoredPassword,
    upgraded: &StoredPassword,
) -> Result<(), sqlx::Error> {
    query("update users set password_hash = $3 where id = $1 and password_hash = $2")
        .bind(id.as_i64())
        .bind(old.as_column())
        .bind(upgraded.as_column())
        .execute(connection)
        .await
        .map(drop)
}

/// Stores an unverified address, if the person has no verified one.
pub(crate) async fn set_unverified_email(
    connection: &mut Connection,
    id: UserId,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "update users set email = $2, email_key = $3, updated_at = $4
         where id = $1 and email_verified_at is null",
    )
    .bind(id.as_i64())
    .bind(email.as_str())
    .bind(email.key())
    .bind(now.as_micros())
    .execute(connection)
    .await
    .map(drop)
}

/// Stores a verified address. The caller holds the address's row lock and has checked that no
/// other account has it.
pub(crate) async fn set_verified_email(
    connection: &mut Connection,
    id: UserId,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "update users set email = $2, email_key = $3, email_verified_at = $4, updated_at = $4
         where id = $1",
    )
    .bind(id.as_i64())
    .bind(email.as_str())
    .bind(email.key())
    .bind(now.as_micros())
    .execute(connection)
    .await
    .map(drop)
}

/// Sets a password, whatever the previous one.
pub(crate) async fn replace_password(
    connection: &mut Connection,
    id: UserId,
    new: &PasswordChange<'_>,
) -> Result<(), sqlx::Error> {
    query(
        "update users set password_hash = $2, password_short_since = $3, updated_at = $4,
                password_only_login_notified_at = null
         where id = $1",
    )
    .bind(id.as_i64())
    .bind(new.hash.as_column())
    .bind(new.short_since.map(Timestamp::as_micros))
    .bind(new.at.as_micros())
    .execute(connection)
    .await
    .map(drop)
}

/// Whether another account has verified this address.
pub(crate) async fn email_is_taken(
    connection: &mut Connection,
    email: &EmailAddress,
    but: UserId,
) -> Result<bool, sqlx::Error> {
    query(
        "select id from users
         where email_key = $1 and email_verified_at is not null and id <> $2",
    )
    .bind(email.key())
    .bind(but.as_i64())
    .fetch_optional(connection)
    .await
    .map(|row| row.is_some())
}

/// Whether the person's password is only long enough together with a second factor.
pub(crate) async fn has_short_password(
    connection: &mut Connection,
    id: UserId,
) -> Result<bool, sqlx::Error> {
    query(
        "select id from users
         where id = $1 and password_hash is not null and password_short_since is not null",
    )
    .bind(id.as_i64())
    .fetch_optional(connection)
    .await
    .map(|row| row.is_some())
}

/// Records a notification of a correct password without the second factor. Returns `false` if the
/// person was already notified since the given moment.
pub(crate) async fn record_password_only_login_notice(
    connection: &mut Connection,
    id: UserId,
    since: Timestamp,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let told = query(
        "update users set password_only_login_notified_at = $3
         where id = $1 and (password_only_login_notified_at is null or password_only_login_notified_at <= $2)",
    )
    .bind(id.as_i64())
    .bind(since.as_micros())
    .bind(now.as_micros())
    .execute(connection)
    .await?;
    Ok(told == 1)
}

/// The person's password hash, if any.
pub(crate) async fn password_of(
    connection: &mut Connection,
    id: UserId,
) -> Result<Option<StoredPassword>, sqlx::Error> {
    let phc: Option<Option<String>> = scalar("select password_hash from users where id = $1")
        .bind(id.as_i64())
        .fetch_optional(connection)
        .await?;
    Ok(phc.flatten().map(StoredPassword::from_column))
}

pub(crate) async fn any_owner(connection: &mut Connection) -> Result<bool, sqlx::Error> {
    query("select id from users where permission_level = $1 limit 1")
        .bind(PermissionLevel::Owner.as_i64())
        .fetch_optional(connection)
        .await
        .map(|row| row.is_some())
}

/// A restriction to set or lift.
pub(crate) struct Restriction<'a> {
    pub state: AccountState,
    pub reason: Option<&'a str>,
    pub by: Option<UserId>,
}

pub(crate) async fn set_state(
    connection: &mut Connection,
    id: UserId,
    restriction: &Restriction<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let (number, until) = match restriction.state {
        AccountState::Active => (0, None),
        AccountState::Timeout { until } => (1, Some(until)),
        AccountState::Banned { until } => (2, until),
    };
    query(
        "update users set state = $2, state_until = $3, state_reason = $4, state_since = $5,
                state_by = $6, updated_at = $5
         where id = $1",
    )
    .bind(id.as_i64())
    .bind(number)
    .bind(until.map(Timestamp::as_micros))
    .bind(restriction.reason)
    .bind(now.as_micros())
    .bind(restriction.by.map(UserId::as_i64))
    .execute(connection)
    .await
    .map(drop)
}

/// Why a person is restricted, or was until the restriction expired.
pub(crate) async fn restriction(
    connection: &mut Connection,
    id: UserId,
) -> Result<Option<RestrictionNote>, sqlx::Error> {
    let row = query(
        "select u.state_reason, u.state_since, b.username as state_by_name
         from users u left join users b on b.id = u.state_by
         where u.id = $1 and u.state <> 0",
    )
    .bind(id.as_i64())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let since: Option<i64> = row.column("state_since")?;
        Ok(RestrictionNote {
            reason: row.column("state_reason")?,
            since: since.map(Timestamp::from_micros),
            by: row.column("state_by_name")?,
        })
    })
    .transpose()
}

pub(crate) async fn set_level(
    connection: &mut Connection,
    id: UserId,
    level: PermissionLevel,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "update users set permission_level = $2, permission_since = $3, updated_at = $3
         where id = $1",
    )
    .bind(id.as_i64())
    .bind(level.as_i64())
    .bind(now.as_micros())
    .execute(connection)
    .await
    .map(drop)
}

/// Whether there is another Owner who isn't restricted.
pub(crate) async fn other_owner_exists(
    connection: &mut Connection,
    id: UserId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    query(
        "select id from users
         where permission_level = $1 and id <> $2 and (state = 0 or state_until <= $3) limit 1",
    )
    .bind(PermissionLevel::Owner.as_i64())
    .bind(id.as_i64())
    .bind(now.as_micros())
    .fetch_optional(connection)
    .await
    .map(|row| row.is_some())
}

/// Records activity. The time never goes back.
pub(crate) async fn touch(
    connection: &mut Connection,
    id: UserId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "update users set last_activity_at = $2
         where id = $1 and (last_activity_at is null or last_activity_at < $2)",
    )
    .bind(id.as_i64())
    .bind(now.as_micros())
    .execute(connection)
    .await
    .map(drop)
}

/// Reads the columns `user_id`, `username`, …, `last_activity_at` of a row, in this order.
pub(crate) fn from_row(row: &impl Columns) -> Result<User, sqlx::Error> {
    let time = Timestamp::from_micros;
    let id = UserId::from_i64(row.column("user_id")?);
    let username = row.column("username")?;
    let display = row.column("display")?;
    let level: i64 = row.column("permission_level")?;
    let level_since = row.column("permission_since").map(time)?;
    let state_number = row.column("state")?;
    let until: Option<i64> = row.column("state_until")?;
    let email = email(row)?;
    let second_factor: Option<i64> = row.column("second_factor_at")?;
    let created_at = row.column("user_created_at").map(time)?;
    let updated_at = row.column("updated_at").map(time)?;
    let last_activity: Option<i64> = row.column("last_activity_at")?;
    Ok(User {
        id,
        username,
        display,
        level: PermissionLevel::from_i64(level)
            .ok_or_else(|| unknown("permission_level", level))?,
        level_since,
        state: state(state_number, until.map(time))?,
        email,
        second_factor_at: second_factor.map(time),
        created_at,
        updated_at,
        last_activity_at: last_activity.map(time),
    })
}

fn email(row: &impl Columns) -> Result<Option<Email>, sqlx::Error> {
    let address: Option<String> = row.column("email")?;
    let verified_at: Option<i64> = row.column("email_verified_at")?;
    let email = address.map(|address| {
        let parsed = address
            .parse()
            .map_err(|_| unknown("email", "that is no address"));
        parsed.map(|address| Email {
            address,
            verified_at: verified_at.map(Timestamp::from_micros),
        })
    });
    email.transpose()
}

fn state(number: i64, until: Option<Timestamp>) -> Result<AccountState, sqlx::Error> {
    match (number, until) {
        (0, _) => Ok(AccountState::Active),
        (1, Some(until)) => Ok(AccountState::Timeout { until }),
        (2, until) => Ok(AccountState::Banned { until }),
        _ => Err(unknown("state", number)),
    }
}

/// A value that Portal never writes. It is rejected rather than interpreted.
pub(crate) fn unknown(column: &str, value: impl std::fmt::Display) -> sqlx::Error {
    sqlx::Error::Decode(format!("column {column} holds the unknown value {value}").into())
}

/// Why a person is restricted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestrictionNote {
    pub reason: Option<String>,
    pub since: Option<Timestamp>,
    /// The username of the actor. `None` for the command line.
    pub by: Option<String>,
}

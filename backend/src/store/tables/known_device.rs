use domain::{Timestamp, UserId};

use crate::store::sql::connection::{Connection, query};

/// Whether the person has logged in with this device before.
pub(crate) async fn is_known(
    connection: &mut Connection,
    user_id: UserId,
    browser: &[u8; 32],
) -> Result<bool, sqlx::Error> {
    query("select user_id from known_devices where user_id = $1 and device_hash = $2")
        .bind(user_id.as_i64())
        .bind(&browser[..])
        .fetch_optional(connection)
        .await
        .map(|row| row.is_some())
}

/// Whether the person has any known device.
pub(crate) async fn any_of(
    connection: &mut Connection,
    user_id: UserId,
) -> Result<bool, sqlx::Error> {
    query("select user_id from known_devices where user_id = $1 limit 1")
        .bind(user_id.as_i64())
        .fetch_optional(connection)
        .await
        .map(|row| row.is_some())
}

/// Remembers that the person used this device.
pub(crate) async fn remember(
    connection: &mut Connection,
    user_id: UserId,
    browser: &[u8; 32],
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "insert into known_devices (user_id, device_hash, created_at, last_seen_at)
         values ($1, $2, $3, $3)
         on conflict (user_id, device_hash) do update set last_seen_at = $3",
    )
    .bind(user_id.as_i64())
    .bind(&browser[..])
    .bind(now.as_micros())
    .execute(connection)
    .await
    .map(drop)
}

/// Forgets all devices of a person.
pub(crate) async fn forget_all_of(
    connection: &mut Connection,
    user_id: UserId,
) -> Result<(), sqlx::Error> {
    query("delete from known_devices where user_id = $1")
        .bind(user_id.as_i64())
        .execute(connection)
        .await
        .map(drop)
}

/// Deletes devices last seen before a moment.
pub(crate) async fn forget(
    connection: &mut Connection,
    before: Timestamp,
) -> Result<(), sqlx::Error> {
    query("delete from known_devices where last_seen_at < $1")
        .bind(before.as_micros())
        .execute(connection)
        .await
        .map(drop)
}

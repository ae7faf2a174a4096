use domain::{Client, Network, Timestamp, UserId};

use crate::crypto::secrets::random_id;
use crate::error::Failure;
use crate::store::sql::connection::{Connection, query, scalar};
use crate::store::tables::attempts::{AttemptTable, attempt_table, timestamps};
use crate::store::tables::expiry::forget;

/// Counts an attempt from an unknown device. Returns its ID, with which a correct one is
/// refunded.
pub(crate) async fn insert(
    connection: &mut Connection,
    account: &[u8; 32],
    client: &Client,
    now: Timestamp,
) -> Result<i64, Failure> {
    let id = random_id()?;
    query(
        "insert into password_attempts (id, account_hash, network, prefix48, created_at)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(&account[..])
    .bind(client.network().as_str())
    .bind(client.prefix48().as_ref().map(Network::as_str))
    .bind(now.as_micros())
    .execute(connection)
    .await?;
    Ok(id)
}

pub(crate) const TABLE: AttemptTable = attempt_table!("password_attempts");

forget!(forget, "password_attempts", "created_at");

/// The same for one account, from all networks.
pub(crate) async fn of_account(
    connection: &mut Connection,
    account: &[u8; 32],
    since: Timestamp,
    most: i64,
) -> Result<Vec<Timestamp>, sqlx::Error> {
    scalar(
        "select created_at from password_attempts where account_hash = $1 and created_at > $2
         order by created_at desc limit $3",
    )
    .bind(&account[..])
    .bind(since.as_micros())
    .bind(most)
    .fetch_all(connection)
    .await
    .map(timestamps)
}

/// The same for one account, from one network.
pub(crate) async fn of_account_from(
    connection: &mut Connection,
    account: &[u8; 32],
    network: &Network,
    since: Timestamp,
    most: i64,
) -> Result<Vec<Timestamp>, sqlx::Error> {
    scalar(
        "select created_at from password_attempts
         where account_hash = $1 and network = $2 and created_at > $3
         order by created_at desc limit $4",
    )
    .bind(&account[..])
    .bind(network.as_str())
    .bind(since.as_micros())
    .bind(most)
    .fetch_all(connection)
    .await
    .map(timestamps)
}

/// Counts an attempt from an unknown device in the row of consecutive ones. Returns the length of
/// the row. `None` if `most` was already reached or the account doesn't exist.
pub(crate) async fn count_in_a_row(
    connection: &mut Connection,
    user_id: UserId,
    most: i64,
) -> Result<Option<i64>, sqlx::Error> {
    scalar(
        "update users set failed_passwords = failed_passwords + 1
         where id = $1 and failed_passwords < $2 returning failed_passwords",
    )
    .bind(user_id.as_i64())
    .bind(most)
    .fetch_optional(connection)
    .await
}

/// The same for known devices.
pub(crate) async fn count_known_in_a_row(
    connection: &mut Connection,
    user_id: UserId,
    most: i64,
) -> Result<Option<i64>, sqlx::Error> {
    scalar(
        "update users set failed_passwords_known_device = failed_passwords_known_device + 1
         where id = $1 and failed_passwords_known_device < $2 returning failed_passwords_known_device",
    )
    .bind(user_id.as_i64())
    .bind(most)
    .fetch_optional(connection)
    .await
}

/// Refunds one attempt from an unknown device that was never compared.
pub(crate) async fn uncount_in_a_row(
    connection: &mut Connection,
    user_id: UserId,
) -> Result<(), sqlx::Error> {
    query(
        "update users set failed_passwords = failed_passwords - 1
         where id = $1 and failed_passwords > 0",
    )
    .bind(user_id.as_i64())
    .execute(connection)
    .await
    .map(drop)
}

/// The same for known devices.
pub(crate) async fn uncount_known_in_a_row(
    connection: &mut Connection,
    user_id: UserId,
) -> Result<(), sqlx::Error> {
    query(
        "update users set failed_passwords_known_device = failed_passwords_known_device - 1
         where id = $1 and failed_passwords_known_device > 0",
    )
    .bind(user_id.as_i64())
    .execute(connection)
    .await
    .map(drop)
}

/// Resets both rows, after a correct password or with a new one.
pub(crate) async fn end_row(
    connection: &mut Connection,
    user_id: UserId,
) -> Result<(), sqlx::Error> {
    query("update users set failed_passwords = 0, failed_passwords_known_device = 0 where id = $1")
        .bind(user_id.as_i64())
        .execute(connection)
        .await
        .map(drop)
}

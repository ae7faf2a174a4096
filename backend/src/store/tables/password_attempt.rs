use domain::{Client, Network, Timestamp, UserId};

use crate::crypto::secrets::random_id;
use crate::error::Failure;
use crate::store::sql::connection::{Connection, query, scalar};
use crate::store::tables::attempts::{guesses, timestamps};

/// Counts a stranger's guess; answers its id, by which a right one is given back.
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

guesses!("password_attempts");

/// The same for one account, from wherever.
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

/// Counts a stranger's guess in a row; answers how many that makes, and none where `most` were
/// reached before, or there is nobody.
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

/// The same for the browsers that the person has logged in with.
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

/// Takes back one stranger's guess that was never compared.
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

/// The same for the browsers that the person has logged in with.
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

/// After the right one, or with a new password: no wrong one stands in a row any more.
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

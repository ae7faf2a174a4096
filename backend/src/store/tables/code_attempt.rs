use domain::{Client, Network, Timestamp};

use crate::crypto::secrets::random_id;
use crate::error::Failure;
use crate::store::sql::connection::{Connection, query, scalar};
use crate::store::tables::attempts::{AttemptTable, attempt_table, timestamps};
use crate::store::tables::expiry::forget;

/// Counts an attempt. Returns its ID, with which a correct one is refunded.
pub(crate) async fn insert(
    connection: &mut Connection,
    client: &Client,
    now: Timestamp,
) -> Result<i64, Failure> {
    let id = random_id()?;
    query("insert into code_attempts (id, network, prefix48, created_at) values ($1, $2, $3, $4)")
        .bind(id)
        .bind(client.network().as_str())
        .bind(client.prefix48().as_ref().map(Network::as_str))
        .bind(now.as_micros())
        .execute(connection)
        .await?;
    Ok(id)
}

pub(crate) const TABLE: AttemptTable = attempt_table!("code_attempts");

forget!(forget, "code_attempts", "created_at");

/// The same for all networks together.
pub(crate) async fn of_all(
    connection: &mut Connection,
    since: Timestamp,
    most: i64,
) -> Result<Vec<Timestamp>, sqlx::Error> {
    scalar(
        "select created_at from code_attempts where created_at > $1
         order by created_at desc limit $2",
    )
    .bind(since.as_micros())
    .bind(most)
    .fetch_all(connection)
    .await
    .map(timestamps)
}

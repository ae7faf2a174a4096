use domain::{Client, Timestamp};
use sqlx::AnyConnection;

use crate::Failure;
use crate::secrets::random_id;

/// Counts a guess; answers its id, by which a right one is given back.
pub(crate) async fn insert(
    connection: &mut AnyConnection,
    client: &Client,
    now: Timestamp,
) -> Result<i64, Failure> {
    let id = random_id()?;
    sqlx::query(
        "insert into code_guesses (id, network, wide_network, created_at) values ($1, $2, $3, $4)",
    )
    .bind(id)
    .bind(client.network().as_str())
    .bind(client.wide_network().as_ref().map(domain::Network::as_str))
    .bind(now.as_micros())
    .execute(connection)
    .await?;
    Ok(id)
}

pub(crate) async fn delete(connection: &mut AnyConnection, id: i64) -> Result<(), sqlx::Error> {
    sqlx::query("delete from code_guesses where id = $1")
        .bind(id)
        .execute(connection)
        .await
        .map(drop)
}

/// Forgets those before a moment.
pub(crate) async fn forget(
    connection: &mut AnyConnection,
    before: Timestamp,
) -> Result<u64, sqlx::Error> {
    sqlx::query("delete from code_guesses where created_at < $1")
        .bind(before.as_micros())
        .execute(connection)
        .await
        .map(|forgotten| forgotten.rows_affected())
}

/// The moments of a network's latest guesses since a moment, newest first, at most
/// `most` of them.
pub(crate) async fn of_network(
    connection: &mut AnyConnection,
    network: &str,
    since: Timestamp,
    most: i64,
) -> Result<Vec<Timestamp>, sqlx::Error> {
    sqlx::query_scalar(
        "select created_at from code_guesses where network = $1 and created_at > $2
         order by created_at desc limit $3",
    )
    .bind(network)
    .bind(since.as_micros())
    .bind(most)
    .fetch_all(connection)
    .await
    .map(timestamps)
}

/// The same for all networks within a wide one.
pub(crate) async fn of_wide_network(
    connection: &mut AnyConnection,
    network: &str,
    since: Timestamp,
    most: i64,
) -> Result<Vec<Timestamp>, sqlx::Error> {
    sqlx::query_scalar(
        "select created_at from code_guesses where wide_network = $1 and created_at > $2
         order by created_at desc limit $3",
    )
    .bind(network)
    .bind(since.as_micros())
    .bind(most)
    .fetch_all(connection)
    .await
    .map(timestamps)
}

/// The same for the whole service.
pub(crate) async fn of_all(
    connection: &mut AnyConnection,
    since: Timestamp,
    most: i64,
) -> Result<Vec<Timestamp>, sqlx::Error> {
    sqlx::query_scalar(
        "select created_at from code_guesses where created_at > $1
         order by created_at desc limit $2",
    )
    .bind(since.as_micros())
    .bind(most)
    .fetch_all(connection)
    .await
    .map(timestamps)
}

fn timestamps(micros: Vec<i64>) -> Vec<Timestamp> {
    micros.into_iter().map(Timestamp::from_micros).collect()
}

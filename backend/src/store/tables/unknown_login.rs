use domain::{Network, Timestamp};

use crate::crypto::secrets::random_id;
use crate::error::Failure;
use crate::store::sql::connection::{Connection, query, scalar};
use crate::store::sql::database::Database;
use crate::store::sql::value::{Columns, FromRow};
use crate::store::tables::attempts::timestamps;
use crate::store::tables::expiry::forget;

pub(crate) async fn insert(
    connection: &mut Connection,
    network: &Network,
    now: Timestamp,
) -> Result<(), Failure> {
    query("insert into unknown_logins (id, network, created_at) values ($1, $2, $3)")
        .bind(random_id()?)
        .bind(network.as_str())
        .bind(now.as_micros())
        .execute(connection)
        .await?;
    Ok(())
}

/// The times of a network's latest unknown names since a moment, newest first, limited.
const OF_NETWORK: &str = "select created_at from unknown_logins
 where network = $1 and created_at > $2
 order by created_at desc limit $3";

/// The time of a request for an unknown name.
struct AskedAt(Timestamp);

impl FromRow for AskedAt {
    fn from_row(row: &impl Columns) -> Result<Self, sqlx::Error> {
        let at = row.column("created_at")?;
        Ok(Self(Timestamp::from_micros(at)))
    }
}

/// Runs [`OF_NETWORK`] as of the last commit.
pub(crate) async fn read_of_network(
    database: &Database,
    network: &Network,
    since: Timestamp,
    most: i64,
) -> Result<Vec<Timestamp>, sqlx::Error> {
    let about = [
        network.as_str().into(),
        since.as_micros().into(),
        most.into(),
    ];
    let asked: Vec<AskedAt> = database.inline_read(OF_NETWORK, &about).await?;
    Ok(asked.into_iter().map(|AskedAt(at)| at).collect())
}

/// The same within a transaction.
pub(crate) async fn of_network(
    connection: &mut Connection,
    network: &Network,
    since: Timestamp,
    most: i64,
) -> Result<Vec<Timestamp>, sqlx::Error> {
    scalar(OF_NETWORK)
        .bind(network.as_str())
        .bind(since.as_micros())
        .bind(most)
        .fetch_all(connection)
        .await
        .map(timestamps)
}

/// How many unknown names all networks requested since a moment.
pub(crate) async fn of_all(
    connection: &mut Connection,
    since: Timestamp,
) -> Result<i64, sqlx::Error> {
    scalar("select count(*) from unknown_logins where created_at > $1")
        .bind(since.as_micros())
        .fetch_one(connection)
        .await
}

forget!(forget, "unknown_logins", "created_at");

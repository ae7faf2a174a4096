//! Tables of attempts: each row has a time, a network, and the IPv6 /48 of the network.

use domain::{Network, Timestamp};

use crate::store::sql::connection::{Connection, query, scalar};

/// The statements that all tables of attempts share.
pub(crate) struct AttemptTable {
    pub(super) delete: &'static str,
    pub(super) of_network: &'static str,
    pub(super) of_prefix48: &'static str,
}

/// Writes the [`AttemptTable`] of a table.
macro_rules! attempt_table {
    ($table:literal) => {
        $crate::store::tables::attempts::AttemptTable {
            delete: concat!("delete from ", $table, " where id = $1"),
            of_network: concat!(
                "select created_at from ",
                $table,
                " where network = $1 and created_at > $2 order by created_at desc limit $3"
            ),
            of_prefix48: concat!(
                "select created_at from ",
                $table,
                " where prefix48 = $1 and created_at > $2 order by created_at desc limit $3"
            ),
        }
    };
}

pub(super) use attempt_table;

impl AttemptTable {
    /// Refunds an attempt.
    pub(crate) async fn delete(
        &self,
        connection: &mut Connection,
        id: i64,
    ) -> Result<(), sqlx::Error> {
        query(self.delete)
            .bind(id)
            .execute(connection)
            .await
            .map(drop)
    }

    /// The times of a network's latest attempts after `since`, newest first, at most `max`.
    pub(crate) async fn of_network(
        &self,
        connection: &mut Connection,
        network: &Network,
        since: Timestamp,
        max: i64,
    ) -> Result<Vec<Timestamp>, sqlx::Error> {
        latest(connection, self.of_network, network, since, max).await
    }

    /// As [`of_network`](Self::of_network), for all networks in an IPv6 /48.
    pub(crate) async fn of_prefix48(
        &self,
        connection: &mut Connection,
        prefix48: &Network,
        since: Timestamp,
        max: i64,
    ) -> Result<Vec<Timestamp>, sqlx::Error> {
        latest(connection, self.of_prefix48, prefix48, since, max).await
    }
}

async fn latest(
    connection: &mut Connection,
    statement: &'static str,
    network: &Network,
    since: Timestamp,
    max: i64,
) -> Result<Vec<Timestamp>, sqlx::Error> {
    scalar(statement)
        .bind(network.as_str())
        .bind(since.as_micros())
        .bind(max)
        .fetch_all(connection)
        .await
        .map(timestamps)
}

pub(super) fn timestamps(micros: Vec<i64>) -> Vec<Timestamp> {
    micros.into_iter().map(Timestamp::from_micros).collect()
}

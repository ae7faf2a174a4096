use domain::{Network, Timestamp};

use crate::store::sql::connection::{Connection, scalar};

/// The functions shared by all tables of attempts. A row is one attempt, with its time and the
/// network and IPv6 /48 it came from.
macro_rules! guesses {
    ($table:literal) => {
        /// Refunds an attempt.
        pub(crate) async fn delete(
            connection: &mut $crate::store::sql::connection::Connection,
            id: i64,
        ) -> Result<(), sqlx::Error> {
            query(concat!("delete from ", $table, " where id = $1"))
                .bind(id)
                .execute(connection)
                .await
                .map(drop)
        }

        $crate::store::tables::expiry::forget!(forget, $table, "created_at");

        /// The times of a network's latest attempts since a moment, newest first, at most `most`.
        pub(crate) async fn of_network(
            connection: &mut $crate::store::sql::connection::Connection,
            network: &domain::Network,
            since: domain::Timestamp,
            most: i64,
        ) -> Result<Vec<domain::Timestamp>, sqlx::Error> {
            let question = concat!(
                "select created_at from ",
                $table,
                " where network = $1 and created_at > $2 order by created_at desc limit $3"
            );
            $crate::store::tables::attempts::latest(connection, question, network, since, most)
                .await
        }

        /// The same for all networks within an IPv6 /48.
        pub(crate) async fn of_prefix48(
            connection: &mut $crate::store::sql::connection::Connection,
            network: &domain::Network,
            since: domain::Timestamp,
            most: i64,
        ) -> Result<Vec<domain::Timestamp>, sqlx::Error> {
            let question = concat!(
                "select created_at from ",
                $table,
                " where prefix48 = $1 and created_at > $2 order by created_at desc limit $3"
            );
            $crate::store::tables::attempts::latest(connection, question, network, since, most)
                .await
        }
    };
}

pub(super) use guesses;

pub(super) async fn latest(
    connection: &mut Connection,
    question: &'static str,
    network: &Network,
    since: Timestamp,
    most: i64,
) -> Result<Vec<Timestamp>, sqlx::Error> {
    scalar(question)
        .bind(network.as_str())
        .bind(since.as_micros())
        .bind(most)
        .fetch_all(connection)
        .await
        .map(timestamps)
}

pub(super) fn timestamps(micros: Vec<i64>) -> Vec<Timestamp> {
    micros.into_iter().map(Timestamp::from_micros).collect()
}

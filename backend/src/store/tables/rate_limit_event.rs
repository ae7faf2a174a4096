use domain::Timestamp;

use crate::crypto::secrets::random_id;
use crate::error::Failure;
use crate::store::sql::connection::{Connection, query, scalar};
use crate::store::tables::expiry::forget;

pub(crate) async fn insert(
    connection: &mut Connection,
    budget: &str,
    subject: &[u8; 32],
    now: Timestamp,
) -> Result<(), Failure> {
    query("insert into rate_limit_events (id, limit_name, subject_hash, created_at) values ($1, $2, $3, $4)")
        .bind(random_id()?)
        .bind(budget)
        .bind(&subject[..])
        .bind(now.as_micros())
        .execute(connection)
        .await?;
    Ok(())
}

/// The time of the `n`th newest use since a moment. `None` if there are fewer.
pub(crate) async fn nth_newest(
    connection: &mut Connection,
    budget: &str,
    subject: &[u8; 32],
    since: Timestamp,
    n: i64,
) -> Result<Option<Timestamp>, sqlx::Error> {
    scalar(
        "select created_at from rate_limit_events
         where limit_name = $1 and subject_hash = $2 and created_at > $3
         order by created_at desc limit 1 offset $4",
    )
    .bind(budget)
    .bind(&subject[..])
    .bind(since.as_micros())
    .bind(n - 1)
    .fetch_optional(connection)
    .await
    .map(|found: Option<i64>| found.map(Timestamp::from_micros))
}

forget!(forget, "rate_limit_events", "created_at");

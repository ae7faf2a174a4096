use domain::{Timestamp, UserId};
use sqlx::AnyConnection;

use crate::Failure;
use crate::secrets::random_id;

/// A row of the audit log.
pub(crate) struct Row<'a> {
    pub event_type: &'static str,
    pub actor: Option<UserId>,
    pub target: Option<UserId>,
    pub client_ip: Option<String>,
    /// A JSON object made of our own words only.
    pub metadata: &'a str,
    pub created_at: Timestamp,
}

pub(crate) async fn insert(connection: &mut AnyConnection, row: &Row<'_>) -> Result<(), Failure> {
    sqlx::query(
        "insert into audit_log (id, event_type, actor_id, target_id, client_ip, metadata, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(random_id()?)
    .bind(row.event_type)
    .bind(row.actor.map(UserId::as_i64))
    .bind(row.target.map(UserId::as_i64))
    .bind(&row.client_ip)
    .bind(row.metadata)
    .bind(row.created_at.as_micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets what happened before a moment.
pub(crate) async fn forget(
    connection: &mut AnyConnection,
    before: Timestamp,
) -> Result<u64, sqlx::Error> {
    sqlx::query("delete from audit_log where created_at < $1")
        .bind(before.as_micros())
        .execute(connection)
        .await
        .map(|forgotten| forgotten.rows_affected())
}

use domain::Timestamp;

use crate::store::sql::connection::{Connection, Row, query, scalar};
use crate::store::sql::value::Columns;

/// A message to be queued.
pub(crate) struct NewMail<'a> {
    pub id: i64,
    pub sealed: &'a [u8],
    pub message_id: &'a str,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

/// A message that only the claiming server may send.
pub(crate) struct ClaimedMail {
    pub id: i64,
    pub sealed: Vec<u8>,
    pub message_id: String,
    /// How often it was claimed, including this time.
    pub attempts: i64,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

impl ClaimedMail {
    /// Whether it had already expired when it was queued: a decoy.
    pub(crate) fn is_decoy(&self) -> bool {
        self.expires_at
            .is_some_and(|expires_at| expires_at < self.created_at)
    }
}

impl TryFrom<Row> for ClaimedMail {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let expires_at: Option<i64> = row.column("expires_at")?;
        Ok(Self {
            id: row.column("id")?,
            sealed: row.column("message_ciphertext")?,
            message_id: row.column("message_id")?,
            attempts: row.column("attempts")?,
            created_at: Timestamp::from_micros(row.column("created_at")?),
            expires_at: expires_at.map(Timestamp::from_micros),
        })
    }
}

pub(crate) async fn insert(
    connection: &mut Connection,
    mail: &NewMail<'_>,
) -> Result<(), sqlx::Error> {
    query(
        "insert into mail_queue
         (id, message_ciphertext, message_id, attempts, next_attempt_at, created_at, expires_at)
         values ($1, $2, $3, 0, $4, $4, $5)",
    )
    .bind(mail.id)
    .bind(mail.sealed)
    .bind(mail.message_id)
    .bind(mail.created_at.as_micros())
    .bind(mail.expires_at.map(Timestamp::as_micros))
    .execute(connection)
    .await
    .map(drop)
}

/// The IDs of due messages, longest waiting first, at most `most`. This doesn't claim them.
pub(crate) async fn due(
    connection: &mut Connection,
    now: Timestamp,
    most: i64,
) -> Result<Vec<i64>, sqlx::Error> {
    scalar(
        "select id from mail_queue where next_attempt_at <= $1
         order by next_attempt_at, id limit $2",
    )
    .bind(now.as_micros())
    .bind(most)
    .fetch_all(connection)
    .await
}

/// Claims a due message until `lease_ends`. If the claiming server dies, it can be claimed again
/// after that. `None` if another server was faster.
pub(crate) async fn claim(
    connection: &mut Connection,
    id: i64,
    now: Timestamp,
    lease_ends: Timestamp,
) -> Result<Option<ClaimedMail>, sqlx::Error> {
    query(
        "update mail_queue set attempts = attempts + 1, next_attempt_at = $3
         where id = $1 and next_attempt_at <= $2
         returning id, message_ciphertext, message_id, attempts, created_at, expires_at",
    )
    .bind(id)
    .bind(now.as_micros())
    .bind(lease_ends.as_micros())
    .fetch_optional(connection)
    .await?
    .map(ClaimedMail::try_from)
    .transpose()
}

/// Ends a claim after a failure. Does nothing if another server has claimed the message since.
pub(crate) async fn postpone(
    connection: &mut Connection,
    mail: &ClaimedMail,
    next_attempt_at: Timestamp,
) -> Result<(), sqlx::Error> {
    query("update mail_queue set next_attempt_at = $3 where id = $1 and attempts = $2")
        .bind(mail.id)
        .bind(mail.attempts)
        .bind(next_attempt_at.as_micros())
        .execute(connection)
        .await
        .map(drop)
}

/// Deletes a message that was sent or never will be.
pub(crate) async fn delete(connection: &mut Connection, id: i64) -> Result<(), sqlx::Error> {
    query("delete from mail_queue where id = $1")
        .bind(id)
        .execute(connection)
        .await
        .map(drop)
}

use domain::{Network, SessionId, Timestamp, UserId};

use crate::store::sql::connection::{Connection, Row, query};
use crate::store::sql::value::Columns;

/// A code to be sent.
pub(crate) struct NewEmailCode<'a> {
    /// Drawn by the caller, because the hash is bound to it.
    pub id: i64,
    pub user_id: UserId,
    pub place: CodePlace,
    pub network: &'a Network,
    pub hash: &'a [u8; 32],
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// The only context in which a code works.
#[derive(Clone, Copy)]
pub(crate) enum CodePlace {
    Challenge(i64),
    Session(SessionId),
}

/// A code that was sent and is still valid.
pub(crate) struct LiveEmailCode {
    pub id: i64,
    pub hash: Vec<u8>,
    pub expires_at: Timestamp,
}

impl CodePlace {
    /// The columns `challenge_id` and `session_id`.
    const fn columns(self) -> (Option<i64>, Option<i64>) {
        match self {
            Self::Challenge(id) => (Some(id), None),
            Self::Session(id) => (None, Some(id.as_i64())),
        }
    }
}

/// Stores the code and ends earlier ones in the same context.
pub(crate) async fn insert(
    connection: &mut Connection,
    code: &NewEmailCode<'_>,
) -> Result<(), sqlx::Error> {
    let (challenge_id, session_id) = code.place.columns();
    query(
        "update email_codes set ended_at = $4
         where user_id = $1 and (challenge_id = $2 or session_id = $3) and ended_at is null",
    )
    .bind(code.user_id.as_i64())
    .bind(challenge_id)
    .bind(session_id)
    .bind(code.created_at.as_micros())
    .execute(&mut *connection)
    .await?;
    query(
        "insert into email_codes
            (id, user_id, challenge_id, session_id, network, code_hash, failed_attempts,
             created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, 0, $7, $8)",
    )
    .bind(code.id)
    .bind(code.user_id.as_i64())
    .bind(challenge_id)
    .bind(session_id)
    .bind(code.network.as_str())
    .bind(&code.hash[..])
    .bind(code.created_at.as_micros())
    .bind(code.expires_at.as_micros())
    .execute(connection)
    .await
    .map(drop)
}

/// The code that was sent for this context.
pub(crate) async fn in_place(
    connection: &mut Connection,
    user_id: UserId,
    place: CodePlace,
    now: Timestamp,
) -> Result<Option<LiveEmailCode>, sqlx::Error> {
    let (challenge_id, session_id) = place.columns();
    let row = query(
        "select id, code_hash, expires_at from email_codes
         where user_id = $1 and (challenge_id = $2 or session_id = $3)
               and ended_at is null and expires_at > $4
         order by created_at desc limit 1",
    )
    .bind(user_id.as_i64())
    .bind(challenge_id)
    .bind(session_id)
    .bind(now.as_micros())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(from_row).transpose()
}

/// The latest code that was requested from this network for a pending login.
pub(crate) async fn of_login_from(
    connection: &mut Connection,
    user_id: UserId,
    network: &Network,
    now: Timestamp,
) -> Result<Option<LiveEmailCode>, sqlx::Error> {
    let row = query(
        "select id, code_hash, expires_at from email_codes
         where user_id = $1 and challenge_id is not null and network = $2
               and ended_at is null and expires_at > $3
         order by created_at desc limit 1",
    )
    .bind(user_id.as_i64())
    .bind(network.as_str())
    .bind(now.as_micros())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(from_row).transpose()
}

/// Consumes a code. Returns `false` if another request was faster.
pub(crate) async fn consume(
    connection: &mut Connection,
    id: i64,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let consumed = query(
        "update email_codes set ended_at = $2
         where id = $1 and ended_at is null and expires_at > $2",
    )
    .bind(id)
    .bind(now.as_micros())
    .execute(connection)
    .await?;
    Ok(consumed == 1)
}

/// Counts a wrong attempt. The code ends at `most`.
pub(crate) async fn count_wrong_attempt(
    connection: &mut Connection,
    id: i64,
    most: i64,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "update email_codes set failed_attempts = failed_attempts + 1,
                ended_at = case when failed_attempts + 1 >= $2 then $3 else ended_at end
         where id = $1 and ended_at is null",
    )
    .bind(id)
    .bind(most)
    .bind(now.as_micros())
    .execute(connection)
    .await
    .map(drop)
}

/// Ends all codes of a person.
pub(crate) async fn end_all_of(
    connection: &mut Connection,
    user_id: UserId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query("update email_codes set ended_at = $2 where user_id = $1 and ended_at is null")
        .bind(user_id.as_i64())
        .bind(now.as_micros())
        .execute(connection)
        .await
        .map(drop)
}

pub(crate) async fn forget(
    connection: &mut Connection,
    before: Timestamp,
) -> Result<(), sqlx::Error> {
    query("delete from email_codes where expires_at <= $1")
        .bind(before.as_micros())
        .execute(connection)
        .await
        .map(drop)
}

fn from_row(row: &Row) -> Result<LiveEmailCode, sqlx::Error> {
    Ok(LiveEmailCode {
        id: row.column("id")?,
        hash: row.column("code_hash")?,
        expires_at: Timestamp::from_micros(row.column("expires_at")?),
    })
}

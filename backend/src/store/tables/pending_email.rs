use domain::{EmailAddress, SessionId, Timestamp, UserId};

use crate::crypto::secrets::TokenHash;
use crate::store::sql::connection::{Connection, Row, query};
use crate::store::sql::value::Columns;
use crate::store::tables::user::unknown;

/// An unverified address that a person entered as theirs.
pub(crate) struct PendingEmail {
    pub user_id: UserId,
    pub email: EmailAddress,
    /// The session that requested it. `None` for a new registration.
    pub session_id: Option<SessionId>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Stores it in place of the previous one.
pub(crate) async fn replace(
    connection: &mut Connection,
    pending: &PendingEmail,
    token: &TokenHash,
) -> Result<(), sqlx::Error> {
    query(
        "insert into pending_emails
            (user_id, email, token_hash, session_id, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (user_id) do update
         set email = $2, token_hash = $3, session_id = $4, created_at = $5, expires_at = $6",
    )
    .bind(pending.user_id.as_i64())
    .bind(pending.email.as_str())
    .bind(token.as_bytes())
    .bind(pending.session_id.map(SessionId::as_i64))
    .bind(pending.created_at.as_micros())
    .bind(pending.expires_at.as_micros())
    .execute(connection)
    .await
    .map(drop)
}

pub(crate) async fn by_token(
    connection: &mut Connection,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<PendingEmail>, sqlx::Error> {
    let row = query(
        "select user_id, email, session_id, created_at, expires_at from pending_emails
         where token_hash = $1 and expires_at > $2",
    )
    .bind(token.as_bytes())
    .bind(now.as_micros())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(from_row).transpose()
}

pub(crate) async fn of_user(
    connection: &mut Connection,
    user_id: UserId,
    now: Timestamp,
) -> Result<Option<PendingEmail>, sqlx::Error> {
    let row = query(
        "select user_id, email, session_id, created_at, expires_at from pending_emails
         where user_id = $1 and expires_at > $2",
    )
    .bind(user_id.as_i64())
    .bind(now.as_micros())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(from_row).transpose()
}

/// Consumes the token. `None` if another request was faster or another address was requested
/// since.
pub(crate) async fn consume(
    connection: &mut Connection,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<PendingEmail>, sqlx::Error> {
    let row = query(
        "delete from pending_emails where token_hash = $1 and expires_at > $2
         returning user_id, email, session_id, created_at, expires_at",
    )
    .bind(token.as_bytes())
    .bind(now.as_micros())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(from_row).transpose()
}

pub(crate) async fn delete(
    connection: &mut Connection,
    user_id: UserId,
) -> Result<(), sqlx::Error> {
    query("delete from pending_emails where user_id = $1")
        .bind(user_id.as_i64())
        .execute(connection)
        .await
        .map(drop)
}

/// Ends requests made in other sessions; the one of a registration stays. Otherwise an attacker
/// whose session is ended could still get their own address confirmed later.
pub(crate) async fn end_asked_elsewhere(
    connection: &mut Connection,
    user_id: UserId,
    kept: Option<SessionId>,
) -> Result<(), sqlx::Error> {
    query(
        "delete from pending_emails
         where user_id = $1 and session_id is not null and session_id <> $2",
    )
    .bind(user_id.as_i64())
    // No session has this ID.
    .bind(kept.map_or(0, SessionId::as_i64))
    .execute(connection)
    .await
    .map(drop)
}

pub(crate) async fn forget(
    connection: &mut Connection,
    before: Timestamp,
) -> Result<(), sqlx::Error> {
    query("delete from pending_emails where expires_at <= $1")
        .bind(before.as_micros())
        .execute(connection)
        .await
        .map(drop)
}

fn from_row(row: &Row) -> Result<PendingEmail, sqlx::Error> {
    let email: String = row.column("email")?;
    let session_id: Option<i64> = row.column("session_id")?;
    Ok(PendingEmail {
        user_id: UserId::from_i64(row.column("user_id")?),
        email: email
            .parse()
            .map_err(|_| unknown("email", "that is no address"))?,
        session_id: session_id.map(SessionId::from_i64),
        created_at: Timestamp::from_micros(row.column("created_at")?),
        expires_at: Timestamp::from_micros(row.column("expires_at")?),
    })
}

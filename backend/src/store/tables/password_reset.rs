use domain::{Timestamp, UserId};

use crate::crypto::secrets::{TokenHash, random_id};
use crate::error::Failure;
use crate::store::sql::connection::{Connection, query, scalar};

/// Stores a link. `user_id` is `None` for decoys, which do the same work for unknown accounts.
pub(crate) async fn insert(
    connection: &mut Connection,
    token: &TokenHash,
    user_id: Option<UserId>,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Failure> {
    query(
        "insert into password_resets (id, token_hash, user_id, created_at, expires_at)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(random_id()?)
    .bind(token.as_bytes())
    .bind(user_id.map(UserId::as_i64))
    .bind(now.as_micros())
    .bind(expires_at.as_micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// The account of a link that is still valid.
pub(crate) async fn find_live(
    connection: &mut Connection,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<UserId>, sqlx::Error> {
    let found: Option<i64> = scalar(
        "select user_id from password_resets
         where token_hash = $1 and user_id is not null and used_at is null and expires_at > $2",
    )
    .bind(token.as_bytes())
    .bind(now.as_micros())
    .fetch_optional(connection)
    .await?;
    Ok(found.map(UserId::from_i64))
}

/// Consumes a link. Returns `false` if another request was faster.
pub(crate) async fn consume(
    connection: &mut Connection,
    token: &TokenHash,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let consumed = query(
        "update password_resets set used_at = $2
         where token_hash = $1 and used_at is null and expires_at > $2",
    )
    .bind(token.as_bytes())
    .bind(now.as_micros())
    .execute(connection)
    .await?;
    Ok(consumed == 1)
}

/// Ends all links of a person.
pub(crate) async fn end_all_of(
    connection: &mut Connection,
    user_id: UserId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query("update password_resets set used_at = $2 where user_id = $1 and used_at is null")
        .bind(user_id.as_i64())
        .bind(now.as_micros())
        .execute(connection)
        .await
        .map(drop)
}

/// Deletes links that expired before a moment.
pub(crate) async fn forget(
    connection: &mut Connection,
    before: Timestamp,
) -> Result<(), sqlx::Error> {
    query("delete from password_resets where expires_at < $1")
        .bind(before.as_micros())
        .execute(connection)
        .await
        .map(drop)
}

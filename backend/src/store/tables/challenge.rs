use domain::{LoginMethod, Timestamp, UserId};

use crate::crypto::secrets::{TokenHash, random_id};
use crate::error::Failure;
use crate::store::sql::connection::{Connection, query};
use crate::store::sql::value::Columns;
use crate::store::tables::user::unknown;

/// A login with a successful first step, to be stored.
pub(crate) struct Challenge {
    pub user_id: UserId,
    pub method: LoginMethod,
    pub login_code_id: Option<i64>,
}

/// A login that waits for its second factor.
pub(crate) struct PendingChallenge {
    pub id: i64,
    pub user_id: UserId,
    pub method: LoginMethod,
    pub login_code_id: Option<i64>,
}

pub(crate) async fn insert(
    connection: &mut Connection,
    token: &TokenHash,
    challenge: &Challenge,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Failure> {
    query(
        "insert into challenges
            (id, token_hash, user_id, method, login_code_id, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(random_id()?)
    .bind(token.as_bytes())
    .bind(challenge.user_id.as_i64())
    .bind(challenge.method.as_str())
    .bind(challenge.login_code_id)
    .bind(now.as_micros())
    .bind(expires_at.as_micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// The pending login of this token.
pub(crate) async fn find(
    connection: &mut Connection,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<PendingChallenge>, sqlx::Error> {
    let row = query(
        "select id, user_id, method, login_code_id from challenges
         where token_hash = $1 and used_at is null and expires_at > $2",
    )
    .bind(token.as_bytes())
    .bind(now.as_micros())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let method: String = row.column("method")?;
        Ok(PendingChallenge {
            id: row.column("id")?,
            user_id: UserId::from_i64(row.column("user_id")?),
            method: LoginMethod::parse(&method).ok_or_else(|| unknown("method", method))?,
            login_code_id: row.column("login_code_id")?,
        })
    })
    .transpose()
}

/// Consumes the challenge. Returns `false` if another request was faster.
pub(crate) async fn consume(
    connection: &mut Connection,
    token: &TokenHash,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let consumed = query(
        "update challenges set used_at = $2
         where token_hash = $1 and used_at is null and expires_at > $2",
    )
    .bind(token.as_bytes())
    .bind(now.as_micros())
    .execute(connection)
    .await?;
    Ok(consumed == 1)
}

/// Ends all pending logins of a person.
pub(crate) async fn end_all_of(
    connection: &mut Connection,
    user_id: UserId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query("update challenges set used_at = $2 where user_id = $1 and used_at is null")
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
    query("delete from challenges where expires_at < $1")
        .bind(before.as_micros())
        .execute(connection)
        .await
        .map(drop)
}

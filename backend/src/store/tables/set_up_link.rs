use domain::Timestamp;

use crate::crypto::secrets::{TokenHash, random_id};
use crate::error::Failure;
use crate::store::sql::connection::{Connection, query};
use crate::store::sql::value::Columns;

/// A link for making an owner's account; without a name it is the first owner's.
pub(crate) struct NewLink<'a> {
    pub token: &'a TokenHash,
    pub username: Option<&'a str>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

pub(crate) async fn insert(connection: &mut Connection, link: &NewLink<'_>) -> Result<(), Failure> {
    query(
        "insert into set_up_links (id, token_hash, username, created_at, expires_at)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(random_id()?)
    .bind(link.token.as_bytes())
    .bind(link.username)
    .bind(link.created_at.as_micros())
    .bind(link.expires_at.as_micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// What a link that still works is for.
pub(crate) struct LiveLink {
    pub username: Option<String>,
}

pub(crate) async fn find_live(
    connection: &mut Connection,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<LiveLink>, sqlx::Error> {
    let row = query(
        "select username from set_up_links
         where token_hash = $1 and used_at is null and expires_at > $2",
    )
    .bind(token.as_bytes())
    .bind(now.as_micros())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(LiveLink {
            username: row.column("username")?,
        })
    })
    .transpose()
}

/// Uses the link up; none if somebody was faster or it ran out.
pub(crate) async fn consume(
    connection: &mut Connection,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<LiveLink>, sqlx::Error> {
    let row = query(
        "update set_up_links set used_at = $2
         where token_hash = $1 and used_at is null and expires_at > $2
         returning username",
    )
    .bind(token.as_bytes())
    .bind(now.as_micros())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(LiveLink {
            username: row.column("username")?,
        })
    })
    .transpose()
}

/// Forgets the links for the first owner: at a new start, and once there is one.
pub(crate) async fn delete_unnamed(connection: &mut Connection) -> Result<(), sqlx::Error> {
    query("delete from set_up_links where username is null")
        .execute(connection)
        .await
        .map(drop)
}

use domain::Timestamp;

use crate::crypto::secrets::{TokenHash, random_id};
use crate::error::Failure;
use crate::store::sql::connection::{Connection, query};
use crate::store::sql::value::Columns;

/// A link to create an Owner's account. Without a name it is for the first Owner.
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

/// What a valid link is for.
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

/// Consumes the link. `None` if another request was faster or the link has expired.
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

/// Deletes the links for the first Owner: at each start, and once there is an Owner.
pub(crate) async fn delete_unnamed(connection: &mut Connection) -> Result<(), sqlx::Error> {
    query("delete from set_up_links where username is null")
        .execute(connection)
        .await
        .map(drop)
}

//! Names and profiles of people, and who may see whom.

use domain::{Bio, DisplayName, Links, Timestamp, User, UserId, Username};
use serde_json::json;

use crate::pagination::Slice;
use crate::store::sql::connection::{Connection, Row, query};
use crate::store::sql::value::Columns;
use crate::store::tables::user::{self, unknown, user_columns};

/// A person's profile texts and picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    pub bio: Option<String>,
    pub links: Vec<String>,
    pub avatar_url: Option<String>,
}

/// The query for people with their profiles: the columns that `from_row` reads, and their tables.
/// The picture is that of the chosen platform; without a choice, the first there is, as in
/// `LinkedPlatform::avatar_of`.
macro_rules! select_people {
    ($rest:literal) => {
        concat!(
            "select ",
            user_columns!(),
            ", bio, links,
               case when exists (
                   select 1 from identities c where c.user_id = u.id and c.platform = u.avatar_source
               ) then (
                   select c.avatar_url from identities c
                   where c.user_id = u.id and c.platform = u.avatar_source
               ) else (
                   select i.avatar_url from identities i
                   where i.user_id = u.id and i.avatar_url is not null
                   order by i.linked_at, i.platform limit 1
               ) end as avatar_url ",
            $rest
        )
    };
}

pub(crate) async fn by_id(
    connection: &mut Connection,
    id: UserId,
) -> Result<Option<(User, Profile)>, sqlx::Error> {
    let row = query(select_people!("from users u where u.id = $1"))
        .bind(id.as_i64())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(from_row).transpose()
}

pub(crate) async fn by_name(
    connection: &mut Connection,
    username: &Username,
) -> Result<Option<(User, Profile)>, sqlx::Error> {
    let row = query(select_people!("from users u where u.username_key = $1"))
        .bind(username.key())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(from_row).transpose()
}

/// The people whose username or display name starts with a prefix, ordered by the matching name.
/// A person with two matching names is listed once, under the username. Banned people are found
/// only if they are below a level.
///
/// The index on (search, `user_id`) is scanned in order up to the end of the page, so the cost
/// doesn't grow with the number of matches.
pub(crate) async fn search(
    connection: &mut Connection,
    prefix: &[u8],
    banned_below: i64,
    slice: Slice,
    now: Timestamp,
) -> Result<Vec<(User, Profile)>, sqlx::Error> {
    query(select_people!(
        "from names n join users u on u.id = n.user_id
         where n.search >= $1 and n.search < $2
               and (n.kind = 'username' or not exists (
                   select 1 from names o where o.user_id = n.user_id and o.kind = 'username'
                                               and o.search >= $1 and o.search < $2))
               and (u.state <> 2 or u.state_until <= $3 or u.permission_level < $4)
         order by n.search, n.user_id limit $5 offset $6"
    ))
    .bind(prefix)
    .bind(after_all_that_begin_with(prefix))
    .bind(now.as_micros())
    .bind(banned_below)
    .bind(slice.limit() + 1)
    .bind(slice.offset())
    .fetch_all(connection)
    .await?
    .iter()
    .map(from_row)
    .collect()
}

/// The smallest byte string after all strings with this prefix. The prefix is UTF-8, so no byte
/// is 255.
fn after_all_that_begin_with(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    if let Some(last) = end.last_mut() {
        *last = last.saturating_add(1);
    }
    end
}

/// Changes a person's username. Without their own display name, the person is also shown under
/// the new username.
pub(crate) async fn set_username(
    connection: &mut Connection,
    id: UserId,
    username: &Username,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "update users set username = $2, username_key = $3, updated_at = $4,
                display = case when exists (
                    select 1 from names where user_id = $1 and kind = 'display'
                ) then display else $2 end
         where id = $1",
    )
    .bind(id.as_i64())
    .bind(username.as_str())
    .bind(username.key())
    .bind(now.as_micros())
    .execute(connection)
    .await
    .map(drop)
}

/// Sets a person's display name. `None` shows them under their username.
pub(crate) async fn set_display(
    connection: &mut Connection,
    id: UserId,
    display: Option<&DisplayName>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query("update users set display = coalesce($2, username), updated_at = $3 where id = $1")
        .bind(id.as_i64())
        .bind(display.map(DisplayName::as_str))
        .bind(now.as_micros())
        .execute(connection)
        .await
        .map(drop)
}

pub(crate) async fn set_bio(
    connection: &mut Connection,
    id: UserId,
    bio: Option<&Bio>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query("update users set bio = $2, updated_at = $3 where id = $1")
        .bind(id.as_i64())
        .bind(bio.map(Bio::as_str))
        .bind(now.as_micros())
        .execute(connection)
        .await
        .map(drop)
}

pub(crate) async fn set_links(
    connection: &mut Connection,
    id: UserId,
    links: &Links,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let list = (!links.as_slice().is_empty()).then(|| json!(links.as_slice()).to_string());
    query("update users set links = $2, updated_at = $3 where id = $1")
        .bind(id.as_i64())
        .bind(list)
        .bind(now.as_micros())
        .execute(connection)
        .await
        .map(drop)
}

/// Uses the picture of a linked platform as the avatar.
pub(crate) async fn set_avatar_source(
    connection: &mut Connection,
    id: UserId,
    platform: Option<&str>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query("update users set avatar_source = $2, updated_at = $3 where id = $1")
        .bind(id.as_i64())
        .bind(platform)
        .bind(now.as_micros())
        .execute(connection)
        .await
        .map(drop)
}

fn from_row(row: &Row) -> Result<(User, Profile), sqlx::Error> {
    let links: Option<String> = row.column("links")?;
    let links = links
        .map(|list| serde_json::from_str(&list).map_err(|_| unknown("links", "that is no list")));
    let profile = Profile {
        bio: row.column("bio")?,
        links: links.transpose()?.unwrap_or_default(),
        avatar_url: row.column("avatar_url")?,
    };
    Ok((user::from_row(row)?, profile))
}

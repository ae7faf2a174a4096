//! The index of names: search keys, and skeletons that detect confusable names.

use domain::UserId;

use crate::store::confusables::{folded, skeleton};
use crate::store::sql::connection::{Connection, query};
use crate::store::sql::value::Columns;

/// Which of a person's names it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameKind {
    Username,
    Display,
}

impl NameKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Display => "display",
        }
    }
}

/// Stores the skeleton and search key of a person's name, replacing the previous ones.
pub(crate) async fn put(
    connection: &mut Connection,
    user_id: UserId,
    kind: NameKind,
    name: &str,
) -> Result<(), sqlx::Error> {
    query(
        "insert into names (user_id, kind, skeleton, search) values ($1, $2, $3, $4)
         on conflict (user_id, kind) do update set skeleton = $3, search = $4",
    )
    .bind(user_id.as_i64())
    .bind(kind.as_str())
    .bind(skeleton(name))
    .bind(folded(name).into_bytes())
    .execute(connection)
    .await
    .map(drop)
}

/// Removes a person's display name from the index. The person is then shown under their username.
pub(crate) async fn remove_display(
    connection: &mut Connection,
    user_id: UserId,
) -> Result<(), sqlx::Error> {
    query("delete from names where user_id = $1 and kind = $2")
        .bind(user_id.as_i64())
        .bind(NameKind::Display.as_str())
        .execute(connection)
        .await
        .map(drop)
}

/// Whether the person chose a display name.
pub(crate) async fn has_display(
    connection: &mut Connection,
    user_id: UserId,
) -> Result<bool, sqlx::Error> {
    query("select user_id from names where user_id = $1 and kind = $2")
        .bind(user_id.as_i64())
        .bind(NameKind::Display.as_str())
        .fetch_optional(connection)
        .await
        .map(|row| row.is_some())
}

/// Whether another person has a name confusable with this one. The caller holds
/// `RowLock::PeoplesNames`, so two people can't take it at once.
pub(crate) async fn is_confusable(
    connection: &mut Connection,
    name: &str,
    but: UserId,
) -> Result<bool, sqlx::Error> {
    query("select user_id from names where skeleton = $1 and user_id <> $2 limit 1")
        .bind(skeleton(name))
        .bind(but.as_i64())
        .fetch_optional(connection)
        .await
        .map(|row| row.is_some())
}

/// A person's names, in the order of IDs.
pub(crate) struct Called {
    pub id: UserId,
    pub username: String,
    pub display: String,
}

/// The next `most` people after an ID.
pub(crate) async fn page_of_people(
    connection: &mut Connection,
    after: UserId,
    most: i64,
) -> Result<Vec<Called>, sqlx::Error> {
    query("select id, username, display from users where id > $1 order by id limit $2")
        .bind(after.as_i64())
        .bind(most)
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| {
            Ok(Called {
                id: UserId::from_i64(row.column("id")?),
                username: row.column("username")?,
                display: row.column("display")?,
            })
        })
        .collect()
}

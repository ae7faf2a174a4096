use std::cmp::Ordering;

use domain::{AvatarUrl, Identity, PermissionLevel, PlatformName, Timestamp, UserId};

use crate::crypto::secrets::random_id;
use crate::error::Failure;
use crate::store::confusables::folded;
use crate::store::sql::connection::{Connection, Row, query};
use crate::store::sql::database::Database;
use crate::store::sql::value::{Columns, FromRow};
use crate::store::tables::user::unknown;

/// What a platform says about an identity. Every bot call refreshes it.
#[derive(Clone, Copy)]
pub(crate) struct Appearance<'a> {
    pub name: &'a PlatformName,
    pub avatar: Option<&'a AvatarUrl>,
}

/// The account linked to an identity, as far as login codes are concerned.
pub(crate) struct Holder {
    pub identity_id: i64,
    pub user_id: UserId,
    pub level: PermissionLevel,
}

pub(crate) async fn holder(
    connection: &mut Connection,
    identity: &Identity,
) -> Result<Option<Holder>, sqlx::Error> {
    let row = query(
        "select i.id as identity_id, u.id, u.permission_level from identities i join users u on u.id = i.user_id
         where i.platform = $1 and i.platform_user_id = $2",
    )
    .bind(identity.platform.as_str())
    .bind(identity.user_id.as_str())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(holder_from).transpose()
}

/// The same by the ID of the identity.
pub(crate) async fn holder_by_id(
    connection: &mut Connection,
    identity_id: i64,
) -> Result<Option<Holder>, sqlx::Error> {
    let row = query(
        "select i.id as identity_id, u.id, u.permission_level
         from identities i join users u on u.id = i.user_id where i.id = $1",
    )
    .bind(identity_id)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(holder_from).transpose()
}

fn holder_from(row: &Row) -> Result<Holder, sqlx::Error> {
    let level: i64 = row.column("permission_level")?;
    Ok(Holder {
        identity_id: row.column("identity_id")?,
        user_id: UserId::from_i64(row.column("id")?),
        level: PermissionLevel::from_i64(level)
            .ok_or_else(|| unknown("permission_level", level))?,
    })
}

/// A returning person's ID on a platform: by username, or else by the name on the platform if
/// exactly one identity has it (docs/contract.md, Code routes).
pub(crate) async fn find_by_name(
    connection: &mut Connection,
    platform: &str,
    name: &str,
) -> Result<Option<String>, sqlx::Error> {
    let by_username = query(
        "select i.platform_user_id from identities i join users u on u.id = i.user_id
         where i.platform = $1 and u.username_key = $2",
    )
    .bind(platform)
    .bind(name.to_ascii_lowercase())
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(row) = by_username {
        return row.column("platform_user_id").map(Some);
    }
    let by_platform_name =
        query("select platform_user_id from identities where platform = $1 and name = $2 limit 2")
            .bind(platform)
            .bind(name)
            .fetch_all(connection)
            .await?;
    match by_platform_name.as_slice() {
        [only] => only.column("platform_user_id").map(Some),
        _ => Ok(None),
    }
}

/// Links an identity to a person and returns its ID. `None` if it is already linked, or if the
/// person has another identity of that platform.
pub(crate) async fn insert(
    connection: &mut Connection,
    identity: &Identity,
    user_id: UserId,
    now: Timestamp,
) -> Result<Option<i64>, Failure> {
    let id = random_id()?;
    let inserted = query(
        "insert into identities (id, platform, platform_user_id, user_id, linked_at)
         values ($1, $2, $3, $4, $5) on conflict do nothing",
    )
    .bind(id)
    .bind(identity.platform.as_str())
    .bind(identity.user_id.as_str())
    .bind(user_id.as_i64())
    .bind(now.as_micros())
    .execute(connection)
    .await?;
    Ok((inserted == 1).then_some(id))
}

/// Unlinks a person's identity of a platform. Returns its ID and the ID on the platform.
pub(crate) async fn remove(
    connection: &mut Connection,
    user_id: UserId,
    platform: &str,
) -> Result<Option<(i64, String)>, sqlx::Error> {
    let row = query(
        "delete from identities where user_id = $1 and platform = $2
         returning id, platform_user_id",
    )
    .bind(user_id.as_i64())
    .bind(platform)
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok((row.column("id")?, row.column("platform_user_id")?)))
        .transpose()
}

/// Updates what the platform says about a known identity.
pub(crate) async fn refresh(
    connection: &mut Connection,
    identity: &Identity,
    appearance: Appearance<'_>,
) -> Result<(), sqlx::Error> {
    query(
        "update identities set name = $3, avatar_url = $4, search = $5
         where platform = $1 and platform_user_id = $2",
    )
    .bind(identity.platform.as_str())
    .bind(identity.user_id.as_str())
    .bind(appearance.name.as_str())
    .bind(appearance.avatar.map(AvatarUrl::as_str))
    .bind(folded(appearance.name.as_str()).into_bytes())
    .execute(connection)
    .await
    .map(drop)
}

pub(crate) async fn record_login(
    connection: &mut Connection,
    identity: &Identity,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "update identities set last_authenticated_at = $3
         where platform = $1 and platform_user_id = $2",
    )
    .bind(identity.platform.as_str())
    .bind(identity.user_id.as_str())
    .bind(now.as_micros())
    .execute(connection)
    .await
    .map(drop)
}

/// A person's identity, as shown to that person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedPlatform {
    pub platform: String,
    pub platform_user_id: String,
    pub name: Option<String>,
    pub avatar_url: Option<String>,
    pub linked_at: Timestamp,
    pub last_authenticated_at: Option<Timestamp>,
    /// Whether the person uses its picture as their avatar.
    pub chosen: bool,
}

impl LinkedPlatform {
    /// The avatar of a person with these identities: the picture of the chosen platform, if it
    /// has one. Without a choice, the first picture there is.
    #[must_use]
    pub fn avatar_of(linked: &[Self]) -> Option<&str> {
        let shown = match Self::source_of(linked) {
            Some(chosen) => Some(chosen),
            None => linked.iter().find(|linked| linked.avatar_url.is_some()),
        };
        shown?.avatar_url.as_deref()
    }

    /// The identity whose picture the person chose.
    #[must_use]
    pub fn source_of(linked: &[Self]) -> Option<&Self> {
        linked.iter().find(|linked| linked.chosen)
    }

    /// The display order.
    pub(crate) fn by_age(&self, other: &Self) -> Ordering {
        (self.linked_at, &self.platform).cmp(&(other.linked_at, &other.platform))
    }

    /// `None` if the row is of a person without linked platforms.
    pub(crate) fn maybe_from_row(row: &impl Columns) -> Result<Option<Self>, sqlx::Error> {
        let time = Timestamp::from_micros;
        let platform: Option<String> = row.column("platform")?;
        let Some(platform) = platform else {
            return Ok(None);
        };
        let platform_user_id = row.column("platform_user_id")?;
        let name = row.column("name")?;
        let avatar_url = row.column("avatar_url")?;
        let linked_at = row.column("linked_at").map(time)?;
        let last: Option<i64> = row.column("last_authenticated_at")?;
        let source: Option<String> = row.column("avatar_source")?;
        Ok(Some(Self {
            chosen: source.as_ref() == Some(&platform),
            platform,
            platform_user_id,
            name,
            avatar_url,
            linked_at,
            last_authenticated_at: last.map(time),
        }))
    }
}

/// The identities of a person, oldest first.
const OF_USER: &str = "select i.platform, i.platform_user_id, i.name, i.avatar_url, i.linked_at,
        i.last_authenticated_at, u.avatar_source
 from identities i join users u on u.id = i.user_id
 where i.user_id = $1 order by i.linked_at, i.platform";

/// All identities of a person, oldest first, as of the last commit.
pub(crate) async fn read_of_user(
    database: &Database,
    user_id: UserId,
) -> Result<Vec<LinkedPlatform>, sqlx::Error> {
    database
        .inline_read(OF_USER, &[user_id.as_i64().into()])
        .await
}

/// The same within a transaction.
pub(crate) async fn of_user(
    connection: &mut Connection,
    user_id: UserId,
) -> Result<Vec<LinkedPlatform>, sqlx::Error> {
    query(OF_USER)
        .bind(user_id.as_i64())
        .fetch_all(connection)
        .await?
        .iter()
        .map(LinkedPlatform::from_row)
        .collect()
}

impl FromRow for LinkedPlatform {
    fn from_row(row: &impl Columns) -> Result<Self, sqlx::Error> {
        Self::maybe_from_row(row)?.ok_or(sqlx::Error::RowNotFound)
    }
}

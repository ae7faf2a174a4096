use domain::{Timestamp, UserId};

use crate::crypto::secrets::random_id;
use crate::error::Failure;
use crate::store::sql::connection::{Connection, query, scalar};
use crate::store::sql::value::Columns;
use crate::store::tables::expiry::forget;

/// An audit event to be stored.
pub(crate) struct AuditRow<'a> {
    pub event_type: &'static str,
    pub actor: Option<UserId>,
    pub target: Option<UserId>,
    pub client_ip: Option<String>,
    /// A JSON object made only of Portal's own words.
    pub metadata: &'a str,
    pub created_at: Timestamp,
}

pub(crate) async fn insert(connection: &mut Connection, row: &AuditRow<'_>) -> Result<(), Failure> {
    query(
        "insert into audit_log (id, event_type, actor_id, target_id, client_ip, metadata, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(random_id()?)
    .bind(row.event_type)
    .bind(row.actor.map(UserId::as_i64))
    .bind(row.target.map(UserId::as_i64))
    .bind(&row.client_ip)
    .bind(row.metadata)
    .bind(row.created_at.as_micros())
    .execute(connection)
    .await?;
    Ok(())
}

forget!(forget, "audit_log", "created_at");

/// Which rows to return. `None` doesn't filter.
#[derive(Clone, Copy, Default)]
pub(crate) struct AuditFilter<'a> {
    pub event_type: Option<&'a str>,
    pub actor: Option<UserId>,
    pub target: Option<UserId>,
    /// Only events that Moderators may read.
    pub for_moderators: bool,
}

/// A position in the log. Rows are ordered by time, and by ID within the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AuditCursor {
    pub at: Timestamp,
    pub id: i64,
}

/// A stored audit event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    pub id: i64,
    pub event_type: String,
    pub actor: Option<UserId>,
    pub target: Option<UserId>,
    /// The current names, if the accounts still exist.
    pub actor_name: Option<String>,
    pub target_name: Option<String>,
    pub client_ip: Option<String>,
    /// A JSON object.
    pub metadata: String,
    pub created_at: Timestamp,
}

impl AuditRecord {
    pub(crate) const fn place(&self) -> AuditCursor {
        AuditCursor {
            at: self.created_at,
            id: self.id,
        }
    }
}

/// The columns of a row, as [`from_row`] reads them.
macro_rules! audit_columns {
    () => {
        "id, event_type, actor_id, target_id, client_ip, metadata, created_at,
         (select username from users where users.id = actor_id) as actor_name,
         (select username from users where users.id = target_id) as target_name"
    };
}

/// One statement for each kind of access, so each uses its index: a condition that may be empty
/// would read the whole log. Further filters are applied row by row.
macro_rules! newest {
    ($narrow:literal) => {
        concat!(
            "select ",
            audit_columns!(),
            " from audit_log
              where ",
            $narrow,
            " created_at <= $1 and (created_at < $1 or id < $2)
              and ($3 = '' or event_type = $3)
              and ($4 = 0 or actor_id = $4) and ($5 = 0 or target_id = $5)
              and ($6 = 0 or event_type = 'account.timed_out')
             order by created_at desc, id desc limit $7"
        )
    };
}

/// The newest rows before a position.
pub(crate) async fn before(
    connection: &mut Connection,
    filter: AuditFilter<'_>,
    place: AuditCursor,
    limit: i64,
) -> Result<Vec<AuditRecord>, sqlx::Error> {
    let text = match filter {
        AuditFilter {
            target: Some(_), ..
        } => newest!("target_id = $5 and"),
        AuditFilter { actor: Some(_), .. } => newest!("actor_id = $4 and"),
        AuditFilter {
            event_type: Some(_),
            ..
        } => newest!("event_type = $3 and"),
        _ => newest!(""),
    };
    query(text)
        .bind(place.at.as_micros())
        .bind(place.id)
        .bind(filter.event_type.unwrap_or_default())
        .bind(filter.actor.map_or(0, UserId::as_i64))
        .bind(filter.target.map_or(0, UserId::as_i64))
        .bind(i64::from(filter.for_moderators))
        .bind(limit)
        .fetch_all(connection)
        .await?
        .iter()
        .map(from_row)
        .collect()
}

/// The oldest rows after a position.
pub(crate) async fn after(
    connection: &mut Connection,
    place: AuditCursor,
    limit: i64,
) -> Result<Vec<AuditRecord>, sqlx::Error> {
    query(concat!(
        "select ",
        audit_columns!(),
        " from audit_log
         where created_at >= $1 and (created_at > $1 or id > $2)
         order by created_at, id limit $3"
    ))
    .bind(place.at.as_micros())
    .bind(place.id)
    .bind(limit)
    .fetch_all(connection)
    .await?
    .iter()
    .map(from_row)
    .collect()
}

/// The position of a row.
pub(crate) async fn place_of(
    connection: &mut Connection,
    id: i64,
) -> Result<Option<AuditCursor>, sqlx::Error> {
    let at: Option<i64> = scalar("select created_at from audit_log where id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    Ok(at.map(|at| AuditCursor {
        at: Timestamp::from_micros(at),
        id,
    }))
}

fn from_row(row: &impl Columns) -> Result<AuditRecord, sqlx::Error> {
    let actor: Option<i64> = row.column("actor_id")?;
    let target: Option<i64> = row.column("target_id")?;
    Ok(AuditRecord {
        id: row.column("id")?,
        event_type: row.column("event_type")?,
        actor: actor.map(UserId::from_i64),
        target: target.map(UserId::from_i64),
        actor_name: row.column("actor_name")?,
        target_name: row.column("target_name")?,
        client_ip: row.column("client_ip")?,
        metadata: row.column("metadata")?,
        created_at: Timestamp::from_micros(row.column("created_at")?),
    })
}

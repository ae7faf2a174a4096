use domain::{Identifier, PermissionLevel, ReadAuditError, Timestamp, UserId};

use crate::audit::event;
use crate::error::{Failure, Problem};
use crate::portal::Portal;
use crate::sessions::authenticate::Person;
use crate::store::sql::connection::Connection;
use crate::store::tables::audit_log::{self, AuditCursor, AuditFilter, AuditRecord};
use crate::store::tables::user;

/// Rows per batch of an export.
const EXPORT_BATCH_SIZE: i64 = 500;

/// Query for a page of the audit log, newest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct AuditQuery<'a> {
    pub event_type: Option<&'a str>,
    pub actor: Option<AuditPerson<'a>>,
    pub target: Option<AuditPerson<'a>>,
    /// ID of a row; only rows before it are returned.
    pub before: Option<i64>,
    /// Page size, 1–100.
    pub limit: usize,
}

/// Filter for the actor or the target of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditPerson<'a> {
    Id(UserId),
    /// Username or account ID, as typed.
    Named(&'a str),
}

/// A page of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPage {
    pub records: Vec<AuditRecord>,
    /// Value of [`before`](AuditQuery::before) for the next page, if there is one.
    pub next: Option<i64>,
}

/// Iterates over the whole audit log in batches, oldest first.
pub struct AuditExport<'a> {
    portal: &'a Portal,
    place: AuditCursor,
}

impl Portal {
    /// Returns all event types.
    #[must_use]
    pub const fn event_types() -> &'static [&'static str] {
        event::TYPES
    }

    /// Returns a page of the audit log.
    ///
    /// Moderators read only warnings and timeouts, without IP addresses (docs/contract.md, Audit
    /// log).
    ///
    /// # Errors
    /// See [`ReadAuditError`].
    pub async fn read_audit_log(
        &self,
        person: &Person,
        query: AuditQuery<'_>,
    ) -> Result<AuditPage, Problem<ReadAuditError>> {
        let refused = |error| Err(Problem::Refused(error));
        let gate = self.may_administer(person, PermissionLevel::Moderator);
        if gate.is_err() {
            return refused(ReadAuditError::NotModerator);
        }
        let for_moderators = !person.user.level.administers();
        if query
            .event_type
            .is_some_and(|event_type| !event::TYPES.contains(&event_type))
        {
            return refused(ReadAuditError::UnknownType);
        }
        let nothing = AuditPage {
            records: Vec::new(),
            next: None,
        };
        let mut connection = self.database.read().await?;
        let (Ok(actor), Ok(target)) = (
            find(&mut connection, query.actor).await?,
            find(&mut connection, query.target).await?,
        ) else {
            return Ok(nothing);
        };
        let filter = AuditFilter {
            event_type: query.event_type,
            actor,
            target,
            for_moderators,
        };
        let place = match query.before {
            Some(id) => match audit_log::place_of(&mut connection, id).await? {
                Some(place) => place,
                // Retention has deleted this row, and so all rows before it.
                None => return Ok(nothing),
            },
            None => AuditCursor {
                at: Timestamp::from_micros(i64::MAX),
                id: i64::MAX,
            },
        };
        let limit = query.limit.clamp(1, 100);
        // One more row shows whether there is a next page.
        let most = i64::try_from(limit + 1).unwrap_or(101);
        let mut records = audit_log::before(&mut connection, filter, place, most).await?;
        let more = records.len() > limit;
        records.truncate(limit);
        if for_moderators {
            for record in &mut records {
                record.client_ip = None;
            }
        }
        let next = records.last().filter(|_| more).map(|last| last.id);
        Ok(AuditPage { records, next })
    }

    /// Exports the whole audit log, for the command line.
    #[must_use]
    pub const fn export_audit_log(&self) -> AuditExport<'_> {
        AuditExport {
            portal: self,
            place: AuditCursor {
                at: Timestamp::from_micros(i64::MIN),
                id: i64::MIN,
            },
        }
    }
}

/// No account has the given name or ID.
struct Nobody;

async fn find(
    connection: &mut Connection,
    person: Option<AuditPerson<'_>>,
) -> Result<Result<Option<UserId>, Nobody>, Failure> {
    Ok(match person {
        None => Ok(None),
        // Deleted accounts keep their rows, so the ID isn't checked.
        Some(AuditPerson::Id(id)) => Ok(Some(id)),
        Some(AuditPerson::Named(typed)) => {
            let identifier = Identifier::new(typed);
            let found = user::find_password(connection, &identifier).await?;
            let found = found.map(|found| found.id).or(identifier.id());
            found.map(Some).ok_or(Nobody)
        }
    })
}

impl AuditExport<'_> {
    /// Returns the next batch, empty at the end.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn next(&mut self) -> Result<Vec<AuditRecord>, Failure> {
        let mut connection = self.portal.database.read().await?;
        let rows = audit_log::after(&mut connection, self.place, EXPORT_BATCH_SIZE).await?;
        if let Some(last) = rows.last() {
            self.place = last.place();
        }
        Ok(rows)
    }
}

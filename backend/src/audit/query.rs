use domain::{Identifier, PermissionLevel, ReadAuditError, Timestamp, UserId};

use crate::audit::event;
use crate::error::{Failure, Problem};
use crate::portal::Portal;
use crate::sessions::authenticate::Person;
use crate::store::sql::connection::Connection;
use crate::store::tables::audit_log::{self, AuditCursor, AuditFilter, AuditRecord};
use crate::store::tables::user;

/// How many rows an export holds at a time.
const EXPORT_BATCH_SIZE: i64 = 500;

/// Which rows of the audit log are wanted, newest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct AuditQuery<'a> {
    pub event_type: Option<&'a str>,
    pub actor: Option<AuditPerson<'a>>,
    pub target: Option<AuditPerson<'a>>,
    /// The number of a row: what stands before it in time.
    pub before: Option<i64>,
    /// 1–100.
    pub limit: usize,
}

/// Who acted, or whom it was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditPerson<'a> {
    Id(UserId),
    /// As typed: a username, or an account's number.
    Named(&'a str),
}

/// A page of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPage {
    pub records: Vec<AuditRecord>,
    /// What to ask for [`before`](AuditQuery::before) to get the page after, if there is one.
    pub next: Option<i64>,
}

/// The whole audit log, oldest first, a few rows at a time.
pub struct AuditExport<'a> {
    portal: &'a Portal,
    place: AuditCursor,
}

impl Portal {
    /// What events there are, as the log names them.
    #[must_use]
    pub const fn event_types() -> &'static [&'static str] {
        event::TYPES
    }

    /// A page of the audit log. Moderators read of warnings and timeouts alone, and not from
    /// which address they were given (docs/contract.md, Audit log).
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
                // Forgotten by now, and all that came before with it.
                None => return Ok(nothing),
            },
            None => AuditCursor {
                at: Timestamp::from_micros(i64::MAX),
                id: i64::MAX,
            },
        };
        let limit = query.limit.clamp(1, 100);
        // One more tells whether there is another page.
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

    /// The whole audit log, for the command line.
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

/// Nobody is who has no such name or number.
struct Nobody;

async fn find(
    connection: &mut Connection,
    person: Option<AuditPerson<'_>>,
) -> Result<Result<Option<UserId>, Nobody>, Failure> {
    Ok(match person {
        None => Ok(None),
        // Also of those who are gone.
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
    /// The next rows; none at the end.
    ///
    /// # Errors
    /// The database can't be asked.
    pub async fn next(&mut self) -> Result<Vec<AuditRecord>, Failure> {
        let mut connection = self.portal.database.read().await?;
        let rows = audit_log::after(&mut connection, self.place, EXPORT_BATCH_SIZE).await?;
        if let Some(last) = rows.last() {
            self.place = last.place();
        }
        Ok(rows)
    }
}

//! SQLite on the caller's thread. A statement takes microseconds as long as the system caches the
//! file. Only a commit waits for the disk, and it runs on a blocking thread instead of the
//! runtime's.
//!
//! sqlx links the same SQLite library, so the locks of both work with each other.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{cell, fmt};

use rusqlite::types::{FromSql, FromSqlError, ToSql, ToSqlOutput, Value as Owned, ValueRef};
use rusqlite::{CachedStatement, OpenFlags, ffi};
use sqlx::error::{DatabaseError, ErrorKind};

use crate::store::sql::value::{Cell, Columns, FromRow, Parameter, Value};

/// The page cache of a connection, valid as long as no other connection writes. It only grows
/// with the database. The indices of some 100,000 sessions fit, so a session check reads little
/// besides its own rows.
const CACHE_KIB: i64 = 16 * 1024;

/// How many pages the WAL collects before a checkpoint writes them to the database file, at the
/// expense of one committer. Pages that changed often are then written once. The WAL index finds
/// this many pages in one step.
const CHECKPOINT_PAGES: i64 = 4000;

/// How many prepared statements are cached: more than there are.
const MAX_PREPARED: usize = 512;

/// A connection to the file.
pub(crate) struct EmbeddedConnection(rusqlite::Connection);

impl EmbeddedConnection {
    /// A read-only connection that never waits for a lock.
    pub(super) fn reader(file: &Path) -> Result<Self, sqlx::Error> {
        let connection = Self::open(file)?;
        connection.set("query_only", true)?;
        connection.wait_for_locks(Duration::ZERO)?;
        Ok(connection)
    }

    /// A writing connection. `synchronous` decides what its commits wait for. It never waits for
    /// a lock either; callers retry.
    pub(super) fn writer(file: &Path, synchronous: &str) -> Result<Self, sqlx::Error> {
        let connection = Self::open(file)?;
        connection.set("synchronous", synchronous)?;
        connection.set("foreign_keys", true)?;
        connection.set("wal_autocheckpoint", CHECKPOINT_PAGES)?;
        // Savepoints keep their rollback data in memory: each writer of a group has one, and most
        // would need a file.
        connection.set("temp_store", "memory")?;
        connection.wait_for_locks(Duration::ZERO)?;
        Ok(connection)
    }

    fn open(file: &Path) -> Result<Self, sqlx::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = rusqlite::Connection::open_with_flags(file, flags).map_err(of_sqlite)?;
        connection.set_prepared_statement_cache_capacity(MAX_PREPARED);
        let connection = Self(connection);
        connection.set("cache_size", -CACHE_KIB)?;
        Ok(connection)
    }

    fn set(&self, name: &str, value: impl ToSql) -> Result<(), sqlx::Error> {
        self.0.pragma_update(None, name, value).map_err(of_sqlite)
    }

    /// How long a statement, and its thread, waits for another process that writes.
    fn wait_for_locks(&self, time: Duration) -> Result<(), sqlx::Error> {
        self.0.busy_timeout(time).map_err(of_sqlite)
    }

    /// Executes a statement and returns the number of rows written.
    pub(super) fn execute(
        &self,
        text: &'static str,
        values: &[Parameter<'_>],
    ) -> Result<u64, sqlx::Error> {
        let mut statement = self.prepare(text, values)?;
        let mut rows = statement.raw_query();
        while rows.next().map_err(of_sqlite)?.is_some() {}
        Ok(self.0.changes())
    }

    /// The first rows of a statement, at most `most`.
    pub(super) fn fetch(
        &self,
        text: &'static str,
        values: &[Parameter<'_>],
        most: usize,
    ) -> Result<Vec<EmbeddedRow>, sqlx::Error> {
        let mut statement = self.prepare(text, values)?;
        let names: Arc<[String]> = statement
            .column_names()
            .into_iter()
            .map(str::to_owned)
            .collect();
        let mut rows = statement.raw_query();
        let mut read = Vec::new();
        while read.len() < most
            && let Some(row) = rows.next().map_err(of_sqlite)?
        {
            let values = (0..names.len())
                .map(|at| row.get(at))
                .collect::<Result<_, _>>();
            read.push(EmbeddedRow {
                names: names.clone(),
                values: values.map_err(of_sqlite)?,
                next: AtomicUsize::new(0),
            });
        }
        Ok(read)
    }

    /// Converts all rows of a statement in place. The outer error comes from the database, the
    /// inner one from the conversion.
    pub(super) fn read<T: FromRow>(
        &self,
        text: &'static str,
        values: &[Parameter<'_>],
    ) -> Result<Result<Vec<T>, sqlx::Error>, sqlx::Error> {
        let mut statement = self.prepare(text, values)?;
        let mut rows = statement.raw_query();
        let mut read = Vec::new();
        while let Some(row) = rows.next().map_err(of_sqlite)? {
            match T::from_row(&InPlace::new(row)) {
                Ok(one) => read.push(one),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(read))
    }

    fn prepare(
        &self,
        text: &'static str,
        values: &[Parameter<'_>],
    ) -> Result<CachedStatement<'_>, sqlx::Error> {
        let mut statement = self.0.prepare_cached(text).map_err(of_sqlite)?;
        for at in 1..=statement.parameter_count() {
            // SQLite treats `$2` as a name and numbers names in order of appearance.
            let number = statement
                .parameter_name(at)
                .and_then(|name| name[1..].parse().ok());
            let value = values.get(number.unwrap_or(at) - 1).ok_or_else(|| {
                sqlx::Error::InvalidArgument(format!("no value for parameter {at} of: {text}"))
            })?;
            statement.raw_bind_parameter(at, value).map_err(of_sqlite)?;
        }
        Ok(statement)
    }
}

impl ToSql for Parameter<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Number(number) => number.map(ValueRef::Integer),
            Self::Text(text) => text.as_ref().map(|text| ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => bytes.as_ref().map(|bytes| ValueRef::Blob(bytes)),
        };
        Ok(ToSqlOutput::Borrowed(value.unwrap_or(ValueRef::Null)))
    }
}

/// A row, copied out of the statement.
pub(crate) struct EmbeddedRow {
    names: Arc<[String]>,
    values: Vec<Owned>,
    /// The index after the column read last. Only a hint if two readers use it at once.
    next: AtomicUsize,
}

impl EmbeddedRow {
    pub(super) fn at<T: FromSql>(&self, at: usize) -> Result<T, sqlx::Error> {
        let Some(value) = self.values.get(at) else {
            return Err(sqlx::Error::ColumnIndexOutOfBounds {
                index: at,
                len: self.values.len(),
            });
        };
        T::column_result(value.into()).map_err(|error| undecoded(&self.names[at], error))
    }

    pub(super) fn cells(&self) -> Vec<(String, Cell)> {
        let cell = |value: &Owned| match value {
            Owned::Null => Cell::Nothing,
            Owned::Integer(number) => Cell::Number(*number),
            Owned::Text(text) => Cell::Text(text.clone()),
            Owned::Real(_) | Owned::Blob(_) => Cell::Bytes,
        };
        let names = self.names.iter().cloned();
        names.zip(self.values.iter().map(cell)).collect()
    }
}

impl Columns for EmbeddedRow {
    fn column<T: Value>(&self, name: &str) -> Result<T, sqlx::Error> {
        let at = find(
            name,
            self.next.load(Ordering::Relaxed),
            self.names.len(),
            |at| &self.names[at],
        )?;
        self.next.store(at + 1, Ordering::Relaxed);
        self.at(at)
    }
}

/// The current row of a statement.
struct InPlace<'r> {
    row: &'r rusqlite::Row<'r>,
    next: cell::Cell<usize>,
}

impl<'r> InPlace<'r> {
    const fn new(row: &'r rusqlite::Row<'r>) -> Self {
        Self {
            row,
            next: cell::Cell::new(0),
        }
    }
}

impl Columns for InPlace<'_> {
    fn column<T: Value>(&self, name: &str) -> Result<T, sqlx::Error> {
        let statement = self.row.as_ref();
        let name_of = |at| statement.column_name(at).unwrap_or_default();
        let at = find(name, self.next.get(), statement.column_count(), name_of)?;
        self.next.set(at + 1);
        let value = self.row.get_ref(at).map_err(of_sqlite)?;
        T::column_result(value).map_err(|error| undecoded(name, error))
    }
}

/// The index of a column, searched from `first` on and then from the start.
fn find<'n>(
    name: &str,
    first: usize,
    all: usize,
    name_of: impl Fn(usize) -> &'n str,
) -> Result<usize, sqlx::Error> {
    (first..all)
        .chain(0..first)
        .find(|at| name_of(*at) == name)
        .ok_or_else(|| sqlx::Error::ColumnNotFound(name.to_owned()))
}

fn undecoded(name: &str, error: FromSqlError) -> sqlx::Error {
    sqlx::Error::ColumnDecode {
        index: name.to_owned(),
        source: error.into(),
    }
}

/// Converts an SQLite error to the form that sqlx has. Errors of the driver itself mean that it
/// was used wrongly.
fn of_sqlite(error: rusqlite::Error) -> sqlx::Error {
    match error {
        rusqlite::Error::SqliteFailure(cause, message) => {
            let message = message.unwrap_or_else(|| cause.to_string());
            sqlx::Error::Database(Box::new(SqliteFailure {
                code: cause.extended_code,
                message,
            }))
        }
        error => sqlx::Error::InvalidArgument(error.to_string()),
    }
}

/// Whether another connection holds the database lock.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error)
        if error.try_downcast_ref::<SqliteFailure>().is_some_and(|failure| failure.code & 0xff == ffi::SQLITE_BUSY))
}

#[derive(Debug)]
struct SqliteFailure {
    /// SQLite's extended result code.
    code: i32,
    message: String,
}

impl fmt::Display for SqliteFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(code: {}) {}", self.code, self.message)
    }
}

impl StdError for SqliteFailure {}

impl DatabaseError for SqliteFailure {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
        self
    }

    /// Unused: constraints that may be violated are handled in the statements (`on conflict`).
    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

/// What a commit waits for. In WAL mode, `normal` could lose committed transactions in a power
/// cut. The single writer has one setting for all transactions (security A23).
pub(super) fn synchronous() -> &'static str {
    #[cfg(feature = "testing")]
    if crate::store::sql::fail_point::waits_for_no_disk() {
        return "normal";
    }
    "full"
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::error::Failure;

    fn writer(folder: &TempDir) -> EmbeddedConnection {
        let file = folder.path().join("test.db");
        let made = rusqlite::Connection::open(&file).unwrap();
        made.execute_batch(
            "create table facts (n bigint primary key not null, note text, hash bytea);
             create table others (n bigint not null references facts (n));",
        )
        .unwrap();
        EmbeddedConnection::writer(&file, "full").unwrap()
    }

    #[test]
    fn values_find_their_parameters_by_number() {
        let folder = TempDir::new().unwrap();
        let connection = writer(&folder);
        let question = "select $2 as b, $1 as a, $2 as again";
        let values = [Parameter::from(1), "two".into()];
        let row = connection.fetch(question, &values, 1).unwrap().remove(0);
        // In any order.
        assert_eq!(row.column::<i64>("a").unwrap(), 1);
        assert_eq!(row.column::<String>("b").unwrap(), "two");
        assert_eq!(row.column::<String>("again").unwrap(), "two");
        assert!(matches!(
            row.column::<i64>("c"),
            Err(sqlx::Error::ColumnNotFound(_))
        ));
        assert!(matches!(
            row.column::<i64>("b"),
            Err(sqlx::Error::ColumnDecode { .. })
        ));
        // A missing value is a bug, never null.
        assert!(connection.fetch(question, &values[..1], 1).is_err());
    }

    #[test]
    fn it_is_told_how_many_rows_were_written() {
        let folder = TempDir::new().unwrap();
        let connection = writer(&folder);
        let insert = "insert into facts (n, note, hash) values ($1, $2, $3) on conflict do nothing";
        let values = |n: i64| [n.into(), None::<&str>.into(), Some(&[0_u8, 255][..]).into()];
        assert_eq!(connection.execute(insert, &values(1)).unwrap(), 1);
        assert_eq!(connection.execute(insert, &values(2)).unwrap(), 1);
        assert_eq!(connection.execute(insert, &values(2)).unwrap(), 0);
        let update = "update facts set note = $1 where n > $2";
        assert_eq!(
            connection.execute(update, &["a".into(), 0.into()]).unwrap(),
            2
        );
        assert_eq!(
            connection.execute(update, &["b".into(), 9.into()]).unwrap(),
            0
        );
        let rows = connection
            .fetch("select note, hash from facts order by n", &[], 9)
            .unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(
            rows[0].column::<Option<String>>("note").unwrap().as_deref(),
            Some("a")
        );
        assert_eq!(rows[0].column::<Vec<u8>>("hash").unwrap(), [0, 255]);
        assert_eq!(
            connection
                .fetch("select n from facts", &[], 1)
                .unwrap()
                .len(),
            1
        );
    }

    #[test]
    fn a_broken_rule_is_ours_and_a_lock_the_worlds() {
        let folder = TempDir::new().unwrap();
        let connection = writer(&folder);
        for broken in [
            "insert into facts (n) values (null)",
            "insert into others (n) values (7)",
        ] {
            let error = connection.execute(broken, &[]).unwrap_err();
            assert!(
                matches!(Failure::from(error), Failure::Internal(_)),
                "{broken}"
            );
        }
        let other = rusqlite::Connection::open(folder.path().join("test.db")).unwrap();
        other.execute_batch("begin immediate").unwrap();
        connection.wait_for_locks(Duration::ZERO).unwrap();
        let error = connection.execute("begin immediate", &[]).unwrap_err();
        assert!(is_busy(&error), "{error:?}");
        assert!(matches!(Failure::from(error), Failure::Unavailable(_)));
    }
}

//! The questions that come with nearly every request: one reading statement each, outside of any
//! transaction.
//!
//! Through sqlx an embedded database answers from threads of its own, and being handed over to them
//! and back costs several times what SQLite itself needs for a few rows. So
//! these few questions are answered on the thread that asks, by a connection that nobody else has
//! meanwhile. Each reads the database anew, as the last commit left it: nothing is remembered.
//!
//! Both drivers are linked with the one SQLite that there is, so its locks hold between them.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::types::{FromSql, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, Row};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, Decode, Row as _, Type};

/// What a connection keeps of the file, as long as nobody writes; it takes so much only of a
/// database that is as large. The indices of some 100,000 sessions fit, so that a session check
/// reads little but its own rows.
const CACHE_KIB: i64 = 16 * 1024;

/// What a question is about.
#[derive(Clone, Copy)]
pub(crate) enum Parameter<'a> {
    Number(i64),
    Bytes(&'a [u8]),
}

/// What a row is turned into, by whichever driver it was read.
pub(crate) trait FromRow: Sized {
    fn from_row(row: &impl Columns) -> Result<Self, sqlx::Error>;
}

/// A row of either driver. Quickest where columns are read in the order of the query.
pub(crate) trait Columns {
    fn column<T: Value>(&self, name: &str) -> Result<T, sqlx::Error>;
}

/// A type that both drivers read.
pub(crate) trait Value: for<'r> Decode<'r, Any> + Type<Any> + FromSql {}

impl<T: for<'r> Decode<'r, Any> + Type<Any> + FromSql> Value for T {}

impl Columns for AnyRow {
    fn column<T: Value>(&self, name: &str) -> Result<T, sqlx::Error> {
        self.try_get(name)
    }
}

/// Answers questions to an embedded database where they are asked. A read takes microseconds as
/// long as the system has the file in memory, and the time of the disk else.
pub(super) struct DirectReader {
    file: PathBuf,
    /// Connections that nobody uses; none once it is closed. There are never more than threads.
    idle: Mutex<Option<Vec<Connection>>>,
}

impl DirectReader {
    pub(super) fn new(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            idle: Mutex::new(Some(Vec::new())),
        }
    }

    /// The rows, or none where the ordinary way has to find out what is wrong, or has to wait:
    /// here nobody waits.
    pub(super) fn ask<T: FromRow>(
        &self,
        query: &'static str,
        parameters: &[Parameter<'_>],
    ) -> Option<Result<Vec<T>, sqlx::Error>> {
        let idle = self.lock().as_mut()?.pop();
        let asked = idle
            .map_or_else(|| self.connect(), Ok)
            .and_then(|connection| {
                let rows = read(&connection, query, parameters)?;
                Ok((connection, rows))
            });
        match asked {
            Ok((connection, rows)) => {
                if let Some(idle) = self.lock().as_mut() {
                    idle.push(connection);
                }
                Some(rows)
            }
            Err(error) => {
                tracing::debug!(%error, "a question is asked the long way");
                None
            }
        }
    }

    pub(super) fn close(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Vec<Connection>>> {
        // Whoever panicked left the list as it was.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connect(&self) -> Result<Connection, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        connection.busy_timeout(std::time::Duration::ZERO)?;
        Ok(connection)
    }
}

/// The outer error is of the database, the inner one of what stands in it.
fn read<T: FromRow>(
    connection: &Connection,
    query: &'static str,
    parameters: &[Parameter<'_>],
) -> Result<Result<Vec<T>, sqlx::Error>, rusqlite::Error> {
    let mut statement = connection.prepare_cached(query)?;
    let mut rows = statement.query(rusqlite::params_from_iter(parameters))?;
    let mut read = Vec::new();
    while let Some(row) = rows.next()? {
        match T::from_row(&InOrder::new(row)) {
            Ok(one) => read.push(one),
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Ok(read))
}

/// A row that looks for a column first behind the last one that was read.
struct InOrder<'r> {
    row: &'r Row<'r>,
    next: std::cell::Cell<usize>,
}

impl<'r> InOrder<'r> {
    const fn new(row: &'r Row<'r>) -> Self {
        Self {
            row,
            next: std::cell::Cell::new(0),
        }
    }
}

impl Columns for InOrder<'_> {
    fn column<T: Value>(&self, name: &str) -> Result<T, sqlx::Error> {
        let statement = self.row.as_ref();
        let (first, all) = (self.next.get(), statement.column_count());
        let at = (first..all)
            .chain(0..first)
            .find(|at| statement.column_name(*at).is_ok_and(|found| found == name))
            .ok_or_else(|| sqlx::Error::ColumnNotFound(name.to_owned()))?;
        self.next.set(at + 1);
        self.row.get(at).map_err(|error| sqlx::Error::ColumnDecode {
            index: name.to_owned(),
            source: error.into(),
        })
    }
}

impl Parameter<'_> {
    pub(super) fn bind<'q>(
        query: Query<'q, Any, AnyArguments>,
        parameter: &Self,
    ) -> Query<'q, Any, AnyArguments> {
        match parameter {
            Self::Number(number) => query.bind(*number),
            Self::Bytes(bytes) => query.bind(bytes.to_vec()),
        }
    }
}

impl ToSql for Parameter<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Number(number) => ValueRef::Integer(*number),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::store::{Database, DatabaseUrl};

    struct Gate {
        key: String,
        n: i64,
    }

    impl FromRow for Gate {
        fn from_row(row: &impl Columns) -> Result<Self, sqlx::Error> {
            // Not the order of the query.
            let n = row.column("n")?;
            let key = row.column("key")?;
            Ok(Self { key, n })
        }
    }

    const ABOVE: &str = "select key, n from gate where n > $1 order by n";

    async fn database(folder: &TempDir) -> Database {
        let file = folder.path().join("portal.db");
        Database::open(&DatabaseUrl::Sqlite(file)).await.unwrap()
    }

    async fn write(database: &Database, statement: &'static str) {
        let mut transaction = database.begin().await.unwrap();
        sqlx::query(statement)
            .execute(&mut *transaction)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }

    #[tokio::test]
    async fn an_answer_is_of_the_last_commit_and_of_nothing_before_it() {
        let folder = TempDir::new().unwrap();
        let database = database(&folder).await;
        let direct = DirectReader::new(&folder.path().join("portal.db"));
        for n in 1..=100 {
            write(&database, "insert into gate (key, n) values ('a', 1) on conflict (key) do update set n = gate.n + 1").await;
            // By both ways; the direct one must have been taken, or it is of no use.
            let asked: Vec<Gate> = database.ask(ABOVE, &[Parameter::Number(0)]).await.unwrap();
            let read = direct.ask::<Gate>(ABOVE, &[Parameter::Number(0)]);
            let read = read.expect("a direct answer").unwrap();
            assert_eq!((asked[0].n, read[0].n), (n, n));
            assert_eq!((asked.len(), read[0].key.as_str()), (1, "a"));
        }
        let mut transaction = database.begin().await.unwrap();
        sqlx::query("delete from gate")
            .execute(&mut *transaction)
            .await
            .unwrap();
        let asked: Vec<Gate> = database.ask(ABOVE, &[Parameter::Number(0)]).await.unwrap();
        assert_eq!(asked.len(), 1);
    }

    #[tokio::test]
    async fn a_question_writes_nothing() {
        let folder = TempDir::new().unwrap();
        let database = database(&folder).await;
        let question = "insert into gate (key, n) values ('b', $1) returning key, n";
        assert!(
            database
                .ask::<Gate>(question, &[Parameter::Number(1)])
                .await
                .is_err()
        );
        let all = database.ask::<Gate>(ABOVE, &[Parameter::Number(0)]);
        assert!(all.await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn what_is_closed_answers_nothing() {
        let folder = TempDir::new().unwrap();
        let database = database(&folder).await;
        let ask = || database.ask::<Gate>(ABOVE, &[Parameter::Number(0)]);
        assert!(ask().await.is_ok());
        database.close().await;
        assert!(matches!(ask().await, Err(sqlx::Error::PoolClosed)));
    }

    #[tokio::test]
    async fn a_value_that_no_rule_wrote_is_an_error_not_a_guess() {
        let folder = TempDir::new().unwrap();
        let database = database(&folder).await;
        write(&database, "insert into gate (key, n) values (x'00', 1)").await;
        let ask = database.ask::<Gate>(ABOVE, &[Parameter::Number(0)]);
        assert!(matches!(ask.await, Err(sqlx::Error::ColumnDecode { .. })));
    }
}

//! Queries that come with nearly every request: single reading statements outside of a
//! transaction.
//!
//! On an embedded database they run on the caller's thread ([`embedded`](super::embedded)), with
//! a connection that no other caller uses meanwhile. Each reads the state of the last commit;
//! nothing is cached.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::store::sql::connection::note;
use crate::store::sql::embedded::EmbeddedConnection;
use crate::store::sql::value::{FromRow, Parameter};

/// Runs queries of an embedded database on the caller's thread. A read takes microseconds if the
/// system caches the file, and otherwise as long as the disk needs.
pub(super) struct InlineReader {
    file: PathBuf,
    /// Idle connections, never more than threads. `None` once closed.
    idle: Mutex<Option<Vec<EmbeddedConnection>>>,
}

impl InlineReader {
    pub(super) fn new(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            idle: Mutex::new(Some(Vec::new())),
        }
    }

    /// The rows. `None` if the query fails or would have to wait: the pool then runs it again,
    /// since this thread must not wait.
    pub(super) fn ask<T: FromRow>(
        &self,
        query: &'static str,
        parameters: &[Parameter<'_>],
    ) -> Option<Result<Vec<T>, sqlx::Error>> {
        let idle = self.lock().as_mut()?.pop();
        let asked = idle
            .map_or_else(|| EmbeddedConnection::reader(&self.file), Ok)
            .and_then(|connection| {
                let rows = connection.read(query, parameters)?;
                Ok((connection, rows))
            });
        match asked {
            Ok((connection, rows)) => {
                if let Some(idle) = self.lock().as_mut() {
                    idle.push(connection);
                }
                note(query);
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

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Vec<EmbeddedConnection>>> {
        // A panic can't leave the list inconsistent.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::store::sql::connection::query;
    use crate::store::sql::database::Database;
    use crate::store::sql::database_url::DatabaseUrl;
    use crate::store::sql::value::Columns;

    struct Gate {
        key: String,
        n: i64,
    }

    impl FromRow for Gate {
        fn from_row(row: &impl Columns) -> Result<Self, sqlx::Error> {
            // Not in the order of the query.
            let n = row.column("n")?;
            let key = row.column("key")?;
            Ok(Self { key, n })
        }
    }

    static NOTHING: [Parameter<'static>; 1] = [Parameter::Number(Some(0))];
    const ABOVE: &str = "select key, n from row_locks where n > $1 order by n";

    async fn database(folder: &TempDir) -> Database {
        let file = folder.path().join("portal.db");
        Database::open(&DatabaseUrl::Sqlite(file)).await.unwrap()
    }

    async fn write(database: &Database, statement: &'static str) {
        let mut transaction = database.begin().await.unwrap();
        query(statement).execute(&mut transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }

    #[tokio::test]
    async fn an_answer_is_of_the_last_commit_and_of_nothing_before_it() {
        let folder = TempDir::new().unwrap();
        let database = database(&folder).await;
        let direct = InlineReader::new(&folder.path().join("portal.db"));
        for n in 1..=100 {
            write(&database, "insert into row_locks (key, n) values ('a', 1) on conflict (key) do update set n = row_locks.n + 1").await;
            // Both ways must agree, and the inline one must have been taken.
            let asked: Vec<Gate> = database.inline_read(ABOVE, &NOTHING).await.unwrap();
            let read = direct.ask::<Gate>(ABOVE, &NOTHING);
            let read = read.expect("a direct answer").unwrap();
            assert_eq!((asked[0].n, read[0].n), (n, n));
            assert_eq!((asked.len(), read[0].key.as_str()), (1, "a"));
        }
        let mut transaction = database.begin().await.unwrap();
        query("delete from row_locks")
            .execute(&mut transaction)
            .await
            .unwrap();
        let asked: Vec<Gate> = database.inline_read(ABOVE, &NOTHING).await.unwrap();
        assert_eq!(asked.len(), 1);
    }

    #[tokio::test]
    async fn a_question_writes_nothing() {
        let folder = TempDir::new().unwrap();
        let database = database(&folder).await;
        let question = "insert into row_locks (key, n) values ('b', $1) returning key, n";
        assert!(
            database
                .inline_read::<Gate>(question, &[1.into()])
                .await
                .is_err()
        );
        let all = database.inline_read::<Gate>(ABOVE, &NOTHING);
        assert!(all.await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn what_is_closed_answers_nothing() {
        let folder = TempDir::new().unwrap();
        let database = database(&folder).await;
        let ask = || database.inline_read::<Gate>(ABOVE, &NOTHING);
        assert!(ask().await.is_ok());
        database.close().await;
        assert!(matches!(ask().await, Err(sqlx::Error::PoolClosed)));
    }

    #[tokio::test]
    async fn a_value_that_no_rule_wrote_is_an_error_not_a_guess() {
        let folder = TempDir::new().unwrap();
        let database = database(&folder).await;
        write(
            &database,
            "insert into row_locks (key, n) values (x'00', 1)",
        )
        .await;
        let ask = database.inline_read::<Gate>(ABOVE, &NOTHING);
        assert!(matches!(ask.await, Err(sqlx::Error::ColumnDecode { .. })));
    }
}

use sqlx::{AnyConnection, Connection as _};

use crate::error::Failure;
use crate::portal::Portal;
use crate::store::sql::database::{Database, OpenError, connect_once};
use crate::store::sql::database_copy::{self as copy, Fingerprint, Table};
use crate::store::sql::database_url::DatabaseUrl;

/// What was copied and verified.
#[derive(Clone, Debug)]
pub struct DatabaseCopy {
    pub tables: Vec<TableCopy>,
    /// The original was written to during the copy. Those writes aren't in the copy.
    pub written_meanwhile: bool,
}

/// One copied table.
#[derive(Clone, Debug)]
pub struct TableCopy {
    pub name: String,
    pub rows: u64,
    /// The sum of the SHA-256 hashes of its rows, read back from the copy.
    pub fingerprint: String,
}

/// Why no copy was made, in one sentence.
#[derive(Debug, thiserror::Error)]
pub enum CopyDatabaseError {
    #[error(
        "DATABASE_URL: only an embedded database (sqlite:PATH) is copied; between two of PostgreSQL use pg_dump"
    )]
    FromPostgres,
    #[error("--to: must be a postgres:// address; to copy to an SQLite file, use `portal backup`")]
    ToSqlite,
    #[error("--to: {url} can't be opened ({cause})")]
    Unreachable {
        url: DatabaseUrl,
        cause: sqlx::Error,
    },
    #[error("--to: {0}")]
    Open(#[from] OpenError),
    #[error(
        "--to: {url} is not empty (it has the table {table}); create a new database for the copy"
    )]
    NotEmpty { url: DatabaseUrl, table: String },
    #[error("--to: the table {table} in {url} differs from the original, so nothing was kept")]
    Differs { url: DatabaseUrl, table: String },
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl From<sqlx::Error> for CopyDatabaseError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Portal {
    /// Copies this embedded database, which may be in use, to an empty `PostgreSQL` database.
    ///
    /// The copy is a snapshot of one moment, written in one transaction. It commits only if every
    /// table, read back, has exactly the rows of the original. The copy belongs to the same
    /// secret file.
    ///
    /// # Errors
    /// See [`CopyDatabaseError`]. The target is then as empty as before, except for our empty
    /// tables.
    pub async fn copy_database(&self, to: &DatabaseUrl) -> Result<DatabaseCopy, CopyDatabaseError> {
        if !self.database.is_embedded() {
            return Err(CopyDatabaseError::FromPostgres);
        }
        let DatabaseUrl::Postgres(address) = to else {
            return Err(CopyDatabaseError::ToSqlite);
        };
        let mut reader = self.database.read().await?;
        let original = reader.driver()?;
        let tables = copy::tables(original).await?;
        // Checked before anything is created: the database may belong to another application.
        let unreachable = |cause| CopyDatabaseError::Unreachable {
            url: to.clone(),
            cause,
        };
        let options = address.parse().map_err(unreachable)?;
        let mut first = connect_once(&options).await.map_err(unreachable)?;
        refuse_used(&mut first, to, &tables).await?;
        first.close().await?;
        let target = Database::open(to).await?;

        let version = copy::data_version(original).await?;
        let mut moment = original.begin().await?;
        let copied = copy_all(&mut moment, &target, to, tables).await;
        moment.rollback().await?;
        target.close().await;
        Ok(DatabaseCopy {
            tables: copied?,
            written_meanwhile: copy::data_version(original).await? != version,
        })
    }
}

async fn copy_all(
    original: &mut AnyConnection,
    target: &Database,
    to: &DatabaseUrl,
    tables: Vec<Table>,
) -> Result<Vec<TableCopy>, CopyDatabaseError> {
    let mut transaction = target.begin().await?;
    let postgres = transaction.driver()?;
    copy::occupy(postgres, &tables).await?;
    refuse_used(postgres, to, &tables).await?;
    let references = copy::references(postgres).await?;
    copy::defer(postgres, &references).await?;
    let mut read: Vec<(Table, Fingerprint)> = Vec::with_capacity(tables.len());
    for table in tables {
        let rows = copy::copy(&table, original, postgres).await?;
        read.push((table, rows));
    }
    copy::settle(postgres, &references).await?;
    let mut copied = Vec::with_capacity(read.len());
    for (table, expected) in read {
        let found = copy::fingerprint(&table, postgres).await?;
        if found != expected {
            return Err(CopyDatabaseError::Differs {
                url: to.clone(),
                table: table.name,
            });
        }
        copied.push(TableCopy {
            name: table.name,
            rows: found.rows,
            fingerprint: found.reveal(),
        });
    }
    transaction.commit().await?;
    Ok(copied)
}

async fn refuse_used(
    postgres: &mut AnyConnection,
    url: &DatabaseUrl,
    ours: &[Table],
) -> Result<(), CopyDatabaseError> {
    match copy::table_in_use(postgres, ours).await? {
        Some(table) => Err(CopyDatabaseError::NotEmpty {
            url: url.clone(),
            table,
        }),
        None => Ok(()),
    }
}

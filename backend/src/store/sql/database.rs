use crate::store::private_files::create_private_parent;
use crate::store::private_files::make_private_file;
use crate::store::sql::migrations::MIGRATIONS;
use crate::store::sql::pool::ACQUIRE_TIMEOUT;
use crate::store::sql::pool::PoolStats;
use std::fs::{self};
use std::io;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::migrate::MigrateError;
use sqlx::postgres::PgPoolOptions;
use sqlx::{AnyConnection, AnyPool, Connection as _, Executor as _};
use tokio::sync::{Notify, broadcast};
use tokio::time::timeout;

use crate::store::sql::connection::{Connection, query};
use crate::store::sql::database_url::DatabaseUrl;
use crate::store::sql::group_commit::{AfterCommit, Part, Writer};
use crate::store::sql::inline_read::InlineReader;
use crate::store::sql::signal::{CHANNEL, Signal, Signals};
use crate::store::sql::value::{FromRow, Parameter};
/// More connections would only queue inside PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long after its last use a connection is used again without a test.
const TRUST_TTL: Duration = Duration::from_secs(1);
/// How many signals are buffered for a slow listener. Beyond that, it is informed of a gap.
const MAX_WAITING_SIGNALS: usize = 1024;

/// The database: one writer and several readers on SQLite, one pool on PostgreSQL. Cheap to
/// clone.
#[derive(Clone)]
pub(crate) struct Database {
    kind: DatabaseKind,
    reader: AnyPool,
}

#[derive(Clone)]
enum DatabaseKind {
    Sqlite {
        writer: Writer,
        direct: Arc<InlineReader>,
        /// The server's own commits. An embedded database has only this server.
        commits: broadcast::Sender<Signal>,
    },
    Postgres {
        /// The address for a listening connection.
        address: String,
    },
}

/// The database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// A query for the engine's version.
    pub(crate) const fn version_query(self) -> &'static str {
        match self {
            Self::Sqlite => "select sqlite_version()",
            Self::Postgres => "select current_setting('server_version')",
        }
    }
}

/// Why the database can't be opened. Each message is the end of a sentence that names the
/// setting.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the folder {} can't be created ({cause})", folder.display())]
    Folder { folder: PathBuf, cause: io::Error },
    #[error("{url} can't be opened ({cause})")]
    Unreachable {
        url: DatabaseUrl,
        cause: sqlx::Error,
    },
    #[error(
        "{url} was created by a newer version of Portal (migration {migration}); run that version, or restore a backup"
    )]
    Newer { url: DatabaseUrl, migration: i64 },
    #[error("{url} can't be migrated ({cause})")]
    Migration {
        url: DatabaseUrl,
        cause: MigrateError,
    },
}

/// A writing transaction. Dropping it without [`commit`](Self::commit) rolls it back. Writes
/// never happen outside of a transaction: on SQLite, an autocommit `returning` through sqlx's Any
/// driver can lose an error of the commit.
pub(crate) struct Transaction {
    inner: Inner,
    after: AfterCommit,
}

enum Inner {
    /// Part of a group commit.
    Sqlite(Part),
    Postgres(Connection),
}

impl Database {
    /// Connects and migrates. A missing embedded database is created with its folder (mode 0700).
    ///
    /// # Errors
    /// See [`OpenError`]. A folder or file created here then has no tables.
    pub(crate) async fn open(url: &DatabaseUrl) -> Result<Self, OpenError> {
        install_default_drivers();
        let database = match url {
            DatabaseUrl::Sqlite(file) => {
                Self::make_folder(url)?;
                let made = make_private_file(file);
                let opened = Self::open_sqlite(file).await;
                if let (true, Err(_)) = (made, &opened) {
                    drop(fs::remove_file(file));
                }
                opened
            }
            DatabaseUrl::Postgres(address) => Self::open_postgres(address).await,
        };
        let database = database.map_err(|cause| OpenError::Unreachable {
            url: url.clone(),
            cause,
        })?;
        Self::migrate(url).await?;
        Ok(database)
    }

    /// Creates the folder of an embedded database.
    ///
    /// # Errors
    /// [`OpenError::Folder`].
    pub(crate) fn make_folder(url: &DatabaseUrl) -> Result<(), OpenError> {
        let DatabaseUrl::Sqlite(file) = url else {
            return Ok(());
        };
        create_private_parent(file).map_err(|cause| OpenError::Folder {
            folder: file.parent().map(Path::to_owned).unwrap_or_default(),
            cause,
        })
    }

    async fn open_sqlite(file: &Path) -> Result<Self, sqlx::Error> {
        let address = format!("sqlite://{}?mode=rwc", file.display());
        let options: AnyConnectOptions = address.parse()?;
        // Outside the pool, because a pool would retry for seconds and then report only a
        // timeout.
        let mut first = AnyConnection::connect_with(&options).await?;
        first.execute("pragma journal_mode = wal").await?;
        first.close().await?;
        let readers = available_parallelism().map_or(4, |cores| 2 * cores.get());
        let reader = AnyPoolOptions::new()
            .max_connections(u32::try_from(readers).unwrap_or(4))
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    connection.execute("pragma query_only = on").await?;
                    Ok(())
                })
            })
            .connect_lazy_with(options);
        let commits = broadcast::Sender::new(MAX_WAITING_SIGNALS);
        Ok(Self {
            kind: DatabaseKind::Sqlite {
                writer: Writer::new(file, commits.clone()),
                commits,
                direct: Arc::new(InlineReader::new(file)),
            },
            reader,
        })
    }

    async fn open_postgres(address: &str) -> Result<Self, sqlx::Error> {
        let options: AnyConnectOptions = address.parse()?;
        connect_once(&options).await?.close().await?;
        let pool = AnyPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // A recently used connection isn't tested first: that would double the time of a
            // short query.
            .test_before_acquire(false)
            .before_acquire(|connection, usage| {
                Box::pin(async move {
                    let is_tested = usage.idle_for < TRUST_TTL;
                    Ok(is_tested || connection.ping().await.is_ok())
                })
            })
            .after_connect(|connection, _| {
                Box::pin(async move {
                    connection.execute("set statement_timeout = '5s'").await?;
                    connection
                        .execute("set idle_in_transaction_session_timeout = '10s'")
                        .await?;
                    Ok(())
                })
            })
            .connect_with(options)
            .await?;
        Ok(Self {
            kind: DatabaseKind::Postgres {
                address: address.to_owned(),
            },
            reader: pool,
        })
    }

    /// Whether the database is an embedded one.
    pub(crate) const fn is_embedded(&self) -> bool {
        matches!(self.kind, DatabaseKind::Sqlite { .. })
    }

    async fn migrate(url: &DatabaseUrl) -> Result<(), OpenError> {
        let newest = MIGRATIONS.iter().map(|m| m.version).max().unwrap_or(0);
        let address = match url {
            DatabaseUrl::Sqlite(file) => format!("sqlite://{}?mode=rw", file.display()),
            DatabaseUrl::Postgres(address) => address.clone(),
        };
        migrate(&address).await.map_err(|cause| match cause {
            MigrateError::VersionMissing(migration) if migration > newest => OpenError::Newer {
                url: url.clone(),
                migration,
            },
            cause => OpenError::Migration {
                url: url.clone(),
                cause,
            },
        })
    }

    /// Copies an embedded database, as of one moment, to an empty file while servers continue to
    /// write.
    ///
    /// # Errors
    /// The source can't be read, or the target can't be written.
    pub(crate) async fn copy_sqlite(source: &Path, target: &Path) -> Result<(), sqlx::Error> {
        install_default_drivers();
        let options: AnyConnectOptions =
            format!("sqlite://{}?mode=rw", source.display()).parse()?;
        let mut connection = AnyConnection::connect_with(&options).await?;
        let copied = sqlx::query("vacuum into $1")
            .bind(target.to_string_lossy().into_owned())
            .execute(&mut connection)
            .await;
        connection.close().await?;
        copied.map(drop)
    }

    /// Starts a writing transaction.
    ///
    /// # Errors
    /// No connection or lock became available within [`ACQUIRE_TIMEOUT`] and SQLite's 5 s.
    pub(crate) async fn begin(&self) -> Result<Transaction, sqlx::Error> {
        let inner = match &self.kind {
            DatabaseKind::Sqlite { writer, .. } => Inner::Sqlite(writer.begin().await?),
            DatabaseKind::Postgres { .. } => {
                Inner::Postgres(Connection::Transaction(self.reader.begin().await?))
            }
        };
        Ok(Transaction {
            inner,
            after: AfterCommit::default(),
        })
    }

    /// Subscribes to the signals of all commits from now on.
    ///
    /// # Errors
    /// The listening connection fails.
    pub(crate) async fn listen(&self) -> Result<Signals, sqlx::Error> {
        match &self.kind {
            DatabaseKind::Sqlite { commits, .. } => Ok(Signals::OwnCommits(commits.subscribe())),
            DatabaseKind::Postgres { address } => {
                let pool = PgPoolOptions::new()
                    .max_connections(1)
                    .acquire_timeout(ACQUIRE_TIMEOUT)
                    .connect_lazy(address)?;
                Signals::of_all_servers(pool).await
            }
        }
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// None is free within [`ACQUIRE_TIMEOUT`].
    pub(crate) async fn read(&self) -> Result<Connection, sqlx::Error> {
        self.reader.acquire().await.map(Connection::Pooled)
    }

    pub(crate) const fn engine(&self) -> Engine {
        match self.kind {
            DatabaseKind::Sqlite { .. } => Engine::Sqlite,
            DatabaseKind::Postgres { .. } => Engine::Postgres,
        }
    }

    /// The pools of this process: one on `PostgreSQL`, two on `SQLite`.
    pub(crate) fn pools(&self) -> Vec<PoolStats> {
        match &self.kind {
            DatabaseKind::Sqlite { writer, .. } => {
                vec![writer.figures(), PoolStats::of("readers", &self.reader)]
            }
            DatabaseKind::Postgres { .. } => vec![PoolStats::of("connections", &self.reader)],
        }
    }

    /// How many transactions are blocked by another one.
    ///
    /// # Errors
    /// The database can't be queried.
    #[cfg(feature = "testing")]
    pub(crate) async fn waiting_transactions(&self) -> Result<usize, sqlx::Error> {
        match &self.kind {
            DatabaseKind::Sqlite { writer, .. } => Ok(writer.waiting()),
            DatabaseKind::Postgres { .. } => {
                let waiting = query(
                    "select pid from pg_stat_activity
                     where datname = current_database() and wait_event_type = 'Lock'",
                );
                Ok(waiting.fetch_all(&mut self.read().await?).await?.len())
            }
        }
    }

    /// Runs one reading statement outside of a transaction and returns its rows, as of the last
    /// commit.
    ///
    /// # Errors
    /// As for [`read`](Self::read), and errors of the statement.
    pub(crate) async fn inline_read<T: FromRow>(
        &self,
        question: &'static str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<T>, sqlx::Error> {
        if let DatabaseKind::Sqlite { direct, .. } = &self.kind
            && let Some(answer) = direct.ask(question, parameters)
        {
            return answer;
        }
        let mut connection = self.read().await?;
        let question = query(question).bind_all(parameters);
        let rows = question.fetch_all(&mut connection).await?;
        rows.iter().map(T::from_row).collect()
    }

    pub(crate) async fn close(&self) {
        if let DatabaseKind::Sqlite { writer, direct, .. } = &self.kind {
            direct.close();
            writer.close().await;
        }
        self.reader.close().await;
    }
}

impl Transaction {
    /// Commits, and returns once the changes survive a power cut.
    ///
    /// # Errors
    /// Nothing was written. On PostgreSQL, if the connection was lost during the commit, the
    /// outcome is unknown.
    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        step();
        let committed = self.commit_inner().await;
        step();
        committed
    }

    async fn commit_inner(self) -> Result<(), sqlx::Error> {
        match self.inner {
            Inner::Sqlite(part) => part.commit(self.after).await,
            Inner::Postgres(connection) => {
                connection.commit().await?;
                // PostgreSQL sends the signals itself.
                if let Some(sleeper) = self.after.woken {
                    sleeper.notify_one();
                }
                Ok(())
            }
        }
    }

    /// Sends a signal to all servers of this database, once, if this transaction commits.
    pub(crate) async fn signal(&mut self, signal: Signal) -> Result<(), sqlx::Error> {
        match &mut self.inner {
            Inner::Sqlite(_) => {
                self.after.signals.push(signal);
                Ok(())
            }
            // The Any driver can't read the type void.
            Inner::Postgres(connection) => query("select cast(pg_notify($1, $2) as text)")
                .bind(CHANNEL)
                .bind(signal.to_string())
                .execute(connection)
                .await
                .map(drop),
        }
    }

    /// Notifies a waiter as soon as the changes are visible; never if the transaction doesn't
    /// commit.
    pub(crate) fn wake_by_commit(&mut self, sleeper: &Arc<Notify>) {
        self.after.woken = Some(sleeper.clone());
    }
}

impl Deref for Transaction {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match &self.inner {
            Inner::Sqlite(part) => part,
            Inner::Postgres(connection) => connection,
        }
    }
}

impl DerefMut for Transaction {
    /// Every statement passes here, so fail points count it.
    fn deref_mut(&mut self) -> &mut Connection {
        step();
        match &mut self.inner {
            Inner::Sqlite(part) => part,
            Inner::Postgres(connection) => connection,
        }
    }
}

/// Migrates on a separate connection. The PostgreSQL pool has a statement timeout, which the
/// migration of a large database or waiting for another migrating server could exceed; the writer
/// of an embedded database isn't an sqlx connection.
async fn migrate(address: &str) -> Result<(), MigrateError> {
    let pool = AnyPoolOptions::new().max_connections(1);
    let pool = pool.connect(address).await?;
    let migrated = MIGRATIONS.run(&pool).await;
    pool.close().await;
    migrated
}

/// A fail point: tests can kill the process here.
#[inline]
fn step() {
    #[cfg(feature = "testing")]
    crate::store::sql::fail_point::step();
}

/// A connection outside any pool. A pool would retry for long and report less.
///
/// # Errors
/// As returned by sqlx, or [`ACQUIRE_TIMEOUT`] has passed.
pub(crate) async fn connect_once(
    options: &AnyConnectOptions,
) -> Result<AnyConnection, sqlx::Error> {
    let connected = timeout(ACQUIRE_TIMEOUT, AnyConnection::connect_with(options)).await;
    connected.map_err(|_| sqlx::Error::PoolTimedOut)?
}

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
/// More would only queue inside PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long a connection is taken to be good after its last use.
const TRUST_TTL: Duration = Duration::from_secs(1);
/// How many signals wait for a slow listener, who is told of a gap beyond.
const MAX_WAITING_SIGNALS: usize = 1024;

/// The database: one writer and several readers on SQLite, one pool on PostgreSQL. Cheap
/// to clone.
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
        /// Its one server hears of its own commits here.
        commits: broadcast::Sender<Signal>,
    },
    Postgres {
        /// For a connection that listens.
        address: String,
    },
}

/// Which of the two databases it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// What asks for the database's own version.
    pub(crate) const fn version_query(self) -> &'static str {
        match self {
            Self::Sqlite => "select sqlite_version()",
            Self::Postgres => "select current_setting('server_version')",
        }
    }
}

/// Why the database can't be opened. Each is the end of a sentence that names the setting.
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

/// A transaction that writes. Dropped without [`commit`](Self::commit), it undoes
/// everything. Writes never happen outside of one: an autocommit `returning` through
/// the Any driver can lose a commit error on SQLite.
pub(crate) struct Transaction {
    inner: Inner,
    after: AfterCommit,
}

enum Inner {
    /// Commits of the same moment are one.
    Sqlite(Part),
    Postgres(Connection),
}

impl Database {
    /// Connects, making an embedded database with its folder (mode 0700) where there is
    /// none, and brings the tables up to date.
    ///
    /// # Errors
    /// See [`OpenError`]. A folder or file made here holds no table then.
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

    /// Makes the folder of an embedded database.
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
        // Alone, since a pool would try again for seconds, and then say only that it did.
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
            // One that was of use a moment ago is not asked first whether it still is: that
            // would double what a short question takes.
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

    /// Whether it is a file of this machine.
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

    /// Copies an embedded database into an empty file, as it is at one moment; its servers go
    /// on writing.
    ///
    /// # Errors
    /// It can't be read, or the file not be written.
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

    /// Begins to write.
    ///
    /// # Errors
    /// No connection or no lock within [`ACQUIRE_TIMEOUT`] and SQLite's 5 s.
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

    /// Listens to the signals of all commits from now on.
    ///
    /// # Errors
    /// No connection to listen on.
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

    /// How many transactions wait for another one to end.
    ///
    /// # Errors
    /// The database can't be asked.
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

    /// The answer to a question: the rows of one reading statement, as the last commit left
    /// them.
    ///
    /// # Errors
    /// As [`read`](Self::read), and of the statement.
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
    /// Answers when what was written will survive a power cut.
    ///
    /// # Errors
    /// Nothing was written, or (PostgreSQL, connection lost meanwhile) nobody knows.
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
                // Signals are PostgreSQL's own.
                if let Some(sleeper) = self.after.woken {
                    sleeper.notify_one();
                }
                Ok(())
            }
        }
    }

    /// Tells all servers of this database, once and if this is committed.
    pub(crate) async fn signal(&mut self, signal: Signal) -> Result<(), sqlx::Error> {
        match &mut self.inner {
            Inner::Sqlite(_) => {
                self.after.signals.push(signal);
                Ok(())
            }
            // Void is no type that the Any driver can read.
            Inner::Postgres(connection) => query("select cast(pg_notify($1, $2) as text)")
                .bind(CHANNEL)
                .bind(signal.to_string())
                .execute(connection)
                .await
                .map(drop),
        }
    }

    /// Wakes somebody as soon as what was written can be seen; nobody if it never is.
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
    /// Every statement passes here.
    fn deref_mut(&mut self) -> &mut Connection {
        step();
        match &mut self.inner {
            Inner::Sqlite(part) => part,
            Inner::Postgres(connection) => connection,
        }
    }
}

/// On a connection of its own: those of PostgreSQL's pool cut off what takes long, as a migration of
/// a large database does, and the wait for another server that migrates; an embedded database's
/// writer is none of sqlx's.
async fn migrate(address: &str) -> Result<(), MigrateError> {
    let pool = AnyPoolOptions::new().max_connections(1);
    let pool = pool.connect(address).await?;
    let migrated = MIGRATIONS.run(&pool).await;
    pool.close().await;
    migrated
}

/// A test may end the process here.
#[inline]
fn step() {
    #[cfg(feature = "testing")]
    crate::store::sql::fail_point::step();
}

/// A connection beside any pool, which would try again for long and say less.
///
/// # Errors
/// As sqlx has them, or [`ACQUIRE_TIMEOUT`] is over.
pub(crate) async fn connect_once(
    options: &AnyConnectOptions,
) -> Result<AnyConnection, sqlx::Error> {
    let connected = timeout(ACQUIRE_TIMEOUT, AnyConnection::connect_with(options)).await;
    connected.map_err(|_| sqlx::Error::PoolTimedOut)?
}

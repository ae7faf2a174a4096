use domain::Timestamp;
use sqlx::any::{AnyConnectOptions, install_default_drivers};
use sqlx::{AnyConnection, Connection as _};
use tokio::time::timeout;

use crate::store::sql::connection::{Connection, query, scalar};
use crate::store::sql::database::Database;
use crate::store::sql::database_url::DatabaseUrl;
use crate::store::sql::migrations::MIGRATIONS;
use crate::store::sql::pool::ACQUIRE_TIMEOUT;
use crate::store::tables::installation;

pub(super) async fn of_sqlite(connection: &mut Connection) -> Result<DatabaseState, sqlx::Error> {
    let tables = "select count(*) from sqlite_master where name = '_sqlx_migrations'";
    if is_empty(connection, tables).await? {
        return Ok(DatabaseState::Absent);
    }
    let check: String = scalar("pragma quick_check(1)")
        .fetch_one(&mut *connection)
        .await?;
    // Takes the write lock for an instant without writing.
    let writable = match query("begin immediate").execute(connection).await {
        Ok(_) => query("rollback").execute(connection).await.is_ok(),
        Err(_) => false,
    };
    let now = "select cast((julianday('now') - 2440587.5) * 86400000000 as bigint)";
    let now = scalar(now).fetch_one(&mut *connection).await?;
    state(connection, check == "ok", writable, now).await
}

pub(super) async fn of_postgres(connection: &mut Connection) -> Result<DatabaseState, sqlx::Error> {
    let tables = "select count(*) from pg_tables
                  where schemaname = current_schema() and tablename = '_sqlx_migrations'";
    if is_empty(connection, tables).await? {
        return Ok(DatabaseState::Absent);
    }
    let standby: String = scalar("select cast(pg_is_in_recovery() as text)")
        .fetch_one(&mut *connection)
        .await?;
    let now = "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)";
    let now = scalar(now).fetch_one(&mut *connection).await?;
    state(connection, true, standby == "false", now).await
}

async fn is_empty(connection: &mut Connection, tables: &'static str) -> Result<bool, sqlx::Error> {
    let tables: i64 = scalar(tables).fetch_one(&mut *connection).await?;
    Ok(tables == 0)
}

async fn state(
    connection: &mut Connection,
    intact: bool,
    writable: bool,
    now: i64,
) -> Result<DatabaseState, sqlx::Error> {
    let migration: Option<i64> = scalar("select max(version) from _sqlx_migrations")
        .fetch_one(&mut *connection)
        .await?;
    let newest_migration = MIGRATIONS.iter().map(|one| one.version).max();
    let secret_check = installation::secret_check(connection).await?;
    let newest_event = "select created_at from audit_log order by created_at desc limit 1";
    let newest_event: Option<i64> = scalar(newest_event).fetch_optional(connection).await?;
    Ok(DatabaseState::Present(Box::new(State {
        migration: migration.unwrap_or(0),
        newest_migration: newest_migration.unwrap_or(0),
        intact,
        writable,
        secret_check,
        now: Timestamp::from_micros(now),
        newest_event: newest_event.map(Timestamp::from_micros),
    })))
}

/// The state of a database that is only inspected, not opened for use.
pub(crate) enum DatabaseState {
    /// An embedded database that doesn't exist yet, or a database without tables.
    Absent,
    Present(Box<State>),
}

pub(crate) struct State {
    /// The newest migration that was applied to the database, and the newest of this program.
    pub migration: i64,
    pub newest_migration: i64,
    pub intact: bool,
    pub writable: bool,
    /// The check value of the secret file it belongs to.
    pub secret_check: Option<Vec<u8>>,
    /// The time of its clock. For an embedded database it is the system's clock.
    pub now: Timestamp,
    /// The time of the newest audit event.
    pub newest_event: Option<Timestamp>,
}

impl Database {
    /// Inspects a database without creating or changing anything.
    ///
    /// # Errors
    /// The connection fails, or the database isn't one of Portal's.
    pub(crate) async fn look_at(url: &DatabaseUrl) -> Result<DatabaseState, sqlx::Error> {
        install_default_drivers();
        let address = match url {
            DatabaseUrl::Sqlite(file) if !file.exists() => return Ok(DatabaseState::Absent),
            DatabaseUrl::Sqlite(file) => format!("sqlite://{}?mode=rw", file.display()),
            DatabaseUrl::Postgres(address) => address.clone(),
        };
        let options: AnyConnectOptions = address.parse()?;
        let connected = timeout(ACQUIRE_TIMEOUT, AnyConnection::connect_with(&options)).await;
        let connection = connected.map_err(|_| sqlx::Error::PoolTimedOut)??;
        let mut connection = Connection::Single(connection);
        let condition = match url {
            DatabaseUrl::Sqlite(_) => of_sqlite(&mut connection).await,
            DatabaseUrl::Postgres(_) => of_postgres(&mut connection).await,
        };
        connection.close().await?;
        condition
    }
}

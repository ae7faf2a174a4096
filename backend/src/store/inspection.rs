use domain::Timestamp;

use super::connection::{Connection, query, scalar};
use super::database::{Condition, MIGRATIONS, State};
use super::installation;

pub(super) async fn of_sqlite(connection: &mut Connection) -> Result<Condition, sqlx::Error> {
    let tables = "select count(*) from sqlite_master where name = '_sqlx_migrations'";
    if is_empty(connection, tables).await? {
        return Ok(Condition::Absent);
    }
    let check: String = scalar("pragma quick_check(1)")
        .fetch_one(&mut *connection)
        .await?;
    // Takes the lock for an instant, and writes nothing.
    let writable = match query("begin immediate").execute(connection).await {
        Ok(_) => query("rollback").execute(connection).await.is_ok(),
        Err(_) => false,
    };
    let now = "select cast((julianday('now') - 2440587.5) * 86400000000 as bigint)";
    let now = scalar(now).fetch_one(&mut *connection).await?;
    state(connection, check == "ok", writable, now).await
}

pub(super) async fn of_postgres(connection: &mut Connection) -> Result<Condition, sqlx::Error> {
    let tables = "select count(*) from pg_tables
                  where schemaname = current_schema() and tablename = '_sqlx_migrations'";
    if is_empty(connection, tables).await? {
        return Ok(Condition::Absent);
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
) -> Result<Condition, sqlx::Error> {
    let migration: Option<i64> = scalar("select max(version) from _sqlx_migrations")
        .fetch_one(&mut *connection)
        .await?;
    let newest_migration = MIGRATIONS.iter().map(|one| one.version).max();
    let secret_check = installation::secret_check(connection).await?;
    let newest_event = "select created_at from audit_log order by created_at desc limit 1";
    let newest_event: Option<i64> = scalar(newest_event).fetch_optional(connection).await?;
    Ok(Condition::Present(Box::new(State {
        migration: migration.unwrap_or(0),
        newest_migration: newest_migration.unwrap_or(0),
        intact,
        writable,
        secret_check,
        now: Timestamp::from_micros(now),
        newest_event: newest_event.map(Timestamp::from_micros),
    })))
}

//! Test databases: empty ones, and copies of one with all migrations.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::crypto::secrets::random_id;
use crate::store::name_index;
use crate::store::sql::database::Database;
use crate::store::sql::database_url::DatabaseUrl;
use crate::store::sql::migrations::MIGRATIONS;

/// The URL of a PostgreSQL server with the right to create databases. `make test` sets it. Tests
/// without it fail; they aren't skipped.
const POSTGRES: &str = "PORTAL_TEST_POSTGRES";

/// Writes a migrated database to this file.
pub(super) async fn migrated_sqlite(file: &Path) {
    static MIGRATED: OnceCell<Vec<u8>> = OnceCell::const_new();
    let migrated = MIGRATED.get_or_init(async || {
        let folder = TempDir::new().expect("a temporary folder");
        let original = folder.path().join("original.db");
        migrate(&DatabaseUrl::Sqlite(original.clone())).await;
        // A single file without a separate journal.
        let copy = folder.path().join("copy.db");
        let copied = Database::copy_sqlite(&original, &copy).await;
        copied.expect("a copy");
        fs::read(copy).expect("a database")
    });
    fs::write(file, migrated.await).expect("a written file");
}

/// A new, migrated database on the test server.
pub(super) async fn migrated_postgres() -> DatabaseUrl {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(template);
    create_database(&format!("template {}", template.await)).await
}

/// A new, empty database on the test server. The server is temporary, so nothing cleans up.
pub async fn empty_postgres() -> DatabaseUrl {
    create_database("").await
}

async fn create_database(options: &str) -> DatabaseUrl {
    let name = format!("portal_test_{:x}", random_id().expect("an id"));
    let mut connection = connect(&cluster()).await;
    execute(&mut connection, format!("create database {name} {options}")).await;
    connection.close().await.expect("a closed connection");
    address_of(&name)
}

/// The name of a migrated database without connections, used as a template. The first process
/// that asks creates it while the others wait.
async fn template() -> String {
    let mut hasher = DefaultHasher::new();
    for migration in MIGRATIONS.iter() {
        migration.checksum.hash(&mut hasher);
    }
    let name = format!("portal_template_{:x}", hasher.finish());
    let mut connection = connect(&cluster()).await;
    // The lock lasts until the connection ends.
    execute(
        &mut connection,
        "select cast(pg_advisory_lock(1) as text)".to_owned(),
    )
    .await;
    let made: i64 = sqlx::query_scalar("select count(*) from pg_database where datname = $1")
        .bind(&name)
        .fetch_one(&mut connection)
        .await
        .expect("a number");
    if made == 0 {
        // Under a temporary name until it is complete.
        let unfinished = format!("{name}_{:x}", random_id().expect("an id"));
        execute(&mut connection, format!("create database {unfinished}")).await;
        migrate(&address_of(&unfinished)).await;
        let rename = format!("alter database {unfinished} rename to {name}");
        execute(&mut connection, rename).await;
    }
    connection.close().await.expect("a closed connection");
    name
}

async fn migrate(database: &DatabaseUrl) {
    let database = Database::open(database).await.expect("a database");
    name_index::reindex(&database).await.expect("names");
    database.close().await;
}

fn cluster() -> String {
    env::var(POSTGRES).unwrap_or_else(|_| {
        panic!("{POSTGRES} is not set: run `make test`, or scripts/with-postgres cargo test")
    })
}

fn address_of(database: &str) -> DatabaseUrl {
    let cluster = cluster();
    let (place, _) = cluster
        .rsplit_once('/')
        .expect("an address with a database");
    format!("{place}/{database}").parse().expect("an address")
}

async fn connect(address: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let connected = AnyConnection::connect(address).await;
    connected.expect("the test cluster")
}

async fn execute(connection: &mut AnyConnection, statement: String) {
    let executed = sqlx::query(AssertSqlSafe(statement))
        .execute(connection)
        .await;
    executed.expect("a statement");
}

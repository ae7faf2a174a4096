//! What tests read from the database, or write past the rules.

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};

use crate::audit::event;
use crate::portal::Portal;
use crate::store::sql::connection::{Row, query, scalar};
use crate::store::sql::database_url::DatabaseUrl;
use crate::store::sql::value::{Columns, Value};
use crate::testing::portal::TestPortal;
use crate::testing::timing::until;

impl TestPortal {
    /// The single number that a query returns.
    pub async fn number(&self, query: &str) -> i64 {
        let mut connection = self.database.read().await.expect("a connection");
        scalar(leaked(query.to_owned()))
            .fetch_one(&mut connection)
            .await
            .expect("a number")
    }

    /// The number of rows in the table.
    pub async fn count(&self, table: &str) -> i64 {
        count(self, table).await
    }

    /// The values of a binary column.
    pub async fn stored(&self, table: &str, column: &str) -> Vec<Vec<u8>> {
        let mut connection = self.database.read().await.expect("a connection");
        scalar(leaked(format!("select {column} from {table}")))
            .fetch_all(&mut connection)
            .await
            .expect("a column")
    }

    /// The values of a text column.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        let mut connection = self.database.read().await.expect("a connection");
        scalar(leaked(query.to_owned()))
            .fetch_all(&mut connection)
            .await
            .expect("a column")
    }

    /// The stored bytes of reset links.
    pub async fn stored_resets(&self) -> Vec<Vec<u8>> {
        let mut connection = self.database.read().await.expect("a connection");
        scalar("select token_hash from password_resets")
            .fetch_all(&mut connection)
            .await
            .expect("the links")
    }

    /// The stored bytes of password attempts and known devices.
    pub async fn stored_guesses(&self) -> Vec<Vec<u8>> {
        let mut connection = self.database.read().await.expect("a connection");
        let statement = "select account_hash as bytes from password_attempts union all select device_hash from known_devices";
        scalar(statement)
            .fetch_all(&mut connection)
            .await
            .expect("the guesses")
    }

    /// The stored bytes of people's secrets.
    pub async fn stored_secrets(&self) -> Vec<Vec<u8>> {
        let mut connection = self.database.read().await.expect("a connection");
        let sessions = query("select cookie_hash, companion_hash from sessions")
            .fetch_all(&mut connection)
            .await
            .expect("the sessions");
        let users = query("select password_hash from users")
            .fetch_all(&mut connection)
            .await
            .expect("the users");
        let hashes = sessions
            .iter()
            .flat_map(|row| [column(row, "cookie_hash"), column(row, "companion_hash")]);
        let passwords = users
            .iter()
            .map(|row| column::<String>(row, "password_hash").into_bytes());
        hashes.chain(passwords).collect()
    }

    /// Keyed hash and ciphertext of every code, pending or not.
    pub async fn stored_codes(&self) -> Vec<(Option<Vec<u8>>, Option<Vec<u8>>)> {
        let mut connection = self.database.read().await.expect("a connection");
        query("select code_hash, code_ciphertext from login_codes")
            .fetch_all(&mut connection)
            .await
            .expect("the codes")
            .iter()
            .map(|row| (column(row, "code_hash"), column(row, "code_ciphertext")))
            .collect()
    }

    /// The stored bytes of second factors.
    pub async fn stored_factors(&self) -> Vec<Vec<u8>> {
        let mut connection = self.database.read().await.expect("a connection");
        let sealed: Vec<Vec<u8>> = scalar("select secret_ciphertext from factors")
            .fetch_all(&mut connection)
            .await
            .expect("the factors");
        let hashes: Vec<Vec<u8>> = scalar("select code_hash from recovery_codes")
            .fetch_all(&mut connection)
            .await
            .expect("the recovery codes");
        sealed.into_iter().chain(hashes).collect()
    }

    /// The result of SQLite's integrity check: `ok`.
    pub async fn integrity(&self) -> String {
        let mut connection = self.database.read().await.expect("a connection");
        scalar("pragma integrity_check")
            .fetch_one(&mut connection)
            .await
            .expect("a check")
    }

    /// Every column of every table, from the database's catalogue.
    pub async fn columns(&self) -> Vec<(String, String)> {
        let catalogue = match self.config.database_url {
            DatabaseUrl::Sqlite(_) => {
                "select t.name as table_name, c.name as column_name
                 from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table'"
            }
            DatabaseUrl::Postgres(_) => {
                "select cast(table_name as text) as table_name,
                        cast(column_name as text) as column_name
                 from information_schema.columns where table_schema = 'public'"
            }
        };
        let mut connection = self.database.read().await.expect("a connection");
        query(catalogue)
            .fetch_all(&mut connection)
            .await
            .expect("the catalogue")
            .iter()
            .map(|row| (column(row, "table_name"), column(row, "column_name")))
            .collect()
    }

    /// Runs a statement that creates a state no use case would.
    pub async fn execute(&self, statement: &str) {
        let mut transaction = self.begin().await.expect("a transaction");
        query(leaked(statement.to_owned()))
            .execute(&mut transaction)
            .await
            .expect("a statement");
        transaction.commit().await.expect("a commit");
    }

    /// Type and metadata of all audit events, oldest first.
    pub async fn audit_log(&self) -> Vec<(String, String)> {
        let mut connection = self.database.read().await.expect("a connection");
        query("select event_type, metadata from audit_log order by created_at, id")
            .fetch_all(&mut connection)
            .await
            .expect("the audit log")
            .iter()
            .map(|row| (column(row, "event_type"), column(row, "metadata")))
            .collect()
    }

    /// Waits until a transaction is blocked by another one.
    pub async fn until_a_transaction_waits(&self) {
        let waits = async || {
            let waiting = self.database.waiting_transactions().await;
            waiting.expect("a number") > 0
        };
        until(waits).await;
    }
}

/// A statement that a test composes. Leaking is fine, because there are few.
fn leaked(statement: String) -> &'static str {
    statement.leak()
}

pub(super) fn column<T: Value>(row: &Row, name: &str) -> T {
    row.column(name).expect("a column")
}

/// The number of rows in a table.
pub async fn count(portal: &Portal, table: &str) -> i64 {
    let mut connection = portal.database.read().await.expect("a connection");
    scalar(leaked(format!("select count(*) from {table}")))
        .fetch_one(&mut connection)
        .await
        .expect("a count")
}

/// Runs a statement on any database, also one without a portal.
pub async fn execute_on(database: &DatabaseUrl, statement: &str) -> Result<(), sqlx::Error> {
    let mut connection = connect(database).await;
    let statement = AssertSqlSafe(statement.to_owned());
    let executed = sqlx::query(statement).execute(&mut connection).await;
    connection.close().await.expect("a closed connection");
    executed.map(drop)
}

/// The single number that a query returns.
pub async fn number_on(database: &DatabaseUrl, query: &str) -> i64 {
    let mut connection = connect(database).await;
    let number = sqlx::query_scalar(AssertSqlSafe(query.to_owned()))
        .fetch_one(&mut connection)
        .await
        .expect("a number");
    connection.close().await.expect("a closed connection");
    number
}

async fn connect(database: &DatabaseUrl) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let address = match database {
        DatabaseUrl::Sqlite(file) => format!("sqlite://{}", file.display()),
        DatabaseUrl::Postgres(address) => address.clone(),
    };
    AnyConnection::connect(&address)
        .await
        .expect("a connection")
}

/// All event types of the audit log.
#[must_use]
pub const fn event_types() -> &'static [&'static str] {
    event::TYPES
}

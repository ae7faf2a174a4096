//! Sending statements and reading rows, independent of the driver.
//!
//! PostgreSQL and longer reads of an embedded database go through sqlx. The single writer of an
//! embedded database runs on the caller's thread ([`embedded`](super::embedded)): sqlx would pass
//! every statement to another thread and back, which takes several times as long as SQLite
//! itself, and a login needs two dozen statements.

use crate::store::sql::value::Cell;
use crate::store::sql::value::Columns;
use crate::store::sql::value::Parameter;
use crate::store::sql::value::Value;

use sqlx::any::{AnyArguments, AnyRow, AnyTypeInfoKind};
use sqlx::pool::PoolConnection;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, Column as _, Connection as _, Row as _, ValueRef as _};

use crate::store::sql::embedded;

/// A connection to either database.
pub(crate) enum Connection {
    /// The writer of an embedded database.
    Embedded(embedded::EmbeddedConnection),
    Pooled(PoolConnection<Any>),
    /// In a PostgreSQL transaction.
    Transaction(sqlx::Transaction<'static, Any>),
    /// Not part of a pool.
    Single(AnyConnection),
}

impl Connection {
    /// The sqlx connection, for operations that only sqlx offers.
    ///
    /// # Errors
    /// The connection is the writer of an embedded database.
    pub(crate) fn driver(&mut self) -> Result<&mut AnyConnection, sqlx::Error> {
        match self {
            Self::Embedded(_) => Err(sqlx::Error::InvalidArgument(
                "the writer of an embedded database has no other driver".to_owned(),
            )),
            Self::Pooled(connection) => Ok(connection),
            Self::Transaction(transaction) => Ok(transaction),
            Self::Single(connection) => Ok(connection),
        }
    }

    /// Commits a PostgreSQL transaction.
    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Transaction(transaction) => transaction.commit().await,
            _ => Err(sqlx::Error::WorkerCrashed),
        }
    }

    /// Closes a connection that isn't part of a pool.
    pub(crate) async fn close(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Single(connection) => connection.close().await,
            _ => Ok(()),
        }
    }
}

/// A statement, the same for both engines. Its text is static and never contains user input (ASVS
/// 1.2.4).
pub(crate) const fn query<'v>(text: &'static str) -> Statement<'v> {
    Statement {
        text,
        values: Vec::new(),
    }
}

/// See [`query`].
pub(crate) struct Statement<'v> {
    text: &'static str,
    values: Vec<Parameter<'v>>,
}

impl<'v> Statement<'v> {
    /// Binds the next parameter: `$1`, `$2` and so on.
    pub(crate) fn bind(mut self, value: impl Into<Parameter<'v>>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Binds all parameters.
    pub(super) fn bind_all(mut self, values: &[Parameter<'v>]) -> Self {
        self.values.extend_from_slice(values);
        self
    }

    /// Executes the statement and returns the number of rows written.
    pub(crate) async fn execute(self, connection: &mut Connection) -> Result<u64, sqlx::Error> {
        note(self.text);
        match connection {
            Connection::Embedded(embedded) => embedded.execute(self.text, &self.values),
            other => {
                let done = self.for_driver().execute(other.driver()?).await?;
                Ok(done.rows_affected())
            }
        }
    }

    pub(crate) async fn fetch_all(
        self,
        connection: &mut Connection,
    ) -> Result<Vec<Row>, sqlx::Error> {
        note(self.text);
        match connection {
            Connection::Embedded(embedded) => {
                let rows = embedded.fetch(self.text, &self.values, usize::MAX)?;
                Ok(rows.into_iter().map(Row::Embedded).collect())
            }
            other => {
                let rows = self.for_driver().fetch_all(other.driver()?).await?;
                Ok(rows.into_iter().map(Row::Driver).collect())
            }
        }
    }

    /// The first row, if there is one.
    pub(crate) async fn fetch_optional(
        self,
        connection: &mut Connection,
    ) -> Result<Option<Row>, sqlx::Error> {
        note(self.text);
        match connection {
            Connection::Embedded(embedded) => {
                let row = embedded.fetch(self.text, &self.values, 1)?.pop();
                Ok(row.map(Row::Embedded))
            }
            other => {
                let row = self.for_driver().fetch_optional(other.driver()?).await?;
                Ok(row.map(Row::Driver))
            }
        }
    }

    /// The first row.
    ///
    /// # Errors
    /// There is no row.
    pub(crate) async fn fetch_one(self, connection: &mut Connection) -> Result<Row, sqlx::Error> {
        let row = self.fetch_optional(connection).await?;
        row.ok_or(sqlx::Error::RowNotFound)
    }

    fn for_driver(self) -> Query<'static, Any, AnyArguments> {
        let query = sqlx::query(self.text);
        self.values.into_iter().fold(query, Parameter::bind)
    }
}

/// Logs a statement before it is sent, with either driver. Values are never logged.
pub(super) fn note(text: &str) {
    tracing::debug!(target: "portal::statement", text);
}

/// A statement that selects one column.
pub(crate) const fn scalar<'v>(text: &'static str) -> Scalar<'v> {
    Scalar(query(text))
}

/// See [`scalar`].
pub(crate) struct Scalar<'v>(Statement<'v>);

impl<'v> Scalar<'v> {
    /// Like [`Statement::bind`].
    pub(crate) fn bind(self, value: impl Into<Parameter<'v>>) -> Self {
        Self(self.0.bind(value))
    }

    pub(crate) async fn fetch_all<T: Value>(
        self,
        connection: &mut Connection,
    ) -> Result<Vec<T>, sqlx::Error> {
        let rows = self.0.fetch_all(connection).await?;
        rows.iter().map(Row::first).collect()
    }

    /// The value in the first row, if there is one.
    pub(crate) async fn fetch_optional<T: Value>(
        self,
        connection: &mut Connection,
    ) -> Result<Option<T>, sqlx::Error> {
        let row = self.0.fetch_optional(connection).await?;
        row.as_ref().map(Row::first).transpose()
    }

    /// The value in the first row.
    ///
    /// # Errors
    /// There is no row.
    pub(crate) async fn fetch_one<T: Value>(
        self,
        connection: &mut Connection,
    ) -> Result<T, sqlx::Error> {
        self.0.fetch_one(connection).await?.first()
    }
}

/// A row of either driver.
pub(crate) enum Row {
    Embedded(embedded::EmbeddedRow),
    Driver(AnyRow),
}

impl Columns for Row {
    fn column<T: Value>(&self, name: &str) -> Result<T, sqlx::Error> {
        match self {
            Self::Embedded(row) => row.column(name),
            Self::Driver(row) => row.try_get(name),
        }
    }
}

impl Row {
    fn first<T: Value>(&self) -> Result<T, sqlx::Error> {
        match self {
            Self::Embedded(row) => row.at(0),
            Self::Driver(row) => row.try_get(0),
        }
    }

    /// All columns with their names, in the order of the query.
    pub(crate) fn cells(&self) -> Result<Vec<(String, Cell)>, sqlx::Error> {
        match self {
            Self::Embedded(row) => Ok(row.cells()),
            Self::Driver(row) => {
                let columns = row.columns().iter();
                columns
                    .map(|column| Ok((column.name().to_owned(), cell(row, column.ordinal())?)))
                    .collect()
            }
        }
    }
}

fn cell(row: &AnyRow, at: usize) -> Result<Cell, sqlx::Error> {
    let raw = row.try_get_raw(at)?;
    if raw.is_null() {
        return Ok(Cell::Nothing);
    }
    Ok(match raw.type_info().kind() {
        AnyTypeInfoKind::Text => Cell::Text(row.try_get_unchecked(at)?),
        AnyTypeInfoKind::SmallInt | AnyTypeInfoKind::Integer | AnyTypeInfoKind::BigInt => {
            Cell::Number(row.try_get_unchecked(at)?)
        }
        _ => Cell::Bytes,
    })
}

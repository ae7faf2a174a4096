//! Copies all tables of an embedded database to `PostgreSQL`. The tables come from the catalogue,
//! so tables of later migrations are included automatically.

use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Executor as _, Row as _};

use crate::error::Failure;

/// A safe number of parameters for one statement. `PostgreSQL` allows 65535, in 16 bits.
const MAX_PARAMETERS: usize = 20_000;

/// sqlx's own table. Each database keeps its own record of migrations.
pub(crate) const MIGRATIONS: &str = "_sqlx_migrations";
/// Rows that only serve as locks and hold no data. The first server on a database creates some.
const GATE: &str = "row_locks";

/// A table created by the migrations.
pub(crate) struct Table {
    pub name: String,
    columns: Vec<Column>,
}

struct Column {
    name: String,
    kind: ColumnKind,
}

/// The three column types of the schema.
#[derive(Clone, Copy)]
enum ColumnKind {
    Number,
    Text,
    Bytes,
}

#[derive(Clone)]
enum CopiedValue {
    Number(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

/// The number of rows and the sum of their SHA-256 hashes. The sum doesn't depend on the order,
/// because the engines sort texts differently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    pub rows: u64,
    sum: [u64; 4],
}

/// All tables of an embedded database.
pub(crate) async fn tables(sqlite: &mut AnyConnection) -> Result<Vec<Table>, Failure> {
    let names: Vec<String> = sqlx::query_scalar(
        "select name from sqlite_master
         where type = 'table' and name not like 'sqlite!_%' escape '!' and name <> $1 and name <> $2
         order by name",
    )
    .bind(MIGRATIONS)
    .bind(GATE)
    .fetch_all(&mut *sqlite)
    .await?;
    let mut tables = Vec::with_capacity(names.len());
    for name in names {
        let columns = sqlx::query("select name, type from pragma_table_info($1) order by cid")
            .bind(&name)
            .fetch_all(&mut *sqlite)
            .await?;
        let columns = columns
            .iter()
            .map(Column::from_row)
            .collect::<Result<_, _>>()?;
        tables.push(Table { name, columns });
    }
    Ok(tables)
}

/// A table of this `PostgreSQL` database that is foreign or has rows, if there is one.
pub(crate) async fn table_in_use(
    postgres: &mut AnyConnection,
    ours: &[Table],
) -> Result<Option<String>, sqlx::Error> {
    let names: Vec<String> = sqlx::query_scalar(
        "select cast(table_name as text) from information_schema.tables
         where table_schema = current_schema() order by 1",
    )
    .fetch_all(&mut *postgres)
    .await?;
    for name in names
        .into_iter()
        .filter(|name| name != MIGRATIONS && name != GATE)
    {
        let Some(table) = ours.iter().find(|table| table.name == name) else {
            return Ok(Some(name));
        };
        let any = format!("select 1 from {} limit 1", table.quoted());
        let any = sqlx::query(AssertSqlSafe(any));
        if any.fetch_optional(&mut *postgres).await?.is_some() {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// Locks the tables against all others until the transaction ends, and disables timeouts that
/// would stop a long transaction.
pub(crate) async fn occupy(
    postgres: &mut AnyConnection,
    tables: &[Table],
) -> Result<(), sqlx::Error> {
    let names: Vec<String> = tables.iter().map(Table::quoted).collect();
    let lock = format!("lock table {} in access exclusive mode", names.join(", "));
    postgres.execute(AssertSqlSafe(lock)).await?;
    postgres.execute("set local statement_timeout = 0").await?;
    let idle = "set local idle_in_transaction_session_timeout = 0";
    postgres.execute(idle).await.map(drop)
}

/// The foreign keys, each as the start of an `alter table` statement.
pub(crate) async fn references(postgres: &mut AnyConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select format('alter table %s alter constraint %I', cast(conrelid as regclass), conname)
         from pg_constraint
         where contype = 'f' and connamespace = cast(current_schema() as regnamespace)",
    )
    .fetch_all(postgres)
    .await
}

/// Defers the check of foreign keys to the end, so tables can be filled in any order.
pub(crate) async fn defer(
    postgres: &mut AnyConnection,
    references: &[String],
) -> Result<(), sqlx::Error> {
    for reference in references {
        let statement = format!("{reference} deferrable initially deferred");
        postgres.execute(AssertSqlSafe(statement)).await?;
    }
    Ok(())
}

/// Checks all foreign keys, and makes them immediate again.
///
/// # Errors
/// A foreign key is violated.
pub(crate) async fn settle(
    postgres: &mut AnyConnection,
    references: &[String],
) -> Result<(), sqlx::Error> {
    postgres.execute("set constraints all immediate").await?;
    for reference in references {
        let statement = format!("{reference} not deferrable");
        postgres.execute(AssertSqlSafe(statement)).await?;
    }
    Ok(())
}

/// Copies the rows of one table and returns the fingerprint of the rows read.
pub(crate) async fn copy(
    table: &Table,
    from: &mut AnyConnection,
    to: &mut AnyConnection,
) -> Result<Fingerprint, sqlx::Error> {
    let batch = MAX_PARAMETERS / table.columns.len();
    let mut fingerprint = Fingerprint::default();
    let mut waiting = Vec::with_capacity(batch);
    let select = table.select();
    let mut rows = sqlx::query(AssertSqlSafe(select)).fetch(from);
    while let Some(row) = rows.try_next().await? {
        let values = table.values(&row)?;
        fingerprint.add(&values);
        waiting.push(values);
        if waiting.len() == batch {
            insert(table, &waiting, to).await?;
            waiting.clear();
        }
    }
    if !waiting.is_empty() {
        insert(table, &waiting, to).await?;
    }
    // Without statistics of the new rows, the planner would choose badly at first.
    let analyze = format!("analyze {}", table.quoted());
    to.execute(AssertSqlSafe(analyze)).await?;
    Ok(fingerprint)
}

/// The fingerprint of a table, on either engine.
pub(crate) async fn fingerprint(
    table: &Table,
    connection: &mut AnyConnection,
) -> Result<Fingerprint, sqlx::Error> {
    let mut fingerprint = Fingerprint::default();
    let select = table.select();
    let mut rows = sqlx::query(AssertSqlSafe(select)).fetch(connection);
    while let Some(row) = rows.try_next().await? {
        fingerprint.add(&table.values(&row)?);
    }
    Ok(fingerprint)
}

/// A number that changes whenever another connection has committed to this embedded database.
pub(crate) async fn data_version(sqlite: &mut AnyConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("pragma data_version")
        .fetch_one(sqlite)
        .await
}

async fn insert(
    table: &Table,
    rows: &[Vec<CopiedValue>],
    to: &mut AnyConnection,
) -> Result<(), sqlx::Error> {
    let statement = table.insert(rows.len());
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for value in rows.iter().flatten() {
        query = value.bind_to(query);
    }
    query.execute(to).await.map(drop)
}

impl Table {
    fn quoted(&self) -> String {
        format!("\"{}\"", self.name)
    }

    fn column_names(&self) -> String {
        let names = self
            .columns
            .iter()
            .map(|column| format!("\"{}\"", column.name));
        names.collect::<Vec<_>>().join(", ")
    }

    fn select(&self) -> String {
        format!("select {} from {}", self.column_names(), self.quoted())
    }

    fn insert(&self, rows: usize) -> String {
        let width = self.columns.len();
        let row = |row: usize| {
            let places = (1..=width).map(|column| format!("${}", row * width + column));
            format!("({})", places.collect::<Vec<_>>().join(", "))
        };
        format!(
            "insert into {} ({}) values {}",
            self.quoted(),
            self.column_names(),
            (0..rows).map(row).collect::<Vec<_>>().join(", ")
        )
    }

    fn values(&self, row: &AnyRow) -> Result<Vec<CopiedValue>, sqlx::Error> {
        let columns = self.columns.iter().enumerate();
        columns
            .map(|(at, column)| CopiedValue::read(row, at, column.kind))
            .collect()
    }
}

impl Column {
    fn from_row(row: &AnyRow) -> Result<Self, Failure> {
        let kind: String = row.try_get("type")?;
        let kind = match kind.to_ascii_lowercase().as_str() {
            "bigint" => ColumnKind::Number,
            "text" => ColumnKind::Text,
            "bytea" => ColumnKind::Bytes,
            other => {
                let odd = format!("a column of the type {other}, which no migration should make");
                return Err(Failure::Internal(odd.into()));
            }
        };
        Ok(Self {
            name: row.try_get("name")?,
            kind,
        })
    }
}

impl CopiedValue {
    fn read(row: &AnyRow, at: usize, kind: ColumnKind) -> Result<Self, sqlx::Error> {
        Ok(match kind {
            ColumnKind::Number => Self::Number(row.try_get(at)?),
            ColumnKind::Text => Self::Text(row.try_get(at)?),
            ColumnKind::Bytes => Self::Bytes(row.try_get(at)?),
        })
    }

    fn bind_to<'q>(&self, query: Query<'q, Any, AnyArguments>) -> Query<'q, Any, AnyArguments> {
        match self.clone() {
            Self::Number(number) => query.bind(number),
            Self::Text(text) => query.bind(text),
            Self::Bytes(bytes) => query.bind(bytes),
        }
    }

    /// Null differs from the empty text, and values can't run into one another.
    fn feed(&self, hash: &mut Sha256) {
        let number;
        let bytes = match self {
            Self::Number(value) => {
                number = value.map(i64::to_le_bytes);
                number.as_ref().map(<[u8; 8]>::as_slice)
            }
            Self::Text(value) => value.as_ref().map(String::as_bytes),
            Self::Bytes(value) => value.as_deref(),
        };
        match bytes {
            Some(bytes) => {
                hash.update([1]);
                hash.update(bytes.len().to_le_bytes());
                hash.update(bytes);
            }
            None => hash.update([0]),
        }
    }
}

impl Fingerprint {
    fn add(&mut self, row: &[CopiedValue]) {
        let mut hash = Sha256::new();
        for value in row {
            value.feed(&mut hash);
        }
        let hash: [u8; 32] = hash.finalize().into();
        for (sum, word) in self.sum.iter_mut().zip(hash.as_chunks().0) {
            *sum = sum.wrapping_add(u64::from_le_bytes(*word));
        }
        self.rows += 1;
    }

    /// As hexadecimal digits.
    pub(crate) fn reveal(&self) -> String {
        self.sum.map(|word| format!("{word:016x}")).concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(rows: &[Vec<CopiedValue>]) -> Fingerprint {
        let mut fingerprint = Fingerprint::default();
        for row in rows {
            fingerprint.add(row);
        }
        fingerprint
    }

    fn text(text: &str) -> CopiedValue {
        CopiedValue::Text(Some(text.to_owned()))
    }

    #[test]
    fn the_order_of_rows_makes_no_difference_and_everything_else_does() {
        let one = vec![text("ab"), text("c"), CopiedValue::Number(Some(1))];
        let two = vec![text("d"), text(""), CopiedValue::Number(None)];
        let both = fingerprint(&[one.clone(), two.clone()]);
        assert_eq!(both, fingerprint(&[two.clone(), one.clone()]));
        for other in [
            vec![one.clone()],
            vec![one.clone(), two.clone(), two.clone()],
            vec![one.clone(), one.clone()],
            vec![
                vec![text("a"), text("bc"), CopiedValue::Number(Some(1))],
                two.clone(),
            ],
            vec![
                vec![text("ab"), text("c"), CopiedValue::Number(Some(2))],
                two.clone(),
            ],
            vec![
                one.clone(),
                vec![
                    text("d"),
                    CopiedValue::Text(None),
                    CopiedValue::Number(None),
                ],
            ],
            vec![one, vec![text("d"), text(""), CopiedValue::Number(Some(0))]],
        ] {
            assert_ne!(both, fingerprint(&other));
        }
    }

    #[test]
    fn a_statement_inserts_many_rows() {
        let column = |name: &str| Column {
            name: name.to_owned(),
            kind: ColumnKind::Text,
        };
        let table = Table {
            name: "row_locks".to_owned(),
            columns: vec![column("key"), column("n")],
        };
        assert_eq!(
            table.insert(2),
            "insert into \"row_locks\" (\"key\", \"n\") values ($1, $2), ($3, $4)"
        );
    }
}

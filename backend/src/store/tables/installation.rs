use crate::store::sql::connection::{Connection, query, scalar};

/// The check value of the secret file that this database belongs to.
const SECRET_CHECK: &str = "secret_check";

pub(crate) async fn secret_check(
    connection: &mut Connection,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    scalar("select value from installation where key = $1")
        .bind(SECRET_CHECK)
        .fetch_optional(connection)
        .await
}

/// Stores the first value. Later calls change nothing.
pub(crate) async fn set_secret_check(
    connection: &mut Connection,
    value: &[u8],
) -> Result<(), sqlx::Error> {
    query("insert into installation (key, value) values ($1, $2) on conflict (key) do nothing")
        .bind(SECRET_CHECK)
        .bind(value)
        .execute(connection)
        .await
        .map(drop)
}

/// The Unicode versions with which names were indexed.
const NAME_INDEX_EDITION: &str = "names_edition";

pub(crate) async fn names_edition(
    connection: &mut Connection,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    scalar("select value from installation where key = $1")
        .bind(NAME_INDEX_EDITION)
        .fetch_optional(connection)
        .await
}

pub(crate) async fn set_names_edition(
    connection: &mut Connection,
    value: &[u8],
) -> Result<(), sqlx::Error> {
    query(
        "insert into installation (key, value) values ($1, $2)
         on conflict (key) do update set value = $2",
    )
    .bind(NAME_INDEX_EDITION)
    .bind(value)
    .execute(connection)
    .await
    .map(drop)
}

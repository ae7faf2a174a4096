/// The function that forgets old rows of a table with an `id`: those whose moment in a column lies
/// before another, a portion at a time.
macro_rules! forget {
    ($name:ident, $table:literal, $column:literal) => {
        /// Forgets rows from before a moment, at most `most`; answers to how many.
        pub(crate) async fn $name(
            connection: &mut $crate::store::sql::connection::Connection,
            before: domain::Timestamp,
            most: i64,
        ) -> Result<u64, sqlx::Error> {
            $crate::store::sql::connection::query(concat!(
                "delete from ",
                $table,
                " where id in (select id from ",
                $table,
                " where ",
                $column,
                " < $1 limit $2)"
            ))
            .bind(before.as_micros())
            .bind(most)
            .execute(connection)
            .await
        }
    };
}

pub(super) use forget;

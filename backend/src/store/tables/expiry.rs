/// Defines a function that deletes old rows of a table with an `id`, in batches: rows whose time
/// in the given column lies before a moment.
macro_rules! forget {
    ($name:ident, $table:literal, $column:literal) => {
        /// Deletes rows from before a moment, at most `most`. Returns how many were deleted.
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

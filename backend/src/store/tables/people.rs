//! The paginated list of people. Each order has an index that covers all filters (migration
//! 0010), so the last of many pages costs little more than the first.

use domain::{PermissionLevel, StateFilter, Timestamp, User};

use crate::store::sql::connection::{Connection, Row, query};
use crate::store::tables::user::{self, user_columns};

/// Greater than every byte of UTF-8 text: the end of the range of texts with the same prefix.
const BEYOND: u8 = 0xff;
/// How many matches of each kind are considered, at most.
const MAX_FOUND: i64 = 1000;
/// Matches any level, or any state.
const ANY: i64 = -1;

/// Which people to list.
pub(crate) struct PeopleFilter {
    pub state: StateFilter,
    pub level: Option<PermissionLevel>,
    pub offset: i64,
    pub limit: i64,
    pub now: Timestamp,
}

/// A search for people.
pub(crate) struct Search<'a> {
    pub text: &'a str,
    /// The text, folded like the names in the index.
    pub folded: &'a str,
    /// Email addresses are searched only of people on whom this level may act.
    pub knows_mail_of: PermissionLevel,
}

impl PeopleFilter {
    fn level(&self) -> i64 {
        self.level.map_or(ANY, PermissionLevel::as_i64)
    }

    fn state(&self) -> i64 {
        match self.state {
            StateFilter::Any => ANY,
            StateFilter::Active => 0,
            StateFilter::TimedOut => 1,
            StateFilter::Banned => 2,
        }
    }
}

/// A query for one page: first the IDs, from an index alone, and then the people.
macro_rules! page_of {
    ($condition:literal) => {
        concat!(
            "select ",
            user_columns!(),
            " from users join (
                 select id as page_id from users where ",
            $condition,
            " order by username_key limit $1 offset $2
             ) page on page_id = id
             order by username_key"
        )
    };
}

/// Whether a person has a level ($4, any if negative) and is in a state ($5, likewise) at a
/// moment ($3).
macro_rules! fits {
    () => {
        "($4 < 0 or permission_level = $4)
         and ($5 < 0 or ($5 = 0 and (state = 0 or state_until <= $3))
              or ($5 > 0 and state = $5 and (state_until is null or state_until > $3)))"
    };
}

/// A page of all people.
pub(crate) async fn page(
    connection: &mut Connection,
    filter: &PeopleFilter,
) -> Result<Vec<User>, sqlx::Error> {
    let rows = query(query_of_page(filter))
        .bind(filter.limit)
        .bind(filter.offset)
        .bind(filter.now.as_micros())
        .bind(filter.level())
        .bind(filter.state())
        .fetch_all(connection)
        .await?;
    all(&rows)
}

/// Each order has its own query, with its own index.
const fn query_of_page(filter: &PeopleFilter) -> &'static str {
    match (filter.state, filter.level) {
        (StateFilter::TimedOut | StateFilter::Banned, _) => page_of!(
            "state = $5 and state <> 0 and (state_until is null or state_until > $3)
             and ($4 < 0 or permission_level = $4)"
        ),
        (StateFilter::Any | StateFilter::Active, Some(_)) => {
            page_of!("permission_level = $4 and ($5 < 0 or state = 0 or state_until <= $3)")
        }
        (StateFilter::Any | StateFilter::Active, None) => {
            page_of!("$4 < 0 and ($5 < 0 or state = 0 or state_until <= $3)")
        }
    }
}

/// A page of search results.
pub(crate) async fn found(
    connection: &mut Connection,
    search: &Search<'_>,
    filter: &PeopleFilter,
) -> Result<Vec<User>, sqlx::Error> {
    let begins = search.folded.as_bytes();
    let ends = [begins, &[BEYOND]].concat();
    let rows = query(concat!(
        "select ",
        user_columns!(),
        " from users where id in (
             select user_id from (
                 select user_id from names join users on users.id = user_id
                 where search >= $6 and search < $7 and ",
        fits!(),
        "        order by search limit $8) by_name
             union
             select user_id from (
                 select user_id from identities join users on users.id = user_id
                 where search >= $6 and search < $7 and ",
        fits!(),
        "        order by search limit $8) by_platform_name
             union
             select user_id from identities where platform_user_id = $9
             union
             select id from users where id = $10
             union
             select id from users where email_key = $11 and permission_level < $12
         ) and ",
        fits!(),
        " order by username_key limit $1 offset $2"
    ))
    .bind(filter.limit)
    .bind(filter.offset)
    .bind(filter.now.as_micros())
    .bind(filter.level())
    .bind(filter.state())
    .bind(begins)
    .bind(ends)
    .bind(MAX_FOUND)
    .bind(search.text)
    .bind(search.text.parse::<i64>().unwrap_or(ANY))
    .bind(search.text.to_lowercase())
    .bind(first_level_unknown_to(search.knows_mail_of))
    .fetch_all(connection)
    .await?;
    all(&rows)
}

/// The lowest level of people whose email address a reader of this level may not see.
fn first_level_unknown_to(reader: PermissionLevel) -> i64 {
    match reader {
        PermissionLevel::Owner => PermissionLevel::Owner.as_i64() + 1,
        PermissionLevel::Admin => PermissionLevel::Admin.as_i64(),
        PermissionLevel::Moderator | PermissionLevel::User => 0,
    }
}

fn all(rows: &[Row]) -> Result<Vec<User>, sqlx::Error> {
    rows.iter().map(user::from_row).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use sqlx::any::AnyRow;
    use sqlx::{AnyConnection, Connection as _, Executor as _, Row as _};

    use super::*;
    use crate::store::sql::database_url::DatabaseUrl;
    use crate::testing::{TestPortal, both_databases};

    const PEOPLE: i64 = 100_000;

    fn filter(state: StateFilter, level: Option<PermissionLevel>, offset: i64) -> PeopleFilter {
        PeopleFilter {
            state,
            level,
            offset,
            limit: 26,
            now: Timestamp::from_micros(1_774_972_396_763_528),
        }
    }

    /// One in a hundred is a Moderator, one in a thousand is banned.
    async fn crowd(portal: &TestPortal) {
        // In batches, because a statement on PostgreSQL may take only 5 seconds, even on a busy
        // machine.
        for first in (1..=PEOPLE).step_by(10_000) {
            let last = first + 9_999;
            portal
            .execute(&format!(
                "insert into users (id, username, username_key, display, permission_level,
                                    permission_since, state, created_at, updated_at)
                 with recursive n(i) as (select {first} union all select i + 1 from n where i < {last})
                 select i, 'user_' || i, 'user_' || i, 'User ' || i,
                        case when i % 100 = 0 then 1 else 0 end, 0,
                        case when i % 1000 = 0 then 2 else 0 end, 0, 0 from n"
            ))
            .await;
        }
        let bytes = match portal.config.database_url {
            DatabaseUrl::Sqlite(_) => "cast(username_key as blob)",
            DatabaseUrl::Postgres(_) => "convert_to(username_key, 'UTF8')",
        };
        for first in (1..=PEOPLE).step_by(10_000) {
            let last = first + 9_999;
            portal
            .execute(&format!(
                "insert into names (user_id, kind, skeleton, search)
                 select id, 'username', username_key, {bytes} from users where id between {first} and {last}"
            ))
            .await;
        }
        match &portal.config.database_url {
            DatabaseUrl::Sqlite(_) => portal.execute("analyze").await,
            DatabaseUrl::Postgres(address) => {
                let mut connection = AnyConnection::connect(address).await.unwrap();
                // PostgreSQL uses an index-only scan only for pages marked all-visible. Vacuum
                // marks them, unless autovacuum is processing the same table.
                let unseen = "select count(*) from pg_class where relname = 'users' and relallvisible < relpages";
                loop {
                    connection.execute("vacuum analyze users").await.unwrap();
                    if portal.number(unseen).await == 0 {
                        break;
                    }
                }
                connection.execute("analyze names").await.unwrap();
            }
        }
    }

    async fn plan_of(portal: &TestPortal, filter: &PeopleFilter) -> String {
        let explain = match portal.config.database_url {
            DatabaseUrl::Sqlite(_) => "explain query plan ",
            DatabaseUrl::Postgres(_) => "explain ",
        };
        let query = sqlx::AssertSqlSafe(format!("{explain}{}", query_of_page(filter)));
        let mut connection = portal.database.read().await.unwrap();
        let rows = sqlx::query(query)
            .bind(filter.limit)
            .bind(filter.offset)
            .bind(filter.now.as_micros())
            .bind(filter.level())
            .bind(filter.state())
            .fetch_all(connection.driver().unwrap())
            .await
            .unwrap();
        let line = |row: &AnyRow| {
            let columns = row.columns().len();
            row.get::<String, _>(columns - 1)
        };
        rows.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Prints how long a page takes (`make people`). It asserts nothing, because machines differ.
    /// The next test checks that no page scans all people.
    async fn measure(engine: &str, portal: TestPortal) {
        const TIMES: usize = 200;
        portal.owner("olga").await;
        crowd(&portal).await;
        let (any, all) = (StateFilter::Any, None);
        for (what, text, filter) in [
            ("the first page", "", filter(any, all, 0)),
            ("the page in the middle", "", filter(any, all, PEOPLE / 2)),
            ("the last page", "", filter(any, all, PEOPLE - 25)),
            (
                "Moderators, the last page",
                "",
                filter(any, Some(PermissionLevel::Moderator), PEOPLE / 100 - 25),
            ),
            ("those banned", "", filter(StateFilter::Banned, all, 0)),
            ("one name", "user_99999", filter(any, all, 0)),
            ("how all begin", "user_", filter(any, all, 0)),
            ("nobody", "nobody", filter(any, all, 0)),
        ] {
            let mut taken = Vec::with_capacity(TIMES);
            for _ in 0..TIMES {
                let began = Instant::now();
                let mut connection = portal.database.read().await.unwrap();
                let people = if text.is_empty() {
                    page(&mut connection, &filter).await
                } else {
                    let search = Search {
                        text,
                        folded: text,
                        knows_mail_of: PermissionLevel::Owner,
                    };
                    found(&mut connection, &search, &filter).await
                };
                assert_eq!(people.unwrap().is_empty(), text == "nobody", "{what}");
                taken.push(began.elapsed());
            }
            taken.sort_unstable();
            let milliseconds = |n: usize| taken[n].as_secs_f64() * 1000.0;
            println!(
                "{engine}, {PEOPLE} people, {what}: median {:.2} ms, 99 of 100 within {:.2} ms",
                milliseconds(TIMES / 2),
                milliseconds(TIMES * 99 / 100 - 1),
            );
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    #[ignore = "measures: make people"]
    async fn measured_on_sqlite() {
        measure("SQLite", TestPortal::on_sqlite().await).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    #[ignore = "measures: make people"]
    async fn measured_on_postgres() {
        measure("PostgreSQL", TestPortal::on_postgres().await).await;
    }

    #[both_databases]
    async fn a_hundred_thousand_people_are_paged_through_by_an_index(portal: TestPortal) {
        portal.owner("olga").await;
        crowd(&portal).await;
        let (any, all) = (StateFilter::Any, None);
        let moderators = Some(PermissionLevel::Moderator);
        for (state, level, many, index) in [
            (any, all, PEOPLE + 1, "users_in_order"),
            (
                StateFilter::Active,
                all,
                PEOPLE - PEOPLE / 1000 + 1,
                "users_in_order",
            ),
            (any, moderators, PEOPLE / 100, "users_of_level_in_order"),
            (
                StateFilter::Banned,
                all,
                PEOPLE / 1000,
                "users_restricted_in_order",
            ),
        ] {
            for (offset, expected) in [(0, 26), (many - 10, 10)] {
                let filter = filter(state, level, offset);
                let plan = plan_of(&portal, &filter).await;
                assert!(plan.contains(index), "{plan}");
                assert!(
                    !plan.contains("Seq Scan") && !plan.contains("SCAN users\n"),
                    "{plan}"
                );
                let mut connection = portal.database.read().await.unwrap();
                assert_eq!(
                    page(&mut connection, &filter).await.unwrap().len(),
                    expected
                );
            }
        }
        for (text, expected) in [("user_99999", 1), ("user_", 26), ("nobody", 0)] {
            let search = Search {
                text,
                folded: text,
                knows_mail_of: PermissionLevel::Owner,
            };
            let mut connection = portal.database.read().await.unwrap();
            let people = found(&mut connection, &search, &filter(any, all, 0))
                .await
                .unwrap();
            assert_eq!(people.len(), expected, "{text}");
        }
    }
}

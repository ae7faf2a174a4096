//! Moving to PostgreSQL: a copy is a complete snapshot, or it fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use backend::testing::{
    PASSWORD, TestPortal, client, cookies_of, empty_postgres, execute_on, number_on, owner,
};
use backend::{
    Config, CopyDatabaseError, DatabaseCopy, DatabaseUrl, LoginOutcome, Portal, VerifyCode,
};

const NIELS: &str = "80351110224678912";

/// The configuration of the new servers, with the secret file of the original.
fn moved(portal: &TestPortal, database_url: DatabaseUrl) -> Config {
    Config {
        database_url,
        ..portal.config.clone()
    }
}

async fn open(portal: &TestPortal, database_url: &DatabaseUrl) -> Portal {
    let config = moved(portal, database_url.clone());
    Portal::open(&config, portal.clock.clone()).await.unwrap()
}

fn rows(copy: &DatabaseCopy, name: &str) -> u64 {
    let table = copy.tables.iter().find(|table| table.name == name);
    table.unwrap_or_else(|| panic!("no table {name}")).rows
}

async fn sentence(portal: &Portal, to: &DatabaseUrl) -> String {
    let refused = portal.copy_database(to).await.unwrap_err().to_string();
    assert!(!refused.contains('\n'), "{refused}");
    refused
}

#[tokio::test]
async fn people_sessions_and_pending_codes_live_on_in_the_copy() {
    let portal = TestPortal::on_sqlite().await;
    portal.owner("alice").await;
    let session = portal.login("alice", PASSWORD).await.unwrap();
    let bot = portal.bot("discord").await;
    portal.newcomer(&bot, NIELS).await;
    let sent = portal.send(&bot, NIELS).await.unwrap();

    let to = empty_postgres().await;
    let copy = portal.copy_database(&to).await.unwrap();
    assert!(!copy.written_meanwhile);
    assert_eq!(rows(&copy, "users"), 3);
    for table in &copy.tables {
        let expected = portal.count(&table.name).await;
        assert_eq!(i64::try_from(table.rows), Ok(expected), "{}", table.name);
    }

    let moved = open(&portal, &to).await;
    let visitor = moved.authenticate(&cookies_of(&session)).await.unwrap();
    assert_eq!(visitor.signed_in().unwrap().user.username, "alice");
    // The code is found by its keyed hash.
    let client = client();
    let request = VerifyCode {
        code: sent.code.reveal(),
        identity: None,
        factor: None,
        client: &client,
        browser: None,
    };
    let login = moved.verify_code(request).await.unwrap();
    assert!(matches!(login, LoginOutcome::Done(_)));
    // Foreign keys are enforced again.
    let orphan = "insert into identities (id, platform, platform_user_id, user_id, linked_at)
                  values (1, 'discord', 'x', 404, 0)";
    assert!(execute_on(&to, orphan).await.is_err());
}

#[tokio::test]
async fn the_copy_belongs_to_the_secret_file_of_the_original() {
    let portal = TestPortal::on_sqlite().await;
    let to = empty_postgres().await;
    portal.copy_database(&to).await.unwrap();
    let mut config = moved(&portal, to);
    config.secret_file = portal.folder().join("another.secret");
    let opened = Portal::open(&config, portal.clock.clone()).await;
    let sentence = opened.err().expect("it must not open").to_string();
    assert!(sentence.contains("is missing"), "{sentence}");
}

#[tokio::test]
async fn what_is_written_meanwhile_comes_whole_or_not_at_all_and_is_told() {
    let portal = TestPortal::on_sqlite().await;
    // Large enough for others to write while it is copied.
    portal
        .execute(
            "insert into audit_log (id, event_type, metadata, created_at)
             with recursive n (i) as (select 1 union all select i + 1 from n where i < 30000)
             select i, 'old', '{}', 0 from n",
        )
        .await;
    let (people, events) = (portal.count("users").await, portal.count("audit_log").await);
    let done = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn({
        let (portal, done) = (portal.share(), done.clone());
        async move {
            // Each round adds a person and a row of the log.
            for n in 0.. {
                if done.load(Ordering::SeqCst) {
                    return n;
                }
                owner(&portal, &format!("person-{n}")).await;
            }
            0
        }
    });
    let copy = portal.copy_database(&empty_postgres().await).await.unwrap();
    done.store(true, Ordering::SeqCst);
    let written = writing.await.unwrap();
    assert!(written > 0);
    assert!(copy.written_meanwhile);
    let new_people = i64::try_from(rows(&copy, "users")).unwrap() - people;
    let new_events = i64::try_from(rows(&copy, "audit_log")).unwrap() - events;
    assert_eq!(new_people, new_events);
}

#[tokio::test]
async fn a_database_in_use_is_left_as_it_is() {
    let portal = TestPortal::on_sqlite().await;
    // A database of another application: not even Portal's tables are created.
    let to = empty_postgres().await;
    execute_on(&to, "create table invoices (id bigint)")
        .await
        .unwrap();
    let refused = sentence(&portal, &to).await;
    assert!(
        refused.contains("is not empty (it has the table invoices)"),
        "{refused}"
    );
    let tables = "select count(*) from information_schema.tables where table_schema = 'public'";
    assert_eq!(number_on(&to, tables).await, 1);

    // A database that already holds a copy isn't overwritten.
    let to = empty_postgres().await;
    portal.copy_database(&to).await.unwrap();
    let refused = sentence(&portal, &to).await;
    assert!(
        refused.contains("is not empty (it has the table installation)"),
        "{refused}"
    );
    let rows = "select count(*) from installation";
    let copied = portal.count("installation").await;
    assert_eq!(number_on(&to, rows).await, copied);
}

#[tokio::test]
async fn a_copy_that_came_out_different_is_not_kept() {
    let portal = TestPortal::on_sqlite().await;
    portal.owner("alice").await;
    let to = empty_postgres().await;
    open(&portal, &to).await.close().await;
    for statement in [
        "delete from installation",
        "create function meddle() returns trigger language plpgsql as
             $$ begin new.display = 'Mallory'; return new; end $$",
        "create trigger meddle before insert on users for each row execute function meddle()",
    ] {
        execute_on(&to, statement).await.unwrap();
    }
    let refused = portal.copy_database(&to).await;
    assert!(
        matches!(&refused, Err(CopyDatabaseError::Differs { table, .. }) if table == "users"),
        "{refused:?}"
    );
    for table in ["users", "audit_log", "installation"] {
        let rows = format!("select count(*) from {table}");
        assert_eq!(number_on(&to, &rows).await, 0, "{table}");
    }
}

#[tokio::test]
async fn copies_go_from_an_embedded_database_to_postgresql_alone() {
    let portal = TestPortal::on_sqlite().await;
    let file = DatabaseUrl::Sqlite(portal.folder().join("copy.db"));
    assert!(sentence(&portal, &file).await.starts_with("--to: "));
    assert!(!portal.folder().join("copy.db").exists());
    let nobody = "postgres://portal:hunter2@127.0.0.1:1/portal"
        .parse()
        .unwrap();
    let refused = sentence(&portal, &nobody).await;
    assert!(
        refused.starts_with("--to: postgres://127.0.0.1:1/portal can't be opened"),
        "{refused}"
    );
    assert!(!refused.contains("hunter2"), "{refused}");

    let large = TestPortal::on_postgres().await;
    let refused = sentence(&large, &empty_postgres().await).await;
    assert!(refused.starts_with("DATABASE_URL: "), "{refused}");
}

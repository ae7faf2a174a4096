//! Opening the database and the secret file: what prevents a start, and that a failed start leaves
//! nothing half-done.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use backend::testing::{PASSWORD, TestPortal, both_databases, rounds};
use backend::{Config, Portal};
use tokio::task::JoinSet;

async fn sentence(config: &Config, portal: &TestPortal) -> String {
    let error = Portal::open(config, portal.clock.clone())
        .await
        .err()
        .expect("it must not open");
    let sentence = error.to_string();
    assert!(!sentence.contains('\n'), "{sentence}");
    sentence
}

#[both_databases]
async fn it_opens_again_on_what_it_made(portal: TestPortal) {
    portal.owner("alice").await;
    let again = portal.second_server().await.unwrap();
    let client = backend::testing::client();
    let request = backend::PasswordLogin {
        identifier: "alice",
        password: PASSWORD,
        factor: None,
        client: &client,
        channel: backend::LoginChannel::Page,
    };
    again.login_with_password(request).await.unwrap();
}

#[expect(clippy::unused_async, reason = "the attribute calls an async function")]
#[both_databases]
async fn the_secret_file_is_for_the_owner_of_the_process_only(portal: TestPortal) {
    let mode = fs::metadata(&portal.config.secret_file)
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = fs::read_to_string(&portal.config.secret_file).unwrap();
    assert_eq!(text.trim().len(), 43);
}

#[both_databases]
async fn a_missing_secret_stops_the_start_and_is_not_made_anew(portal: TestPortal) {
    fs::remove_file(&portal.config.secret_file).unwrap();
    let sentence = sentence(&portal.config, &portal).await;
    assert!(sentence.starts_with("PORTAL_SECRET_FILE: "), "{sentence}");
    assert!(sentence.contains("is missing"), "{sentence}");
    assert!(!portal.config.secret_file.exists());
}

#[both_databases]
async fn a_foreign_secret_stops_the_start(portal: TestPortal) {
    let other = TestPortal::on_sqlite().await;
    fs::copy(&other.config.secret_file, &portal.config.secret_file).unwrap();
    let sentence = sentence(&portal.config, &portal).await;
    assert!(
        sentence.contains("isn't the secret this database was created with"),
        "{sentence}"
    );
}

#[both_databases]
async fn a_garbled_secret_stops_the_start(portal: TestPortal) {
    fs::write(&portal.config.secret_file, "not a secret").unwrap();
    let sentence = sentence(&portal.config, &portal).await;
    assert!(
        sentence.contains("doesn't contain a Portal secret"),
        "{sentence}"
    );
    assert_eq!(
        fs::read_to_string(&portal.config.secret_file).unwrap(),
        "not a secret"
    );
}

#[both_databases]
async fn a_database_of_a_newer_version_stops_the_start(portal: TestPortal) {
    portal.execute(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         select 9999, description, success, checksum, execution_time from _sqlx_migrations where version = 1",
    ).await;
    let sentence = sentence(&portal.config, &portal).await;
    assert!(
        sentence.contains("was created by a newer version of Portal"),
        "{sentence}"
    );
}

#[both_databases]
async fn first_starts_at_the_same_moment_agree_on_one_secret(portal: TestPortal) {
    for round in 0..rounds() / 10 {
        let mut config = portal.config.clone();
        let folder = portal.folder().join(format!("round-{round}"));
        config.secret_file = folder.join("portal.secret");
        config.database_url = portal.new_database(&folder.join("portal.db")).await;
        let mut starts = JoinSet::new();
        for _ in 0..4 {
            let (config, clock) = (config.clone(), portal.clock.clone());
            starts.spawn(async move { Portal::open(&config, clock).await });
        }
        for started in starts.join_all().await {
            let started = started.unwrap_or_else(|error| panic!("round {round}: {error}"));
            started.close().await;
        }
        let again = Portal::open(&config, portal.clock.clone()).await;
        again
            .unwrap_or_else(|error| panic!("round {round}: {error}"))
            .close()
            .await;
        assert!(!folder.join("portal.unfinished").exists());
    }
}

#[both_databases]
async fn an_empty_secret_file_is_not_filled(portal: TestPortal) {
    fs::write(&portal.config.secret_file, "").unwrap();
    let sentence = sentence(&portal.config, &portal).await;
    assert!(
        sentence.contains("doesn't contain a Portal secret"),
        "{sentence}"
    );
    assert!(portal.config.secret_file.exists());
}

#[tokio::test]
async fn the_database_file_is_for_the_owner_of_the_process_only() {
    let portal = TestPortal::on_sqlite().await;
    let file = portal.folder().join("new.db");
    let mut config = portal.config.clone();
    config.database_url = portal.new_database(&file).await;
    config.secret_file = portal.folder().join("new.secret");
    Portal::open(&config, portal.clock.clone()).await.unwrap();
    let mode = fs::metadata(file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_failed_start_leaves_an_empty_folder_that_was_there() {
    let portal = TestPortal::on_sqlite().await;
    let folder = portal.folder().join("etc");
    fs::create_dir(&folder).unwrap();
    let mut config = portal.config.clone();
    config.database_url = "postgres://portal@127.0.0.1:1/portal".parse().unwrap();
    config.secret_file = folder.join("portal.secret");
    sentence(&config, &portal).await;
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

#[tokio::test]
async fn a_postgresql_that_is_not_there_stops_the_start_with_nothing_made() {
    let portal = TestPortal::on_sqlite().await;
    let mut config = portal.config.clone();
    config.database_url = "postgres://portal:hunter2@127.0.0.1:1/portal"
        .parse()
        .unwrap();
    config.secret_file = portal.folder().join("new.secret");
    let sentence = sentence(&config, &portal).await;
    assert!(
        sentence.starts_with("DATABASE_URL: postgres://127.0.0.1:1/portal can't be opened"),
        "{sentence}"
    );
    assert!(!sentence.contains("hunter2"), "{sentence}");
    assert!(!config.secret_file.exists());
}

#[tokio::test]
async fn a_folder_that_can_not_be_made_stops_the_start() {
    let portal = TestPortal::on_sqlite().await;
    let file_in_the_way = portal.folder().join("file");
    fs::write(&file_in_the_way, "").unwrap();
    let mut config = portal.config.clone();
    config.database_url = backend::DatabaseUrl::Sqlite(file_in_the_way.join("portal.db"));
    config.secret_file = file_in_the_way.join("portal.secret");
    let sentence = sentence(&config, &portal).await;
    assert!(
        sentence.starts_with("DATABASE_URL: the folder"),
        "{sentence}"
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_stops_the_start() {
    let portal = TestPortal::on_sqlite().await;
    let file = portal.folder().join("notes.txt");
    fs::write(
        &file,
        "these are my notes, not a database, and they must survive",
    )
    .unwrap();
    let mut config = portal.config.clone();
    config.database_url = backend::DatabaseUrl::Sqlite(file.clone());
    config.secret_file = portal.folder().join("new.secret");
    let sentence = sentence(&config, &portal).await;
    assert!(sentence.contains("notes.txt can't be opened"), "{sentence}");
    assert!(
        fs::read_to_string(&file)
            .unwrap()
            .starts_with("these are my notes")
    );
    assert!(!config.secret_file.exists());
}

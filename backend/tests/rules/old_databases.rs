//! Databases of older versions are migrated without loss, and pending operations in them still work.
//!
//! For each old schema, `tests/fixtures` has an SQLite database (`.db`) and a PostgreSQL dump
//! (`.sql`). Beside each are its secret file (`.secret`) and the secrets that only people, browsers
//! and bots know (`.json`). Their time is fixed at `now`.

mod fill;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use backend::testing::{
    PASSWORD, TestPortal, authenticator, client_at, cookies_of, done, empty_postgres, minutes,
    number_on,
};
use backend::{
    AuditQuery, ClaimedIdentity, Clock, CodeFor, CodeRequest, Config, DatabaseUrl, LoginChannel,
    LoginHint, LoginOutcome, NewSession, OwnerAccount, PasswordLogin, Person, Portal, Problem,
    Proof, Recover, Recovery, SessionCookies, Token, VerifyCode, Visitor, backup,
};
use domain::{
    Client, EndReason, FactorKind, LoginMethod, PasswordLoginError, SecondFactorInput,
    SendCodeError, Timestamp,
};
use fill::{HOME, NEW_PASSWORD, SHORT_PASSWORD, STRANGER, Secrets};
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{
    AnyConnection, AssertSqlSafe, Column as _, Connection as _, PgConnection, Row as _,
    ValueRef as _,
};

/// The newest migration of the fixtures.
const SCHEMA: i64 = 12;

/// Tables that were renamed since [`SCHEMA`]: old name, new name.
const TABLES: [(&str, &str); 7] = [
    ("gate", "row_locks"),
    ("budget_uses", "rate_limit_events"),
    ("unknown_names", "unknown_logins"),
    ("code_guesses", "code_attempts"),
    ("password_guesses", "password_attempts"),
    ("factor_guesses", "factor_attempts"),
    ("known_browsers", "known_devices"),
];
/// Renamed columns: old table, old name, new name.
const COLUMNS: [(&str, &str, &str); 20] = [
    ("budget_uses", "budget", "limit_name"),
    ("budget_uses", "subject", "subject_hash"),
    ("code_guesses", "wide_network", "prefix48"),
    ("password_guesses", "account", "account_hash"),
    ("password_guesses", "wide_network", "prefix48"),
    ("known_browsers", "browser", "device_hash"),
    (
        "users",
        "half_login_told_at",
        "password_only_login_notified_at",
    ),
    ("users", "wrong_passwords", "failed_passwords"),
    (
        "users",
        "wrong_passwords_known",
        "failed_passwords_known_device",
    ),
    ("sessions", "wrong_proofs", "failed_reauths"),
    ("names", "shape", "skeleton"),
    ("factors", "sealed", "secret_ciphertext"),
    ("factors", "wrong_in_a_row", "consecutive_failures"),
    ("email_codes", "wrong_tries", "failed_attempts"),
    ("mail_queue", "sealed", "message_ciphertext"),
    ("login_codes", "code_sealed", "code_ciphertext"),
    ("login_codes", "wrong_tries", "failed_attempts"),
    ("login_codes", "shown_name", "claimed_name"),
    ("login_codes", "shown_avatar_url", "claimed_avatar_url"),
    ("login_codes", "asked_name", "requested_name_hash"),
];
/// Rewritten values: old table, old column, old value, new value.
const VALUES: [(&str, &str, &str, &str); 3] = [
    ("login_codes", "ended_by", "guessed", "too_many_attempts"),
    ("login_codes", "ended_by", "disowned", "reported_by_user"),
    ("login_codes", "ended_by", "raised", "role_raised"),
];

/// Nullable columns that no rule sets to null.
const NEVER_NULL: [(&str, &str); 1] = [("sessions", "token_suffix")];

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cell {
    Null,
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

type Row = BTreeMap<String, Cell>;
/// All tables by name, as the driver reads them.
type Tables = BTreeMap<String, Vec<Row>>;

/// A migrated copy of a fixture.
struct Old {
    /// Provides the folder, the configuration and the mailbox.
    place: TestPortal,
    clock: Clock,
    database_url: DatabaseUrl,
    portal: Portal,
    secrets: Secrets,
    before: Tables,
    after: Tables,
}

fn fixture(kind: &str) -> PathBuf {
    fixture_of(SCHEMA, kind)
}

fn fixture_of(schema: i64, kind: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    folder.join(format!("schema-{schema}.{kind}"))
}

async fn connect(database: &DatabaseUrl) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let address = match database {
        DatabaseUrl::Sqlite(file) => format!("sqlite://{}", file.display()),
        DatabaseUrl::Postgres(address) => address.clone(),
    };
    AnyConnection::connect(&address).await.unwrap()
}

fn row(row: &AnyRow) -> Row {
    let cell = |at: usize| {
        let raw = row.try_get_raw(at).unwrap();
        if raw.is_null() {
            return Cell::Null;
        }
        match raw.type_info().kind() {
            AnyTypeInfoKind::Text => Cell::Text(row.get(at)),
            AnyTypeInfoKind::Blob => Cell::Bytes(row.get(at)),
            AnyTypeInfoKind::Integer | AnyTypeInfoKind::BigInt => Cell::Number(row.get(at)),
            other => panic!("{:?} has the type {other:?}", row.column(at).name()),
        }
    };
    let columns = row.columns().iter();
    columns
        .map(|column| (column.name().to_owned(), cell(column.ordinal())))
        .collect()
}

/// All columns: table, name and whether it is nullable.
async fn catalogue(
    connection: &mut AnyConnection,
    database: &DatabaseUrl,
) -> Vec<(String, String, bool)> {
    let query = match database {
        DatabaseUrl::Sqlite(_) => {
            "select t.name as table_name, c.name as column_name,
                    case when c.\"notnull\" = 1 then 'NO' else 'YES' end as nullable
             from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table'"
        }
        DatabaseUrl::Postgres(_) => {
            "select cast(table_name as text) as table_name,
                    cast(column_name as text) as column_name,
                    cast(is_nullable as text) as nullable
             from information_schema.columns where table_schema = 'public'"
        }
    };
    let rows = sqlx::query(query).fetch_all(connection).await.unwrap();
    rows.iter()
        .map(|row| (row.get(0), row.get(1), row.get::<String, _>(2) == "YES"))
        .filter(|(table, _, _)| table != "_sqlx_migrations")
        .collect()
}

async fn read(database: &DatabaseUrl) -> Tables {
    let mut connection = connect(database).await;
    let columns = catalogue(&mut connection, database).await;
    let names: BTreeSet<String> = columns.into_iter().map(|(table, _, _)| table).collect();
    let mut tables = Tables::new();
    for table in names {
        let query = AssertSqlSafe(format!("select * from {table}"));
        let found = sqlx::query(query).fetch_all(&mut connection).await.unwrap();
        tables.insert(table, found.iter().map(row).collect());
    }
    connection.close().await.unwrap();
    tables
}

/// Each table has at least two rows; each nullable column is null in one row and set in another.
async fn assert_filled(database: &DatabaseUrl) {
    let tables = read(database).await;
    let mut connection = connect(database).await;
    for (table, column, nullable) in catalogue(&mut connection, database).await {
        let rows = &tables[&table];
        assert!(rows.len() >= 2, "{table} has {} rows", rows.len());
        let nulls = rows.iter().filter(|row| row[&column] == Cell::Null).count();
        assert!(nulls < rows.len(), "{table}.{column} is always null");
        if nullable && !NEVER_NULL.contains(&(&table, &column)) {
            assert!(nulls > 0, "{table}.{column} is never null");
        }
    }
    connection.close().await.unwrap();
}

/// The row as the migrations should leave it.
fn translated(table: &str, row: &Row) -> Row {
    let translate = |(column, cell): (&String, &Cell)| {
        let renamed = COLUMNS
            .iter()
            .find(|(of, old, _)| (*of, *old) == (table, column));
        let new = renamed.map_or(column.as_str(), |(_, _, new)| new);
        let reworded = VALUES.iter().find(|(of, at, old, _)| {
            (*of, *at) == (table, column) && *cell == Cell::Text((*old).to_owned())
        });
        let cell = reworded.map_or_else(
            || cell.clone(),
            |(_, _, _, new)| Cell::Text((*new).to_owned()),
        );
        (new.to_owned(), cell)
    };
    row.iter().map(translate).collect()
}

/// A migrated row without the columns that migrations added.
fn without_new_columns(row: &Row, old: &Row) -> Row {
    let known = row.iter().filter(|(column, _)| old.contains_key(*column));
    known
        .map(|(column, cell)| (column.clone(), cell.clone()))
        .collect()
}

fn assert_nothing_is_lost(before: &Tables, after: &Tables) {
    // Portal recomputes what it derives from names when its Unicode tables have changed.
    let edition = |tables: &Tables| {
        let is_edition = |row: &&Row| row["key"] == Cell::Text("names_edition".to_owned());
        tables["installation"].iter().find(is_edition).cloned()
    };
    let same_edition = edition(before) == edition(after);
    for (table, rows) in before {
        let renamed = TABLES.iter().find(|(old, _)| old == table);
        let new = renamed.map_or(table.as_str(), |(_, new)| new);
        let found = after.get(new).unwrap_or_else(|| panic!("no table {new}"));
        if !same_edition && ["installation", "names", "row_locks"].contains(&new) {
            assert_eq!(found.len(), rows.len(), "{new}");
            continue;
        }
        let mut expected: Vec<Row> = rows.iter().map(|row| translated(table, row)).collect();
        let mut found: Vec<Row> = found
            .iter()
            .map(|row| without_new_columns(row, &expected[0]))
            .collect();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{new}");
    }
}

/// Opens a copy of a fixture.
async fn opened(kind: &str) -> Old {
    let place = TestPortal::on_sqlite().await;
    let database_url = if kind == "db" {
        let file = place.folder().join("old.db");
        fs::copy(fixture(kind), &file).unwrap();
        DatabaseUrl::Sqlite(file)
    } else {
        restored(&fs::read_to_string(fixture(kind)).unwrap()).await
    };
    let secret_file = place.folder().join("old.secret");
    fs::copy(fixture(&format!("{kind}.secret")), &secret_file).unwrap();
    let secrets = fs::read(fixture(&format!("{kind}.json"))).unwrap();
    let secrets: Secrets = serde_json::from_slice(&secrets).unwrap();
    assert_filled(&database_url).await;
    let before = read(&database_url).await;
    let config = Config {
        database_url: database_url.clone(),
        secret_file,
        ..place.config.clone()
    };
    let clock = Clock::manual(Timestamp::from_micros(secrets["now"].parse().unwrap()));
    let portal = Portal::open(&config, clock.clone()).await.unwrap();
    let after = read(&database_url).await;
    Old {
        place,
        clock,
        database_url,
        portal,
        secrets,
        before,
        after,
    }
}

/// A new database restored from the dump.
async fn restored(dump: &str) -> DatabaseUrl {
    let database = empty_postgres().await;
    let DatabaseUrl::Postgres(address) = &database else {
        unreachable!("it is PostgreSQL's");
    };
    let mut connection = PgConnection::connect(address).await.unwrap();
    let statements = sqlx::raw_sql(AssertSqlSafe(dump.to_owned()));
    statements.execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    database
}

impl Old {
    fn secret(&self, name: &str) -> &str {
        &self.secrets[name]
    }

    fn token(&self, name: &str) -> Token {
        self.secret(name).parse().unwrap()
    }

    async fn person(&self, name: &str) -> Person {
        let cookies = SessionCookies {
            shared: vec![self.token(&format!("{name}_cookie"))],
            companion: Some(self.token(&format!("{name}_companion"))),
        };
        match self.portal.authenticate(&cookies).await.unwrap() {
            Visitor::SignedIn(person) => person,
            other => panic!("{name} is {other:?}"),
        }
    }

    /// The current code of Alice's app.
    fn totp(&self) -> SecondFactorInput {
        let key = self.secret("alice_totp");
        SecondFactorInput::SixDigits(authenticator(key, self.clock.now()))
    }

    async fn verify(&self, code: &str, browser: Option<&Token>) -> NewSession {
        let request = VerifyCode {
            code: self.secret(code),
            identity: None,
            factor: None,
            client: &client_at(HOME),
            browser,
        };
        let verified = self.portal.verify_code(request).await;
        done(verified.unwrap()).session
    }

    async fn number(&self, query: &str) -> i64 {
        number_on(&self.database_url, query).await
    }

    async fn sessions_go_on(&self) {
        for (name, username) in [("alice", "Alice"), ("bob", "bob")] {
            assert_eq!(self.person(name).await.user.username, username);
        }
        let niels = self.person("niels").await;
        assert_eq!(niels.session.method, LoginMethod::BotCode);
        let alice = self.person("alice").await;
        assert_eq!(alice.user.display, "Älice Liddell");
        assert_eq!(alice.session.second_factor, Some(FactorKind::Totp));
        let platforms = alice.linked.iter().map(|linked| linked.platform.as_str());
        assert_eq!(platforms.collect::<Vec<_>>(), ["discord", "telegram"]);
        let profile = self.portal.profile(alice.user.id).await.unwrap();
        assert_eq!(profile.bio.as_deref(), Some("Curiouser and curiouser!"));
        let bearer = self.token("bob_bearer");
        let visitor = self.portal.authenticate_bearer(&bearer).await.unwrap();
        assert_eq!(visitor.signed_in().unwrap().user.username, "bob");
        // Frida's list shows why her sessions ended.
        let frida = self.log_in("frida", PASSWORD, &client_at(HOME)).await;
        let seen = self.portal.own_sessions(&frida).await.unwrap();
        let reasons = seen.ended.iter().map(|session| session.end.unwrap().1);
        let reasons: BTreeSet<&str> = reasons.map(EndReason::as_str).collect();
        assert_eq!(reasons.len(), 7, "{reasons:?}");
    }

    async fn passwords_work(&self) {
        let known = "select count(*) from known_devices";
        let before = self.number(known).await;
        let mut browser = client_at("203.0.113.41");
        browser.browser = Some(self.secret("bob_browser").parse().unwrap());
        let bob = self.log_in("bob", NEW_PASSWORD, &browser).await;
        assert_eq!(bob.user.username, "bob");
        assert_eq!(self.number(known).await, before);
        // Failed attempts still count.
        let stranger = client_at(STRANGER);
        let waits = self
            .portal
            .login_with_password(sign_in("hans", PASSWORD, &stranger));
        let waits = refusal(waits.await.unwrap_err());
        assert!(matches!(waits, PasswordLoginError::TooManyAttempts { .. }));
        let restricted = self
            .portal
            .login_with_password(sign_in("dora", PASSWORD, &browser));
        let restricted = refusal(restricted.await.unwrap_err());
        assert!(matches!(restricted, PasswordLoginError::Restricted));
    }

    async fn log_in(&self, name: &str, password: &str, client: &Client) -> Person {
        let session = self
            .portal
            .login_with_password(sign_in(name, password, client))
            .await;
        let cookies = cookies_of(&done(session.unwrap()));
        let visitor = self.portal.authenticate(&cookies).await.unwrap();
        visitor.signed_in().unwrap().clone()
    }

    async fn second_factors_work(&self) {
        let (portal, client) = (&self.portal, client_at(HOME));
        let alice = self.person("alice").await;
        // The limit of email codes has been reached.
        let sent = portal.send_email_code(CodeFor::Session(&alice), &client);
        let refused = refusal(sent.await.unwrap_err());
        assert!(matches!(refused, SendCodeError::TooMany { .. }));
        let mailed =
            SecondFactorInput::Mailed(self.secret("email_code_of_session").parse().unwrap());
        let mailed = Proof::Factor(mailed);
        let confirmed = portal.confirm(&alice, &mailed, &client);
        confirmed.await.unwrap();
        // Two pending logins, then new ones.
        let mailed = SecondFactorInput::Mailed(self.secret("email_code_of_login").parse().unwrap());
        let challenge = self.token("challenge");
        let second = portal.finish_login(&challenge, &mailed, &client, None);
        second.await.unwrap();
        self.clock.advance(minutes(1));
        let challenge = self.token("challenge_by_code");
        let totp = self.totp();
        let second = portal.finish_login(&challenge, &totp, &client, None);
        second.await.unwrap();
        let request = sign_in("alice", SHORT_PASSWORD, &client);
        let LoginOutcome::SecondFactorRequired(step) =
            portal.login_with_password(request).await.unwrap()
        else {
            panic!("no second factor is asked for");
        };
        let recovery = self.secret("alice_recovery").parse().unwrap();
        let second = portal.finish_login(&step.challenge, &recovery, &client, None);
        second.await.unwrap();
        self.clock.advance(minutes(1));
        let request = PasswordLogin {
            factor: Some(&self.totp()),
            ..sign_in("alice", SHORT_PASSWORD, &client)
        };
        done(portal.login_with_password(request).await.unwrap());
        // Otto's app is locked.
        let otto = self
            .portal
            .login_with_password(sign_in("otto", PASSWORD, &client));
        let LoginOutcome::SecondFactorRequired(step) = otto.await.unwrap() else {
            panic!("no second factor is asked for");
        };
        assert!(
            step.methods
                .iter()
                .all(|method| { method.enabled == (method.kind == FactorKind::Recovery) })
        );
    }

    async fn codes_work(&self) {
        let portal = &self.portal;
        let browser = self.token("browser");
        for name in ["alice", "nobody-here"] {
            let request = CodeRequest {
                who: LoginHint::Name {
                    platform: "discord",
                    name,
                },
                client: &client_at("203.0.113.40"),
                browser: Some(&browser),
            };
            let expires_at = portal.request_code(request).await.unwrap();
            let before = self.secret(&format!("asked_by_name_{name}"));
            assert_eq!(expires_at.as_micros().to_string(), before, "{name}");
        }
        let login = self.verify("web_code", Some(&browser)).await;
        let linked = portal.linked_platforms(login.user.id).await.unwrap();
        assert_eq!(linked[0].name.as_deref(), Some("Niels B."));
        let login = self.verify("bot_code", None).await;
        assert_eq!(login.user.id, self.person("niels").await.user.id);
        let (bob, code) = (self.person("bob").await, self.secret("link_code"));
        let client = client_at(HOME);
        portal.verify_link(&bob, code, &client).await.unwrap();
        portal.disown(self.secret("disown"), &client).await.unwrap();
    }

    async fn bots_work(&self) {
        let client = client_at("192.0.2.20");
        for (key, name) in [
            ("discord_bot_key", "Hänsel"),
            ("telegram_bot_key", "Gretel"),
            ("telegram_new_bot_key", "Gretel"),
        ] {
            let bot = self.portal.bot_call(Some(self.secret(key)), &client).await;
            assert_eq!(bot.unwrap().name, name);
        }
        let key = Some(self.secret("discord_bot_key"));
        let bot = self.portal.bot_call(key, &client).await.unwrap();
        let word = ClaimedIdentity {
            platform: "discord",
            id: &"80351110224678912".parse().unwrap(),
            name: None,
            avatar: None,
        };
        // The pending code is decrypted.
        let codes = self.portal.fetch_pending_codes(&bot, word).await.unwrap();
        assert_eq!(codes.len(), 1);
        let public = self.portal.public_bots().await.unwrap();
        assert_eq!(public.len(), 3);
    }

    async fn mail_and_links_work(&self) {
        let portal = &self.portal;
        let round = portal.deliver_mail().await.unwrap();
        assert_eq!(round.postponed, 0);
        assert_eq!(self.number("select count(*) from mail_queue").await, 0);
        assert_eq!(self.place.mail_to("bob@example.net").await.len(), 1);
        let link = self.place.last_mail_to("carla@example.org").await.link();
        let token = link.rsplit('/').next().unwrap().parse().unwrap();
        let confirmed = portal.confirm_email(&token, &client_at(HOME)).await;
        assert_eq!(confirmed.unwrap().as_str(), "carla@example.org");
        let token = self.token("reset");
        let request = Recover {
            token: &token,
            new: PASSWORD,
            factor: None,
            client: &client_at(HOME),
        };
        assert_eq!(portal.recover(request).await.unwrap(), Recovery::Done);
        self.log_in("bob", PASSWORD, &client_at(HOME)).await;
        let account = OwnerAccount {
            username: "",
            password: PASSWORD,
        };
        let (token, client) = (self.token("set_up"), client_at(HOME));
        let session = portal.set_up(&token, account, &client).await.unwrap();
        assert_eq!(session.user.username, "ludwig");
    }

    /// Reads, exports and deletes what is stored.
    async fn records_are_read_and_deleted(&self) {
        let (portal, client) = (&self.portal, client_at(HOME));
        let ludwig = self.log_in("ludwig", PASSWORD, &client).await;
        let query = AuditQuery {
            limit: 100,
            ..AuditQuery::default()
        };
        let page = portal.read_audit_log(&ludwig, query).await.unwrap();
        assert!(!page.records.is_empty());
        for name in ["Alice", "bob", "dora", "emil", "fritz", "frida", "otto"] {
            let found = portal.find_person(name).await.unwrap().unwrap();
            let file = portal.admin_person_view(&ludwig, found.id).await;
            file.unwrap().unwrap();
        }
        let bob = self.log_in("bob", PASSWORD, &client).await;
        let copy = portal.export(&bob, &client).await.unwrap();
        assert!(
            copy.values()
                .any(|part| part.as_array().is_some_and(|rows| rows.len() > 1))
        );
        portal.delete_account(&bob, &client).await.unwrap();
        self.clock.advance(minutes(500 * 24 * 60));
        portal.clean_up().await.unwrap();
        for table in ["audit_log", "login_codes", "challenges", "known_devices"] {
            let rows = format!("select count(*) from {table}");
            assert_eq!(self.number(&rows).await, 0, "{table}");
        }
    }
}

async fn an_old_database_lives_on(kind: &str) {
    let old = opened(kind).await;
    assert_nothing_is_lost(&old.before, &old.after);
    old.passwords_work().await;
    old.sessions_go_on().await;
    old.second_factors_work().await;
    old.codes_work().await;
    old.bots_work().await;
    old.mail_and_links_work().await;
    old.records_are_read_and_deleted().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    an_old_database_lives_on("db").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    an_old_database_lives_on("sql").await;
}

fn sign_in<'a>(identifier: &'a str, password: &'a str, client: &'a Client) -> PasswordLogin<'a> {
    PasswordLogin {
        identifier,
        password,
        factor: None,
        client,
        channel: LoginChannel::Page,
    }
}

fn refusal<E>(problem: Problem<E>) -> E {
    match problem {
        Problem::Refused(error) => error,
        Problem::Failed(failure) => panic!("{failure}"),
    }
}

/// Writes the fixtures of the current schema:
///
/// ```text
/// scripts/with-postgres cargo test -p backend --test rules write_fixtures -- --ignored
/// ```
#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes tests/fixtures"]
async fn write_fixtures() {
    for (kind, portal) in [
        ("db", TestPortal::on_sqlite().await),
        ("sql", TestPortal::on_postgres().await),
    ] {
        let secrets = fill::fill(&portal).await;
        let database = &portal.config.database_url;
        assert_filled(database).await;
        let schema = portal
            .number("select max(version) from _sqlx_migrations")
            .await;
        let file = |kind: &str| fixture_of(schema, kind);
        fs::create_dir_all(file("").parent().unwrap()).unwrap();
        match database {
            DatabaseUrl::Sqlite(_) => {
                drop(fs::remove_file(file(kind)));
                backup(database, &file(kind)).await.unwrap();
            }
            DatabaseUrl::Postgres(address) => fs::write(file(kind), dump(address)).unwrap(),
        }
        let secret_file = file(&format!("{kind}.secret"));
        fs::copy(&portal.config.secret_file, secret_file).unwrap();
        let secrets = serde_json::to_string_pretty(&secrets).unwrap();
        fs::write(file(&format!("{kind}.json")), secrets + "\n").unwrap();
        portal.close().await;
    }
}

/// A dump of plain statements, which any connection can run.
fn dump(address: &str) -> String {
    let made = Command::new("/usr/lib/postgresql/15/bin/pg_dump")
        .args(["--inserts", "--no-owner", "--no-privileges", "--dbname"])
        .arg(address)
        .output()
        .unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let dump = String::from_utf8(made.stdout).unwrap();
    // Commands to psql.
    let lines = dump.lines().filter(|line| !line.starts_with('\\'));
    lines.fold(String::new(), |dump, line| dump + line + "\n")
}

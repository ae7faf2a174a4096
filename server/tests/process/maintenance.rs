//! Commands for maintenance: bots, audit export, backup, doctor.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use backend::testing::{PASSWORD as OF_ALL, TestPortal, both_databases, client, client_at, until};
use backend::{Clock, DatabaseUrl, Portal};
use serde_json::Value;

use crate::workspace::{PASSWORD, Workspace, free_address};

fn json(output: &Output) -> Value {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{}", stderr(output)))
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn owner_and_bot(workspace: &Workspace) -> Value {
    assert!(workspace.create_owner("alice", PASSWORD).status.success());
    let arguments = [
        "--json",
        "bot",
        "register",
        "--name",
        "Hansel",
        "--platform",
        "discord",
        "--owner",
        "alice",
    ];
    json(&workspace.run(&arguments, &[]))
}

#[test]
fn bot_commands_list_regenerate_and_deactivate() {
    let workspace = Workspace::new();
    let none = workspace.run(&["bot", "list"], &[]);
    assert!(
        stdout(&none).starts_with("No bots yet."),
        "{}",
        stdout(&none)
    );
    assert_eq!(
        json(&workspace.run(&["--json", "bot", "list"], &[])),
        Value::Array(Vec::new())
    );
    let made = owner_and_bot(&workspace);
    let first = made["api_key"].as_str().unwrap();
    let list = json(&workspace.run(&["--json", "bot", "list"], &[]));
    assert_eq!(
        (&list[0]["name"], &list[0]["owner"], &list[0]["is_active"]),
        (&"Hansel".into(), &"alice".into(), &true.into())
    );
    assert!(first.starts_with(list[0]["keys"][0]["prefix"].as_str().unwrap()));
    assert!(!list.to_string().contains(first), "a key is shown once");

    let renewed = json(&workspace.run(
        &[
            "--json",
            "bot",
            "regenerate-key",
            "hansel",
            "--grace-seconds",
            "60",
        ],
        &[],
    ));
    assert_ne!(renewed["api_key"], made["api_key"]);
    let list = json(&workspace.run(&["--json", "bot", "list"], &[]));
    assert_eq!(list[0]["keys"].as_array().unwrap().len(), 2);
    let id = made["id"].to_string();
    let again = workspace.run(&["bot", "regenerate-key", &id], &[]);
    assert!(
        stdout(&again).contains("The old key no longer works."),
        "{}",
        stdout(&again)
    );

    let off = json(&workspace.run(&["--json", "bot", "deactivate", "Hansel"], &[]));
    assert_eq!(off["is_active"], false);
    assert!(stdout(&workspace.run(&["bot", "list"], &[])).contains(", off)"));
    for arguments in [
        ["bot", "deactivate", "Gretel"],
        ["bot", "regenerate-key", "7"],
    ] {
        let refused = workspace.run(&arguments, &[]);
        assert_eq!(stderr(&refused), "portal: No bot has that name or ID.\n");
        assert!(!refused.status.success());
    }
    let too_long = workspace.run(
        &[
            "bot",
            "regenerate-key",
            "Hansel",
            "--grace-seconds",
            "86401",
        ],
        &[],
    );
    assert!(!too_long.status.success());
}

#[test]
fn audit_export_writes_lines_and_tolerates_a_closed_pipe() {
    let workspace = Workspace::new();
    owner_and_bot(&workspace);
    let lines = stdout(&workspace.run(&["audit", "export"], &[]));
    let rows: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let types: Vec<&str> = rows
        .iter()
        .map(|row| row["event_type"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["owner.created", "bot.registered"]);
    assert_eq!(
        rows[1]["metadata"]["bot"],
        json(&workspace.run(&["--json", "bot", "list"], &[]))[0]["id"]
    );
    let mut reader = workspace
        .portal(&["audit", "export"], &[])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(reader.stdout.take());
    let ended = reader.wait_with_output().unwrap();
    assert_eq!(stderr(&ended), "");
    assert!(ended.status.success());
}

#[both_databases]
async fn audit_export_has_every_row_once_in_order(portal: TestPortal) {
    // More than is read at a time, and many of one moment.
    for n in 0..1203 {
        if n % 400 == 0 {
            portal.advance(backend::testing::minutes(11));
        }
        let network = client_at(&format!("2001:db8:{n:x}::1"));
        portal
            .ask_from("discord", &n.to_string(), &network, None)
            .await
            .unwrap();
    }
    let mut export = portal.export_audit_log();
    let mut rows = Vec::new();
    loop {
        let some = export.next().await.unwrap();
        assert!(some.len() <= 500, "bounded");
        if some.is_empty() {
            break;
        }
        rows.extend(some.into_iter().map(|row| (row.created_at, row.id)));
    }
    assert_eq!(rows.len(), 1203);
    assert!(rows.is_sorted());
    rows.dedup();
    assert_eq!(rows.len(), 1203);
}

/// Security A20: a backup during writes is consistent.
#[tokio::test(flavor = "multi_thread")]
async fn a20_backup_under_load_is_consistent_and_opens() {
    let portal = TestPortal::on_sqlite().await;
    portal.owner("alice").await;
    let stop = Arc::new(AtomicBool::new(false));
    let writer = {
        let (portal, stop) = (portal.share(), stop.clone());
        tokio::spawn(async move {
            let mut n = 0;
            while !stop.load(Ordering::SeqCst) {
                let id = format!("{n}").parse().unwrap();
                let who = backend::LoginHint::Id {
                    platform: "discord",
                    id: &id,
                };
                let client = client_at(&format!("2001:db8:{:x}:{:x}::1", n / 65536, n % 65536));
                let request = backend::CodeRequest {
                    who,
                    client: &client,
                    browser: None,
                };
                portal.request_code(request).await.unwrap();
                n += 1;
            }
            n
        })
    };
    for round in 0..5 {
        let before = portal.count("login_codes").await;
        until(async || portal.count("login_codes").await > before).await;
        let file = portal.folder().join(format!("copy {round}.db"));
        backend::backup(&portal.config.database_url, &file)
            .await
            .unwrap();
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let config = backend::Config {
            database_url: DatabaseUrl::Sqlite(file),
            ..portal.config.clone()
        };
        let copy = Portal::open(&config, Clock::System).await.unwrap();
        let findings = backend::diagnose(&config, &portal.clock).await;
        assert!(
            findings[0].sentence.ends_with("can be read and written"),
            "{findings:?}"
        );
        // Each code has its row in the log: written together, copied together.
        let mut export = copy.export_audit_log();
        let mut request_status = 0;
        loop {
            let rows = export.next().await.unwrap();
            if rows.is_empty() {
                break;
            }
            request_status += rows
                .iter()
                .filter(|row| row.event_type == "code.requested")
                .count();
        }
        assert_eq!(
            i64::try_from(request_status).unwrap(),
            copy_count(&copy).await,
            "round {round}"
        );
        copy.close().await;
    }
    stop.store(true, Ordering::SeqCst);
    assert!(writer.await.unwrap() > 0);
    assert!(portal.login("alice", OF_ALL).await.is_ok());
    drop(client());
}

async fn copy_count(copy: &Portal) -> i64 {
    backend::testing::count(copy, "login_codes").await
}

#[test]
fn backup_never_overwrites_a_file() {
    let workspace = Workspace::new();
    let nothing = workspace.run(&["backup", "copy.db"], &[]);
    assert!(
        stderr(&nothing).contains("there's no database at"),
        "{}",
        stderr(&nothing)
    );
    workspace.assert_untouched();
    owner_and_bot(&workspace);
    let made = json(&workspace.run(&["--json", "backup", "copy.db"], &[]));
    assert_eq!(made["secret_file"], "data/portal.secret");
    let again = workspace.run(&["backup", "copy.db"], &[]);
    assert_eq!(
        stderr(&again),
        "portal: copy.db already exists; choose a new file\n"
    );
    let nowhere = workspace.run(&["backup", "nowhere/copy.db"], &[]);
    assert!(
        stderr(&nowhere).starts_with("portal: nowhere/copy.db can't be written"),
        "{}",
        stderr(&nowhere)
    );
    let url = "postgres://portal:hunter2@127.0.0.1/portal";
    let postgres = workspace.run(&["backup", "pg.db"], &[("DATABASE_URL", url)]);
    assert_eq!(
        stderr(&postgres),
        "portal: DATABASE_URL: postgres://127.0.0.1/portal is a PostgreSQL database; back it up with pg_dump --format=custom\n"
    );
    // The copy is the portal again, with its secret beside it.
    fs::create_dir(workspace.path().join("again")).unwrap();
    fs::rename(
        workspace.path().join("copy.db"),
        workspace.path().join("again/portal.db"),
    )
    .unwrap();
    fs::copy(
        workspace.path().join("data/portal.secret"),
        workspace.path().join("again/portal.secret"),
    )
    .unwrap();
    let list = json(&workspace.run(
        &["--json", "bot", "list"],
        &[("DATABASE_URL", "sqlite:again/portal.db")],
    ));
    assert_eq!(list[0]["name"], "Hansel");
}

/// The checks of the doctor, by name.
fn checks(output: &Output) -> Vec<(String, String)> {
    let result = json(output);
    assert_eq!(result["ok"], output.status.success());
    let checks = result["checks"].as_array().unwrap().iter();
    checks
        .map(|check| {
            let text = |name: &str| check[name].as_str().unwrap().to_owned();
            (text("check"), text("verdict"))
        })
        .collect()
}

fn verdict(output: &Output, about: &str) -> String {
    let found = checks(output).into_iter().find(|(check, _)| check == about);
    found.unwrap_or_else(|| panic!("nothing about {about}")).1
}

#[test]
fn doctor_checks_everything_and_changes_nothing() {
    let workspace = Workspace::new();
    let before = workspace.run(&["--json", "doctor"], &[]);
    let verdicts: Vec<String> = checks(&before)
        .into_iter()
        .map(|(_, verdict)| verdict)
        .collect();
    assert_eq!(
        verdicts,
        ["ok", "warning", "warning", "ok", "ok"],
        "{}",
        stdout(&before)
    );
    workspace.assert_untouched();

    owner_and_bot(&workspace);
    let well = workspace.run(&["doctor"], &[]);
    assert!(well.status.success());
    let text = stdout(&well);
    let words: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split_whitespace().take(2).collect())
        .collect();
    assert_eq!(
        words,
        [
            ["ok", "settings"],
            ["ok", "database"],
            ["ok", "secret"],
            ["ok", "clock"],
            ["ok", "mail"]
        ],
        "{text}"
    );

    let secret = workspace.path().join("data/portal.secret");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).unwrap();
    let open = workspace.run(&["--json", "doctor"], &[]);
    assert_eq!(
        (
            verdict(&open, "secret file").as_str(),
            open.status.success()
        ),
        ("warning", true)
    );
    let aside = fs::read(&secret).unwrap();
    fs::remove_file(&secret).unwrap();
    let missing = workspace.run(&["--json", "doctor"], &[]);
    assert_eq!(verdict(&missing, "secret file"), "error");
    assert!(!secret.exists(), "it made one");
    fs::write(&secret, "A".repeat(43)).unwrap();
    assert_eq!(
        verdict(&workspace.run(&["--json", "doctor"], &[]), "secret file"),
        "error"
    );
    fs::write(&secret, aside).unwrap();

    let nobody = free_address();
    let smtp = format!("smtp://{nobody}");
    let url = format!("postgres://portal:hunter2@{nobody}/portal");
    for (name, value, about) in [
        ("PORTAL_SMTP_URL", smtp.as_str(), "mail"),
        ("PORTAL_MAIL_DIR", "portal", "mail"),
        ("DATABASE_URL", &url, "database"),
        ("DATABASE_URL", "sqlite:site/a.js", "database"),
        ("PORTAL_COOKIE_DOMAIN", "example.org", "settings"),
    ] {
        let broken = workspace.run(&["--json", "doctor"], &[(name, value)]);
        assert_eq!(
            verdict(&broken, about),
            "error",
            "{name}={value}: {}",
            stdout(&broken)
        );
        assert!(!stdout(&broken).contains("hunter2"));
        assert_eq!(stderr(&broken).lines().count(), 1);
    }
}

#[both_databases]
async fn doctor_compares_clocks(portal: TestPortal) {
    portal.owner("alice").await;
    // The portal of tests lives in another time than its database.
    let findings = backend::diagnose(&portal.config, &portal.clock).await;
    let clock = findings
        .iter()
        .find(|finding| finding.about == "clock")
        .unwrap();
    assert_eq!(clock.verdict, backend::Verdict::Broken, "{clock:?}");
    assert!(
        clock.sentence.contains("seconds from the database's clock"),
        "{clock:?}"
    );
}

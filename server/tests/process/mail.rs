//! Mail through a real SMTP server, over STARTTLS and with a login.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use backend::testing::{
    SmtpArrival, SmtpMood, SmtpProcess, SmtpSetting, TestPortal, both_databases, queue,
};
use backend::{Clock, DatabaseUrl, EmailTemplate, Portal};
use tokio::time::sleep;

use crate::workspace::{PortalProcess, Workspace};

const SENDER: &str = "Guild <mail@guild.example>";

/// A self-signed certificate for `localhost`, and its key.
fn certificate(folder: &Path) -> (PathBuf, PathBuf) {
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    let config = folder.join("openssl.cnf");
    let text = "[req]\ndistinguished_name = name\nx509_extensions = extensions\nprompt = no\n\
        [name]\nCN = localhost\n\
        [extensions]\nsubjectAltName = DNS:localhost\nbasicConstraints = critical, CA:FALSE\n";
    std::fs::write(&config, text).unwrap();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-nodes", "-days", "2", "-newkey", "ec"])
        .args(["-pkeyopt", "ec_paramgen_curve:prime256v1", "-config"])
        .arg(&config)
        .arg("-out")
        .arg(&certificate)
        .arg("-keyout")
        .arg(&key)
        .output()
        .expect("openssl, which scripts/setup installs for tests");
    assert!(made.status.success(), "{made:?}");
    (certificate, key)
}

fn start_smtp(certificate: &(PathBuf, PathBuf)) -> SmtpProcess {
    SmtpProcess::start(SmtpSetting {
        login: Some(("portal", "hunter2")),
        certificate: Some(certificate.clone()),
    })
}

/// Starts the binary on the test's database. It trusts only the given certificates.
fn serve(
    workspace: &Workspace,
    portal: &TestPortal,
    smtp: &SmtpProcess,
    trusted: &Path,
) -> PortalProcess {
    let database = match &portal.config.database_url {
        DatabaseUrl::Sqlite(file) => format!("sqlite:{}", file.display()),
        DatabaseUrl::Postgres(address) => address.clone(),
    };
    let server = format!(
        "smtp://portal:hunter2@localhost:{}?tls=required",
        smtp.port()
    );
    let mut serving = PortalProcess::start(
        workspace,
        &[
            ("DATABASE_URL", &database),
            (
                "PORTAL_SECRET_FILE",
                &portal.config.secret_file.to_string_lossy(),
            ),
            ("PORTAL_SMTP_URL", &server),
            ("PORTAL_MAIL_FROM", SENDER),
            ("PORTAL_LOG", "debug"),
            ("SSL_CERT_FILE", &trusted.to_string_lossy()),
        ],
    );
    assert!(serving.line().starts_with("Portal is running at"));
    serving
}

/// A second server on the same database, with the mail sender and the clock of the binary.
async fn second_server(portal: &TestPortal) -> Portal {
    let mut config = portal.config.clone();
    config.mail.from = Some(SENDER.parse().unwrap());
    Portal::open(&config, Clock::System).await.unwrap()
}

async fn ids(portal: &TestPortal) -> BTreeSet<String> {
    let stored = portal.stored_mail().await;
    stored.into_iter().map(|(_, id)| id).collect()
}

async fn wait_for(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !done().await {
        assert!(begun.elapsed() < Duration::from_mins(2), "no {what}");
        sleep(Duration::from_millis(50)).await;
    }
}

#[both_databases]
async fn mail_is_sent_over_starttls_and_survives_two_crashes(portal: TestPortal) {
    let workspace = Workspace::new();
    let certificate = certificate(portal.folder());
    let mut smtp = start_smtp(&certificate);
    let serving = serve(&workspace, &portal, &smtp, &certificate.0);
    let second_server = second_server(&portal).await;

    queue(
        &second_server,
        "alice@example.org",
        &EmailTemplate::PasswordChanged,
    )
    .await;
    let arrival = smtp.next();
    assert!(arrival.secure);
    assert_eq!(arrival.user.as_deref(), Some("portal"));
    assert_eq!(arrival.from, "mail@guild.example");
    assert_eq!(arrival.mail.header("From"), SENDER);
    wait_for("empty queue", async || {
        portal.count("mail_queue").await == 0
    })
    .await;

    // The server dies with a message in its hands, then the portal does.
    smtp.mood(SmtpMood::Die);
    queue(
        &second_server,
        "bob@example.org",
        &EmailTemplate::PasswordChanged,
    )
    .await;
    let mut expected = ids(&portal).await;
    let doubtful = smtp.next();
    expected.insert(doubtful.message_id());
    for name in ["carol", "dave"] {
        queue(
            &second_server,
            &format!("{name}@example.org"),
            &EmailTemplate::FactorsReset,
        )
        .await;
    }
    expected.extend(ids(&portal).await);
    assert_eq!(expected.len(), 3);
    // Once the portal knows that the server is gone, so that nothing is claimed: a claim lasts two
    // minutes, while what failed is tried again within one.
    let tries = "mail_queue where attempts > 0";
    let soon = Clock::System.now() + Duration::from_mins(1);
    let claims = format!("{tries} and next_attempt_at > {}", soon.as_micros());
    wait_for("try", async || {
        portal.count(tries).await >= 2 && portal.count(&claims).await == 0
    })
    .await;
    drop(serving);

    let smtp = smtp.restart();
    let serving = serve(&workspace, &portal, &smtp, &certificate.0);
    let mut arrived: BTreeMap<String, SmtpArrival> = BTreeMap::new();
    while !arrived.keys().eq(&expected) {
        let arrival = smtp.next();
        arrived.insert(arrival.message_id(), arrival);
    }
    let repeated = &arrived[&doubtful.message_id()];
    assert_eq!(repeated.mail.raw(), doubtful.mail.raw());
    wait_for("empty queue", async || {
        portal.count("mail_queue").await == 0
    })
    .await;

    let (ended_well, log) = serving.stop();
    assert!(ended_well);
    for secret in ["hunter2", "alice", "bob@", "carol", "dave"] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[both_databases]
async fn mail_server_with_an_unknown_certificate_gets_nothing(portal: TestPortal) {
    let workspace = Workspace::new();
    let others = portal.folder().join("others");
    std::fs::create_dir(&others).unwrap();
    let smtp = start_smtp(&certificate(portal.folder()));
    let serving = serve(&workspace, &portal, &smtp, &certificate(&others).0);
    let second_server = second_server(&portal).await;
    queue(
        &second_server,
        "alice@example.org",
        &EmailTemplate::PasswordChanged,
    )
    .await;
    let tries = "mail_queue where attempts > 0";
    wait_for("try", async || portal.count(tries).await == 1).await;
    let (ended_well, log) = serving.stop();
    assert!(ended_well);
    assert!(
        log.contains("mail not sent") && log.contains("certificate"),
        "{log}"
    );
    assert!(!log.contains("alice") && !log.contains("hunter2"), "{log}");
    assert!(smtp.next_within(Duration::from_millis(200)).is_none());
    assert_eq!(portal.count("mail_queue").await, 1);
}

//! Email: queued in the transaction that causes it, encrypted, sent at least once, and wiped
//! (docs/contract.md, Email and mail).

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use backend::testing::{
    TestPortal, both_databases, client, minutes, queue, queue_and_roll_back, rounds,
};
use backend::{DeliveryReport, EmailTemplate, MailTransport, Portal, Token};
use tokio::sync::{Barrier, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::subscriber::set_default;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

const ALICE: &str = "alice@example.org";
const NOTHING: DeliveryReport = DeliveryReport {
    sent: 0,
    postponed: 0,
    dropped: 0,
};
const ONE_SENT: DeliveryReport = DeliveryReport { sent: 1, ..NOTHING };
const ONE_POSTPONED: DeliveryReport = DeliveryReport {
    postponed: 1,
    ..NOTHING
};
const ONE_DROPPED: DeliveryReport = DeliveryReport {
    dropped: 1,
    ..NOTHING
};

fn code(portal: &TestPortal) -> EmailTemplate<'static> {
    EmailTemplate::EmailCode {
        code: "271828",
        expires_at: portal.now() + minutes(10),
    }
}

/// Counts the log lines about email delivery that would warn an operator.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<usize>>);

impl<S: Subscriber> Layer<S> for Warnings {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let about = event.metadata();
        if about.target().starts_with("backend::mail") && *about.level() <= Level::WARN {
            *self.0.lock().unwrap() += 1;
        }
    }
}

/// A mail folder that can't be written to until it is [`revived`](revive).
fn dead(portal: &TestPortal) -> MailTransport {
    let folder = portal.folder().join("dead");
    fs::write(&folder, "a file").unwrap();
    MailTransport::Folder(folder)
}

fn revive(portal: &TestPortal) {
    fs::remove_file(portal.folder().join("dead")).unwrap();
}

fn files_in(folder: &Path) -> Vec<fs::DirEntry> {
    fs::read_dir(folder).map_or_else(|_| Vec::new(), |entries| entries.flatten().collect())
}

#[both_databases]
async fn a_letter_comes_as_a_file_and_leaves_the_queue(portal: TestPortal) {
    portal.queue(ALICE, &code(&portal)).await;
    let (_, id) = portal.stored_mail().await.remove(0);
    let mail = portal.last_mail_to(ALICE).await;
    assert_eq!(mail.header("From"), "Portal <no-reply@portal.example.org>");
    assert_eq!(mail.header("Subject"), "Your code for Portal");
    assert_eq!(mail.header("Date"), "Tue, 31 Mar 2026 15:53:16 +0000");
    assert_eq!(mail.header("Message-ID"), id);
    assert_eq!(mail.code(), "271828");
    assert_eq!(mail.link(), "https://portal.example.org/account/security");
    assert!(mail.html().contains("<strong>271828</strong>"));
    assert_eq!(portal.count("mail_queue").await, 0);
    assert_eq!(portal.deliver_mail().await.unwrap(), NOTHING);

    let files = files_in(&portal.mail_folder());
    assert_eq!(files.len(), 1);
    assert_eq!(
        files[0].metadata().unwrap().permissions().mode() & 0o777,
        0o600
    );
    let name = files[0].file_name().into_string().unwrap();
    assert!(name.starts_with("2026-03-31T155316.763528Z-"), "{name}");
}

#[both_databases]
async fn a_letter_to_nobody_warns_nobody(portal: TestPortal) {
    let warnings = Warnings::default();
    let _listening = set_default(tracing_subscriber::registry().with(warnings.clone()));
    portal.request_recovery("nobody", &client()).await.unwrap();
    assert_eq!(portal.deliver_mail().await.unwrap(), ONE_DROPPED);
    assert_eq!(*warnings.0.lock().unwrap(), 0);
    portal.queue(ALICE, &code(&portal)).await;
    portal.advance(minutes(11));
    assert_eq!(portal.deliver_mail().await.unwrap(), ONE_DROPPED);
    assert_eq!(*warnings.0.lock().unwrap(), 1);
}

#[both_databases]
async fn a_cause_that_is_rolled_back_sends_nothing(portal: TestPortal) {
    queue_and_roll_back(&portal, ALICE, &EmailTemplate::PasswordChanged).await;
    assert_eq!(portal.count("mail_queue").await, 0);
    assert_eq!(portal.deliver_mail().await.unwrap(), NOTHING);
    assert!(files_in(&portal.mail_folder()).is_empty());
}

#[both_databases]
async fn neither_address_nor_code_is_readable_in_the_queue(portal: TestPortal) {
    portal.queue(ALICE, &code(&portal)).await;
    let (sealed, id) = portal.stored_mail().await.remove(0);
    for secret in [
        &b"alice"[..],
        b"example",
        b"271828",
        b"Subject",
        b"Your code",
    ] {
        let found = sealed.windows(secret.len()).any(|window| window == secret);
        assert!(!found, "{}", String::from_utf8_lossy(secret));
    }
    let known = id.starts_with('<') && id.ends_with("@portal.example.org>") && id.len() == 53;
    assert!(known, "{id}");
}

/// A message moved to another row can't be decrypted, so copying a row can't redirect a code.
#[both_databases]
async fn a_message_is_bound_to_its_row(portal: TestPortal) {
    portal.queue(ALICE, &code(&portal)).await;
    portal.execute("update mail_queue set id = id + 1").await;
    assert_eq!(portal.deliver_mail().await.unwrap(), ONE_POSTPONED);
    assert!(files_in(&portal.mail_folder()).is_empty());
    portal.advance(minutes(10));
    assert_eq!(portal.deliver_mail().await.unwrap(), ONE_DROPPED);
}

#[both_databases]
async fn links_are_made_from_the_base_url(portal: TestPortal) {
    let token = Token::random().unwrap();
    let expires_at = portal.now() + minutes(30);
    for (letter, path) in [
        (
            EmailTemplate::PasswordReset {
                token: &token,
                expires_at,
            },
            "recover",
        ),
        (
            EmailTemplate::ConfirmEmail {
                token: &token,
                expires_at,
            },
            "email",
        ),
    ] {
        portal.queue(ALICE, &letter).await;
        let link = portal.last_mail_to(ALICE).await.link();
        assert_eq!(
            link,
            format!("https://portal.example.org/{path}/{}", token.reveal())
        );
    }
}

#[both_databases]
async fn what_can_not_be_sent_is_tried_again_and_keeps_its_id(portal: TestPortal) {
    let server = portal.server_with_mail(dead(&portal)).await;
    portal.queue(ALICE, &EmailTemplate::PasswordChanged).await;
    let (sealed, id) = portal.stored_mail().await.remove(0);
    let pauses = [10, 60, 300, 900, 3600, 3600, 3600];
    for pause in pauses {
        assert_eq!(server.deliver_mail().await.unwrap(), ONE_POSTPONED);
        assert_eq!(
            server.deliver_mail().await.unwrap(),
            NOTHING,
            "at once again"
        );
        portal.advance(Duration::from_secs(pause - 1));
        assert_eq!(
            server.deliver_mail().await.unwrap(),
            NOTHING,
            "before {pause} s"
        );
        portal.advance(Duration::from_secs(1));
    }
    assert_eq!(portal.stored_mail().await, [(sealed, id.clone())]);
    revive(&portal);
    assert_eq!(server.deliver_mail().await.unwrap(), ONE_SENT);
    let files = files_in(&portal.folder().join("dead"));
    let raw = fs::read_to_string(files[0].path()).unwrap();
    assert_eq!(raw.matches(&format!("Message-ID: {id}\r\n")).count(), 1);
    assert_eq!(portal.count("mail_queue").await, 0);
}

#[both_databases]
async fn after_three_days_a_message_is_given_up(portal: TestPortal) {
    let server = portal.server_with_mail(dead(&portal)).await;
    portal.queue(ALICE, &EmailTemplate::PasswordChanged).await;
    let mut tries = 0;
    while portal.count("mail_queue").await == 1 {
        let round = server.deliver_mail().await.unwrap();
        tries += round.postponed + round.dropped;
        portal.advance(minutes(60));
        assert!(tries < 100);
    }
    // The retry delays are shorter than the hour steps of this test.
    assert_eq!(tries, 73);
}

#[both_databases]
async fn what_has_run_out_is_not_sent(portal: TestPortal) {
    portal.queue(ALICE, &code(&portal)).await;
    portal.advance(minutes(10));
    assert_eq!(portal.deliver_mail().await.unwrap(), ONE_DROPPED);
    assert_eq!(portal.count("mail_queue").await, 0);
    assert!(files_in(&portal.mail_folder()).is_empty());

    portal.queue(ALICE, &code(&portal)).await;
    portal.advance(Duration::from_secs(599));
    assert_eq!(portal.deliver_mail().await.unwrap(), ONE_SENT);
}

#[both_databases]
async fn one_dead_letter_does_not_hold_up_the_others(portal: TestPortal) {
    portal.queue(ALICE, &EmailTemplate::PasswordChanged).await;
    portal.execute("update mail_queue set id = id + 1").await;
    portal.advance(Duration::from_secs(1));
    portal
        .queue("bob@example.org", &EmailTemplate::FactorsReset)
        .await;
    let round = portal.deliver_mail().await.unwrap();
    assert_eq!(
        round,
        DeliveryReport {
            sent: 1,
            postponed: 1,
            dropped: 0
        }
    );
}

#[both_databases]
async fn the_queue_survives_a_restart(portal: TestPortal) {
    let server = portal.server_with_mail(dead(&portal)).await;
    for n in 0..25 {
        queue(
            &server,
            &format!("n{n}@example.org"),
            &EmailTemplate::FactorsReset,
        )
        .await;
    }
    assert_eq!(server.deliver_mail().await.unwrap(), ONE_POSTPONED);
    server.close().await;
    portal.advance(minutes(1));
    let again = portal.second_server().await.unwrap();
    let all = DeliveryReport {
        sent: 25,
        ..NOTHING
    };
    assert_eq!(again.deliver_mail().await.unwrap(), all);
    for n in 0..25 {
        assert_eq!(portal.mail_to(&format!("n{n}@example.org")).await.len(), 1);
    }
}

#[both_databases]
async fn two_servers_send_each_message_once(portal: TestPortal) {
    let folders = ["one", "two"].map(|name| portal.folder().join(name));
    let transports = folders.clone().map(MailTransport::Folder);
    let mut servers = Vec::new();
    for transport in transports {
        servers.push(Arc::new(portal.server_with_mail(transport).await));
    }
    for round in 0..rounds() {
        for n in 0..6 {
            portal
                .queue(
                    &format!("n{n}@example.org"),
                    &EmailTemplate::PasswordChanged,
                )
                .await;
        }
        let barrier = Arc::new(Barrier::new(4));
        let mut racers = JoinSet::new();
        for task in 0..4 {
            let (server, barrier) = (servers[task % 2].clone(), barrier.clone());
            racers.spawn(async move {
                barrier.wait().await;
                server.deliver_mail().await.unwrap().sent
            });
        }
        let sent: usize = racers.join_all().await.into_iter().sum();
        assert_eq!(sent, 6, "round {round}");
        assert_eq!(portal.count("mail_queue").await, 0);
    }
    let files: Vec<_> = folders.iter().flat_map(|folder| files_in(folder)).collect();
    let names: BTreeSet<_> = files.iter().map(fs::DirEntry::file_name).collect();
    assert_eq!((files.len(), names.len()), (6 * rounds(), 6 * rounds()));
}

#[both_databases]
async fn a_round_that_fails_is_not_the_last(portal: TestPortal) {
    portal.queue(ALICE, &EmailTemplate::PasswordChanged).await;
    portal
        .execute("alter table mail_queue rename to lost")
        .await;
    let (_stop, stopped) = watch::channel(());
    let delivery = tokio::spawn(Portal::deliver_mail_until(portal.share(), stopped));
    portal.until_mail_rounds(1).await;
    portal
        .execute("alter table lost rename to mail_queue")
        .await;
    let begun = Instant::now();
    while portal.count("mail_queue").await > 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "it gave up");
        sleep(Duration::from_millis(100)).await;
    }
    delivery.abort();
}

#[both_databases]
async fn a_commit_wakes_the_delivery_and_a_stop_ends_it(portal: TestPortal) {
    let (stop, stopped) = watch::channel(());
    let delivery = tokio::spawn(Portal::deliver_mail_until(portal.share(), stopped));
    // It is idle and asleep by now, so only the commit can wake it.
    portal.until_mail_rounds(1).await;
    let queued = Instant::now();
    portal.queue(ALICE, &EmailTemplate::PasswordChanged).await;
    while portal.count("mail_queue").await > 0 {
        assert!(queued.elapsed() < Duration::from_secs(4), "it slept on");
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(files_in(&portal.mail_folder()).len(), 1);
    drop(stop);
    timeout(Duration::from_secs(4), delivery)
        .await
        .expect("an end")
        .unwrap();
}

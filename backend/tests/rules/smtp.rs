//! Email through a real SMTP server in its own process, which dies, hangs and rejects messages.
//! For TLS, see `server/tests/mail.rs`.

use std::collections::BTreeSet;
use std::time::Duration;

use backend::testing::{
    SmtpMood, SmtpProcess, SmtpSetting, TestPortal, both_databases, minutes, queue,
};
use backend::{DeliveryReport, EmailTemplate, MailTransport, Portal, SmtpUrl};
use tokio::time::timeout;

const ALICE: &str = "alice@example.org";
const LOGIN: (&str, &str) = ("portal@example.org", "p:/ssé");

fn start() -> SmtpProcess {
    SmtpProcess::start(SmtpSetting {
        login: Some(LOGIN),
        certificate: None,
    })
}

async fn portal_with(portal: &TestPortal, login: &str, server: &SmtpProcess) -> Portal {
    let url = format!("smtp://{login}127.0.0.1:{}", server.port());
    let url: SmtpUrl = url.parse().unwrap();
    let transport = MailTransport::smtp(&url, "portal.example.org");
    portal.server_with_mail(transport).await
}

async fn sender(portal: &TestPortal, server: &SmtpProcess) -> Portal {
    portal_with(portal, "portal%40example.org:p%3A%2Fss%C3%A9@", server).await
}

async fn round(portal: &Portal) -> (usize, usize, usize) {
    let DeliveryReport {
        sent,
        postponed,
        dropped,
    } = portal.deliver_mail().await.unwrap();
    (sent, postponed, dropped)
}

async fn ids(portal: &TestPortal) -> BTreeSet<String> {
    let stored = portal.stored_mail().await;
    stored.into_iter().map(|(_, id)| id).collect()
}

#[both_databases]
async fn a_letter_goes_through_the_server(portal: TestPortal) {
    let smtp = start();
    let server = sender(&portal, &smtp).await;
    portal
        .queue(
            ALICE,
            &EmailTemplate::EmailCode {
                code: "271828",
                expires_at: portal.now() + minutes(10),
            },
        )
        .await;
    let expected = ids(&portal).await;
    assert_eq!(round(&server).await, (1, 0, 0));
    let arrival = smtp.next();
    assert_eq!(arrival.from, "no-reply@portal.example.org");
    assert_eq!(arrival.to, [ALICE]);
    assert_eq!(arrival.user.as_deref(), Some(LOGIN.0));
    assert_eq!(BTreeSet::from([arrival.message_id()]), expected);
    assert_eq!(arrival.mail.code(), "271828");
    assert_eq!(portal.count("mail_queue").await, 0);
}

#[both_databases]
async fn a_wrong_login_loses_nothing(portal: TestPortal) {
    let smtp = start();
    let wrong = portal_with(&portal, "portal:wrong@", &smtp).await;
    portal.queue(ALICE, &EmailTemplate::PasswordChanged).await;
    for _ in 0..10 {
        assert_eq!(round(&wrong).await, (0, 1, 0));
        portal.advance(minutes(60));
    }
    assert_eq!(round(&sender(&portal, &smtp).await).await, (1, 0, 0));
    assert_eq!(smtp.next().to, [ALICE]);
}

/// The server dies after taking a message but before acknowledging it. More messages are queued, Portal
/// is reopened and the server returns: every message arrives, the unacknowledged one twice and
/// byte-identical.
#[both_databases]
async fn a_server_that_dies_midway_loses_nothing(portal: TestPortal) {
    let mut smtp = start();
    let server = sender(&portal, &smtp).await;
    for n in 0..3 {
        portal
            .queue(
                &format!("before{n}@example.org"),
                &EmailTemplate::PasswordChanged,
            )
            .await;
    }
    let mut expected = ids(&portal).await;
    smtp.mood(SmtpMood::Die);
    assert_eq!(round(&server).await, (0, 1, 0));
    let doubtful = smtp.next();
    for n in 0..3 {
        portal
            .queue(
                &format!("after{n}@example.org"),
                &EmailTemplate::FactorsReset,
            )
            .await;
    }
    expected.extend(ids(&portal).await);
    assert_eq!(round(&server).await, (0, 1, 0));
    server.close().await;

    let smtp = smtp.restart();
    portal.advance(Duration::from_secs(10));
    let again = sender(&portal, &smtp).await;
    assert_eq!(round(&again).await, (6, 0, 0));
    let arrivals: Vec<_> = (0..6).map(|_| smtp.next()).collect();
    let arrived: BTreeSet<String> = arrivals
        .iter()
        .map(backend::testing::SmtpArrival::message_id)
        .collect();
    assert_eq!(arrived, expected);
    let repeated = arrivals
        .iter()
        .find(|arrival| arrival.message_id() == doubtful.message_id());
    assert_eq!(repeated.unwrap().mail.raw(), doubtful.mail.raw());
    assert_eq!(portal.count("mail_queue").await, 0);
}

/// Portal dies while the server is still processing: no one else sends the message until its claim
/// expires, and then it is sent.
#[both_databases]
async fn a_portal_that_dies_midway_loses_nothing(portal: TestPortal) {
    let mut smtp = start();
    let server = sender(&portal, &smtp).await;
    portal.queue(ALICE, &EmailTemplate::PasswordChanged).await;
    smtp.mood(SmtpMood::Hang);
    let killed = timeout(Duration::from_secs(3), server.deliver_mail()).await;
    assert!(killed.is_err());
    let first = smtp.next();
    server.close().await;

    smtp.mood(SmtpMood::Accept);
    let again = sender(&portal, &smtp).await;
    portal.advance(Duration::from_secs(119));
    assert_eq!(round(&again).await, (0, 0, 0));
    portal.advance(Duration::from_secs(1));
    assert_eq!(round(&again).await, (1, 0, 0));
    assert_eq!(smtp.next().message_id(), first.message_id());
}

#[both_databases]
async fn a_message_that_is_put_off_lets_the_others_pass(portal: TestPortal) {
    let mut smtp = start();
    let server = sender(&portal, &smtp).await;
    smtp.mood(SmtpMood::Defer);
    for name in ["a", "b"] {
        queue(
            &server,
            &format!("{name}@example.org"),
            &EmailTemplate::PasswordChanged,
        )
        .await;
    }
    assert_eq!(round(&server).await, (0, 2, 0));
    drop((smtp.next(), smtp.next()));
    smtp.mood(SmtpMood::Accept);
    portal.advance(Duration::from_secs(10));
    assert_eq!(round(&server).await, (2, 0, 0));
}

#[both_databases]
async fn a_lasting_refusal_is_believed_at_the_fifth_time(portal: TestPortal) {
    let mut smtp = start();
    let server = sender(&portal, &smtp).await;
    smtp.mood(SmtpMood::Refuse);
    portal.queue(ALICE, &EmailTemplate::PasswordChanged).await;
    for _ in 0..4 {
        assert_eq!(round(&server).await, (0, 1, 0));
        portal.advance(minutes(15));
    }
    assert_eq!(round(&server).await, (0, 0, 1));
    assert_eq!(portal.count("mail_queue").await, 0);
}

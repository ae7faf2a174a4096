//! Every wrong code gets the same response after the same work.
//!
//! Asserting equal times would be flaky, so this test compares the work: whatever is wrong with a code,
//! Portal sends the database the same statements in the same order. Apart from these, it computes one
//! keyed hash.
//!
//! The same holds for names: a wrong password or a forgotten one takes the same statements whether or
//! not the account exists (ASVS 6.3.8, security A09).
//!
//! The test has a process of its own, because it captures all statements of the process.

#![cfg(test)]

use std::sync::{Arc, Mutex};

use backend::testing::{
    TestPortal, browser_at, browser_cookie, client, client_at, minutes, verified,
};
use backend::{LinkRequest, LoginChannel, PasswordLogin, Token, VerifyCode};
use domain::{Client, PermissionLevel};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

/// The statements sent to the database, as logged by the store, except those that begin and end a
/// transaction: SQLite shares transactions.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        struct Text(Option<String>);
        impl Visit for Text {
            fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
                if field.name() == "text" {
                    self.0 = Some(format!("{value:?}"));
                }
            }
        }
        if event.metadata().target() == "portal::statement" {
            let mut text = Text(None);
            event.record(&mut text);
            self.0.lock().unwrap().extend(text.0);
        }
    }
}

impl Statements {
    /// All statements since the last call.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

async fn work_of(
    portal: &TestPortal,
    statements: &Statements,
    code: &str,
    from: (&Client, Option<&Token>),
) -> Vec<String> {
    statements.take();
    let request = VerifyCode {
        code,
        identity: None,
        factor: None,
        client: from.0,
        browser: from.1,
    };
    assert!(portal.verify_code(request).await.is_err(), "{code}");
    statements.take()
}

async fn every_wrong_code_takes_the_same_work(portal: TestPortal, statements: &Statements) {
    let bot = portal.bot("discord").await;
    let used = {
        portal.ask("discord", "1").await.unwrap();
        let code = portal.carry(&bot, "1").await.unwrap().remove(0).code;
        portal.verify(code.reveal()).await.unwrap();
        code
    };
    portal.ask("discord", "2").await.unwrap();
    let old = portal.carry(&bot, "2").await.unwrap().remove(0).code;
    portal.advance(minutes(10));
    portal.ask("discord", "3").await.unwrap();
    let foreign = portal.carry(&bot, "3").await.unwrap().remove(0).code;
    let own_browser = browser_cookie();
    portal
        .ask_from("discord", "4", &client(), Some(&own_browser))
        .await
        .unwrap();
    let other_browser = portal.carry(&bot, "4").await.unwrap().remove(0).code;
    portal.person("alice", PermissionLevel::User).await;
    let alice = portal
        .login("alice", backend::testing::PASSWORD)
        .await
        .unwrap();
    let alice = portal.person_of(&alice).await;
    let id = "5".parse().unwrap();
    portal
        .request_link(LinkRequest {
            person: &alice,
            platform: "discord",
            id: &id,
            client: &client(),
        })
        .await
        .unwrap();
    let link = portal.carry(&bot, "5").await.unwrap().remove(0).code;

    let here = client();
    let elsewhere = client_at("198.51.100.7");
    let thief = browser_cookie();
    // 8: a row lock, four reads of attempts, the attempt, the code and the audit log. With a
    // browser, two more for its own codes.
    for (browser, statements_sent) in [(None, 8), (Some(&thief), 10)] {
        let expected = work_of(&portal, statements, "Vy8nFKq2", (&here, browser)).await;
        assert_eq!(expected.len(), statements_sent, "{expected:#?}");
        for (what, code, client) in [
            ("no code at all", "", &here),
            ("no code of ours", "0OIl0OIl", &here),
            ("long", "Vy8nFKq2Vy8nFKq2Vy8nFKq2", &here),
            ("used", used.reveal(), &here),
            ("run out", old.reveal(), &here),
            ("of another network", foreign.reveal(), &elsewhere),
            ("of another browser", other_browser.reveal(), &here),
            ("for linking", link.reveal(), &here),
        ] {
            let work = work_of(&portal, statements, code, (client, browser)).await;
            assert_eq!(work, expected, "a code that is {what}");
        }
        portal.advance(minutes(1));
        // The attempts of the first round must not count in the second.
        portal.execute("delete from code_attempts").await;
    }
}

/// The statements of a refused login.
async fn work_of_login(
    portal: &TestPortal,
    statements: &Statements,
    (name, password): (&str, &str),
    client: &Client,
) -> Vec<String> {
    statements.take();
    let request = PasswordLogin {
        identifier: name,
        password,
        factor: None,
        client,
        channel: LoginChannel::Page,
    };
    assert!(portal.login_with_password(request).await.is_err(), "{name}");
    statements.take()
}

async fn unknown_names_take_the_work_of_known_ones(portal: TestPortal, statements: &Statements) {
    const WRONG: &str = "not the password of anybody";
    for (name, email) in [("alice", "alice@example.org"), ("bob", "bob@example.org")] {
        portal.person(name, PermissionLevel::User).await;
        verified(&portal, name, email).await;
    }
    portal.person("carol", PermissionLevel::User).await;
    portal.person("banned", PermissionLevel::User).await;
    portal.ban("banned").await;
    portal.person("locked", PermissionLevel::User).await;
    portal
        .execute("update users set failed_passwords = 90 where username_key = 'locked'")
        .await;
    portal.person("without", PermissionLevel::User).await;
    portal
        .execute("update users set password_hash = null where username_key = 'without'")
        .await;
    let names = [
        "alice",
        "banned",
        "locked",
        "without",
        "nobody",
        "no name at all",
    ];
    // 11: the name, two row locks, five reads of attempts, two statements for the attempt and the
    // audit log. A browser adds a read of known devices; an IPv6 /48 adds a row lock and three reads.
    for (client, statements_sent) in [
        (client_at("203.0.113.7"), 11),
        (browser_at("203.0.113.7"), 12),
        (client_at("2001:db8::1"), 15),
    ] {
        portal.execute("delete from password_attempts").await;
        let expected = work_of_login(&portal, statements, ("carol", WRONG), &client).await;
        assert_eq!(expected.len(), statements_sent, "{expected:#?}");
        for name in names {
            let work = work_of_login(&portal, statements, (name, WRONG), &client).await;
            assert_eq!(work, expected, "{name}");
        }
        // The same while the next attempt has to wait.
        for name in ["carol", "nobody"] {
            for _ in 0..5 {
                drop(work_of_login(&portal, statements, (name, WRONG), &client).await);
                portal.advance(minutes(1));
            }
        }
        let one = work_of_login(&portal, statements, ("carol", WRONG), &client).await;
        let other = work_of_login(&portal, statements, ("nobody", WRONG), &client).await;
        assert_eq!(one, other);
        portal.advance(minutes(60));
    }

    let here = client_at("198.51.100.7");
    let forgotten = async |typed: &str| {
        statements.take();
        portal.request_recovery(typed, &here).await.unwrap();
        statements.take()
    };
    let expected = forgotten("alice").await;
    // The rate limits of the network and the person, the person, the link, the email, the audit log.
    assert_eq!(expected.len(), 14, "{expected:#?}");
    for typed in [
        "bob",
        "bob@example.org",
        "carol",
        "banned",
        "nobody",
        "nobody@example.org",
        "no name at all",
    ] {
        assert_eq!(forgotten(typed).await, expected, "{typed}");
    }
    // The same once no more emails are sent.
    portal.advance(minutes(10));
    for typed in ["alice", "alice", "nobody", "nobody"] {
        drop(forgotten(typed).await);
    }
    let one = forgotten("alice").await;
    assert_eq!(forgotten("nobody").await, one);
    assert!(one.len() < expected.len());
}

#[test]
fn whatever_is_wrong_takes_the_same_work_on_both_engines() {
    let statements = Statements::default();
    let subscriber = tracing_subscriber::registry().with(statements.clone());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        every_wrong_code_takes_the_same_work(TestPortal::on_sqlite().await, &statements).await;
        every_wrong_code_takes_the_same_work(TestPortal::on_postgres().await, &statements).await;
        unknown_names_take_the_work_of_known_ones(TestPortal::on_sqlite().await, &statements).await;
        unknown_names_take_the_work_of_known_ones(TestPortal::on_postgres().await, &statements)
            .await;
    });
}

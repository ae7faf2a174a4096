//! "Every wrong code gives one and the same answer, also in time": time itself can't be
//! tested without now and then being wrong, but what takes it can. Whatever is wrong with a
//! code, the portal sends the database the same statements in the same order; all else is one
//! keyed hash.
//!
//! Alone in its process: it listens to all statements of it.

#![cfg(test)]

use std::sync::{Arc, Mutex};

use backend::testing::{TestPortal, browser_cookie, client, client_at, minutes};
use backend::{LinkRequest, Token, VerifyCode};
use domain::{Client, PermissionLevel};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

/// The statements the database was sent, as sqlx logs them.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        struct Summary(Option<String>);
        impl Visit for Summary {
            fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
                if field.name() == "summary" {
                    self.0 = Some(format!("{value:?}"));
                }
            }
        }
        if event.metadata().target() == "sqlx::query" {
            let mut summary = Summary(None);
            event.record(&mut summary);
            self.0.lock().unwrap().extend(summary.0);
        }
    }
}

impl Statements {
    /// All since the last time, but for what the pool says to a connection it has just made.
    fn take(&self) -> Vec<String> {
        let mut statements = std::mem::take(&mut *self.0.lock().unwrap());
        let is_ours = |text: &String| !text.starts_with("\"set ") && !text.starts_with("\"pragma ");
        statements.retain(is_ours);
        statements
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
    for browser in [None, Some(&thief)] {
        let expected = work_of(&portal, statements, "Vy8nFKq2", (&here, browser)).await;
        // Count, look, write down.
        assert!(expected.len() >= 5, "{expected:?}");
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
        // The guesses of the first turn are not to be those of the second.
        portal.execute("delete from code_guesses").await;
    }
}

#[test]
fn every_wrong_code_takes_the_same_work_on_both_engines() {
    let statements = Statements::default();
    let subscriber = tracing_subscriber::registry().with(statements.clone());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        every_wrong_code_takes_the_same_work(TestPortal::on_sqlite().await, &statements).await;
        every_wrong_code_takes_the_same_work(TestPortal::on_postgres().await, &statements).await;
    });
}

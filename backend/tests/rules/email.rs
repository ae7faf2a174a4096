//! A person's email address: entered, verified by an emailed link, and unique (docs/contract.md,
//! Email and mail).

use std::sync::Arc;

use backend::testing::{PASSWORD, TestPortal, both_databases, client, minutes, rounds};
use backend::{Person, Portal, Problem, SetEmail, Token};
use domain::{ConfirmEmailError, PermissionLevel, SetEmailError};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

async fn person(portal: &TestPortal, name: &str) -> Person {
    portal.person(name, PermissionLevel::User).await;
    here(portal, name).await
}

/// The person with a fresh login.
async fn here(portal: &TestPortal, name: &str) -> Person {
    let session = portal.login(name, PASSWORD).await.unwrap();
    portal.person_of(&session).await
}

async fn set(portal: &TestPortal, person: &Person, email: &str) -> Result<(), SetEmailError> {
    let (email, client) = (email.parse().unwrap(), client());
    let request = SetEmail {
        person,
        email: &email,
        factor: None,
        client: &client,
    };
    portal.set_email(request).await.map_err(refusal)
}

async fn confirm(portal: &Portal, token: &Token) -> Result<String, ConfirmEmailError> {
    let confirmed = portal.confirm_email(token, &client()).await;
    confirmed
        .map(|email| email.as_str().to_owned())
        .map_err(refusal)
}

fn refusal<E>(problem: Problem<E>) -> E {
    match problem {
        Problem::Refused(error) => error,
        Problem::Failed(failure) => panic!("{failure}"),
    }
}

/// The token in the last email to this address.
async fn link(portal: &TestPortal, email: &str) -> Token {
    let link = portal.last_mail_to(email).await.link();
    let token = link.strip_prefix("https://portal.example.org/email/");
    token.expect("a link to the page").parse().unwrap()
}

async fn verified(portal: &TestPortal, name: &str) -> Option<String> {
    let user = here(portal, name).await.user;
    user.verified_email().map(|email| email.as_str().to_owned())
}

/// The person with a verified address.
async fn confirmed(portal: &TestPortal, name: &str, email: &str) -> Person {
    let person = person(portal, name).await;
    set(portal, &person, email).await.unwrap();
    confirm(portal, &link(portal, email).await).await.unwrap();
    here(portal, name).await
}

#[both_databases]
async fn an_address_is_somebodys_once_the_link_was_followed(portal: TestPortal) {
    let alice = person(&portal, "alice").await;
    set(&portal, &alice, "Alice@example.org").await.unwrap();
    let user = here(&portal, "alice").await.user;
    assert_eq!(
        user.email.as_ref().unwrap().address.as_str(),
        "Alice@example.org"
    );
    assert_eq!(user.verified_email(), None);
    assert_eq!(
        portal
            .awaited_email(&alice)
            .await
            .unwrap()
            .unwrap()
            .email
            .as_str(),
        "Alice@example.org"
    );
    let token = link(&portal, "Alice@example.org").await;
    // Opening the page doesn't use up the link.
    for _ in 0..3 {
        let offer = portal.email_offer(&token).await.unwrap().unwrap();
        assert_eq!(
            (offer.username.as_str(), offer.email.as_str()),
            ("alice", "Alice@example.org")
        );
    }
    assert_eq!(verified(&portal, "alice").await, None);
    assert_eq!(
        confirm(&portal, &token).await.as_deref(),
        Ok("Alice@example.org")
    );
    assert_eq!(
        verified(&portal, "alice").await.as_deref(),
        Some("Alice@example.org")
    );
    assert_eq!(confirm(&portal, &token).await, Err(ConfirmEmailError::Dead));
    assert_eq!(portal.email_offer(&token).await.unwrap(), None);
    assert_eq!(portal.awaited_email(&alice).await.unwrap(), None);
    let log = portal.audit_log().await;
    for event in ["email.requested", "email.confirmed"] {
        assert_eq!(
            log.iter().filter(|(found, _)| found == event).count(),
            1,
            "{event}"
        );
    }
}

#[both_databases]
async fn the_old_address_stays_in_force_until_then_and_is_told(portal: TestPortal) {
    let alice = confirmed(&portal, "alice", "alice@example.org").await;
    set(&portal, &alice, "liddell@example.net").await.unwrap();
    assert_eq!(
        verified(&portal, "alice").await.as_deref(),
        Some("alice@example.org")
    );
    assert_eq!(portal.mail_to("alice@example.org").await.len(), 1);
    confirm(&portal, &link(&portal, "liddell@example.net").await)
        .await
        .unwrap();
    assert_eq!(
        verified(&portal, "alice").await.as_deref(),
        Some("liddell@example.net")
    );
    let told = portal.last_mail_to("alice@example.org").await;
    assert!(
        told.header("Subject").contains("was changed"),
        "{}",
        told.raw()
    );
    assert!(told.text().contains("l***@example.net"));
}

#[both_databases]
async fn only_the_latest_link_works_and_for_a_day(portal: TestPortal) {
    let alice = person(&portal, "alice").await;
    set(&portal, &alice, "alice@example.org").await.unwrap();
    let first = link(&portal, "alice@example.org").await;
    set(&portal, &alice, "liddell@example.net").await.unwrap();
    assert_eq!(confirm(&portal, &first).await, Err(ConfirmEmailError::Dead));
    let second = link(&portal, "liddell@example.net").await;
    portal.advance(minutes(24 * 60));
    assert_eq!(portal.email_offer(&second).await.unwrap(), None);
    assert_eq!(
        confirm(&portal, &second).await,
        Err(ConfirmEmailError::Dead)
    );
    assert_eq!(verified(&portal, "alice").await, None);
    portal.clean_up().await.unwrap();
    assert_eq!(portal.count("pending_emails").await, 0);
}

#[both_databases]
async fn another_persons_address_is_told_to_who_reads_its_mail_alone(portal: TestPortal) {
    confirmed(&portal, "alice", "shared@example.org").await;
    let bob = person(&portal, "bob").await;
    // The response is the same as for any other address.
    set(&portal, &bob, "Shared@Example.org").await.unwrap();
    let token = link(&portal, "Shared@Example.org").await;
    assert_eq!(
        confirm(&portal, &token).await,
        Err(ConfirmEmailError::Taken)
    );
    assert_eq!(verified(&portal, "bob").await, None);
    assert_eq!(
        verified(&portal, "alice").await.as_deref(),
        Some("shared@example.org")
    );
    assert_eq!(
        portal
            .audit_log()
            .await
            .iter()
            .filter(|(event, _)| event == "email.refused")
            .count(),
        1
    );
}

#[both_databases]
async fn of_two_who_confirm_one_address_at_once_one_wins(portal: TestPortal) {
    let people = [person(&portal, "alice").await, person(&portal, "bob").await];
    let servers = [
        portal.share(),
        Arc::new(portal.second_server().await.unwrap()),
    ];
    for round in 0..rounds() {
        let email = format!("shared{round}@example.org");
        let mut tokens = Vec::new();
        for who in &people {
            set(&portal, who, &email).await.unwrap();
            tokens.push(link(&portal, &email).await);
            portal.execute("delete from mail_queue").await;
        }
        let barrier = Arc::new(Barrier::new(4));
        let mut racers = JoinSet::new();
        // Each link is also used twice at once.
        for task in 0..4 {
            let (server, token, barrier) = (
                servers[task % 2].clone(),
                tokens[task / 2].clone(),
                barrier.clone(),
            );
            racers.spawn(async move {
                barrier.wait().await;
                confirm(&server, &token).await
            });
        }
        let answers = racers.join_all().await;
        assert_eq!(
            answers.iter().filter(|answer| answer.is_ok()).count(),
            1,
            "round {round}: {answers:?}"
        );
        assert_eq!(
            answers
                .iter()
                .filter(|answer| **answer == Err(ConfirmEmailError::Taken))
                .count(),
            1
        );
        portal.execute("delete from rate_limit_events").await;
    }
}

#[both_databases]
async fn a26_nobodys_inbox_is_flooded(portal: TestPortal) {
    let wait = |minutes_left| {
        Err(SetEmailError::TooManyLetters {
            retry_after: minutes(minutes_left),
        })
    };
    let alice = person(&portal, "alice").await;
    for n in 0..3 {
        set(&portal, &alice, &format!("a{n}@example.org"))
            .await
            .unwrap();
    }
    assert_eq!(set(&portal, &alice, "a3@example.org").await, wait(10));
    assert_eq!(portal.mail_to("a3@example.org").await.len(), 0);
    // The pending address is unchanged.
    assert_eq!(
        portal
            .awaited_email(&alice)
            .await
            .unwrap()
            .unwrap()
            .email
            .as_str(),
        "a2@example.org"
    );
    // The limit of an address covers all people and spellings.
    for (n, name) in ["bob", "carol", "dave"].into_iter().enumerate() {
        let who = person(&portal, name).await;
        let email = if n == 1 {
            "Victim@Example.org"
        } else {
            "victim@example.org"
        };
        set(&portal, &who, email).await.unwrap();
    }
    let eve = person(&portal, "eve").await;
    assert_eq!(set(&portal, &eve, "victim@example.org").await, wait(60));
    // A refused request doesn't count against the person.
    for n in 0..3 {
        set(&portal, &eve, &format!("e{n}@example.org"))
            .await
            .unwrap();
    }
    portal.advance(minutes(60));
    set(&portal, &here(&portal, "eve").await, "victim@example.org")
        .await
        .unwrap();
}

#[both_databases]
async fn budgets_are_exact_under_parallel_requests_and_over_a_restart(portal: TestPortal) {
    let alice = person(&portal, "alice").await;
    let barrier = Arc::new(Barrier::new(8));
    let mut racers = JoinSet::new();
    for task in 0..8 {
        let (server, alice, barrier) = (portal.share(), alice.clone(), barrier.clone());
        racers.spawn(async move {
            barrier.wait().await;
            let (email, client) = (format!("a{task}@example.org").parse().unwrap(), client());
            server
                .set_email(SetEmail {
                    person: &alice,
                    email: &email,
                    factor: None,
                    client: &client,
                })
                .await
                .is_ok()
        });
    }
    assert_eq!(
        racers
            .join_all()
            .await
            .into_iter()
            .filter(|sent| *sent)
            .count(),
        3
    );
    assert_eq!(portal.count("mail_queue").await, 3);
    let again = portal.second_server().await.unwrap();
    let (email, client) = ("b@example.org".parse().unwrap(), client());
    assert!(
        again
            .set_email(SetEmail {
                person: &alice,
                email: &email,
                factor: None,
                client: &client
            })
            .await
            .is_err()
    );
}

#[both_databases]
async fn it_takes_a_fresh_login_and_another_address(portal: TestPortal) {
    let alice = confirmed(&portal, "alice", "alice@example.org").await;
    assert_eq!(
        set(&portal, &alice, "ALICE@example.org").await,
        Err(SetEmailError::AlreadyVerified)
    );
    // Returning to the verified address cancels the pending one.
    set(&portal, &alice, "other@example.org").await.unwrap();
    let other = link(&portal, "other@example.org").await;
    assert_eq!(
        set(&portal, &alice, "alice@example.org").await,
        Err(SetEmailError::AlreadyVerified)
    );
    assert_eq!(confirm(&portal, &other).await, Err(ConfirmEmailError::Dead));
    portal.advance(minutes(10));
    assert_eq!(
        set(&portal, &alice, "late@example.org").await,
        Err(SetEmailError::NotFresh)
    );
    assert!(portal.mail_to("late@example.org").await.is_empty());
}

#[both_databases]
async fn a_restricted_person_confirms_nothing(portal: TestPortal) {
    let alice = person(&portal, "alice").await;
    set(&portal, &alice, "alice@example.org").await.unwrap();
    let token = link(&portal, "alice@example.org").await;
    portal.ban("alice").await;
    assert_eq!(confirm(&portal, &token).await, Err(ConfirmEmailError::Dead));
}

#[both_databases]
async fn tokens_are_stored_as_hashes(portal: TestPortal) {
    let alice = person(&portal, "alice").await;
    set(&portal, &alice, "alice@example.org").await.unwrap();
    let token = link(&portal, "alice@example.org").await.reveal();
    for row in portal.stored("pending_emails", "token_hash").await {
        assert_ne!(row.as_slice(), token.as_bytes());
        assert_eq!(row.len(), 32);
    }
    for row in portal.stored("rate_limit_events", "subject_hash").await {
        assert!(
            !row.windows(5).any(|part| part == b"alice"),
            "no address is kept for counting"
        );
    }
}

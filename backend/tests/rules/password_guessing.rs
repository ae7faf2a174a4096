//! Guessing passwords: attempts are counted before the comparison in every channel, by network, by
//! account and in a row. A known device has attempts of its own (ASVS 6.3.1, NIST SP 800-63B-4 3.2.2,
//! security A09 and A27).

use std::time::Duration;

use backend::testing::{
    PASSWORD, TestPortal, both_databases, browser_at, client, client_at, cookies_of, done, minutes,
    verified,
};
use backend::{
    LoginChannel, NewSession, PasswordLogin, Person, Problem, Proof, SetPassword, Visitor,
};
use domain::{Client, ConfirmError, PasswordLoginError, PermissionLevel, SetPasswordError};
use tokio::task::JoinSet;

const WRONG: &str = "not the password of anybody";
const OTHER: &str = "a heron waits by green water";

async fn log_in(
    portal: &TestPortal,
    name: &str,
    password: &str,
    client: &Client,
) -> Result<NewSession, PasswordLoginError> {
    let request = PasswordLogin {
        identifier: name,
        password,
        factor: None,
        client,
        channel: LoginChannel::Page,
    };
    match portal.login_with_password(request).await {
        Ok(step) => Ok(done(step)),
        Err(Problem::Refused(error)) => Err(error),
        Err(Problem::Failed(failure)) => panic!("{failure}"),
    }
}

/// How many of the wrong passwords were compared with a hash.
async fn compared(portal: &TestPortal, guesses: impl IntoIterator<Item = (String, Client)>) -> u64 {
    let before = portal.hash_runs();
    for (name, client) in guesses {
        let refused = log_in(portal, &name, WRONG, &client).await.unwrap_err();
        assert!(
            matches!(
                refused,
                PasswordLoginError::InvalidCredentials | PasswordLoginError::TooManyAttempts { .. }
            ),
            "{refused:?}"
        );
    }
    portal.hash_runs() - before
}

fn address(n: usize) -> Client {
    client_at(&format!("10.{}.{}.{}", n >> 16, n >> 8 & 255, n & 255))
}

/// The time until the next attempt.
fn wait(refused: PasswordLoginError) -> Duration {
    match refused {
        PasswordLoginError::TooManyAttempts { retry_after } => retry_after,
        other => panic!("{other:?}"),
    }
}

async fn alice(portal: &TestPortal) -> NewSession {
    portal.person("alice", PermissionLevel::User).await;
    portal.login("alice", PASSWORD).await.unwrap()
}

async fn set(portal: &TestPortal, me: &Person, old: &str) -> Result<NewSession, SetPasswordError> {
    let client = client();
    let request = SetPassword {
        person: me,
        old: Some(old),
        new: OTHER,
        factor: None,
        client: &client,
    };
    let set = portal.set_password(request).await;
    set.map_err(|problem| match problem {
        Problem::Refused(error) => error,
        Problem::Failed(failure) => panic!("{failure}"),
    })
}

#[both_databases]
async fn one_address_and_one_name(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let try_again = |n: usize| std::iter::repeat_n(("alice".to_owned(), client()), n);
    assert_eq!(compared(&portal, try_again(40)).await, 5);
    let mut day = 5;
    for _ in 0..24 * 6 {
        portal.advance(minutes(10));
        day += compared(&portal, try_again(5)).await;
    }
    assert!(day <= 200, "{day} compared in a day");
    // After ninety in a row the password is locked; the rest was compared with a decoy hash.
    portal.advance(minutes(24 * 60));
    assert_eq!(
        log_in(&portal, "alice", PASSWORD, &address(1))
            .await
            .unwrap_err(),
        PasswordLoginError::InvalidCredentials
    );
}

#[both_databases]
async fn one_address_and_many_names(portal: TestPortal) {
    let names = |from: usize| (from..from + 60).map(|n| (format!("person{n}"), client()));
    assert_eq!(compared(&portal, names(0)).await, 20);
    portal.advance(minutes(10));
    assert_eq!(compared(&portal, names(100)).await, 20);
    portal.advance(minutes(10));
    assert_eq!(compared(&portal, names(200)).await, 20);
    portal.advance(minutes(10));
    // The hourly limit is used up.
    assert_eq!(compared(&portal, names(300)).await, 0);
}

#[both_databases]
async fn many_addresses_and_one_name(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let botnet = |from: usize| (from..from + 60).map(|n| ("alice".to_owned(), address(n)));
    let mut all = 0;
    for hour in 0..4 {
        let hourly = compared(&portal, botnet(hour * 60)).await;
        assert_eq!(hourly, 30);
        all += hourly;
        portal.advance(minutes(60));
    }
    assert_eq!(all, 120);
    // After ninety failures in a row, even the right password is refused.
    assert_eq!(
        log_in(&portal, "alice", PASSWORD, &address(9999))
            .await
            .unwrap_err(),
        PasswordLoginError::InvalidCredentials
    );
}

#[both_databases]
async fn an_ipv6_48_has_eight_times_the_budget_of_a_64(portal: TestPortal) {
    let from = |network: usize, n: usize| {
        (0..n).map(move |i| {
            (
                format!("p{network}-{i}"),
                client_at(&format!("2001:db8:1:{network:x}::{i:x}")),
            )
        })
    };
    assert_eq!(compared(&portal, from(0, 25)).await, 20);
    let mut all = 20;
    for network in 1..12 {
        all += compared(&portal, from(network, 20)).await;
    }
    assert_eq!(all, 160);
}

#[both_databases]
async fn a_name_that_nobody_has_is_counted_like_any(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    for n in 0..8 {
        let client = address(n / 4);
        let one = log_in(&portal, "alice", WRONG, &client).await.unwrap_err();
        let other = log_in(&portal, "nobody", WRONG, &client).await.unwrap_err();
        assert_eq!(one, other, "guess {n}");
    }
    let client = client();
    for n in 0..8 {
        let one = log_in(&portal, "alice", WRONG, &client).await.unwrap_err();
        let other = log_in(&portal, " Nobody", WRONG, &client)
            .await
            .unwrap_err();
        assert_eq!(one, other, "guess {n}");
    }
    assert_eq!(
        wait(log_in(&portal, "ALICE", WRONG, &client).await.unwrap_err()),
        Duration::from_secs(5)
    );
    assert_eq!(
        wait(log_in(&portal, "nobody", WRONG, &client).await.unwrap_err()),
        Duration::from_secs(5)
    );
    // A locked password doesn't reveal the account either.
    portal
        .execute("update users set failed_passwords = 88")
        .await;
    portal.advance(minutes(60));
    for n in 0..40 {
        let client = address(100 + n);
        let one = log_in(&portal, "alice", WRONG, &client).await.unwrap_err();
        let other = log_in(&portal, "nobody", WRONG, &client).await.unwrap_err();
        assert_eq!(one, other, "guess {n}");
    }
    assert_eq!(portal.count("users where failed_passwords = 90").await, 1);
}

#[both_databases]
async fn the_delay_grows_and_passes(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let client = client();
    for _ in 0..5 {
        log_in(&portal, "alice", WRONG, &client).await.unwrap_err();
    }
    let mut waits = Vec::new();
    for _ in 0..4 {
        let left = wait(
            log_in(&portal, "alice", PASSWORD, &client)
                .await
                .unwrap_err(),
        );
        waits.push(left.as_secs());
        portal.advance(left);
        assert_eq!(
            log_in(&portal, "alice", WRONG, &client).await.unwrap_err(),
            PasswordLoginError::InvalidCredentials
        );
    }
    assert_eq!(waits, [5, 15, 30, 60]);
    // Another network doesn't have to wait.
    log_in(&portal, "alice", PASSWORD, &client_at("198.51.100.7"))
        .await
        .unwrap();
}

#[both_databases]
async fn a_right_password_gives_its_own_guess_back_and_no_other(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    portal.person("mallory", PermissionLevel::User).await;
    let client = client();
    for _ in 0..50 {
        log_in(&portal, "mallory", PASSWORD, &client).await.unwrap();
    }
    assert_eq!(portal.count("password_attempts").await, 0);
    // An attacker can't reset the limit by logging in to an account of their own.
    for n in 0..20 {
        assert_eq!(
            log_in(&portal, &format!("person{n}"), WRONG, &client)
                .await
                .unwrap_err(),
            PasswordLoginError::InvalidCredentials
        );
        if n < 19 {
            log_in(&portal, "mallory", PASSWORD, &client).await.unwrap();
        }
    }
    wait(
        log_in(&portal, "mallory", PASSWORD, &client)
            .await
            .unwrap_err(),
    );
}

#[both_databases]
async fn a_restart_forgets_no_guess(portal: TestPortal) {
    for n in 0..20 {
        log_in(&portal, &format!("person{n}"), WRONG, &client())
            .await
            .unwrap_err();
    }
    let second = portal.second_server().await.unwrap();
    let client = client();
    let request = PasswordLogin {
        identifier: "alice",
        password: PASSWORD,
        factor: None,
        client: &client,
        channel: LoginChannel::Program,
    };
    let refused = second.login_with_password(request).await;
    assert!(
        matches!(
            refused,
            Err(Problem::Refused(PasswordLoginError::TooManyAttempts { .. }))
        ),
        "{refused:?}"
    );
}

#[both_databases]
async fn a27_ten_thousand_strangers_do_not_keep_a_person_out_of_their_own_browser(
    portal: TestPortal,
) {
    portal.person("alice", PermissionLevel::User).await;
    let own = browser_at("203.0.113.7");
    log_in(&portal, "alice", PASSWORD, &own).await.unwrap();
    for round in 0..100 {
        for n in 0..100 {
            log_in(&portal, "alice", WRONG, &address(n))
                .await
                .unwrap_err();
        }
        portal.advance(minutes(3));
        if round % 25 == 0 {
            // Also from her own network.
            for _ in 0..8 {
                log_in(&portal, "alice", WRONG, &client())
                    .await
                    .unwrap_err();
            }
        }
    }
    assert!(
        log_in(&portal, "alice", PASSWORD, &address(500))
            .await
            .is_err()
    );
    log_in(&portal, "alice", PASSWORD, &own).await.unwrap();
    // Her own login resets the count, so her password works elsewhere again.
    portal.advance(minutes(61));
    log_in(&portal, "alice", PASSWORD, &address(501))
        .await
        .unwrap();
}

#[both_databases]
async fn somebody_elses_browser_is_a_stranger(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    portal.person("mallory", PermissionLevel::User).await;
    let browser = browser_at("203.0.113.7");
    log_in(&portal, "mallory", PASSWORD, &browser)
        .await
        .unwrap();
    let guesses = std::iter::repeat_n(("alice".to_owned(), browser), 20);
    assert_eq!(compared(&portal, guesses).await, 5);
}

#[both_databases]
async fn a_known_browser_has_ten_in_a_row_and_is_then_a_stranger(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let own = browser_at("203.0.113.7");
    log_in(&portal, "alice", PASSWORD, &own).await.unwrap();
    let again = |n: usize| std::iter::repeat_n(("alice".to_owned(), own.clone()), n);
    assert_eq!(compared(&portal, again(40)).await, 10 + 5);
    portal.advance(minutes(60));
    log_in(&portal, "alice", PASSWORD, &own).await.unwrap();
    assert_eq!(compared(&portal, again(10)).await, 10);
}

#[both_databases]
async fn a_hundred_wrong_ones_in_a_row_over_a_month_end_a_password(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    verified(&portal, "alice", "alice@example.org").await;
    for n in 0..90 {
        portal.advance(minutes(8 * 60));
        assert_eq!(
            log_in(&portal, "alice", WRONG, &client())
                .await
                .unwrap_err(),
            PasswordLoginError::InvalidCredentials,
            "{n}"
        );
    }
    portal.advance(minutes(24 * 60));
    for _ in 0..3 {
        assert_eq!(
            log_in(&portal, "alice", PASSWORD, &client())
                .await
                .unwrap_err(),
            PasswordLoginError::InvalidCredentials
        );
    }
    // She is notified once and can reset it.
    let letters = portal.mail_to("alice@example.org").await;
    assert_eq!(letters.len(), 1);
    assert_eq!(
        letters[0].header("Subject"),
        "Too many wrong passwords for your Portal account"
    );
    assert_eq!(letters[0].link(), "https://portal.example.org/recover");
    let log = portal.audit_log().await;
    assert_eq!(
        log.iter()
            .filter(|(event, _)| event == "password.locked")
            .count(),
        1
    );
}

#[both_databases]
async fn the_door_that_confirms_counts_too(portal: TestPortal) {
    let session = alice(&portal).await;
    let me = portal.person_of(&session).await;
    for n in 0..20 {
        log_in(&portal, &format!("person{n}"), WRONG, &client())
            .await
            .unwrap_err();
    }
    let before = portal.hash_runs();
    let refused = portal
        .confirm(&me, &Proof::Password(PASSWORD), &client())
        .await;
    assert!(
        matches!(
            refused,
            Err(Problem::Refused(ConfirmError::TooManyAttempts { .. }))
        ),
        "{refused:?}"
    );
    assert!(matches!(
        set(&portal, &me, PASSWORD).await.unwrap_err(),
        SetPasswordError::TooManyAttempts { .. }
    ));
    assert_eq!(portal.hash_runs(), before);
    portal.advance(minutes(9));
    assert!(
        portal
            .confirm(&me, &Proof::Password(PASSWORD), &client())
            .await
            .is_err()
    );
    portal.advance(minutes(1));
    portal
        .confirm(&me, &Proof::Password(WRONG), &client())
        .await
        .unwrap_err();
    assert_eq!(portal.count("password_attempts").await, 21);
    portal
        .confirm(&me, &Proof::Password(PASSWORD), &client())
        .await
        .unwrap();
    let me = portal.person_of(&session).await;
    set(&portal, &me, WRONG).await.unwrap_err();
    assert_eq!(portal.count("password_attempts").await, 22);
    set(&portal, &me, PASSWORD).await.unwrap();
    assert_eq!(portal.count("password_attempts").await, 22);
}

#[both_databases]
async fn a_session_that_is_not_fresh_guesses_nothing(portal: TestPortal) {
    let session = alice(&portal).await;
    let me = portal.person_of(&session).await;
    portal.advance(minutes(11));
    let before = portal.hash_runs();
    for old in [WRONG, PASSWORD] {
        assert_eq!(
            set(&portal, &me, old).await.unwrap_err(),
            SetPasswordError::NotFresh
        );
    }
    assert_eq!(
        (portal.hash_runs(), portal.count("password_attempts").await),
        (before, 0)
    );
    let session = portal.login("alice", PASSWORD).await.unwrap();
    assert!(matches!(
        portal.visitor(&cookies_of(&session)).await,
        Visitor::SignedIn(_)
    ));
}

#[both_databases]
async fn what_was_not_compared_is_no_guess(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let busy = portal.take_all_hashing();
    assert_eq!(
        log_in(&portal, "alice", PASSWORD, &client())
            .await
            .unwrap_err(),
        PasswordLoginError::Busy
    );
    drop(busy);
    assert_eq!(portal.count("password_attempts").await, 0);
    assert_eq!(portal.count("users where failed_passwords > 0").await, 0);
}

#[both_databases]
async fn a10_no_more_are_hashed_at_once_than_there_are_threads(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let mut logins = JoinSet::new();
    for n in 0..60 {
        let server = portal.share();
        logins.spawn(async move {
            let client = address(n);
            let request = PasswordLogin {
                identifier: "alice",
                password: WRONG,
                factor: None,
                client: &client,
                channel: LoginChannel::Page,
            };
            // Half of the clients disconnect during the request.
            let patience = if n % 2 == 0 {
                Duration::from_millis(n as u64 * 3)
            } else {
                Duration::from_mins(1)
            };
            tokio::time::timeout(patience, server.login_with_password(request))
                .await
                .is_ok()
        });
    }
    let answered = logins
        .join_all()
        .await
        .into_iter()
        .filter(|answered| *answered)
        .count();
    assert!((30..60).contains(&answered), "{answered}");
    // All workers were busy, which shows that the gauge works.
    assert_eq!(portal.most_hashed_at_once(), 2);
}

#[both_databases]
async fn neither_names_nor_marks_are_readable_where_guesses_are_kept(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let own = browser_at("203.0.113.7");
    log_in(&portal, "alice", PASSWORD, &own).await.unwrap();
    log_in(&portal, "hunter2 hunter2", WRONG, &client())
        .await
        .unwrap_err();
    let mark = own.browser.unwrap().as_str().as_bytes().to_vec();
    let stored = portal.stored_guesses().await;
    assert_eq!(stored.len(), 1 + 2);
    for bytes in stored {
        assert_eq!(bytes.len(), 32);
        assert!(
            !bytes
                .windows(7)
                .any(|part| part == b"hunter2" || mark.windows(7).any(|own| own == part))
        );
    }
}

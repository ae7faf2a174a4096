//! Email notifications about an account: each is sent once, without a code, and to verified addresses
//! only (ASVS 6.3.5).

use backend::testing::{
    PASSWORD, TestPortal, authenticator, both_databases, browser_at, client, client_at, done,
    minutes, verified,
};
use backend::{LoginChannel, LoginOutcome, NewSession, PasswordLogin, Person, SetPassword};
use domain::{Client, FactorKind, PermissionLevel, RecoveryCode, SecondFactorInput, UserAgent};

const MAIL: &str = "alice@example.org";
const NEW: &str = "a heron waits by green water";

async fn alice(portal: &TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    verified(portal, "alice", MAIL).await;
}

/// The subjects of new emails, sorted.
async fn news(portal: &TestPortal, seen: &mut usize) -> Vec<String> {
    let letters = portal.mail_to(MAIL).await;
    let new = letters[*seen..].iter().map(|letter| {
        let text = letter.text();
        let has_code = text
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit()));
        assert!(!has_code, "a code in {text}");
        letter.header("Subject")
    });
    let mut subjects: Vec<String> = new.collect();
    subjects.sort();
    *seen = letters.len();
    subjects
}

async fn step(
    portal: &TestPortal,
    factor: Option<&SecondFactorInput>,
    client: &Client,
) -> LoginOutcome<NewSession> {
    let request = PasswordLogin {
        identifier: "alice",
        password: PASSWORD,
        factor,
        client,
        channel: LoginChannel::Page,
    };
    portal.login_with_password(request).await.unwrap()
}

async fn log_in(portal: &TestPortal, client: &Client) -> NewSession {
    done(step(portal, None, client).await)
}

async fn me(portal: &TestPortal, session: &NewSession) -> Person {
    portal.person_of(session).await
}

async fn switch_on(
    portal: &TestPortal,
    session: &NewSession,
) -> (String, Vec<RecoveryCode>, NewSession) {
    let me = me(portal, session).await;
    let key = portal.offer_totp(&me).await.unwrap().secret;
    let code = authenticator(&key, portal.now());
    let on = portal.confirm_totp(&me, &code, &client()).await.unwrap();
    portal.advance(minutes(1));
    (key, on.recovery_codes, on.session)
}

fn wrong() -> SecondFactorInput {
    SecondFactorInput::SixDigits("000000".parse().unwrap())
}

#[both_databases]
async fn a_changed_password_is_news_once(portal: TestPortal) {
    alice(&portal).await;
    let mut seen = 0;
    let session = log_in(&portal, &client()).await;
    let (me, client) = (me(&portal, &session).await, client());
    assert!(
        portal
            .set_password(SetPassword {
                person: &me,
                old: Some(NEW),
                new: NEW,
                factor: None,
                client: &client
            })
            .await
            .is_err()
    );
    assert!(news(&portal, &mut seen).await.is_empty());
    portal
        .set_password(SetPassword {
            person: &me,
            old: Some(PASSWORD),
            new: NEW,
            factor: None,
            client: &client,
        })
        .await
        .unwrap();
    assert_eq!(
        news(&portal, &mut seen).await,
        ["Your Portal password was changed"]
    );
    assert_eq!(
        portal.last_mail_to(MAIL).await.link(),
        "https://portal.example.org/recover"
    );
}

#[both_databases]
async fn a_password_by_a_link_is_news_once(portal: TestPortal) {
    alice(&portal).await;
    let mut seen = 0;
    portal.request_recovery("alice", &client()).await.unwrap();
    assert_eq!(
        news(&portal, &mut seen).await,
        ["Reset your Portal password"]
    );
    let link = portal.last_mail_to(MAIL).await.link();
    let token = link.rsplit('/').next().unwrap().parse().unwrap();
    let client = client();
    let request = backend::Recover {
        token: &token,
        new: NEW,
        factor: None,
        client: &client,
    };
    portal.recover(request).await.unwrap();
    assert!(portal.recover(request).await.is_err());
    assert_eq!(
        news(&portal, &mut seen).await,
        ["Your Portal password was changed"]
    );
}

#[both_databases]
async fn factors_and_recovery_codes_are_news_once_each(portal: TestPortal) {
    alice(&portal).await;
    let mut seen = 0;
    let session = log_in(&portal, &client()).await;
    let (key, _, session) = switch_on(&portal, &session).await;
    assert_eq!(
        news(&portal, &mut seen).await,
        ["A two-factor method was added to your Portal account"]
    );
    let shown = SecondFactorInput::SixDigits(authenticator(&key, portal.now()));
    let renewed = portal
        .renew_recovery_codes(&me(&portal, &session).await, &shown, &client())
        .await
        .unwrap();
    assert_eq!(
        news(&portal, &mut seen).await,
        ["New recovery codes for your Portal account"]
    );
    let code = SecondFactorInput::Recovery(renewed.recovery_codes[0].clone());
    done(step(&portal, Some(&code), &client()).await);
    step(&portal, Some(&code), &client()).await;
    let subjects = news(&portal, &mut seen).await;
    assert_eq!(
        subjects,
        [
            "A recovery code was used for your Portal account",
            "Someone knows your Portal password"
        ]
    );
    let used = portal
        .mail_to(MAIL)
        .await
        .into_iter()
        .find(|letter| letter.header("Subject").starts_with("A recovery code"))
        .unwrap();
    assert!(used.text().contains("You have 9 left."), "{}", used.text());
    portal.advance(minutes(1));
    let shown = SecondFactorInput::SixDigits(authenticator(&key, portal.now()));
    portal
        .remove_factor(
            &me(&portal, &renewed.session).await,
            FactorKind::Totp,
            &shown,
            &client(),
        )
        .await
        .unwrap();
    assert_eq!(
        news(&portal, &mut seen).await,
        ["A two-factor method was removed from your Portal account"]
    );
}

#[both_databases]
async fn a_locked_factor_is_news_once(portal: TestPortal) {
    alice(&portal).await;
    let mut seen = 0;
    let own = browser_at("203.0.113.7");
    let session = log_in(&portal, &own).await;
    switch_on(&portal, &session).await;
    news(&portal, &mut seen).await;
    for _ in 0..25 {
        portal.advance(minutes(16));
        step(&portal, Some(&wrong()), &own).await;
    }
    // Mistakes in her own browser cause no notification, but the lock of the app does.
    assert_eq!(
        news(&portal, &mut seen).await,
        ["Two-factor authentication is locked for your Portal account"]
    );
    let log = portal.audit_log().await;
    assert_eq!(
        log.iter()
            .filter(|(event, _)| event == "factor.locked")
            .count(),
        1
    );
}

#[both_databases]
async fn a_right_password_without_the_factor_is_news_once_a_day(portal: TestPortal) {
    alice(&portal).await;
    let mut seen = 0;
    let session = log_in(&portal, &browser_at("203.0.113.7")).await;
    switch_on(&portal, &session).await;
    news(&portal, &mut seen).await;
    let thief = browser_at("198.51.100.7");
    for _ in 0..4 {
        let LoginOutcome::SecondFactorRequired(challenged) = step(&portal, None, &thief).await
        else {
            panic!("let in")
        };
        assert!(
            portal
                .finish_login(&challenged.challenge, &wrong(), &thief, None)
                .await
                .is_err()
        );
    }
    assert_eq!(
        news(&portal, &mut seen).await,
        ["Someone knows your Portal password"]
    );
    let text = portal.last_mail_to(MAIL).await.text();
    assert!(
        text.contains("Firefox on Linux, from 198.51.100.7, on 31 March 2026"),
        "{text}"
    );
    portal.advance(minutes(24 * 60 - 1));
    step(&portal, Some(&wrong()), &thief).await;
    assert!(news(&portal, &mut seen).await.is_empty());
    portal.advance(minutes(1));
    step(&portal, Some(&wrong()), &thief).await;
    assert_eq!(
        news(&portal, &mut seen).await,
        ["Someone knows your Portal password"]
    );
}

#[both_databases]
async fn a_browser_not_seen_before_is_news_and_the_first_one_is_none(portal: TestPortal) {
    alice(&portal).await;
    let mut seen = 0;
    let own = browser_at("203.0.113.7");
    log_in(&portal, &own).await;
    log_in(&portal, &own).await;
    // Her browser in another network, without cookies, and a program.
    log_in(
        &portal,
        &Client {
            ip: "198.51.100.1".parse().unwrap(),
            ..own.clone()
        },
    )
    .await;
    log_in(&portal, &browser_at("203.0.113.7")).await;
    log_in(&portal, &client()).await;
    assert!(news(&portal, &mut seen).await.is_empty());
    for stranger in [
        browser_at("198.51.100.7"),
        client_at("198.51.100.8"),
        Client {
            user_agent: UserAgent::new("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"),
            ..client()
        },
    ] {
        log_in(&portal, &stranger).await;
        log_in(&portal, &stranger).await;
        assert_eq!(
            news(&portal, &mut seen).await,
            ["New login to your Portal account"]
        );
    }
    let text = portal.last_mail_to(MAIL).await.text();
    assert!(
        text.contains("Chrome on Windows, from 203.0.113.7"),
        "{text}"
    );
}

#[both_databases]
async fn a_login_by_a_code_in_another_browser_is_news_too(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let user = portal.newcomer(&bot, "5").await.session.user;
    verified(&portal, &user.username, MAIL).await;
    let code = portal.send(&bot, "5").await.unwrap().code;
    portal
        .verify_from(code.reveal(), &client_at("198.51.100.7"), None)
        .await
        .unwrap();
    let mut seen = 0;
    assert_eq!(
        news(&portal, &mut seen).await,
        ["New login to your Portal account"]
    );
}

#[both_databases]
async fn with_a_new_password_only_the_own_browser_is_known(portal: TestPortal) {
    alice(&portal).await;
    let mut seen = 0;
    let (own, thief) = (browser_at("203.0.113.7"), browser_at("198.51.100.7"));
    log_in(&portal, &thief).await;
    let session = log_in(&portal, &own).await;
    news(&portal, &mut seen).await;
    let me = me(&portal, &session).await;
    portal
        .set_password(SetPassword {
            person: &me,
            old: Some(PASSWORD),
            new: NEW,
            factor: None,
            client: &own,
        })
        .await
        .unwrap();
    news(&portal, &mut seen).await;
    let again = |client| PasswordLogin {
        identifier: "alice",
        password: NEW,
        factor: None,
        client,
        channel: LoginChannel::Page,
    };
    portal.login_with_password(again(&own)).await.unwrap();
    assert!(news(&portal, &mut seen).await.is_empty());
    portal.login_with_password(again(&thief)).await.unwrap();
    assert_eq!(
        news(&portal, &mut seen).await,
        ["New login to your Portal account"]
    );
}

#[both_databases]
async fn nothing_is_sent_to_an_address_that_nobody_confirmed(portal: TestPortal) {
    alice(&portal).await;
    portal
        .execute("update users set email_verified_at = null")
        .await;
    let session = log_in(&portal, &client()).await;
    log_in(&portal, &client_at("198.51.100.7")).await;
    let (_, codes, session) = switch_on(&portal, &session).await;
    step(&portal, Some(&wrong()), &client_at("198.51.100.8")).await;
    let me = me(&portal, &session).await;
    let client = client();
    let factor = SecondFactorInput::Recovery(codes[0].clone());
    portal
        .set_password(SetPassword {
            person: &me,
            old: Some(PASSWORD),
            new: NEW,
            factor: Some(&factor),
            client: &client,
        })
        .await
        .unwrap();
    assert_eq!(portal.count("mail_queue").await, 0);
}

#[both_databases]
async fn news_of_what_was_rolled_back_is_none(portal: TestPortal) {
    alice(&portal).await;
    let session = log_in(&portal, &client()).await;
    let me = me(&portal, &session).await;
    // The session ends during the request, so nothing changes.
    portal.sign_out(&me, &client()).await.unwrap();
    let client = client();
    let set = SetPassword {
        person: &me,
        old: Some(PASSWORD),
        new: NEW,
        factor: None,
        client: &client,
    };
    assert!(portal.set_password(set).await.is_err());
    assert_eq!(portal.count("mail_queue").await, 0);
}

//! Password reset by an emailed link (docs/contract.md, Password reset, security A26).

use std::sync::Arc;

use backend::testing::{
    PASSWORD, TestPortal, authenticator, both_databases, client, client_at, cookies_of, minutes,
    rounds, verified,
};
use backend::{
    LoginChannel, LoginOutcome, NewSession, PasswordLogin, Problem, Proof, Recover, Recovery,
    Token, Visitor,
};
use domain::{
    AskRecoveryError, FactorError, FactorKind, NewPasswordError, PasswordWeakness, PermissionLevel,
    RecoverError, RecoveryCode, SecondFactorInput,
};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const MAIL: &str = "alice@example.org";
const NEW: &str = "a heron waits by green water";
/// Long enough only with a second factor.
const SHORT: &str = "tin-goat-9";

async fn alice(portal: &TestPortal) -> NewSession {
    portal.person("alice", PermissionLevel::User).await;
    verified(portal, "alice", MAIL).await;
    portal.login("alice", PASSWORD).await.unwrap()
}

async fn ask(portal: &TestPortal, typed: &str) {
    portal.request_recovery(typed, &client()).await.unwrap();
}

/// The token in the last email.
async fn token(portal: &TestPortal) -> Token {
    let letter = portal.last_mail_to(MAIL).await;
    assert_eq!(letter.header("Subject"), "Reset your Portal password");
    let link = letter.link();
    let token = link.strip_prefix("https://portal.example.org/recover/");
    token.expect("a link of ours").parse().expect("a token")
}

async fn asked(portal: &TestPortal) -> Token {
    ask(portal, "alice").await;
    token(portal).await
}

async fn recover(
    portal: &TestPortal,
    token: &Token,
    new: &str,
    factor: Option<&SecondFactorInput>,
) -> Result<Recovery, RecoverError> {
    let client = client();
    let request = Recover {
        token,
        new,
        factor,
        client: &client,
    };
    portal
        .recover(request)
        .await
        .map_err(|problem| match problem {
            Problem::Refused(error) => error,
            Problem::Failed(failure) => panic!("{failure}"),
        })
}

/// Enables Alice's app; returns its key, her recovery codes and her session.
async fn switch_on(
    portal: &TestPortal,
    session: &NewSession,
) -> (String, Vec<RecoveryCode>, NewSession) {
    let me = portal.person_of(session).await;
    let key = portal.offer_totp(&me).await.unwrap().secret;
    let code = authenticator(&key, portal.now());
    let on = portal.confirm_totp(&me, &code, &client()).await.unwrap();
    portal.advance(minutes(1));
    (key, on.recovery_codes, on.session)
}

fn shown(portal: &TestPortal, key: &str) -> SecondFactorInput {
    SecondFactorInput::SixDigits(authenticator(key, portal.now()))
}

fn kinds(recovery: Recovery) -> Vec<FactorKind> {
    match recovery {
        Recovery::FactorMissing(methods) | Recovery::FactorWrong(methods) => {
            methods.iter().map(|method| method.kind).collect()
        }
        Recovery::Done => panic!("done without the factor"),
    }
}

async fn is_signed_in(portal: &TestPortal, session: &NewSession) -> bool {
    let visitor = portal.visitor(&cookies_of(session)).await;
    matches!(visitor, Visitor::SignedIn(_))
}

#[both_databases]
async fn a_link_sets_a_new_password_ends_all_sessions_and_logs_nobody_in(portal: TestPortal) {
    let session = alice(&portal).await;
    let token = asked(&portal).await;
    let offer = portal.recovery_offer(&token).await.unwrap().unwrap();
    assert_eq!(
        (
            offer.username.as_str(),
            offer.policy.shortest,
            offer.takes_factor
        ),
        ("alice", 15, false)
    );
    assert!(is_signed_in(&portal, &session).await);
    assert_eq!(
        recover(&portal, &token, NEW, None).await,
        Ok(Recovery::Done)
    );
    assert!(!is_signed_in(&portal, &session).await);
    assert_eq!(portal.count("sessions where ended_at is null").await, 0);
    portal.login("alice", PASSWORD).await.unwrap_err();
    portal.login("alice", NEW).await.unwrap();
    let log = portal.audit_log().await;
    for event in ["password.recovery_requested", "password.recovered"] {
        assert_eq!(
            log.iter().filter(|(found, _)| found == event).count(),
            1,
            "{event}"
        );
    }
}

#[both_databases]
async fn a_link_works_once_for_thirty_minutes_and_only_on_success(portal: TestPortal) {
    alice(&portal).await;
    let token = asked(&portal).await;
    for (weak, error) in [
        ("too short", NewPasswordError::TooShort),
        (
            "correct horse battery staple",
            NewPasswordError::Weak(PasswordWeakness::Common),
        ),
        (
            "alicealicealice",
            NewPasswordError::Weak(PasswordWeakness::Personal),
        ),
    ] {
        assert_eq!(
            recover(&portal, &token, weak, None).await,
            Err(RecoverError::Password(error))
        );
    }
    portal.advance(minutes(29));
    assert_eq!(
        recover(&portal, &token, NEW, None).await,
        Ok(Recovery::Done)
    );
    assert_eq!(
        recover(&portal, &token, NEW, None).await,
        Err(RecoverError::Dead)
    );
    assert!(portal.recovery_offer(&token).await.unwrap().is_none());

    portal.advance(minutes(60));
    let late = asked(&portal).await;
    portal.advance(minutes(30));
    assert_eq!(
        recover(&portal, &late, PASSWORD, None).await,
        Err(RecoverError::Dead)
    );
    assert_eq!(
        recover(&portal, &Token::random().unwrap(), PASSWORD, None).await,
        Err(RecoverError::Dead)
    );
}

#[both_databases]
async fn name_number_and_address_lead_to_the_person(portal: TestPortal) {
    let id = alice(&portal).await.user.id;
    for (n, typed) in ["Alice", &id.to_string(), " ALICE@example.org "]
        .into_iter()
        .enumerate()
    {
        ask(&portal, typed).await;
        assert_eq!(portal.mail_to(MAIL).await.len(), n + 1, "{typed}");
    }
}

#[both_databases]
async fn only_a_verified_address_is_written_to(portal: TestPortal) {
    alice(&portal).await;
    portal
        .execute("update users set email_verified_at = null")
        .await;
    portal.person("bob", PermissionLevel::User).await;
    for typed in [
        "alice",
        MAIL,
        "bob",
        "nobody",
        "nobody@example.org",
        "",
        "\0",
        "a' or 1=1 --",
    ] {
        ask(&portal, typed).await;
    }
    assert_eq!(portal.count("mail_queue").await, 8);
    portal.deliver_mail().await.unwrap();
    assert!(portal.mail_to(MAIL).await.is_empty());
    assert!(
        !portal.mail_folder().exists()
            || std::fs::read_dir(portal.mail_folder())
                .unwrap()
                .next()
                .is_none()
    );
    assert_eq!(portal.count("mail_queue").await, 0);
    assert_eq!(
        portal
            .count("password_resets where user_id is not null")
            .await,
        0
    );
}

#[both_databases]
async fn whoever_is_restricted_gets_the_one_answer_and_nothing_else(portal: TestPortal) {
    alice(&portal).await;
    let token = asked(&portal).await;
    portal.ban("alice").await;
    ask(&portal, "alice").await;
    assert_eq!(portal.mail_to(MAIL).await.len(), 1);
    // A link from before doesn't work either.
    assert!(portal.recovery_offer(&token).await.unwrap().is_none());
    assert_eq!(
        recover(&portal, &token, NEW, None).await,
        Err(RecoverError::Dead)
    );
}

#[both_databases]
async fn an_inbox_is_not_flooded_and_the_person_can_still_log_in(portal: TestPortal) {
    alice(&portal).await;
    for n in 0..100 {
        portal
            .request_recovery("alice", &client_at(&format!("198.51.100.{n}")))
            .await
            .unwrap();
    }
    assert_eq!(portal.mail_to(MAIL).await.len(), 3);
    portal.login("alice", PASSWORD).await.unwrap();
    // A new link doesn't replace earlier ones.
    let links: Vec<String> = portal
        .mail_to(MAIL)
        .await
        .iter()
        .map(backend::testing::ReceivedMail::link)
        .collect();
    let first: Token = links[0].rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(
        recover(&portal, &first, NEW, None).await,
        Ok(Recovery::Done)
    );
    // Once a password is set, the other links are dead.
    for link in &links[1..] {
        let token: Token = link.rsplit('/').next().unwrap().parse().unwrap();
        assert_eq!(
            recover(&portal, &token, PASSWORD, None).await,
            Err(RecoverError::Dead)
        );
    }
    for _ in 0..30 {
        portal.advance(minutes(60));
        portal.request_recovery("alice", &client()).await.unwrap();
        portal.deliver_mail().await.unwrap();
    }
    let letters = portal.mail_to(MAIL).await;
    let resets = letters
        .iter()
        .filter(|letter| {
            letter
                .header("Subject")
                .starts_with("Reset your Portal password")
        })
        .count();
    assert!((3 + 8..=3 + 8 + 6).contains(&resets), "{resets}");
}

#[both_databases]
async fn a_network_that_asks_too_often_is_told_so_for_whomever_it_asks(portal: TestPortal) {
    alice(&portal).await;
    for n in 0..10 {
        ask(&portal, &format!("person{n}")).await;
    }
    for typed in ["alice", "nobody"] {
        let refused = portal.request_recovery(typed, &client()).await;
        assert!(
            matches!(refused, Err(Problem::Refused(AskRecoveryError::TooManyRequests { retry_after })) if retry_after == minutes(10)),
            "{refused:?}"
        );
    }
    assert!(portal.mail_to(MAIL).await.is_empty());
    portal
        .request_recovery("alice", &client_at("198.51.100.7"))
        .await
        .unwrap();
    portal.advance(minutes(10));
    ask(&portal, "alice").await;
    // A /48 has eight times the limit of a /64.
    for n in 0..80 {
        portal
            .request_recovery("somebody", &client_at(&format!("2001:db8:1:{n:x}::1")))
            .await
            .unwrap();
    }
    assert!(
        portal
            .request_recovery("somebody", &client_at("2001:db8:1:ffff::1"))
            .await
            .is_err()
    );
    portal
        .request_recovery("somebody", &client_at("2001:db8:2::1"))
        .await
        .unwrap();
}

#[both_databases]
async fn a_link_does_not_get_past_the_second_factor(portal: TestPortal) {
    let session = alice(&portal).await;
    let (key, _, session) = switch_on(&portal, &session).await;
    let token = asked(&portal).await;
    let offer = portal.recovery_offer(&token).await.unwrap().unwrap();
    assert_eq!((offer.policy.shortest, offer.takes_factor), (8, true));
    let missing = recover(&portal, &token, NEW, None).await.unwrap();
    assert!(matches!(missing, Recovery::FactorMissing(_)));
    assert_eq!(kinds(missing), [FactorKind::Totp, FactorKind::Recovery]);
    let wrong = SecondFactorInput::SixDigits("000000".parse().unwrap());
    let wrong = recover(&portal, &token, NEW, Some(&wrong)).await.unwrap();
    assert!(matches!(wrong, Recovery::FactorWrong(_)));
    assert_eq!(kinds(wrong), [FactorKind::Totp, FactorKind::Recovery]);
    assert!(is_signed_in(&portal, &session).await);
    let waiting = match portal
        .login_with_password(sign_in(&client()))
        .await
        .unwrap()
    {
        LoginOutcome::SecondFactorRequired(step) => step.challenge,
        LoginOutcome::Done(_) => panic!("no second step"),
    };
    let right = shown(&portal, &key);
    assert_eq!(
        recover(&portal, &token, SHORT, Some(&right)).await,
        Ok(Recovery::Done)
    );
    assert!(!is_signed_in(&portal, &session).await);
    // A pending login has ended, and a new one requires the factor as before.
    assert!(portal.pending_login(&waiting).await.unwrap().is_none());
    let client = client();
    let step = portal
        .login_with_password(PasswordLogin {
            password: SHORT,
            ..sign_in(&client)
        })
        .await
        .unwrap();
    assert!(matches!(step, LoginOutcome::SecondFactorRequired(_)));
}

#[both_databases]
async fn wrong_factors_beside_a_link_are_counted_like_all(portal: TestPortal) {
    let session = alice(&portal).await;
    let (key, codes, _) = switch_on(&portal, &session).await;
    let token = asked(&portal).await;
    let wrong = SecondFactorInput::SixDigits("000000".parse().unwrap());
    for _ in 0..5 {
        assert!(matches!(
            recover(&portal, &token, NEW, Some(&wrong)).await,
            Ok(Recovery::FactorWrong(_))
        ));
    }
    let right = shown(&portal, &key);
    assert!(matches!(
        recover(&portal, &token, NEW, Some(&right)).await,
        Err(RecoverError::TooManyFactorAttempts { .. })
    ));
    let code = SecondFactorInput::Recovery(codes[0].clone());
    assert_eq!(
        recover(&portal, &token, NEW, Some(&code)).await,
        Ok(Recovery::Done)
    );
    let log = portal.audit_log().await;
    assert_eq!(
        log.iter()
            .filter(|(event, _)| event == "password.recovery_failed")
            .count(),
        5
    );
}

#[both_databases]
async fn who_came_by_a_code_gets_a_first_password(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let user = portal.newcomer(&bot, "5").await.session.user;
    verified(&portal, &user.username, MAIL).await;
    ask(&portal, MAIL).await;
    let token = token(&portal).await;
    assert_eq!(
        recover(&portal, &token, NEW, None).await,
        Ok(Recovery::Done)
    );
    portal.login(&user.username, NEW).await.unwrap();
}

#[both_databases]
async fn a_password_that_strangers_locked_is_opened_by_a_link(portal: TestPortal) {
    alice(&portal).await;
    portal
        .execute("update users set failed_passwords = 90")
        .await;
    portal.login("alice", PASSWORD).await.unwrap_err();
    let token = asked(&portal).await;
    assert_eq!(
        recover(&portal, &token, NEW, None).await,
        Ok(Recovery::Done)
    );
    portal.login("alice", NEW).await.unwrap();
}

#[both_databases]
async fn one_link_in_many_hands_sets_one_password(portal: TestPortal) {
    alice(&portal).await;
    for round in 0..rounds().div_ceil(5) {
        portal.advance(minutes(24 * 60));
        let token = asked(&portal).await;
        let hands = 4;
        let barrier = Arc::new(Barrier::new(hands));
        let mut tries = JoinSet::new();
        for hand in 0..hands {
            let (server, token, barrier) = (portal.share(), token.clone(), barrier.clone());
            tries.spawn(async move {
                let (new, client) = (format!("a heron waits {round} {hand}"), client());
                barrier.wait().await;
                let request = Recover {
                    token: &token,
                    new: &new,
                    factor: None,
                    client: &client,
                };
                match server.recover(request).await {
                    Ok(Recovery::Done) => Some(new),
                    Err(Problem::Refused(RecoverError::Dead)) => None,
                    other => panic!("{other:?}"),
                }
            });
        }
        let won: Vec<String> = tries.join_all().await.into_iter().flatten().collect();
        assert_eq!(won.len(), 1, "round {round}");
        portal.login("alice", &won[0]).await.unwrap();
    }
}

#[both_databases]
async fn without_a_link_nothing_is_hashed(portal: TestPortal) {
    alice(&portal).await;
    let before = portal.hash_runs();
    for _ in 0..5 {
        assert_eq!(
            recover(&portal, &Token::random().unwrap(), NEW, None).await,
            Err(RecoverError::Dead)
        );
    }
    ask(&portal, "alice").await;
    ask(&portal, "nobody").await;
    assert_eq!(portal.hash_runs(), before);
}

#[both_databases]
async fn no_link_is_readable_in_the_database(portal: TestPortal) {
    alice(&portal).await;
    let token = asked(&portal).await;
    let stored = portal.stored_resets().await;
    assert_eq!(stored.len(), 1);
    assert!(!stored[0].windows(8).any(|part| {
        token
            .reveal()
            .as_bytes()
            .windows(8)
            .any(|plain| plain == part)
    }));
    assert_eq!(stored[0].len(), 32);
}

/// NIST SP 800-63B-4 3.1.1.2: removing the second factor requires a long password first.
#[both_databases]
async fn a_short_password_keeps_the_second_factor_on(portal: TestPortal) {
    let session = alice(&portal).await;
    let (key, codes, _) = switch_on(&portal, &session).await;
    let token = asked(&portal).await;
    let right = shown(&portal, &key);
    assert_eq!(
        recover(&portal, &token, SHORT, Some(&right)).await,
        Ok(Recovery::Done)
    );
    portal.advance(minutes(1));

    let client = client();
    let factor = shown(&portal, &key);
    let request = PasswordLogin {
        password: SHORT,
        factor: Some(&factor),
        ..sign_in(&client)
    };
    let session = backend::testing::done(portal.login_with_password(request).await.unwrap());
    let me = portal.person_of(&session).await;
    let code = SecondFactorInput::Recovery(codes[0].clone());
    let refused = portal
        .remove_factor(&me, FactorKind::Totp, &code, &client)
        .await;
    assert!(
        matches!(
            refused,
            Err(Problem::Refused(FactorError::PasswordTooShort))
        ),
        "{refused:?}"
    );
    assert_eq!(portal.factors(&me).await.unwrap().recovery_codes_left, 10);
    // A login that isn't fresh doesn't even learn that.
    portal.advance(minutes(11));
    let refused = portal
        .remove_factor(&me, FactorKind::Totp, &code, &client)
        .await;
    assert!(
        matches!(refused, Err(Problem::Refused(FactorError::NotFresh))),
        "{refused:?}"
    );
    portal
        .confirm(&me, &Proof::Password(SHORT), &client)
        .await
        .unwrap();

    let factor = shown(&portal, &key);
    let me = portal.person_of(&session).await;
    let request = backend::SetPassword {
        person: &me,
        old: Some(SHORT),
        new: NEW,
        factor: Some(&factor),
        client: &client,
    };
    let session = portal.set_password(request).await.unwrap();
    let me = portal.person_of(&session).await;
    portal
        .remove_factor(&me, FactorKind::Totp, &code, &client)
        .await
        .unwrap();
    portal.login("alice", NEW).await.unwrap();
}

/// A login of Alice with her old password.
fn sign_in(client: &domain::Client) -> PasswordLogin<'_> {
    PasswordLogin {
        identifier: "alice",
        password: PASSWORD,
        factor: None,
        client,
        channel: LoginChannel::Page,
    }
}

//! Logging in, staying logged in and logging out.

use backend::testing::{PASSWORD, TestPortal, both_databases, client, cookies_of, minutes};
use backend::{Problem, SessionCookies, Visitor};
use domain::{PasswordLoginError, PermissionLevel};

fn refusal<T>(result: Result<T, Problem<PasswordLoginError>>) -> PasswordLoginError {
    match result {
        Err(Problem::Refused(refusal)) => refusal,
        Err(Problem::Failed(failure)) => panic!("failed: {failure}"),
        Ok(_) => panic!("was let in"),
    }
}

/// ASVS 11.4.2: a login rehashes a password stored with weaker parameters.
#[both_databases]
async fn a_login_brings_an_old_hash_up_to_date(portal: TestPortal) {
    use argon2::password_hash::PasswordHasher as _;
    portal.owner("alice").await;
    let params = argon2::Params::new(8 * 1024, 1, 1, None).unwrap();
    let cheap = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let old = cheap
        .hash_password_with_salt(PASSWORD.as_bytes(), b"some old salt...")
        .unwrap()
        .to_string();
    portal
        .execute(&format!("update users set password_hash = '{old}'"))
        .await;
    assert!(portal.login("alice", "not the password").await.is_err());
    let stored = async || {
        let secrets = portal.stored_secrets().await;
        String::from_utf8(secrets.last().unwrap().clone()).unwrap()
    };
    assert_eq!(stored().await, old);
    portal.login("alice", PASSWORD).await.unwrap();
    let upgraded = stored().await;
    assert!(
        upgraded.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{upgraded}"
    );
    portal.login("alice", PASSWORD).await.unwrap();
    assert_eq!(stored().await, upgraded);
}

#[both_databases]
async fn a_login_makes_a_session_that_is_known_again(portal: TestPortal) {
    portal.owner("Alice").await;
    let session = portal.login("alice", PASSWORD).await.unwrap();
    let person = portal.person_of(&session).await;
    assert_eq!(person.user.username, "Alice");
    assert_eq!(person.user.level, PermissionLevel::Owner);
    assert_eq!(person.session.client_ip, "203.0.113.7");
    assert_eq!(person.session.created_at, portal.now());
}

#[both_databases]
async fn the_number_works_as_well_as_the_name(portal: TestPortal) {
    portal.owner("alice").await;
    let id = portal.login("alice", PASSWORD).await.unwrap().user.id;
    assert_eq!(
        portal
            .login(&id.to_string(), PASSWORD)
            .await
            .unwrap()
            .user
            .id,
        id
    );
}

#[both_databases]
async fn a_name_of_digits_comes_before_a_number(portal: TestPortal) {
    portal.owner("alice").await;
    let alice = portal.login("alice", PASSWORD).await.unwrap().user.id;
    portal.owner(&alice.to_string()).await;
    let found = portal
        .login(&alice.to_string(), PASSWORD)
        .await
        .unwrap()
        .user;
    assert_ne!(found.id, alice);
    assert_eq!(found.username, alice.to_string());
}

#[both_databases]
async fn a_wrong_password_and_an_unknown_name_get_one_answer(portal: TestPortal) {
    portal.owner("alice").await;
    for (name, password) in [
        ("alice", "ninety otters ride a tandems"),
        ("alice", "short"),
        ("alice", ""),
        ("bob", PASSWORD),
        ("", PASSWORD),
        ("alice' or 1=1 --", PASSWORD),
    ] {
        let answer = refusal(portal.login(name, password).await);
        assert_eq!(
            answer,
            PasswordLoginError::InvalidCredentials,
            "{name:?} {password:?}"
        );
    }
    assert_eq!(portal.count("sessions").await, 0);
}

#[both_databases]
async fn a_restriction_is_told_only_to_the_right_password(portal: TestPortal) {
    portal.owner("alice").await;
    portal.ban("alice").await;
    let wrong = portal.login("alice", "not her password at all").await;
    assert_eq!(refusal(wrong), PasswordLoginError::InvalidCredentials);
    let right = portal.login("alice", PASSWORD).await;
    assert_eq!(refusal(right), PasswordLoginError::Restricted);
    assert_eq!(portal.count("sessions").await, 0);
}

#[both_databases]
async fn a_logout_ends_the_session_at_once_on_every_server(portal: TestPortal) {
    portal.owner("alice").await;
    let second = portal.second_server().await.unwrap();
    let session = portal.login("alice", PASSWORD).await.unwrap();
    let other = portal.login("alice", PASSWORD).await.unwrap();
    let person = portal.person_of(&session).await;
    portal.sign_out(&person, &client()).await.unwrap();
    let cookies = cookies_of(&session);
    assert!(matches!(portal.visitor(&cookies).await, Visitor::Anonymous));
    assert!(matches!(
        second.authenticate(&cookies).await.unwrap(),
        Visitor::Anonymous
    ));
    portal.person_of(&other).await;
}

#[both_databases]
async fn a_ban_ends_the_session_and_it_stays_ended(portal: TestPortal) {
    portal.owner("alice").await;
    let session = portal.login("alice", PASSWORD).await.unwrap();
    portal.ban("alice").await;
    let cookies = cookies_of(&session);
    assert!(matches!(portal.visitor(&cookies).await, Visitor::Anonymous));
    portal.execute("update users set state = 0").await;
    assert!(matches!(portal.visitor(&cookies).await, Visitor::Anonymous));
}

#[both_databases]
async fn the_shared_cookie_alone_only_tells_who_someone_is(portal: TestPortal) {
    portal.owner("alice").await;
    let session = portal.login("alice", PASSWORD).await.unwrap();
    let as_a_sister_service = SessionCookies {
        shared: vec![session.cookie.clone()],
        companion: None,
    };
    let visitor = portal.visitor(&as_a_sister_service).await;
    assert!(matches!(visitor, Visitor::Recognised(_)));
    assert!(visitor.signed_in().is_none());
}

#[both_databases]
async fn each_secret_works_only_in_its_own_place(portal: TestPortal) {
    portal.owner("alice").await;
    let one = portal.login("alice", PASSWORD).await.unwrap();
    let two = portal.login("alice", PASSWORD).await.unwrap();
    let swapped = SessionCookies {
        shared: vec![one.companion.clone()],
        companion: Some(one.cookie.clone()),
    };
    let mixed = SessionCookies {
        shared: vec![one.cookie.clone()],
        companion: Some(two.companion.clone()),
    };
    let companion_as_cookie = SessionCookies {
        shared: vec![one.companion.clone()],
        companion: None,
    };
    let companion_alone = SessionCookies {
        shared: vec![],
        companion: Some(one.companion.clone()),
    };
    for cookies in [swapped, mixed, companion_as_cookie, companion_alone] {
        let visitor = portal.visitor(&cookies).await;
        assert!(matches!(visitor, Visitor::Anonymous), "{cookies:?}");
    }
}

#[both_databases]
async fn a_cookie_planted_by_a_subdomain_changes_nothing(portal: TestPortal) {
    portal.owner("alice").await;
    portal.owner("mallory").await;
    let alice = portal.login("alice", PASSWORD).await.unwrap();
    let mallory = portal.login("mallory", PASSWORD).await.unwrap();
    for shared in [
        vec![mallory.cookie.clone(), alice.cookie.clone()],
        vec![alice.cookie.clone(), mallory.cookie.clone()],
    ] {
        let with_companion = SessionCookies {
            shared: shared.clone(),
            companion: Some(alice.companion.clone()),
        };
        let person = portal.visitor(&with_companion).await;
        assert_eq!(person.signed_in().unwrap().user.username, "alice");
        let without = SessionCookies {
            shared,
            companion: None,
        };
        assert!(matches!(portal.visitor(&without).await, Visitor::Anonymous));
    }
}

#[both_databases]
async fn a_login_never_adopts_or_ends_another_session(portal: TestPortal) {
    portal.owner("alice").await;
    let first = portal.login("alice", PASSWORD).await.unwrap();
    let second = portal.login("alice", PASSWORD).await.unwrap();
    assert_ne!(first.cookie.reveal(), second.cookie.reveal());
    assert_ne!(first.companion.reveal(), second.companion.reveal());
    portal.person_of(&first).await;
}

#[both_databases]
async fn a_session_lasts_thirty_days_and_an_expired_one_stays_dead(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let session = portal.login("alice", PASSWORD).await.unwrap();
    assert_eq!(session.lifetime, minutes(30 * 24 * 60));
    portal.advance(minutes(30 * 24 * 60 - 1));
    portal.person_of(&session).await;
    portal.advance(minutes(1));
    let cookies = cookies_of(&session);
    assert!(matches!(portal.visitor(&cookies).await, Visitor::Anonymous));
    portal.turn_back(minutes(60));
    assert!(matches!(portal.visitor(&cookies).await, Visitor::Anonymous));
}

#[both_databases]
async fn an_owner_is_logged_out_after_an_hour_without_use(portal: TestPortal) {
    portal.owner("alice").await;
    let session = portal.login("alice", PASSWORD).await.unwrap();
    assert_eq!(session.lifetime, minutes(24 * 60));
    for _ in 0..10 {
        portal.advance(minutes(50));
        portal.person_of(&session).await;
    }
    portal.advance(minutes(61));
    assert!(matches!(
        portal.visitor(&cookies_of(&session)).await,
        Visitor::Anonymous
    ));
}

#[both_databases]
async fn the_level_of_today_counts_not_that_of_the_login(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let session = portal.login("alice", PASSWORD).await.unwrap();
    portal.advance(minutes(2 * 24 * 60));
    portal.person_of(&session).await;
    portal.set_level("alice", PermissionLevel::Admin).await;
    assert!(matches!(
        portal.visitor(&cookies_of(&session)).await,
        Visitor::Anonymous
    ));
    portal.set_level("alice", PermissionLevel::User).await;
    assert!(matches!(
        portal.visitor(&cookies_of(&session)).await,
        Visitor::Anonymous
    ));
}

#[both_databases]
async fn a_sister_services_look_is_no_use_of_the_session(portal: TestPortal) {
    portal.owner("alice").await;
    let session = portal.login("alice", PASSWORD).await.unwrap();
    let look = SessionCookies {
        shared: vec![session.cookie.clone()],
        companion: None,
    };
    portal.advance(minutes(50));
    assert!(portal.visitor(&look).await.known().is_some());
    portal.advance(minutes(11));
    assert!(portal.visitor(&look).await.known().is_none());
}

#[both_databases]
async fn every_event_stands_in_the_audit_log_once(portal: TestPortal) {
    portal.owner("alice").await;
    portal.advance(minutes(1));
    let _ = portal.login("alice", "not her password at all").await;
    portal.advance(minutes(1));
    let _ = portal.login("nobody", PASSWORD).await;
    portal.advance(minutes(1));
    let session = portal.login("alice", PASSWORD).await.unwrap();
    portal.advance(minutes(1));
    let person = portal.person_of(&session).await;
    portal.sign_out(&person, &client()).await.unwrap();
    portal.sign_out(&person, &client()).await.unwrap();
    let log = portal.audit_log().await;
    let log: Vec<(&str, &str)> = log.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(
        log,
        [
            ("owner.created", "{}"),
            (
                "login.failed",
                r#"{"method":"password","reason":"wrong_password"}"#
            ),
            (
                "login.failed",
                r#"{"method":"password","reason":"unknown_name"}"#
            ),
            ("login.succeeded", r#"{"method":"password"}"#),
            ("logout", "{}"),
        ]
    );
}

#[both_databases]
async fn whoever_it_is_one_password_is_hashed(portal: TestPortal) {
    portal.owner("alice").await;
    portal.owner("bob").await;
    portal
        .execute("update users set password_hash = null where username_key = 'bob'")
        .await;
    for (name, password, hashes) in [
        ("alice", PASSWORD, 1),
        ("alice", "not her password", 1),
        ("bob", PASSWORD, 1),
        ("nobody", PASSWORD, 1),
        ("alice", "short", 0),
        ("nobody", "short", 0),
    ] {
        let before = portal.hash_runs();
        drop(portal.login(name, password).await);
        assert_eq!(portal.hash_runs() - before, hashes, "{name} {password}");
    }
}

#[both_databases]
async fn a_nul_in_the_name_is_a_wrong_name(portal: TestPortal) {
    portal.owner("alice").await;
    let answer = refusal(portal.login("al\0ice", PASSWORD).await);
    assert_eq!(answer, PasswordLoginError::InvalidCredentials);
}

#[both_databases]
async fn a_login_during_a_change_of_password_does_not_outlive_it(portal: TestPortal) {
    portal.owner("alice").await;
    let (entered, leave) = portal.change_password_slowly("alice");
    entered.await.unwrap();
    let server = portal.share();
    let login = tokio::spawn(async move {
        let client = client();
        let request = backend::PasswordLogin {
            identifier: "alice",
            password: PASSWORD,
            factor: None,
            client: &client,
            channel: backend::LoginChannel::Page,
        };
        server.login_with_password(request).await.is_ok()
    });
    portal.until_a_transaction_waits().await;
    leave.send(()).unwrap();
    assert!(!login.await.unwrap());
    assert_eq!(portal.count("sessions").await, 0);
}

#[both_databases]
async fn only_hashes_of_the_secrets_are_stored(portal: TestPortal) {
    use base64::Engine as _;
    use sha2::Digest as _;

    portal.owner("alice").await;
    let session = portal.login("alice", PASSWORD).await.unwrap();
    let stored = portal.stored_secrets().await;
    assert_eq!(stored.len(), 3);
    for (token, column) in [
        (&session.cookie, &stored[0]),
        (&session.companion, &stored[1]),
    ] {
        let plain = base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(token.reveal())
            .unwrap();
        assert_ne!(&plain, column);
        assert_eq!(sha2::Sha256::digest(&plain).as_slice(), column);
    }
    assert!(stored[2].starts_with(b"$argon2id$"));
}

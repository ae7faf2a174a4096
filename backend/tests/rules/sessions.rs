//! Listing and ending a person's own sessions (docs/contract.md, Session routes; ASVS 7.4.1, 7.5.2).

use std::collections::BTreeSet;
use std::sync::Arc;

use backend::testing::{PASSWORD, TestPortal, both_databases, client, cookies_of, minutes, rounds};
use backend::{NewSession, Person, Problem, Visitor};
use domain::{EndReason, EndSessionError, LoginMethod, PermissionLevel};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

async fn login(portal: &TestPortal, username: &str) -> (Person, NewSession) {
    let session = portal.login(username, PASSWORD).await.unwrap();
    (portal.person_of(&session).await, session)
}

async fn suffix_of(portal: &TestPortal, person: &Person) -> String {
    let sessions = portal.own_sessions(person).await.unwrap().live;
    let own = sessions.into_iter().find(|session| session.is_current);
    own.unwrap().suffix
}

fn refusal<T: std::fmt::Debug>(
    answer: Result<T, Problem<EndSessionError>>,
) -> Result<T, EndSessionError> {
    answer.map_err(|problem| match problem {
        Problem::Refused(refusal) => refusal,
        Problem::Failed(failure) => panic!("{failure}"),
    })
}

fn is_anonymous(visitor: &Visitor) -> bool {
    matches!(visitor, Visitor::Anonymous)
}

#[both_databases]
async fn one_sees_where_one_is_logged_in(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let (first, _) = login(&portal, "alice").await;
    portal.advance(minutes(5));
    let (second, session) = login(&portal, "alice").await;
    let seen = portal.own_sessions(&second).await.unwrap();
    assert!(seen.ended.is_empty());
    let [newest, oldest] = seen.live.as_slice() else {
        panic!("{seen:?}")
    };
    assert_eq!((newest.is_current, oldest.is_current), (true, false));
    assert_eq!(
        (newest.session.id, oldest.session.id),
        (second.session.id, first.session.id)
    );
    assert_eq!(newest.session.method, LoginMethod::Password);
    assert_eq!(newest.session.client_ip, "203.0.113.7");
    assert_eq!(
        newest.expires_at,
        newest.session.created_at + 30 * 24 * minutes(60)
    );
    for listed in &seen.live {
        assert_eq!(listed.suffix.len(), 6);
        for secret in [session.cookie.reveal(), session.companion.reveal()] {
            assert!(!secret.contains(&listed.suffix));
        }
    }
}

#[both_databases]
async fn an_ended_session_is_nobody_on_every_server(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let elsewhere = portal.second_server().await.unwrap();
    let (other, stolen) = login(&portal, "alice").await;
    let (alice, own) = login(&portal, "alice").await;
    let suffix = suffix_of(&portal, &other).await;
    portal
        .end_session(&alice, &suffix, &client())
        .await
        .unwrap();
    for server in [&*portal, &elsewhere] {
        assert!(is_anonymous(
            &server.authenticate(&cookies_of(&stolen)).await.unwrap()
        ));
        assert!(!is_anonymous(
            &server.authenticate(&cookies_of(&own)).await.unwrap()
        ));
    }
    let again = portal.end_session(&alice, &suffix, &client()).await;
    assert_eq!(refusal(again), Err(EndSessionError::NotFound));
    let seen = portal.own_sessions(&alice).await.unwrap();
    assert_eq!(seen.live.len(), 1);
    assert_eq!(
        seen.ended[0].end,
        Some((portal.now(), EndReason::UserRevoked))
    );
    let log = portal.audit_log().await;
    let ended: Vec<&String> = log
        .iter()
        .filter(|(event, _)| event == "sessions.ended")
        .map(|(_, meta)| meta)
        .collect();
    assert_eq!(ended, [r#"{"sessions":1}"#]);
}

#[both_databases]
async fn the_others_end_and_the_own_one_stays(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    portal.person("bob", PermissionLevel::User).await;
    let (_, bobs) = login(&portal, "bob").await;
    let others = [
        login(&portal, "alice").await.1,
        login(&portal, "alice").await.1,
    ];
    let (alice, own) = login(&portal, "alice").await;
    assert_eq!(
        portal.end_other_sessions(&alice, &client()).await.unwrap(),
        2
    );
    for other in &others {
        assert!(is_anonymous(&portal.visitor(&cookies_of(other)).await));
    }
    for kept in [&own, &bobs] {
        assert!(!is_anonymous(&portal.visitor(&cookies_of(kept)).await));
    }
    // Nothing is logged if no session ends.
    assert_eq!(
        portal.end_other_sessions(&alice, &client()).await.unwrap(),
        0
    );
    let log = portal.audit_log().await;
    let ended: Vec<&String> = log
        .iter()
        .filter(|(event, _)| event == "sessions.ended")
        .map(|(_, meta)| meta)
        .collect();
    assert_eq!(ended, [r#"{"sessions":2}"#]);
}

#[both_databases]
async fn the_own_one_and_those_of_others_are_not_ended_so(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    portal.person("bob", PermissionLevel::Owner).await;
    let (alice, own) = login(&portal, "alice").await;
    let (bob, bobs) = login(&portal, "bob").await;
    let own_suffix = suffix_of(&portal, &alice).await;
    let current = portal.end_session(&alice, &own_suffix, &client()).await;
    assert_eq!(refusal(current), Err(EndSessionError::Current));
    // Not even an Owner can: this route is for a person's own sessions.
    let others = portal.end_session(&bob, &own_suffix, &client()).await;
    assert_eq!(refusal(others), Err(EndSessionError::NotFound));
    let bobs_suffix = suffix_of(&portal, &bob).await;
    for suffix in [
        bobs_suffix.as_str(),
        "",
        "abc",
        "aaaaaa\0",
        "';--  ",
        "äöüäöü",
        &own.cookie.reveal(),
    ] {
        let answer = portal.end_session(&alice, suffix, &client()).await;
        assert_eq!(refusal(answer), Err(EndSessionError::NotFound), "{suffix}");
    }
    for session in [&own, &bobs] {
        assert!(!is_anonymous(&portal.visitor(&cookies_of(session)).await));
    }
}

#[both_databases]
async fn one_that_ran_out_is_history_as_soon_as_one_looks(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let (_, old) = login(&portal, "alice").await;
    portal.advance(29 * 24 * minutes(60));
    let (alice, _) = login(&portal, "alice").await;
    portal.advance(24 * minutes(60));
    let seen = portal.own_sessions(&alice).await.unwrap();
    assert_eq!((seen.live.len(), seen.ended.len()), (1, 1));
    assert_eq!(seen.ended[0].end, Some((portal.now(), EndReason::Expired)));
    // It stays ended even if the clock is set back.
    portal.turn_back(24 * minutes(60));
    assert!(is_anonymous(&portal.visitor(&cookies_of(&old)).await));
}

#[both_databases]
async fn a_session_that_was_ended_can_not_end_others(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let (thief, _) = login(&portal, "alice").await;
    let (alice, own) = login(&portal, "alice").await;
    let suffix = suffix_of(&portal, &alice).await;
    // The thief's request is running when the session ends.
    portal.end_other_sessions(&alice, &client()).await.unwrap();
    let late = portal.end_session(&thief, &suffix, &client()).await;
    assert_eq!(refusal(late), Err(EndSessionError::SignedOut));
    let late = portal.end_other_sessions(&thief, &client()).await;
    assert_eq!(refusal(late), Err(EndSessionError::SignedOut));
    assert!(!is_anonymous(&portal.visitor(&cookies_of(&own)).await));
}

#[both_databases]
async fn of_two_sessions_that_end_each_other_one_stays(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    for _ in 0..rounds() {
        let pair = [login(&portal, "alice").await, login(&portal, "alice").await];
        let suffixes = [
            suffix_of(&portal, &pair[0].0).await,
            suffix_of(&portal, &pair[1].0).await,
        ];
        let barrier = Arc::new(Barrier::new(2));
        let mut racers = JoinSet::new();
        for (n, (person, _)) in pair.iter().enumerate() {
            let (portal, barrier) = (portal.share(), barrier.clone());
            let (person, other) = (person.clone(), suffixes[1 - n].clone());
            racers.spawn(async move {
                barrier.wait().await;
                refusal(portal.end_session(&person, &other, &client()).await)
            });
        }
        let answers = racers.join_all().await;
        assert_eq!(
            answers.iter().filter(|answer| answer.is_ok()).count(),
            1,
            "{answers:?}"
        );
        assert!(
            answers.contains(&Err(EndSessionError::SignedOut)),
            "{answers:?}"
        );
        let mut alive = 0;
        for (_, session) in &pair {
            alive += usize::from(!is_anonymous(&portal.visitor(&cookies_of(session)).await));
        }
        assert_eq!(alive, 1);
        portal
            .execute(
                "update sessions set ended_at = 1, ended_by = 'expired' where ended_at is null",
            )
            .await;
    }
}

#[both_databases]
async fn suffixes_are_unique_among_those_that_live(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    for _ in 0..8 {
        login(&portal, "alice").await;
    }
    let (alice, _) = login(&portal, "alice").await;
    let live = portal.own_sessions(&alice).await.unwrap().live;
    let suffixes: BTreeSet<&str> = live.iter().map(|session| session.suffix.as_str()).collect();
    assert_eq!(suffixes.len(), 9);
    // The database itself rejects a duplicate.
    let taken = format!(
        "insert into sessions (id, user_id, cookie_hash, companion_hash, method, client_ip, user_agent, created_at, last_used_at, token_suffix)
         select 1, user_id, cookie_hash, companion_hash, method, client_ip, user_agent, created_at, last_used_at, token_suffix
         from sessions where token_suffix = '{}' on conflict do nothing", live[0].suffix);
    portal.execute(&taken).await;
    assert_eq!(portal.count("sessions").await, 9);
}

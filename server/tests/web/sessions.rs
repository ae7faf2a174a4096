//! The person's own sessions, by the API and on the security page (docs/contract.md, Session routes).

use backend::testing::{PASSWORD, TestPortal, both_databases, minutes, sqlite_only};
use domain::PermissionLevel;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::browser::{Browser, TestResponse};

const LIST: &str = "/v1/users/me/sessions";
const OTHERS: &str = "/v1/users/me/sessions/destroy-others";
const PAGE: &str = "/account/security";

fn destroy(suffix: &Value) -> String {
    format!("{LIST}/{}/destroy", suffix.as_str().unwrap())
}

fn error(answer: &TestResponse) -> (StatusCode, Value) {
    (answer.status, answer.json()["error"].clone())
}

#[both_databases]
async fn session_list_answers_as_documented(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let mut other = Browser::logged_in(&portal, "alice").await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let list = alice.call(Method::GET, LIST).await;
    assert_eq!(list.status, StatusCode::OK);
    let list = list.json();
    assert_eq!(list["history"], json!([]));
    let sessions = list["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let own = sessions
        .iter()
        .find(|session| session["is_current"] == true)
        .unwrap();
    let now = portal.now();
    assert_eq!(
        own,
        &json!({
            "token_suffix": own["token_suffix"],
            "created_at": now.to_string(),
            "expires_at": (now + 30 * 24 * minutes(60)).to_string(),
            "last_used_at": now.to_string(),
            "client_ip": "203.0.113.7",
            "user_agent": "",
            "method": "password",
            "is_current": true,
        })
    );
    for cookie in alice.cookies.values() {
        assert!(!cookie.contains(own["token_suffix"].as_str().unwrap()));
    }

    let theirs = sessions
        .iter()
        .find(|session| session["is_current"] == false)
        .unwrap();
    let ended = alice
        .call(Method::POST, &destroy(&theirs["token_suffix"]))
        .await;
    assert_eq!(
        (ended.status, ended.json()),
        (StatusCode::OK, json!({ "destroyed": true }))
    );
    assert_eq!(
        other.call(Method::GET, "/v1/users/me").await.status,
        StatusCode::UNAUTHORIZED
    );
    let again = alice
        .call(Method::POST, &destroy(&theirs["token_suffix"]))
        .await;
    assert_eq!(
        error(&again),
        (StatusCode::NOT_FOUND, json!("Session not found"))
    );
    let list = alice.call(Method::GET, LIST).await.json();
    assert_eq!(list["sessions"].as_array().unwrap().len(), 1);
    let mut past = theirs.clone();
    past["ended_at"] = json!(portal.now().to_string());
    past["ended_by"] = json!("destroyed");
    assert_eq!(list["history"], json!([past]));
}

#[sqlite_only]
async fn current_session_cannot_be_destroyed(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let list = alice.call(Method::GET, LIST).await.json();
    let refused = alice
        .call(Method::POST, &destroy(&list["sessions"][0]["token_suffix"]))
        .await;
    let sentence = "token_suffix is the current session; log out instead";
    assert_eq!(error(&refused), (StatusCode::BAD_REQUEST, json!(sentence)));
    assert_eq!(alice.call(Method::GET, LIST).await.status, StatusCode::OK);
}

#[sqlite_only]
async fn all_other_sessions_end_at_once(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let mut others = [
        Browser::logged_in(&portal, "alice").await,
        Browser::logged_in(&portal, "alice").await,
    ];
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let ended = alice.call(Method::POST, OTHERS).await;
    assert_eq!(
        (ended.status, ended.json()),
        (StatusCode::OK, json!({ "destroyed": 2 }))
    );
    for other in &mut others {
        assert_eq!(
            other.call(Method::GET, LIST).await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    assert_eq!(
        alice.call(Method::POST, OTHERS).await.json(),
        json!({ "destroyed": 0 })
    );
}

/// ASVS 8.2.2: other people's sessions are not found.
#[sqlite_only]
async fn sessions_of_other_people_are_not_found(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    portal.person("mallory", PermissionLevel::Owner).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let mut mallory = Browser::logged_in(&portal, "mallory").await;
    let list = alice.call(Method::GET, LIST).await.json();
    let refused = mallory
        .call(Method::POST, &destroy(&list["sessions"][0]["token_suffix"]))
        .await;
    assert_eq!(
        error(&refused),
        (StatusCode::NOT_FOUND, json!("Session not found"))
    );
    for odd in [
        "x",
        "%00%00%00%00%00%00",
        "aaaaa%00",
        "zzzzzz",
        "%27%3B--%20a",
        "%F0%9F%90%B1ab",
    ] {
        let refused = mallory
            .call(Method::POST, &format!("{LIST}/{odd}/destroy"))
            .await;
        assert_eq!(
            error(&refused),
            (StatusCode::NOT_FOUND, json!("Session not found")),
            "{odd}"
        );
    }
    assert_eq!(alice.call(Method::GET, LIST).await.status, StatusCode::OK);
}

#[sqlite_only]
async fn relying_services_and_strangers_see_and_end_no_session(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let other = Browser::logged_in(&portal, "alice").await;
    let list = alice.call(Method::GET, LIST).await.json();
    let one = destroy(&list["sessions"][1]["token_suffix"]);
    for mut caller in [Browser::new(&portal), alice.with_only(&["hsession"])] {
        for (method, path) in [
            (Method::GET, LIST),
            (Method::POST, OTHERS),
            (Method::POST, &one),
        ] {
            assert_eq!(
                caller.call(method, path).await.status,
                StatusCode::UNAUTHORIZED,
                "{path}"
            );
        }
    }
    assert_eq!(
        other.clone().call(Method::GET, LIST).await.json()["sessions"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[sqlite_only]
async fn program_session_is_listed(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let body = json!({ "identifier": "alice", "password": PASSWORD });
    let login = Browser::new(&portal)
        .post_json("/api/auth/login", &body)
        .await
        .json();
    let token = login["data"]["token"].as_str().unwrap().to_owned();
    let ask =
        |token: &str| http::Request::get(LIST).header("authorization", format!("Bearer {token}"));
    let mut program = Browser::new(&portal);
    let list = program.send(ask(&token), axum::body::Body::empty()).await;
    let own = list.json()["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["is_current"] == true)
        .unwrap()["token_suffix"]
        .clone();
    assert!(!token.contains(own.as_str().unwrap()));
    assert_eq!(
        alice.call(Method::POST, &destroy(&own)).await.status,
        StatusCode::OK
    );
    assert_eq!(
        program
            .send(ask(&token), axum::body::Body::empty())
            .await
            .status,
        StatusCode::UNAUTHORIZED
    );
}

#[sqlite_only]
async fn security_page_lists_and_ends_sessions(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let mut other = Browser::logged_in(&portal, "alice").await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let page = alice.open(PAGE).await;
    for shown in [
        "Sessions",
        "Unknown browser",
        "203.0.113.7",
        "Password<!> · ",
        "This device",
        "last used",
        "Log out all other sessions",
    ] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    assert!(!page.body.contains("Past sessions"), "{}", page.body);
    let list = alice.call(Method::GET, LIST).await.json();
    let theirs = list["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["is_current"] == false)
        .unwrap();
    let form = [("session", theirs["token_suffix"].as_str().unwrap())];
    let answer = alice.submit("/do/end-session", &form).await;
    assert_eq!(answer.location(), "/account/security?message=session-ended");
    let page = alice.follow(&answer.location()).await;
    for shown in ["Session logged out.", "Past sessions", "logged out by you"] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    assert!(
        !page.body.contains("Log out all other sessions"),
        "{}",
        page.body
    );
    assert_eq!(
        other.open(PAGE).await.location(),
        "/login?return_to=%2Faccount%2Fsecurity"
    );
    let again = alice.submit("/do/end-session", &form).await;
    assert_eq!(again.location(), "/account/security?message=no-session");
    // The dead one can end nobody.
    let dead = other.submit("/do/end-other-sessions", &[]).await;
    assert_eq!(dead.location(), "/login?return_to=%2Faccount%2Fsecurity");
    assert_eq!(alice.open(PAGE).await.status, StatusCode::OK);
    let others = alice.submit("/do/end-other-sessions", &[]).await;
    assert_eq!(others.location(), "/account/security?message=others-ended");
}

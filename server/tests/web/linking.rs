//! Linking and unlinking platforms by the API, which requires a fresh login.

use axum::body::Body;
use backend::testing::{PASSWORD, TestPortal, minutes, sqlite_only};
use domain::PermissionLevel;
use http::{Method, Request, StatusCode};
use serde_json::json;

use crate::browser::{Browser, RELYING_SERVICE};

const LINK: &str = "/v1/users/me/platforms/link";
const VERIFY: &str = "/v1/users/me/platforms/link/verify";
const UNLINK: &str = "/v1/users/me/platforms/discord/unlink";
const CONFIRM: &str = "/v1/authentication/confirm";
const NIELS: &str = "123456789012345678";

#[sqlite_only]
async fn platform_is_linked_and_unlinked(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let body = json!({ "platform": "discord", "platform_user_id": 123_456_789_012_345_678_i64 });
    let asked = alice.post_json(LINK, &body).await;
    assert_eq!(
        (asked.status, &asked.json()["message"]),
        (StatusCode::OK, &json!("Login code generated."))
    );
    let code = portal.carry(&bot, NIELS).await.unwrap().remove(0);
    assert_eq!(asked.json()["expires_at"], code.expires_at.to_string());
    let linked = alice
        .post_json(VERIFY, &json!({ "code": code.code.reveal() }))
        .await;
    assert_eq!(linked.status, StatusCode::OK, "{}", linked.body);
    assert_eq!(
        linked.json()["user"]["linked_platforms"][0]["platform_user_id"],
        NIELS
    );
    assert_eq!(linked.json()["user"]["discord_id"], NIELS);
    let again = alice.post_json(LINK, &body).await;
    assert_eq!(
        (again.status, &again.json()["error"]),
        (StatusCode::CONFLICT, &json!("Entity already exists"))
    );
    let unlinked = alice.call(Method::POST, UNLINK).await;
    assert_eq!(unlinked.status, StatusCode::OK, "{}", unlinked.body);
    assert_eq!(unlinked.json()["user"]["linked_platforms"], json!([]));
    assert_eq!(
        alice.call(Method::POST, UNLINK).await.status,
        StatusCode::NOT_FOUND
    );
}

#[sqlite_only]
async fn stale_login_is_confirmed_before_linking(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    portal.advance(minutes(11));
    let body = json!({ "platform": "discord", "platform_user_id": NIELS });
    for (path, body) in [
        (LINK, &body),
        (VERIFY, &json!({ "code": "Vy8nFKq2" })),
        (UNLINK, &json!({})),
    ] {
        let refused = alice.post_json(path, body).await;
        assert_eq!(
            (refused.status, &refused.json()["error"]),
            (StatusCode::FORBIDDEN, &json!("Fresh login required")),
            "{path}"
        );
    }
    let wrong = alice
        .post_json(CONFIRM, &json!({ "password": "something else here" }))
        .await;
    assert_eq!(
        (wrong.status, &wrong.json()["error"]),
        (StatusCode::FORBIDDEN, &json!("Wrong password"))
    );
    let right = alice
        .post_json(CONFIRM, &json!({ "password": PASSWORD }))
        .await;
    assert_eq!(
        right.json(),
        json!({ "fresh_until": (portal.now() + minutes(10)).to_string() })
    );
    assert_eq!(alice.post_json(LINK, &body).await.status, StatusCode::OK);
}

#[sqlite_only]
async fn strangers_and_relying_services_cannot_link(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let alice = Browser::logged_in(&portal, "alice").await;
    let body = json!({ "platform": "discord", "platform_user_id": NIELS });
    for path in [LINK, VERIFY, UNLINK, CONFIRM] {
        let mut anybody = Browser::new(&portal);
        assert_eq!(
            anybody.post_json(path, &body).await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
        let mut relying_service = alice.with_only(&["hsession"]);
        assert_eq!(
            relying_service.post_json(path, &body).await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
        let request = Request::post(path)
            .header("content-type", "application/json")
            .header("origin", RELYING_SERVICE);
        let answer = alice
            .clone()
            .send(request, Body::from(body.to_string()))
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(
            answer.header("access-control-allow-origin").is_empty(),
            "{path}"
        );
    }
    assert_eq!(portal.count("login_codes").await, 0);
}

#[sqlite_only]
async fn invalid_link_fields_are_named(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    for (path, body, error) in [
        (LINK, json!({}), "platform is required"),
        (
            LINK,
            json!({ "platform": "matrix", "platform_user_id": "1" }),
            "platform is unknown",
        ),
        (
            LINK,
            json!({ "platform": "discord" }),
            "platform_user_id is required",
        ),
        (
            LINK,
            json!({ "platform": "discord", "platform_user_id": " " }),
            "platform_user_id must have 1 to 64 visible characters",
        ),
        (VERIFY, json!({}), "code is required"),
        (CONFIRM, json!({}), "password is required"),
        (
            CONFIRM,
            json!({ "password": 7 }),
            "password must be a string",
        ),
    ] {
        let answer = alice.post_json(path, &body).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (StatusCode::BAD_REQUEST, &json!(error))
        );
    }
}

use axum::body::Body;
use backend::testing::{TestPortal, minutes, sqlite_only};
use domain::PermissionLevel;
use http::{Method, Request, StatusCode};

use crate::browser::{BASE, Browser, RELYING_SERVICE};

#[sqlite_only]
async fn users_me_returns_all_documented_fields(portal: TestPortal) {
    portal.person("Alice", PermissionLevel::User).await;
    let mut browser = Browser::logged_in(&portal, "alice").await;
    let me = browser.call(Method::GET, "/v1/users/me").await.json();
    let fields: Vec<&str> = me.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        fields,
        [
            "avatar_source",
            "avatar_url",
            "created_at",
            "discord_id",
            "display",
            "email",
            "email_verified",
            "id",
            "last_activity_at",
            "linked_platforms",
            "permission_level",
            "permission_since",
            "state",
            "twofa_enabled",
            "updated_at",
            "username",
        ]
    );
    assert!(me["id"].as_i64().unwrap() < 1 << 53);
    assert_eq!(me["created_at"], "2026-03-31T15:53:16.763528Z");
    assert_eq!(me["state"], 0);
    assert_eq!(me["linked_platforms"], serde_json::json!([]));
}

#[sqlite_only]
async fn errors_have_a_correlation_id(portal: TestPortal) {
    let answer = Browser::new(&portal)
        .call(Method::GET, "/v1/users/me")
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let id = answer.header("x-request-id");
    assert_eq!(id.len(), 36);
    assert_eq!(
        answer.body,
        format!(r#"{{"error":"Authentication required","correlation_id":"{id}"}}"#)
    );
}

#[sqlite_only]
async fn request_id_of_the_client_is_ignored(portal: TestPortal) {
    let request = Request::get("/v1/users/me").header("x-request-id", "evil");
    let answer = Browser::new(&portal).send(request, Body::empty()).await;
    assert_ne!(answer.header("x-request-id"), "evil");
    assert_eq!(answer.header("x-request-id").len(), 36);
}

#[sqlite_only]
async fn unknown_routes_and_methods_return_api_errors(portal: TestPortal) {
    let mut program = Browser::new(&portal);
    for (method, path, status, sentence) in [
        (Method::GET, "/v1/nope", StatusCode::NOT_FOUND, "Not found"),
        (
            Method::POST,
            "/v1/users/me",
            StatusCode::METHOD_NOT_ALLOWED,
            "Method not allowed",
        ),
        (
            Method::GET,
            "/v1/authentication/logout",
            StatusCode::METHOD_NOT_ALLOWED,
            "Method not allowed",
        ),
        (
            Method::POST,
            "/v1/authentication/logout",
            StatusCode::UNAUTHORIZED,
            "Authentication required",
        ),
    ] {
        let answer = program.call(method, path).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.json()["error"], sentence, "{path}");
    }
}

#[sqlite_only]
async fn api_auth_errors_use_the_envelope(portal: TestPortal) {
    let answer = Browser::new(&portal)
        .call(Method::POST, "/api/auth/nothing")
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(
        answer.body,
        r#"{"error":{"message":"Route not found.","code":35,"status":404},"data":null,"request":"/api/auth/nothing"}"#
    );
}

#[sqlite_only]
async fn a07_companion_cookie_with_an_encoded_name_is_ignored(portal: TestPortal) {
    portal.owner("alice").await;
    let mut forged = Browser::logged_in(&portal, "alice").await;
    let companion = forged.cookies.remove("__Host-hsession_act").unwrap();
    forged
        .cookies
        .insert("%5F%5FHost-hsession_act".to_owned(), companion);
    let logout = forged.call(Method::POST, "/v1/authentication/logout").await;
    assert_eq!(logout.status, StatusCode::UNAUTHORIZED);
}

#[sqlite_only]
async fn relying_service_can_read_the_user_and_nothing_else(portal: TestPortal) {
    portal.owner("alice").await;
    let browser = Browser::logged_in(&portal, "alice").await;
    let mut relying_service = browser.with_only(&["hsession"]);
    let me = relying_service.call(Method::GET, "/v1/users/me").await;
    assert_eq!(me.json()["username"], "alice");
    let logout = relying_service
        .call(Method::POST, "/v1/authentication/logout")
        .await;
    assert_eq!(logout.status, StatusCode::UNAUTHORIZED);
    let me = browser.clone().call(Method::GET, "/v1/users/me").await;
    assert_eq!(me.status, StatusCode::OK);
}

#[sqlite_only]
async fn companion_cookie_alone_authenticates_nobody(portal: TestPortal) {
    portal.owner("alice").await;
    let browser = Browser::logged_in(&portal, "alice").await;
    let mut stolen = browser.with_only(&["__Host-hsession_act"]);
    let me = stolen.call(Method::GET, "/v1/users/me").await;
    assert_eq!(me.status, StatusCode::UNAUTHORIZED);
}

#[sqlite_only]
async fn logout_with_a_cookie_jar_ends_the_session(portal: TestPortal) {
    portal.owner("alice").await;
    let before = Browser::logged_in(&portal, "alice").await;
    let mut browser = before.clone();
    let answer = browser
        .call(Method::POST, "/v1/authentication/logout")
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body, r#"{"message":"Logged out"}"#);
    assert!(browser.has_no_session(), "{:?}", browser.cookies);
    let me = before.clone().call(Method::GET, "/v1/users/me").await;
    assert_eq!(me.status, StatusCode::UNAUTHORIZED);
}

#[sqlite_only]
async fn a05_foreign_pages_cannot_log_out(portal: TestPortal) {
    portal.owner("alice").await;
    let mut browser = Browser::logged_in(&portal, "alice").await;
    for (origin, site) in [
        ("https://evil.test", "cross-site"),
        ("null", "cross-site"),
        ("https://blog.example.org", "same-site"),
    ] {
        for path in ["/v1/authentication/logout", "/do/sign-out"] {
            let request = Request::post(path)
                .header("origin", origin)
                .header("sec-fetch-site", site);
            let answer = browser.send(request, Body::empty()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin} {path}");
        }
    }
    let me = browser.call(Method::GET, "/v1/users/me").await;
    assert_eq!(me.status, StatusCode::OK);
}

#[sqlite_only]
async fn allowed_origin_can_read_and_log_out_but_post_no_form(portal: TestPortal) {
    portal.owner("alice").await;
    let mut browser = Browser::logged_in(&portal, "alice").await;
    let from_relying_service = |request: http::request::Builder| {
        request
            .header("origin", RELYING_SERVICE)
            .header("sec-fetch-site", "same-site")
    };
    let me = browser
        .send(
            from_relying_service(Request::get("/v1/users/me")),
            Body::empty(),
        )
        .await;
    assert_eq!(me.header("access-control-allow-origin"), RELYING_SERVICE);
    assert_eq!(me.header("access-control-allow-credentials"), "true");
    assert!(me.header("vary").contains("origin"));
    let form = browser
        .send(
            from_relying_service(Request::post("/do/sign-out")),
            Body::empty(),
        )
        .await;
    assert_eq!(form.status, StatusCode::FORBIDDEN);
    let logout = from_relying_service(Request::post("/v1/authentication/logout"));
    let logout = browser.send(logout, Body::empty()).await;
    assert_eq!(logout.status, StatusCode::OK);
}

#[sqlite_only]
async fn other_origins_get_no_cors_headers(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    for origin in [
        "https://evil.test",
        "null",
        "https://wiki.example.org.evil.test",
        "http://wiki.example.org",
        "https://evilwiki.example.org",
    ] {
        let request = Request::get("/v1/users/me").header("origin", origin);
        let answer = browser.send(request, Body::empty()).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
    }
}

#[sqlite_only]
async fn sessions_expire(portal: TestPortal) {
    portal.owner("alice").await;
    let mut browser = Browser::logged_in(&portal, "alice").await;
    portal.advance(minutes(61));
    let me = browser.call(Method::GET, "/v1/users/me").await;
    assert_eq!(me.status, StatusCode::UNAUTHORIZED);
}

#[sqlite_only]
async fn malformed_cookies_authenticate_nobody(portal: TestPortal) {
    portal.owner("alice").await;
    let browser = Browser::logged_in(&portal, "alice").await;
    for garbage in ["", "abc", "' or 1=1 --", &"A".repeat(43), &"x".repeat(3000)] {
        let mut odd = browser.clone();
        odd.cookies
            .insert("hsession".to_owned(), garbage.to_owned());
        let me = odd.call(Method::GET, "/v1/users/me").await;
        assert_eq!(me.status, StatusCode::UNAUTHORIZED, "{garbage}");
    }
}

#[sqlite_only]
async fn body_above_16_kb_is_rejected(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    let request = Request::post("/v1/authentication/logout")
        .header("origin", BASE)
        .header("content-length", "20000");
    let answer = browser.send(request, Body::from("a".repeat(20_000))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.json()["error"], "Request too large");
}

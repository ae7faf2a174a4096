//! Request limits (docs/contract.md, Request limits) and heads that are too large.

use axum::body::Body;
use backend::testing::{PASSWORD, TestPortal, sqlite_only};
use domain::PermissionLevel;
use http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use http::{Method, Request, StatusCode};
use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Value, json};
use server::{RateLimits, api_routes};
use std::time::Duration;

use crate::browser::{BASE, Browser, TestResponse};

const WRONG: [(&str, &str); 2] = [("identifier", "nobody"), ("password", "wrong password")];

fn seconds_to_wait(answer: &TestResponse) -> u64 {
    let header = answer.headers[RETRY_AFTER].to_str().unwrap();
    header.parse().unwrap()
}

#[sqlite_only]
async fn network_is_limited_to_20_login_and_120_public_requests_a_minute(portal: TestPortal) {
    let mut browser = Browser::with_rate_limits(RateLimits::DEFAULT, &portal);
    for _ in 0..20 {
        let answer = browser.submit("/do/sign-in", &WRONG).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    portal.advance(Duration::from_secs(20));
    let hashed = portal.hash_runs();
    let refused = browser.submit("/do/sign-in", &WRONG).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(seconds_to_wait(&refused), 40);
    assert!(refused.body.contains("Try again in 40"), "{}", refused.body);
    assert_eq!(portal.hash_runs(), hashed);

    // One budget for all ways in, in the words of each.
    let body = json!({ "platform": "discord", "platform_user_id": "1" });
    let refused = browser.post_json("/v1/authentication/request", &body).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let result: Value = serde_json::from_str(&refused.body).unwrap();
    assert_eq!(result["error"], "Too many requests");
    assert_eq!(result["retry_after"], 40);
    let body = json!({ "identifier": "nobody", "password": "wrong password" });
    let refused = browser.post_json("/api/auth/login", &body).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let result: Value = serde_json::from_str(&refused.body).unwrap();
    assert_eq!(result["error"]["code"], 30);

    // Looking is another budget, and other networks have their own.
    for _ in 0..120 {
        assert_eq!(browser.open("/login").await.status, StatusCode::OK);
    }
    assert_eq!(
        browser.open("/login").await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    browser.peer = "[2001:db8::1]:40000".parse().unwrap();
    assert_eq!(browser.open("/login").await.status, StatusCode::OK);

    browser.peer = "203.0.113.7:40000".parse().unwrap();
    portal.advance(Duration::from_mins(1));
    assert_eq!(
        browser.submit("/do/sign-in", &WRONG).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(browser.open("/login").await.status, StatusCode::OK);
}

#[sqlite_only]
async fn session_is_limited_to_120_requests_a_minute_from_any_network(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::with_rate_limits(RateLimits::DEFAULT, &portal);
    let form = [("identifier", "alice"), ("password", PASSWORD)];
    alice.submit("/do/sign-in", &form).await;
    for n in 0..120_u16 {
        alice.peer = format!("203.0.113.{}:40000", n % 200).parse().unwrap();
        let answer = alice.call(Method::GET, "/v1/users/me").await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    for path in ["/account", "/v1/users/me"] {
        assert_eq!(alice.open(path).await.status, StatusCode::TOO_MANY_REQUESTS);
    }
    // Another session of the same router.
    alice.cookies.clear();
    alice.submit("/do/sign-in", &form).await;
    assert_eq!(
        alice.call(Method::GET, "/v1/users/me").await.status,
        StatusCode::OK
    );
}

#[sqlite_only]
async fn bot_key_is_limited_to_600_calls_a_minute(portal: TestPortal) {
    portal.owner("keeper").await;
    let key = portal.register("a bot", "discord", "keeper").await;
    let mut program = Browser::with_rate_limits(RateLimits::DEFAULT, &portal);
    let ask = || Request::get("/v1/bot/me").header("x-api-key", key.reveal());
    for _ in 0..600 {
        assert_eq!(
            program.send(ask(), Body::empty()).await.status,
            StatusCode::OK
        );
    }
    let refused = program.send(ask(), Body::empty()).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(seconds_to_wait(&refused), 60);
}

#[tokio::test]
async fn every_route_has_a_rate_limit() {
    let portal = TestPortal::on_sqlite().await;
    let one = RateLimits {
        login: Some(1),
        public: Some(1),
        own: Some(1),
        admin: Some(1),
        bot: Some(1),
    };
    let forms = server_fn_paths().map(|(path, method)| (method, path));
    let pages = [
        "/",
        "/login",
        "/account",
        "/nowhere",
        "/v1/nowhere",
        "/api/nowhere",
    ];
    let pages = pages.map(|path| (Method::GET, path));
    let routes: Vec<_> = api_routes().into_iter().chain(forms).chain(pages).collect();
    assert!(routes.len() > 30);
    for (method, route) in routes {
        let mut browser = Browser::with_rate_limits(one, &portal);
        let path = route.replace(['{', '}'], "");
        let mut last = None;
        for _ in 0..2 {
            let request = Request::builder()
                .method(method.clone())
                .uri(&path)
                .header("origin", BASE)
                .header(CONTENT_TYPE, "application/json")
                .header("x-api-key", "hbot_wrong");
            last = Some(browser.send(request, Body::from("{}")).await.status);
        }
        assert_eq!(
            last,
            Some(StatusCode::TOO_MANY_REQUESTS),
            "{method} {route}"
        );
    }
}

/// Security A07: a hostile subdomain plants cookies until no request fits.
#[tokio::test]
async fn a07_browser_with_too_many_cookies_is_told_to_clear_them() {
    let portal = TestPortal::on_sqlite().await;
    let mut browser = Browser::new(&portal);
    for n in 0..60 {
        browser
            .cookies
            .insert(format!("planted{n}"), "x".repeat(4000));
    }
    let answer = browser.open("/login").await;
    assert_eq!(answer.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    assert_eq!(answer.headers["clear-site-data"], "\"cookies\"");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert!(
        answer.body.contains("so we cleared them"),
        "{}",
        answer.body
    );
    // Security A18: other large heads are nobody's cookies.
    browser.cookies.clear();
    let request = Request::get("/login")
        .header(ACCEPT, "text/html")
        .header("x-large", "x".repeat(65_536));
    let answer = browser.send(request, Body::empty()).await;
    assert_eq!(answer.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    assert!(!answer.headers.contains_key("clear-site-data"));
}

use backend::testing::{TestPortal, sqlite_only};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use http::{Request, StatusCode};

use crate::browser::{Browser, TestResponse};

const EVERY_KIND_OF_PAGE: [&str; 10] = [
    "/v1",
    "/api/auth/login",
    "/login",
    "/setup",
    "/account",
    "/nope",
    "/v1/users/me",
    "/v1/nope",
    "/health",
    "/assets/nope.css",
];

/// A body of this many chunks of a kilobyte.
struct ReaderOf(usize);

impl futures_core::Stream for ReaderOf {
    type Item = Result<Vec<u8>, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let left = self.0;
        self.0 = left.saturating_sub(1);
        Poll::Ready((left > 0).then(|| Ok(vec![b'a'; 1024])))
    }
}

fn assert_guarded(what: &str, answer: &TestResponse) {
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(answer.header("referrer-policy"), "same-origin", "{what}");
    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    let transport = answer.header("strict-transport-security");
    assert!(transport.starts_with("max-age=63072000"), "{what}");
    let policy = answer.header("content-security-policy");
    for directive in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(directive), "{what}: {policy}");
    }
    assert!(!policy.contains("unsafe-inline"), "{what}: {policy}");
    assert_eq!(answer.header("x-request-id").len(), 36, "{what}");
}

#[sqlite_only]
async fn every_response_has_the_security_headers(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    for path in EVERY_KIND_OF_PAGE {
        assert_guarded(path, &browser.open(path).await);
    }
    let foreign = Request::post("/do/sign-in").header("origin", "https://evil.test");
    let answer = browser.send(foreign, Body::empty()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_guarded("a foreign form", &answer);
    // Without a length beforehand, as in chunks.
    let chunks = Body::from_stream(ReaderOf(20));
    let answer = browser.send(Request::post("/do/sign-in"), chunks).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_guarded("a large body", &answer);
    portal.close().await;
    let answer = browser.open("/health").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "5");
    assert_guarded("a dead database", &answer);
}

#[sqlite_only]
async fn scripts_require_the_nonce_of_the_response(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    let mut nonces = BTreeSet::new();
    for _ in 0..10 {
        let page = browser.open("/login").await;
        let policy = page.header("content-security-policy");
        let (_, rest) = policy.split_once("'nonce-").unwrap();
        let (nonce, _) = rest.split_once('\'').unwrap();
        for script in page.body.split("<script").skip(1) {
            assert!(script.contains(&format!("nonce=\"{nonce}\"")), "{script}");
        }
        nonces.insert(nonce.to_owned());
    }
    assert_eq!(nonces.len(), 10);
}

#[sqlite_only]
async fn no_page_has_inline_styles_or_handlers(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    for path in ["/login", "/login?message=credentials", "/setup", "/nope"] {
        let page = browser.open(path).await;
        for forbidden in [" style=", "<style", " onclick=", " onload=", "javascript:"] {
            assert!(!page.body.contains(forbidden), "{path}: {forbidden}");
        }
    }
}

#[sqlite_only]
async fn csp_allows_form_redirects_to_allowed_origins(portal: TestPortal) {
    let page = Browser::new(&portal).open("/login").await;
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("form-action 'self' https://wiki.example.org;"),
        "{policy}"
    );
}

#[sqlite_only]
async fn unknown_page_is_a_404_with_a_link(portal: TestPortal) {
    let page = Browser::new(&portal).open("/nope").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(
        page.body.contains("<h1>Page not found</h1>"),
        "{}",
        page.body
    );
    assert!(page.body.contains("href=\"/\""));
}

#[sqlite_only]
async fn pages_without_islands_load_no_wasm(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    assert!(browser.open("/login").await.body.contains("portal.0.wasm"));
    assert!(!browser.open("/nope").await.body.contains("portal.0.wasm"));
    assert!(!browser.open("/setup").await.body.contains("portal.0.wasm"));
}

/// ASVS 1.3.6: the portal never fetches a URL that people or bots send. The program has no client that
/// could.
#[test]
fn asvs_1_3_6_no_http_client_is_built_in() {
    let lock = include_str!("../../../Cargo.lock");
    let crates: Vec<_> = lock
        .lines()
        .filter_map(|line| line.strip_prefix("name = "))
        .collect();
    assert!(crates.len() > 100, "{}", crates.len());
    for client in [
        "reqwest",
        "ureq",
        "curl",
        "isahc",
        "surf",
        "attohttpc",
        "hyper-tls",
        "hyper-rustls",
    ] {
        assert!(
            !crates.contains(&format!("\"{client}\"").as_str()),
            "{client}"
        );
    }
    // What serves could also call, if it were told to.
    let workspace = include_str!("../../../Cargo.toml");
    for ours in ["hyper = ", "hyper-util = "] {
        let line = workspace
            .lines()
            .find(|line| line.starts_with(ours))
            .unwrap();
        assert!(!line.contains("client"), "{line}");
    }
}

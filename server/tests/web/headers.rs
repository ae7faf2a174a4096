use std::collections::BTreeSet;

use backend::both_engines;
use http::StatusCode;

use crate::browser::Browser;

const EVERY_KIND_OF_ANSWER: [&str; 8] = [
    "/login",
    "/setup",
    "/account",
    "/nope",
    "/v1/users/me",
    "/v1/nope",
    "/health",
    "/assets/nope.css",
];

both_engines! {
    async fn every_answer_carries_the_security_headers(portal: TestPortal) {
        let mut browser = Browser::new(&portal);
        for path in EVERY_KIND_OF_ANSWER {
            let answer = browser.open(path).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            assert!(answer.header("strict-transport-security").starts_with("max-age=63072000"), "{path}");
            let policy = answer.header("content-security-policy");
            for directive in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
                assert!(policy.contains(directive), "{path}: {policy}");
            }
            assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
            assert_eq!(answer.header("x-request-id").len(), 36, "{path}");
        }
    }

    async fn scripts_run_only_with_the_nonce_of_this_answer(portal: TestPortal) {
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

    async fn no_page_has_inline_styles_or_handlers(portal: TestPortal) {
        let mut browser = Browser::new(&portal);
        for path in ["/login", "/login?message=credentials", "/setup", "/nope"] {
            let page = browser.open(path).await;
            for forbidden in [" style=", "<style", " onclick=", " onload=", "javascript:"] {
                assert!(!page.body.contains(forbidden), "{path}: {forbidden}");
            }
        }
    }

    async fn forms_may_lead_to_configured_sisters(portal: TestPortal) {
        let page = Browser::new(&portal).open("/login").await;
        let policy = page.header("content-security-policy");
        assert!(policy.contains("form-action 'self' https://wiki.example.org;"), "{policy}");
    }

    async fn an_unknown_page_is_a_404_with_a_way_on(portal: TestPortal) {
        let page = Browser::new(&portal).open("/nope").await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.body.contains("There is no page here"), "{}", page.body);
        assert!(page.body.contains("href=\"/\""));
    }

    async fn pages_without_islands_load_no_wasm(portal: TestPortal) {
        let mut browser = Browser::new(&portal);
        assert!(browser.open("/login").await.body.contains("portal.0.wasm"));
        assert!(!browser.open("/nope").await.body.contains("portal.0.wasm"));
        assert!(!browser.open("/setup").await.body.contains("portal.0.wasm"));
    }
}

use axum::body::Body;
use backend::testing::{TestPortal, sqlite_only};
use http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, REFERER};
use http::{Request, StatusCode};

use crate::browser::{BASE, Browser, TestResponse, encode};

/// Opens a page as a browser that prefers these languages.
async fn open_in(browser: &mut Browser, languages: &str, path: &str) -> TestResponse {
    let request = Request::get(path)
        .header(ACCEPT, "text/html")
        .header(ACCEPT_LANGUAGE, languages);
    browser.send(request, Body::empty()).await
}

/// Submits a preference form in the footer of a page.
async fn set_preference(
    browser: &mut Browser,
    name: &str,
    value: &str,
    page: &str,
) -> TestResponse {
    let request = Request::post("/do/preferences")
        .header(ACCEPT, "text/html")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(REFERER, page)
        .header("origin", BASE)
        .header("sec-fetch-site", "same-origin");
    browser.send(request, encode(&[(name, value)])).await
}

const LOGIN: &str = "https://portal.example.org/login";

#[sqlite_only]
async fn pages_use_the_browser_language(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    for (languages, lang, words) in [
        ("de-AT,de;q=0.9", "de", "<h1>Seite nicht gefunden</h1>"),
        ("fr", "fr", "<h1>Page introuvable</h1>"),
        ("xx", "en", "<h1>Page not found</h1>"),
    ] {
        let page = open_in(&mut browser, languages, "/nope").await;
        assert!(
            page.body.contains(&format!("<html lang=\"{lang}\"")),
            "{}",
            page.body
        );
        assert!(page.body.contains(words), "{}", page.body);
    }
}

/// Also errors that no page answers.
#[sqlite_only]
async fn error_pages_use_the_browser_language(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    set_preference(&mut browser, "language", "fr", LOGIN).await;
    set_preference(&mut browser, "theme", "dark", LOGIN).await;
    let foreign = Request::post("/do/sign-in").header("origin", "https://evil.test");
    let answer = browser.send(foreign, Body::empty()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(
        answer
            .body
            .contains("<html lang=\"fr\" data-theme=\"dark\""),
        "{}",
        answer.body
    );
    assert!(
        answer
            .body
            .contains("Ce formulaire ne venait pas de ce site"),
        "{}",
        answer.body
    );
}

#[sqlite_only]
async fn chosen_language_is_remembered(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    let answer = set_preference(
        &mut browser,
        "language",
        "de",
        "https://portal.example.org/login/code?return_to=%2Fa",
    )
    .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/login/code?return_to=%2Fa");
    let page = open_in(&mut browser, "fr", "/login/code").await;
    assert!(
        page.body.contains("Mit einem Code anmelden"),
        "{}",
        page.body
    );
    // One that nobody speaks changes nothing.
    set_preference(&mut browser, "language", "xx\"><script>", LOGIN).await;
    let page = open_in(&mut browser, "fr", "/login/code").await;
    assert!(page.body.contains("<html lang=\"de\""), "{}", page.body);
}

/// The server renders the theme, so no page flashes in another one.
#[sqlite_only]
async fn chosen_theme_is_in_the_first_bytes(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    let page = browser.open("/login").await;
    assert!(!page.body.contains("data-theme"), "{}", page.body);
    assert!(
        page.body.contains("content=\"light dark\""),
        "{}",
        page.body
    );
    set_preference(&mut browser, "theme", "dark", LOGIN).await;
    let page = browser.open("/login").await;
    assert!(page.body.contains("data-theme=\"dark\""), "{}", page.body);
    assert!(page.body.contains("content=\"only dark\""), "{}", page.body);
    set_preference(&mut browser, "theme", "system", LOGIN).await;
    assert!(!browser.open("/login").await.body.contains("data-theme"));
}

#[sqlite_only]
async fn preference_form_redirects_to_own_pages_only(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    for (before, after) in [
        ("https://evil.test/", "/"),
        ("https://portal.example.org.evil.test/login", "/"),
        ("https://portal.example.org//evil.test", "/"),
        ("https://wiki.example.org/", "/"),
        ("https://portal.example.org/do/sign-in", "/"),
        ("", "/"),
        (
            "https://portal.example.org/login?message=credentials",
            "/login?message=credentials",
        ),
    ] {
        let answer = set_preference(&mut browser, "theme", "dark", before).await;
        assert_eq!(answer.location(), after, "{before}");
    }
}

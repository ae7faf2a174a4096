use backend::SetUpLink;
use backend::testing::{PASSWORD, TestPortal, sqlite_only};
use http::{Method, StatusCode};

use crate::browser::Browser;

async fn link(portal: &TestPortal) -> String {
    let token = portal
        .create_set_up_link(SetUpLink::FirstOwner)
        .await
        .unwrap();
    format!("/setup?token={}", token.reveal())
}

#[sqlite_only]
async fn set_up_link_creates_the_first_owner(portal: TestPortal) {
    let link = link(&portal).await;
    let mut browser = Browser::new(&portal);
    let answer = browser.open(&link).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(
        answer.location(),
        "/setup",
        "the token must leave the address bar"
    );
    let page = browser.follow("/setup").await;
    assert!(
        page.body.contains("Create the first account"),
        "{}",
        page.body
    );
    assert!(page.body.contains("minlength=\"15\""), "{}", page.body);

    let answer = browser
        .submit(
            "/do/set-up",
            &[("username", "Alice"), ("password", PASSWORD)],
        )
        .await;
    assert!(
        answer.location().starts_with("/login?arrived=1"),
        "{}",
        answer.location()
    );
    let account = browser.follow(&answer.location()).await;
    assert!(account.body.contains("Owner"), "{}", account.body);
    assert!(!browser.cookies.contains_key("__Host-portal_set_up"));
    let me = browser.call(Method::GET, "/v1/users/me").await.json();
    assert_eq!(
        (&me["username"], &me["permission_level"]),
        (&"Alice".into(), &3.into())
    );
}

#[sqlite_only]
async fn set_up_form_shows_errors_at_fields(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    browser.open(&link(&portal).await).await;
    for (username, password, sentence) in [
        ("al", PASSWORD, "Username must be at least 3 characters."),
        ("al ice", PASSWORD, "Use only letters (a–z)"),
        (
            "alice",
            "fourteen chars",
            "Password must be at least 15 characters.",
        ),
        (
            "alice.of.wonderland",
            "alice.of.wonderland",
            "Password can't be the same as your username.",
        ),
    ] {
        let answer = browser
            .submit(
                "/do/set-up",
                &[("username", username), ("password", password)],
            )
            .await;
        let page = browser.follow(&answer.location()).await;
        assert!(page.body.contains(sentence), "{username}: {}", page.body);
        assert!(page.body.contains("aria-invalid=\"true\""));
        assert!(
            page.body.contains(&format!("value=\"{username}\"")),
            "{}",
            page.body
        );
    }
    assert_eq!(portal.count("users").await, 0);
}

#[sqlite_only]
async fn set_up_page_without_a_valid_link_has_no_form(portal: TestPortal) {
    for path in ["/setup", "/setup?token=abc", "/setup?token="] {
        let mut browser = Browser::new(&portal);
        browser.open(path).await;
        let page = browser.open("/setup").await;
        assert_eq!(page.status, StatusCode::GONE, "{path}");
        assert!(
            page.body.contains("This link no longer works"),
            "{}",
            page.body
        );
        assert!(
            !page.body.contains("action=\"/do/set-up\""),
            "{}",
            page.body
        );
    }
}

#[sqlite_only]
async fn set_up_form_without_a_link_creates_nobody(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    let answer = browser
        .submit(
            "/do/set-up",
            &[("username", "mallory"), ("password", PASSWORD)],
        )
        .await;
    assert_eq!(answer.location(), "/setup");
    assert_eq!(portal.count("users").await, 0);
}

#[sqlite_only]
async fn set_up_link_expires_with_the_first_owner(portal: TestPortal) {
    let mut late = Browser::new(&portal);
    late.open(&link(&portal).await).await;
    assert_eq!(late.open("/setup").await.status, StatusCode::OK);
    portal.owner("alice").await;
    let answer = late
        .submit(
            "/do/set-up",
            &[("username", "mallory"), ("password", PASSWORD)],
        )
        .await;
    assert_eq!(
        late.follow(&answer.location()).await.status,
        StatusCode::GONE
    );
    assert_eq!(portal.count("users").await, 1);
}

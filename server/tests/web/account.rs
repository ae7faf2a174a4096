use backend::testing::{TestPortal, sqlite_only};
use domain::PermissionLevel;
use http::{Method, StatusCode};

use crate::browser::Browser;

#[sqlite_only]
async fn account_page_requires_login(portal: TestPortal) {
    let answer = Browser::new(&portal).open("/account").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/login?return_to=%2Faccount");
}

#[sqlite_only]
async fn account_page_shows_the_account(portal: TestPortal) {
    portal.owner("Alice").await;
    let mut browser = Browser::logged_in(&portal, "alice").await;
    let page = browser.open("/account").await;
    assert_eq!(page.status, StatusCode::OK);
    for shown in ["Your account", "Alice", "Owner", "203.0.113.7", "Log out"] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    assert_eq!(page.header("cache-control"), "no-store");
}

#[sqlite_only]
async fn shared_cookie_alone_opens_no_page(portal: TestPortal) {
    portal.owner("alice").await;
    let mut relying_service = Browser::logged_in(&portal, "alice")
        .await
        .with_only(&["hsession"]);
    let answer = relying_service.open("/account").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(!answer.body.contains("Owner"), "{}", answer.body);
}

#[sqlite_only]
async fn logout_clears_both_cookies_and_ends_the_session(portal: TestPortal) {
    portal.owner("alice").await;
    let before = Browser::logged_in(&portal, "alice").await;
    let mut browser = before.clone();
    let answer = browser.submit("/do/sign-out", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(browser.has_no_session(), "{:?}", browser.cookies);
    let page = browser.follow(&answer.location()).await;
    assert!(page.body.contains("You're logged out."), "{}", page.body);
    let stolen = before.clone().call(Method::GET, "/v1/users/me").await;
    assert_eq!(stolen.status, StatusCode::UNAUTHORIZED);
}

/// ASVS 1.2.3: user input is part of no script, and can't end one.
#[sqlite_only]
async fn asvs_1_2_3_user_input_is_never_part_of_a_script(portal: TestPortal) {
    portal.owner("alice").await;
    let mut browser = Browser::logged_in(&portal, "alice").await;
    let written = "</script></textarea><script>alert(1)</script><!--<script>{{7*7}} &lt;b&gt;";
    let body = serde_json::json!({ "bio": written, "display": "One \"quoted\" <b>" });
    let answer = browser.post_json("/v1/users/me/update", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.json()["errors"].is_null(), "{}", answer.body);
    for path in [
        "/account",
        "/account/security",
        "/admin",
        "/admin/bots",
        "/admin/audit",
    ] {
        let page = browser.open(path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.body.contains("alert(1)</script>"), "{}", page.body);
        for script in page.body.split("<script").skip(1) {
            let (inner, _) = script.split_once("</script>").unwrap();
            for theirs in ["alert(1)", "7*7", "quoted", "alice"] {
                assert!(!inner.contains(theirs), "{inner}");
            }
        }
    }
    // It stands in its field as it was written: nothing is left out, and nothing is read twice.
    let page = browser.open("/account").await.body;
    let field = "&lt;/script>&lt;/textarea>&lt;script>alert(1)&lt;/script>&lt;!--&lt;script>{{7*7}} &amp;lt;b&amp;gt;</textarea>";
    assert!(page.contains(field), "{page}");
}

/// ASVS 1.2.1.
#[sqlite_only]
async fn asvs_1_2_1_names_are_escaped_in_titles(portal: TestPortal) {
    portal.owner("olga").await;
    portal.person("bob", PermissionLevel::User).await;
    let mut bob = Browser::logged_in(&portal, "bob").await;
    let body = serde_json::json!({ "display": "</title><b id=x>B &amp; b" });
    let answer = bob.post_json("/v1/users/me/update", &body).await;
    assert!(answer.json()["errors"].is_null(), "{}", answer.body);
    let id = answer.json()["user"]["id"].clone();
    let mut olga = Browser::logged_in(&portal, "olga").await;
    for path in [
        "/admin".to_owned(),
        format!("/admin/people/{id}"),
        format!("/admin/people/{id}?act=ban"),
    ] {
        let page = olga.open(&path).await.body;
        assert!(
            page.contains("b id=x") && !page.contains("<b id=x"),
            "{page}"
        );
    }
    let page = olga.open(&format!("/admin/people/{id}")).await.body;
    assert!(
        page.contains("<title>&lt;/title>&lt;b id=x>B &amp;amp; b · Portal</title>"),
        "{page}"
    );
}

#[sqlite_only]
async fn second_logout_succeeds(portal: TestPortal) {
    let answer = Browser::new(&portal).submit("/do/sign-out", &[]).await;
    assert_eq!(answer.location(), "/login?message=signed-out");
}

#[sqlite_only]
async fn failed_logout_is_reported_and_keeps_cookies(portal: TestPortal) {
    portal.owner("alice").await;
    let mut browser = Browser::logged_in(&portal, "alice").await;
    portal
        .execute("alter table sessions rename column ended_by to gone")
        .await;
    let answer = browser.submit("/do/sign-out", &[]).await;
    assert_eq!(answer.location(), "/account?message=still-signed-in");
    assert!(browser.cookies.contains_key("hsession"));
    let page = browser.follow(&answer.location()).await;
    assert!(
        page.body.contains("You're still logged in"),
        "{}",
        page.body
    );
}

#[sqlite_only]
async fn names_are_escaped_on_every_page(portal: TestPortal) {
    portal.owner("alice").await;
    portal
        .execute("update users set display = '\"><img src=x onerror=alert(1)></script>{{7*7}}'")
        .await;
    let mut browser = Browser::logged_in(&portal, "alice").await;
    let page = browser.open("/account").await;
    assert!(!page.body.contains("<img"), "{}", page.body);
    assert!(page.body.contains("&lt;img"), "{}", page.body);
}

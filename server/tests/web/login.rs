use axum::body::Body;
use backend::testing::{PASSWORD, TestPortal, both_databases, sqlite_only};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{Method, Request, StatusCode};

use crate::browser::{Browser, RELYING_SERVICE, encode};

const ALICE: [(&str, &str); 2] = [("identifier", "alice"), ("password", PASSWORD)];

#[both_databases]
async fn login_on_the_page_is_valid_for_the_api(portal: TestPortal) {
    portal.owner("Alice").await;
    let mut browser = Browser::new(&portal);
    let page = browser.open("/login").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("action=\"/do/sign-in\""));

    let answer = browser.submit("/do/sign-in", &ALICE).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let account = browser.follow(&answer.location()).await;
    assert_eq!(account.status, StatusCode::OK);
    assert!(
        account.body.contains("<bdi>Alice</bdi>"),
        "{}",
        account.body
    );

    let me = browser.call(Method::GET, "/v1/users/me").await;
    assert_eq!(me.status, StatusCode::OK);
    assert_eq!(me.json()["username"], "Alice");
    assert_eq!(me.json()["permission_level"], 3);
}

#[sqlite_only]
async fn both_cookies_are_set_as_documented(portal: TestPortal) {
    portal.owner("alice").await;
    let mut browser = Browser::new(&portal);
    let answer = browser.submit("/do/sign-in", &ALICE).await;
    let cookies = answer.set_cookies();
    let find = |name: &str| {
        *cookies
            .iter()
            .find(|cookie| cookie.starts_with(name))
            .unwrap()
    };
    let (_, attributes) = find("hsession=").split_once("; ").unwrap();
    assert_eq!(
        attributes,
        "Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=None; Domain=example.org"
    );
    let (_, attributes) = find("__Host-hsession_act=").split_once("; ").unwrap();
    assert_eq!(
        attributes,
        "Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=Lax"
    );
    assert_ne!(
        browser.cookies["hsession"],
        browser.cookies["__Host-hsession_act"]
    );
}

#[sqlite_only]
async fn wrong_password_returns_to_the_page_with_the_username(portal: TestPortal) {
    portal.owner("alice").await;
    let mut browser = Browser::new(&portal);
    let wrong = [
        ("identifier", "alice"),
        ("password", "not her password"),
        ("return_to", "/account?x=1"),
    ];
    let answer = browser.submit("/do/sign-in", &wrong).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(!browser.cookies.contains_key("hsession"));
    let page = browser.follow(&answer.location()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("Wrong username or password."),
        "{}",
        page.body
    );
    assert!(page.body.contains("role=\"alert\""));
    assert!(page.body.contains("value=\"alice\""), "{}", page.body);
    assert!(
        page.body.contains("value=\"/account?x=1\""),
        "{}",
        page.body
    );
    assert!(!page.body.contains("not her password"));
    assert!(!answer.location().contains("password"));
}

#[sqlite_only]
async fn unknown_username_and_wrong_password_look_the_same(portal: TestPortal) {
    portal.owner("alice").await;
    let mut seen = Vec::new();
    for identifier in ["alice", "nobody"] {
        let mut browser = Browser::new(&portal);
        let form = [("identifier", identifier), ("password", "not her password")];
        let answer = browser.submit("/do/sign-in", &form).await;
        let cookies = answer.set_cookies().join("\n").replace(identifier, "NAME");
        let names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        seen.push((answer.status, answer.location(), cookies, names));
    }
    assert_eq!(seen[0], seen[1]);
}

#[sqlite_only]
async fn program_gets_a_status_instead_of_a_redirect(portal: TestPortal) {
    portal.owner("alice").await;
    let mut program = Browser::new(&portal);
    let form =
        || Request::post("/do/sign-in").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let wrong = encode(&[("identifier", "alice"), ("password", "not her password")]);
    let answer = program.send(form(), wrong).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.location(), "");
    let answer = program.send(form(), encode(&ALICE)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(program.cookies.contains_key("hsession"));
}

#[sqlite_only]
async fn missing_and_malformed_fields_are_rejected(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    for body in [
        "",
        "identifier=alice",
        "password=x",
        "%ff=%fe",
        "identifier=a&identifier=b&password=c",
        "{}",
    ] {
        let request = Request::post("/do/sign-in")
            .header(ACCEPT, "text/html")
            .header("referer", "https://evil.test/")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = browser.send(request, Body::from(body)).await;
        match answer.status {
            StatusCode::SEE_OTHER => assert!(answer.location().starts_with("/login?"), "{body}"),
            StatusCode::BAD_REQUEST => {
                assert!(answer.body.contains("We couldn't read that"), "{body}");
            }
            other => panic!("{body}: {other}"),
        }
        assert!(!browser.cookies.contains_key("hsession"));
    }
}

#[sqlite_only]
async fn login_redirects_to_the_requested_page(portal: TestPortal) {
    portal.owner("alice").await;
    for (wanted, expected) in [
        ("/account?tab=2", "/account?tab=2"),
        (
            "https://wiki.example.org/page",
            "https://wiki.example.org/page",
        ),
        ("https://evil.test/", "/account"),
        ("//evil.test", "/account"),
        ("/\\evil.test", "/account"),
        ("javascript:alert(1)", "/account"),
        ("", "/account"),
    ] {
        let mut browser = Browser::new(&portal);
        let form = [ALICE[0], ALICE[1], ("return_to", wanted)];
        let answer = browser.submit("/do/sign-in", &form).await;
        assert!(
            answer.location().starts_with("/login?arrived=1"),
            "{}",
            answer.location()
        );
        let arrived = browser.open(&answer.location()).await;
        assert_eq!(arrived.location(), expected, "{wanted}");
    }
}

#[sqlite_only]
async fn browser_without_cookies_is_told_why_login_fails(portal: TestPortal) {
    portal.owner("alice").await;
    let answer = Browser::new(&portal).submit("/do/sign-in", &ALICE).await;
    let page = Browser::new(&portal).open(&answer.location()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("blocked the login cookie"),
        "{}",
        page.body
    );
}

#[sqlite_only]
async fn login_page_redirects_signed_in_people(portal: TestPortal) {
    portal.owner("alice").await;
    let mut browser = Browser::logged_in(&portal, "alice").await;
    assert_eq!(browser.open("/login").await.location(), "/account");
    assert_eq!(
        browser
            .open("/login?return_to=/account%3Fa")
            .await
            .location(),
        "/account?a"
    );
    assert_eq!(browser.open("/").await.location(), "/account");
    assert_eq!(Browser::new(&portal).open("/").await.location(), "/login");
}

#[sqlite_only]
async fn banned_person_is_told_after_the_right_password(portal: TestPortal) {
    portal.owner("alice").await;
    portal.ban("alice").await;
    let mut browser = Browser::new(&portal);
    let answer = browser.submit("/do/sign-in", &ALICE).await;
    assert_eq!(answer.location(), "/login?message=restricted");
    let page = browser.open(&answer.location()).await;
    assert!(
        page.body.contains("can't log in right now"),
        "{}",
        page.body
    );
}

#[sqlite_only]
async fn forged_message_codes_show_no_message(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    for forged in [
        "/login?message=Your+account+is+locked",
        "/login?message=%3Cscript%3Ealert(1)%3C/script%3E",
        "/login?__path=/do/sign-in&__err=RXZpbA==",
        "/login?error=locked",
    ] {
        let page = browser.open(forged).await;
        assert_eq!(page.status, StatusCode::OK);
        for evil in ["locked", "alert(1)", "Evil"] {
            assert!(!page.body.contains(evil), "{forged}: {}", page.body);
        }
        assert!(!page.body.contains("class=\"notice"), "{forged}");
    }
}

#[sqlite_only]
async fn a08_cross_origin_login_form_is_rejected(portal: TestPortal) {
    portal.owner("alice").await;
    for (name, value) in [
        ("origin", "https://evil.test"),
        ("origin", RELYING_SERVICE),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let mut browser = Browser::new(&portal);
        let request = Request::post("/do/sign-in")
            .header(ACCEPT, "text/html")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("authorization", "Basic eDp5")
            .header("x-api-key", "hbot_x")
            .header(name, value);
        let answer = browser.send(request, encode(&ALICE)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
        assert!(answer.set_cookies().is_empty());
        assert!(answer.body.contains("That form didn't come from this site"));
    }
    assert_eq!(portal.count("sessions").await, 0);
}

#[sqlite_only]
async fn a06_planted_cookies_are_never_adopted(portal: TestPortal) {
    portal.owner("alice").await;
    portal.owner("mallory").await;
    let mallory = Browser::logged_in(&portal, "mallory").await;
    let mut browser = mallory.clone();
    let answer = browser.submit("/do/sign-in", &ALICE).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_ne!(browser.cookies["hsession"], mallory.cookies["hsession"]);
    assert_ne!(
        browser.cookies["__Host-hsession_act"],
        mallory.cookies["__Host-hsession_act"]
    );
    let me = browser.call(Method::GET, "/v1/users/me").await;
    assert_eq!(me.json()["username"], "alice");
    let other = mallory.clone().call(Method::GET, "/v1/users/me").await;
    assert_eq!(other.json()["username"], "mallory");
}

#[both_databases]
async fn unavailable_database_fails_logins_with_try_again(portal: TestPortal) {
    portal.owner("alice").await;
    let mut browser = Browser::logged_in(&portal, "alice").await;
    let mut stranger = Browser::new(&portal);
    portal.close().await;
    let answer = stranger.submit("/do/sign-in", &ALICE).await;
    assert_eq!(answer.location(), "/login?message=unavailable");
    let page = stranger.open(&answer.location()).await;
    assert!(
        page.body.contains("We can't do that right now"),
        "{}",
        page.body
    );
    let me = browser.call(Method::GET, "/v1/users/me").await;
    assert_eq!(me.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(me.json()["error"], "Try again later");
    assert_eq!(me.header("retry-after"), "5");
    let page = browser.open("/account").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        page.body.contains("Temporarily unavailable"),
        "{}",
        page.body
    );
    assert!(
        page.body.contains(page.header("x-request-id")),
        "{}",
        page.body
    );
    let health = browser.call(Method::GET, "/health").await;
    assert_eq!(
        (health.status, health.body.as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"unhealthy"}"#)
    );
}

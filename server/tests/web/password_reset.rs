//! Password reset by mail, and limits of password attempts, by the API and on the pages.

use backend::testing::{
    PASSWORD, TestPortal, authenticator, both_databases, client, minutes, sqlite_only, verified,
};
use domain::PermissionLevel;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::browser::{Browser, TestResponse};

const REQUEST: &str = "/v1/authentication/recover";
const MAIL: &str = "alice@example.org";
const NEW: &str = "a heron waits by green water";
/// A password that is long enough only together with a second factor.
const SHORT: &str = "tin-goat-9";

async fn alice(portal: &TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    verified(portal, "alice", MAIL).await;
}

/// Enables TOTP for Alice. Returns its secret and a recovery code.
async fn enable_totp(portal: &TestPortal) -> (String, String) {
    let session = portal.login("alice", PASSWORD).await.unwrap();
    let me = portal.person_of(&session).await;
    let key = portal.offer_totp(&me).await.unwrap().secret;
    let code = authenticator(&key, portal.now());
    let on = portal.confirm_totp(&me, &code, &client()).await.unwrap();
    portal.advance(minutes(1));
    (key, on.recovery_codes[0].reveal().to_owned())
}

/// The path of the link in the last mail.
async fn link(portal: &TestPortal) -> String {
    let link = portal.last_mail_to(MAIL).await.link();
    link.strip_prefix("https://portal.example.org")
        .unwrap()
        .to_owned()
}

async fn requested_link(portal: &TestPortal) -> String {
    let answer = Browser::new(portal)
        .post_json(REQUEST, &json!({ "identifier": "alice" }))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    link(portal).await
}

async fn finish(portal: &TestPortal, link: &str, body: &Value) -> TestResponse {
    let path = format!("/v1/authentication{link}");
    Browser::new(portal).post_json(&path, body).await
}

async fn log_in(portal: &TestPortal, body: Value) -> TestResponse {
    Browser::new(portal)
        .post_json("/api/auth/login", &body)
        .await
}

/// Submits a wrong password on the login page, and returns what the page says.
async fn submit_wrong_password(browser: &mut Browser, name: &str) -> String {
    let form = [("identifier", name), ("password", "not the password")];
    let answer = browser.submit("/do/sign-in", &form).await;
    browser.follow(&answer.location()).await.body
}

#[sqlite_only]
async fn reset_request_answers_the_same_for_known_and_unknown_accounts(portal: TestPortal) {
    alice(&portal).await;
    portal.person("banned", PermissionLevel::User).await;
    portal.ban("banned").await;
    let mut answers = Vec::new();
    for identifier in [
        json!("alice"),
        json!(MAIL),
        json!("banned"),
        json!("nobody"),
        json!("nobody@example.org"),
        json!(42),
        json!("42"),
    ] {
        let answer = Browser::new(&portal)
            .post_json(REQUEST, &json!({ "identifier": identifier }))
            .await;
        let mut headers: Vec<&str> = answer
            .headers
            .keys()
            .map(http::HeaderName::as_str)
            .collect();
        headers.sort_unstable();
        answers.push((answer.status, answer.body.clone(), format!("{headers:?}")));
    }
    assert!(
        answers.windows(2).all(|pair| pair[0] == pair[1]),
        "{answers:?}"
    );
    assert_eq!(
        answers[0].1,
        r#"{"message":"If that account exists and has a confirmed email, a link was sent"}"#
    );
    assert_eq!(portal.mail_to(MAIL).await.len(), 2);
    for (body, error) in [
        (json!({}), "identifier is required"),
        (
            json!({ "identifier": 1.5 }),
            "identifier must be an integer or a string",
        ),
    ] {
        let answer = Browser::new(&portal).post_json(REQUEST, &body).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (StatusCode::BAD_REQUEST, &json!(error))
        );
    }
}

#[sqlite_only]
async fn api_resets_the_password(portal: TestPortal) {
    alice(&portal).await;
    let mut before = Browser::logged_in(&portal, "alice").await;
    let link = requested_link(&portal).await;
    for (body, error) in [
        (json!({}), "new_password is required"),
        (
            json!({ "new_password": "too short" }),
            "new_password is refused: Password must be at least 15 characters.",
        ),
        (
            json!({ "new_password": NEW, "twofa_token": "12" }),
            "twofa_token must be six digits or a recovery code",
        ),
    ] {
        let answer = finish(&portal, &link, &body).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (StatusCode::BAD_REQUEST, &json!(error))
        );
    }
    let answer = finish(&portal, &link, &json!({ "new_password": NEW })).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (
            StatusCode::OK,
            r#"{"message":"Password set; all sessions have ended"}"#
        )
    );
    // It logs nobody in.
    assert!(answer.set_cookies().is_empty());
    assert_eq!(
        before.call(Method::GET, "/v1/users/me").await.status,
        StatusCode::UNAUTHORIZED
    );
    for dead in [
        link.as_str(),
        "/recover/abc",
        &format!("/recover/{}", "A".repeat(43)),
    ] {
        let answer = finish(&portal, dead, &json!({ "new_password": NEW })).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (StatusCode::UNAUTHORIZED, &json!("Invalid or expired code"))
        );
    }
    assert_eq!(
        log_in(&portal, json!({ "identifier": "alice", "password": NEW }))
            .await
            .status,
        StatusCode::OK
    );
}

#[sqlite_only]
async fn reset_link_does_not_replace_the_second_factor(portal: TestPortal) {
    alice(&portal).await;
    let (key, _) = enable_totp(&portal).await;
    let link = requested_link(&portal).await;
    for body in [
        json!({ "new_password": NEW }),
        json!({ "new_password": NEW, "twofa_token": "000000" }),
    ] {
        let answer = finish(&portal, &link, &body).await;
        let result = answer.json();
        assert_eq!(
            (answer.status, &result["error"]),
            (
                StatusCode::PRECONDITION_REQUIRED,
                &json!("Additional verification required")
            )
        );
        assert_eq!(
            result["methods"],
            json!([
                { "type": "totp", "name": "Authenticator App", "description": "Use an authenticator app to generate a verification code", "enabled": true, "can_send": false },
                { "type": "recovery", "name": "Recovery Code", "description": "Use one of the recovery codes you saved", "enabled": true, "can_send": false },
            ])
        );
        assert!(result.get("challenge").is_none());
    }
    let code = authenticator(&key, portal.now());
    let answer = finish(
        &portal,
        &link,
        &json!({ "new_password": SHORT, "twofa_token": code.reveal() }),
    )
    .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let login = log_in(&portal, json!({ "identifier": "alice", "password": SHORT })).await;
    assert_eq!(login.status, StatusCode::PRECONDITION_REQUIRED);
    portal.advance(minutes(1));
    let code = authenticator(&key, portal.now());
    let login = log_in(
        &portal,
        json!({ "identifier": "alice", "password": SHORT, "twofa_token": code.reveal() }),
    )
    .await;
    assert_eq!(login.status, StatusCode::OK);
    // Too short to stand alone.
    let token = login.json()["data"]["token"].as_str().unwrap().to_owned();
    portal.advance(minutes(1));
    let code = authenticator(&key, portal.now());
    let request = Request::post("/v1/users/me/second-factors/totp/remove")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json");
    let body = json!({ "twofa_token": code.reveal() }).to_string();
    let answer = Browser::new(&portal).send(request, body.into()).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (StatusCode::CONFLICT, &json!("Set a longer password first"))
    );
}

#[sqlite_only]
async fn reset_links_never_use_the_host_header(portal: TestPortal) {
    alice(&portal).await;
    for header in ["host", "x-forwarded-host", "forwarded", "origin", "referer"] {
        let request = Request::post(REQUEST)
            .header("content-type", "application/json")
            .header(header, "https://evil.test");
        let answer = Browser::new(&portal)
            .send(request, json!({ "identifier": "alice" }).to_string().into())
            .await;
        assert!(
            [
                StatusCode::OK,
                StatusCode::FORBIDDEN,
                StatusCode::MISDIRECTED_REQUEST,
                StatusCode::BAD_REQUEST
            ]
            .contains(&answer.status)
                || answer.status.is_redirection(),
            "{header}: {}",
            answer.status
        );
    }
    let letters = portal.mail_to(MAIL).await;
    assert!(!letters.is_empty());
    for letter in letters {
        assert!(
            letter
                .link()
                .starts_with("https://portal.example.org/recover/"),
            "{}",
            letter.link()
        );
        assert!(!letter.raw().contains("evil.test"));
    }
}

#[sqlite_only]
async fn reset_pages_lead_from_forgotten_password_to_login(portal: TestPortal) {
    alice(&portal).await;
    let mut browser = Browser::new(&portal);
    let login = browser.open("/login").await;
    assert!(login.body.contains("href=\"/recover\""), "{}", login.body);
    let page = browser.open("/recover").await;
    assert!(
        page.body.contains("Forgot your password?") && page.body.contains("Username or email"),
        "{}",
        page.body
    );
    let answer = browser
        .submit("/do/recover", &[("identifier", "alice")])
        .await;
    let page = browser.follow(&answer.location()).await;
    assert!(page.body.contains("we've sent a link"), "{}", page.body);
    assert!(
        page.body.contains("Didn't get an email?")
            && page.body.contains("and a recovery code")
            && page.body.contains("contact the site's team"),
        "{}",
        page.body
    );

    // A program that looks for viruses opens the link, and opens it again.
    let link = link(&portal).await;
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let mut scanner = Browser::new(&portal);
        let answer = scanner.call(method, &link).await;
        assert!(
            answer.status.is_success() || answer.status.is_redirection(),
            "{}",
            answer.status
        );
        scanner.open("/recover/new").await;
    }

    let answer = browser.open(&link).await;
    assert_eq!(
        (answer.status, answer.location().as_str()),
        (StatusCode::SEE_OTHER, "/recover/new")
    );
    let page = browser.open("/recover/new").await;
    assert!(
        page.body.contains("minlength=\"15\"") && page.body.contains("<b>alice</b>"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("twofa_token"), "{}", page.body);
    let answer = browser
        .submit("/do/new-password", &[("new_password", "too short")])
        .await;
    let page = browser.follow(&answer.location()).await;
    assert!(
        page.body
            .contains("Password must be at least 15 characters."),
        "{}",
        page.body
    );
    let answer = browser
        .submit("/do/new-password", &[("new_password", NEW)])
        .await;
    assert_eq!(answer.location(), "/login?message=recovered");
    let page = browser.follow(&answer.location()).await;
    assert!(
        page.body
            .contains("Password changed. Log in with the new one."),
        "{}",
        page.body
    );
    assert!(browser.has_no_session());
    let answer = browser
        .submit("/do/sign-in", &[("identifier", "alice"), ("password", NEW)])
        .await;
    assert!(
        answer.location().starts_with("/login?arrived=1"),
        "{}",
        answer.location()
    );
    // The browser it was set in is known: no letter but the one about the password.
    assert_eq!(
        portal.last_mail_to(MAIL).await.header("Subject"),
        "Your Portal password was changed"
    );

    let mut late = Browser::new(&portal);
    late.open(&link).await;
    let page = late.open("/recover/new").await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(
        page.body.contains("Get a new link") && !page.body.contains("<form class=\"form\""),
        "{}",
        page.body
    );
}

#[sqlite_only]
async fn reset_page_asks_for_the_second_factor(portal: TestPortal) {
    alice(&portal).await;
    let (_, recovery) = enable_totp(&portal).await;
    let mut browser = Browser::new(&portal);
    browser.submit("/do/recover", &[("identifier", MAIL)]).await;
    browser.open(&link(&portal).await).await;
    let page = browser.open("/recover/new").await;
    assert!(
        page.body.contains("twofa_token") && page.body.contains("minlength=\"8\""),
        "{}",
        page.body
    );
    for (shown, sentence) in [
        ("", "Enter a two-factor code or a recovery code."),
        ("abc", "Enter a two-factor code or a recovery code."),
        ("000000", "That code didn&#x27;t work."),
    ] {
        let answer = browser
            .submit(
                "/do/new-password",
                &[("new_password", SHORT), ("twofa_token", shown)],
            )
            .await;
        let page = browser.follow(&answer.location()).await;
        assert!(
            page.body.replace("&#39;", "&#x27;").contains(sentence)
                || page.body.contains(&sentence.replace("&#x27;", "'")),
            "{shown}: {}",
            page.body
        );
    }
    let answer = browser
        .submit(
            "/do/new-password",
            &[("new_password", SHORT), ("twofa_token", &recovery)],
        )
        .await;
    assert_eq!(answer.location(), "/login?message=recovered");
}

#[sqlite_only]
async fn reset_page_without_a_link_has_no_form(portal: TestPortal) {
    for path in ["/recover/new", "/recover/abc", "/recover/%00"] {
        let mut browser = Browser::new(&portal);
        browser.open(path).await;
        let page = browser.open("/recover/new").await;
        assert_eq!(page.status, StatusCode::GONE, "{path}");
        assert!(!page.body.contains("<form class=\"form\""), "{}", page.body);
        let answer = browser
            .submit("/do/new-password", &[("new_password", NEW)])
            .await;
        assert_eq!(answer.location(), "/recover/new");
    }
}

#[both_databases]
async fn too_many_reset_links_are_rejected_by_page_and_api(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    for _ in 0..10 {
        browser
            .submit("/do/recover", &[("identifier", "nobody")])
            .await;
    }
    let answer = browser
        .submit("/do/recover", &[("identifier", "alice")])
        .await;
    let page = browser.follow(&answer.location()).await;
    assert!(
        page.body
            .contains("Too many links were requested from your network."),
        "{}",
        page.body
    );
    assert!(page.body.contains("value=\"alice\""), "{}", page.body);
    let answer = browser
        .post_json(REQUEST, &json!({ "identifier": "alice" }))
        .await;
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (StatusCode::TOO_MANY_REQUESTS, "600")
    );
    assert_eq!(answer.json()["retry_after"], 600);
    assert!(
        page.body.contains("Try again in 10 minutes."),
        "{}",
        page.body
    );
    // Nothing else can be said by an address.
    for odd in [
        "/recover?message=recoveries&wait=86401",
        "/recover?message=recoveries&wait=-1",
        "/recover?message=nothing&wait=5",
    ] {
        let page = browser.open(odd).await.body;
        assert!(
            page.contains("class=\"notice") && !page.contains("again in"),
            "{page}"
        );
    }
    let answer = browser.submit("/do/recover", &[("identifier", " ")]).await;
    assert_eq!(answer.location(), "/recover?message=nothing");
}

#[both_databases]
async fn too_many_password_attempts_are_reported_by_page_and_api(portal: TestPortal) {
    alice(&portal).await;
    for name in ["alice", "nobody"] {
        let mut browser = Browser::new(&portal);
        for _ in 0..5 {
            assert!(
                submit_wrong_password(&mut browser, name)
                    .await
                    .contains("Wrong username or password.")
            );
        }
        let page = submit_wrong_password(&mut browser, name).await;
        assert!(page.contains("Too many failed attempts."), "{page}");
        assert!(page.contains("Try again in 5 seconds."), "{page}");
    }
    let answer = log_in(
        &portal,
        json!({ "identifier": "alice", "password": PASSWORD }),
    )
    .await;
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (StatusCode::TOO_MANY_REQUESTS, "5")
    );
    assert_eq!(
        answer.json(),
        json!({
            "error": { "message": "Too many requests.", "code": 30, "status": 429 }, "data": null, "request": "/api/auth/login",
        })
    );
    portal.advance(minutes(1));
    assert_eq!(
        log_in(
            &portal,
            json!({ "identifier": "alice", "password": PASSWORD })
        )
        .await
        .status,
        StatusCode::OK
    );
}

#[both_databases]
async fn too_many_attempts_are_reported_when_confirming_and_setting(portal: TestPortal) {
    alice(&portal).await;
    let mut browser = Browser::logged_in(&portal, "alice").await;
    // A program with her session, and no mark.
    let mut program = browser.with_only(&["hsession", "__Host-hsession_act"]);
    portal
        .execute("update users set failed_passwords_known_device = 10")
        .await;
    for _ in 0..4 {
        program
            .post_json(
                "/v1/authentication/confirm",
                &json!({ "password": "not the password" }),
            )
            .await;
    }
    program
        .post_json(
            "/v1/authentication/confirm",
            &json!({ "password": PASSWORD }),
        )
        .await;
    for _ in 0..5 {
        log_in(
            &portal,
            json!({ "identifier": "alice", "password": "not the password" }),
        )
        .await;
    }
    let answer = program
        .post_json(
            "/v1/authentication/confirm",
            &json!({ "password": PASSWORD }),
        )
        .await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (StatusCode::TOO_MANY_REQUESTS, &json!("Too many requests"))
    );
    let body = json!({ "old_password": PASSWORD, "new_password": NEW });
    assert_eq!(
        program
            .post_json("/v1/users/me/password", &body)
            .await
            .status,
        StatusCode::TOO_MANY_REQUESTS
    );
    // Her own browser has guesses of its own.
    let answer = browser
        .submit(
            "/do/confirm",
            &[("password", PASSWORD), ("return_to", "/account")],
        )
        .await;
    assert_eq!(answer.location(), "/account");
}

#[sqlite_only]
async fn device_cookie_survives_logout_and_is_hidden_from_relying_services(portal: TestPortal) {
    alice(&portal).await;
    let mut browser = Browser::new(&portal);
    browser
        .submit(
            "/do/sign-in",
            &[("identifier", "alice"), ("password", "not the password")],
        )
        .await;
    assert!(
        !browser.cookies.contains_key("__Host-portal_mark"),
        "given before anybody logged in"
    );
    let answer = browser
        .submit(
            "/do/sign-in",
            &[("identifier", "alice"), ("password", PASSWORD)],
        )
        .await;
    let mark = answer
        .set_cookies()
        .into_iter()
        .find(|cookie| cookie.starts_with("__Host-portal_mark="))
        .unwrap()
        .to_owned();
    assert!(
        mark.ends_with("; Path=/; Max-Age=34560000; HttpOnly; Secure; SameSite=Lax"),
        "{mark}"
    );
    let kept = browser.cookies["__Host-portal_mark"].clone();
    browser.submit("/do/sign-out", &[]).await;
    browser
        .submit(
            "/do/sign-in",
            &[("identifier", "alice"), ("password", PASSWORD)],
        )
        .await;
    assert_eq!(browser.cookies["__Host-portal_mark"], kept);
}

//! Email addresses and email codes, by the API and on the pages.

use backend::testing::{PASSWORD, TestPortal, authenticator, both_databases, minutes, sqlite_only};
use backend::{EmailFactor, Portal};
use domain::PermissionLevel;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::browser::{Browser, TestResponse};

const PATH: &str = "/v1/users/me/email";

async fn alice(portal: &TestPortal) -> Browser {
    portal.person("alice", PermissionLevel::User).await;
    Browser::logged_in(portal, "alice").await
}

/// The path of the link in the last mail to this address.
async fn link(portal: &TestPortal, address: &str) -> String {
    let link = portal.last_mail_to(address).await.link();
    link.strip_prefix("https://portal.example.org")
        .unwrap()
        .to_owned()
}

async fn me(browser: &mut Browser) -> Value {
    browser.call(Method::GET, "/v1/users/me").await.json()
}

#[sqlite_only]
async fn email_is_set_by_api_and_confirmed_on_the_page(portal: TestPortal) {
    let mut alice = alice(&portal).await;
    let answer = alice
        .post_json(PATH, &json!({ "email": "alice@example.org" }))
        .await;
    assert_eq!(
        (answer.status, answer.json()),
        (
            StatusCode::OK,
            json!({ "message": "Confirmation link sent" })
        )
    );
    let result = me(&mut alice).await;
    assert_eq!(
        (&result["email"], &result["email_verified"]),
        (&json!("alice@example.org"), &json!(false))
    );

    // A program that looks for viruses opens the link, and opens it again.
    let link = link(&portal, "alice@example.org").await;
    let mut scanner = Browser::new(&portal);
    for method in [Method::HEAD, Method::GET, Method::HEAD, Method::GET] {
        let answer = scanner
            .send(
                Request::builder().method(method).uri(&link),
                axum::body::Body::empty(),
            )
            .await;
        assert_eq!(
            (answer.status, answer.location().as_str()),
            (StatusCode::SEE_OTHER, "/email")
        );
        assert_eq!(scanner.open("/email").await.status, StatusCode::OK);
    }
    assert_eq!(me(&mut alice).await["email_verified"], false);

    // The owner of the address, in another browser than the one that asked.
    let mut mail = Browser::new(&portal);
    let opened = mail.open(&link).await;
    assert_eq!(
        opened.location(),
        "/email",
        "the token must leave the address bar"
    );
    let page = mail.open("/email").await;
    assert!(
        page.body.contains("alice@example.org") && page.body.contains("<b>alice</b>"),
        "{}",
        page.body
    );
    let done = mail.submit("/do/confirm-email", &[]).await;
    assert_eq!(done.location(), "/email?message=email-on");
    assert!(
        mail.open(&done.location())
            .await
            .body
            .contains("Email confirmed.")
    );
    assert_eq!(me(&mut alice).await["email_verified"], true);
    // Once.
    assert_eq!(
        mail.submit("/do/confirm-email", &[]).await.location(),
        "/email?message=email-dead"
    );
    mail.open(&link).await;
    assert_eq!(mail.open("/email").await.status, StatusCode::GONE);
}

#[sqlite_only]
async fn invalid_email_is_explained(portal: TestPortal) {
    let mut alice = alice(&portal).await;
    for (body, status, error) in [
        (json!({}), 400, "email is required"),
        (json!({ "email": 5 }), 400, "email must be a string"),
        (
            json!({ "email": "alice" }),
            400,
            "email must be an address such as name@example.org",
        ),
        (
            json!({ "email": "a@b.c\r\nBcc: eve@evil.test" }),
            400,
            "email must be an address such as name@example.org",
        ),
        (
            json!({ "email": format!("{}@example.org", "a".repeat(320)) }),
            400,
            "email must be at most 320 characters",
        ),
    ] {
        let answer = alice.post_json(PATH, &body).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["error"]),
            (status, &json!(error))
        );
    }
    let nobody = Browser::new(&portal)
        .post_json(PATH, &json!({ "email": "a@example.org" }))
        .await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    portal.advance(minutes(10));
    let old = alice
        .post_json(PATH, &json!({ "email": "a@example.org" }))
        .await;
    assert_eq!(
        (old.status, &old.json()["error"]),
        (StatusCode::FORBIDDEN, &json!("Fresh login required"))
    );
    assert_eq!(portal.count("mail_queue").await, 0);
}

#[both_databases]
async fn a26_too_many_mails_return_429(portal: TestPortal) {
    let mut alice = alice(&portal).await;
    for n in 0..3 {
        let body = json!({ "email": format!("a{n}@example.org") });
        assert_eq!(alice.post_json(PATH, &body).await.status, StatusCode::OK);
    }
    let answer = alice
        .post_json(PATH, &json!({ "email": "a3@example.org" }))
        .await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        (answer.header("retry-after"), &answer.json()["retry_after"]),
        ("600", &json!(600))
    );
}

#[sqlite_only]
async fn a26_mail_links_use_the_base_url_not_the_host_header(portal: TestPortal) {
    let mut alice = alice(&portal).await;
    let request = Request::post(PATH)
        .header("content-type", "application/json")
        .header("host", "evil.test")
        .header("x-forwarded-host", "evil.test");
    let body = json!({ "email": "alice@example.org" }).to_string();
    assert_eq!(
        alice.send(request, body.into()).await.status,
        StatusCode::OK
    );
    let mail = portal.last_mail_to("alice@example.org").await;
    assert!(!mail.raw().contains("evil.test"));
    assert!(mail.link().starts_with("https://portal.example.org/email/"));
}

/// Alice with a confirmed address and email codes. Returns her recovery codes.
async fn with_codes(portal: &TestPortal) -> (Browser, Vec<String>) {
    let mut alice = alice(portal).await;
    alice
        .post_json(PATH, &json!({ "email": "alice@example.org" }))
        .await;
    let link = link(portal, "alice@example.org").await;
    let mut mail = Browser::new(portal);
    mail.open(&link).await;
    mail.submit("/do/confirm-email", &[]).await;
    let on = alice.post_json(ENABLE, &json!({})).await;
    assert_eq!(on.status, StatusCode::OK, "{}", on.body);
    let codes = on.json()["recovery_codes"].as_array().unwrap().clone();
    let codes = codes.iter().map(|code| code.as_str().unwrap().to_owned());
    (alice, codes.collect())
}

const ENABLE: &str = "/v1/users/me/second-factors/email/enable";
const SEND: &str = "/api/auth/email/send";

/// Requests an email code with a bearer token.
async fn send(portal: &TestPortal, path: &str, bearer: Option<&str>) -> TestResponse {
    let mut request = Request::get(path);
    if let Some(bearer) = bearer {
        request = request.header("authorization", format!("Bearer {bearer}"));
    }
    Browser::new(portal)
        .send(request, axum::body::Body::empty())
        .await
}

async fn code(portal: &TestPortal) -> String {
    // Letters of one moment come in any order.
    portal.advance(std::time::Duration::from_secs(1));
    portal.last_code_to("alice@example.org").await
}

fn error(path: &str, message: &str, code: u16, status: u16) -> Value {
    json!({ "error": { "message": message, "code": code, "status": status }, "data": null, "request": path })
}

#[sqlite_only]
async fn program_logs_in_with_an_email_code(portal: TestPortal) {
    let (_, codes) = with_codes(&portal).await;
    assert_eq!(codes.len(), 10);
    let login = |factor: Value| json!({ "identifier": "alice", "password": PASSWORD, "twofa_token": factor });
    let mut program = Browser::new(&portal);
    let asked = program
        .post_json("/api/auth/login", &login(Value::Null))
        .await;
    assert_eq!(asked.status, StatusCode::PRECONDITION_REQUIRED);
    let result = asked.json();
    assert_eq!(
        result["data"]["methods"][1],
        json!({
            "type": "email", "name": "Email Verification",
            "description": "Receive a verification code via email", "enabled": true, "can_send": true,
        })
    );
    assert_eq!(result["data"]["methods"][0]["enabled"], false);
    let challenge = result["data"]["challenge"].as_str().unwrap().to_owned();
    let sent = send(&portal, SEND, Some(&challenge)).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
    assert_eq!(
        sent.json(),
        json!({
            "data": { "success": true, "message": "Verification code sent" },
            "request": SEND, "time": portal.now().as_millis(),
        })
    );
    let code = code(&portal).await;
    assert!(!sent.body.contains(&code));
    let done = program
        .post_json("/api/auth/login", &login(json!(code)))
        .await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert_eq!(done.json()["data"]["user"]["twofa_enabled"], true);
    // With its session, too: to confirm what matters.
    let token = done.json()["data"]["token"].as_str().unwrap().to_owned();
    assert_eq!(
        send(&portal, SEND, Some(&token)).await.status,
        StatusCode::OK
    );
    let again = program
        .post_json("/api/auth/login", &login(json!(code)))
        .await;
    assert_eq!(again.status, StatusCode::PRECONDITION_REQUIRED, "once");
}

#[sqlite_only]
async fn code_sending_errors_use_the_envelope(portal: TestPortal) {
    let (alice, _) = with_codes(&portal).await;
    let stranger = "A".repeat(43);
    for (path, bearer, message, code, status) in [
        (
            "/api/auth/totp/send",
            Some(&stranger),
            "Invalid field: type, can't be sent.",
            5,
            400,
        ),
        (
            "/api/auth/recovery/send",
            Some(&stranger),
            "Invalid field: type, can't be sent.",
            5,
            400,
        ),
        (
            "/api/auth/fax/send",
            Some(&stranger),
            "Invalid field: type, is unknown.",
            5,
            400,
        ),
        (SEND, None, "You are not logged in.", 7, 401),
        (
            SEND,
            Some(&"x".to_owned()),
            "You are not logged in.",
            7,
            401,
        ),
        (SEND, Some(&stranger), "Session not found.", 4, 404),
        // A cookie's value is none of both.
        (
            SEND,
            Some(&alice.cookies["hsession"]),
            "Session not found.",
            4,
            404,
        ),
    ] {
        let answer = send(&portal, path, bearer.map(String::as_str)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (status, error(path, message, code, status))
        );
    }
    // Never by the cookie: it is a GET.
    let answer = alice.clone().call(Method::GET, SEND).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    // Somebody without such a factor.
    portal.person("bob", PermissionLevel::User).await;
    let login = json!({ "identifier": "bob", "password": PASSWORD });
    let token = Browser::new(&portal)
        .post_json("/api/auth/login", &login)
        .await
        .json()["data"]["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let answer = send(&portal, SEND, Some(&token)).await;
    assert_eq!(
        answer.json(),
        error(SEND, "Invalid field: type, is not enabled.", 5, 400)
    );
    assert_eq!(portal.count("email_codes").await, 0);
    let login = json!({ "identifier": "alice", "password": PASSWORD });
    let asked = Browser::new(&portal)
        .post_json("/api/auth/login", &login)
        .await
        .json();
    let challenge = asked["data"]["challenge"].as_str().unwrap().to_owned();
    for _ in 0..3 {
        assert_eq!(
            send(&portal, SEND, Some(&challenge)).await.status,
            StatusCode::OK
        );
    }
    let answer = send(&portal, SEND, Some(&challenge)).await;
    assert_eq!(
        (answer.json(), answer.header("retry-after")),
        (error(SEND, "Too many requests.", 30, 429), "600")
    );
}

#[sqlite_only]
async fn disabled_email_codes_are_reported(portal: TestPortal) {
    let (mut alice, codes) = with_codes(&portal).await;
    let mut config = portal.config.clone();
    config.email_factor = EmailFactor::Off;
    let off = Portal::open(&config, portal.clock.clone()).await.unwrap();
    let mut browser = Browser::of(off.into());
    let login = json!({ "identifier": "alice", "password": PASSWORD });
    let asked = browser.post_json("/api/auth/login", &login).await.json();
    assert_eq!(asked["data"]["methods"][1]["enabled"], false);
    let request = Request::get(SEND).header(
        "authorization",
        format!("Bearer {}", asked["data"]["challenge"].as_str().unwrap()),
    );
    let answer = browser.send(request, axum::body::Body::empty()).await;
    assert_eq!(
        answer.json(),
        error(SEND, "This service is disabled.", 10, 403)
    );
    browser.cookies = alice.cookies.clone();
    let answer = browser.post_json(ENABLE, &json!({})).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (StatusCode::FORBIDDEN, &json!("This service is disabled"))
    );
    assert_eq!(portal.count("email_codes").await, 0);
    // Off for good with a recovery code.
    let path = "/v1/users/me/second-factors/email/remove";
    let code = &codes[0];
    let removed = alice.post_json(path, &json!({ "twofa_token": code })).await;
    assert_eq!(removed.status, StatusCode::OK, "{}", removed.body);
    assert_eq!(
        alice.call(Method::GET, "/v1/users/me").await.json()["twofa_enabled"],
        false
    );
}

#[sqlite_only]
async fn api_enables_email_codes_with_the_required_proof(portal: TestPortal) {
    let mut alice = alice(&portal).await;
    let answer = alice.post_json(ENABLE, &json!({})).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (
            StatusCode::CONFLICT,
            &json!("Confirm an email address first")
        )
    );
    assert_eq!(
        Browser::new(&portal)
            .post_json(ENABLE, &json!({}))
            .await
            .status,
        StatusCode::UNAUTHORIZED
    );
    alice
        .post_json(PATH, &json!({ "email": "alice@example.org" }))
        .await;
    let link = link(&portal, "alice@example.org").await;
    alice.open(&link).await;
    alice.submit("/do/confirm-email", &[]).await;
    // With an app on already, a code of it.
    let base = "/v1/users/me/second-factors/totp";
    let key = alice.call(Method::POST, base).await.json()["secret"]
        .as_str()
        .unwrap()
        .to_owned();
    let now = authenticator(&key, portal.now());
    alice
        .post_json(&format!("{base}/confirm"), &json!({ "code": now.reveal() }))
        .await;
    portal.advance(minutes(1));
    let answer = alice.post_json(ENABLE, &json!({})).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (StatusCode::BAD_REQUEST, &json!("twofa_token is required"))
    );
    let answer = alice
        .post_json(ENABLE, &json!({ "twofa_token": "000000" }))
        .await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (StatusCode::FORBIDDEN, &json!("Wrong second factor"))
    );
    let now = authenticator(&key, portal.now());
    let on = alice
        .post_json(ENABLE, &json!({ "twofa_token": now.reveal() }))
        .await
        .json();
    assert_eq!(
        on["methods"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|method| method["enabled"] == true)
            .count(),
        3
    );
    assert_eq!(on.get("recovery_codes"), None, "the old ones stay");
    let again = alice.post_json(ENABLE, &json!({})).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[sqlite_only]
async fn login_page_sends_a_code_for_the_second_factor(portal: TestPortal) {
    with_codes(&portal).await;
    let form = [
        ("identifier", "alice"),
        ("password", PASSWORD),
        ("return_to", "/account/security"),
    ];
    let mut browser = Browser::new(&portal);
    let asked = browser.submit("/do/sign-in", &form).await;
    let page = browser.open(&asked.location()).await;
    assert!(
        page.body.contains("Send code") && !page.body.contains("Authentication code"),
        "{}",
        page.body
    );
    assert!(page.body.contains("Use a recovery code"));
    let sent = browser
        .submit(
            "/do/send-code",
            &[("page", "login"), ("return_to", "/account/security")],
        )
        .await;
    assert_eq!(
        sent.location(),
        "/login?step=email&return_to=%2Faccount%2Fsecurity&message=sent"
    );
    let page = browser.open(&sent.location()).await;
    assert!(
        page.body.contains("a***@example.org") && page.body.contains("Resend code"),
        "{}",
        page.body
    );
    assert!(
        !page.body.contains("alice@example.org"),
        "whoever knows the password need not learn the address"
    );
    let code = code(&portal).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let answer = browser
        .submit(
            "/do/second-step",
            &[
                ("twofa_token", wrong),
                ("by", "email"),
                ("return_to", "/account/security"),
            ],
        )
        .await;
    assert_eq!(
        answer.location(),
        "/login?step=email&return_to=%2Faccount%2Fsecurity&message=mailed"
    );
    assert!(
        browser
            .open(&answer.location())
            .await
            .body
            .contains("only the latest one counts")
    );
    let answer = browser
        .submit(
            "/do/second-step",
            &[
                ("twofa_token", &code),
                ("by", "email"),
                ("return_to", "/account/security"),
            ],
        )
        .await;
    assert!(
        answer.location().starts_with("/login?arrived=1"),
        "{}",
        answer.location()
    );
    assert!(browser.cookies.contains_key("hsession"));
    // Who has not shown the password gets none.
    let mut stranger = Browser::new(&portal);
    let answer = stranger.submit("/do/send-code", &[("page", "login")]).await;
    assert_eq!(answer.location(), "/login?message=step");
    let answer = stranger
        .submit("/do/send-code", &[("page", "security")])
        .await;
    assert_eq!(answer.location(), "/account/security?message=step");
}

#[sqlite_only]
async fn security_page_manages_email_and_email_codes(portal: TestPortal) {
    let mut alice = alice(&portal).await;
    let page = alice.open("/account/security").await;
    assert!(
        page.body.contains("Confirm your email first"),
        "{}",
        page.body
    );
    let odd = alice.submit("/do/set-email", &[("email", "alice")]).await;
    assert_eq!(odd.location(), "/account/security?email=malformed");
    let page = alice.open(&odd.location()).await;
    assert!(
        page.body.contains("Enter a valid email address") && page.body.contains("value=\"alice\""),
        "{}",
        page.body
    );
    let asked = alice
        .submit("/do/set-email", &[("email", "alice@example.org")])
        .await;
    assert_eq!(asked.location(), "/account/security?message=email-asked");
    let page = alice.open(&asked.location()).await;
    assert!(
        page.body.contains("Resend email") && page.body.contains("<b>alice@example.org</b>"),
        "{}",
        page.body
    );
    let link = link(&portal, "alice@example.org").await;
    alice.open(&link).await;
    alice.submit("/do/confirm-email", &[]).await;
    let on = alice.submit("/do/enable-email-codes", &[]).await;
    assert_eq!(on.location(), "/account/security?message=mail-on");
    let page = alice.open(&on.location()).await;
    assert_eq!(
        page.body.matches("<li><code>").count(),
        10,
        "recovery codes, shown once"
    );
    assert!(page.body.contains("Get a code"));
    // The address takes a code from now on.
    let refused = alice
        .submit("/do/set-email", &[("email", "liddell@example.net")])
        .await;
    assert_eq!(
        refused.location(),
        "/account/security?message=factor-needed"
    );
    alice.submit("/do/send-code", &[("page", "security")]).await;
    let shown = code(&portal).await;
    let asked = alice
        .submit(
            "/do/set-email",
            &[("email", "liddell@example.net"), ("twofa_token", &shown)],
        )
        .await;
    assert_eq!(asked.location(), "/account/security?message=email-asked");
    // And so does switching them off.
    alice.submit("/do/send-code", &[("page", "security")]).await;
    let shown = code(&portal).await;
    let off = alice
        .submit(
            "/do/second-factor",
            &[("twofa_token", &shown), ("act", "remove-email")],
        )
        .await;
    assert_eq!(off.location(), "/account/security?message=mail-off");
    let page = alice.open(&off.location()).await;
    assert!(page.body.contains("Turn on email codes"), "{}", page.body);
    portal.advance(minutes(10));
    let old = alice
        .submit("/do/set-email", &[("email", "a@example.org")])
        .await;
    assert_eq!(old.location(), "/confirm?return_to=%2Faccount%2Fsecurity");
}

#[sqlite_only]
async fn person_without_password_confirms_by_email_code(portal: TestPortal) {
    let (mut alice, _) = with_codes(&portal).await;
    portal
        .execute("update users set password_hash = null")
        .await;
    portal.advance(minutes(11));
    let page = alice.open("/confirm?return_to=/account/security").await;
    assert!(
        page.body.contains("Send code") && page.body.contains("Code from your email"),
        "{}",
        page.body
    );
    let sent = alice
        .submit(
            "/do/send-code",
            &[("page", "confirm"), ("return_to", "/account/security")],
        )
        .await;
    assert_eq!(
        sent.location(),
        "/confirm?by=email&return_to=%2Faccount%2Fsecurity&message=sent"
    );
    let code = code(&portal).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let form = |code| {
        [
            ("twofa_token", code),
            ("by", "email"),
            ("return_to", "/account/security"),
        ]
    };
    let answer = alice.submit("/do/confirm", &form(wrong)).await;
    assert_eq!(
        answer.location(),
        "/confirm?by=email&return_to=%2Faccount%2Fsecurity&message=mailed"
    );
    let answer = alice.submit("/do/confirm", &form(&code)).await;
    assert_eq!(answer.location(), "/account/security");
}

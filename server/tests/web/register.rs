//! Registration by `/api/auth/register` and on the page.

use backend::Portal;
use backend::testing::{PASSWORD, TestPortal, both_databases, sqlite_only};
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::browser::{Browser, TestResponse};

const REGISTER: &str = "/api/auth/register";

fn alice() -> Value {
    json!({ "username": "alice", "password": PASSWORD, "email": "alice@example.org" })
}

/// Alice's registration with one field changed.
fn alice_with(field: &str, value: Value) -> Value {
    let mut body = alice();
    body[field] = value;
    body
}

async fn register(portal: &TestPortal, body: &Value) -> TestResponse {
    Browser::new(portal).post_json(REGISTER, body).await
}

fn error(message: &str, code: u16, status: u16) -> Value {
    json!({ "error": { "message": message, "code": code, "status": status }, "data": null, "request": REGISTER })
}

/// A portal on the same database with registration disabled.
async fn without_sign_up(portal: &TestPortal) -> Browser {
    let mut config = portal.config.clone();
    config.sign_up = false;
    let without_sign_up = Portal::open(&config, portal.clock.clone()).await.unwrap();
    Browser::of(without_sign_up.into())
}

#[sqlite_only]
async fn api_registration_answers_like_a_login(portal: TestPortal) {
    let answer = register(&portal, &alice_with("display", json!("Alice Liddell"))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.set_cookies().len(), 2);
    let result = answer.json();
    assert_eq!(
        (&result["request"], &result["time"]),
        (&json!(REGISTER), &json!(1_774_972_396_763_i64))
    );
    let data = &result["data"];
    assert_eq!(data["expires"], 1_774_972_396_763_i64 + 30 * 86_400_000);
    let user = &data["user"];
    assert_eq!(
        (&user["username"], &user["display"]),
        (&json!("alice"), &json!("Alice Liddell"))
    );
    assert_eq!(
        (&user["email"], &user["email_verified"]),
        (&json!("alice@example.org"), &json!(false))
    );
    assert_eq!(user["tags"], json!(["sys:unverified"]));
    let token = data["token"].as_str().unwrap();
    let request = Request::get("/v1/users/me").header("authorization", format!("Bearer {token}"));
    let me = Browser::new(&portal)
        .send(request, axum::body::Body::empty())
        .await;
    assert_eq!(me.json()["username"], "alice");
    // The letter; after that there is no tag left.
    let link = portal.last_mail_to("alice@example.org").await.link();
    let mut mail = Browser::new(&portal);
    mail.open(link.strip_prefix("https://portal.example.org").unwrap())
        .await;
    mail.submit("/do/confirm-email", &[]).await;
    let login = json!({ "identifier": "alice", "password": PASSWORD });
    let user = &Browser::new(&portal)
        .post_json("/api/auth/login", &login)
        .await
        .json()["data"]["user"];
    assert_eq!(
        (&user["tags"], &user["email_verified"]),
        (&json!([]), &json!(true))
    );
}

#[expect(
    clippy::too_many_lines,
    reason = "a table of cases, one after the other"
)]
#[sqlite_only]
async fn registration_errors_use_the_envelope(portal: TestPortal) {
    assert_eq!(register(&portal, &alice()).await.status, StatusCode::OK);
    for name in ["alice", "ALICE"] {
        let taken = register(&portal, &alice_with("username", json!(name))).await;
        assert_eq!(
            (taken.status, taken.json()),
            (
                StatusCode::CONFLICT,
                error("User already exists with that username.", 6, 409)
            )
        );
        assert!(taken.set_cookies().is_empty());
    }
    for (field, value, message) in [
        (
            "username",
            json!(null),
            "Invalid field: username, is required.",
        ),
        (
            "username",
            json!(5),
            "Invalid field: username, must be a string.",
        ),
        (
            "username",
            json!("al"),
            "Invalid field: username, must be at least 3 characters.",
        ),
        (
            "username",
            json!("a".repeat(33)),
            "Invalid field: username, must be at most 32 characters.",
        ),
        (
            "username",
            json!("al ice"),
            "Invalid field: username, must have only letters (a-z), numbers, dots, dashes and underscores.",
        ),
        (
            "username",
            json!("Admin"),
            "Invalid field: username, is reserved.",
        ),
        (
            "password",
            json!(null),
            "Invalid field: password, is required.",
        ),
        (
            "password",
            json!("short"),
            "Invalid field: password, is refused: Password must be at least 15 characters.",
        ),
        ("email", json!(null), "Invalid field: email, is required."),
        (
            "email",
            json!("alice"),
            "Invalid field: email, must be an address such as name@example.org.",
        ),
        (
            "email",
            json!(format!("{}@example.org", "a".repeat(320))),
            "Invalid field: email, must be at most 320 characters.",
        ),
        (
            "display",
            json!("al"),
            "Invalid field: display, must be at least 3 characters.",
        ),
        (
            "display",
            json!(7),
            "Invalid field: display, must be a string.",
        ),
        (
            "display",
            json!("\u{391}lice"),
            "Invalid field: display, looks too much like someone else's name.",
        ),
    ] {
        let mut body = alice_with("username", json!("bob"));
        body[field] = value;
        let answer = register(&portal, &body).await;
        assert_eq!(
            (answer.status, answer.json()),
            (StatusCode::BAD_REQUEST, error(message, 5, 400))
        );
        // The budget is not what this is about.
        portal.execute("delete from rate_limit_events").await;
    }
    // What nobody asked for is not assigned.
    let mut body = alice_with("username", json!("mallory"));
    for (field, value) in [
        ("permission_level", json!(3)),
        ("email_verified", json!(true)),
        ("id", json!(1)),
    ] {
        body[field] = value;
    }
    let result = register(&portal, &body).await.json();
    assert_eq!(result["data"]["user"]["tags"], json!(["sys:unverified"]));
}

#[both_databases]
async fn registration_does_not_reveal_used_email_addresses(portal: TestPortal) {
    let first = register(&portal, &alice()).await.json();
    let link = portal.last_mail_to("alice@example.org").await.link();
    let mut mail = Browser::new(&portal);
    mail.open(link.strip_prefix("https://portal.example.org").unwrap())
        .await;
    mail.submit("/do/confirm-email", &[]).await;
    let second = register(&portal, &alice_with("username", json!("bobby"))).await;
    assert_eq!(second.status, StatusCode::OK);
    let plain = |mut result: Value| {
        for own in ["token", "expires", "created_at"] {
            result["data"][own] = json!(null);
        }
        for own in ["id", "username", "display"] {
            result["data"]["user"][own] = json!(null);
        }
        result
    };
    assert_eq!(plain(second.json()), plain(first));
}

#[both_databases]
async fn too_many_registrations_return_429(portal: TestPortal) {
    for n in 0..5 {
        let name = format!("alice{n}");
        assert_eq!(
            register(&portal, &alice_with("username", json!(name)))
                .await
                .status,
            StatusCode::OK
        );
    }
    let answer = register(&portal, &alice_with("username", json!("alice5"))).await;
    assert_eq!(
        (answer.status, answer.json()),
        (
            StatusCode::TOO_MANY_REQUESTS,
            error("Too many requests.", 30, 429)
        )
    );
    assert_eq!(answer.header("retry-after"), "600");
}

#[sqlite_only]
async fn disabled_registration_is_reported_everywhere(portal: TestPortal) {
    let mut browser = without_sign_up(&portal).await;
    let answer = browser.post_json(REGISTER, &alice()).await;
    assert_eq!(
        (answer.status, answer.json()),
        (
            StatusCode::FORBIDDEN,
            error("This service is disabled.", 10, 403)
        )
    );
    let page = browser.open("/register").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(
        page.body.contains("Sign-up is closed right now."),
        "{}",
        page.body
    );
    assert!(!page.body.contains("/do/register"));
    assert!(!browser.open("/login").await.body.contains("/register"));
    let form = [
        ("username", "alice"),
        ("email", "alice@example.org"),
        ("password", PASSWORD),
    ];
    assert_eq!(
        browser.submit("/do/register", &form).await.location(),
        "/register"
    );
    assert_eq!(portal.count("users").await, 0);
    assert!(
        Browser::new(&portal)
            .open("/login")
            .await
            .body
            .contains("href=\"/register\"")
    );
}

#[sqlite_only]
async fn person_registers_on_the_page(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    let page = browser.open("/register?return_to=/account%3Ftab%3D2").await;
    for expected in [
        "autocomplete=\"username\"",
        "autocomplete=\"email\"",
        "autocomplete=\"new-password\"",
        "minlength=\"15\"",
        "type=\"email\"",
    ] {
        assert!(page.body.contains(expected), "{expected}: {}", page.body);
    }
    let form = [
        ("username", "alice"),
        ("email", " alice@example.org "),
        ("display", ""),
        ("password", PASSWORD),
        ("return_to", ""),
    ];
    let done = browser.submit("/do/register", &form).await;
    assert_eq!(
        done.location(),
        "/login?arrived=1&return_to=%2Faccount%3Fmessage%3Dregistered"
    );
    let account = browser.follow(&done.location()).await;
    assert!(
        account.body.contains("Check your email and open the link"),
        "{}",
        account.body
    );
    assert_eq!(
        browser.call(Method::GET, "/v1/users/me").await.json()["email"],
        "alice@example.org"
    );
    // A logged-in person already has an account.
    assert_eq!(browser.open("/register").await.location(), "/account");
    assert_eq!(portal.mail_to("alice@example.org").await.len(), 1);
}

#[sqlite_only]
async fn registration_form_shows_errors_at_fields_and_keeps_input(portal: TestPortal) {
    portal.owner("alice").await;
    for (username, email, display, password, sentence) in [
        (
            "alice",
            "a@example.org",
            "Bob B",
            PASSWORD,
            "That username is taken.",
        ),
        (
            "al",
            "a@example.org",
            "Bob B",
            PASSWORD,
            "at least 3 characters",
        ),
        (
            "bobby",
            "bobby",
            "Bob B",
            PASSWORD,
            "Enter a valid email address",
        ),
        (
            "bobby",
            "a@example.org",
            "Alice",
            PASSWORD,
            "looks too much like someone else's here",
        ),
        (
            "bobby",
            "a@example.org",
            "Bob B",
            "passwordpassword",
            "too easy to guess",
        ),
    ] {
        let mut browser = Browser::new(&portal);
        let form = [
            ("username", username),
            ("email", email),
            ("display", display),
            ("password", password),
            ("return_to", "/account?tab=2"),
        ];
        let back = browser.submit("/do/register", &form).await;
        let page = browser.follow(&back.location()).await;
        assert!(page.body.contains(sentence), "{sentence}: {}", page.body);
        assert_eq!(page.body.matches("aria-invalid=\"true\"").count(), 1);
        for typed in [username, email, display, "/account?tab=2"] {
            assert!(
                page.body.contains(&format!("value=\"{typed}\"")),
                "{typed}: {}",
                page.body
            );
        }
        assert!(!page.body.contains(password), "never a secret");
        for cookie in back.set_cookies() {
            assert!(
                !cookie.contains("ninety") && !cookie.contains("passwordpassword"),
                "{cookie}"
            );
        }
    }
    assert_eq!(portal.count("users").await, 1);
}

#[sqlite_only]
async fn a08_cross_origin_registration_is_rejected(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    for (path, kind, body) in [
        (
            "/do/register",
            "application/x-www-form-urlencoded",
            format!("username=mallory&email=m%40example.org&password={PASSWORD}"),
        ),
        (REGISTER, "application/json", alice().to_string()),
    ] {
        let request = Request::post(path)
            .header("content-type", kind)
            .header("origin", "https://evil.test")
            .header("sec-fetch-site", "cross-site");
        assert_eq!(
            browser.send(request, body.into()).await.status,
            StatusCode::FORBIDDEN
        );
    }
    assert_eq!(portal.count("users").await, 0);
}

//! Login by password: the four documented answers of `/api/auth/login`, verbatim, its token, and the
//! second factor on pages and in programs.

use axum::body::Body;
use backend::testing::{PASSWORD, TestPortal, authenticator, both_databases, minutes, sqlite_only};
use domain::PermissionLevel;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::browser::{Browser, TestResponse};

const LOGIN: &str = "/api/auth/login";
const LOGOUT: &str = "/api/auth/logout";

async fn log_in(portal: &TestPortal, body: Value) -> TestResponse {
    Browser::new(portal).post_json(LOGIN, &body).await
}

/// The envelope of an error.
fn error(message: &str, code: u16, status: u16, data: &Value) -> Value {
    json!({ "error": { "message": message, "code": code, "status": status }, "data": data, "request": LOGIN })
}

async fn with_bearer(portal: &TestPortal, method: Method, path: &str, token: &str) -> TestResponse {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {token}"));
    Browser::new(portal).send(request, Body::empty()).await
}

/// Enables TOTP by the API. Returns its secret and the recovery codes.
async fn enable_totp(portal: &TestPortal, browser: &mut Browser) -> (String, Vec<String>) {
    let base = "/v1/users/me/second-factors/totp";
    let offer = browser.call(Method::POST, base).await.json();
    assert!(offer["qr_svg"].as_str().unwrap().starts_with("<svg"));
    assert!(
        offer["otpauth_url"]
            .as_str()
            .unwrap()
            .starts_with("otpauth://totp/")
    );
    let key = offer["secret"].as_str().unwrap().to_owned();
    let code = authenticator(&key, portal.now());
    let on = browser
        .post_json(
            &format!("{base}/confirm"),
            &json!({ "code": code.reveal() }),
        )
        .await;
    assert_eq!(on.status, StatusCode::OK, "{}", on.body);
    let codes = on.json()["recovery_codes"].as_array().unwrap().clone();
    portal.advance(minutes(1));
    (
        key,
        codes
            .iter()
            .map(|code| code.as_str().unwrap().to_owned())
            .collect(),
    )
}

#[sqlite_only]
async fn example_login_by_password_answers_as_documented(portal: TestPortal) {
    portal.owner("hactazia").await;
    let answer = log_in(
        &portal,
        json!({ "identifier": "hactazia", "password": PASSWORD }),
    )
    .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.set_cookies().len(), 2);
    let result = answer.json();
    assert_eq!(
        (&result["request"], &result["time"]),
        (&json!(LOGIN), &json!(1_774_972_396_763_i64))
    );
    let data = &result["data"];
    assert_eq!(data["created_at"], 1_774_972_396_763_i64);
    assert_eq!(data["expires"], 1_774_972_396_763_i64 + 86_400_000);
    let user = &data["user"];
    let fields: Vec<&String> = user.as_object().unwrap().keys().collect();
    let mut printed = [
        "id",
        "username",
        "display",
        "server",
        "tags",
        "bio",
        "thumbnail",
        "banner",
        "links",
        "rank",
        "relations",
        "email",
        "email_verified",
        "created_at",
        "home",
        "twofa_enabled",
    ];
    printed.sort_unstable();
    assert_eq!(fields, printed);
    assert_eq!(user["tags"], json!(["sys:owner", "sys:unverified"]));
    assert_eq!(
        (&user["server"], &user["rank"], &user["twofa_enabled"]),
        (&json!("portal.example.org"), &json!(0), &json!(false))
    );
    // By number too, as a number and as a string.
    for id in [user["id"].clone(), json!(user["id"].to_string())] {
        let answer = log_in(&portal, json!({ "identifier": id, "password": PASSWORD })).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
}

#[sqlite_only]
async fn login_errors_use_the_envelope(portal: TestPortal) {
    portal.owner("hactazia").await;
    let unknown = log_in(
        &portal,
        json!({ "identifier": "nobody", "password": PASSWORD }),
    )
    .await;
    assert_eq!(
        (unknown.status, unknown.json()),
        (
            StatusCode::NOT_FOUND,
            error("User not found.", 2, 404, &Value::Null)
        )
    );
    let wrong = log_in(
        &portal,
        json!({ "identifier": "hactazia", "password": "hunter2" }),
    )
    .await;
    assert_eq!(
        (wrong.status, wrong.json()),
        (
            StatusCode::UNAUTHORIZED,
            error("You are not authorized to log in.", 8, 401, &Value::Null)
        )
    );
    for (body, message) in [
        (json!({}), "Invalid field: identifier, is required."),
        (
            json!({ "identifier": 1.5, "password": PASSWORD }),
            "Invalid field: identifier, must be an integer or a string.",
        ),
        (
            json!({ "identifier": "x" }),
            "Invalid field: password, is required.",
        ),
        (
            json!({ "identifier": "x", "password": "short" }),
            "Invalid field: password, must have 6 to 128 characters.",
        ),
        (
            json!({ "identifier": "x", "password": "x".repeat(129) }),
            "Invalid field: password, must have 6 to 128 characters.",
        ),
        (
            json!({ "identifier": "x", "password": PASSWORD, "twofa_token": "12345" }),
            "Invalid field: twofa_token, must be six digits or a recovery code.",
        ),
        (json!([]), "Invalid field: body, must be a JSON object."),
    ] {
        let answer = log_in(&portal, body).await;
        assert_eq!(
            (answer.status, answer.json()),
            (
                StatusCode::BAD_REQUEST,
                error(message, 5, 400, &Value::Null)
            )
        );
    }
    portal.ban("hactazia").await;
    let banned = log_in(
        &portal,
        json!({ "identifier": "hactazia", "password": PASSWORD }),
    )
    .await;
    assert_eq!(
        banned.json(),
        error("Account restricted.", 31, 403, &Value::Null)
    );
}

#[both_databases]
async fn unknown_usernames_are_limited(portal: TestPortal) {
    portal.owner("hactazia").await;
    for n in 0..10 {
        let answer = log_in(
            &portal,
            json!({ "identifier": format!("nobody{n}"), "password": PASSWORD }),
        )
        .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    // Known ones wait as well: else that would tell them apart.
    for name in ["nobody", "hactazia"] {
        let answer = log_in(&portal, json!({ "identifier": name, "password": PASSWORD })).await;
        assert_eq!(
            answer.json()["error"],
            json!({ "message": "Too many requests.", "code": 30, "status": 429 })
        );
        assert_eq!(answer.header("retry-after"), "3600");
    }
    // The page tells nobody anything, and goes on.
    Browser::logged_in(&portal, "hactazia").await;
    portal.advance(minutes(60));
    let answer = log_in(
        &portal,
        json!({ "identifier": "hactazia", "password": PASSWORD }),
    )
    .await;
    assert_eq!(answer.status, StatusCode::OK);
    // Past 300 an hour from everywhere an unknown name is told like a wrong password.
    for n in 0..300 {
        let insert = format!(
            "insert into unknown_logins (id, network, created_at) values ({n}, 'x', {})",
            portal.now().as_micros()
        );
        portal.execute(&insert).await;
    }
    let answer = log_in(
        &portal,
        json!({ "identifier": "nobody", "password": PASSWORD }),
    )
    .await;
    assert_eq!(answer.json()["error"]["code"], 8);
}

#[sqlite_only]
async fn example_second_factor_required_answers_as_documented(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let (key, codes) = enable_totp(&portal, &mut alice).await;
    assert_eq!(codes.len(), 10);
    assert_eq!(
        alice.call(Method::GET, "/v1/users/me").await.json()["twofa_enabled"],
        true
    );
    let answer = log_in(
        &portal,
        json!({ "identifier": "alice", "password": PASSWORD }),
    )
    .await;
    assert_eq!(answer.status, StatusCode::PRECONDITION_REQUIRED);
    assert!(answer.set_cookies().is_empty());
    let mut result = answer.json();
    assert!(result["data"]["challenge"].as_str().unwrap().len() == 43);
    result["data"].as_object_mut().unwrap().remove("challenge");
    let recovery = result["data"]["methods"]
        .as_array_mut()
        .unwrap()
        .pop()
        .unwrap();
    assert_eq!(
        (&recovery["type"], &recovery["name"], &recovery["enabled"]),
        (&json!("recovery"), &json!("Recovery Code"), &json!(true))
    );
    let methods = json!({ "methods": [
        { "type": "totp", "name": "Authenticator App", "description": "Use an authenticator app to generate a verification code", "enabled": true, "can_send": false },
        { "type": "email", "name": "Email Verification", "description": "Receive a verification code via email", "enabled": false, "can_send": true },
    ] });
    assert_eq!(
        result,
        error("Additional verification required.", 20, 428, &methods)
    );
    let wrong = log_in(
        &portal,
        json!({ "identifier": "alice", "password": PASSWORD, "twofa_token": "000000" }),
    )
    .await;
    assert_eq!(wrong.status, StatusCode::PRECONDITION_REQUIRED);
    let code = authenticator(&key, portal.now());
    let right = log_in(
        &portal,
        json!({ "identifier": "alice", "password": PASSWORD, "twofa_token": code.reveal() }),
    )
    .await;
    assert_eq!(right.status, StatusCode::OK, "{}", right.body);
    assert_eq!(right.json()["data"]["user"]["twofa_enabled"], true);
}

#[sqlite_only]
async fn bearer_token_opens_account_routes_and_logs_out(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let answer = log_in(
        &portal,
        json!({ "identifier": "alice", "password": PASSWORD }),
    )
    .await;
    let token = answer.json()["data"]["token"].as_str().unwrap().to_owned();
    for cookie in answer.set_cookies() {
        assert!(!cookie.contains(&token), "a token is no cookie");
    }
    let me = with_bearer(&portal, Method::GET, "/v1/users/me", &token).await;
    assert_eq!(me.json()["username"], "alice");
    // Its place is behind Bearer alone.
    let request = Request::get("/v1/users/me").header("cookie", format!("hsession={token}"));
    assert_eq!(
        Browser::new(&portal)
            .send(request, Body::empty())
            .await
            .status,
        StatusCode::UNAUTHORIZED
    );
    // And no cookie's value is a token; nor does a bad token fall back to cookies.
    let browser = Browser::logged_in(&portal, "alice").await;
    for value in [browser.cookies["hsession"].as_str(), "x", ""] {
        let request =
            Request::get("/v1/users/me").header("authorization", format!("Bearer {value}"));
        assert_eq!(
            browser.clone().send(request, Body::empty()).await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    let answer = with_bearer(&portal, Method::GET, LOGOUT, &token).await;
    assert_eq!(
        answer.json(),
        json!({ "data": { "success": true }, "request": LOGOUT, "time": 1_774_972_396_763_i64 })
    );
    assert_eq!(
        with_bearer(&portal, Method::GET, "/v1/users/me", &token)
            .await
            .status,
        StatusCode::UNAUTHORIZED
    );
    let again = with_bearer(&portal, Method::GET, LOGOUT, &token).await;
    assert_eq!(
        (again.status, &again.json()["error"]["code"]),
        (StatusCode::NOT_FOUND, &json!(4))
    );
    // Never by the cookie: it is a GET.
    let answer = browser.clone().call(Method::GET, LOGOUT).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (
            StatusCode::UNAUTHORIZED,
            &json!({ "message": "You are not logged in.", "code": 7, "status": 401 })
        )
    );
    assert_eq!(
        browser
            .clone()
            .call(Method::GET, "/v1/users/me")
            .await
            .status,
        StatusCode::OK
    );
}

#[sqlite_only]
async fn login_pages_ask_for_the_second_factor(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let (key, codes) = enable_totp(&portal, &mut alice).await;
    let form = [
        ("identifier", "alice"),
        ("password", PASSWORD),
        ("return_to", "/account?tab=2"),
    ];
    let mut browser = Browser::new(&portal);
    let asked = browser.submit("/do/sign-in", &form).await;
    assert_eq!(
        asked.location(),
        "/login?step=2&return_to=%2Faccount%3Ftab%3D2"
    );
    assert!(!browser.cookies.contains_key("hsession"));
    let page = browser.open(&asked.location()).await;
    assert!(
        page.body.contains("Two-factor authentication") && page.body.contains("recovery code"),
        "{}",
        page.body
    );
    assert!(!page.body.contains(PASSWORD));
    let wrong = browser
        .submit(
            "/do/second-step",
            &[("twofa_token", "000000"), ("return_to", "/account?tab=2")],
        )
        .await;
    assert_eq!(
        wrong.location(),
        "/login?step=2&return_to=%2Faccount%3Ftab%3D2&message=factor"
    );
    assert!(
        browser
            .open(&wrong.location())
            .await
            .body
            .contains("That code didn&#39;t work")
            || browser
                .open(&wrong.location())
                .await
                .body
                .contains("That code didn't work")
    );
    let code = authenticator(&key, portal.now());
    let typed = format!(" {} {}", &code.reveal()[..3], &code.reveal()[3..]);
    let done = browser
        .submit(
            "/do/second-step",
            &[("twofa_token", &typed), ("return_to", "/account?tab=2")],
        )
        .await;
    assert!(
        done.location().starts_with("/login?arrived=1"),
        "{}",
        done.location()
    );
    assert!(browser.cookies.contains_key("hsession"));
    assert!(!browser.cookies.contains_key("__Host-portal_challenge"));

    // With a recovery code as it was printed, with hyphens.
    let mut browser = Browser::new(&portal);
    browser.submit("/do/sign-in", &form).await;
    let page = browser.open("/login?step=recovery").await;
    assert!(page.body.contains("Recovery code"));
    browser
        .submit(
            "/do/second-step",
            &[("twofa_token", codes[0].as_str()), ("return_to", "")],
        )
        .await;
    assert!(browser.cookies.contains_key("hsession"));

    // Without the first step there is no second.
    let mut stranger = Browser::new(&portal);
    let answer = stranger
        .submit("/do/second-step", &[("twofa_token", "000000")])
        .await;
    assert_eq!(answer.location(), "/login?message=step");
}

#[sqlite_only]
async fn security_page_enables_and_disables_totp(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let page = alice.open("/account/security").await;
    assert!(page.body.contains("Set up an authenticator app"));
    alice.submit("/do/offer-totp", &[]).await;
    let page = alice.open("/account/security").await;
    assert!(page.body.contains("<svg"), "{}", page.body);
    let (_, rest) = page.body.split_once("Key: <code>").unwrap();
    let key = &rest[..32];
    let code = authenticator(key, portal.now());
    let on = alice
        .submit("/do/confirm-totp", &[("twofa_token", code.reveal())])
        .await;
    assert_eq!(on.location(), "/account/security?message=factor-on");
    let page = alice.open(&on.location()).await;
    assert!(page.body.contains("Your recovery codes"), "{}", page.body);
    assert_eq!(page.body.matches("<li><code>").count(), 10);
    // Shown once.
    assert!(
        !alice
            .open("/account/security")
            .await
            .body
            .contains("Your recovery codes")
    );
    portal.advance(minutes(11));
    let code = authenticator(key, portal.now());
    let old = alice
        .submit(
            "/do/second-factor",
            &[("twofa_token", code.reveal()), ("act", "remove")],
        )
        .await;
    assert_eq!(old.location(), "/confirm?return_to=%2Faccount%2Fsecurity");
    alice
        .submit(
            "/do/confirm",
            &[("password", PASSWORD), ("return_to", "/account/security")],
        )
        .await;
    let off = alice
        .submit(
            "/do/second-factor",
            &[("twofa_token", code.reveal()), ("act", "remove")],
        )
        .await;
    assert_eq!(off.location(), "/account/security?message=factor-off");
    assert!(
        alice
            .open(&off.location())
            .await
            .body
            .contains("Set up an authenticator app")
    );
}

#[sqlite_only]
async fn login_by_code_with_second_factor_returns_428(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let (key, _) = enable_totp(&portal, &mut alice).await;
    let id = domain::UserId::from_i64(
        alice.call(Method::GET, "/v1/users/me").await.json()["id"]
            .as_i64()
            .unwrap(),
    );
    portal.link(id, "discord", "5").await;
    let code = portal.send(&bot, "5").await.unwrap().code;
    let mut browser = Browser::new(&portal);
    let verify = "/v1/authentication/verify";
    let answer = browser
        .post_json(verify, &json!({ "code": code.reveal() }))
        .await;
    assert_eq!(answer.status, StatusCode::PRECONDITION_REQUIRED);
    let result = answer.json();
    assert_eq!(result["error"], "Additional verification required");
    assert_eq!(result["methods"].as_array().unwrap().len(), 3);
    assert!(result["challenge"].is_string() && result["correlation_id"].is_string());
    let shown = authenticator(&key, portal.now());
    let body = json!({ "code": code.reveal(), "twofa_token": shown.reveal() });
    assert_eq!(
        browser.post_json(verify, &body).await.status,
        StatusCode::OK
    );
    assert!(browser.cookies.contains_key("hsession"));
    // On the page: the code, then the second step.
    portal.advance(minutes(1));
    let code = portal.send(&bot, "5").await.unwrap().code;
    let mut page = Browser::new(&portal);
    let asked = page
        .submit("/do/use-code", &[("code", code.reveal())])
        .await;
    assert_eq!(asked.location(), "/login?step=2");
    let shown = authenticator(&key, portal.now());
    page.submit("/do/second-step", &[("twofa_token", shown.reveal())])
        .await;
    assert!(page.cookies.contains_key("hsession"));
}

#[sqlite_only]
async fn password_is_set_by_api_and_page(portal: TestPortal) {
    const OTHER: &str = "a heron waits by green water";
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let path = "/v1/users/me/password";
    for (body, status, error) in [
        (json!({}), 400, "new_password is required"),
        (json!({ "new_password": OTHER }), 403, "Wrong password"),
        (
            json!({ "old_password": PASSWORD, "new_password": "short" }),
            400,
            "new_password is refused: Password must be at least 15 characters.",
        ),
    ] {
        let answer = alice.post_json(path, &body).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["error"]),
            (status, &json!(error))
        );
    }
    let set = alice
        .post_json(
            path,
            &json!({ "old_password": PASSWORD, "new_password": OTHER }),
        )
        .await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.body);
    assert_eq!(
        alice.call(Method::GET, "/v1/users/me").await.status,
        StatusCode::OK
    );

    let page = alice.open("/account/security").await;
    assert!(page.body.contains("Change password"), "{}", page.body);
    let weak = [
        ("old_password", OTHER),
        ("new_password", "passwordpassword"),
    ];
    let refused = alice.submit("/do/set-password", &weak).await;
    assert_eq!(refused.location(), "/account/security?password=common");
    assert!(
        alice
            .open(&refused.location())
            .await
            .body
            .contains("too easy to guess")
    );
    let wrong = [("old_password", PASSWORD), ("new_password", PASSWORD)];
    assert_eq!(
        alice.submit("/do/set-password", &wrong).await.location(),
        "/account/security?message=password"
    );
    let right = [("old_password", OTHER), ("new_password", PASSWORD)];
    assert_eq!(
        alice.submit("/do/set-password", &right).await.location(),
        "/account/security?message=password-set"
    );
    Browser::logged_in(&portal, "alice").await;
}

#[sqlite_only]
async fn login_by_code_leads_to_a_first_password(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.ask("discord", "5").await.unwrap();
    let code = portal.carry(&bot, "5").await.unwrap().remove(0).code;
    let mut newcomer = Browser::new(&portal);
    newcomer
        .post_json(
            "/v1/authentication/verify",
            &json!({ "code": code.reveal() }),
        )
        .await;
    let page = newcomer.open("/confirm").await;
    assert!(page.body.contains("Set a password"), "{}", page.body);
    let page = newcomer.open("/account/security").await;
    assert!(!page.body.contains("Current password"));
    let set = newcomer
        .submit("/do/set-password", &[("new_password", PASSWORD)])
        .await;
    assert_eq!(set.location(), "/account/security?message=password-set");
}

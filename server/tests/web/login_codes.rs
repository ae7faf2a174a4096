//! Login codes by the API: the examples of the contract, verbatim, and the errors of invalid input.

use axum::body::Body;
use backend::testing::{TestPortal, both_databases, sqlite_only};
use http::header::CONTENT_TYPE;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::browser::{Browser, TestResponse};

const NIELS: &str = "123456789012345678";

/// The body of docs/contract.md, Send a code, for a bot of any platform.
fn send_code_body(platform: &str) -> String {
    format!(
        r#"{{
    "platform": "{platform}",
    "platform_user_id": "123456789012345678",
    "platform_username": "niels",
    "platform_avatar_url": "https://cdn.discordapp.com/avatars/123456789012345678/abc.png"
  }}"#
    )
}

async fn post(browser: &mut Browser, path: &str, body: &str) -> TestResponse {
    let request = Request::post(path).header(CONTENT_TYPE, "application/json");
    browser.send(request, Body::from(body.to_owned())).await
}

async fn bot_post(browser: &mut Browser, key: &str, path: &str, body: &str) -> TestResponse {
    let request = Request::post(path)
        .header(CONTENT_TYPE, "application/json")
        .header("x-api-key", key);
    browser.send(request, Body::from(body.to_owned())).await
}

const LOGIN_CODE: &str = "/v1/authentication/bot/login-code";
const SEND_CODE: &str = "/v1/authentication/bot/send-code";
const REQUEST: &str = "/v1/authentication/request";
const VERIFY: &str = "/v1/authentication/verify";

async fn key(portal: &TestPortal, platform: &str) -> String {
    let owner = format!("keeper-of-{platform}");
    portal.owner(&owner).await;
    portal
        .register(platform, platform, &owner)
        .await
        .reveal()
        .to_owned()
}

/// Registers a new person by a web code, through the API alone. Returns the code.
async fn log_in_by_code(portal: &TestPortal, key: &str) -> (Browser, String) {
    let mut browser = Browser::new(portal);
    let ask = json!({ "platform": "discord", "platform_user_id": NIELS }).to_string();
    post(&mut browser, REQUEST, &ask).await;
    let fetched = bot_post(&mut browser, key, LOGIN_CODE, &send_code_body("discord"))
        .await
        .json();
    let code = fetched["code"].as_str().unwrap().to_owned();
    let answer = post(&mut browser, VERIFY, &json!({ "code": code }).to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    (browser, code)
}

#[sqlite_only]
async fn example_login_by_code_works_verbatim(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let mut curl = Browser::new(&portal);
    let answer = post(&mut curl, REQUEST, r#"{"discord_id": 123456789012345678}"#).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(
        answer.json(),
        json!({ "message": "Login code sent via Discord DM", "expires_at": "2026-03-31T16:03:16.763528Z" })
    );
    let me = curl
        .send(
            Request::get("/v1/bot/me").header("x-api-key", &key),
            Body::empty(),
        )
        .await;
    assert_eq!(
        (me.status, &me.json()["platform"]),
        (StatusCode::OK, &json!("discord"))
    );

    let fetched = bot_post(
        &mut curl,
        &key,
        LOGIN_CODE,
        r#"{"discord_id": 123456789012345678}"#,
    )
    .await
    .json();
    let code = fetched["code"].as_str().unwrap();
    let body = format!(r#"{{"code": "{code}", "discord_id": 123456789012345678}}"#);
    let answer = post(&mut curl, VERIFY, &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let result = answer.json();
    assert_eq!(result["status"], "success");
    assert_eq!(result["message"], "Authentication successful");
    assert_eq!(result["user_created"], true);
    assert_eq!(
        result["user"]["discord_id"], NIELS,
        "not a digit may be lost"
    );
    assert_eq!(curl.cookies.len(), 2);

    let me = curl.call(Method::GET, "/v1/users/me").await.json();
    assert_eq!(me, result["user"]);
    assert_eq!(me["linked_platforms"][0]["platform_user_id"], NIELS);
}

#[sqlite_only]
async fn example_send_code_works_verbatim(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    log_in_by_code(&portal, &key).await;
    let mut curl = Browser::new(&portal);
    let answer = bot_post(&mut curl, &key, SEND_CODE, &send_code_body("discord")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let result = answer.json();
    let fields: Vec<&String> = result.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["code", "expires_at"]);
    assert_eq!(result["code"].as_str().unwrap().len(), 8);
    assert_eq!(result["expires_at"], "2026-03-31T16:03:16.763528Z");
    assert_eq!(
        bot_post(&mut curl, &key, SEND_CODE, &send_code_body("discord"))
            .await
            .json(),
        result
    );
    let body = json!({ "code": result["code"] }).to_string();
    let answer = post(&mut curl, VERIFY, &body).await;
    assert_eq!(answer.json()["user_created"], false);
    let avatar = "https://cdn.discordapp.com/avatars/123456789012345678/abc.png";
    assert_eq!(answer.json()["user"]["avatar_url"], avatar);
}

#[sqlite_only]
async fn web_code_tells_the_bot_where_it_was_requested(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let mut curl = Browser::new(&portal);
    let empty = bot_post(&mut curl, &key, LOGIN_CODE, &send_code_body("discord")).await;
    assert_eq!(
        empty.json(),
        json!({ "code": null, "expires_at": null, "requested_from": null, "pending": [] })
    );
    let ask = json!({ "platform": "discord", "platform_user_id": NIELS }).to_string();
    let asked = post(&mut curl, REQUEST, &ask).await.json();
    assert_eq!(asked["message"], "Login code generated.");
    assert!(asked.get("code").is_none());
    let fetched = bot_post(&mut curl, &key, LOGIN_CODE, &send_code_body("discord"))
        .await
        .json();
    assert_eq!(fetched["expires_at"], asked["expires_at"]);
    assert_eq!(fetched["requested_from"]["network"], "203.0.113.7");
    assert_eq!(fetched["pending"][0]["code"], fetched["code"]);
}

#[sqlite_only]
async fn all_invalid_codes_get_the_same_answer(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let (mut browser, used) = log_in_by_code(&portal, &key).await;
    let mut seen = Vec::new();
    for code in [
        used.as_str(),
        "Vy8nFKq2",
        "short",
        "",
        "0OIl0OIl",
        "'; drop table users",
    ] {
        let answer = post(&mut browser, VERIFY, &json!({ "code": code }).to_string()).await;
        assert!(answer.set_cookies().is_empty());
        seen.push((answer.status, answer.json()["error"].clone()));
    }
    for answer in seen {
        assert_eq!(
            answer,
            (StatusCode::UNAUTHORIZED, json!("Invalid or expired code"))
        );
    }
}

#[both_databases]
async fn too_many_code_attempts_return_retry_after(portal: TestPortal) {
    let mut thief = Browser::new(&portal);
    for _ in 0..10 {
        post(&mut thief, VERIFY, r#"{"code":"Vy8nFKq2"}"#).await;
    }
    let answer = post(&mut thief, VERIFY, r#"{"code":"Vy8nFKq2"}"#).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), "600");
    assert_eq!(answer.json()["retry_after"], 600);
    assert_eq!(answer.json()["error"], "Too many requests");
}

#[both_databases]
async fn sixth_pending_code_is_rejected(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    for id in 1..=5 {
        let body = json!({ "platform": "telegram", "platform_user_id": id }).to_string();
        assert_eq!(
            post(&mut browser, REQUEST, &body).await.status,
            StatusCode::OK
        );
    }
    let body = json!({ "platform": "telegram", "platform_user_id": "6" }).to_string();
    let answer = post(&mut browser, REQUEST, &body).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.json()["error"], "Too many pending login codes");
    assert_eq!(answer.header("retry-after"), "600");
}

#[sqlite_only]
async fn known_and_unknown_accounts_get_the_same_answer(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let (mut browser, _) = log_in_by_code(&portal, &key).await;
    let name = browser.call(Method::GET, "/v1/users/me").await.json()["username"].clone();
    let known = post(
        &mut browser,
        REQUEST,
        &json!({ "username": name }).to_string(),
    )
    .await;
    let unknown = post(&mut browser, REQUEST, r#"{"username":"nobody at all"}"#).await;
    assert_eq!(
        (known.status, known.json()),
        (unknown.status, unknown.json())
    );
}

#[sqlite_only]
async fn invalid_fields_are_named_and_nothing_is_stored(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    for (path, body, error) in [
        (REQUEST, "{}", "platform is required"),
        (
            REQUEST,
            r#"{"platform":"discord"}"#,
            "platform_user_id is required",
        ),
        (
            REQUEST,
            r#"{"platform":7,"platform_user_id":"1"}"#,
            "platform must be a string",
        ),
        (
            REQUEST,
            r#"{"platform":"matrix","platform_user_id":"1"}"#,
            "platform is unknown",
        ),
        (
            REQUEST,
            r#"{"platform":"DISCORD","platform_user_id":"1"}"#,
            "platform is unknown",
        ),
        (
            REQUEST,
            r#"{"discord_id":1.5}"#,
            "discord_id must be an integer or a string",
        ),
        (
            REQUEST,
            r#"{"discord_id":-1}"#,
            "discord_id must be an integer or a string",
        ),
        (
            REQUEST,
            r#"{"discord_id":99999999999999999999999}"#,
            "discord_id must be an integer or a string",
        ),
        (
            REQUEST,
            r#"{"discord_id":""}"#,
            "discord_id must have 1 to 64 visible characters",
        ),
        (
            REQUEST,
            r#"{"discord_id":["1"]}"#,
            "discord_id must be an integer or a string",
        ),
        (REQUEST, r#"{"username":7}"#, "username must be a string"),
        (VERIFY, "{}", "code is required"),
        (VERIFY, r#"{"code":null}"#, "code is required"),
        (VERIFY, r#"{"code":12345678}"#, "code must be a string"),
        (VERIFY, r#"{"code":"a","code":"b"}"#, "code is given twice"),
        (
            VERIFY,
            r#"{"code":"Vy8nFKq2","platform":"discord"}"#,
            "platform_user_id is required",
        ),
        (VERIFY, "[]", "The body must be a JSON object"),
        (VERIFY, "", "The body must be a JSON object"),
        (VERIFY, "{", "The body must be a JSON object"),
    ] {
        let answer = post(&mut browser, path, body).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{body}: {}",
            answer.body
        );
        assert_eq!(answer.json()["error"], error, "{body}");
    }
    assert_eq!(portal.count("login_codes").await, 0);
    assert_eq!(portal.count("code_attempts").await, 0);
}

#[sqlite_only]
async fn body_must_be_json(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=x, text/plain",
        "",
    ] {
        let request = Request::post(VERIFY).header(CONTENT_TYPE, kind);
        let answer = browser
            .send(request, Body::from(r#"{"code":"Vy8nFKq2"}"#))
            .await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
        assert_eq!(answer.json()["error"], "Unsupported media type");
    }
    let request = Request::post(VERIFY).header(CONTENT_TYPE, "application/json; charset=utf-8");
    let answer = browser
        .send(request, Body::from(r#"{"code":"Vy8nFKq2"}"#))
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[sqlite_only]
async fn unknown_fields_are_ignored_and_never_assigned(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let mut browser = Browser::new(&portal);
    post(
        &mut browser,
        REQUEST,
        r#"{"discord_id":"5","permission_level":3,"id":1}"#,
    )
    .await;
    let fetched = bot_post(
        &mut browser,
        &key,
        LOGIN_CODE,
        r#"{"discord_id":5,"permission_level":3}"#,
    )
    .await
    .json();
    let body = json!({ "code": fetched["code"], "permission_level": 3, "bot_logins": 0 });
    let answer = post(&mut browser, VERIFY, &body.to_string()).await;
    assert_eq!(answer.json()["user"]["permission_level"], 0);
}

#[sqlite_only]
async fn bot_keys_open_bot_routes_only(portal: TestPortal) {
    let discord = key(&portal, "discord").await;
    let telegram = key(&portal, "telegram").await;
    let mut curl = Browser::new(&portal);
    let altered = discord.replace("hbot_", "hbot-");
    for wrong in [
        "",
        "your-bot-api-key",
        &discord[..54],
        &altered,
        &discord.to_lowercase(),
    ] {
        let answer = bot_post(&mut curl, wrong, SEND_CODE, &send_code_body("discord")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{wrong}");
        assert_eq!(answer.json()["error"], "Authentication required");
    }
    let answer = bot_post(&mut curl, &telegram, SEND_CODE, &send_code_body("discord")).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (StatusCode::FORBIDDEN, &json!("Access denied"))
    );
    let answer = bot_post(&mut curl, &discord, SEND_CODE, &send_code_body("discord")).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (StatusCode::NOT_FOUND, &json!("User not found"))
    );

    let in_address = format!("/v1/bot/me?key={discord}");
    let request = Request::get(in_address).header("x-api-key", &discord);
    let answer = curl.send(request, Body::empty()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(!answer.body.contains(&discord));
    let request = Request::get("/v1/users/me").header("x-api-key", &discord);
    assert_eq!(
        curl.send(request, Body::empty()).await.status,
        StatusCode::UNAUTHORIZED
    );

    portal
        .execute("update bots set deactivated_at = 1 where name = 'discord'")
        .await;
    let answer = bot_post(&mut curl, &discord, SEND_CODE, &send_code_body("discord")).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (StatusCode::FORBIDDEN, &json!("Bot is deactivated"))
    );
}

#[sqlite_only]
async fn bot_list_is_public(portal: TestPortal) {
    key(&portal, "discord").await;
    key(&portal, "telegram").await;
    portal
        .execute("update bots set deactivated_at = 1 where name = 'telegram'")
        .await;
    let bots = Browser::new(&portal)
        .call(Method::GET, "/v1/bots")
        .await
        .json();
    let bots = bots.as_array().unwrap();
    assert_eq!(bots.len(), 1);
    let fields: Vec<&String> = bots[0].as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        [
            "avatar_url",
            "id",
            "invite_url",
            "is_verified",
            "name",
            "platform"
        ]
    );
}

#[sqlite_only]
async fn sessions_open_no_bot_route(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let (mut browser, _) = log_in_by_code(&portal, &key).await;
    let answer = post(&mut browser, SEND_CODE, &send_code_body("discord")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[both_databases]
async fn bot_calls_are_limited_per_hour(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    portal
        .execute("update bots set rate_limit_per_hour = 3")
        .await;
    let mut curl = Browser::new(&portal);
    let me = async |curl: &mut Browser| {
        curl.send(
            Request::get("/v1/bot/me").header("x-api-key", &key),
            Body::empty(),
        )
        .await
    };
    for _ in 0..3 {
        assert_eq!(me(&mut curl).await.status, StatusCode::OK);
    }
    let answer = me(&mut curl).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    // The clock of tests stands at 15:53:16.763528.
    assert_eq!(answer.header("retry-after"), "404");
    portal.advance(std::time::Duration::from_secs(404));
    assert_eq!(me(&mut curl).await.status, StatusCode::OK);
}

#[sqlite_only]
async fn invalid_avatars_are_stored_as_none(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let (mut browser, _) = log_in_by_code(&portal, &key).await;
    let long = format!("https://cdn.discordapp.com/{}", "a".repeat(10_000));
    for odd in [
        "javascript:alert(1)",
        "https://api.telegram.org/file/bot1:A/x.jpg",
        "",
        &long,
    ] {
        let body = json!({
            "platform": "discord",
            "platform_user_id": NIELS,
            "platform_username": "niels",
            "platform_avatar_url": odd,
        });
        let answer = bot_post(&mut browser, &key, LOGIN_CODE, &body.to_string()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let me = browser.call(Method::GET, "/v1/users/me").await.json();
        assert_eq!(
            me["linked_platforms"][0]["platform_avatar_url"],
            Value::Null
        );
    }
}

#[sqlite_only]
async fn codes_and_keys_appear_only_in_the_answers_that_carry_them(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let (mut browser, code) = log_in_by_code(&portal, &key).await;
    for path in ["/v1/users/me", "/account", "/v1/bot/me"] {
        let answer = browser.call(Method::GET, path).await;
        assert!(
            !answer.body.contains(&code) && !answer.body.contains(&key),
            "{path}"
        );
    }
}

//! The event stream of bots.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use backend::testing::{TestPortal, both_databases};
use futures_util::StreamExt as _;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::browser::Browser;

const EVENTS: &str = "/v1/bot/events";
const NIELS: &str = "123456789012345678";

async fn key(portal: &TestPortal, platform: &str) -> String {
    let owner = format!("keeper-of-{platform}");
    portal.owner(&owner).await;
    portal
        .register(platform, platform, &owner)
        .await
        .reveal()
        .to_owned()
}

/// The next event of the stream.
async fn chunk(stream: &mut BodyDataStream) -> String {
    let chunk = timeout(Duration::from_secs(5), stream.next()).await;
    let chunk = chunk
        .expect("something in time")
        .expect("a stream that goes on");
    String::from_utf8(chunk.unwrap().to_vec()).unwrap()
}

async fn open(browser: &mut Browser, key: &str, last: Option<&str>) -> BodyDataStream {
    let request = Request::get(EVENTS).header("x-api-key", key);
    let request = match last {
        Some(last) => request.header("last-event-id", last),
        None => request,
    };
    let (parts, body) = browser.send_and_listen(request, Body::empty()).await;
    assert_eq!(parts.status, StatusCode::OK);
    assert_eq!(parts.headers["content-type"], "text/event-stream");
    assert_eq!(parts.headers["cache-control"], "no-store");
    assert_eq!(parts.headers["x-accel-buffering"], "no");
    body.into_data_stream()
}

fn field<'a>(event: &'a str, name: &str) -> &'a str {
    let mut lines = event.lines();
    lines
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        .unwrap_or_default()
}

#[both_databases]
async fn code_requested_on_the_web_is_an_event(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let mut browser = Browser::new(&portal);
    let mut stream = open(&mut browser, &key, None).await;
    let asked = browser
        .post_json(
            "/v1/authentication/request",
            &json!({ "discord_id": NIELS }),
        )
        .await
        .json();
    let event = chunk(&mut stream).await;
    assert_eq!(field(&event, "event"), "login_code.requested");
    let id: i64 = field(&event, "id").parse().unwrap();
    assert!(id > 0);
    let data: Value = serde_json::from_str(field(&event, "data")).unwrap();
    assert_eq!(
        (&data["platform"], &data["platform_user_id"]),
        (&json!("discord"), &json!(NIELS))
    );
    assert_eq!(data["expires_at"], asked["expires_at"]);
    assert_eq!(data["requested_from"]["network"], "203.0.113.7");
    assert_eq!(data["purpose"], "login");
    let body = json!({ "code": data["code"] });
    let login = browser.post_json("/v1/authentication/verify", &body).await;
    assert_eq!(login.status, StatusCode::OK, "{}", login.body);

    // Used: nothing of it is left to be resumed.
    let not_me = data["not_me_url"].as_str().unwrap();
    let token = not_me
        .strip_prefix("https://portal.example.org/not-me/")
        .unwrap();
    browser
        .post_json("/v1/authentication/request", &json!({ "discord_id": "7" }))
        .await;
    let mut again = open(&mut browser, &key, Some(field(&event, "id"))).await;
    let resumed: Value = serde_json::from_str(field(&chunk(&mut again).await, "data")).unwrap();
    assert_eq!(resumed["platform_user_id"], "7");

    // "That wasn't me": the login by that code ends.
    let mut anybody = Browser::new(&portal);
    let answer = anybody
        .post_json("/v1/authentication/not-me", &json!({ "token": token }))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.json()["message"].is_string());
    let me = browser.call(http::Method::GET, "/v1/users/me").await;
    assert_eq!(me.status, StatusCode::UNAUTHORIZED);
    for odd in [
        json!({ "token": "x" }),
        json!({ "token": format!("{token}A") }),
    ] {
        let answer = anybody.post_json("/v1/authentication/not-me", &odd).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (StatusCode::UNAUTHORIZED, &json!("Invalid or expired code"))
        );
    }
    let answer = anybody
        .post_json("/v1/authentication/not-me", &json!({}))
        .await;
    assert_eq!(answer.json()["error"], "token is required");
}

#[both_databases]
async fn malformed_last_event_id_counts_as_expired(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let mut browser = Browser::new(&portal);
    browser
        .post_json(
            "/v1/authentication/request",
            &json!({ "discord_id": NIELS }),
        )
        .await;
    for odd in ["", "abc", "-1", "99999999999999999999999", "17 or 1=1"] {
        let mut stream = open(&mut browser, &key, Some(odd)).await;
        assert!(chunk(&mut stream).await.contains(NIELS), "{odd}");
    }
}

#[both_databases]
async fn event_stream_requires_a_valid_key(portal: TestPortal) {
    let good = key(&portal, "discord").await;
    let mut browser = Browser::new(&portal);
    for (key, path, status, error) in [
        (
            "",
            EVENTS,
            StatusCode::UNAUTHORIZED,
            "Authentication required",
        ),
        (
            "hbot_x",
            EVENTS,
            StatusCode::UNAUTHORIZED,
            "Authentication required",
        ),
        (
            "",
            &format!("{EVENTS}?key={good}"),
            StatusCode::BAD_REQUEST,
            "Send the API key in the X-API-Key header, never in a URL",
        ),
    ] {
        let answer = browser
            .send(Request::get(path).header("x-api-key", key), Body::empty())
            .await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (status, &json!(error))
        );
    }
    portal.execute("update bots set deactivated_at = 1").await;
    let answer = browser
        .send(
            Request::get(EVENTS).header("x-api-key", &good),
            Body::empty(),
        )
        .await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (StatusCode::FORBIDDEN, &json!("Bot is deactivated"))
    );
}

//! The API for bots and for their administration (docs/contract.md, Bots; Administration).

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use backend::testing::{TestPortal, both_databases, minutes, sqlite_only, wrong_key};
use domain::PermissionLevel;
use futures_util::stream::once;
use http::header::CONTENT_TYPE;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::browser::{Browser, TestResponse};

const BOTS: &str = "/v1/admin/bots";

async fn admin(portal: &TestPortal) -> Browser {
    portal.person("ada", PermissionLevel::Admin).await;
    Browser::logged_in(portal, "ada").await
}

async fn id_of(browser: &mut Browser) -> Value {
    browser.call(Method::GET, "/v1/users/me").await.json()["id"].clone()
}

/// Registers a bot for the signed-in person. Returns its path and key.
async fn register(browser: &mut Browser, name: &str) -> (String, String) {
    let owner = id_of(browser).await;
    let body = json!({ "name": name, "owner_id": owner, "platform": "discord" });
    let made = browser.post_json(BOTS, &body).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let made = made.json();
    let path = format!("{BOTS}/{}", made["bot"]["id"]);
    (path, made["api_key"].as_str().unwrap().to_owned())
}

async fn as_bot(browser: &mut Browser, key: &str, path: &str, body: Option<Value>) -> TestResponse {
    let request = match body {
        Some(_) => Request::post(path).header(CONTENT_TYPE, "application/json"),
        None => Request::get(path),
    };
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    browser.send(request.header("x-api-key", key), body).await
}

#[sqlite_only]
async fn bot_registration_answers_as_documented(portal: TestPortal) {
    let mut ada = admin(&portal).await;
    let owner = id_of(&mut ada).await;
    let body = json!({ "name": "Carrier", "owner_id": owner, "platform": "telegram", "rate_limit_per_hour": 7 });
    let answer = ada.post_json(BOTS, &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let result = answer.json();
    let fields: Vec<&String> = result.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        ["api_key", "bot", "created_at", "message", "updated_at"]
    );
    assert_eq!(result["message"], "Bot registered successfully");
    assert_eq!(result["created_at"], "2026-03-31T15:53:16.763528Z");
    let bot = &result["bot"];
    assert_eq!(
        (&bot["owner_id"], &bot["owner_username"]),
        (&owner, &json!("ada"))
    );
    assert_eq!(
        (
            &bot["rate_limit_per_hour"],
            &bot["bot_type"],
            &bot["is_active"]
        ),
        (&json!(7), &json!(3), &json!(true))
    );
    let me = as_bot(
        &mut ada,
        result["api_key"].as_str().unwrap(),
        "/v1/bot/me",
        None,
    )
    .await
    .json();
    assert_eq!(
        (&me["id"], &me["name"], &me["platform"]),
        (&bot["id"], &json!("Carrier"), &json!("telegram"))
    );
    let again = ada.post_json(BOTS, &body).await;
    assert_eq!(
        (again.status, &again.json()["error"]),
        (StatusCode::CONFLICT, &json!("Entity already exists"))
    );
}

#[sqlite_only]
async fn older_form_registers_for_a_discord_owner(portal: TestPortal) {
    let keeper = portal.bot("discord").await;
    let niels = portal
        .newcomer(&keeper, "123456789012345678")
        .await
        .session
        .user;
    let mut ada = admin(&portal).await;
    let body = json!({ "name": "Old", "discord_id": 987_654_321_098_765_432_u64, "owner_discord_id": 123_456_789_012_345_678_u64 });
    let answer = ada.post_json(BOTS, &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let bot = &answer.json()["bot"];
    assert_eq!(
        (&bot["platform"], &bot["discord_id"]),
        (&json!("discord"), &json!("987654321098765432"))
    );
    assert_eq!(bot["owner_id"], niels.id.as_i64());
    let body = json!({ "name": "Older", "discord_id": "1", "owner_discord_id": "404" });
    let answer = ada.post_json(BOTS, &body).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (
            StatusCode::BAD_REQUEST,
            &json!("owner_discord_id is unknown")
        )
    );
}

#[sqlite_only]
async fn invalid_bot_fields_are_named(portal: TestPortal) {
    let mut ada = admin(&portal).await;
    let (path, _) = register(&mut ada, "Carrier").await;
    let owner = id_of(&mut ada).await;
    let update = format!("{path}/update");
    let regenerate = format!("{path}/regenerate-key");
    for (path, body, error) in [
        (BOTS, json!({}), "name is required"),
        (BOTS, json!({ "name": "x1" }), "platform is required"),
        (
            BOTS,
            json!({ "platform": "discord", "owner_id": owner }),
            "name is required",
        ),
        (
            BOTS,
            json!({ "name": "x1", "platform": "discord" }),
            "owner_id is required",
        ),
        (
            BOTS,
            json!({ "name": "x1", "platform": "discord", "owner_id": 1 }),
            "owner_id is unknown",
        ),
        (
            BOTS,
            json!({ "name": "x1", "platform": "discord", "owner_id": "ada" }),
            "owner_id is unknown",
        ),
        (
            BOTS,
            json!({ "name": "x1", "platform": "matrix", "owner_id": owner }),
            "platform is unknown",
        ),
        (
            BOTS,
            json!({ "name": "x", "platform": "discord", "owner_id": owner }),
            "name must have 2 to 32 visible characters",
        ),
        (
            BOTS,
            json!({ "name": "x1", "platform": "discord", "owner_id": owner, "rate_limit_per_hour": 0 }),
            "rate_limit_per_hour must be a number from 1 to 100000",
        ),
        (
            BOTS,
            json!({ "name": "x1", "platform": "discord", "owner_id": owner, "rate_limit_per_hour": "7" }),
            "rate_limit_per_hour must be a number from 1 to 100000",
        ),
        (
            BOTS,
            json!({ "name": "x1", "platform": "discord", "owner_id": owner, "rate_limit_per_hour": 1.5 }),
            "rate_limit_per_hour must be a number from 1 to 100000",
        ),
        (
            &update,
            json!({ "bot_type": 4 }),
            "bot_type must be official, verified or community",
        ),
        (
            &update,
            json!({ "platform": "telegram" }),
            "platform can't be changed",
        ),
        (
            &update,
            json!({ "invite_url": "http://t.me/x" }),
            "invite_url must be an https address of at most 512 characters",
        ),
        (
            &regenerate,
            json!({ "grace_seconds": 86_401 }),
            "grace_seconds must be a number from 0 to 86400",
        ),
        (
            &regenerate,
            json!({ "grace_seconds": -1 }),
            "grace_seconds must be a number from 0 to 86400",
        ),
    ] {
        let answer = ada.post_json(path, &body).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{body}: {}",
            answer.body
        );
        assert_eq!(answer.json()["error"], error, "{body}");
    }
    assert_eq!(
        (portal.count("bots").await, portal.count("bot_keys").await),
        (1, 1)
    );
}

#[sqlite_only]
async fn bot_update_switch_and_delete_answer_as_documented(portal: TestPortal) {
    let mut ada = admin(&portal).await;
    let (path, key) = register(&mut ada, "Carrier").await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    let updated = ada
        .post_json(
            &format!("{path}/update"),
            &json!({ "name": "Courier", "bot_type": "official" }),
        )
        .await;
    assert_eq!(updated.status, StatusCode::OK, "{}", updated.body);
    assert_eq!(updated.json()["message"], format!("Bot {id} updated"));
    assert_eq!(
        (
            &updated.json()["bot"]["bot_type"],
            &updated.json()["bot"]["is_verified"]
        ),
        (&json!(1), &json!(true))
    );
    let off = ada.call(Method::POST, &format!("{path}/deactivate")).await;
    assert_eq!(off.json()["message"], format!("Bot {id} deactivated"));
    let refused = as_bot(&mut ada, &key, "/v1/bot/me", None).await;
    assert_eq!(
        (refused.status, &refused.json()["error"]),
        (StatusCode::FORBIDDEN, &json!("Bot is deactivated"))
    );
    let on = ada.call(Method::POST, &format!("{path}/activate")).await;
    assert_eq!(on.json()["message"], format!("Bot {id} activated"));
    assert_eq!(
        as_bot(&mut ada, &key, "/v1/bot/me", None).await.status,
        StatusCode::OK
    );
    let gone = ada.call(Method::POST, &format!("{path}/delete")).await;
    assert_eq!(gone.body, format!(r#"{{"message":"Bot {id} deleted"}}"#));
    for act in [
        "update",
        "regenerate-key",
        "deactivate",
        "activate",
        "delete",
    ] {
        for path in [&path, "/v1/admin/bots/1", "/v1/admin/bots/x"] {
            let answer = ada.post_json(&format!("{path}/{act}"), &json!({})).await;
            assert_eq!(
                (answer.status, &answer.json()["error"]),
                (StatusCode::NOT_FOUND, &json!("Bot not found")),
                "{path}/{act}"
            );
        }
    }
}

#[sqlite_only]
async fn regenerated_key_is_shown_once_and_may_overlap(portal: TestPortal) {
    let mut ada = admin(&portal).await;
    let (path, first) = register(&mut ada, "Carrier").await;
    let regenerate = format!("{path}/regenerate-key");
    let second = ada
        .post_json(&regenerate, &json!({ "grace_seconds": 60 }))
        .await
        .json();
    assert_eq!(second["message"], "API key regenerated for bot Carrier");
    assert_eq!(
        second["bot"]["keys"][1]["expires_at"],
        "2026-03-31T15:54:16.763528Z"
    );
    let second = second["api_key"].as_str().unwrap().to_owned();
    for key in [&first, &second] {
        assert_eq!(
            as_bot(&mut ada, key, "/v1/bot/me", None).await.status,
            StatusCode::OK
        );
    }
    // Without a body the old ones are cut at once.
    let third = ada.call(Method::POST, &regenerate).await.json()["api_key"]
        .as_str()
        .unwrap()
        .to_owned();
    for (key, status) in [
        (&first, StatusCode::UNAUTHORIZED),
        (&second, StatusCode::UNAUTHORIZED),
        (&third, StatusCode::OK),
    ] {
        assert_eq!(
            as_bot(&mut ada, key, "/v1/bot/me", None).await.status,
            status
        );
    }
    let list = ada.call(Method::GET, BOTS).await;
    assert_eq!(list.json()["total"], 1);
    let keys = list.json()["items"][0]["keys"].clone();
    assert_eq!(keys.as_array().unwrap().len(), 1);
    assert_eq!(
        (&keys[0]["last_used_ip"], &keys[0]["last_used_at"]),
        (&json!("203.0.113.7"), &json!("2026-03-31T15:53:16.763528Z"))
    );
    let prefix = keys[0]["prefix"].as_str().unwrap();
    assert!(third.starts_with(prefix) && prefix.len() < third.len() / 2);
    for key in [first, second, third] {
        assert!(!list.body.contains(&key), "a key is shown once");
    }
}

#[both_databases]
async fn lists_reject_invalid_pages(portal: TestPortal) {
    let mut ada = admin(&portal).await;
    for (query, error) in [
        ("limit=0", "limit must be a number from 1 to 100"),
        ("limit=101", "limit must be a number from 1 to 100"),
        ("limit=x", "limit must be a number from 1 to 100"),
        ("limit=-1", "limit must be a number from 1 to 100"),
        ("limit=1&limit=2", "limit is given twice"),
        ("offset=-1", "offset must be a number from 0"),
        (
            "offset=99999999999999999999",
            "offset must be a number from 0",
        ),
    ] {
        let answer = ada.call(Method::GET, &format!("{BOTS}?{query}")).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (StatusCode::BAD_REQUEST, &json!(error)),
            "{query}"
        );
    }
    let answer = ada
        .call(Method::GET, &format!("{BOTS}?offset=0&limit=100&x=y"))
        .await;
    assert_eq!(
        answer.json(),
        json!({ "items": [], "next": null, "total": 0 })
    );
}

#[sqlite_only]
async fn bot_changes_require_an_admin_and_a_fresh_login(portal: TestPortal) {
    let mut ada = admin(&portal).await;
    let (path, _) = register(&mut ada, "Carrier").await;
    let delete = format!("{path}/delete");
    for (name, level) in [
        ("ute", PermissionLevel::User),
        ("mona", PermissionLevel::Moderator),
    ] {
        portal.person(name, level).await;
        let mut browser = Browser::logged_in(&portal, name).await;
        for answer in [
            browser.call(Method::GET, BOTS).await,
            browser.call(Method::POST, &delete).await,
        ] {
            assert_eq!(
                (answer.status, &answer.json()["error"]),
                (StatusCode::FORBIDDEN, &json!("Admin access required")),
                "{name}"
            );
        }
    }
    portal.advance(minutes(11));
    let answer = ada.call(Method::POST, &delete).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (StatusCode::FORBIDDEN, &json!("Fresh login required"))
    );
    assert_eq!(ada.call(Method::GET, BOTS).await.status, StatusCode::OK);
    let answer = Browser::new(&portal).call(Method::GET, BOTS).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let mut relying_service = ada.with_only(&["hsession"]);
    assert_eq!(
        relying_service.call(Method::GET, BOTS).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[sqlite_only]
async fn a14_admin_cannot_change_bots_of_peers_and_superiors(portal: TestPortal) {
    portal.owner("olga").await;
    let mut olga = Browser::logged_in(&portal, "olga").await;
    let (path, _) = register(&mut olga, "Carrier").await;
    let mut ada = admin(&portal).await;
    for act in [
        "update",
        "regenerate-key",
        "deactivate",
        "activate",
        "delete",
    ] {
        let answer = ada.post_json(&format!("{path}/{act}"), &json!({})).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (StatusCode::FORBIDDEN, &json!("Access denied")),
            "{act}"
        );
    }
    let body = json!({ "name": "Mine", "platform": "discord", "owner_id": id_of(&mut olga).await });
    let answer = ada.post_json(BOTS, &body).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[expect(
    clippy::too_many_lines,
    reason = "a table of cases, one after the other"
)]
#[sqlite_only]
async fn bot_updates_its_profile_and_invalid_fields_are_named(portal: TestPortal) {
    let mut ada = admin(&portal).await;
    let (_, key) = register(&mut ada, "Carrier").await;
    let mut bot = Browser::new(&portal);
    let update = "/v1/bot/me/update";
    let body = json!({
        "name": "Courier",
        "avatar_url": "https://cdn.discordapp.com/avatars/1/a.png",
        "invite_url": "https://discord.gg/abc",
        "group_ids": [123_456_789_012_345_678_u64, "2"],
        "users": 1234,
        "latency_ms": 42,
        "rate_limit_per_hour": 100_000,
        "bot_type": 1,
    });
    let answer = as_bot(&mut bot, &key, update, Some(body)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let result = answer.json();
    let fields: Vec<&String> = result.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        [
            "avatar_url",
            "bot_type",
            "created_at",
            "groups",
            "id",
            "invite_url",
            "is_active",
            "is_verified",
            "last_activity_at",
            "latency_ms",
            "name",
            "owner_id",
            "platform",
            "rate_limit_per_hour",
            "updated_at",
            "users",
        ]
    );
    assert_eq!(
        (
            &result["name"],
            &result["groups"],
            &result["users"],
            &result["latency_ms"]
        ),
        (&json!("Courier"), &json!(2), &json!(1234), &json!(42))
    );
    // What is not its own to say is ignored.
    assert_eq!(
        (&result["rate_limit_per_hour"], &result["bot_type"]),
        (&json!(1000), &json!(3))
    );
    let cleared = as_bot(
        &mut bot,
        &key,
        update,
        Some(json!({ "avatar_url": null, "invite_url": null })),
    )
    .await
    .json();
    assert_eq!(
        (
            &cleared["avatar_url"],
            &cleared["invite_url"],
            &cleared["users"]
        ),
        (&Value::Null, &Value::Null, &json!(1234))
    );
    for (body, error) in [
        (
            json!({ "name": "x" }),
            "name must have 2 to 32 visible characters",
        ),
        (json!({ "name": 7 }), "name must be a string"),
        (json!({ "avatar_url": 7 }), "avatar_url must be a string"),
        (
            json!({ "invite_url": "https://evil.test/" }),
            "invite_url must be an https address on discord.com, discord.gg, t.me or telegram.me",
        ),
        (
            json!({ "group_ids": "1" }),
            "group_ids must be a list of integers or strings",
        ),
        (
            json!({ "group_ids": [1.5] }),
            "group_ids must be a list of integers or strings",
        ),
        (
            json!({ "group_ids": [""] }),
            "group_ids must have at most 500 ids of 1 to 64 visible characters",
        ),
        (
            json!({ "users": -1 }),
            "users must be a number from 0 to 1000000000",
        ),
        (
            json!({ "users": "7" }),
            "users must be a number from 0 to 1000000000",
        ),
        (
            json!({ "latency_ms": 600_001 }),
            "latency_ms must be a number from 0 to 600000",
        ),
        (
            json!({ "latency_ms": 4.2 }),
            "latency_ms must be a number from 0 to 600000",
        ),
    ] {
        let answer = as_bot(&mut bot, &key, update, Some(body.clone())).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (StatusCode::BAD_REQUEST, &json!(error)),
            "{body}"
        );
    }
}

/// A key that is revoked while the body of a call is delayed opens nothing.
#[both_databases]
async fn a13_key_revoked_before_the_body_arrives_is_rejected(portal: TestPortal) {
    let mut ada = admin(&portal).await;
    let (path, key) = register(&mut ada, "Carrier").await;
    let word = json!({
        "platform": "discord", "platform_user_id": "1", "platform_username": "niels", "platform_avatar_url": "",
    });
    for route in [
        "/v1/authentication/bot/login-code",
        "/v1/authentication/bot/send-code",
        "/v1/bot/me/update",
    ] {
        let mut bot = Browser::new(&portal);
        let (send, held_back) = oneshot::channel::<Bytes>();
        let body = Body::from_stream(once(async {
            Ok::<_, Infallible>(held_back.await.unwrap())
        }));
        let request = Request::post(route)
            .header(CONTENT_TYPE, "application/json")
            .header("x-api-key", &key);
        let (answer, ()) = tokio::join!(bot.send(request, body), async {
            assert_eq!(
                ada.call(Method::POST, &format!("{path}/deactivate"))
                    .await
                    .status,
                StatusCode::OK
            );
            send.send(word.to_string().into()).unwrap();
        });
        assert_eq!(
            answer.status,
            StatusCode::FORBIDDEN,
            "{route}: {}",
            answer.body
        );
        assert_eq!(
            ada.call(Method::POST, &format!("{path}/activate"))
                .await
                .status,
            StatusCode::OK
        );
    }
}

#[sqlite_only]
async fn a13_invalid_keys_are_limited_and_valid_ones_pass(portal: TestPortal) {
    let mut ada = admin(&portal).await;
    let (_, key) = register(&mut ada, "Carrier").await;
    let mut curl = Browser::new(&portal);
    let wrong = wrong_key(&key);
    for n in 0..1000 {
        let answer = as_bot(&mut curl, &wrong, "/v1/bot/me", None).await;
        if n < 30 {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{n}");
        } else if answer.status != StatusCode::TOO_MANY_REQUESTS {
            panic!("{n}: {}", answer.body);
        }
    }
    let answer = as_bot(&mut curl, &wrong, "/v1/bot/events", None).await;
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (StatusCode::TOO_MANY_REQUESTS, "600")
    );
    assert_eq!(
        as_bot(&mut curl, &key, "/v1/bot/me", None).await.status,
        StatusCode::OK
    );
}

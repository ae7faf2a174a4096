//! The audit log by the API (docs/contract.md, Audit log).

use backend::testing::{TestPortal, both_databases, minutes};
use domain::PermissionLevel;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::browser::Browser;

const LOGS: &str = "/v1/admin/audit/logs";

async fn logs(browser: &mut Browser, query: &str) -> Value {
    let answer = browser.call(Method::GET, &format!("{LOGS}?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.body);
    answer.json()
}

fn types(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item["event_type"].as_str().unwrap())
        .collect()
}

#[both_databases]
async fn admin_reads_the_audit_log_newest_first(portal: TestPortal) {
    portal.person("ada", PermissionLevel::Admin).await;
    portal.advance(minutes(1));
    let mut ada = Browser::logged_in(&portal, "ada").await;
    let page = logs(&mut ada, "").await;
    assert_eq!(types(&page), ["login.succeeded", "owner.created"]);
    let login = &page["items"][0];
    let fields: Vec<&String> = login.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        [
            "actor",
            "client_ip",
            "created_at",
            "event_type",
            "id",
            "metadata",
            "target"
        ]
    );
    assert_eq!(
        (&login["client_ip"], &login["metadata"]),
        (&json!("203.0.113.7"), &json!({ "method": "password" }))
    );
    assert_eq!(login["created_at"], "2026-03-31T15:54:16.763528Z");
    let me = ada.call(Method::GET, "/v1/users/me").await.json()["id"].clone();
    assert_eq!((&login["actor"], &login["target"]), (&me, &me));
    assert_eq!(page["next"], Value::Null);
}

#[both_databases]
async fn audit_pages_have_no_gaps_and_no_repeats(portal: TestPortal) {
    portal.person("ada", PermissionLevel::Admin).await;
    let mut ada = Browser::logged_in(&portal, "ada").await;
    // Many of one moment, so that time alone gives no order.
    for n in 0..40 {
        portal
            .ask_from(
                "discord",
                &n.to_string(),
                &backend::testing::client_at(&format!("198.51.100.{n}")),
                None,
            )
            .await
            .unwrap();
    }
    let all = logs(&mut ada, "limit=100").await;
    assert_eq!(all["items"].as_array().unwrap().len(), 42);
    let mut seen = Vec::new();
    let mut query = "limit=7".to_owned();
    loop {
        let page = logs(&mut ada, &query).await;
        let items = page["items"].as_array().unwrap().clone();
        assert!(items.len() <= 7);
        seen.extend(items);
        // What happens meanwhile changes nothing of what comes.
        portal.advance(minutes(1));
        portal
            .ask_from(
                "discord",
                "x",
                &backend::testing::client_at("198.51.100.99"),
                None,
            )
            .await
            .unwrap();
        match page["next"].as_i64() {
            Some(next) => query = format!("limit=7&before={next}"),
            None => break,
        }
    }
    assert_eq!(&seen, all["items"].as_array().unwrap());
    // A row that was forgotten has nothing before it.
    assert_eq!(
        logs(&mut ada, "before=1").await,
        json!({ "items": [], "next": null })
    );
}

#[both_databases]
async fn audit_log_can_be_filtered(portal: TestPortal) {
    portal.person("ada", PermissionLevel::Admin).await;
    portal.person("niels", PermissionLevel::User).await;
    let mut niels = Browser::logged_in(&portal, "niels").await;
    let id = niels.call(Method::GET, "/v1/users/me").await.json()["id"].clone();
    let mut ada = Browser::logged_in(&portal, "ada").await;
    assert_eq!(
        types(&logs(&mut ada, "event_type=login.succeeded").await).len(),
        2
    );
    assert_eq!(
        types(&logs(&mut ada, &format!("target={id}&event_type=login.succeeded")).await).len(),
        1
    );
    assert_eq!(
        types(&logs(&mut ada, &format!("actor={id}")).await),
        ["login.succeeded"]
    );
    let about = logs(&mut ada, &format!("target={id}")).await;
    let mut about = types(&about);
    about.sort_unstable();
    assert_eq!(about, ["login.succeeded", "owner.created"]);
    assert_eq!(logs(&mut ada, "actor=7").await["items"], json!([]));
    assert_eq!(
        logs(&mut ada, "event_type=").await["items"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
    for (query, error) in [
        ("event_type=sign_in", "event_type is unknown"),
        ("event_type=%27", "event_type is unknown"),
        ("actor=ada", "actor must be a number from 1"),
        ("target=-1", "target must be a number from 1"),
        ("before=x", "before must be a number from 0"),
        ("limit=101", "limit must be a number from 1 to 100"),
    ] {
        let answer = ada.call(Method::GET, &format!("{LOGS}?{query}")).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (StatusCode::BAD_REQUEST, &json!(error)),
            "{query}"
        );
    }
}

#[both_databases]
async fn users_read_no_audit_log_and_moderators_no_logins(portal: TestPortal) {
    portal.person("ute", PermissionLevel::User).await;
    portal.person("mona", PermissionLevel::Moderator).await;
    let mut ute = Browser::logged_in(&portal, "ute").await;
    let answer = ute.call(Method::GET, LOGS).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (StatusCode::FORBIDDEN, &json!("Access denied"))
    );
    let mut mona = Browser::logged_in(&portal, "mona").await;
    for query in ["", "event_type=login.succeeded", "limit=100"] {
        assert_eq!(logs(&mut mona, query).await["items"], json!([]), "{query}");
    }
    let answer = Browser::new(&portal).call(Method::GET, LOGS).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

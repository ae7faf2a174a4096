//! Profiles, export and deletion, by the API and on the account page (docs/contract.md, Public
//! profiles; Export and deletion).

use axum::body::Body;
use backend::testing::{PASSWORD, TestPortal, both_databases, minutes, sqlite_only};
use domain::PermissionLevel;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::browser::{Browser, RELYING_SERVICE, TestResponse};

const ME: &str = "/v1/users/me";
const UPDATE: &str = "/v1/users/me/update";
const EXPORT: &str = "/v1/users/me/export";
const DELETE: &str = "/v1/users/me/delete";

fn error(answer: &TestResponse) -> (StatusCode, Value) {
    (answer.status, answer.json()["error"].clone())
}

#[both_databases]
async fn profile_fields_are_updated_independently(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let before = alice.call(Method::GET, ME).await.json();
    let answer = alice.post_json(UPDATE, &json!({
        "username": "al", "display": "Alice Liddell", "bio": "Hi!", "links": ["javascript:alert(1)"],
        "avatar_source": "matrix", "id": 1, "role": 3, "permission_level": 3, "state": 2,
        "email_verified": true, "bot_logins": 0, "unknown": {},
    })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let mut after = before.clone();
    after["display"] = json!("Alice Liddell");
    after["updated_at"] = answer.json()["user"]["updated_at"].clone();
    assert_eq!(
        answer.json(),
        json!({ "user": after, "errors": {
            "username": "username must be at least 3 characters",
            "links": "links must be https addresses of at most 512 characters",
            "avatar_source": "avatar_source must be a platform that is linked",
        }})
    );
    let fine = alice
        .post_json(
            UPDATE,
            &json!({ "username": "Alice", "display": null, "links": null }),
        )
        .await;
    assert_eq!(
        (fine.status, &fine.json()["errors"]),
        (StatusCode::OK, &Value::Null)
    );
    assert_eq!(fine.json()["user"]["display"], "Alice");
    for (body, sentence) in [
        (json!({ "username": 7 }), "username must be a string"),
        (json!({ "bio": [] }), "bio must be a string"),
        (
            json!({ "links": "https://example.org" }),
            "links must be a list of strings",
        ),
        (json!({ "links": [7] }), "links must be a list of strings"),
    ] {
        assert_eq!(
            error(&alice.post_json(UPDATE, &body).await),
            (StatusCode::BAD_REQUEST, json!(sentence))
        );
    }
}

#[sqlite_only]
async fn users_me_returns_the_whole_profile(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let id = domain::UserId::from_i64(
        alice.call(Method::GET, ME).await.json()["id"]
            .as_i64()
            .unwrap(),
    );
    portal.link(id, "discord", "1").await;
    portal
        .execute("update identities set avatar_url = 'https://cdn.discordapp.com/a.png'")
        .await;
    let body =
        json!({ "bio": "Curious", "links": ["https://example.org"], "avatar_source": "discord" });
    let updated = alice.post_json(UPDATE, &body).await.json();
    assert_eq!(
        updated["user"]["avatar_url"],
        "https://cdn.discordapp.com/a.png"
    );
    assert_eq!(updated["user"]["avatar_source"], "discord");
    let login = json!({ "identifier": "alice", "password": PASSWORD });
    let user = Browser::new(&portal)
        .post_json("/api/auth/login", &login)
        .await
        .json()["data"]["user"]
        .clone();
    assert_eq!(
        (&user["bio"], &user["links"]),
        (&json!("Curious"), &json!(["https://example.org/"]))
    );
    assert_eq!(user["thumbnail"], "https://cdn.discordapp.com/a.png");
    // Security A15: the page may load it from there, and tells nothing of itself.
    let page = alice.open("/account").await;
    assert!(
        page.body.contains(r#"referrerpolicy="no-referrer""#),
        "{}",
        page.body
    );
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("img-src 'self' https://cdn.discordapp.com "),
        "{policy}"
    );
}

#[sqlite_only]
async fn other_people_see_the_public_profile(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    portal.person("bob", PermissionLevel::Moderator).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let mut bob = Browser::logged_in(&portal, "bob").await;
    let bobs_id = bob.call(Method::GET, ME).await.json()["id"].clone();
    let alices_id = alice.call(Method::GET, ME).await.json()["id"].clone();
    let form = json!({ "id": bobs_id, "username": "bob", "display": "bob", "avatar_url": null });
    for path in [
        format!("/v1/users/{bobs_id}"),
        "/v1/users/profile/BOB".to_owned(),
    ] {
        assert_eq!(alice.call(Method::GET, &path).await.json(), form);
    }
    let found = alice
        .call(Method::GET, "/v1/users/search?q=bo&limit=1")
        .await
        .json();
    assert_eq!(found, json!({ "items": [form], "next": null }));
    let more = bob
        .call(Method::GET, &format!("/v1/users/{alices_id}"))
        .await
        .json();
    assert_eq!(
        (&more["permission_level"], &more["state"], &more["bio"]),
        (&json!(0), &json!(0), &Value::Null)
    );
    assert!(more.get("email").is_none());
    // A relying service reads the public profile, also across origins.
    let mut relying_service = bob.with_only(&["hsession"]);
    let request = Request::get(format!("/v1/users/{alices_id}")).header("origin", RELYING_SERVICE);
    let seen = relying_service.send(request, Body::empty()).await;
    assert_eq!(
        seen.json(),
        json!({ "id": alices_id, "username": "alice", "display": "alice", "avatar_url": null })
    );
    assert_eq!(seen.header("access-control-allow-origin"), RELYING_SERVICE);
    for path in [
        "/v1/users/1",
        "/v1/users/x",
        "/v1/users/99999999999999999999",
        "/v1/users/profile/nobody",
        "/v1/users/profile/%00ab",
    ] {
        assert_eq!(
            error(&alice.call(Method::GET, path).await),
            (StatusCode::NOT_FOUND, json!("User not found")),
            "{path}"
        );
        assert_eq!(
            Browser::new(&portal).call(Method::GET, path).await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
}

#[both_databases]
async fn invalid_searches_are_rejected(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    for query in [
        "",
        "q=",
        "q=%20",
        "q=a&limit=0",
        "q=a&limit=101",
        "q=a&limit=x",
        "q=a&limit=1e3",
        "q=a&offset=-1",
        "q=a&offset=99999999999999999999",
        "q=a&q=b",
        &format!("q={}", "a".repeat(65)),
    ] {
        let answer = alice
            .call(Method::GET, &format!("/v1/users/search?{query}"))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{query}: {}",
            answer.body
        );
    }
    let answer = alice.call(Method::GET, "/v1/users/search?q=%00").await;
    assert_eq!(answer.json(), json!({ "items": [], "next": null }));
}

#[sqlite_only]
async fn strangers_and_relying_services_cannot_update_or_export(portal: TestPortal) {
    portal.owner("keeper").await;
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    for mut caller in [Browser::new(&portal), alice.with_only(&["hsession"])] {
        assert_eq!(
            caller
                .post_json(UPDATE, &json!({ "bio": "x" }))
                .await
                .status,
            StatusCode::UNAUTHORIZED
        );
        assert_eq!(
            caller.call(Method::GET, EXPORT).await.status,
            StatusCode::UNAUTHORIZED
        );
        assert_eq!(
            caller.call(Method::POST, DELETE).await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    let request = Request::post(DELETE).header("origin", RELYING_SERVICE);
    assert_eq!(
        alice.clone().send(request, Body::empty()).await.status,
        StatusCode::FORBIDDEN
    );
    // Nor does anything of theirs make her browser fetch a copy, which the audit log would tell of.
    for site in ["same-site", "cross-site"] {
        let request = Request::get(EXPORT).header("sec-fetch-site", site);
        assert_eq!(
            alice.clone().send(request, Body::empty()).await.status,
            StatusCode::FORBIDDEN
        );
    }
    assert!(
        !portal
            .audit_log()
            .await
            .iter()
            .any(|(event, _)| event.contains("export"))
    );
    portal.advance(minutes(11));
    let refused = (StatusCode::FORBIDDEN, json!("Fresh login required"));
    assert_eq!(error(&alice.call(Method::GET, EXPORT).await), refused);
    assert_eq!(error(&alice.call(Method::POST, DELETE).await), refused);
    assert_eq!(alice.call(Method::GET, ME).await.status, StatusCode::OK);
}

#[sqlite_only]
async fn export_is_a_file_and_deletion_ends_the_account(portal: TestPortal) {
    portal.owner("keeper").await;
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let copy = alice.call(Method::GET, EXPORT).await;
    assert_eq!(
        copy.header("content-disposition"),
        r#"attachment; filename="account.json""#
    );
    assert_eq!(copy.header("cache-control"), "no-store");
    assert_eq!(copy.json()["account"][0]["username"], "alice");
    let stolen = alice.clone();
    let deleted = alice.call(Method::POST, DELETE).await;
    assert_eq!(
        (deleted.status, deleted.json()),
        (StatusCode::OK, json!({ "message": "Account deleted" }))
    );
    assert!(
        !alice.cookies.keys().any(|name| name.contains("hsession")),
        "{:?}",
        alice.cookies
    );
    assert_eq!(
        stolen.clone().call(Method::GET, ME).await.status,
        StatusCode::UNAUTHORIZED
    );
    let mut keeper = Browser::logged_in(&portal, "keeper").await;
    let last = keeper.call(Method::POST, DELETE).await;
    assert_eq!(
        error(&last),
        (
            StatusCode::CONFLICT,
            json!("The last Owner can't be deleted")
        )
    );
    assert_eq!(
        error(&keeper.call(Method::GET, "/v1/users/profile/alice").await).0,
        StatusCode::NOT_FOUND
    );
}

#[sqlite_only]
async fn profile_form_shows_errors_at_fields_and_keeps_input(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    portal.person("bob", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let form = [
        ("username", "b0b"),
        ("display", "Alice \u{2603}"),
        ("bio", "evil\u{202e}bio \u{44f}"),
        ("links", "https://example.org\r\n\r\nhttps://wonder.example"),
        ("avatar_source", ""),
    ];
    let answer = alice.submit("/do/update-profile", &form).await;
    assert_eq!(
        answer.location(),
        "/account?username=alike&bio=characters&message=profile-refused"
    );
    let page = alice.follow(&answer.location()).await;
    for shown in [
        "Error: Your account",
        "looks too much like someone else&#x27;s here",
        "a character that can&#x27;t be displayed",
        r#"value="b0b""#,
        "evil\u{202e}bio \u{44f}",
        "Alice \u{2603}",
        "wonder.example",
        "<details open",
    ] {
        assert!(
            page.body.contains(shown) || page.body.contains(&shown.replace("&#x27;", "'")),
            "{shown}: {}",
            page.body
        );
    }
    // What was typed is forgotten once it was shown.
    assert!(
        alice
            .cookies
            .keys()
            .all(|name| !name.starts_with("__Host-portal_typed_")),
        "{:?}",
        alice.cookies
    );
    let form = [
        ("username", "Alice"),
        ("display", ""),
        ("bio", ""),
        ("links", ""),
        ("avatar_source", ""),
    ];
    let answer = alice.submit("/do/update-profile", &form).await;
    assert_eq!(answer.location(), "/account?message=profile");
    let page = alice.follow(&answer.location()).await;
    assert!(page.body.contains("Saved."), "{}", page.body);
    assert!(page.body.contains(r#"value="Alice""#), "{}", page.body);
    assert!(
        !page.body.contains("\u{2603}") && !page.body.contains("wonder.example"),
        "{}",
        page.body
    );
}

#[sqlite_only]
async fn account_is_deleted_after_a_confirmation_page(portal: TestPortal) {
    portal.owner("keeper").await;
    portal.person("alice", PermissionLevel::User).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    assert!(alice.open("/account").await.body.contains("Your data"));
    portal.advance(minutes(11));
    assert_eq!(
        alice.open("/account/delete").await.location(),
        "/confirm?return_to=%2Faccount%2Fdelete"
    );
    assert_eq!(
        alice.submit("/do/delete-account", &[]).await.location(),
        "/confirm?return_to=%2Faccount%2Fdelete"
    );
    let confirmed = alice
        .submit(
            "/do/confirm",
            &[("password", PASSWORD), ("return_to", "/account/delete")],
        )
        .await;
    let page = alice.follow(&confirmed.location()).await;
    assert!(page.body.contains("Delete your account?"), "{}", page.body);
    let answer = alice.submit("/do/delete-account", &[]).await;
    assert_eq!(answer.location(), "/login?message=deleted");
    assert!(!alice.cookies.contains_key("hsession"));
    let page = alice.follow(&answer.location()).await;
    assert!(
        page.body
            .contains("Your account and everything stored about you have been deleted."),
        "{}",
        page.body
    );
}

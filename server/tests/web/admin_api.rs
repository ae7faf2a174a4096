//! Administration of people by the API and on the pages (docs/contract.md, Roles; Administration).

use axum::body::Body;
use backend::testing::{
    PASSWORD, TestPortal, authenticator, both_databases, client, minutes, sqlite_only,
};
use domain::{PermissionLevel, UserId};
use http::header::{ACCEPT, ACCEPT_LANGUAGE};
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::browser::Browser;

async fn logged_in(portal: &TestPortal, name: &str, level: PermissionLevel) -> Browser {
    portal.person(name, level).await;
    Browser::logged_in(portal, name).await
}

async fn id_of(portal: &TestPortal, name: &str) -> UserId {
    portal.find_person(name).await.unwrap().unwrap().id
}

fn route(id: UserId, act: &str) -> String {
    format!("/v1/admin/users/{id}/{act}")
}

/// The status and the message of an error response.
fn error_of(answer: &crate::browser::TestResponse) -> (StatusCode, String) {
    let result = answer.json();
    (answer.status, result["error"].as_str().unwrap().to_owned())
}

fn error(status: StatusCode, sentence: &str) -> (StatusCode, String) {
    (status, sentence.to_owned())
}

#[sqlite_only]
async fn api_bans_and_restores_a_person(portal: TestPortal) {
    let mut anna = logged_in(&portal, "anna", PermissionLevel::Admin).await;
    let mut bob = logged_in(&portal, "bob", PermissionLevel::User).await;
    let id = id_of(&portal, "bob").await;
    let body = json!({ "reason": "spam", "expires_at": "2030-01-31T12:00:00Z", "state": 0 });
    let answer = anna.post_json(&route(id, "ban"), &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let result = answer.json();
    assert_eq!(result["message"], format!("User {id} banned"));
    let user = &result["user"];
    assert_eq!((&user["id"], &user["state"]), (&json!(id), &json!(2)));
    assert_eq!(user["state_until"], "2030-01-31T12:00:00.000000Z");
    // The very next request.
    assert_eq!(
        bob.call(Method::GET, "/v1/users/me").await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(bob.follow("/account").await.status, StatusCode::OK);

    let file = anna
        .call(Method::GET, &format!("/v1/admin/users/{id}"))
        .await
        .json();
    assert_eq!(
        (&file["state_reason"], &file["state_by"]),
        (&json!("spam"), &json!("anna"))
    );
    assert_eq!((&file["sessions"], &file["bots"]), (&json!([]), &json!([])));

    let answer = anna.call(Method::POST, &route(id, "restore")).await;
    assert_eq!(answer.json()["message"], format!("User {id} restored"));
    assert_eq!(answer.json()["user"]["state"], 0);
    Browser::logged_in(&portal, "bob").await;
}

#[sqlite_only]
async fn moderators_can_time_out_but_not_ban(portal: TestPortal) {
    let mut mona = logged_in(&portal, "mona", PermissionLevel::Moderator).await;
    portal.person("bob", PermissionLevel::User).await;
    let id = id_of(&portal, "bob").await;
    let until = (portal.now() + minutes(30)).to_string();
    let body = json!({ "reason": "noise", "expires_at": until });
    let answer = mona.post_json(&route(id, "timeout"), &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.json()["message"], format!("User {id} timed out"));
    assert_eq!(
        (
            &answer.json()["user"]["state"],
            &answer.json()["user"]["state_until"]
        ),
        (&json!(1), &json!(until))
    );
    // What only those above may know is not told in passing either (security A14).
    for field in ["email", "last_activity_at"] {
        assert_eq!(answer.json()["user"][field], Value::Null, "{field}");
    }
    let admins_only = error(StatusCode::FORBIDDEN, "Admin access required");
    for (act, body) in [
        ("ban", json!({ "reason": "noise" })),
        ("permission", json!({ "level": 0 })),
        ("sessions/destroy", Value::Null),
        ("second-factors/reset", Value::Null),
    ] {
        let answer = if body.is_null() {
            mona.call(Method::POST, &route(id, act)).await
        } else {
            mona.post_json(&route(id, act), &body).await
        };
        assert_eq!(error_of(&answer), admins_only, "{act}");
    }
    for path in [
        "/v1/admin/users",
        &format!("/v1/admin/users/{id}"),
        "/v1/admin/health",
    ] {
        assert_eq!(
            error_of(&mona.call(Method::GET, path).await),
            admins_only,
            "{path}"
        );
    }
    assert_eq!(
        mona.call(Method::POST, &route(id, "restore")).await.status,
        StatusCode::OK
    );
    assert_eq!(
        error_of(&mona.call(Method::POST, &route(id, "restore")).await),
        admins_only
    );
}

#[expect(
    clippy::too_many_lines,
    reason = "a table of cases, one after the other"
)]
#[sqlite_only]
async fn invalid_fields_are_named(portal: TestPortal) {
    let mut anna = logged_in(&portal, "anna", PermissionLevel::Admin).await;
    portal.person("bob", PermissionLevel::User).await;
    let id = id_of(&portal, "bob").await;
    let long = "x".repeat(501);
    for (act, body, sentence) in [
        ("ban", json!({}), "reason is required"),
        ("ban", json!({ "reason": "  " }), "reason is required"),
        ("ban", json!({ "reason": 5 }), "reason must be a string"),
        (
            "ban",
            json!({ "reason": long }),
            "reason must be at most 500 characters",
        ),
        (
            "ban",
            json!({ "reason": "spam", "expires_at": "soon" }),
            "expires_at must be a time in ISO 8601",
        ),
        (
            "ban",
            json!({ "reason": "spam", "expires_at": 5 }),
            "expires_at must be a string",
        ),
        (
            "ban",
            json!({ "reason": "spam", "expires_at": "2020-01-01T00:00:00Z" }),
            "expires_at must be in the future",
        ),
        (
            "timeout",
            json!({ "reason": "noise" }),
            "expires_at is required",
        ),
        ("permission", json!({}), "level is required"),
        (
            "permission",
            json!({ "level": 4 }),
            "level must be 0, 1, 2 or 3",
        ),
        (
            "permission",
            json!({ "level": -1 }),
            "level must be 0, 1, 2 or 3",
        ),
        (
            "permission",
            json!({ "level": 1.5 }),
            "level must be 0, 1, 2 or 3",
        ),
        (
            "permission",
            json!({ "level": "2" }),
            "level must be 0, 1, 2 or 3",
        ),
    ] {
        let answer = anna.post_json(&route(id, act), &body).await;
        assert_eq!(
            error_of(&answer),
            error(StatusCode::BAD_REQUEST, sentence),
            "{act} {body}"
        );
    }
    for (query, sentence) in [
        ("limit=0", "limit must be a number from 1 to 100"),
        ("limit=101", "limit must be a number from 1 to 100"),
        ("offset=-1", "offset must be a number from 0"),
        ("state=3", "state must be a number from 0 to 2"),
        ("level=4", "level must be a number from 0 to 3"),
        ("level=1&level=2", "level is given twice"),
        (
            &format!("q={}", "x".repeat(321)),
            "q must be at most 320 characters",
        ),
    ] {
        let answer = anna
            .call(Method::GET, &format!("/v1/admin/users?{query}"))
            .await;
        assert_eq!(
            error_of(&answer),
            error(StatusCode::BAD_REQUEST, sentence),
            "{query}"
        );
    }
    for nobody in ["1", "0", "-5", "x", "99999999999999999999"] {
        let path = format!("/v1/admin/users/{nobody}/restore");
        let answer = anna.call(Method::POST, &path).await;
        assert_eq!(
            error_of(&answer),
            error(StatusCode::NOT_FOUND, "User not found"),
            "{nobody}"
        );
        let answer = anna
            .call(Method::GET, &format!("/v1/admin/users/{nobody}"))
            .await;
        assert_eq!(
            error_of(&answer),
            error(StatusCode::NOT_FOUND, "User not found"),
            "{nobody}"
        );
    }
}

#[sqlite_only]
async fn api_assigns_roles(portal: TestPortal) {
    let mut olga = logged_in(&portal, "olga", PermissionLevel::Owner).await;
    portal.person("bob", PermissionLevel::User).await;
    let (id, own) = (id_of(&portal, "bob").await, id_of(&portal, "olga").await);
    let answer = olga
        .post_json(&route(id, "permission"), &json!({ "level": 2 }))
        .await;
    assert_eq!(
        answer.json()["message"],
        format!("User {id} is now an Admin")
    );
    assert_eq!(answer.json()["user"]["permission_level"], 2);
    let denied = error(StatusCode::FORBIDDEN, "Access denied");
    let answer = olga
        .post_json(&route(id, "permission"), &json!({ "level": 3 }))
        .await;
    assert_eq!(error_of(&answer), denied);
    let answer = olga
        .post_json(&route(own, "permission"), &json!({ "level": 0 }))
        .await;
    assert_eq!(error_of(&answer), denied);
    portal.advance(minutes(10));
    let answer = olga
        .post_json(&route(id, "permission"), &json!({ "level": 0 }))
        .await;
    assert_eq!(
        error_of(&answer),
        error(StatusCode::FORBIDDEN, "Fresh login required")
    );
    let mut nobody = Browser::new(&portal);
    let answer = nobody
        .post_json(&route(id, "permission"), &json!({ "level": 0 }))
        .await;
    assert_eq!(
        error_of(&answer),
        error(StatusCode::UNAUTHORIZED, "Authentication required")
    );
}

#[sqlite_only]
async fn api_ends_sessions_and_resets_second_factors(portal: TestPortal) {
    let mut anna = logged_in(&portal, "anna", PermissionLevel::Admin).await;
    portal.person("bob", PermissionLevel::User).await;
    let session = portal.login("bob", PASSWORD).await.unwrap();
    let (id, bob) = (session.user.id, portal.person_of(&session).await);
    let answer = anna
        .call(Method::POST, &route(id, "second-factors/reset"))
        .await;
    assert_eq!(
        error_of(&answer),
        error(StatusCode::NOT_FOUND, "Second factor not found")
    );
    let offer = portal.offer_totp(&bob).await.unwrap();
    let code = authenticator(&offer.secret, portal.now());
    portal.confirm_totp(&bob, &code, &client()).await.unwrap();
    let answer = anna
        .call(Method::POST, &route(id, "second-factors/reset"))
        .await;
    assert_eq!(
        answer.json()["message"],
        format!("Second factors of user {id} reset")
    );
    assert_eq!(answer.json()["user"]["twofa_enabled"], false);
    portal.login("bob", PASSWORD).await.unwrap();
    let file = anna
        .call(Method::GET, &format!("/v1/admin/users/{id}"))
        .await
        .json();
    assert_eq!(file["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(
        (
            &file["sessions"][0]["method"],
            &file["sessions"][0]["client_ip"]
        ),
        (&json!("password"), &json!("203.0.113.7"))
    );
    let answer = anna
        .call(Method::POST, &route(id, "sessions/destroy"))
        .await;
    assert_eq!(answer.json(), json!({ "destroyed": 1 }));
}

#[both_databases]
async fn api_lists_people(portal: TestPortal) {
    let mut anna = logged_in(&portal, "anna", PermissionLevel::Admin).await;
    for name in ["bert", "bob", "olga"] {
        portal
            .person(
                name,
                if name == "olga" {
                    PermissionLevel::Owner
                } else {
                    PermissionLevel::User
                },
            )
            .await;
    }
    let names = |answer: &Value| -> Vec<String> {
        let users = answer["items"].as_array().unwrap().iter();
        users
            .map(|user| user["username"].as_str().unwrap().to_owned())
            .collect()
    };
    let mut list = async |query: &str| {
        anna.call(Method::GET, &format!("/v1/admin/users?{query}"))
            .await
            .json()
    };
    let first = list("limit=2").await;
    assert_eq!(
        (names(&first), &first["next"]),
        (vec!["anna".to_owned(), "bert".to_owned()], &json!(2))
    );
    let second = list("limit=2&offset=2").await;
    assert_eq!(
        (names(&second), &second["next"]),
        (vec!["bob".to_owned(), "olga".to_owned()], &Value::Null)
    );
    assert_eq!(names(&list("q=B").await), ["bert", "bob"]);
    assert_eq!(names(&list("level=3").await), ["olga"]);
    assert_eq!(names(&list("state=2").await), Vec::<String>::new());
    // A field that nobody knows changes nothing.
    assert_eq!(names(&list("q=olga&order=desc").await), ["olga"]);
    let user = &list("q=bob").await["items"][0];
    let mut keys: Vec<&str> = user
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "avatar_url",
            "created_at",
            "display",
            "email",
            "email_verified",
            "id",
            "last_activity_at",
            "linked_platforms",
            "permission_level",
            "permission_since",
            "state",
            "state_until",
            "twofa_enabled",
            "updated_at",
            "username",
        ]
    );
}

#[both_databases]
async fn health_report_is_for_admins(portal: TestPortal) {
    let mut anna = logged_in(&portal, "anna", PermissionLevel::Admin).await;
    let result = anna.call(Method::GET, "/v1/admin/health").await.json();
    assert_eq!(result["status"], "healthy");
    assert_eq!(result["version"], env!("CARGO_PKG_VERSION"));
    let engine = result["database"]["engine"].as_str().unwrap();
    assert!(["sqlite", "postgres"].contains(&engine));
    assert!(result["database"]["migration"].as_i64().unwrap() >= 11);
    assert!(!result["database"]["version"].as_str().unwrap().is_empty());
    for pool in result["pools"].as_array().unwrap() {
        assert!(pool["open"].as_u64() <= pool["most"].as_u64() && pool["most"].as_u64() > Some(0));
    }
    assert_eq!(result["mail_waiting"], 0);
}

#[sqlite_only]
async fn admin_can_ban_starting_from_the_header(portal: TestPortal) {
    let mut anna = logged_in(&portal, "anna", PermissionLevel::Admin).await;
    let mut bob = logged_in(&portal, "bob", PermissionLevel::User).await;
    let id = id_of(&portal, "bob").await;
    let (person, form) = (
        format!("/admin/people/{id}"),
        format!("/admin/people/{id}?act=ban"),
    );
    assert!(
        anna.open("/account")
            .await
            .body
            .contains(r#"href="/admin""#)
    );
    let list = anna.open("/admin?q=bo").await;
    assert!(
        list.body.contains(&format!(r#"href="{person}""#)),
        "{}",
        list.body
    );
    assert!(!list.body.contains("@anna"));
    let page = anna.open(&person).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains(&format!(r#"href="{form}""#)) && page.body.contains("203.0.113.7"),
        "{}",
        page.body
    );
    for (language, label) in [
        ("en", "Ban: bob"),
        ("de", "Bannen: bob"),
        ("fr", "Bannir\u{a0}: bob"),
    ] {
        let request = Request::get(&person)
            .header(ACCEPT, "text/html")
            .header(ACCEPT_LANGUAGE, language);
        let page = anna.send(request, Body::empty()).await.body;
        assert!(
            page.contains(&format!(r#"aria-label="{label}""#)),
            "{language}: {page}"
        );
    }
    let asks = anna.open(&form).await;
    assert!(
        asks.body.contains("Ban bob") && asks.body.contains(r#"action="/do/ban-person""#),
        "{}",
        asks.body
    );

    // Without a reason the form comes back.
    let number = id.to_string();
    let answer = anna
        .submit(
            "/do/ban-person",
            &[("id", &number), ("reason", " "), ("length", "")],
        )
        .await;
    assert_eq!(answer.location(), format!("{form}&message=reason"));
    assert!(
        anna.open(&answer.location())
            .await
            .body
            .contains("Enter a reason")
    );
    let fields = [
        ("id", number.as_str()),
        ("reason", "spam <b>"),
        ("length", ""),
    ];
    let answer = anna.submit("/do/ban-person", &fields).await;
    assert_eq!(answer.location(), format!("{person}?message=banned"));
    let page = anna.open(&answer.location()).await;
    assert!(
        page.body.contains("Banned, and logged out everywhere.")
            && page.body.contains("spam &lt;b&gt;"),
        "{}",
        page.body
    );
    assert!(
        page.body.contains("by @anna") && !page.body.contains("?act=timeout"),
        "{}",
        page.body
    );
    assert_eq!(
        bob.call(Method::GET, "/v1/users/me").await.status,
        StatusCode::UNAUTHORIZED
    );

    let answer = anna.submit("/do/restore-person", &[("id", &number)]).await;
    assert_eq!(answer.location(), format!("{person}?message=restored"));
    Browser::logged_in(&portal, "bob").await;
}

#[sqlite_only]
async fn stale_login_is_confirmed_first_and_keeps_the_form_input(portal: TestPortal) {
    let mut anna = logged_in(&portal, "anna", PermissionLevel::Admin).await;
    portal.person("bob", PermissionLevel::User).await;
    let id = id_of(&portal, "bob").await;
    portal.advance(minutes(10));
    let form = format!("/admin/people/{id}?act=timeout");
    // Reading takes no fresh login.
    assert_eq!(
        anna.open(&format!("/admin/people/{id}")).await.status,
        StatusCode::OK
    );
    let confirm = format!("/confirm?return_to=%2Fadmin%2Fpeople%2F{id}%3Fact%3Dtimeout");
    assert_eq!(anna.open(&form).await.location(), confirm);
    let fields = [
        ("id", id.to_string()),
        ("reason", "noise".to_owned()),
        ("length", "60".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    assert_eq!(
        anna.submit("/do/time-out-person", &fields).await.location(),
        confirm
    );
    let answer = anna
        .submit(
            "/do/confirm",
            &[("password", PASSWORD), ("return_to", &form)],
        )
        .await;
    assert_eq!(answer.location(), form);
    assert!(anna.open(&form).await.body.contains(r#"value="noise""#));
    let answer = anna.submit("/do/time-out-person", &fields).await;
    assert_eq!(
        answer.location(),
        format!("/admin/people/{id}?message=timed-out")
    );
    let file = anna
        .call(Method::GET, &format!("/v1/admin/users/{id}"))
        .await
        .json();
    assert_eq!(
        file["state_until"],
        (portal.now() + minutes(60)).to_string()
    );
}

#[sqlite_only]
async fn person_page_changes_role_sessions_and_factors(portal: TestPortal) {
    let mut olga = logged_in(&portal, "olga", PermissionLevel::Owner).await;
    portal.person("bob", PermissionLevel::User).await;
    let session = portal.login("bob", PASSWORD).await.unwrap();
    let bob = portal.person_of(&session).await;
    let (id, number) = (bob.user.id, bob.user.id.to_string());
    let person = format!("/admin/people/{id}");
    let form = olga.open(&format!("{person}?act=level")).await;
    assert!(
        form.body.contains(">Admin</option>") && !form.body.contains(">Owner</option>"),
        "{}",
        form.body
    );
    let answer = olga
        .submit("/do/give-level", &[("id", &number), ("level", "2")])
        .await;
    assert_eq!(answer.location(), format!("{person}?message=level"));
    assert_eq!(id_of(&portal, "bob").await, id);
    assert_eq!(
        portal.find_person("bob").await.unwrap().unwrap().level,
        PermissionLevel::Admin
    );
    for level in ["3", "9", "", "x"] {
        let answer = olga
            .submit("/do/give-level", &[("id", &number), ("level", level)])
            .await;
        assert_eq!(
            answer.location(),
            format!("{person}?message=assign"),
            "{level}"
        );
    }
    let offer = portal.offer_totp(&bob).await.unwrap();
    let code = authenticator(&offer.secret, portal.now());
    portal.confirm_totp(&bob, &code, &client()).await.unwrap();
    let answer = olga
        .submit("/do/reset-factors-of-person", &[("id", &number)])
        .await;
    assert_eq!(answer.location(), format!("{person}?message=factors-reset"));
    let answer = olga
        .submit("/do/reset-factors-of-person", &[("id", &number)])
        .await;
    assert_eq!(
        answer.location(),
        format!("{person}?message=no-factor-there")
    );
    portal.login("bob", PASSWORD).await.unwrap();
    let answer = olga
        .submit("/do/end-sessions-of-person", &[("id", &number)])
        .await;
    assert_eq!(answer.location(), format!("{person}?message=logged-out"));
}

/// Security A14: pages and forms follow the role hierarchy, as the API does.
#[sqlite_only]
async fn a14_pages_offer_and_allow_what_the_role_permits(portal: TestPortal) {
    let mut mona = logged_in(&portal, "mona", PermissionLevel::Moderator).await;
    let mut ursel = logged_in(&portal, "ursel", PermissionLevel::User).await;
    portal.person("anna", PermissionLevel::Admin).await;
    let (user, admin) = (id_of(&portal, "ursel").await, id_of(&portal, "anna").await);
    // A stranger, and a User.
    let mut nobody = Browser::new(&portal);
    assert_eq!(
        nobody.open("/admin?q=x").await.location(),
        "/login?return_to=%2Fadmin%3Fq%3Dx"
    );
    let account = ursel.open("/account").await.body;
    assert!(!account.contains(r#"href="/admin""#));
    for path in ["/admin", &format!("/admin/people/{user}")] {
        let page = ursel.open(path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(
            page.body.contains("You don't have access to this page")
                && !page.body.contains("@mona"),
            "{}",
            page.body
        );
    }
    // A Moderator: Users alone, timeouts alone, no bots.
    let list = mona.open("/admin").await;
    assert!(
        list.body.contains("@ursel") && !list.body.contains("@anna"),
        "{}",
        list.body
    );
    assert!(
        !list.body.contains(r#"href="/admin/bots""#)
            && list.body.contains(r#"href="/admin/audit""#)
    );
    assert_eq!(
        mona.open(&format!("/admin/people/{admin}")).await.status,
        StatusCode::NOT_FOUND
    );
    let page = mona.open(&format!("/admin/people/{user}")).await;
    assert!(
        page.body.contains("?act=timeout") && !page.body.contains("?act=ban"),
        "{}",
        page.body
    );
    assert!(
        !page.body.contains("203.0.113.7"),
        "a Moderator must not see addresses"
    );
    // The form of what is not theirs is not there, and posting it does nothing.
    let page = mona.open(&format!("/admin/people/{user}?act=ban")).await;
    assert!(!page.body.contains("/do/ban-person"));
    let (user, admin) = (user.to_string(), admin.to_string());
    for (form, id, message) in [
        ("ban-person", &user, "admin"),
        ("give-level", &user, "admin"),
        ("end-sessions-of-person", &user, "admin"),
        ("reset-factors-of-person", &user, "admin"),
        ("time-out-person", &admin, "not-below"),
    ] {
        let fields = [
            ("id", id.as_str()),
            ("reason", "mine"),
            ("level", "1"),
            ("length", "10"),
        ];
        let answer = mona.submit(&format!("/do/{form}"), &fields).await;
        assert_eq!(
            answer.location(),
            format!("/admin/people/{id}?message={message}"),
            "{form}"
        );
    }
    for form in [
        "ban-person",
        "give-level",
        "restore-person",
        "time-out-person",
        "end-sessions-of-person",
        "reset-factors-of-person",
    ] {
        let path = format!("/do/{form}");
        let fields = [
            ("id", user.as_str()),
            ("reason", "mine"),
            ("level", "1"),
            ("length", "10"),
        ];
        let answer = nobody.submit(&path, &fields).await;
        assert!(answer.location().starts_with("/login?return_to="), "{form}");
        let odd = ursel.submit(&path, &[("id", "x' or 1")]).await;
        assert_eq!(odd.status, StatusCode::BAD_REQUEST, "{form}");
    }
    assert_eq!(
        portal
            .number("select count(*) from users where state <> 0 or permission_level = 3")
            .await,
        0
    );
}

#[both_databases]
async fn people_list_paginates_and_reports_no_matches(portal: TestPortal) {
    let mut olga = logged_in(&portal, "olga", PermissionLevel::Owner).await;
    portal
        .execute(
            "insert into users (id, username, username_key, display, permission_level,
                            permission_since, state, created_at, updated_at)
         with recursive n(i) as (select 10 union all select i + 1 from n where i < 69)
         select i, 'user_' || i, 'user_' || i, 'User <i>' || i, 0, 0, 0, 0, 0 from n",
        )
        .await;
    // What people are searched by.
    let bytes = match portal.config.database_url {
        backend::DatabaseUrl::Sqlite(_) => "cast(username_key as blob)",
        backend::DatabaseUrl::Postgres(_) => "convert_to(username_key, 'UTF8')",
    };
    portal
        .execute(&format!(
            "insert into names (user_id, kind, skeleton, search)
         select id, 'username', username_key, {bytes} from users where id < 70"
        ))
        .await;
    let first = olga.open("/admin").await.body;
    assert!(
        first.contains("Page 1")
            && first.contains(r#"href="/admin?page=2""#)
            && !first.contains("rel=\"prev\""),
        "{first}"
    );
    // Names are text.
    assert!(first.contains("User &lt;i&gt;10") && !first.contains("User <i>"));
    let second = olga.open("/admin?page=2").await.body;
    assert!(second.contains(r#"href="/admin""#) && second.contains(r#"href="/admin?page=3""#));
    let third = olga.open("/admin?page=3").await.body;
    assert!(third.contains("@user_69") && !third.contains("rel=\"next\""));
    assert!(
        olga.open("/admin?page=4")
            .await
            .body
            .contains("Nothing on this page")
    );
    assert!(
        olga.open("/admin?q=nobody-like-this")
            .await
            .body
            .contains("No matches")
    );
    // Conditions go along from page to page.
    let filtered = olga.open("/admin?q=user_&state=0&level=0").await.body;
    assert!(
        filtered.contains("/admin?q=user_&amp;state=0&amp;level=0&amp;page=2"),
        "{filtered}"
    );
    for odd in [
        "/admin?page=0",
        "/admin?page=-1",
        "/admin?page=x",
        "/admin?state=9&level=9",
        "/admin?q=%00",
    ] {
        assert_eq!(olga.open(odd).await.status, StatusCode::OK, "{odd}");
    }
    for nobody in ["/admin/people/1", "/admin/people/x", "/admin/people/-1"] {
        assert_eq!(
            olga.open(nobody).await.status,
            StatusCode::NOT_FOUND,
            "{nobody}"
        );
    }
}

#[sqlite_only]
async fn programs_that_post_admin_forms_get_a_status(portal: TestPortal) {
    let mut ursel = logged_in(&portal, "ursel", PermissionLevel::User).await;
    let id = id_of(&portal, "ursel").await;
    let request = Request::post("/do/ban-person")
        .header(ACCEPT, "application/json")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", crate::browser::BASE);
    let answer = ursel
        .send(request, Body::from(format!("id={id}&reason=x&length=")))
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

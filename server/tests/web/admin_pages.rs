//! The pages of administration for bots and the audit log, by plain forms.

use axum::body::Body;
use backend::testing::{TestPortal, both_databases, minutes, sqlite_only};
use domain::PermissionLevel;
use http::header::{ACCEPT, ACCEPT_LANGUAGE};
use http::{Request, StatusCode};

use crate::browser::{Browser, TestResponse};

async fn admin(portal: &TestPortal) -> Browser {
    portal.person("ada", PermissionLevel::Admin).await;
    Browser::logged_in(portal, "ada").await
}

async fn register(browser: &mut Browser, name: &str, owner: &str) -> TestResponse {
    let fields = [
        ("name", name),
        ("platform", "discord"),
        ("owner", owner),
        ("rate_limit_per_hour", "50"),
    ];
    browser.submit("/do/register-bot", &fields).await
}

/// The text between two markers.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap().0
}

#[sqlite_only]
async fn registering_a_bot_shows_its_key_once(portal: TestPortal) {
    let mut ada = admin(&portal).await;
    let empty = ada.open("/admin/bots").await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.body.contains("No bots yet"));
    let made = register(&mut ada, "Carrier <b>", "ada").await;
    let page = made.location();
    assert!(
        page.starts_with("/admin/bots/") && page.ends_with("?message=bot-registered"),
        "{page}"
    );
    let shown = ada.open(&page).await;
    let key = between(&shown.body, r#"<code id="bot-key">"#, "</code>").to_owned();
    assert!(key.starts_with("hbot_") && key.len() == 55, "{key}");
    assert!(
        shown.body.contains(&format!(
            "curl https://portal.example.org/v1/bot/me -H &quot;X-API-Key: {key}&quot;"
        )) || shown.body.contains(&format!(
            "curl https://portal.example.org/v1/bot/me -H \"X-API-Key: {key}\""
        )),
        "{}",
        shown.body
    );
    assert!(
        portal
            .bot_call(Some(&key), &backend::testing::client())
            .await
            .is_ok()
    );
    let again = ada.open(&page).await;
    assert!(!again.body.contains(&key), "it is shown once");
    assert!(again.body.contains("Carrier &lt;b&gt;"));
    let list = ada.open("/admin/bots").await;
    assert!(list.body.contains("Carrier &lt;b&gt;") && list.body.contains("<p>1 bot</p>"));
    assert!(!list.body.contains(&key) && !list.body.contains("Carrier <b>"));
}

#[sqlite_only]
async fn bot_page_describes_the_bot_in_words(portal: TestPortal) {
    let mut ada = admin(&portal).await;
    portal.person("niels", PermissionLevel::User).await;
    let page = register(&mut ada, "Carrier", "niels").await.location();
    assert!(ada.open(&page).await.body.contains("<dd>Nothing yet</dd>"));
    portal
        .execute("update bots set users = 1, latency_ms = 42")
        .await;
    let page = ada.open(&page).await.body;
    assert!(
        page.contains("<dd>1 person · responds in 42 ms</dd>"),
        "{page}"
    );
    let niels = portal
        .number("select id from users where username = 'niels'")
        .await;
    let page = ada.open(&format!("/admin/people/{niels}")).await.body;
    assert!(page.contains("Discord, active"), "{page}");
}

#[sqlite_only]
async fn new_key_is_shown_on_the_page_of_its_bot_only(portal: TestPortal) {
    let mut ada = admin(&portal).await;
    let first = register(&mut ada, "first", "ada").await.location();
    ada.open(&first).await;
    register(&mut ada, "second", "ada").await;
    let other = ada.open(&first).await;
    assert!(!other.body.contains(r#"id="bot-key""#), "another bot's key");
}

#[sqlite_only]
async fn forms_update_switch_and_delete_a_bot(portal: TestPortal) {
    let mut ada = admin(&portal).await;
    let page = register(&mut ada, "Carrier", "ada").await.location();
    let path = page.split('?').next().unwrap().to_owned();
    let id = path.rsplit('/').next().unwrap().to_owned();
    let key = between(
        &ada.open(&page).await.body,
        r#"<code id="bot-key">"#,
        "</code>",
    )
    .to_owned();
    portal.person("niels", PermissionLevel::User).await;
    let fields = [
        ("id", id.as_str()),
        ("name", "Courier"),
        ("owner", "niels"),
        ("rate_limit_per_hour", "7"),
        ("bot_type", "verified"),
        ("invite_url", "https://t.me/courier"),
    ];
    let saved = ada.submit("/do/update-bot", &fields).await;
    assert_eq!(saved.location(), format!("{path}?message=bot-updated"));
    let shown = ada.open(&saved.location()).await.body;
    for words in [
        "Saved.",
        "Courier",
        "@<!>niels",
        "Verified",
        "https://t.me/courier",
    ] {
        assert!(
            shown.contains(words) || shown.contains(&words.replace("<!>", "")),
            "{words}"
        );
    }
    for (field, value, message) in [
        ("name", "x", "bot-name"),
        ("owner", "nobody", "bot-owner"),
        ("rate_limit_per_hour", "many", "bot-rate"),
        ("invite_url", "javascript:alert(1)", "bot-invite"),
    ] {
        let odd = fields.map(|(name, old)| {
            if name == field {
                (name, value)
            } else {
                (name, old)
            }
        });
        let refused = ada.submit("/do/update-bot", &odd).await;
        assert_eq!(
            refused.location(),
            format!("{path}?message={message}"),
            "{field}"
        );
    }
    let made = ada
        .submit(
            "/do/regenerate-bot-key",
            &[("id", &id), ("grace_seconds", "600")],
        )
        .await;
    assert_eq!(made.location(), format!("{path}?message=bot-key"));
    let shown = ada.open(&made.location()).await.body;
    let new = between(&shown, r#"<code id="bot-key">"#, "</code>").to_owned();
    assert!(shown.contains("expires "));
    let client = backend::testing::client();
    for key in [&key, &new] {
        assert!(portal.bot_call(Some(key), &client).await.is_ok());
    }
    let off = ada
        .submit("/do/switch-bot", &[("id", &id), ("to", "off")])
        .await;
    assert_eq!(off.location(), format!("{path}?message=bot-off"));
    assert!(portal.bot_call(Some(&new), &client).await.is_err());
    let on = ada
        .submit("/do/switch-bot", &[("id", &id), ("to", "on")])
        .await;
    assert_eq!(on.location(), format!("{path}?message=bot-on"));
    assert!(portal.bot_call(Some(&new), &client).await.is_ok());
    let unsure = ada
        .submit(
            "/do/delete-bot",
            &[("id", &id), ("confirmation", "courier?")],
        )
        .await;
    assert_eq!(unsure.location(), format!("{path}?message=bot-confirm"));
    let gone = ada
        .submit(
            "/do/delete-bot",
            &[("id", &id), ("confirmation", "Courier")],
        )
        .await;
    assert_eq!(gone.location(), "/admin/bots?message=bot-deleted");
    assert_eq!(ada.open(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(portal.count("bots").await, 0);
}

#[sqlite_only]
async fn admin_pages_require_the_role_and_forms_a_fresh_login(portal: TestPortal) {
    let mut ada = admin(&portal).await;
    let path = register(&mut ada, "Carrier", "ada").await.location();
    let path = path.split('?').next().unwrap().to_owned();
    let id = path.rsplit('/').next().unwrap().to_owned();
    assert_eq!(
        Browser::new(&portal).open("/admin/bots").await.location(),
        "/login?return_to=%2Fadmin%2Fbots"
    );
    for (name, level, bots, audit) in [
        (
            "ute",
            PermissionLevel::User,
            StatusCode::FORBIDDEN,
            StatusCode::FORBIDDEN,
        ),
        (
            "mona",
            PermissionLevel::Moderator,
            StatusCode::FORBIDDEN,
            StatusCode::OK,
        ),
    ] {
        portal.person(name, level).await;
        let mut browser = Browser::logged_in(&portal, name).await;
        for page in ["/admin/bots", path.as_str()] {
            let answer = browser.open(page).await;
            assert_eq!(answer.status, bots, "{name} {page}");
            assert!(!answer.body.contains("Carrier"));
        }
        assert_eq!(browser.open("/admin/audit").await.status, audit, "{name}");
        let refused = browser
            .submit(
                "/do/delete-bot",
                &[("id", &id), ("confirmation", "Carrier")],
            )
            .await;
        assert_eq!(refused.location(), format!("{path}?message=bot-denied"));
        let refused = register(&mut browser, "Mine", name).await;
        assert_eq!(refused.location(), "/admin/bots?message=bot-denied");
    }
    // Those beside and above are out of reach too.
    portal.owner("olga").await;
    let refused = register(&mut ada, "Hers", "olga").await;
    assert_eq!(refused.location(), "/admin/bots?message=bot-denied");
    portal.advance(minutes(11));
    let stale = register(&mut ada, "Late", "ada").await;
    assert_eq!(stale.location(), "/confirm?return_to=%2Fadmin%2Fbots");
    assert_eq!(portal.count("bots").await, 1);
}

#[both_databases]
async fn audit_page_describes_events_in_words(portal: TestPortal) {
    let mut ada = admin(&portal).await;
    portal.person("niels", PermissionLevel::User).await;
    let niels = portal
        .number("select id from users where username = 'niels'")
        .await
        .to_string();
    let reason = "loud <b>again</b>";
    ada.submit(
        "/do/ban-person",
        &[("id", &niels), ("reason", reason), ("length", "")],
    )
    .await;
    portal
        .execute(
            "insert into audit_log (id, event_type, metadata, created_at) \
        values (7, 'tea.made', '{\"sort\":\"<script>alert(1)</script>\"}', 1)",
        )
        .await;
    for (language, words) in [
        (
            "en",
            [
                "Banned",
                "Reason",
                "Duration",
                "Permanently",
                "Logged in",
                "Password",
                "IP address",
            ],
        ),
        (
            "de",
            [
                "Gebannt",
                "Grund",
                "Dauer",
                "Dauerhaft",
                "Angemeldet",
                "Passwort",
                "IP-Adresse",
            ],
        ),
        (
            "fr",
            [
                "Bannissement",
                "Raison",
                "Durée",
                "Définitivement",
                "Connexion",
                "Mot de passe",
                "Adresse IP",
            ],
        ),
    ] {
        let request = Request::get("/admin/audit")
            .header(ACCEPT, "text/html")
            .header(ACCEPT_LANGUAGE, language);
        let page = ada.send(request, Body::empty()).await.body;
        let log = between(&page, "<ol class=\"event-log\">", "</ol>");
        for word in words {
            assert!(
                log.contains(&format!(">{word}<")),
                "{language} {word}: {log}"
            );
        }
        assert!(log.contains("loud &lt;b&gt;again&lt;/b&gt;"), "{log}");
        // What is stored as JSON is not shown as JSON, nor is it more than text.
        assert!(
            !log.contains('{') && !log.contains("&quot;") && !log.contains("<script"),
            "{log}"
        );
        assert!(
            log.contains("<code>sort</code>")
                && log.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
            "{log}"
        );
    }
}

#[both_databases]
async fn audit_page_filters_and_paginates(portal: TestPortal) {
    let mut ada = admin(&portal).await;
    for n in 0..60 {
        portal.advance(minutes(1));
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
    portal.advance(minutes(1));
    let mut ada2 = Browser::logged_in(&portal, "ada").await;
    let first = ada2.open("/admin/audit").await;
    assert_eq!(
        first.body.matches("<li data-event=").count(),
        50,
        "{}",
        first.body
    );
    let older = between(&first.body, r#"href="/admin/audit?before="#, "\"").to_owned();
    let second = ada2.open(&format!("/admin/audit?before={older}")).await;
    assert!(
        second.body.contains("<strong>Owner created</strong>") && second.body.contains("Newest")
    );
    let mine = ada2
        .open("/admin/audit?event_type=login.succeeded&actor=ADA&target=")
        .await;
    assert_eq!(
        mine.body
            .matches("<li data-event=\"login.succeeded\"")
            .count(),
        2
    );
    assert!(!mine.body.contains("<li data-event=\"code.requested\""));
    for query in [
        "actor=nobody",
        "event_type=%3Cscript%3E",
        "before=1",
        "target=%00",
    ] {
        let nothing = ada2.open(&format!("/admin/audit?{query}")).await;
        assert_eq!(nothing.status, StatusCode::OK, "{query}");
        assert!(nothing.body.contains("No events"), "{query}");
        assert!(!nothing.body.contains("<script>alert"), "{query}");
    }
    drop(ada.open("/admin/audit").await);
}

//! Calls every route with every role (docs/contract.md, Callers). `routes_and_roles.txt` lists the
//! expected statuses; a route that is missing there fails.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Body;
use backend::testing::{TestPortal, authenticator, client, count};
use backend::{Actor, DatabaseUrl, LinkRequest, Portal, backup};
use domain::{PermissionLevel, UserId};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{Method, Request};
use serde_json::Value;
use server::all_routes;
use tempfile::TempDir;

use crate::browser::{BASE, Browser, encode, site};

const TABLE: &str = include_str!("routes_and_roles.txt");

/// The columns of the table.
const ROLES: [&str; 9] = [
    "anonymous",
    "user",
    "moderator",
    "admin",
    "owner",
    "bot",
    "off",
    "banned",
    "service",
];

/// A line of the table: a call, and its status for each role.
struct Row {
    method: Method,
    route: &'static str,
    statuses: [u16; ROLES.len()],
    /// The path, where the route has parameters; `<…>` is one of the [`Fixture::placeholders`].
    path: &'static str,
    /// JSON, also for the fields of forms.
    body: Option<&'static str>,
}

impl Row {
    fn read(line: &'static str) -> Self {
        let (call, body) = match line.find("{\"") {
            Some(at) => (&line[..at], Some(&line[at..])),
            None => (line, None),
        };
        let mut words = call.split_whitespace();
        let mut word = || words.next().unwrap_or_else(|| panic!("too short: {line}"));
        let statuses = ROLES.map(|_| word().parse().expect(line));
        let (method, route) = (word().parse().expect(line), word());
        let path = words.next().unwrap_or(route);
        assert_eq!(words.next(), None, "too long: {line}");
        Self {
            method,
            route,
            statuses,
            path,
            body,
        }
    }

    fn all() -> Vec<Self> {
        let lines = TABLE.lines().map(str::trim);
        let rows = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        rows.map(Self::read).collect()
    }

    /// Makes the call with this role, and returns its status.
    async fn call(&self, fixture: &Fixture, server: &Server, role: &'static str) -> u16 {
        let mut browser = server.browser.clone();
        browser.cookies = fixture.cookies.get(role).cloned().unwrap_or_default();
        let path = fixture.fill(self.path, role);
        let body = self.body.map(|body| fixture.fill(body, role));
        let is_form = path.starts_with("/do/");
        let is_page =
            self.method != Method::POST && !path.starts_with("/v1") && !path.starts_with("/api");
        // Forms are sent as programs do it: a browser would be led on, whatever the answer is.
        let accept = if is_page {
            "text/html"
        } else {
            "application/json"
        };
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(&path)
            .header(ACCEPT, accept);
        if is_form {
            request = request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header("origin", BASE);
        } else if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        if let Some(key) = fixture.keys.get(role) {
            request = request.header("x-api-key", key);
        }
        let body = match body {
            Some(fields) if is_form => form(&fields),
            Some(json) => Body::from(json),
            None => Body::empty(),
        };
        // Streams have no end to be read.
        if path.starts_with("/v1/bot/events") {
            return browser
                .send_and_listen(request, body)
                .await
                .0
                .status
                .as_u16();
        }
        browser.send(request, body).await.status.as_u16()
    }
}

fn form(fields: &str) -> Body {
    let fields: BTreeMap<String, String> = serde_json::from_str(fields).unwrap();
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    encode(&fields)
}

/// All roles of the table, and other people with resources, in a database that each server copies.
struct Fixture {
    portal: TestPortal,
    file: PathBuf,
    /// Cookies by role.
    cookies: BTreeMap<&'static str, BTreeMap<String, String>>,
    /// Keys by role.
    keys: BTreeMap<&'static str, String>,
    /// The values of `<…>`: IDs and secrets, common or of one role.
    placeholders: BTreeMap<String, String>,
}

impl Fixture {
    async fn new() -> Self {
        let portal = TestPortal::on_sqlite().await;
        let mut fixture = Self {
            file: portal.folder().join("template.db"),
            portal,
            cookies: BTreeMap::new(),
            keys: BTreeMap::new(),
            placeholders: BTreeMap::new(),
        };
        fixture.keep("password", backend::testing::PASSWORD.to_owned());
        fixture.create_others().await;
        fixture.create_callers().await;
        backup(&fixture.portal.config.database_url, &fixture.file)
            .await
            .unwrap();
        fixture
    }

    fn keep(&mut self, name: &str, value: String) {
        self.placeholders.insert(format!("<{name}>"), value);
    }

    /// One person of each role with a bot, a linked platform, a second factor, two sessions and a
    /// pending code. None of it belongs to a caller.
    async fn create_others(&mut self) {
        for (name, level) in [
            ("other-user", PermissionLevel::User),
            ("other-moderator", PermissionLevel::Moderator),
            ("other-admin", PermissionLevel::Admin),
            ("other-owner", PermissionLevel::Owner),
        ] {
            let mut browser = self.log_in(name, level).await;
            let portal = &self.portal;
            let user = portal.find_person(name).await.unwrap().unwrap().id;
            portal.link(user, "telegram", &format!("{name}-t")).await;
            let bot = portal
                .register(&format!("{name} bot"), "discord", name)
                .await;
            let bot = portal
                .bot_call(Some(bot.reveal()), &client())
                .await
                .unwrap();
            let session = portal
                .login(name, backend::testing::PASSWORD)
                .await
                .unwrap();
            let person = portal.person_of(&session).await;
            let id = format!("{name}-d").parse().unwrap();
            let link = LinkRequest {
                person: &person,
                platform: "discord",
                id: &id,
                client: &client(),
            };
            portal.request_link(link).await.unwrap();
            let code = portal
                .carry(&bot, &format!("{name}-d"))
                .await
                .unwrap()
                .remove(0);
            let suffix = other_session(&mut browser).await;
            let offer = portal.offer_totp(&person).await.unwrap();
            let shown = authenticator(&offer.secret, portal.now());
            let on = portal
                .confirm_totp(&person, &shown, &client())
                .await
                .unwrap();
            let recovery = on.recovery_codes[0].reveal().to_owned();
            self.keep(name, user.to_string());
            self.keep(&format!("{name}-bot"), bot.id.as_i64().to_string());
            self.keep(&format!("{name}-session"), suffix);
            self.keep(&format!("{name}-link-code"), code.code.reveal().to_owned());
            self.keep(&format!("{name}-recovery-code"), recovery);
        }
    }

    async fn create_callers(&mut self) {
        for (name, level) in [
            ("user", PermissionLevel::User),
            ("moderator", PermissionLevel::Moderator),
            ("admin", PermissionLevel::Admin),
            ("owner", PermissionLevel::Owner),
            ("banned", PermissionLevel::Owner),
        ] {
            let name: &'static str = name;
            let username = format!("the-{name}");
            let mut browser = self.log_in(&username, level).await;
            Browser::logged_in(&self.portal, &username).await;
            let suffix = other_session(&mut browser).await;
            let user = self.id_of(&username).await;
            self.portal.link(user, "telegram", &username).await;
            self.keep(&format!("{name}: own-session"), suffix);
            self.keep(&format!("{name}: own-id"), user.to_string());
            if name == "user" {
                self.cookies
                    .insert("service", browser.with_only(&["hsession"]).cookies);
            }
            self.cookies.insert(name, browser.cookies);
        }
        let key = self
            .portal
            .register("the bot", "discord", "the-owner")
            .await;
        self.keys.insert("bot", key.reveal().to_owned());
        let key = self
            .portal
            .register("the bot that is off", "discord", "the-owner")
            .await;
        self.keys.insert("off", key.reveal().to_owned());
        let off = self
            .portal
            .bot_call(Some(key.reveal()), &client())
            .await
            .unwrap();
        self.portal
            .switch_bot(Actor::Operator, off.id, backend::BotSwitch::Deactivate)
            .await
            .unwrap();
        let banned = self.id_of("the-banned").await;
        let reason = "spam".parse().unwrap();
        self.portal
            .ban_person(Actor::Operator, banned, &reason, None)
            .await
            .unwrap();
    }

    async fn log_in(&self, name: &str, level: PermissionLevel) -> Browser {
        self.portal.person(name, level).await;
        Browser::logged_in(&self.portal, name).await
    }

    async fn id_of(&self, name: &str) -> UserId {
        self.portal.find_person(name).await.unwrap().unwrap().id
    }

    /// Replaces `<…>` by values.
    fn fill(&self, text: &str, role: &str) -> String {
        let own = format!("<{role}: ");
        let mut filled = text.to_owned();
        for (name, value) in &self.placeholders {
            let name = name.replace(&own, "<");
            filled = filled.replace(&name, value);
        }
        // Who has none of their own tries what does not exist.
        for (name, nothing) in [("<own-session>", "aaaaaa"), ("<own-id>", "1")] {
            filled = filled.replace(name, nothing);
        }
        assert!(!filled.contains('<'), "{filled}");
        filled
    }

    /// A server on a fresh copy of the database.
    async fn server(&self) -> Server {
        let folder = TempDir::new().unwrap();
        let copy = folder.path().join("portal.db");
        std::fs::copy(&self.file, &copy).unwrap();
        let mut config = self.portal.config.clone();
        config.database_url = DatabaseUrl::Sqlite(copy);
        let portal = Portal::open(&config, self.portal.clock.clone()).await;
        let portal = Arc::new(portal.unwrap());
        Server {
            browser: Browser::of(portal.clone()),
            portal,
            _folder: folder,
        }
    }
}

struct Server {
    browser: Browser,
    portal: Arc<Portal>,
    _folder: TempDir,
}

/// The token suffix of a session other than the caller's.
async fn other_session(browser: &mut Browser) -> String {
    let listed = browser
        .call(Method::GET, "/v1/users/me/sessions")
        .await
        .json();
    let mut sessions = listed["sessions"].as_array().unwrap().iter();
    let other = sessions.find(|session| session["is_current"] == Value::Bool(false));
    other.unwrap()["token_suffix"].as_str().unwrap().to_owned()
}

#[test]
fn role_table_lists_exactly_the_routes() {
    let routed: BTreeSet<_> = all_routes(&Arc::new(site()))
        .into_iter()
        .map(named)
        .collect();
    let rows = Row::all();
    let listed = rows
        .iter()
        .map(|row| named((row.method.clone(), row.route.to_owned())));
    let listed: BTreeSet<_> = listed.collect();
    let missing: Vec<_> = routed.difference(&listed).collect();
    let left_over: Vec<_> = listed.difference(&routed).collect();
    assert!(
        missing.is_empty() && left_over.is_empty(),
        "not in the table: {missing:#?}; not routed: {left_over:#?}"
    );
    assert!(routed.len() > 110, "{}", routed.len());
}

fn named((method, route): (Method, String)) -> String {
    format!("{method} {route}")
}

/// docs/contract.md, Callers; Cookies; security A13, A14; ASVS 8.2.1.
#[tokio::test(flavor = "multi_thread")]
async fn a14_every_route_answers_every_role_as_listed() {
    let fixture = Fixture::new().await;
    let mut wrong = String::new();
    let mut server = fixture.server().await;
    for row in Row::all() {
        let reads = row.method == Method::GET;
        if !reads {
            server = fixture.server().await;
        }
        let mut answered = Vec::new();
        for role in ROLES {
            let status = row.call(&fixture, &server, role).await;
            if !reads && status < 400 {
                // Something was done: the next one finds all as it was.
                server = fixture.server().await;
            }
            answered.push(status);
        }
        if answered != row.statuses {
            let (method, path) = (&row.method, row.path);
            let expected = row.statuses;
            writeln!(
                wrong,
                "{method} {path}\n  the table {expected:?}\n  answered  {answered:?}"
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{ROLES:?}\n{wrong}");
}

/// ASVS 3.5.3: GET and HEAD change nothing, for any role. The only writes are the audit event of an
/// export and the hourly count of a bot's calls.
#[tokio::test(flavor = "multi_thread")]
async fn asvs_3_5_3_get_requests_change_nothing() {
    let fixture = Fixture::new().await;
    let columns = fixture.portal.columns().await.into_iter();
    let tables: BTreeSet<String> = columns.map(|(table, _)| table).collect();
    let server = fixture.server().await;
    let rows = async || {
        let mut rows = BTreeMap::new();
        for table in &tables {
            rows.insert(table.clone(), count(&server.portal, table).await);
        }
        rows
    };
    let mut expected = rows().await;
    *expected.get_mut("bot_calls").unwrap() += 1;
    let reading = Row::all().into_iter();
    for mut row in reading.filter(|row| row.method == Method::GET) {
        for method in [Method::GET, Method::HEAD] {
            row.method = method;
            for (role, status) in ROLES.into_iter().zip(row.statuses) {
                row.call(&fixture, &server, role).await;
                if row.route == "/v1/users/me/export" && status == 200 {
                    *expected.get_mut("audit_log").unwrap() += 1;
                }
            }
        }
    }
    assert_eq!(rows().await, expected);
    assert!(tables.len() > 15 && expected["sessions"] > 5);
}

/// Security A14: resources of others open only to roles above.
#[test]
fn a14_peers_and_subordinates_never_access_resources_of_others() {
    let level_of = |value: &str| {
        ["user", "moderator", "admin", "owner"]
            .iter()
            .position(|level| value.starts_with(&format!("<other-{level}")))
    };
    let mut seen = 0;
    for row in Row::all() {
        let text = format!("{} {}", row.path, row.body.unwrap_or_default());
        let Some(level) = text
            .match_indices('<')
            .find_map(|(at, _)| level_of(&text[at..]))
        else {
            continue;
        };
        // What everybody may read of others, or ask for without being told anything.
        if row.method == Method::GET {
            continue;
        }
        seen += 1;
        for (role, status) in ROLES.iter().zip(row.statuses) {
            let own = ["user", "moderator", "admin"]
                .iter()
                .position(|level| level == role);
            // Owners act on each other.
            if *role == "owner" || own.is_some_and(|own| own > level) {
                continue;
            }
            assert!(
                [401, 403, 404].contains(&status),
                "{role} is answered {status}: {text}"
            );
        }
    }
    assert!(seen > 30, "{seen}");
}

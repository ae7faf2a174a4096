//! Failures of disk, log, clock and database: the portal rejects requests, recovers by itself, and
//! keeps what it acknowledged (security A20 to A24, ASVS 2.3.3, 16.5.2, 16.5.3).

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use backend::DatabaseUrl;
use backend::testing::{PASSWORD, TestPortal, both_databases};
use serde_json::{Value, json};

use crate::workspace::{HttpRequest, HttpResponse, PortalProcess, Workspace, free_address};

pub const LOGIN: &str = "/api/auth/login";
pub const LOGOUT: &str = "/api/auth/logout";
const VERIFY: &str = "/v1/authentication/verify";
pub const ME: &str = "/v1/users/me";
const NIELS: &str = "123456789012345678";

/// The settings of a server on the test's database, without limits.
pub fn settings_of(portal: &TestPortal) -> Vec<(&'static str, String)> {
    let database = match &portal.config.database_url {
        DatabaseUrl::Sqlite(file) => format!("sqlite:{}", file.display()),
        DatabaseUrl::Postgres(address) => address.clone(),
    };
    let secret = portal.config.secret_file.display().to_string();
    let mut settings = vec![("DATABASE_URL", database), ("PORTAL_SECRET_FILE", secret)];
    settings.extend(unlimited());
    settings
}

fn unlimited() -> Vec<(&'static str, String)> {
    [
        "PORTAL_LOGIN_LIMIT",
        "PORTAL_PUBLIC_LIMIT",
        "PORTAL_OWN_LIMIT",
        "PORTAL_BOT_LIMIT",
        "PORTAL_CONNECTIONS_PER_ADDRESS",
        "BOT_LOGIN_WEB_REQUIRED_EVERY",
    ]
    .map(|name| (name, "0".to_owned()))
    .into_iter()
    .chain([("PORTAL_TRUSTED_PROXIES", "127.0.0.1".to_owned())])
    .collect()
}

pub fn start_under(
    wrapper: &[&str],
    workspace: &Workspace,
    settings: &[(&'static str, String)],
) -> PortalProcess {
    let settings: Vec<(&str, &str)> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let mut serving = PortalProcess::start_under(wrapper, workspace, &settings);
    let result = serving.line();
    assert!(result.starts_with("Portal is running at"), "{result}");
    serving
}

pub fn login(username: &str) -> HttpRequest<'static> {
    HttpRequest::post(
        LOGIN,
        json!({ "identifier": username, "password": PASSWORD }),
    )
}

pub fn bearer<'a>(ask: HttpRequest<'a>, token: &str) -> HttpRequest<'a> {
    ask.with("Authorization", &format!("Bearer {token}"))
}

pub fn token_of(result: &HttpResponse) -> String {
    result.json()["data"]["token"].as_str().unwrap().to_owned()
}

/// Requests a code for this person by the bot, from the given network.
pub fn sent_code(address: &str, key: &str, id: &str, network: &str) -> HttpRequest<'static> {
    let person = json!({
        "platform": "discord",
        "platform_user_id": id,
        "platform_username": "niels",
        "platform_avatar_url": "",
    });
    let ask = HttpRequest::post("/v1/authentication/bot/send-code", person).with("X-API-Key", key);
    let sent = ask.of(address).unwrap().json();
    let code = sent["code"].as_str().unwrap_or_else(|| panic!("{sent}"));
    HttpRequest::post(VERIFY, json!({ "code": code })).with("X-Forwarded-For", network)
}

/// The lines of a log. Each must be one JSON object, and none a panic.
pub fn parsed(log: &str) -> Vec<Value> {
    let lines = log.lines().map(|line| {
        let parsed: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        assert!(parsed.is_object(), "{line}");
        assert!(parsed.get("panic").is_none(), "{line}");
        parsed
    });
    lines.collect()
}

/// Reads the log of a server in the background, so that its pipe never fills.
pub fn collect_log(serving: &mut PortalProcess) -> thread::JoinHandle<String> {
    let log = BufReader::new(serving.child.stderr.take().unwrap());
    thread::spawn(move || {
        let lines = log.lines().map_while(Result::ok);
        lines.fold(String::new(), |all, line| all + &line + "\n")
    })
}

/// Waits until the server has deleted old rows, as it does after each start, so that only the
/// request's own writes are counted.
fn wait_for_clean_up(serving: &mut PortalProcess) {
    let mut log = BufReader::new(serving.child.stderr.take().unwrap()).lines();
    let cleaned_up = log.any(|line| line.unwrap().contains("cleaned up"));
    assert!(cleaned_up, "it ended before");
    thread::spawn(move || log.for_each(drop));
}

/// The number of sessions, and of logins in the audit log.
pub async fn logins(portal: &TestPortal) -> (i64, usize) {
    let events = portal.audit_log().await;
    let won = events
        .iter()
        .filter(|(event, _)| event == "login.succeeded");
    (portal.count("sessions").await, won.count())
}

/// Crashes a process at each step of writing in turn, and checks that either all of the login is
/// stored or nothing of it.
async fn crash_at_every_step(
    portal: &TestPortal,
    ask: impl Fn(&str, u32) -> HttpRequest<'static>,
    once: bool,
) {
    let workspace = Workspace::new();
    let armed = workspace.path().join("armed");
    let mut interrupted: Option<(HttpRequest<'static>, (i64, usize))> = None;
    let (mut undone, mut done) = (0, 0);
    for step in 1..100 {
        let mut settings = settings_of(portal);
        settings.push(("PORTAL_TEST_DIES_AT", step.to_string()));
        settings.push(("PORTAL_TEST_COUNTS_FROM", armed.display().to_string()));
        settings.push(("PORTAL_LOG", "debug".to_owned()));
        let mut serving = start_under(&[], &workspace, &settings);
        wait_for_clean_up(&mut serving);
        if let Some((ask, before)) = interrupted.take() {
            let after = logins(portal).await;
            let again = ask.of(&serving.address).unwrap();
            if after == before {
                assert_eq!(again.status, 200, "step {step}: {again:?}");
                undone += 1;
            } else {
                assert_eq!(after, (before.0 + 1, before.1 + 1), "step {step}");
                let expected = if once { 401 } else { 200 };
                assert_eq!(again.status, expected, "step {step}: {again:?}");
                done += 1;
            }
        }
        let ask = ask(&serving.address, step);
        let before = logins(portal).await;
        fs::write(&armed, "").unwrap();
        let result = ask.of(&serving.address);
        fs::remove_file(&armed).unwrap();
        if let Ok(result) = result {
            // Its last step is behind.
            assert_eq!(result.status, 200, "{result:?}");
            let after = logins(portal).await;
            assert_eq!(after, (before.0 + 1, before.1 + 1));
            eprintln!("died at {undone} steps with nothing done, at {done} with all done");
            assert!(undone >= 5 && done >= 1, "{undone} {done}");
            return;
        }
        let ended = serving.child.wait().unwrap();
        assert_eq!(ended.signal(), Some(6), "step {step}: {ended}");
        interrupted = Some((ask, before));
    }
    panic!("it died at 99 steps");
}

#[both_databases]
async fn asvs_2_3_3_login_by_code_is_atomic_at_every_crash_point(portal: TestPortal) {
    portal.owner("keeper").await;
    let key = portal.register("a bot", "discord", "keeper").await;
    let user = portal.login("keeper", PASSWORD).await.unwrap().user.id;
    portal.link(user, "discord", NIELS).await;
    let verify = |address: &str, step: u32| {
        sent_code(address, key.reveal(), NIELS, &format!("198.51.100.{step}"))
    };
    crash_at_every_step(&portal, verify, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asvs_2_3_3_login_by_password_is_atomic_at_every_crash_point() {
    let portal = TestPortal::on_sqlite().await;
    portal.owner("alice").await;
    // From a network each: a login that is cut off stays counted as a guess.
    let ask =
        |_: &str, step: u32| login("alice").with("X-Forwarded-For", &format!("198.51.100.{step}"));
    crash_at_every_step(&portal, ask, false).await;
}

/// CS-Log-1: logins work while the log can't be written.
#[tokio::test(flavor = "multi_thread")]
async fn cs_log_1_full_log_disk_stops_no_login() {
    let portal = TestPortal::on_sqlite().await;
    portal.owner("alice").await;
    let workspace = Workspace::new();
    let into_full = ["sh", "-c", "exec \"$0\" \"$@\" 2>/dev/full"];
    let serving = start_under(&into_full, &workspace, &settings_of(&portal));
    for _ in 0..3 {
        let result = login("alice").of(&serving.address).unwrap();
        assert_eq!(result.status, 200, "{result:?}");
    }
    assert!(serving.stop_without_log());
}

/// CS-Log-1: logins work while the log's pipe is full.
#[tokio::test(flavor = "multi_thread")]
async fn cs_log_1_unread_log_pipe_stops_no_login() {
    let portal = TestPortal::on_sqlite().await;
    portal.owner("alice").await;
    let workspace = Workspace::new();
    let serving = start_under(&[], &workspace, &settings_of(&portal));
    // Some 300 bytes a line; a pipe holds 64 KiB.
    for _ in 0..1000 {
        let result = HttpRequest::get("/health").of(&serving.address).unwrap();
        assert_eq!(result.status, 200, "{result:?}");
    }
    let result = login("alice").of(&serving.address).unwrap();
    assert_eq!(result.status, 200, "{result:?}");
    assert!(serving.stop_without_log());
}

/// Security A22. libfaketime reads the time of the process from a file.
#[tokio::test(flavor = "multi_thread")]
async fn a22_clock_jumps_revive_nothing_and_break_nothing() {
    let portal = TestPortal::on_sqlite().await;
    portal.person("alice", domain::PermissionLevel::User).await;
    portal.owner("keeper").await;
    let key = portal.register("a bot", "discord", "keeper").await;
    let user = portal.login("alice", PASSWORD).await.unwrap().user.id;
    portal.link(user, "discord", NIELS).await;
    let workspace = Workspace::new();
    let jumps = workspace.path().join("jumps");
    let clock = |offset: &str| fs::write(&jumps, offset).unwrap();
    clock("+0");
    let mut settings = settings_of(&portal);
    settings.retain(|(name, _)| *name != "PORTAL_LOGIN_LIMIT");
    settings.push(("LD_PRELOAD", libfaketime()));
    settings.push(("FAKETIME_TIMESTAMP_FILE", jumps.display().to_string()));
    settings.push(("FAKETIME_NO_CACHE", "1".to_owned()));
    settings.push(("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()));
    settings.push(("DONT_FAKE_MONOTONIC", "1".to_owned()));
    let mut serving = start_under(&[], &workspace, &settings);
    let log = collect_log(&mut serving);
    let address = serving.address.clone();
    let state = |token: &str| {
        bearer(HttpRequest::get(ME), token)
            .of(&address)
            .unwrap()
            .status
    };
    let from = |ask: HttpRequest<'static>, network: &str| {
        ask.with("X-Forwarded-For", network).of(&address).unwrap()
    };

    let alice = token_of(&from(login("alice"), "203.0.113.1"));
    let late = sent_code(&address, key.reveal(), NIELS, "203.0.113.2");
    clock("+11m");
    assert_eq!(late.of(&address).unwrap().status, 401);
    clock("+31d");
    assert_eq!(state(&alice), 401);
    // Found expired, so ended, whatever the clock says later.
    clock("+0");
    assert_eq!(state(&alice), 401);

    // A limit is not begun anew by a clock that goes back.
    let nobody = || HttpRequest::post(VERIFY, json!({ "code": "aaaaaaaa" }));
    let statuses: Vec<u16> = (0..30)
        .map(|_| from(nobody(), "203.0.113.3").status)
        .collect();
    assert_eq!(statuses.last(), Some(&429));
    for back in ["-1h", "-1d"] {
        clock(back);
        assert_eq!(from(nobody(), "203.0.113.3").status, 429);
        let back = from(login("alice"), "203.0.113.4");
        assert_eq!(back.status, 200, "{back:?}");
        assert_eq!(state(&token_of(&back)), 200);
    }
    for (n, odd) in [
        "@2038-01-19 03:14:05",
        "@1970-01-02 00:00:00",
        "@2100-01-01 00:00:00",
        "+0",
    ]
    .into_iter()
    .enumerate()
    {
        clock(odd);
        assert_eq!(
            HttpRequest::get("/health").of(&address).unwrap().status,
            200,
            "{odd}"
        );
        let result = from(login("alice"), &format!("203.0.113.{}", 10 + n));
        assert_eq!(result.status, 200, "{odd}: {result:?}");
        assert_eq!(state(&token_of(&result)), 200, "{odd}");
        assert_eq!(state(&alice), 401, "{odd}");
    }
    assert!(serving.stop_without_log());
    parsed(&log.join().unwrap());

    // And a machine that wakes up in 1970 is told to look at its clock first.
    clock("@1970-01-02 00:00:00");
    let settings: Vec<(&str, &str)> = settings.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let output = workspace.run(&["serve"], &settings);
    let sentence = String::from_utf8(output.stderr).unwrap();
    assert!(
        sentence.contains("The system clock says 2 January 1970"),
        "{sentence}"
    );
    assert!(!output.status.success());
}

fn libfaketime() -> String {
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools/debian/usr/lib");
    let folders = fs::read_dir(unpacked).expect("libfaketime is missing: run scripts/setup test");
    let mut files =
        folders.map(|folder| folder.unwrap().path().join("faketime/libfaketimeMT.so.1"));
    let found = files.find(|file| file.is_file());
    found
        .expect("libfaketime is missing: run scripts/setup test")
        .display()
        .to_string()
}

/// A PostgreSQL cluster of this test, with fsync on, which can be restarted.
struct Cluster {
    folder: tempfile::TempDir,
    address: String,
}

impl Cluster {
    const PASSWORD: &str = "the password of a cluster that is thrown away";

    fn start() -> Self {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path();
        fs::write(path.join("password"), Self::PASSWORD).unwrap();
        if is_root() {
            let owned = Command::new("chown")
                .args(["-R", "postgres:"])
                .arg(path)
                .status();
            assert!(owned.unwrap().success());
        }
        let address = free_address();
        let cluster = Self { folder, address };
        let data = cluster.data();
        let password = cluster.folder.path().join("password").display().to_string();
        let made = cluster.run(
            "initdb",
            &[
                "-D",
                &data,
                "-U",
                "postgres",
                "-A",
                "scram-sha-256",
                "--pwfile",
                &password,
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
        );
        assert!(made);
        assert!(cluster.control("start"));
        cluster
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn url(&self) -> String {
        let password = Self::PASSWORD.replace(' ', "%20");
        format!("postgres://postgres:{password}@{}/postgres", self.address)
    }

    fn control(&self, act: &str) -> bool {
        let (_, port) = self.address.split_once(':').unwrap();
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={}",
            self.folder.path().display()
        );
        let log = self.folder.path().join("log").display().to_string();
        let data = self.data();
        self.run(
            "pg_ctl",
            &[
                act,
                "-D",
                &data,
                "-m",
                "immediate",
                "-l",
                &log,
                "-o",
                &options,
                "-w",
                "-s",
            ],
        )
    }

    fn run(&self, program: &str, arguments: &[&str]) -> bool {
        let mut versions: Vec<_> = fs::read_dir("/usr/lib/postgresql")
            .expect("PostgreSQL is missing: run scripts/setup test")
            .map(|entry| entry.unwrap().path())
            .collect();
        versions.sort();
        let program = versions.last().unwrap().join("bin").join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        let done = command
            .args(arguments)
            .current_dir(self.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        done.unwrap().success()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.control("stop");
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout == b"0\n"
}

const CLIENTS: usize = 6;

fn username_of(client: usize) -> String {
    format!("alice{client}")
}

/// What one client was told meanwhile.
#[derive(Default)]
struct ClientRecord {
    /// Sessions whose login was acknowledged, and whose end was not.
    open: Vec<String>,
    /// Sessions whose end was acknowledged.
    ended: Vec<String>,
    /// Sessions whose end is unknown: the response got lost.
    slowest: Duration,
    refused: u32,
}

/// Logs in and out as a person of its own. Each attempt comes from another network, because attempts
/// that the outage interrupts stay counted.
fn run_client(address: &str, client: usize, stop: &AtomicBool) -> ClientRecord {
    let mut seen = ClientRecord::default();
    let username = username_of(client);
    let mut logins = 0_u32;
    let mut login = || {
        logins += 1;
        let network = format!("198.{}.{}.{client}", 18 + logins / 250, logins % 250);
        login(&username).with("X-Forwarded-For", &network)
    };
    while !stop.load(Ordering::Relaxed) {
        let started = Instant::now();
        let result = login().of(address).unwrap();
        seen.slowest = seen.slowest.max(started.elapsed());
        if result.status != 200 {
            assert_eq!(result.status, 503, "{result:?}");
            seen.refused += 1;
            continue;
        }
        let token = token_of(&result);
        let started = Instant::now();
        let result = bearer(HttpRequest::get(LOGOUT), &token)
            .of(address)
            .unwrap();
        seen.slowest = seen.slowest.max(started.elapsed());
        match result.status {
            200 => seen.ended.push(token),
            // Its outcome is unknown, as that of any commit whose answer is lost.
            503 => seen.refused += 1,
            _ => panic!("{result:?}"),
        }
        // One that stays.
        if let Ok(result) = login().of(address)
            && result.status == 200
        {
            seen.open.push(token_of(&result));
        }
    }
    seen
}

/// Security A24.
#[test]
fn a24_postgresql_restart_under_load_loses_no_acknowledged_write() {
    let cluster = Cluster::start();
    let workspace = Workspace::new();
    let mut settings = unlimited();
    settings.push(("DATABASE_URL", cluster.url()));
    let settings_now: Vec<(&str, &str)> = settings.iter().map(|(n, v)| (*n, v.as_str())).collect();
    for client in 0..CLIENTS {
        let made = workspace.create_owner_in(&username_of(client), PASSWORD, &settings_now);
        assert!(made.status.success());
    }
    let mut serving = start_under(&[], &workspace, &settings);
    let log = collect_log(&mut serving);
    let address = serving.address.as_str();
    let stop = AtomicBool::new(false);
    let mut back_after = Vec::new();
    let seen = thread::scope(|scope| {
        let stop = &stop;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| scope.spawn(move || run_client(address, client, stop)))
            .collect();
        for _ in 0..3 {
            assert!(cluster.control("restart"));
            let restarted = Instant::now();
            while HttpRequest::get("/health").of(address).unwrap().status != 200 {
                sleep(Duration::from_millis(20));
            }
            back_after.push(restarted.elapsed());
            sleep(Duration::from_millis(1500));
        }
        stop.store(true, Ordering::Relaxed);
        let clients = clients.into_iter().map(|client| client.join().unwrap());
        clients.collect::<Vec<ClientRecord>>()
    });
    for token in seen.iter().flat_map(|seen| &seen.ended) {
        assert_eq!(
            bearer(HttpRequest::get(ME), token)
                .of(address)
                .unwrap()
                .status,
            401
        );
    }
    for token in seen.iter().flat_map(|seen| &seen.open) {
        assert_eq!(
            bearer(HttpRequest::get(ME), token)
                .of(address)
                .unwrap()
                .status,
            200
        );
    }
    let sum = |of: fn(&ClientRecord) -> usize| seen.iter().map(of).sum::<usize>();
    let (open, ended) = (sum(|seen| seen.open.len()), sum(|seen| seen.ended.len()));
    let refused: u32 = seen.iter().map(|seen| seen.refused).sum();
    let slowest = seen.iter().map(|seen| seen.slowest).max().unwrap();
    eprintln!(
        "3 restarts: {open} logins and {ended} logouts kept, {refused} refused, \
         slowest answer {slowest:?}, back after {back_after:?}"
    );
    assert!(
        open > 10 && ended > 10 && refused > 0,
        "{open} {ended} {refused}"
    );
    assert!(slowest < Duration::from_secs(10), "{slowest:?}");
    assert!(
        back_after
            .iter()
            .all(|after| *after < Duration::from_secs(5)),
        "{back_after:?}"
    );
    assert!(serving.stop_without_log());
    parsed(&log.join().unwrap());
}

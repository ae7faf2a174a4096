//! Two server processes on one PostgreSQL database: what may happen once happens once across both
//! (security A12). 50 rounds each, 1000 in `make soak`.

use std::collections::BTreeSet;
use std::sync::Arc;

use backend::testing::{TestPortal, rounds};
use backend::{Actor, BotOwner, BotRegistration, DatabaseUrl};
use domain::UserId;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::workspace::{PortalProcess, Workspace};

const REQUEST: &str = "/v1/authentication/request";
const VERIFY: &str = "/v1/authentication/verify";
const LOGIN_CODE: &str = "/v1/authentication/bot/login-code";
const SEND_CODE: &str = "/v1/authentication/bot/send-code";

/// A client of one of the servers, behind a proxy that reports its address.
#[derive(Clone)]
struct Caller {
    server: String,
    ip: String,
    key: Option<String>,
}

impl Caller {
    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let body = body.to_string();
        let key = self.key.as_ref().map(|key| format!("X-API-Key: {key}\r\n"));
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             X-Forwarded-For: {}\r\n{}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.server,
            self.ip,
            key.unwrap_or_default(),
            body.len(),
        );
        let mut stream = TcpStream::connect(&self.server).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let status = answer[9..12].parse().unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        (status, serde_json::from_str(body).unwrap())
    }
}

/// The two servers and the bots of both platforms.
struct ServerPair {
    servers: [String; 2],
    discord: String,
    telegram: String,
}

impl ServerPair {
    fn caller(&self, n: usize, ip: String, key: Option<&str>) -> Caller {
        Caller {
            server: self.servers[n % 2].clone(),
            ip,
            key: key.map(str::to_owned),
        }
    }

    fn key(&self, platform: &str) -> &str {
        if platform == "discord" {
            &self.discord
        } else {
            &self.telegram
        }
    }

    /// A code that the bot requested.
    async fn sent(&self, n: usize, platform: &str, id: &str) -> (u16, Value) {
        let bot = self.caller(n, "192.0.2.1".to_owned(), Some(self.key(platform)));
        bot.post(SEND_CODE, person(platform, id)).await
    }

    /// Registers a new person by a web code that one server creates and the other delivers.
    async fn newcomer(&self, id: &str) -> UserId {
        let asking = self.caller(0, "192.0.2.2".to_owned(), None);
        asking
            .post(
                REQUEST,
                json!({ "platform": "discord", "platform_user_id": id }),
            )
            .await;
        let bot = self.caller(1, "192.0.2.1".to_owned(), Some(&self.discord));
        let (_, carried) = bot.post(LOGIN_CODE, person("discord", id)).await;
        let named =
            json!({ "code": carried["code"], "platform": "discord", "platform_user_id": id });
        let (status, login) = asking.post(VERIFY, named).await;
        assert_eq!(
            (status, &login["user_created"]),
            (200, &json!(true)),
            "{login}"
        );
        UserId::from_i64(login["user"]["id"].as_i64().unwrap())
    }
}

fn person(platform: &str, id: &str) -> Value {
    json!({
        "platform": platform,
        "platform_user_id": id,
        "platform_username": "niels",
        "platform_avatar_url": "",
    })
}

/// Posts from many tasks in parallel, alternating between the servers.
async fn send_in_parallel(callers: Vec<(Caller, &'static str, Value)>) -> Vec<(u16, Value)> {
    let barrier = Arc::new(Barrier::new(callers.len()));
    let mut racers = JoinSet::new();
    for (caller, path, body) in callers {
        let barrier = barrier.clone();
        racers.spawn(async move {
            barrier.wait().await;
            caller.post(path, body).await
        });
    }
    racers.join_all().await
}

async fn register(portal: &TestPortal, platform: &str) -> String {
    let owner = format!("keeper-of-{platform}");
    portal.owner(&owner).await;
    let registration = BotRegistration {
        name: platform,
        platform,
        platform_user_id: None,
        owner: BotOwner::Named(&owner),
        rate_limit_per_hour: 100_000,
    };
    portal
        .register_bot(Actor::Operator, registration)
        .await
        .unwrap()
        .key
        .reveal()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_act_as_one() {
    let portal = TestPortal::on_postgres().await;
    let DatabaseUrl::Postgres(address) = portal.config.database_url.clone() else {
        panic!("not on PostgreSQL");
    };
    let secret = portal.config.secret_file.display().to_string();
    let settings = [
        ("DATABASE_URL", address.as_str()),
        ("PORTAL_SECRET_FILE", &secret),
        ("PORTAL_TRUSTED_PROXIES", "127.0.0.1"),
        ("PORTAL_LOG", "error"),
        // The races are the subject here.
        ("PORTAL_LOGIN_LIMIT", "0"),
        ("PORTAL_BOT_LIMIT", "0"),
    ];
    let workspace = Workspace::new();
    let mut servers = [
        PortalProcess::start(&workspace, &settings),
        PortalProcess::start(&workspace, &settings),
    ];
    for server in &mut servers {
        assert!(server.line().starts_with("Portal is running at"));
    }
    let pair = ServerPair {
        servers: [servers[0].address.clone(), servers[1].address.clone()],
        discord: register(&portal, "discord").await,
        telegram: register(&portal, "telegram").await,
    };
    for round in 0..rounds() {
        let id = format!("{}", 1_000_000 + round);
        let user = pair.newcomer(&id).await;
        uses_one_code_of_twenty_requests(&pair, &id).await;
        one_of_64_logins_wins(&pair, round, &id).await;
        five_of_twenty_codes_are_pending(&pair, round).await;
        portal.link(user, "telegram", &id).await;
        counter_is_shared(&pair, &id).await;
    }
}

async fn uses_one_code_of_twenty_requests(pair: &ServerPair, id: &str) {
    let callers = (0..20).map(|n| {
        let bot = pair.caller(n, "192.0.2.1".to_owned(), Some(&pair.discord));
        (bot, SEND_CODE, person("discord", id))
    });
    let answers = send_in_parallel(callers.collect()).await;
    let codes: BTreeSet<String> = answers
        .iter()
        .map(|(_, body)| body["code"].to_string())
        .collect();
    assert_eq!(codes.len(), 1, "{answers:?}");
    assert_ne!(codes.first().unwrap(), "null");
}

async fn one_of_64_logins_wins(pair: &ServerPair, round: usize, id: &str) {
    let (_, sent) = pair.sent(round, "discord", id).await;
    let callers = (0..64).map(|n| {
        let body = json!({ "code": sent["code"], "platform": "discord", "platform_user_id": id });
        (
            pair.caller(n, format!("2001:db8:{round:x}:{n:x}::1"), None),
            VERIFY,
            body,
        )
    });
    let answers = send_in_parallel(callers.collect()).await;
    let won = answers.iter().filter(|(status, _)| *status == 200).count();
    // On a machine that is busy, some may wait too long for a connection: they are told to come
    // back, and nothing was done.
    let lost = answers
        .iter()
        .filter(|(status, body)| {
            matches!(
                (status, body["error"].as_str()),
                (401, Some("Invalid or expired code")) | (503, Some("Try again later"))
            )
        })
        .count();
    assert_eq!((won, lost), (1, 63), "{answers:?}");
}

async fn five_of_twenty_codes_are_pending(pair: &ServerPair, round: usize) {
    let callers = (0..20).map(|n| {
        let body = json!({ "platform": "discord", "platform_user_id": format!("{round}-{n}") });
        (
            pair.caller(n, format!("198.51.{}.{}", round / 250, round % 250), None),
            REQUEST,
            body,
        )
    });
    let answers = send_in_parallel(callers.collect()).await;
    let made = answers.iter().filter(|(status, _)| *status == 200).count();
    let refused = answers.iter().filter(|(status, _)| *status == 429).count();
    assert_eq!((made, refused), (5, 15), "{answers:?}");
}

/// The person has used one login by bot code before.
async fn counter_is_shared(pair: &ServerPair, id: &str) {
    let verify = |sent: &Value, platform: &str| json!({ "code": sent["code"], "platform": platform, "platform_user_id": id });
    for n in 0..3 {
        let (_, sent) = pair.sent(n, "discord", id).await;
        let caller = pair.caller(n, "192.0.2.3".to_owned(), None);
        assert_eq!(caller.post(VERIFY, verify(&sent, "discord")).await.0, 200);
    }
    let (_, discord) = pair.sent(0, "discord", id).await;
    let (_, telegram) = pair.sent(1, "telegram", id).await;
    let callers = (0..6).map(|n| {
        let body = if n % 2 == 0 {
            verify(&discord, "discord")
        } else {
            verify(&telegram, "telegram")
        };
        (
            pair.caller(n / 2, format!("192.0.2.{}", 10 + n), None),
            VERIFY,
            body,
        )
    });
    let answers = send_in_parallel(callers.collect()).await;
    let won = answers.iter().filter(|(status, _)| *status == 200).count();
    assert_eq!(won, 1, "{answers:?}");
    let (status, refused) = pair.sent(0, "discord", id).await;
    assert_eq!(
        (status, &refused["error"]),
        (403, &json!("Web login required"))
    );
}

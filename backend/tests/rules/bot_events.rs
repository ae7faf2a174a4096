//! Events that bots receive immediately (docs/contract.md, Bot events), on both engines and across servers.

use std::time::Duration;

use backend::testing::{TestPortal, both_databases, browser_cookie, client, client_at, minutes};
use backend::{BotEventStream, BotKey, DeliverableCode, Portal, Problem};
use domain::{BotCallError, CodeKind, PermissionLevel};
use tokio::time::timeout;

const NIELS: &str = "123456789012345678";

/// Longer than any server needs.
const SOON: Duration = Duration::from_secs(5);
/// How long to wait before concluding that no event arrives.
const A_WHILE: Duration = Duration::from_millis(300);

async fn key(portal: &TestPortal, platform: &str) -> BotKey {
    let owner = format!("keeper-of-{platform}");
    portal.owner(&owner).await;
    portal.register(platform, platform, &owner).await
}

async fn listen(portal: &Portal, key: &BotKey, last: Option<i64>) -> BotEventStream {
    portal
        .bot_events(Some(key.reveal()), last, &client())
        .await
        .unwrap()
}

async fn next(stream: &mut BotEventStream) -> DeliverableCode {
    timeout(SOON, stream.next())
        .await
        .expect("an event in time")
        .expect("a stream that goes on")
}

async fn silent(stream: &mut BotEventStream) {
    assert!(
        timeout(A_WHILE, stream.next()).await.is_err(),
        "nothing was to be heard"
    );
}

async fn ended(stream: &mut BotEventStream) {
    let end = timeout(SOON, stream.next()).await.expect("an end in time");
    assert!(end.is_none(), "the stream goes on");
}

#[both_databases]
async fn every_active_bot_of_the_platform_hears_of_a_code_and_no_other(portal: TestPortal) {
    let discord = key(&portal, "discord").await;
    let second = portal
        .register("second", "discord", "keeper-of-discord")
        .await;
    let telegram = key(&portal, "telegram").await;
    let mut streams = [
        listen(&portal, &discord, None).await,
        listen(&portal, &second, None).await,
    ];
    let mut other = listen(&portal, &telegram, None).await;
    portal
        .ask_from("discord", NIELS, &client(), Some(&browser_cookie()))
        .await
        .unwrap();
    let mut heard = Vec::new();
    for stream in &mut streams {
        heard.push(next(stream).await);
    }
    assert_eq!(heard[0].id, heard[1].id);
    assert_eq!(
        (
            heard[0].platform.as_str(),
            heard[0].platform_user_id.as_str()
        ),
        ("discord", NIELS)
    );
    assert_eq!(heard[0].kind, CodeKind::Web);
    assert_eq!(heard[0].requested_from.network, "203.0.113.7");
    silent(&mut other).await;
}

#[both_databases]
async fn the_code_that_is_heard_is_the_code_that_works(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let mut stream = listen(&portal, &key, None).await;
    portal.ask("discord", NIELS).await.unwrap();
    let code = next(&mut stream).await.code;
    assert!(portal.verify(code.reveal()).await.is_ok());
}

#[both_databases]
async fn asking_again_is_no_new_event(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let mut stream = listen(&portal, &key, None).await;
    portal.ask("discord", NIELS).await.unwrap();
    next(&mut stream).await;
    portal.ask("discord", NIELS).await.unwrap();
    silent(&mut stream).await;
}

#[both_databases]
async fn nobody_hears_of_a_decoy(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let mut stream = listen(&portal, &key, None).await;
    let who = backend::LoginHint::Name {
        platform: "discord",
        name: "nobody",
    };
    portal
        .request_code(backend::CodeRequest {
            who,
            client: &client(),
            browser: None,
        })
        .await
        .unwrap();
    silent(&mut stream).await;
}

#[both_databases]
async fn a_bot_hears_nothing_of_people_above_its_owner_of_today(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let bot = portal
        .bot_call(Some(key.reveal()), &client())
        .await
        .unwrap();
    let niels = portal.newcomer(&bot, NIELS).await.session.user;
    portal
        .set_level(&niels.username, PermissionLevel::Moderator)
        .await;
    let mut stream = listen(&portal, &key, None).await;
    portal
        .set_level("keeper-of-discord", PermissionLevel::User)
        .await;
    portal.ask("discord", NIELS).await.unwrap();
    silent(&mut stream).await;
    let mut late = listen(&portal, &key, Some(0)).await;
    silent(&mut late).await;
    portal
        .set_level("keeper-of-discord", PermissionLevel::Moderator)
        .await;
    portal
        .ask_from("discord", NIELS, &client_at("198.51.100.1"), None)
        .await
        .unwrap();
    next(&mut stream).await;
}

#[both_databases]
async fn a_bot_that_was_away_hears_of_what_is_still_pending(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let mut stream = listen(&portal, &key, None).await;
    portal.ask("discord", "1").await.unwrap();
    let first = next(&mut stream).await;
    drop(stream);
    portal.advance(minutes(1));
    portal.ask("discord", "2").await.unwrap();
    portal.ask("discord", "3").await.unwrap();
    let used = {
        let bot = portal
            .bot_call(Some(key.reveal()), &client())
            .await
            .unwrap();
        portal.carry(&bot, "3").await.unwrap().remove(0).code
    };
    portal.verify(used.reveal()).await.unwrap();
    let mut again = listen(&portal, &key, Some(first.id)).await;
    assert_eq!(next(&mut again).await.platform_user_id, "2");
    silent(&mut again).await;
    // A client that resumes from 0 receives every pending event.
    let mut forgetful = listen(&portal, &key, Some(0)).await;
    let heard = [
        next(&mut forgetful).await.platform_user_id,
        next(&mut forgetful).await.platform_user_id,
    ];
    assert_eq!(heard, ["1", "2"]);
    portal.advance(minutes(11));
    let mut late = listen(&portal, &key, Some(0)).await;
    silent(&mut late).await;
}

#[both_databases]
async fn a_stranger_can_not_flood_somebody_with_messages(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let mut stream = listen(&portal, &key, None).await;
    // At most 3 in ten minutes, and 20 a day.
    let announced = [3, 3, 3, 3, 3, 3, 2, 0, 0];
    for (round, announced) in announced.into_iter().enumerate() {
        for n in 0..4 {
            let network = client_at(&format!("198.51.{round}.{n}"));
            portal
                .ask_from("discord", NIELS, &network, None)
                .await
                .unwrap();
        }
        for _ in 0..announced {
            next(&mut stream).await;
        }
        portal.advance(minutes(11));
    }
    silent(&mut stream).await;
    // The codes are created regardless.
    assert_eq!(portal.count("login_codes").await, 36);
    portal.advance(Duration::from_hours(24));
    portal.ask("discord", NIELS).await.unwrap();
    next(&mut stream).await;
}

#[both_databases]
async fn the_stream_ends_at_once_with_the_bot_or_its_key(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let mut stream = listen(&portal, &key, None).await;
    portal.advance(minutes(1));
    // Like another process, which sends no signal to this one.
    portal
        .execute("update bots set deactivated_at = 1, updated_at = 9000000000000000")
        .await;
    ended(&mut stream).await;
    portal
        .execute("update bots set deactivated_at = null")
        .await;
    let mut stream = listen(&portal, &key, None).await;
    portal.execute("update bot_keys set expires_at = 1").await;
    // Even without a notification, a key that has expired receives nothing more.
    portal.execute("update bots set updated_at = 0").await;
    portal.ask("discord", NIELS).await.unwrap();
    let heard = timeout(A_WHILE, stream.next()).await;
    assert!(matches!(heard, Err(_) | Ok(None)));
    let refused = portal.bot_events(Some(key.reveal()), None, &client()).await;
    assert!(matches!(
        refused,
        Err(Problem::Refused(BotCallError::UnknownKey))
    ));
}

#[both_databases]
async fn the_stream_ends_when_the_grace_of_its_key_ends(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    portal
        .execute("update bot_keys set expires_at = 1774972397063528")
        .await;
    let mut stream = listen(&portal, &key, None).await;
    ended(&mut stream).await;
}

#[both_databases]
async fn a_slow_reader_loses_nothing_that_is_pending(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let mut slow = listen(&portal, &key, None).await;
    let mut brisk = listen(&portal, &key, None).await;
    let codes = 300;
    for n in 0..codes {
        let network = client_at(&format!("2001:db8:{n:x}::1"));
        portal
            .ask_from("discord", &n.to_string(), &network, None)
            .await
            .unwrap();
        next(&mut brisk).await;
    }
    // More events than the queue holds: the slow stream reads them from the database.
    let mut heard = std::collections::BTreeSet::new();
    while heard.len() < codes {
        heard.insert(next(&mut slow).await.platform_user_id);
    }
}

#[both_databases]
async fn a_server_that_stops_ends_its_streams(portal: TestPortal) {
    let key = key(&portal, "discord").await;
    let mut stream = listen(&portal, &key, None).await;
    portal.close_bot_events();
    ended(&mut stream).await;
}

/// PostgreSQL only: on SQLite there is one server, which receives its own commits.
#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_a_second_server_hears_of_codes_asked_for_on_the_first() {
    let portal = TestPortal::on_postgres().await;
    let second = portal.second_server().await.unwrap();
    let key = key(&portal, "discord").await;
    let mut there = listen(&second, &key, None).await;
    let mut here = listen(&portal, &key, None).await;
    portal.ask("discord", NIELS).await.unwrap();
    assert_eq!(next(&mut there).await.id, next(&mut here).await.id);
}

/// A broken listening connection is reopened, and no pending event is lost.
#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_a_lost_connection_loses_no_code() {
    let portal = TestPortal::on_postgres().await;
    let key = key(&portal, "discord").await;
    let mut stream = listen(&portal, &key, None).await;
    let listening = "pg_stat_activity where datname = current_database() and query like 'LISTEN%'";
    assert_eq!(portal.count(listening).await, 1);
    portal
        .execute(
            "select cast(pg_terminate_backend(pid) as text) from pg_stat_activity
             where datname = current_database() and query like 'LISTEN%'",
        )
        .await;
    portal.ask("discord", NIELS).await.unwrap();
    assert_eq!(next(&mut stream).await.platform_user_id, NIELS);
}

use std::time::Duration;

use backend::testing::{TestPortal, both_databases, browser_cookie, client};
use backend::{CodeRequest, Delivery, LoginHint, Token};

const NIELS: &str = "123456789012345678";

async fn seen_by(portal: &TestPortal, browser: &Token) -> Delivery {
    portal.delivery(browser, &client()).await.unwrap()
}

async fn key(portal: &TestPortal, platform: &str) -> String {
    portal.owner("keeper").await;
    let key = portal.register("hansel", platform, "keeper").await;
    key.reveal().to_owned()
}

async fn ask_by_name(portal: &TestPortal, name: &str, browser: &Token) {
    let who = LoginHint::Name {
        platform: "discord",
        name,
    };
    let request = CodeRequest {
        who,
        client: &client(),
        browser: Some(browser),
    };
    portal.request_code(request).await.unwrap();
}

#[both_databases]
async fn a_code_is_on_its_way_while_a_bot_listens(portal: TestPortal) {
    let browser = browser_cookie();
    let key = key(&portal, "discord").await;
    portal
        .ask_from("discord", NIELS, &client(), Some(&browser))
        .await
        .unwrap();
    assert_eq!(seen_by(&portal, &browser).await, Delivery::Waiting);
    let stream = portal
        .bot_events(Some(&key), None, &client())
        .await
        .unwrap();
    assert_eq!(seen_by(&portal, &browser).await, Delivery::Told);
    drop(stream);
    portal.clock.advance(Duration::from_secs(76));
    assert_eq!(seen_by(&portal, &browser).await, Delivery::Waiting);
    portal.clock.advance(Duration::from_mins(10));
    assert_eq!(seen_by(&portal, &browser).await, Delivery::Over);
}

#[both_databases]
async fn a_bot_of_another_platform_brings_nothing(portal: TestPortal) {
    let browser = browser_cookie();
    let key = key(&portal, "telegram").await;
    portal
        .ask_from("discord", NIELS, &client(), Some(&browser))
        .await
        .unwrap();
    portal
        .bot_events(Some(&key), None, &client())
        .await
        .unwrap();
    assert_eq!(seen_by(&portal, &browser).await, Delivery::Waiting);
}

/// A different response would reveal which accounts exist (docs/contract.md, Code routes).
#[both_databases]
async fn it_says_the_same_of_nobody_and_to_nobody_else(portal: TestPortal) {
    let browser = browser_cookie();
    let key = key(&portal, "discord").await;
    ask_by_name(&portal, "nobody of that name", &browser).await;
    assert_eq!(seen_by(&portal, &browser).await, Delivery::Waiting);
    portal
        .bot_events(Some(&key), None, &client())
        .await
        .unwrap();
    assert_eq!(seen_by(&portal, &browser).await, Delivery::Told);
    let other = Token::random().unwrap();
    assert_eq!(seen_by(&portal, &other).await, Delivery::Over);
}

#[both_databases]
async fn the_stream_of_a_browser_ends_with_its_code(portal: TestPortal) {
    let browser = browser_cookie();
    portal
        .ask_from("discord", NIELS, &client(), Some(&browser))
        .await
        .unwrap();
    let mut watched = portal.share().watch_delivery(browser, client());
    assert_eq!(watched.next().await, Some(Delivery::Waiting));
    portal.clock.advance(Duration::from_mins(11));
    assert_eq!(watched.next().await, Some(Delivery::Over));
    assert_eq!(watched.next().await, None);
}

#[both_databases]
async fn it_ends_when_the_server_stops(portal: TestPortal) {
    let browser = browser_cookie();
    portal
        .ask_from("discord", NIELS, &client(), Some(&browser))
        .await
        .unwrap();
    let mut watched = portal.share().watch_delivery(browser, client());
    assert_eq!(watched.next().await, Some(Delivery::Waiting));
    portal.close_bot_events();
    assert_eq!(watched.next().await, None);
}

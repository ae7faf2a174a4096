//! Races over codes between two servers on one database: 50 rounds each, 1000 in `make soak`
//! (security A12).

use std::collections::BTreeSet;
use std::sync::Arc;

use backend::testing::{TestPortal, both_databases, client_at, rounds};
use backend::{ClaimedIdentity, CodeRequest, LoginHint, Portal, Problem, VerifyCode};
use domain::{BotCodeError, RequestCodeError, VerifyCodeError};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// Runs `act` from `tasks` tasks at once, alternating between two servers.
async fn at_once<T, F>(
    servers: &[Arc<Portal>; 2],
    tasks: usize,
    act: impl Fn(Arc<Portal>, usize) -> F,
) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(tasks));
    let mut racers = JoinSet::new();
    for task in 0..tasks {
        let (act, barrier) = (act(servers[task % 2].clone(), task), barrier.clone());
        racers.spawn(async move {
            barrier.wait().await;
            act.await
        });
    }
    racers.join_all().await
}

async fn two_servers(portal: &TestPortal) -> [Arc<Portal>; 2] {
    [
        portal.share(),
        Arc::new(portal.second_server().await.unwrap()),
    ]
}

#[both_databases]
async fn one_code_in_64_hands_logs_in_once(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let servers = two_servers(&portal).await;
    for round in 0..rounds() {
        portal.advance(std::time::Duration::from_hours(25));
        let id = format!("{round}");
        portal.newcomer(&bot, &id).await;
        let sessions = portal.count("sessions").await;
        let code = portal.send(&bot, &id).await.unwrap().code;
        let answers = at_once(&servers, 64, |server, task| {
            let code = code.clone();
            async move {
                let client = client_at(&format!("198.51.100.{task}"));
                let request = VerifyCode {
                    code: code.reveal(),
                    identity: None,
                    factor: None,
                    client: &client,
                    browser: None,
                };
                server.verify_code(request).await
            }
        })
        .await;
        let mut winners = 0;
        for answer in answers {
            match answer {
                Ok(_) => winners += 1,
                // Among 64 concurrent writers, one may wait too long for the others. It gets an error
                // to retry, and nothing has changed.
                Err(
                    Problem::Refused(VerifyCodeError::InvalidOrExpired)
                    | Problem::Failed(backend::Failure::Unavailable(_)),
                ) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(winners, 1, "round {round}");
        assert_eq!(
            portal.count("sessions").await,
            sessions + 1,
            "round {round}"
        );
    }
}

#[both_databases]
async fn twenty_send_codes_at_once_give_one_code(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let servers = two_servers(&portal).await;
    for round in 0..rounds() {
        portal.advance(std::time::Duration::from_mins(11));
        let id = format!("{round}");
        portal.newcomer(&bot, &id).await;
        let codes: BTreeSet<String> = at_once(&servers, 20, |server, _| {
            let (bot, id) = (bot.clone(), id.clone());
            async move {
                let id = id.parse().unwrap();
                let word = ClaimedIdentity {
                    platform: "discord",
                    id: &id,
                    name: None,
                    avatar: None,
                };
                server
                    .send_code(&bot, word)
                    .await
                    .unwrap()
                    .code
                    .reveal()
                    .to_owned()
            }
        })
        .await
        .into_iter()
        .collect();
        assert_eq!(codes.len(), 1, "round {round}");
    }
}

#[both_databases]
async fn twenty_requests_of_one_network_leave_five_pending(portal: TestPortal) {
    let servers = two_servers(&portal).await;
    for round in 0..rounds() {
        let network = format!("2001:db8:{round:x}::1");
        let answers = at_once(&servers, 20, |server, task| {
            let network = network.clone();
            async move {
                let (id, client) = (format!("{task}").parse().unwrap(), client_at(&network));
                let who = LoginHint::Id {
                    platform: "discord",
                    id: &id,
                };
                server
                    .request_code(CodeRequest {
                        who,
                        client: &client,
                        browser: None,
                    })
                    .await
            }
        })
        .await;
        let mut made = 0;
        for answer in answers {
            match answer {
                Ok(_) => made += 1,
                Err(Problem::Refused(RequestCodeError::TooManyPending { .. })) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(made, 5, "round {round}");
    }
}

#[both_databases]
async fn bot_logins_from_two_platforms_never_pass_the_counter(portal: TestPortal) {
    let discord = portal.bot("discord").await;
    let telegram = portal.bot("telegram").await;
    let servers = two_servers(&portal).await;
    for round in 0..rounds() {
        portal.advance(std::time::Duration::from_hours(25));
        let id = format!("{round}");
        let user = portal.newcomer(&discord, &id).await.session.user.id;
        portal.link(user, "telegram", &id).await;
        for _ in 0..4 {
            let code = portal.send(&discord, &id).await.unwrap().code;
            portal.verify(code.reveal()).await.unwrap();
        }
        let codes = [
            portal.send(&discord, &id).await.unwrap().code,
            portal.send(&telegram, &id).await.unwrap().code,
        ];
        let answers = at_once(&servers, 6, |server, task| {
            let code = codes[task % 2].clone();
            async move {
                let client = client_at(&format!("198.51.100.{task}"));
                let request = VerifyCode {
                    code: code.reveal(),
                    identity: None,
                    factor: None,
                    client: &client,
                    browser: None,
                };
                server.verify_code(request).await.is_ok()
            }
        })
        .await;
        assert_eq!(
            answers.into_iter().filter(|won| *won).count(),
            1,
            "round {round}"
        );
        let refused = portal.send(&discord, &id).await;
        assert!(
            matches!(
                refused,
                Err(Problem::Refused(BotCodeError::WebLoginRequired))
            ),
            "round {round}"
        );
    }
}

//! Registering, changing and deleting bots, and how bots update their profiles.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use backend::testing::{
    PASSWORD, TestPortal, both_databases, client, client_at, minutes, rounds, wrong_key,
};
use backend::{
    Actor, BotOwner, BotProfile, BotRegistration, BotSwitch, BotUpdate, BotWithKey, Person,
    Problem, Slice,
};
use domain::{
    AdminActionError, BotCallError, BotType, ChangeBotError, PermissionLevel, UpdateBotProfileError,
};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Longer than any server needs.
const SOON: Duration = Duration::from_secs(5);

fn registration<'a>(name: &'a str, owner: BotOwner<'a>) -> BotRegistration<'a> {
    BotRegistration {
        name,
        platform: "discord",
        platform_user_id: None,
        owner,
        rate_limit_per_hour: 1000,
    }
}

/// A person of this level with a fresh login.
async fn fresh(portal: &TestPortal, username: &str, level: PermissionLevel) -> Person {
    portal.person(username, level).await;
    let session = portal.login(username, PASSWORD).await.unwrap();
    portal.person_of(&session).await
}

async fn bot_of(portal: &TestPortal, owner: &str) -> BotWithKey {
    let registration = registration("carrier", BotOwner::Named(owner));
    portal
        .register_bot(Actor::Operator, registration)
        .await
        .unwrap()
}

async fn niels_bot(portal: &TestPortal) -> BotWithKey {
    portal.person("niels", PermissionLevel::User).await;
    bot_of(portal, "niels").await
}

fn first_hundred() -> Slice {
    Slice::new(0, 100).unwrap()
}

fn denied<T: std::fmt::Debug>(answer: Result<T, Problem<ChangeBotError>>) -> ChangeBotError {
    match answer {
        Err(Problem::Refused(error)) => error,
        other => panic!("not refused: {other:?}"),
    }
}

#[both_databases]
async fn an_admin_registers_changes_and_ends_a_bot(portal: TestPortal) {
    let admin = fresh(&portal, "ada", PermissionLevel::Admin).await;
    let client = client();
    let by = Actor::Person {
        person: &admin,
        client: &client,
    };
    portal.person("niels", PermissionLevel::User).await;
    let made = portal
        .register_bot(by, registration(" Carrier ", BotOwner::Named("niels")))
        .await
        .unwrap();
    let id = made.record.bot.id;
    assert_eq!(
        (made.record.bot.name.as_str(), made.record.owner.as_str()),
        ("Carrier", "niels")
    );
    assert_eq!(made.record.bot.bot_type, BotType::Community);
    assert!(
        portal
            .bot_call(Some(made.key.reveal()), &client)
            .await
            .is_ok()
    );
    let update = BotUpdate {
        name: Some("Courier"),
        owner: Some(BotOwner::Id(admin.user.id)),
        rate_limit_per_hour: Some(5),
        bot_type: Some("official"),
        avatar_url: Some("https://evil.test/a.png"),
        invite_url: Some("https://bots.example.org/courier"),
        ..BotUpdate::default()
    };
    let changed = portal.update_bot(by, id, update).await.unwrap();
    assert_eq!(
        (changed.bot.name.as_str(), changed.owner.as_str()),
        ("Courier", "ada")
    );
    assert_eq!(
        (changed.bot.rate_limit_per_hour, changed.bot.bot_type),
        (5, BotType::Official)
    );
    assert_eq!(changed.bot.avatar_url, None);
    assert_eq!(
        changed.bot.invite_url.as_deref(),
        Some("https://bots.example.org/courier")
    );
    portal.delete_bot(by, id).await.unwrap();
    assert_eq!(
        denied(portal.bot_record(by, id).await),
        ChangeBotError::BotNotFound
    );
    let refused = portal.bot_call(Some(made.key.reveal()), &client).await;
    assert!(matches!(
        refused,
        Err(Problem::Refused(BotCallError::UnknownKey))
    ));
    assert_eq!(
        (
            portal.count("bot_keys").await,
            portal.count("bot_calls").await
        ),
        (0, 0)
    );
    // The name is available again.
    portal
        .register_bot(by, registration("courier", BotOwner::Named("ada")))
        .await
        .unwrap();
    let written = portal
        .audit_log()
        .await
        .into_iter()
        .map(|(event, metadata)| {
            (
                event,
                metadata.split_once(',').map(|(_, rest)| rest.to_owned()),
            )
        });
    let written: Vec<_> = written
        .filter(|(event, _)| event.starts_with("bot."))
        .collect();
    let events: Vec<&str> = written.iter().map(|(event, _)| event.as_str()).collect();
    assert_eq!(events.len(), 4, "{events:?}");
    for event in ["bot.registered", "bot.updated", "bot.deleted"] {
        assert!(events.contains(&event), "{event}");
    }
    let changed = r#""changed":["name","owner_id","rate_limit_per_hour","bot_type","invite_url"]}"#;
    assert!(
        written.contains(&("bot.updated".to_owned(), Some(changed.to_owned()))),
        "{written:?}"
    );
}

#[both_databases]
async fn a14_the_hierarchy_holds_for_the_owner_old_and_new(portal: TestPortal) {
    let admin = fresh(&portal, "ada", PermissionLevel::Admin).await;
    let owner = fresh(&portal, "olga", PermissionLevel::Owner).await;
    portal.person("adam", PermissionLevel::Admin).await;
    portal.owner("otto").await;
    portal.person("niels", PermissionLevel::User).await;
    let client = client();
    let ada = Actor::Person {
        person: &admin,
        client: &client,
    };
    let olga = Actor::Person {
        person: &owner,
        client: &client,
    };
    let above = ChangeBotError::AdminAction(AdminActionError::NotBelow);
    for other in ["adam", "otto", "olga"] {
        let refused = portal
            .register_bot(ada, registration("carrier", BotOwner::Named(other)))
            .await;
        assert_eq!(denied(refused), above, "{other}");
    }
    assert_eq!(portal.count("bots").await, 0);
    let foreign = bot_of(&portal, "adam").await.record.bot.id;
    assert_eq!(
        denied(
            portal
                .update_bot(
                    ada,
                    foreign,
                    BotUpdate {
                        name: Some("mine"),
                        ..BotUpdate::default()
                    }
                )
                .await
        ),
        above
    );
    assert_eq!(
        denied(portal.regenerate_bot_key(ada, foreign, None).await),
        above
    );
    assert_eq!(
        denied(portal.switch_bot(ada, foreign, BotSwitch::Deactivate).await),
        above
    );
    assert_eq!(denied(portal.delete_bot(ada, foreign).await), above);
    // Taking a bot over is refused because of its old owner, giving it away because of the new one.
    let take = BotUpdate {
        owner: Some(BotOwner::Named("ada")),
        ..BotUpdate::default()
    };
    assert_eq!(denied(portal.update_bot(ada, foreign, take).await), above);
    let own = portal
        .register_bot(ada, registration("own", BotOwner::Named("ada")))
        .await
        .unwrap();
    let give = BotUpdate {
        owner: Some(BotOwner::Named("otto")),
        ..BotUpdate::default()
    };
    assert_eq!(
        denied(portal.update_bot(ada, own.record.bot.id, give).await),
        above
    );
    // Administrators may change their own bots and those of lower levels; Owners may act on each other.
    portal
        .regenerate_bot_key(ada, own.record.bot.id, None)
        .await
        .unwrap();
    let give = BotUpdate {
        owner: Some(BotOwner::Named("niels")),
        ..BotUpdate::default()
    };
    portal
        .update_bot(ada, own.record.bot.id, give)
        .await
        .unwrap();
    portal
        .update_bot(
            olga,
            foreign,
            BotUpdate {
                owner: Some(BotOwner::Named("otto")),
                ..BotUpdate::default()
            },
        )
        .await
        .unwrap();
    portal.delete_bot(olga, foreign).await.unwrap();
}

#[both_databases]
async fn a_change_takes_an_admin_of_today_and_a_fresh_login(portal: TestPortal) {
    let bot = niels_bot(&portal).await.record.bot.id;
    let client = client();
    for (name, level) in [
        ("ute", PermissionLevel::User),
        ("mona", PermissionLevel::Moderator),
    ] {
        let person = fresh(&portal, name, level).await;
        let by = Actor::Person {
            person: &person,
            client: &client,
        };
        let low = ChangeBotError::AdminAction(AdminActionError::LevelTooLow);
        assert_eq!(denied(portal.bots(by, first_hundred()).await), low);
        assert_eq!(denied(portal.delete_bot(by, bot).await), low);
        assert_eq!(
            denied(
                portal
                    .register_bot(by, registration("x1", BotOwner::Named(name)))
                    .await
            ),
            low
        );
    }
    let admin = fresh(&portal, "ada", PermissionLevel::Admin).await;
    let by = Actor::Person {
        person: &admin,
        client: &client,
    };
    // The current level counts, not the one at the start of the request.
    portal.set_level("ada", PermissionLevel::Moderator).await;
    assert_eq!(
        denied(portal.delete_bot(by, bot).await),
        ChangeBotError::AdminAction(AdminActionError::LevelTooLow)
    );
    portal.set_level("ada", PermissionLevel::Admin).await;
    portal.advance(minutes(11));
    assert_eq!(
        denied(portal.delete_bot(by, bot).await),
        ChangeBotError::AdminAction(AdminActionError::NotFresh)
    );
    assert!(portal.bots(by, first_hundred()).await.is_ok());
    assert_eq!(portal.count("bots").await, 1);
}

#[both_databases]
async fn a_new_key_cuts_the_old_one_at_once_or_when_its_grace_is_over(portal: TestPortal) {
    let made = niels_bot(&portal).await;
    let (id, first) = (made.record.bot.id, made.key);
    let client = client();
    let works =
        async |key: &backend::BotKey| portal.bot_call(Some(key.reveal()), &client).await.is_ok();
    let second = portal
        .regenerate_bot_key(Actor::Operator, id, None)
        .await
        .unwrap();
    assert_eq!(second.record.keys.len(), 1);
    assert!(!works(&first).await && works(&second.key).await);
    let third = portal
        .regenerate_bot_key(Actor::Operator, id, Some(minutes(10)))
        .await
        .unwrap();
    assert!(works(&second.key).await && works(&third.key).await);
    assert_eq!(third.record.keys.len(), 2);
    assert_eq!(
        third.record.keys[1].expires_at,
        Some(portal.now() + minutes(10))
    );
    // A third key revokes the oldest; a bot never has more than two.
    let fourth = portal
        .regenerate_bot_key(Actor::Operator, id, Some(minutes(10)))
        .await
        .unwrap();
    assert!(!works(&second.key).await && works(&third.key).await && works(&fourth.key).await);
    assert_eq!(fourth.record.keys.len(), 2);
    portal.advance(minutes(10));
    assert!(!works(&third.key).await && works(&fourth.key).await);
    let most = Some(Duration::from_secs(86_401));
    assert_eq!(
        denied(portal.regenerate_bot_key(Actor::Operator, id, most).await),
        ChangeBotError::Grace
    );
    assert!(works(&fourth.key).await);
}

#[both_databases]
async fn a13_the_list_tells_when_and_from_where_each_key_was_used(portal: TestPortal) {
    let made = niels_bot(&portal).await;
    assert_eq!(made.record.keys[0].last_used_at, None);
    let second = portal
        .regenerate_bot_key(Actor::Operator, made.record.bot.id, Some(minutes(60)))
        .await
        .unwrap();
    portal.advance(minutes(1));
    let used = portal.now();
    portal
        .bot_call(Some(made.key.reveal()), &client_at("198.51.100.7"))
        .await
        .unwrap();
    let page = portal.bots(Actor::Operator, first_hundred()).await.unwrap();
    assert_eq!((page.total, page.next), (1, None));
    let records = page.records;
    let [new, old] = records[0].keys.as_slice() else {
        panic!("two keys")
    };
    assert_eq!(
        (new.last_used_at, new.last_used_ip.as_deref()),
        (None, None)
    );
    assert_eq!(
        (old.last_used_at, old.last_used_ip.as_deref()),
        (Some(used), Some("198.51.100.7"))
    );
    assert!(second.key.reveal().starts_with(&new.prefix()));
    let shown = format!("{records:?}");
    assert!(!shown.contains(second.key.reveal()) && !shown.contains(made.key.reveal()));
}

#[both_databases]
async fn lists_are_read_in_slices(portal: TestPortal) {
    portal.owner("niels").await;
    for n in 0..5 {
        portal.advance(minutes(1));
        portal
            .register_bot(
                Actor::Operator,
                registration(&format!("bot {n}"), BotOwner::Named("niels")),
            )
            .await
            .unwrap();
    }
    let mut names = Vec::new();
    let mut next = Some(0);
    while let Some(offset) = next {
        let page = portal
            .bots(Actor::Operator, Slice::new(offset, 2).unwrap())
            .await
            .unwrap();
        assert_eq!(page.total, 5);
        names.extend(page.records.into_iter().map(|record| record.bot.name));
        next = page.next;
    }
    assert_eq!(names, ["bot 0", "bot 1", "bot 2", "bot 3", "bot 4"]);
    for (offset, limit) in [(-1, 10), (0, 0), (0, 101), (0, -1)] {
        assert_eq!(Slice::new(offset, limit), None);
    }
}

#[expect(
    clippy::too_many_lines,
    reason = "a table of cases, one after the other"
)]
#[both_databases]
async fn odd_values_are_refused_and_nothing_is_written(portal: TestPortal) {
    let made = niels_bot(&portal).await;
    let other = portal
        .register_bot(
            Actor::Operator,
            registration("other", BotOwner::Named("niels")),
        )
        .await
        .unwrap();
    let id = other.record.bot.id;
    let update = BotUpdate::default();
    for (update, error) in [
        (
            BotUpdate {
                name: Some("x"),
                ..update
            },
            ChangeBotError::Name,
        ),
        (
            BotUpdate {
                name: Some("CARRIER"),
                ..update
            },
            ChangeBotError::NameTaken,
        ),
        (
            BotUpdate {
                owner: Some(BotOwner::Named("nobody")),
                ..update
            },
            ChangeBotError::OwnerNotFound,
        ),
        (
            BotUpdate {
                owner: Some(BotOwner::OnDiscord("1")),
                ..update
            },
            ChangeBotError::OwnerNotFound,
        ),
        (
            BotUpdate {
                platform: Some("telegram"),
                ..update
            },
            ChangeBotError::OtherPlatform,
        ),
        (
            BotUpdate {
                rate_limit_per_hour: Some(0),
                ..update
            },
            ChangeBotError::RateLimit,
        ),
        (
            BotUpdate {
                rate_limit_per_hour: Some(100_001),
                ..update
            },
            ChangeBotError::RateLimit,
        ),
        (
            BotUpdate {
                bot_type: Some("4"),
                ..update
            },
            ChangeBotError::BotType,
        ),
        (
            BotUpdate {
                invite_url: Some("http://t.me/x"),
                ..update
            },
            ChangeBotError::InviteUrl,
        ),
    ] {
        // A valid field beside the invalid one isn't saved either.
        let update = BotUpdate {
            avatar_url: Some("https://t.me/i/userpic/320/x.jpg"),
            ..update
        };
        assert_eq!(
            denied(portal.update_bot(Actor::Operator, id, update).await),
            error
        );
    }
    assert_eq!(
        portal.bot_record(Actor::Operator, id).await.unwrap(),
        other.record
    );
    for (registration, error) in [
        (
            BotRegistration {
                platform: "matrix",
                ..registration("new", BotOwner::Named("niels"))
            },
            ChangeBotError::UnknownPlatform,
        ),
        (
            BotRegistration {
                platform_user_id: Some("a b"),
                ..registration("new", BotOwner::Named("niels"))
            },
            ChangeBotError::PlatformUserId,
        ),
        (
            registration("Carrier", BotOwner::Named("niels")),
            ChangeBotError::NameTaken,
        ),
    ] {
        assert_eq!(
            denied(portal.register_bot(Actor::Operator, registration).await),
            error
        );
    }
    assert_eq!(
        (portal.count("bots").await, portal.count("bot_keys").await),
        (2, 2)
    );
    // A bot may change the capitals of its own name.
    let update = BotUpdate {
        name: Some("CARRIER"),
        ..update
    };
    assert_eq!(
        portal
            .update_bot(Actor::Operator, made.record.bot.id, update)
            .await
            .unwrap()
            .bot
            .name,
        "CARRIER"
    );
}

#[both_databases]
async fn switching_twice_and_changing_nothing_writes_nothing_down(portal: TestPortal) {
    let made = niels_bot(&portal).await;
    let id = made.record.bot.id;
    for switch in [
        BotSwitch::Deactivate,
        BotSwitch::Deactivate,
        BotSwitch::Activate,
        BotSwitch::Activate,
    ] {
        portal.advance(minutes(1));
        let record = portal
            .switch_bot(Actor::Operator, id, switch)
            .await
            .unwrap();
        assert_eq!(
            record.bot.deactivated_at.is_some(),
            switch == BotSwitch::Deactivate
        );
        let called = portal.bot_call(Some(made.key.reveal()), &client()).await;
        match switch {
            BotSwitch::Activate => assert!(called.is_ok()),
            BotSwitch::Deactivate => assert!(matches!(
                called,
                Err(Problem::Refused(BotCallError::Deactivated))
            )),
        }
    }
    portal
        .update_bot(
            Actor::Operator,
            id,
            BotUpdate {
                name: Some("carrier"),
                ..BotUpdate::default()
            },
        )
        .await
        .unwrap();
    let events = portal.audit_log().await.into_iter().map(|(event, _)| event);
    let events: Vec<String> = events.filter(|event| event.starts_with("bot.")).collect();
    assert_eq!(
        events,
        ["bot.registered", "bot.deactivated", "bot.activated"]
    );
}

#[both_databases]
async fn whatever_ends_a_key_ends_its_streams_at_once(portal: TestPortal) {
    let made = niels_bot(&portal).await;
    let id = made.record.bot.id;
    let mut key = made.key;
    for act in ["deactivate", "regenerate", "delete"] {
        let mut stream = portal
            .bot_events(Some(key.reveal()), None, &client())
            .await
            .unwrap();
        match act {
            "deactivate" => {
                portal
                    .switch_bot(Actor::Operator, id, BotSwitch::Deactivate)
                    .await
                    .unwrap();
            }
            "regenerate" => {
                key = portal
                    .regenerate_bot_key(Actor::Operator, id, None)
                    .await
                    .unwrap()
                    .key;
            }
            _ => portal.delete_bot(Actor::Operator, id).await.unwrap(),
        }
        let end = timeout(SOON, stream.next()).await.expect("an end in time");
        assert!(end.is_none(), "{act}");
        if act == "deactivate" {
            portal
                .switch_bot(Actor::Operator, id, BotSwitch::Activate)
                .await
                .unwrap();
        }
    }
}

#[both_databases]
async fn a13_an_overlap_of_keys_under_load_loses_no_call(portal: TestPortal) {
    let made = niels_bot(&portal).await;
    let id = made.record.bot.id;
    portal
        .update_bot(
            Actor::Operator,
            id,
            BotUpdate {
                rate_limit_per_hour: Some(100_000),
                ..BotUpdate::default()
            },
        )
        .await
        .unwrap();
    let current = Arc::new(Mutex::new(made.key.reveal().to_owned()));
    let (stop, calls) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new([const { AtomicUsize::new(0) }; 8]),
    );
    let mut callers = JoinSet::new();
    for caller in 0..8 {
        let (portal, current, stop, calls) =
            (portal.share(), current.clone(), stop.clone(), calls.clone());
        callers.spawn(async move {
            while !stop.load(Ordering::SeqCst) {
                // Like a program that rereads its key from time to time.
                let key = current.lock().unwrap().clone();
                portal
                    .bot_call(Some(&key), &client())
                    .await
                    .expect("no call is lost");
                calls[caller].fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    // Waits until every caller has called twice more, so that earlier calls are done.
    let everybody_calls = async || {
        let before: Vec<usize> = calls
            .iter()
            .map(|calls| calls.load(Ordering::SeqCst))
            .collect();
        while before
            .iter()
            .zip(&*calls)
            .any(|(before, calls)| calls.load(Ordering::SeqCst) < before + 2)
        {
            sleep(Duration::from_millis(5)).await;
        }
    };
    for _ in 0..5 {
        everybody_calls().await;
        let new = portal
            .regenerate_bot_key(Actor::Operator, id, Some(minutes(1)))
            .await
            .unwrap()
            .key;
        everybody_calls().await;
        new.reveal().clone_into(&mut current.lock().unwrap());
        everybody_calls().await;
    }
    stop.store(true, Ordering::SeqCst);
    callers.join_all().await;
}

#[both_databases]
async fn a13_a_cut_key_under_load_opens_nothing_after_the_answer(portal: TestPortal) {
    let made = niels_bot(&portal).await;
    let cut = Arc::new(AtomicBool::new(false));
    let (answered, mut all_answered) = mpsc::channel::<()>(1);
    let mut callers = JoinSet::new();
    for _ in 0..8 {
        let (portal, cut, key) = (portal.share(), cut.clone(), made.key.clone());
        let mut first = Some(answered.clone());
        callers.spawn(async move {
            loop {
                let was_cut = cut.load(Ordering::SeqCst);
                let called = portal.bot_call(Some(key.reveal()), &client()).await;
                match called {
                    Ok(_) => {
                        assert!(!was_cut, "a cut key worked");
                        drop(first.take());
                    }
                    Err(Problem::Refused(
                        BotCallError::UnknownKey | BotCallError::TooManyWrongKeys { .. },
                    )) => return,
                    Err(other) => panic!("{other:?}"),
                }
            }
        });
    }
    // Each caller drops its sender after its first response.
    drop(answered);
    assert_eq!(all_answered.recv().await, None);
    portal
        .regenerate_bot_key(Actor::Operator, made.record.bot.id, None)
        .await
        .unwrap();
    cut.store(true, Ordering::SeqCst);
    callers.join_all().await;
}

#[both_databases]
async fn a13_wrong_keys_have_a_budget_and_right_ones_pass(portal: TestPortal) {
    let made = niels_bot(&portal).await;
    let stranger = client_at("198.51.100.7");
    let wrong = wrong_key(made.key.reveal());
    let mut told = Vec::new();
    for _ in 0..1000 {
        match portal.bot_call(Some(&wrong), &stranger).await {
            Err(Problem::Refused(BotCallError::UnknownKey)) => told.push(401),
            Err(Problem::Refused(BotCallError::TooManyWrongKeys { retry_after })) => {
                assert_eq!(retry_after, minutes(10));
                told.push(429);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(told.iter().filter(|told| **told == 401).count(), 30);
    // Clients in the same network with a valid key aren't affected, nor are other networks.
    assert!(
        portal
            .bot_call(Some(made.key.reveal()), &stranger)
            .await
            .is_ok()
    );
    let other = portal.bot_call(Some(&wrong), &client()).await;
    assert!(matches!(
        other,
        Err(Problem::Refused(BotCallError::UnknownKey))
    ));
    portal.advance(minutes(10));
    let later = portal.bot_call(Some(&wrong), &stranger).await;
    assert!(matches!(
        later,
        Err(Problem::Refused(BotCallError::UnknownKey))
    ));
}

#[expect(
    clippy::too_many_lines,
    reason = "a table of cases, one after the other"
)]
#[both_databases]
async fn a_bot_says_what_people_see_of_it(portal: TestPortal) {
    let made = niels_bot(&portal).await;
    let bot = made.record.bot;
    let groups = ["1", "2", "2"].map(str::to_owned);
    let dress = BotProfile {
        name: Some("Carrier of codes"),
        avatar_url: Some("https://cdn.discordapp.com/avatars/1/a.png"),
        invite_url: Some("https://discord.com/oauth2/authorize?client_id=1"),
        group_ids: Some(&groups),
        users: Some(1234),
        latency_ms: Some(42),
    };
    let dressed = portal
        .update_bot_profile(&bot, dress, &client())
        .await
        .unwrap();
    assert_eq!(
        (dressed.name.as_str(), dressed.group_ids.len()),
        ("Carrier of codes", 2)
    );
    assert_eq!((dressed.users, dressed.latency_ms), (Some(1234), Some(42)));
    // Changed numbers alone aren't logged. An empty address clears its field, and so does an
    // invalid picture.
    let figures = BotProfile {
        users: Some(0),
        ..BotProfile::default()
    };
    portal
        .update_bot_profile(&bot, figures, &client())
        .await
        .unwrap();
    let none = BotProfile {
        invite_url: Some(""),
        avatar_url: Some("javascript:alert(1)"),
        ..BotProfile::default()
    };
    let bare = portal
        .update_bot_profile(&bot, none, &client())
        .await
        .unwrap();
    assert_eq!(
        (bare.invite_url, bare.avatar_url, bare.users),
        (None, None, Some(0))
    );
    let events = portal
        .audit_log()
        .await
        .into_iter()
        .filter(|(event, _)| event == "bot.changed_itself");
    assert_eq!(events.count(), 2);
    portal
        .register_bot(
            Actor::Operator,
            registration("other", BotOwner::Named("niels")),
        )
        .await
        .unwrap();
    let (many, odd) = (vec!["1".to_owned(); 1], vec!["a b".to_owned()]);
    let too_many: Vec<String> = (0..501).map(|n| n.to_string()).collect();
    assert!(
        portal
            .update_bot_profile(
                &bot,
                BotProfile {
                    group_ids: Some(&many),
                    ..BotProfile::default()
                },
                &client()
            )
            .await
            .is_ok()
    );
    let nothing = BotProfile::default();
    for (dress, error) in [
        (
            BotProfile {
                name: Some("OTHER"),
                ..nothing
            },
            UpdateBotProfileError::NameTaken,
        ),
        (
            BotProfile {
                name: Some("\u{202e}x"),
                ..nothing
            },
            UpdateBotProfileError::Name,
        ),
        (
            BotProfile {
                invite_url: Some("https://evil.test/"),
                ..nothing
            },
            UpdateBotProfileError::InviteUrl,
        ),
        (
            BotProfile {
                group_ids: Some(&odd),
                ..nothing
            },
            UpdateBotProfileError::GroupIds,
        ),
        (
            BotProfile {
                group_ids: Some(&too_many),
                ..nothing
            },
            UpdateBotProfileError::GroupIds,
        ),
        (
            BotProfile {
                users: Some(-1),
                ..nothing
            },
            UpdateBotProfileError::Users,
        ),
        (
            BotProfile {
                latency_ms: Some(600_001),
                ..nothing
            },
            UpdateBotProfileError::Latency,
        ),
    ] {
        match portal.update_bot_profile(&bot, dress, &client()).await {
            Err(Problem::Refused(refused)) => assert_eq!(refused, error),
            other => panic!("{other:?}"),
        }
    }
}

#[both_databases]
async fn two_admins_who_give_the_same_name_do_not_both_succeed(portal: TestPortal) {
    portal.owner("niels").await;
    let mut ids = Vec::new();
    for name in ["one", "two"] {
        let made = portal
            .register_bot(
                Actor::Operator,
                registration(name, BotOwner::Named("niels")),
            )
            .await;
        ids.push(made.unwrap().record.bot.id);
    }
    for round in 0..rounds() {
        let name = format!("name {round}");
        let mut racers = JoinSet::new();
        for id in ids.clone() {
            let (portal, name) = (portal.share(), name.clone());
            racers.spawn(async move {
                let update = BotUpdate {
                    name: Some(&name),
                    ..BotUpdate::default()
                };
                portal.update_bot(Actor::Operator, id, update).await.is_ok()
            });
        }
        let won = racers
            .join_all()
            .await
            .into_iter()
            .filter(|won| *won)
            .count();
        assert_eq!(won, 1, "round {round}");
    }
}

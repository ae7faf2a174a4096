//! Login by codes that bots deliver: docs/contract.md, Login by code, rule by rule.

use std::fmt::Debug;
use std::time::Duration;

use backend::testing::{
    PASSWORD, TestPortal, both_databases, browser_cookie, client, client_at, minutes,
};
use backend::{ClaimedIdentity, CodeRequest, LoginHint, Problem, VerifyCode, Visitor};
use domain::{
    AvatarUrl, BotCodeError, LoginMethod, PermissionLevel, RequestCodeError, VerifyCodeError,
};

const NIELS: &str = "123456789012345678";

fn refusal<T: Debug, R: Debug>(result: Result<T, Problem<R>>) -> R {
    match result {
        Err(Problem::Refused(refusal)) => refusal,
        other => panic!("expected a refusal, found {other:?}"),
    }
}

const fn bot_code_of_a_stranger() -> VerifyCodeError {
    VerifyCodeError::InvalidOrExpired
}

#[both_databases]
async fn somebody_new_comes_in_by_a_web_code(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let expires_at = portal.ask("discord", NIELS).await.unwrap();
    assert_eq!(expires_at, portal.now() + minutes(10));
    let codes = portal.carry(&bot, NIELS).await.unwrap();
    assert_eq!(codes.len(), 1);
    assert_eq!(codes[0].expires_at, expires_at);
    assert_eq!(codes[0].requested_from.network, "203.0.113.7");
    let login = portal.verify(codes[0].code.reveal()).await.unwrap();
    assert!(login.user_created);
    let user = &login.session.user;
    assert_eq!(user.username.len(), 13);
    assert!(user.username.starts_with("user_"), "{}", user.username);
    assert_eq!(user.level, PermissionLevel::User);
    let person = portal.person_of(&login.session).await;
    assert_eq!(person.session.method, LoginMethod::WebCode);
    let linked = portal.linked_platforms(user.id).await.unwrap();
    assert_eq!(
        (
            linked[0].platform.as_str(),
            linked[0].platform_user_id.as_str()
        ),
        ("discord", NIELS)
    );
    assert_eq!(
        linked[0].name.as_deref(),
        Some("niels"),
        "the bot's word must not be lost"
    );

    let again = portal.newcomer(&bot, NIELS).await;
    assert!(!again.user_created);
    assert_eq!(again.session.user.id, user.id);
}

#[both_databases]
async fn a_returning_person_comes_in_by_a_bot_code(portal: TestPortal) {
    let bot = portal.bot("telegram").await;
    assert_eq!(
        refusal(portal.send(&bot, NIELS).await),
        BotCodeError::UserNotFound
    );
    let first = portal.newcomer(&bot, NIELS).await;
    let code = portal.send(&bot, NIELS).await.unwrap();
    let elsewhere = client_at("198.51.100.9");
    let login = portal
        .verify_from(code.code.reveal(), &elsewhere, None)
        .await
        .unwrap();
    assert_eq!(login.session.user.id, first.session.user.id);
    let person = portal.person_of(&login.session).await;
    assert_eq!(person.session.method, LoginMethod::BotCode);
}

#[both_databases]
async fn a_code_works_once_and_only_for_ten_minutes(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.newcomer(&bot, NIELS).await;
    let code = portal.send(&bot, NIELS).await.unwrap().code;
    portal.verify(code.reveal()).await.unwrap();
    assert_eq!(
        refusal(portal.verify(code.reveal()).await),
        VerifyCodeError::InvalidOrExpired
    );

    let code = portal.send(&bot, NIELS).await.unwrap().code;
    portal.advance(Duration::from_secs(599));
    let late = portal.send(&bot, NIELS).await.unwrap();
    assert_eq!(
        late.code.reveal(),
        code.reveal(),
        "asking again gives the same code"
    );
    portal.advance(Duration::from_secs(1));
    assert_eq!(
        refusal(portal.verify(code.reveal()).await),
        VerifyCodeError::InvalidOrExpired
    );
    let fresh = portal.send(&bot, NIELS).await.unwrap();
    assert_ne!(fresh.code.reveal(), code.reveal());
}

#[both_databases]
async fn asking_again_on_the_web_is_the_same_request(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let (here, browser) = (client(), browser_cookie());
    let first = portal
        .ask_from("discord", NIELS, &here, Some(&browser))
        .await
        .unwrap();
    portal.advance(minutes(3));
    for _ in 0..10 {
        let again = portal
            .ask_from("discord", NIELS, &here, Some(&browser))
            .await
            .unwrap();
        assert_eq!(again, first);
    }
    assert_eq!(portal.carry(&bot, NIELS).await.unwrap().len(), 1);
}

#[both_databases]
async fn a_web_code_is_bound_to_network_and_browser(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let (here, elsewhere) = (client(), client_at("198.51.100.9"));
    let (browser, other) = (browser_cookie(), browser_cookie());
    portal
        .ask_from("discord", NIELS, &here, Some(&browser))
        .await
        .unwrap();
    let code = portal.carry(&bot, NIELS).await.unwrap().remove(0).code;
    for (client, browser) in [
        (&elsewhere, Some(&browser)),
        (&here, Some(&other)),
        (&here, None),
        (&elsewhere, None),
    ] {
        let answer = portal.verify_from(code.reveal(), client, browser).await;
        assert_eq!(refusal(answer), VerifyCodeError::InvalidOrExpired);
    }
    portal
        .verify_from(code.reveal(), &here, Some(&browser))
        .await
        .unwrap();
}

#[both_databases]
async fn a_network_has_five_pending_codes(portal: TestPortal) {
    for id in ["1", "2", "3", "4"] {
        portal.ask("discord", id).await.unwrap();
    }
    portal.advance(minutes(4));
    let here = client();
    let unknown = LoginHint::Name {
        platform: "discord",
        name: "nobody at all",
    };
    let request = CodeRequest {
        who: unknown,
        client: &here,
        browser: None,
    };
    portal.request_code(request).await.unwrap();
    portal.request_code(request).await.unwrap();
    let full = RequestCodeError::TooManyPending {
        retry_after: minutes(6),
    };
    assert_eq!(
        refusal(portal.ask("discord", "6").await),
        full,
        "an unknown name takes a slot"
    );
    portal.ask("discord", "1").await.unwrap();
    portal
        .ask_from("discord", "6", &client_at("198.51.100.9"), None)
        .await
        .unwrap();
    portal.advance(minutes(6));
    portal.ask("discord", "6").await.unwrap();
}

#[both_databases]
async fn the_two_kinds_are_kept_apart(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.newcomer(&bot, NIELS).await;
    portal.ask("discord", NIELS).await.unwrap();
    let web = portal.carry(&bot, NIELS).await.unwrap();
    let made = portal.send(&bot, NIELS).await.unwrap();
    assert_eq!(web.len(), 1);
    assert_ne!(web[0].code.reveal(), made.code.reveal());
    assert_eq!(portal.carry(&bot, NIELS).await.unwrap().len(), 1);
}

#[both_databases]
async fn after_five_bot_logins_one_by_the_web_has_to_come(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let niels = portal.newcomer(&bot, NIELS).await.session.user.id;
    for _ in 0..5 {
        let code = portal.send(&bot, NIELS).await.unwrap().code;
        portal.verify(code.reveal()).await.unwrap();
    }
    assert_eq!(
        refusal(portal.send(&bot, NIELS).await),
        BotCodeError::WebLoginRequired
    );
    assert_eq!(portal.newcomer(&bot, NIELS).await.session.user.id, niels);
    let code = portal.send(&bot, NIELS).await.unwrap().code;
    portal.verify(code.reveal()).await.unwrap();
}

#[both_databases]
async fn the_counter_is_checked_at_verify_too_and_the_code_is_spent(portal: TestPortal) {
    let discord = portal.bot("discord").await;
    let telegram = portal.bot("telegram").await;
    let niels = portal.newcomer(&discord, NIELS).await.session.user.id;
    portal.link(niels, "telegram", "77").await;
    for _ in 0..4 {
        let code = portal.send(&discord, NIELS).await.unwrap().code;
        portal.verify(code.reveal()).await.unwrap();
    }
    let fifth = portal.send(&discord, NIELS).await.unwrap().code;
    let sixth = portal.send(&telegram, "77").await.unwrap().code;
    portal.verify(fifth.reveal()).await.unwrap();
    assert_eq!(
        refusal(portal.verify(sixth.reveal()).await),
        VerifyCodeError::WebLoginRequired
    );
    assert_eq!(
        refusal(portal.verify(sixth.reveal()).await),
        VerifyCodeError::InvalidOrExpired
    );
}

#[both_databases]
async fn a_password_login_puts_the_counter_back(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.owner("niels").await;
    let niels = portal.login("niels", PASSWORD).await.unwrap().user.id;
    portal.link(niels, "discord", NIELS).await;
    for _ in 0..5 {
        let code = portal.send(&bot, NIELS).await.unwrap().code;
        portal.verify(code.reveal()).await.unwrap();
    }
    assert_eq!(
        refusal(portal.send(&bot, NIELS).await),
        BotCodeError::WebLoginRequired
    );
    portal.login("niels", PASSWORD).await.unwrap();
    portal.send(&bot, NIELS).await.unwrap();
}

#[both_databases]
async fn a_bot_reaches_its_own_platform_only(portal: TestPortal) {
    let telegram = portal.bot("telegram").await;
    let (id, name) = (NIELS.parse().unwrap(), "niels".parse().unwrap());
    for (platform, expected) in [
        ("discord", BotCodeError::AccessDenied),
        ("matrix", BotCodeError::UnknownPlatform),
    ] {
        let word = ClaimedIdentity {
            platform,
            id: &id,
            name: Some(&name),
            avatar: None,
        };
        assert_eq!(refusal(portal.send_code(&telegram, word).await), expected);
        assert_eq!(
            refusal(portal.fetch_pending_codes(&telegram, word).await),
            expected
        );
    }
}

#[both_databases]
async fn a_bot_reaches_nobody_above_its_owner(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let admin = portal.newcomer(&bot, NIELS).await.session.user;
    portal
        .set_level(&admin.username, PermissionLevel::Admin)
        .await;
    portal
        .set_level("keeper-of-discord", PermissionLevel::Moderator)
        .await;
    assert_eq!(
        refusal(portal.send(&bot, NIELS).await),
        BotCodeError::AccessDenied
    );
    portal.ask("discord", NIELS).await.unwrap();
    assert!(portal.carry(&bot, NIELS).await.unwrap().is_empty());
    portal
        .set_level("keeper-of-discord", PermissionLevel::Admin)
        .await;
    portal.send(&bot, NIELS).await.unwrap();
    assert_eq!(portal.carry(&bot, NIELS).await.unwrap().len(), 1);
}

#[both_databases]
async fn the_same_number_on_two_platforms_is_two_people(portal: TestPortal) {
    let discord = portal.bot("discord").await;
    let telegram = portal.bot("telegram").await;
    let one = portal.newcomer(&discord, "123").await.session.user.id;
    let two = portal.newcomer(&telegram, "123").await.session.user.id;
    assert_ne!(one, two);
}

#[both_databases]
async fn a_restriction_closes_every_way_at_start_and_finish(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let niels = portal.newcomer(&bot, NIELS).await.session.user;
    let made = portal.send(&bot, NIELS).await.unwrap().code;
    portal.ask("discord", NIELS).await.unwrap();
    let web = portal.carry(&bot, NIELS).await.unwrap().remove(0).code;
    portal.ban(&niels.username).await;
    for code in [made, web] {
        let answer = portal.verify(code.reveal()).await;
        assert_eq!(refusal(answer), VerifyCodeError::InvalidOrExpired);
    }
    assert_eq!(
        refusal(portal.send(&bot, NIELS).await),
        BotCodeError::Restricted
    );
    portal
        .ask_from("discord", NIELS, &client_at("198.51.100.9"), None)
        .await
        .unwrap();
    assert!(
        portal.carry(&bot, NIELS).await.unwrap().is_empty(),
        "one answer, and no code"
    );
}

#[both_databases]
async fn a_code_must_match_the_identity_that_is_named(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.newcomer(&bot, NIELS).await;
    let code = portal.send(&bot, NIELS).await.unwrap().code;
    let (here, other, own) = (client(), "999".parse().unwrap(), NIELS.parse().unwrap());
    let verify = async |platform, id| {
        let identity = Some((platform, id));
        let request = VerifyCode {
            code: code.reveal(),
            identity,
            factor: None,
            client: &here,
            browser: None,
        };
        portal.verify_code(request).await
    };
    let wrong = VerifyCodeError::InvalidOrExpired;
    assert_eq!(refusal(verify("discord", &other).await), wrong);
    assert_eq!(refusal(verify("telegram", &own).await), wrong);
    assert_eq!(
        refusal(verify("matrix", &own).await),
        VerifyCodeError::UnknownPlatform
    );
    verify("discord", &own).await.unwrap();
}

#[both_databases]
async fn guesses_are_counted_before_the_compare(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.newcomer(&bot, NIELS).await;
    let code = portal.send(&bot, NIELS).await.unwrap().code;
    let thief = client_at("198.51.100.9");
    for _ in 0..10 {
        let answer = portal.verify_from("wrongwro", &thief, None).await;
        assert_eq!(refusal(answer), bot_code_of_a_stranger());
    }
    let answer = refusal(portal.verify_from(code.reveal(), &thief, None).await);
    assert_eq!(
        answer,
        VerifyCodeError::TooManyAttempts {
            retry_after: minutes(10)
        }
    );
    portal
        .verify(code.reveal())
        .await
        .expect("a stranger burns nobody's code");
    portal.advance(minutes(10));
    let answer = portal.verify_from("wrongwro", &thief, None).await;
    assert_eq!(refusal(answer), VerifyCodeError::InvalidOrExpired);
}

#[both_databases]
async fn the_budget_holds_for_an_hour_and_a_day_and_over_a_restart(portal: TestPortal) {
    let thief = client_at("198.51.100.9");
    let mut compared = 0;
    for round in 0..200 {
        let server = portal.second_server().await.unwrap();
        for _ in 0..11 {
            let request = VerifyCode {
                code: "wrongwro",
                identity: None,
                factor: None,
                client: &thief,
                browser: None,
            };
            if refusal(server.verify_code(request).await) == VerifyCodeError::InvalidOrExpired {
                compared += 1;
            }
        }
        server.close().await;
        portal.advance(minutes(10));
        if round == 5 {
            assert_eq!(compared, 30, "in an hour");
        }
        if round == 143 {
            assert_eq!(compared, 100, "in a day");
            break;
        }
    }
}

#[both_databases]
async fn a_right_code_gives_its_guess_back(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.newcomer(&bot, NIELS).await;
    for _ in 0..9 {
        let _ = portal.verify("wrongwro").await;
    }
    for _ in 0..4 {
        let code = portal.send(&bot, NIELS).await.unwrap().code;
        portal.verify(code.reveal()).await.unwrap();
    }
    assert_eq!(
        refusal(portal.verify("wrongwro").await),
        VerifyCodeError::InvalidOrExpired
    );
    let answer = refusal(portal.verify("wrongwro").await);
    assert!(matches!(answer, VerifyCodeError::TooManyAttempts { .. }));
}

#[both_databases]
async fn an_ipv6_48_has_eight_times_the_budget_of_a_64(portal: TestPortal) {
    let mut compared = 0;
    for subnet in 0..20 {
        let client = client_at(&format!("2001:db8:1:{subnet:x}::1"));
        for _ in 0..11 {
            if let VerifyCodeError::InvalidOrExpired =
                refusal(portal.verify_from("wrongwro", &client, None).await)
            {
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 80);
}

#[both_databases]
async fn a_web_code_dies_after_five_wrong_tries_of_its_own_browser(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let (here, browser) = (client(), browser_cookie());
    portal
        .ask_from("discord", NIELS, &here, Some(&browser))
        .await
        .unwrap();
    portal.ask_from("discord", "2", &here, None).await.unwrap();
    let own = portal.carry(&bot, NIELS).await.unwrap().remove(0).code;
    let other = portal.carry(&bot, "2").await.unwrap().remove(0).code;
    for _ in 0..5 {
        let _ = portal.verify_from("wrongwro", &here, Some(&browser)).await;
    }
    let answer = portal
        .verify_from(own.reveal(), &here, Some(&browser))
        .await;
    assert_eq!(refusal(answer), VerifyCodeError::InvalidOrExpired);
    assert!(portal.carry(&bot, NIELS).await.unwrap().is_empty());
    portal
        .verify(other.reveal())
        .await
        .expect("only the browser's own codes die");
}

#[both_databases]
async fn under_attack_a_guess_must_name_whom_it_is_for(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.newcomer(&bot, NIELS).await;
    let code = portal.send(&bot, NIELS).await.unwrap().code;
    for number in 0..60 {
        let zombie = client_at(&format!("198.51.100.{number}"));
        for _ in 0..10 {
            let _ = portal.verify_from("wrongwro", &zombie, None).await;
        }
    }
    // Another browser doesn't get around the limit. Nothing is compared, so nothing is counted.
    let stranger = browser_cookie();
    for browser in [None, Some(&stranger)].into_iter().cycle().take(12) {
        let answer = refusal(portal.verify_from(code.reveal(), &client(), browser).await);
        assert_eq!(
            answer,
            VerifyCodeError::TooManyAttempts {
                retry_after: minutes(1)
            }
        );
    }
    let (here, id) = (client(), NIELS.parse().unwrap());
    let identity = Some(("discord", &id));
    let named = VerifyCode {
        code: code.reveal(),
        identity,
        factor: None,
        client: &here,
        browser: None,
    };
    portal.verify_code(named).await.unwrap();
}

#[both_databases]
async fn a_returning_person_may_ask_by_name(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let niels = portal.newcomer(&bot, NIELS).await.session.user;
    let ask = async |name: &str, ip: &str| {
        let client = client_at(ip);
        let who = LoginHint::Name {
            platform: "discord",
            name,
        };
        portal
            .request_code(CodeRequest {
                who,
                client: &client,
                browser: None,
            })
            .await
            .unwrap();
        portal.carry(&bot, NIELS).await.unwrap().len()
    };
    assert_eq!(ask("nobody", "192.0.2.1").await, 0);
    assert_eq!(ask(&niels.username.to_uppercase(), "192.0.2.2").await, 1);
    assert_eq!(
        ask("niels", "192.0.2.3").await,
        2,
        "by the name on the platform"
    );
    portal.newcomer(&bot, "555").await;
    assert_eq!(
        ask("niels", "192.0.2.4").await,
        2,
        "two of that name: neither is meant"
    );
}

/// Slots don't reveal whether a name exists: other spellings of a name and the platform ID behind it
/// have slots of their own.
#[both_databases]
async fn a09_two_requests_do_not_tell_whom_a_name_is_of(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let niels = portal.newcomer(&bot, NIELS).await.session.user;
    let known = [niels.username.as_str(), "niels"];
    for (n, name) in known.into_iter().chain(["nobody", "someone"]).enumerate() {
        let here = client_at(&format!("192.0.2.{n}"));
        let asked = async |name: &str| {
            let who = LoginHint::Name {
                platform: "discord",
                name,
            };
            portal.advance(Duration::from_secs(1));
            portal
                .request_code(CodeRequest {
                    who,
                    client: &here,
                    browser: None,
                })
                .await
                .unwrap()
        };
        let first = asked(name).await;
        assert_eq!(asked(name).await, first, "{name}: the same request");
        for other in [
            name.to_uppercase(),
            format!("{name}\u{1}"),
            format!("{name} "),
        ] {
            assert_ne!(asked(&other).await, first, "{name}: {other:?}");
        }
        portal.advance(Duration::from_secs(1));
        assert_ne!(
            portal
                .ask_from("discord", NIELS, &here, None)
                .await
                .unwrap(),
            first,
            "{name}: by id"
        );
        let full = CodeRequest {
            who: LoginHint::Name {
                platform: "discord",
                name: "one more",
            },
            client: &here,
            browser: None,
        };
        assert!(
            matches!(
                refusal(portal.request_code(full).await),
                RequestCodeError::TooManyPending { .. }
            ),
            "{name}"
        );
    }
}

#[both_databases]
async fn a_bots_word_refreshes_name_and_avatar(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let niels = portal.newcomer(&bot, NIELS).await.session.user.id;
    let avatar = AvatarUrl::parse("https://cdn.discordapp.com/avatars/1/abc.png").unwrap();
    let (id, name) = (NIELS.parse().unwrap(), "niels the second".parse().unwrap());
    let word = ClaimedIdentity {
        platform: "discord",
        id: &id,
        name: Some(&name),
        avatar: Some(&avatar),
    };
    portal.fetch_pending_codes(&bot, word).await.unwrap();
    let linked = portal.linked_platforms(niels).await.unwrap();
    assert_eq!(linked[0].name.as_deref(), Some("niels the second"));
    assert_eq!(linked[0].avatar_url.as_deref(), Some(avatar.as_str()));
    portal.send(&bot, NIELS).await.unwrap();
    let linked = portal.linked_platforms(niels).await.unwrap();
    assert_eq!(
        (linked[0].name.as_deref(), linked[0].avatar_url.as_deref()),
        (Some("niels"), None)
    );
}

#[both_databases]
async fn an_unknown_platform_is_refused(portal: TestPortal) {
    assert_eq!(
        refusal(portal.ask("matrix", NIELS).await),
        RequestCodeError::UnknownPlatform
    );
    assert_eq!(portal.count("login_codes").await, 0);
}

#[both_databases]
async fn no_code_is_stored_in_plain_form_and_used_ones_are_gone(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.newcomer(&bot, NIELS).await;
    let code = portal.send(&bot, NIELS).await.unwrap().code;
    let stored = portal.stored_codes().await;
    assert_eq!(
        stored.iter().filter(|(hash, _)| hash.is_some()).count(),
        1,
        "the used one is gone"
    );
    for column in stored
        .iter()
        .flat_map(|(hash, sealed)| [hash, sealed])
        .flatten()
    {
        assert!(!String::from_utf8_lossy(column).contains(code.reveal()));
    }
}

#[both_databases]
async fn a_code_ends_no_other_session(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let first = portal.newcomer(&bot, NIELS).await.session;
    portal.newcomer(&bot, NIELS).await;
    assert!(matches!(
        portal.visitor(&backend::testing::cookies_of(&first)).await,
        Visitor::SignedIn(_)
    ));
}

//! Linking platforms, reporting codes and confirming a login (docs/contract.md, Fresh login; Not me; Linked platforms).

use backend::testing::{
    PASSWORD, TestPortal, both_databases, client, client_at, cookies_of, minutes, rounds,
};
use backend::{Actor, LinkRequest, NewSession, Person, Problem, Proof, SetPassword, Visitor};
use domain::{
    Bot, CodeKind, ConfirmError, FactorError, LinkError, PermissionLevel, ReportCodeError,
    SetPasswordError, UnlinkError, VerifyCodeError,
};

const NIELS: &str = "123456789012345678";

async fn request(
    portal: &TestPortal,
    person: &Person,
    platform: &str,
    id: &str,
) -> Result<(), LinkError> {
    let (id, client) = (id.parse().unwrap(), client());
    let asked = portal
        .request_link(LinkRequest {
            person,
            platform,
            id: &id,
            client: &client,
        })
        .await;
    refusal(asked.map(drop))
}

fn refusal<E: std::fmt::Debug>(answer: Result<(), Problem<E>>) -> Result<(), E> {
    answer.map_err(|problem| match problem {
        Problem::Refused(refusal) => refusal,
        Problem::Failed(failure) => panic!("{failure}"),
    })
}

async fn carried(portal: &TestPortal, bot: &Bot, id: &str) -> String {
    let code = portal.carry(bot, id).await.unwrap().remove(0);
    assert_eq!(code.kind, CodeKind::Link);
    code.code.reveal().to_owned()
}

/// Alice with a fresh password login, and her session.
async fn alice(portal: &TestPortal) -> (Person, NewSession) {
    portal.person("alice", PermissionLevel::User).await;
    let session = portal.login("alice", PASSWORD).await.unwrap();
    (portal.person_of(&session).await, session)
}

#[both_databases]
async fn a_platform_is_linked_by_its_own_code(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let (alice, _) = alice(&portal).await;
    request(&portal, &alice, "discord", NIELS).await.unwrap();
    let awaited = portal.awaited_link(&alice).await.unwrap().unwrap();
    assert_eq!(awaited.platform_user_id, NIELS);
    let code = carried(&portal, &bot, NIELS).await;
    portal.verify_link(&alice, &code, &client()).await.unwrap();
    let linked = portal.linked_platforms(alice.user.id).await.unwrap();
    assert_eq!(
        (
            linked[0].platform.as_str(),
            linked[0].platform_user_id.as_str()
        ),
        ("discord", NIELS)
    );
    assert_eq!(linked[0].name.as_deref(), Some("niels"));
    let again = portal.verify_link(&alice, &code, &client()).await;
    assert_eq!(refusal(again), Err(LinkError::InvalidOrExpired));
    let log = portal.audit_log().await;
    assert!(
        log.iter()
            .any(|(event, meta)| event == "platform.linked" && meta == r#"{"platform":"discord"}"#)
    );
    // From now on the platform is a login method.
    let code = portal.send(&bot, NIELS).await.unwrap().code;
    assert_eq!(
        portal.verify(code.reveal()).await.unwrap().session.user.id,
        alice.user.id
    );
}

#[both_databases]
async fn a_visitor_comes_with_all_that_they_linked_oldest_first(portal: TestPortal) {
    let (discord, telegram) = (portal.bot("discord").await, portal.bot("telegram").await);
    portal.newcomer(&discord, "77").await;
    let (alice, session) = alice(&portal).await;
    assert!(alice.linked.is_empty());
    for (bot, platform, id) in [(telegram, "telegram", "6"), (discord, "discord", NIELS)] {
        request(&portal, &alice, platform, id).await.unwrap();
        let code = carried(&portal, &bot, id).await;
        portal.verify_link(&alice, &code, &client()).await.unwrap();
        portal.advance(minutes(1));
    }
    let here = portal.person_of(&session).await;
    let platforms: Vec<&str> = here
        .linked
        .iter()
        .map(|linked| linked.platform.as_str())
        .collect();
    assert_eq!(platforms, ["telegram", "discord"]);
    assert_eq!(
        here.linked,
        portal.linked_platforms(alice.user.id).await.unwrap()
    );
}

#[both_databases]
async fn a_code_for_linking_logs_nobody_in_and_others_do_not_link(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let (alice, _) = alice(&portal).await;
    request(&portal, &alice, "discord", NIELS).await.unwrap();
    let link = carried(&portal, &bot, NIELS).await;
    let login = portal.verify(&link).await;
    assert!(matches!(
        login,
        Err(Problem::Refused(VerifyCodeError::InvalidOrExpired))
    ));
    portal.ask("discord", "7").await.unwrap();
    let web = portal.carry(&bot, "7").await.unwrap().remove(0).code;
    let answer = portal.verify_link(&alice, web.reveal(), &client()).await;
    assert_eq!(refusal(answer), Err(LinkError::InvalidOrExpired));
    portal.verify_link(&alice, &link, &client()).await.unwrap();
}

#[both_databases]
async fn a_code_links_in_the_session_that_asked_and_in_no_other(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let (alice, _) = alice(&portal).await;
    let other = portal.login("alice", PASSWORD).await.unwrap();
    let other = portal.person_of(&other).await;
    portal.person("mallory", PermissionLevel::User).await;
    let mallory = portal.login("mallory", PASSWORD).await.unwrap();
    let mallory = portal.person_of(&mallory).await;
    request(&portal, &alice, "discord", NIELS).await.unwrap();
    let code = carried(&portal, &bot, NIELS).await;
    for person in [&other, &mallory] {
        let answer = portal.verify_link(person, &code, &client()).await;
        assert_eq!(refusal(answer), Err(LinkError::InvalidOrExpired));
    }
    portal.verify_link(&alice, &code, &client()).await.unwrap();
}

#[both_databases]
async fn linking_needs_a_fresh_login_and_codes_make_none(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let newcomer = portal.newcomer(&bot, NIELS).await;
    let newcomer = portal.person_of(&newcomer.session).await;
    assert_eq!(
        request(&portal, &newcomer, "telegram", "5").await,
        Err(LinkError::NotFresh)
    );
    let confirmed = portal
        .confirm(&newcomer, &Proof::Password(PASSWORD), &client())
        .await;
    assert!(matches!(
        confirmed,
        Err(Problem::Refused(ConfirmError::NoPassword))
    ));

    let (alice, session) = alice(&portal).await;
    request(&portal, &alice, "telegram", "5").await.unwrap();
    portal.advance(minutes(10));
    assert_eq!(
        request(&portal, &alice, "telegram", "6").await,
        Err(LinkError::NotFresh)
    );
    let wrong = portal
        .confirm(
            &alice,
            &Proof::Password("not my password at all"),
            &client(),
        )
        .await;
    assert!(matches!(
        wrong,
        Err(Problem::Refused(ConfirmError::WrongPassword))
    ));
    portal.advance(minutes(1));
    let until = portal
        .confirm(&alice, &Proof::Password(PASSWORD), &client())
        .await
        .unwrap();
    assert_eq!(until, portal.now() + minutes(10));
    let alice = portal.person_of(&session).await;
    request(&portal, &alice, "telegram", "6").await.unwrap();
    let log = portal.audit_log().await;
    let said: Vec<&str> = log
        .iter()
        .map(|(event, _)| event.as_str())
        .filter(|event| event.starts_with("login.confirm"))
        .collect();
    assert_eq!(said, ["login.confirm_failed", "login.confirmed"]);
}

#[both_databases]
async fn what_is_somebodys_already_is_told_only_to_who_has_the_code(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.newcomer(&bot, NIELS).await;
    let (alice, _) = alice(&portal).await;
    request(&portal, &alice, "discord", NIELS).await.unwrap();
    let code = carried(&portal, &bot, NIELS).await;
    assert_eq!(
        refusal(portal.verify_link(&alice, &code, &client()).await),
        Err(LinkError::Taken)
    );
    assert_eq!(
        refusal(portal.verify_link(&alice, &code, &client()).await),
        Err(LinkError::InvalidOrExpired)
    );
    assert!(
        portal
            .linked_platforms(alice.user.id)
            .await
            .unwrap()
            .is_empty()
    );
}

#[both_databases]
async fn a_person_has_one_identity_a_platform(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let (alice, _) = alice(&portal).await;
    portal.link(alice.user.id, "discord", "1").await;
    assert_eq!(
        request(&portal, &alice, "discord", "2").await,
        Err(LinkError::Taken)
    );
    assert!(portal.carry(&bot, "2").await.unwrap().is_empty());
}

#[both_databases]
async fn a_code_for_linking_dies_after_five_wrong_tries_of_its_session(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let (alice, _) = alice(&portal).await;
    request(&portal, &alice, "discord", NIELS).await.unwrap();
    let code = carried(&portal, &bot, NIELS).await;
    for _ in 0..5 {
        let wrong = portal.verify_link(&alice, "Vy8nFKq2", &client()).await;
        assert_eq!(refusal(wrong), Err(LinkError::InvalidOrExpired));
    }
    let late = portal.verify_link(&alice, &code, &client()).await;
    assert_eq!(refusal(late), Err(LinkError::InvalidOrExpired));
}

/// A12: a link that races with a ban or with the deletion of the account leaves no unintended rows.
#[both_databases]
async fn a12_a_link_does_not_slip_past_a_ban_or_the_end_of_the_account(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let server = portal.second_server().await.unwrap();
    let (mut before, mut after) = (0, 0);
    for round in 0..rounds() {
        portal.advance(minutes(61));
        let name = format!("racer{round}");
        portal.person(&name, PermissionLevel::User).await;
        let session = portal.login(&name, PASSWORD).await.unwrap();
        let racer = portal.person_of(&session).await;
        let id = format!("{round}");
        request(&portal, &racer, "discord", &id).await.unwrap();
        let code = carried(&portal, &bot, &id).await;
        let (reason, client) = ("spam".parse().unwrap(), client());
        let shut = async {
            if round % 2 == 0 {
                server
                    .ban_person(Actor::Operator, racer.user.id, &reason, None)
                    .await
                    .unwrap();
            } else {
                server.delete_account(&racer, &client).await.unwrap();
            }
        };
        // Each goes first equally often.
        let link = portal.verify_link(&racer, &code, &client);
        let linked = if round % 4 < 2 {
            tokio::join!(link, shut).0
        } else {
            tokio::join!(shut, link).1
        };
        let left = portal.linked_platforms(racer.user.id).await.unwrap().len();
        match refusal(linked) {
            // The link came first: a ban keeps it, a deletion removes it.
            Ok(()) => {
                before += 1;
                assert_eq!(left, usize::from(round % 2 == 0));
            }
            Err(LinkError::NotFresh | LinkError::InvalidOrExpired) => {
                after += 1;
                assert_eq!(left, 0);
            }
            Err(other) => panic!("{other:?}"),
        }
        assert_eq!(
            portal
                .number(&format!(
                    "select count(*) from sessions where ended_at is null and user_id = {}",
                    racer.user.id
                ))
                .await,
            0
        );
    }
    println!("{before} links came before the end, {after} after");
}

#[both_databases]
async fn a_session_that_ended_meanwhile_changes_neither_password_nor_factors(portal: TestPortal) {
    let (alice, _) = alice(&portal).await;
    let other = portal.login("alice", PASSWORD).await.unwrap();
    let other = portal.person_of(&other).await;
    portal.end_other_sessions(&other, &client()).await.unwrap();
    // As a request that was authenticated just before has loaded her.
    let offered = portal.offer_totp(&alice).await;
    assert!(
        matches!(offered, Err(Problem::Refused(FactorError::NotFresh))),
        "an offer was made"
    );
    let client = client();
    let request = SetPassword {
        person: &alice,
        old: Some(PASSWORD),
        new: "a heron waits by green water",
        factor: None,
        client: &client,
    };
    let set = portal.set_password(request).await;
    assert!(
        matches!(set, Err(Problem::Refused(SetPasswordError::NotFresh))),
        "a password was set"
    );
    let code = "12345678901234567890".replace('0', "z").parse().unwrap();
    let renewed = portal.renew_recovery_codes(&alice, &code, &client).await;
    assert!(matches!(
        renewed,
        Err(Problem::Refused(FactorError::NotFresh))
    ));
    portal.login("alice", PASSWORD).await.unwrap();
}

#[both_databases]
async fn asking_to_link_takes_one_of_the_five_slots(portal: TestPortal) {
    let (alice, _) = alice(&portal).await;
    for id in 1..=4 {
        portal.ask("discord", &id.to_string()).await.unwrap();
    }
    request(&portal, &alice, "discord", NIELS).await.unwrap();
    request(&portal, &alice, "discord", NIELS).await.unwrap();
    let sixth = request(&portal, &alice, "telegram", NIELS).await;
    assert!(matches!(sixth, Err(LinkError::TooManyPending { .. })));
    assert!(portal.ask("discord", "5").await.is_err());
}

#[both_databases]
async fn a_bot_of_a_lesser_owner_never_sees_the_code(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal
        .set_level("keeper-of-discord", PermissionLevel::User)
        .await;
    portal.person("mod", PermissionLevel::Moderator).await;
    let session = portal.login("mod", PASSWORD).await.unwrap();
    let person = portal.person_of(&session).await;
    request(&portal, &person, "discord", NIELS).await.unwrap();
    assert!(portal.carry(&bot, NIELS).await.unwrap().is_empty());
}

#[both_databases]
async fn unlinking_ends_codes_and_other_sessions_of_that_identity(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let (alice, own) = alice(&portal).await;
    portal.link(alice.user.id, "discord", NIELS).await;
    let code = portal.send(&bot, NIELS).await.unwrap().code;
    let by_code = portal.verify(code.reveal()).await.unwrap().session;
    let pending = portal.send(&bot, NIELS).await.unwrap().code;
    portal.unlink(&alice, "discord", &client()).await.unwrap();
    assert!(matches!(
        portal.visitor(&cookies_of(&by_code)).await,
        Visitor::Anonymous
    ));
    portal.person_of(&own).await;
    assert!(portal.verify(pending.reveal()).await.is_err());
    assert_eq!(
        refusal(portal.unlink(&alice, "discord", &client()).await),
        Err(UnlinkError::NotLinked)
    );
}

#[both_databases]
async fn the_last_way_in_stays(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let newcomer = portal.newcomer(&bot, NIELS).await;
    // Fresh, as after a second factor.
    portal
        .execute("update sessions set fresh_at = 1774972396763528")
        .await;
    let person = portal.person_of(&newcomer.session).await;
    let answer = portal.unlink(&person, "discord", &client()).await;
    assert_eq!(refusal(answer), Err(UnlinkError::LastWayIn));
    assert_eq!(
        portal.linked_platforms(person.user.id).await.unwrap().len(),
        1
    );
    portal.link(person.user.id, "telegram", "5").await;
    portal.unlink(&person, "discord", &client()).await.unwrap();
}

#[both_databases]
async fn not_me_ends_the_code_and_the_sessions_by_bot_codes(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let first = portal.newcomer(&bot, NIELS).await.session;
    let code = portal.send(&bot, NIELS).await.unwrap();
    let stolen = portal.verify(code.code.reveal()).await.unwrap().session;
    let pending = portal.send(&bot, NIELS).await.unwrap();
    portal
        .disown(&pending.disown.reveal(), &client())
        .await
        .unwrap();
    assert!(portal.verify(pending.code.reveal()).await.is_err());
    assert!(matches!(
        portal.visitor(&cookies_of(&stolen)).await,
        Visitor::Anonymous
    ));
    // A session started by another code is unaffected by the report.
    portal.person_of(&first).await;
    // Reporting again changes nothing and isn't logged again.
    portal
        .disown(&pending.disown.reveal(), &client())
        .await
        .unwrap();
    let log = portal.audit_log().await;
    let said: Vec<_> = log
        .iter()
        .filter(|(event, _)| event == "code.disowned")
        .collect();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].1, r#"{"sessions":1}"#);
}

#[both_databases]
async fn not_me_ends_the_session_made_by_that_web_code(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.ask("discord", NIELS).await.unwrap();
    let code = portal.carry(&bot, NIELS).await.unwrap().remove(0);
    // The person was tricked into giving the code away.
    let thief = portal.verify(code.code.reveal()).await.unwrap().session;
    portal
        .disown(&code.disown.reveal(), &client())
        .await
        .unwrap();
    assert!(matches!(
        portal.visitor(&cookies_of(&thief)).await,
        Visitor::Anonymous
    ));
}

#[both_databases]
async fn not_me_takes_no_forged_token(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.newcomer(&bot, NIELS).await;
    let good = portal.send(&bot, NIELS).await.unwrap().disown.reveal();
    let other = portal.newcomer(&bot, "5").await;
    drop(other);
    let mut forged = good.clone();
    // The ID of another code with the same hash.
    forged.replace_range(0..1, if good.starts_with('A') { "B" } else { "A" });
    for token in [forged.as_str(), "", "x", &good[1..], &"A".repeat(54)] {
        let answer = portal.disown(token, &client()).await;
        assert_eq!(refusal(answer), Err(ReportCodeError::Unknown), "{token}");
    }
    portal.advance(std::time::Duration::from_hours(25));
    portal.clean_up().await.unwrap();
    assert_eq!(
        refusal(portal.disown(&good, &client()).await),
        Err(ReportCodeError::Unknown)
    );
}

#[both_databases]
async fn not_me_works_as_long_as_the_session_does(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.newcomer(&bot, NIELS).await;
    let code = portal.send(&bot, NIELS).await.unwrap();
    let stolen = portal.verify(code.code.reveal()).await.unwrap().session;
    portal.advance(std::time::Duration::from_hours(49));
    portal.clean_up().await.unwrap();
    assert_eq!(portal.count("login_codes").await, 0);
    portal
        .disown(&code.disown.reveal(), &client())
        .await
        .unwrap();
    assert!(matches!(
        portal.visitor(&cookies_of(&stolen)).await,
        Visitor::Anonymous
    ));
}

#[both_databases]
async fn what_is_over_is_forgotten_in_its_time(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let session = portal.newcomer(&bot, NIELS).await.session;
    portal.ask("discord", "5").await.unwrap();
    for n in 0..3 {
        drop(
            portal
                .verify_from("Vy8nFKq2", &client_at(&format!("198.51.100.{n}")), None)
                .await,
        );
    }
    let rows = |table: &'static str| portal.count(table);
    portal.clean_up().await.unwrap();
    assert_eq!(
        (rows("login_codes").await, rows("code_attempts").await),
        (2, 3)
    );
    portal.advance(std::time::Duration::from_hours(24) + minutes(21));
    portal.clean_up().await.unwrap();
    assert_eq!(
        (
            rows("login_codes").await,
            rows("code_attempts").await,
            rows("bot_calls").await
        ),
        (0, 0, 0)
    );
    // No request has used the session since it expired; it is kept for a month from now on.
    portal.person_of(&session).await;
    portal.advance(std::time::Duration::from_hours(31 * 24));
    portal.clean_up().await.unwrap();
    assert_eq!(rows("sessions").await, 1);
    assert!(matches!(
        portal.visitor(&cookies_of(&session)).await,
        Visitor::Anonymous
    ));
    portal.advance(std::time::Duration::from_hours(31 * 24));
    portal.clean_up().await.unwrap();
    assert_eq!(rows("sessions").await, 0);
    assert!(rows("audit_log").await > 0);
    portal.advance(std::time::Duration::from_hours(366 * 24));
    portal.clean_up().await.unwrap();
    assert_eq!(rows("audit_log").await, 0);
}

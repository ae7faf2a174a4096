//! Assigning permission levels (docs/contract.md, Roles; Session lifetime).

use std::time::Duration;

use backend::testing::{PASSWORD, TestPortal, both_databases, client, cookies_of, minutes};
use backend::{Actor, Problem, Visitor};
use domain::{AdminActionError, PermissionLevel, SetLevelError, UserId, VerifyCodeError};

use super::restrictions::{by, refreshed, staff};

const LEVELS: [PermissionLevel; 4] = [
    PermissionLevel::User,
    PermissionLevel::Moderator,
    PermissionLevel::Admin,
    PermissionLevel::Owner,
];

async fn give(
    portal: &TestPortal,
    person: &backend::Person,
    target: UserId,
    level: PermissionLevel,
) -> Result<PermissionLevel, SetLevelError> {
    let given = portal
        .assign_level(by(person, &client()), target, level)
        .await;
    match given {
        Ok(user) => Ok(user.level),
        Err(Problem::Refused(error)) => Err(error),
        Err(Problem::Failed(failure)) => panic!("{failure}"),
    }
}

/// A14: every actor, target and level.
#[both_databases]
async fn a14_one_gives_levels_below_one_s_own_to_people_below(portal: TestPortal) {
    for (n, own) in LEVELS.into_iter().enumerate() {
        let actor = staff(&portal, &format!("actor{n}"), own).await;
        for theirs in LEVELS {
            for wanted in LEVELS {
                let name = format!("t{}-{}-{}", own.as_i64(), theirs.as_i64(), wanted.as_i64());
                portal.person(&name, theirs).await;
                let target = portal.find_person(&name).await.unwrap().unwrap().id;
                let expected = if !own.administers() {
                    Err(SetLevelError::AdminAction(AdminActionError::LevelTooLow))
                } else if !own.may_act_on(theirs) {
                    Err(SetLevelError::AdminAction(AdminActionError::NotBelow))
                } else if !own.may_assign(wanted) {
                    Err(SetLevelError::NotAssignable)
                } else {
                    Ok(wanted)
                };
                assert_eq!(
                    give(&portal, &actor, target, wanted).await,
                    expected,
                    "{name}"
                );
                let now = portal.find_person(&name).await.unwrap().unwrap().level;
                assert_eq!(now, expected.unwrap_or(theirs), "{name}");
            }
        }
        assert!(
            give(&portal, &actor, actor.user.id, PermissionLevel::Owner)
                .await
                .is_err()
        );
    }
}

#[both_databases]
async fn only_the_command_line_makes_owners(portal: TestPortal) {
    let olga = staff(&portal, "olga", PermissionLevel::Owner).await;
    portal.person("bob", PermissionLevel::User).await;
    let bob = portal.find_person("bob").await.unwrap().unwrap().id;
    let owner = PermissionLevel::Owner;
    assert_eq!(
        give(&portal, &olga, bob, owner).await,
        Err(SetLevelError::NotAssignable)
    );
    let made = portal
        .assign_level(Actor::Operator, bob, owner)
        .await
        .unwrap();
    assert_eq!(made.level, owner);
    let log = portal.audit_log().await;
    let rows: Vec<_> = log
        .iter()
        .filter(|(event, _)| event == "level.changed")
        .collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].1, r#"{"from":0,"to":3}"#);
}

#[both_databases]
async fn the_level_someone_has_is_given_without_a_trace(portal: TestPortal) {
    let olga = staff(&portal, "olga", PermissionLevel::Owner).await;
    portal.person("bob", PermissionLevel::Moderator).await;
    let before = portal.find_person("bob").await.unwrap().unwrap();
    portal.advance(minutes(1));
    assert!(
        give(&portal, &olga, before.id, PermissionLevel::Moderator)
            .await
            .is_ok()
    );
    assert_eq!(portal.find_person("bob").await.unwrap().unwrap(), before);
    assert!(
        portal
            .audit_log()
            .await
            .iter()
            .all(|(event, _)| event != "level.changed")
    );
}

/// docs/contract.md, Session lifetime: a demotion doesn't revive a session that expired at the higher level.
#[both_databases]
async fn a_demotion_brings_no_session_back_to_life(portal: TestPortal) {
    let olga = staff(&portal, "olga", PermissionLevel::Owner).await;
    portal.person("anna", PermissionLevel::Admin).await;
    let idle = portal.login("anna", PASSWORD).await.unwrap();
    portal.advance(minutes(59));
    let busy = portal.login("anna", PASSWORD).await.unwrap();
    portal.advance(minutes(1));
    // No request has used the first session since it expired.
    let olga = portal
        .login("olga", PASSWORD)
        .await
        .map(|session| (olga, session))
        .unwrap()
        .1;
    let olga = portal.person_of(&olga).await;
    give(&portal, &olga, idle.user.id, PermissionLevel::User)
        .await
        .unwrap();
    assert!(matches!(
        portal.visitor(&cookies_of(&idle)).await,
        Visitor::Anonymous
    ));
    // A live session continues under the current level.
    assert!(matches!(
        portal.visitor(&cookies_of(&busy)).await,
        Visitor::SignedIn(_)
    ));
    portal.advance(Duration::from_hours(48));
    assert!(matches!(
        portal.visitor(&cookies_of(&busy)).await,
        Visitor::SignedIn(_)
    ));
}

/// docs/contract.md, Roles: a bot doesn't reach anyone above its owner, and codes that it carried
/// before a promotion stop working.
#[both_databases]
async fn a14_what_a_bot_carried_for_a_user_opens_no_moderator_s_account(portal: TestPortal) {
    let olga = staff(&portal, "olga", PermissionLevel::Owner).await;
    portal.person("bob", PermissionLevel::User).await;
    let key = portal.register("bob's bot", "discord", "bob").await;
    let bot = portal
        .bot_call(Some(key.reveal()), &client())
        .await
        .unwrap();
    let niels = portal.newcomer(&bot, "100").await.session;
    let by_bot_code = portal.send(&bot, "100").await.unwrap().code;
    let by_bot = portal.verify(by_bot_code.reveal()).await.unwrap().session;
    portal.execute(&format!("update users set password_hash = (select password_hash from users where username = 'bob') where id = {}", niels.user.id)).await;
    let by_password = portal.login(&niels.user.username, PASSWORD).await.unwrap();
    let pending = portal.send(&bot, "100").await.unwrap().code;

    give(&portal, &olga, niels.user.id, PermissionLevel::Moderator)
        .await
        .unwrap();

    for session in [&niels, &by_bot] {
        assert!(matches!(
            portal.visitor(&cookies_of(session)).await,
            Visitor::Anonymous
        ));
    }
    assert!(matches!(
        portal.visitor(&cookies_of(&by_password)).await,
        Visitor::SignedIn(_)
    ));
    let answer = portal.verify(pending.reveal()).await;
    assert!(matches!(
        answer,
        Err(Problem::Refused(VerifyCodeError::InvalidOrExpired))
    ));
    let answer = portal.send(&bot, "100").await;
    assert!(matches!(
        answer,
        Err(Problem::Refused(domain::BotCodeError::AccessDenied))
    ));
}

#[both_databases]
async fn a_demoted_admin_has_no_power_in_the_very_next_act(portal: TestPortal) {
    let olga = staff(&portal, "olga", PermissionLevel::Owner).await;
    let anna = staff(&portal, "anna", PermissionLevel::Admin).await;
    portal.person("bob", PermissionLevel::User).await;
    let bob = portal.find_person("bob").await.unwrap().unwrap().id;
    give(&portal, &olga, anna.user.id, PermissionLevel::User)
        .await
        .unwrap();
    // The level loaded by an earlier request doesn't count.
    let answer = give(&portal, &anna, bob, PermissionLevel::Moderator).await;
    assert_eq!(
        answer,
        Err(SetLevelError::AdminAction(AdminActionError::LevelTooLow))
    );
    drop(refreshed(&portal, &anna).await);
}

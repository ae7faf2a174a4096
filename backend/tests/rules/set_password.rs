//! Setting a first password and changing it (docs/contract.md, Sessions; Passwords).

use backend::testing::{
    PASSWORD, TestPortal, authenticator, both_databases, client, cookies_of, minutes,
};
use backend::{Person, Problem, SetPassword, Visitor};
use domain::{
    NewPasswordError, PasswordWeakness, PermissionLevel, SecondFactorInput, SetPasswordError,
};

const OTHER: &str = "a heron waits by green water";
/// Long enough only with a second factor.
const SHORT: &str = "tin-goat-9";

async fn set(
    portal: &TestPortal,
    person: &Person,
    old: Option<&str>,
    new: &str,
    factor: Option<&SecondFactorInput>,
) -> Result<backend::NewSession, SetPasswordError> {
    let client = client();
    let request = SetPassword {
        person,
        old,
        new,
        factor,
        client: &client,
    };
    portal
        .set_password(request)
        .await
        .map_err(|problem| match problem {
            Problem::Refused(error) => error,
            Problem::Failed(failure) => panic!("{failure}"),
        })
}

async fn alice(portal: &TestPortal) -> Person {
    portal.person("alice", PermissionLevel::User).await;
    let session = portal.login("alice", PASSWORD).await.unwrap();
    portal.person_of(&session).await
}

#[both_databases]
async fn another_password_ends_all_other_sessions(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let other = portal.login("alice", PASSWORD).await.unwrap();
    let own = portal.login("alice", PASSWORD).await.unwrap();
    let me = portal.person_of(&own).await;
    let renewed = set(&portal, &me, Some(PASSWORD), OTHER, None)
        .await
        .unwrap();
    for old in [&other, &own] {
        assert!(matches!(
            portal.visitor(&cookies_of(old)).await,
            Visitor::Anonymous
        ));
    }
    portal.person_of(&renewed).await;
    assert!(portal.login("alice", PASSWORD).await.is_err());
    portal.login("alice", OTHER).await.unwrap();
    let log = portal.audit_log().await;
    assert_eq!(
        log.iter()
            .filter(|(event, _)| event == "password.set")
            .count(),
        1
    );
}

/// NIST SP 800-63B-4 3.1.1.2 (5)-(8): there are no composition rules, and passwords don't expire.
#[both_databases]
async fn n_3_1_1_2_5_8_a_password_needs_no_mixture_and_never_runs_out(portal: TestPortal) {
    let mut me = alice(&portal).await;
    let mut old = PASSWORD;
    for new in [
        "onlysmalllettersofwords",
        "TWELVE GREY HERONS",
        "4091 8264 0138 7546",
    ] {
        let session = set(&portal, &me, Some(old), new, None).await.unwrap();
        me = portal.person_of(&session).await;
        old = new;
    }
    portal.advance(std::time::Duration::from_hours(24 * 365 * 20));
    portal.login("alice", old).await.unwrap();
}

#[both_databases]
async fn the_old_one_has_to_be_right(portal: TestPortal) {
    let me = alice(&portal).await;
    for old in [None, Some(""), Some("something else here")] {
        assert_eq!(
            set(&portal, &me, old, OTHER, None).await.unwrap_err(),
            SetPasswordError::WrongPassword
        );
    }
    portal.login("alice", PASSWORD).await.unwrap();
}

#[both_databases]
async fn an_old_login_is_not_enough(portal: TestPortal) {
    let me = alice(&portal).await;
    portal.advance(minutes(10));
    assert_eq!(
        set(&portal, &me, Some(PASSWORD), OTHER, None)
            .await
            .unwrap_err(),
        SetPasswordError::NotFresh
    );
}

#[both_databases]
async fn weak_ones_are_refused(portal: TestPortal) {
    let me = alice(&portal).await;
    for (weak, error) in [
        ("too short", NewPasswordError::TooShort),
        (
            "correct horse battery staple",
            NewPasswordError::Weak(PasswordWeakness::Common),
        ),
        (
            "alicealicealice",
            NewPasswordError::Weak(PasswordWeakness::Personal),
        ),
        (&"x".repeat(129), NewPasswordError::TooLong),
    ] {
        let refused = set(&portal, &me, Some(PASSWORD), weak, None)
            .await
            .unwrap_err();
        assert_eq!(refused, SetPasswordError::Password(error), "{weak}");
    }
}

#[both_databases]
async fn who_came_by_a_code_sets_a_first_one(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let session = portal.newcomer(&bot, "5").await.session;
    let me = portal.person_of(&session).await;
    let session = set(&portal, &me, None, OTHER, None).await.unwrap();
    portal.login(&me.user.username, OTHER).await.unwrap();
    // Now there is a password: a code is no longer enough, and this login has become fresh.
    let me = portal.person_of(&session).await;
    assert!(me.session.is_fresh(portal.now()));
    assert_eq!(
        set(&portal, &me, None, PASSWORD, None).await.unwrap_err(),
        SetPasswordError::WrongPassword
    );
    let code = portal.send(&bot, "5").await.unwrap().code;
    let by_code = portal.verify(code.reveal()).await.unwrap().session;
    let by_code = portal.person_of(&by_code).await;
    assert_eq!(
        set(&portal, &by_code, Some(OTHER), PASSWORD, None)
            .await
            .unwrap_err(),
        SetPasswordError::NotFresh
    );
}

#[both_databases]
async fn a_code_is_enough_for_ten_minutes(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let session = portal.newcomer(&bot, "5").await.session;
    portal.advance(minutes(10));
    let me = portal.person_of(&session).await;
    assert_eq!(
        set(&portal, &me, None, OTHER, None).await.unwrap_err(),
        SetPasswordError::NotFresh
    );
}

#[both_databases]
async fn beside_a_second_factor_it_takes_the_factor_and_may_be_shorter(portal: TestPortal) {
    let me = alice(&portal).await;
    let refused = set(&portal, &me, Some(PASSWORD), SHORT, None)
        .await
        .unwrap_err();
    assert_eq!(
        refused,
        SetPasswordError::Password(NewPasswordError::TooShort)
    );
    let key = portal.offer_totp(&me).await.unwrap().secret;
    let on = portal
        .confirm_totp(&me, &authenticator(&key, portal.now()), &client())
        .await
        .unwrap();
    portal.advance(minutes(1));
    let me = portal.person_of(&on.session).await;
    assert_eq!(
        set(&portal, &me, Some(PASSWORD), SHORT, None)
            .await
            .unwrap_err(),
        SetPasswordError::FactorMissing
    );
    let wrong = SecondFactorInput::SixDigits("000000".parse().unwrap());
    assert_eq!(
        set(&portal, &me, Some(PASSWORD), SHORT, Some(&wrong))
            .await
            .unwrap_err(),
        SetPasswordError::WrongFactor
    );
    let right = SecondFactorInput::SixDigits(authenticator(&key, portal.now()));
    set(&portal, &me, Some(PASSWORD), SHORT, Some(&right))
        .await
        .unwrap();
}

/// Only success uses up a factor, and only a wrong value counts against the session.
#[both_databases]
async fn a_wrong_password_uses_no_factor_up_and_a_missing_factor_ends_nothing(portal: TestPortal) {
    let me = alice(&portal).await;
    let key = portal.offer_totp(&me).await.unwrap().secret;
    let on = portal
        .confirm_totp(&me, &authenticator(&key, portal.now()), &client())
        .await
        .unwrap();
    let me = portal.person_of(&on.session).await;
    let recovery: SecondFactorInput =
        SecondFactorInput::parse_typed(on.recovery_codes[0].reveal()).unwrap();
    for _ in 0..6 {
        let refused = set(&portal, &me, Some(PASSWORD), OTHER, None)
            .await
            .unwrap_err();
        assert_eq!(refused, SetPasswordError::FactorMissing);
    }
    let refused = set(
        &portal,
        &me,
        Some("not my password"),
        OTHER,
        Some(&recovery),
    )
    .await
    .unwrap_err();
    assert_eq!(refused, SetPasswordError::WrongPassword);
    set(&portal, &me, Some(PASSWORD), OTHER, Some(&recovery))
        .await
        .expect("the code was not used up");
}

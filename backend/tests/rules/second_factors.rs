//! Second factors: required by every login method, single use, counted and locked (docs/contract.md,
//! Second factors).

use std::sync::Arc;

use backend::testing::{
    PASSWORD, TestPortal, authenticator, both_databases, client, client_at, cookies_of, done,
    minutes, rounds,
};
use backend::{
    LoginChannel, LoginOutcome, NewSession, PasswordLogin, Person, Portal, Problem, Proof,
    VerifyCode, Visitor,
};
use domain::{
    FactorError, FactorKind, FinishLoginError, PasswordLoginError, PermissionLevel, RecoveryCode,
    SecondFactorInput, SixDigits, VerifyCodeError,
};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const NIELS: &str = "123456789012345678";

/// Alice with an authenticator app: its secret, her recovery codes and her session.
struct Alice {
    secret: String,
    codes: Vec<RecoveryCode>,
    session: NewSession,
}

async fn person(portal: &TestPortal, session: &NewSession) -> Person {
    portal.person_of(session).await
}

async fn alice(portal: &TestPortal) -> Alice {
    portal.person("alice", PermissionLevel::User).await;
    let session = portal.login("alice", PASSWORD).await.unwrap();
    let alice = switch_on(portal, &session).await;
    // The time step of the confirming code is used up.
    portal.advance(minutes(1));
    alice
}

async fn switch_on(portal: &TestPortal, session: &NewSession) -> Alice {
    let person = person(portal, session).await;
    let offer = portal.offer_totp(&person).await.unwrap();
    let code = authenticator(&offer.secret, portal.now());
    let on = portal
        .confirm_totp(&person, &code, &client())
        .await
        .unwrap();
    Alice {
        secret: offer.secret,
        codes: on.recovery_codes,
        session: on.session,
    }
}

impl Alice {
    fn shows(&self, portal: &TestPortal) -> SecondFactorInput {
        SecondFactorInput::SixDigits(authenticator(&self.secret, portal.now()))
    }
}

fn digits(text: &str) -> SecondFactorInput {
    SecondFactorInput::SixDigits(text.parse::<SixDigits>().unwrap())
}

async fn log_in(
    portal: &Portal,
    factor: Option<&SecondFactorInput>,
) -> Result<LoginOutcome<NewSession>, Problem<PasswordLoginError>> {
    let client = client();
    portal
        .login_with_password(PasswordLogin {
            identifier: "alice",
            password: PASSWORD,
            factor,
            client: &client,
            channel: LoginChannel::Page,
        })
        .await
}

/// The challenge after a right password.
async fn challenged(portal: &Portal) -> backend::SecondFactorChallenge {
    match log_in(portal, None).await.unwrap() {
        LoginOutcome::SecondFactorRequired(step) => step,
        LoginOutcome::Done(_) => panic!("no second step"),
    }
}

async fn second_step(
    portal: &Portal,
    challenge: &backend::Token,
    factor: &SecondFactorInput,
) -> Result<NewSession, FinishLoginError> {
    portal
        .finish_login(challenge, factor, &client(), None)
        .await
        .map_err(|problem| match problem {
            Problem::Refused(error) => error,
            Problem::Failed(failure) => panic!("{failure}"),
        })
}

fn factor_error<T: std::fmt::Debug>(answer: Result<T, Problem<FactorError>>) -> FactorError {
    match answer {
        Err(Problem::Refused(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[both_databases]
async fn a_password_alone_is_not_enough_any_more(portal: TestPortal) {
    let alice = alice(&portal).await;
    let sessions = portal.count("sessions").await;
    let step = challenged(&portal).await;
    assert_eq!(portal.count("sessions").await, sessions);
    let methods: Vec<_> = step
        .methods
        .iter()
        .map(|method| (method.kind, method.enabled))
        .collect();
    assert_eq!(
        methods,
        [
            (FactorKind::Totp, true),
            (FactorKind::Email, false),
            (FactorKind::Recovery, true)
        ]
    );
    let session = second_step(&portal, &step.challenge, &alice.shows(&portal))
        .await
        .unwrap();
    person(&portal, &session).await;
    let again = second_step(&portal, &step.challenge, &digits("000000")).await;
    assert_eq!(again.unwrap_err(), FinishLoginError::Dead);
}

#[both_databases]
async fn password_and_factor_may_come_together(portal: TestPortal) {
    let alice = alice(&portal).await;
    let shown = alice.shows(&portal);
    let session = done(log_in(&portal, Some(&shown)).await.unwrap());
    person(&portal, &session).await;
    // A used code counts as a wrong one: the second step is required again.
    assert!(matches!(
        log_in(&portal, Some(&shown)).await.unwrap(),
        LoginOutcome::SecondFactorRequired(_)
    ));
}

#[both_databases]
async fn a_challenge_waits_ten_minutes(portal: TestPortal) {
    let alice = alice(&portal).await;
    let step = challenged(&portal).await;
    portal.advance(minutes(10));
    let late = second_step(&portal, &step.challenge, &alice.shows(&portal)).await;
    assert_eq!(late.unwrap_err(), FinishLoginError::Dead);
    assert!(
        portal
            .pending_login(&step.challenge)
            .await
            .unwrap()
            .is_none()
    );
}

#[both_databases]
async fn a_code_used_twice_at_once_wins_once(portal: TestPortal) {
    let alice = alice(&portal).await;
    let servers = [
        portal.share(),
        Arc::new(portal.second_server().await.unwrap()),
    ];
    for round in 0..rounds() {
        portal.advance(minutes(1));
        let shown = alice.shows(&portal);
        let barrier = Arc::new(Barrier::new(4));
        let mut racers = JoinSet::new();
        for task in 0..4 {
            let (server, shown, barrier) =
                (servers[task % 2].clone(), shown.clone(), barrier.clone());
            racers.spawn(async move {
                barrier.wait().await;
                matches!(
                    log_in(&server, Some(&shown)).await,
                    Ok(LoginOutcome::Done(_))
                )
            });
        }
        let won = racers
            .join_all()
            .await
            .into_iter()
            .filter(|won| *won)
            .count();
        assert_eq!(won, 1, "round {round}");
        // The losers counted as wrong attempts, which this race isn't about.
        portal.execute("delete from factor_attempts").await;
    }
}

#[both_databases]
async fn after_five_wrong_ones_even_a_right_one_waits(portal: TestPortal) {
    let alice = alice(&portal).await;
    let step = challenged(&portal).await;
    for _ in 0..5 {
        let wrong = second_step(&portal, &step.challenge, &digits("000000")).await;
        assert_eq!(wrong.unwrap_err(), FinishLoginError::WrongFactor);
    }
    // A right password doesn't reset the limit.
    let step = challenged(&portal).await;
    let lost = portal
        .count("audit_log where event_type = 'login.failed'")
        .await;
    let waits = second_step(&portal, &step.challenge, &alice.shows(&portal)).await;
    assert_eq!(
        waits.unwrap_err(),
        FinishLoginError::TooManyFactorAttempts {
            retry_after: minutes(15)
        }
    );
    assert_eq!(
        portal
            .count("audit_log where event_type = 'login.failed'")
            .await,
        lost + 1
    );
    assert!(matches!(
        log_in(&portal, Some(&alice.shows(&portal))).await,
        Err(Problem::Refused(
            PasswordLoginError::TooManyFactorAttempts { .. }
        ))
    ));
    portal.advance(minutes(15));
    let step = challenged(&portal).await;
    second_step(&portal, &step.challenge, &alice.shows(&portal))
        .await
        .unwrap();
}

#[both_databases]
async fn twenty_wrong_ones_in_a_row_lock_the_factor_until_a_recovery_code(portal: TestPortal) {
    let alice = alice(&portal).await;
    for _ in 0..4 {
        let step = challenged(&portal).await;
        for _ in 0..5 {
            second_step(&portal, &step.challenge, &digits("000000"))
                .await
                .unwrap_err();
        }
        portal.advance(minutes(16));
    }
    let step = challenged(&portal).await;
    assert!(!step.methods[0].enabled, "locked");
    let locked = second_step(&portal, &step.challenge, &alice.shows(&portal)).await;
    assert_eq!(locked.unwrap_err(), FinishLoginError::WrongFactor);
    let recovery = SecondFactorInput::Recovery(alice.codes[3].clone());
    second_step(&portal, &step.challenge, &recovery)
        .await
        .unwrap();
    portal.advance(minutes(1));
    let step = challenged(&portal).await;
    assert!(step.methods[0].enabled, "open again");
    second_step(&portal, &step.challenge, &alice.shows(&portal))
        .await
        .unwrap();
}

/// NIST SP 800-63B-4 3.2.2.
#[both_databases]
async fn a_right_password_clears_no_factors_row(portal: TestPortal) {
    alice(&portal).await;
    for _ in 0..4 {
        log_in(&portal, Some(&digits("000000"))).await.unwrap();
    }
    challenged(&portal).await;
    assert_eq!(
        portal.count("factors where consecutive_failures = 4").await,
        1
    );
    log_in(&portal, Some(&digits("000000"))).await.unwrap();
    assert_eq!(
        portal.count("factors where consecutive_failures = 5").await,
        1
    );
    let waits = log_in(&portal, Some(&digits("000000"))).await;
    assert!(
        matches!(
            waits,
            Err(Problem::Refused(
                PasswordLoginError::TooManyFactorAttempts { .. }
            ))
        ),
        "{waits:?}"
    );
}

#[both_databases]
async fn a_recovery_code_works_once(portal: TestPortal) {
    let alice = alice(&portal).await;
    assert_eq!(alice.codes.len(), 10);
    let shown = SecondFactorInput::Recovery(alice.codes[0].clone());
    let session = done(log_in(&portal, Some(&shown)).await.unwrap());
    assert!(matches!(
        log_in(&portal, Some(&shown)).await.unwrap(),
        LoginOutcome::SecondFactorRequired(_)
    ));
    let factors = portal
        .factors(&person(&portal, &session).await)
        .await
        .unwrap();
    assert_eq!(factors.recovery_codes_left, 9);
}

#[both_databases]
async fn somebody_elses_recovery_code_is_of_no_use(portal: TestPortal) {
    alice(&portal).await;
    portal.person("mallory", PermissionLevel::User).await;
    let mallory = portal.login("mallory", PASSWORD).await.unwrap();
    let mallory = switch_on(&portal, &mallory).await;
    let step = challenged(&portal).await;
    let wrong = second_step(
        &portal,
        &step.challenge,
        &SecondFactorInput::Recovery(mallory.codes[0].clone()),
    )
    .await;
    assert_eq!(wrong.unwrap_err(), FinishLoginError::WrongFactor);
}

#[both_databases]
async fn codes_of_platforms_ask_for_it_too(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let alice = alice(&portal).await;
    let id = person(&portal, &alice.session).await.user.id;
    portal.link(id, "discord", NIELS).await;
    for web in [true, false] {
        portal.advance(minutes(1));
        let code = if web {
            portal.ask("discord", NIELS).await.unwrap();
            portal.carry(&bot, NIELS).await.unwrap().remove(0).code
        } else {
            portal.send(&bot, NIELS).await.unwrap().code
        };
        let here = client();
        let request = |factor| VerifyCode {
            code: code.reveal(),
            identity: None,
            factor,
            client: &here,
            browser: None,
        };
        let LoginOutcome::SecondFactorRequired(step) =
            portal.verify_code(request(None)).await.unwrap()
        else {
            panic!("no second step")
        };
        // The second step of a web code doesn't work from another network.
        let shown = alice.shows(&portal);
        let elsewhere = portal
            .finish_login(&step.challenge, &shown, &client_at("198.51.100.9"), None)
            .await;
        assert_eq!(elsewhere.is_err(), web);
        if web {
            // The code is still pending, and works together with the factor.
            done(portal.verify_code(request(Some(&shown))).await.unwrap());
        }
        let used = portal.verify_code(request(None)).await;
        assert!(matches!(
            used,
            Err(Problem::Refused(VerifyCodeError::InvalidOrExpired))
        ));
    }
}

#[both_databases]
async fn a_code_dies_after_five_wrong_factors(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let alice = alice(&portal).await;
    let id = person(&portal, &alice.session).await.user.id;
    portal.link(id, "discord", NIELS).await;
    let code = portal.send(&bot, NIELS).await.unwrap().code;
    let here = client();
    let wrong = digits("000000");
    for _ in 0..5 {
        let request = VerifyCode {
            code: code.reveal(),
            identity: None,
            factor: Some(&wrong),
            client: &here,
            browser: None,
        };
        assert!(matches!(
            portal.verify_code(request).await.unwrap(),
            LoginOutcome::SecondFactorRequired(_)
        ));
    }
    portal.execute("delete from factor_attempts").await;
    let shown = alice.shows(&portal);
    let request = VerifyCode {
        code: code.reveal(),
        identity: None,
        factor: Some(&shown),
        client: &here,
        browser: None,
    };
    assert!(matches!(
        portal.verify_code(request).await,
        Err(Problem::Refused(VerifyCodeError::InvalidOrExpired))
    ));
    // A right code costs no attempt, whatever factor came with it.
    assert_eq!(portal.count("code_attempts").await, 1);
}

#[both_databases]
async fn a_restriction_closes_the_second_step_too(portal: TestPortal) {
    let alice = alice(&portal).await;
    let step = challenged(&portal).await;
    portal.ban("alice").await;
    let banned = second_step(&portal, &step.challenge, &alice.shows(&portal)).await;
    assert_eq!(banned.unwrap_err(), FinishLoginError::Restricted);
}

#[both_databases]
async fn switching_on_ends_other_sessions_and_renews_the_own(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let other = portal.login("alice", PASSWORD).await.unwrap();
    let own = portal.login("alice", PASSWORD).await.unwrap();
    let alice = switch_on(&portal, &own).await;
    for old in [&other, &own] {
        assert!(matches!(
            portal.visitor(&cookies_of(old)).await,
            Visitor::Anonymous
        ));
    }
    let me = person(&portal, &alice.session).await;
    assert!(me.user.second_factor_at.is_some());
    assert_eq!(
        factor_error(portal.offer_totp(&me).await.map(drop)),
        FactorError::AlreadyOn
    );
}

#[both_databases]
async fn switching_on_takes_a_right_code(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let session = portal.login("alice", PASSWORD).await.unwrap();
    let me = person(&portal, &session).await;
    let code = "000000".parse().unwrap();
    assert_eq!(
        factor_error(portal.confirm_totp(&me, &code, &client()).await),
        FactorError::NotOn
    );
    let offer = portal.offer_totp(&me).await.unwrap();
    assert!(
        offer
            .otpauth_url
            .starts_with("otpauth://totp/Portal:alice?secret=")
    );
    assert!(offer.qr_svg.contains("<svg"));
    assert_eq!(
        factor_error(portal.confirm_totp(&me, &code, &client()).await),
        FactorError::WrongFactor
    );
    // The offer stays the same until it expires.
    assert_eq!(
        portal.open_totp_offer(&me).await.unwrap().unwrap().secret,
        offer.secret
    );
    assert!(
        person(&portal, &session)
            .await
            .user
            .second_factor_at
            .is_none()
    );
    portal.advance(minutes(10));
    assert!(portal.open_totp_offer(&me).await.unwrap().is_none());
    let code = authenticator(&offer.secret, portal.now());
    assert_eq!(
        factor_error(portal.confirm_totp(&me, &code, &client()).await),
        FactorError::NotOn
    );
    assert_eq!(
        factor_error(portal.offer_totp(&me).await.map(drop)),
        FactorError::NotFresh
    );
}

#[both_databases]
async fn a_code_of_a_platform_counts_for_the_first_factor_only(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let session = portal.newcomer(&bot, NIELS).await.session;
    let first = switch_on(&portal, &session).await;
    portal.advance(minutes(11));
    let me = person(&portal, &first.session).await;
    let shown = first.shows(&portal);
    let refused = portal
        .remove_factor(&me, FactorKind::Totp, &shown, &client())
        .await;
    assert_eq!(factor_error(refused), FactorError::NotFresh);
    // The account has no password, so the factor makes the login fresh.
    portal
        .confirm(&me, &Proof::Factor(shown), &client())
        .await
        .unwrap();
    portal.advance(minutes(1));
    let me = person(&portal, &first.session).await;
    let session = portal
        .remove_factor(&me, FactorKind::Totp, &first.shows(&portal), &client())
        .await
        .unwrap();
    assert!(
        person(&portal, &session)
            .await
            .user
            .second_factor_at
            .is_none()
    );
    assert_eq!(portal.count("recovery_codes").await, 0);
}

#[both_databases]
async fn switching_off_takes_a_factor(portal: TestPortal) {
    let alice = alice(&portal).await;
    let me = person(&portal, &alice.session).await;
    let wrong = portal
        .remove_factor(&me, FactorKind::Totp, &digits("000000"), &client())
        .await;
    assert_eq!(factor_error(wrong), FactorError::WrongFactor);
    let session = portal
        .remove_factor(&me, FactorKind::Totp, &alice.shows(&portal), &client())
        .await
        .unwrap();
    drop(session);
    done(log_in(&portal, None).await.unwrap());
    let log = portal.audit_log().await;
    let said: Vec<&str> = log
        .iter()
        .map(|(event, _)| event.as_str())
        .filter(|event| event.starts_with("factor."))
        .collect();
    assert_eq!(said, ["factor.added", "factor.removed"]);
}

#[both_databases]
async fn new_recovery_codes_end_the_old_ones(portal: TestPortal) {
    let alice = alice(&portal).await;
    let me = person(&portal, &alice.session).await;
    let renewed = portal
        .renew_recovery_codes(&me, &alice.shows(&portal), &client())
        .await
        .unwrap();
    portal.advance(minutes(1));
    let old = SecondFactorInput::Recovery(alice.codes[0].clone());
    assert!(matches!(
        log_in(&portal, Some(&old)).await.unwrap(),
        LoginOutcome::SecondFactorRequired(_)
    ));
    let new = SecondFactorInput::Recovery(renewed.recovery_codes[0].clone());
    done(log_in(&portal, Some(&new)).await.unwrap());
}

#[both_databases]
async fn no_secret_of_a_factor_is_stored_in_the_clear(portal: TestPortal) {
    let alice = alice(&portal).await;
    let stored = portal.stored_factors().await;
    assert!(stored.len() > 10);
    for row in stored {
        for secret in alice
            .codes
            .iter()
            .map(RecoveryCode::reveal)
            .chain([alice.secret.as_str()])
        {
            assert!(
                !row.windows(secret.len())
                    .any(|part| part == secret.as_bytes())
            );
        }
    }
}

#[both_databases]
async fn a_note_opens_in_its_own_session_only(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let one = person(&portal, &portal.login("alice", PASSWORD).await.unwrap()).await;
    let other = person(&portal, &portal.login("alice", PASSWORD).await.unwrap()).await;
    let note = portal.seal_flash(&one, "abcde fghij").unwrap();
    assert_eq!(
        portal.open_flash(&one, &note).as_deref(),
        Some("abcde fghij")
    );
    for (person, note) in [
        (&other, note.as_str()),
        (&one, &note[1..]),
        (&one, ""),
        (&one, "%%%"),
    ] {
        assert_eq!(portal.open_flash(person, note), None);
    }
}

/// A session started with a stolen bot code can neither see the secret of an offer made in another
/// session nor confirm its own.
#[both_databases]
async fn an_offer_is_for_the_session_it_was_made_in(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.person("alice", PermissionLevel::User).await;
    let own = portal.login("alice", PASSWORD).await.unwrap();
    let me = person(&portal, &own).await;
    portal.link(me.user.id, "discord", NIELS).await;
    let code = portal.send(&bot, NIELS).await.unwrap().code;
    let stolen = portal.verify(code.reveal()).await.unwrap().session;
    let thief = person(&portal, &stolen).await;
    assert_eq!(
        factor_error(portal.offer_totp(&thief).await.map(drop)),
        FactorError::NotFresh
    );
    let offer = portal.offer_totp(&me).await.unwrap();
    assert!(portal.open_totp_offer(&thief).await.unwrap().is_none());
    let code = authenticator(&offer.secret, portal.now());
    assert_eq!(
        factor_error(portal.confirm_totp(&thief, &code, &client()).await),
        FactorError::NotOn
    );
    portal.confirm_totp(&me, &code, &client()).await.unwrap();
}

#[both_databases]
async fn only_the_last_offer_can_be_confirmed(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let session = portal.login("alice", PASSWORD).await.unwrap();
    let me = person(&portal, &session).await;
    let first = portal.offer_totp(&me).await.unwrap();
    let second = portal.offer_totp(&me).await.unwrap();
    let code = authenticator(&first.secret, portal.now());
    assert_eq!(
        factor_error(portal.confirm_totp(&me, &code, &client()).await),
        FactorError::WrongFactor
    );
    let code = authenticator(&second.secret, portal.now());
    portal.confirm_totp(&me, &code, &client()).await.unwrap();
}

#[both_databases]
async fn wrong_recovery_codes_do_not_shut_the_right_one_out(portal: TestPortal) {
    let alice = alice(&portal).await;
    let step = challenged(&portal).await;
    for _ in 0..10 {
        let wrong: RecoveryCode = "11111111111111111111".parse().unwrap();
        let refused = second_step(
            &portal,
            &step.challenge,
            &SecondFactorInput::Recovery(wrong),
        )
        .await;
        assert_eq!(refused.unwrap_err(), FinishLoginError::WrongFactor);
    }
    let right = SecondFactorInput::Recovery(alice.codes[0].clone());
    second_step(&portal, &step.challenge, &right).await.unwrap();
}

/// The fifth wrong factor ends the session, in every route (docs/API.md).
#[both_databases]
async fn a_stolen_session_can_not_guess_a_factor(portal: TestPortal) {
    let alice = alice(&portal).await;
    let me = person(&portal, &alice.session).await;
    let wrong = SecondFactorInput::SixDigits("000000".parse().unwrap());
    for n in 0..5 {
        assert!(
            matches!(
                portal.visitor(&cookies_of(&alice.session)).await,
                Visitor::SignedIn(_)
            ),
            "{n}"
        );
        let shown = portal
            .remove_factor(&me, FactorKind::Totp, &wrong, &client())
            .await;
        assert!(
            matches!(shown, Err(Problem::Refused(FactorError::WrongFactor))),
            "{n}"
        );
    }
    assert!(!matches!(
        portal.visitor(&cookies_of(&alice.session)).await,
        Visitor::SignedIn(_)
    ));
}

#[both_databases]
async fn a_stolen_session_can_not_guess_the_password(portal: TestPortal) {
    portal.person("alice", PermissionLevel::User).await;
    let stolen = portal.login("alice", PASSWORD).await.unwrap();
    let thief = person(&portal, &stolen).await;
    let place = client_at("198.51.100.7");
    for _ in 0..5 {
        assert!(
            portal
                .confirm(&thief, &Proof::Password("not it at all"), &place)
                .await
                .is_err()
        );
    }
    assert!(matches!(
        portal.visitor(&cookies_of(&stolen)).await,
        Visitor::Anonymous
    ));
    // A right one is too late, and no other session is affected.
    portal.advance(minutes(1));
    assert!(
        portal
            .confirm(&thief, &Proof::Password(PASSWORD), &place)
            .await
            .is_err()
    );
    portal.login("alice", PASSWORD).await.unwrap();
}

/// A login by code that races with enabling a factor never leaves a session without it.
#[both_databases]
async fn no_login_slips_past_the_switching_on(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    portal.person("alice", PermissionLevel::User).await;
    let servers = [
        portal.share(),
        Arc::new(portal.second_server().await.unwrap()),
    ];
    let id = person(&portal, &portal.login("alice", PASSWORD).await.unwrap())
        .await
        .user
        .id;
    portal.link(id, "discord", NIELS).await;
    for round in 0..rounds() {
        portal.advance(minutes(1));
        portal
            .execute("update users set bot_logins = 0, second_factor_at = null")
            .await;
        portal.execute("delete from factors").await;
        let session = portal.login("alice", PASSWORD).await.unwrap();
        let me = person(&portal, &session).await;
        let offer = portal.offer_totp(&me).await.unwrap();
        let code = portal.send(&bot, NIELS).await.unwrap().code;
        let barrier = Arc::new(Barrier::new(2));
        let (server, gate) = (servers[1].clone(), barrier.clone());
        let login = tokio::spawn(async move {
            gate.wait().await;
            let here = client();
            let request = VerifyCode {
                code: code.reveal(),
                identity: None,
                factor: None,
                client: &here,
                browser: None,
            };
            server.verify_code(request).await.unwrap()
        });
        barrier.wait().await;
        let shown = authenticator(&offer.secret, portal.now());
        portal.confirm_totp(&me, &shown, &client()).await.unwrap();
        if let LoginOutcome::Done(login) = login.await.unwrap() {
            let visitor = portal.visitor(&cookies_of(&login.session)).await;
            assert!(matches!(visitor, Visitor::Anonymous), "round {round}");
        }
    }
}

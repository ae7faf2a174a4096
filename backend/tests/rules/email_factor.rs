//! Email codes as a second factor: bound to one login or session, single use, valid for ten minutes
//! (docs/contract.md, Second factors).

use std::sync::Arc;
use std::time::Duration;

use backend::testing::{
    PASSWORD, TestPortal, authenticator, both_databases, client, client_at, cookies_of, done,
    minutes, rounds,
};
use backend::{
    CodeFor, EmailFactor, LoginChannel, LoginOutcome, NewSession, PasswordLogin, Person, Portal,
    Problem, Proof, Recover, Recovery, SentCode, SetEmail, SetPassword, Token, VerifyCode, Visitor,
};
use domain::{
    Client, FactorError, FactorKind, FinishLoginError, PermissionLevel, RecoveryCode,
    SecondFactorInput, SendCodeError, SetEmailError,
};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const EMAIL: &str = "alice@example.org";

/// Alice with email codes enabled.
struct Alice {
    session: NewSession,
    codes: Vec<RecoveryCode>,
}

fn refusal<E>(problem: Problem<E>) -> E {
    match problem {
        Problem::Refused(error) => error,
        Problem::Failed(failure) => panic!("{failure}"),
    }
}

/// Alice logged in, with a verified address.
async fn with_address(portal: &TestPortal) -> Person {
    portal.person("alice", PermissionLevel::User).await;
    let session = portal.login("alice", PASSWORD).await.unwrap();
    let person = portal.person_of(&session).await;
    let (email, client) = (EMAIL.parse().unwrap(), client());
    let request = SetEmail {
        person: &person,
        email: &email,
        factor: None,
        client: &client,
    };
    portal.set_email(request).await.unwrap();
    confirm_link(portal, EMAIL).await;
    portal.person_of(&session).await
}

async fn confirm_link(portal: &TestPortal, email: &str) {
    let link = portal.last_mail_to(email).await.link();
    let token = link.rsplit('/').next().unwrap().parse().unwrap();
    portal.confirm_email(&token, &client()).await.unwrap();
}

async fn alice(portal: &TestPortal) -> Alice {
    let person = with_address(portal).await;
    let on = portal.enable_email_factor(&person, None, &client()).await;
    let on = on.unwrap();
    Alice {
        codes: on.recovery_codes.expect("codes with the first factor"),
        session: on.session,
    }
}

/// Enables an authenticator app as well, and returns its key.
async fn with_app(portal: &TestPortal, alice: &mut Alice) -> String {
    let person = portal.person_of(&alice.session).await;
    let offer = portal.offer_totp(&person).await.unwrap();
    let code = authenticator(&offer.secret, portal.now());
    let shown = SecondFactorInput::Recovery(alice.codes.remove(0));
    let on = portal
        .confirm_totp_beside(&person, &code, Some(&shown), &client())
        .await
        .unwrap();
    alice.session = on.session;
    alice.codes = on.recovery_codes;
    portal.advance(minutes(1));
    offer.secret
}

async fn log_in(
    portal: &Portal,
    factor: Option<&SecondFactorInput>,
    client: &Client,
) -> LoginOutcome<NewSession> {
    let request = PasswordLogin {
        identifier: "alice",
        password: PASSWORD,
        factor,
        client,
        channel: LoginChannel::Page,
    };
    portal
        .login_with_password(request)
        .await
        .map_err(refusal)
        .unwrap()
}

async fn challenged(portal: &Portal) -> Token {
    match log_in(portal, None, &client()).await {
        LoginOutcome::SecondFactorRequired(step) => step.challenge,
        LoginOutcome::Done(_) => panic!("no second step"),
    }
}

async fn send(portal: &Portal, whom: CodeFor<'_>) -> Result<SentCode, SendCodeError> {
    portal
        .send_email_code(whom, &client())
        .await
        .map_err(refusal)
}

/// Has a code sent and reads it from the email.
async fn code(portal: &TestPortal, whom: CodeFor<'_>) -> SecondFactorInput {
    send(portal, whom).await.unwrap();
    // Emails of the same moment have no defined order.
    portal.advance(Duration::from_secs(1));
    digits(&portal.last_code_to(EMAIL).await)
}

fn digits(text: &str) -> SecondFactorInput {
    text.parse().unwrap()
}

/// Any other six digits.
fn other_than(code: &SecondFactorInput) -> SecondFactorInput {
    let wrong = if *code == digits("000000") {
        "000001"
    } else {
        "000000"
    };
    digits(wrong)
}

async fn second_step(
    portal: &Portal,
    challenge: &Token,
    factor: &SecondFactorInput,
) -> Result<NewSession, FinishLoginError> {
    let done = portal
        .finish_login(challenge, factor, &client(), None)
        .await;
    done.map_err(refusal)
}

async fn is_enabled(portal: &Portal, challenge: &Token, kind: FactorKind) -> bool {
    let waiting = portal.pending_login(challenge).await.unwrap().unwrap();
    let mut methods = waiting.methods.iter();
    methods.any(|method| method.kind == kind && method.enabled)
}

#[both_databases]
async fn a_code_by_mail_is_the_second_step(portal: TestPortal) {
    let alice = alice(&portal).await;
    assert_eq!(alice.codes.len(), 10);
    let challenge = challenged(&portal).await;
    assert!(is_enabled(&portal, &challenge, FactorKind::Email).await);
    assert!(!is_enabled(&portal, &challenge, FactorKind::Totp).await);
    assert_eq!(
        portal
            .pending_login(&challenge)
            .await
            .unwrap()
            .unwrap()
            .sent_code,
        None
    );
    let sent = send(&portal, CodeFor::Login(&challenge)).await.unwrap();
    assert_eq!(
        (sent.to.as_str(), sent.expires_at),
        ("a***@example.org", portal.now() + minutes(10))
    );
    assert_eq!(
        portal
            .pending_login(&challenge)
            .await
            .unwrap()
            .unwrap()
            .sent_code,
        Some(sent)
    );
    let shown = digits(&portal.last_code_to(EMAIL).await);
    let session = second_step(&portal, &challenge, &shown).await.unwrap();
    portal.person_of(&session).await;
    assert_eq!(portal.texts("select second_factor from sessions where ended_at is null and second_factor is not null").await, ["email"]);
    let log = portal.audit_log().await;
    assert_eq!(
        log.iter()
            .filter(|(event, _)| event == "factor.code_sent")
            .count(),
        1
    );
    assert!(log.contains(&(
        "factor.added".to_owned(),
        r#"{"factor":"email"}"#.to_owned()
    )));
    // A code works once.
    let challenge = challenged(&portal).await;
    let again = second_step(&portal, &challenge, &shown).await;
    assert_eq!(again.unwrap_err(), FinishLoginError::WrongFactor);
}

#[both_databases]
async fn it_takes_a_confirmed_address_and_a_fresh_login(portal: TestPortal) {
    let enable = async |person: &Person, shown: Option<&SecondFactorInput>| {
        portal
            .enable_email_factor(person, shown, &client())
            .await
            .map(drop)
            .map_err(refusal)
    };
    portal.person("bob", PermissionLevel::User).await;
    let bob = portal.login("bob", PASSWORD).await.unwrap();
    let bob = portal.person_of(&bob).await;
    assert_eq!(enable(&bob, None).await, Err(FactorError::NoEmail));
    let (email, client) = ("bob@example.org".parse().unwrap(), client());
    portal
        .set_email(SetEmail {
            person: &bob,
            email: &email,
            factor: None,
            client: &client,
        })
        .await
        .unwrap();
    // An address that isn't verified doesn't count.
    assert_eq!(enable(&bob, None).await, Err(FactorError::NoEmail));
    let alice = with_address(&portal).await;
    portal.advance(minutes(10));
    assert_eq!(enable(&alice, None).await, Err(FactorError::NotFresh));
    portal
        .confirm(&alice, &Proof::Password(PASSWORD), &client)
        .await
        .unwrap();
    let session = portal.login("alice", PASSWORD).await.unwrap();
    let alice = portal.person_of(&session).await;
    let other = portal.login("alice", PASSWORD).await.unwrap();
    let on = portal
        .enable_email_factor(&alice, None, &client)
        .await
        .unwrap();
    // All other sessions end; the current one gets new secrets.
    for old in [&session, &other] {
        assert!(matches!(
            portal.visitor(&cookies_of(old)).await,
            Visitor::Anonymous
        ));
    }
    let alice = portal.person_of(&on.session).await;
    assert!(alice.user.second_factor_at.is_some());
    assert_eq!(enable(&alice, None).await, Err(FactorError::AlreadyOn));
}

#[both_databases]
async fn another_factor_is_added_only_by_the_one_that_is_on(portal: TestPortal) {
    let person = with_address(&portal).await;
    let offer = portal.offer_totp(&person).await.unwrap();
    let now = authenticator(&offer.secret, portal.now());
    let on = portal.confirm_totp(&person, &now, &client()).await.unwrap();
    portal.advance(minutes(1));
    let person = portal.person_of(&on.session).await;
    let refused = portal.enable_email_factor(&person, None, &client()).await;
    assert_eq!(refusal(refused.unwrap_err()), FactorError::FactorMissing);
    let wrong = portal
        .enable_email_factor(&person, Some(&digits("000000")), &client())
        .await;
    assert_eq!(refusal(wrong.unwrap_err()), FactorError::WrongFactor);
    let shown = SecondFactorInput::SixDigits(authenticator(&offer.secret, portal.now()));
    let both = portal
        .enable_email_factor(&person, Some(&shown), &client())
        .await
        .unwrap();
    assert!(both.recovery_codes.is_none(), "the ones there are stay");
    let person = portal.person_of(&both.session).await;
    assert_eq!(
        portal.factors(&person).await.unwrap().recovery_codes_left,
        10
    );

    // Conversely, a stranger who knows the password can't add an app of their own.
    portal.advance(minutes(1));
    let shown = SecondFactorInput::SixDigits(authenticator(&offer.secret, portal.now()));
    let left = portal
        .remove_factor(&person, FactorKind::Totp, &shown, &client())
        .await
        .unwrap();
    let person = portal.person_of(&left).await;
    let offer = portal.offer_totp(&person).await.unwrap();
    let new = authenticator(&offer.secret, portal.now());
    let refused = portal.confirm_totp(&person, &new, &client()).await;
    assert_eq!(refusal(refused.unwrap_err()), FactorError::FactorMissing);
    let shown = code(&portal, CodeFor::Session(&person)).await;
    let new = authenticator(&offer.secret, portal.now());
    portal
        .confirm_totp_beside(&person, &new, Some(&shown), &client())
        .await
        .unwrap();
}

#[both_databases]
async fn a_code_works_in_its_own_place_alone(portal: TestPortal) {
    let alice = alice(&portal).await;
    let person = portal.person_of(&alice.session).await;
    let (one, two) = (challenged(&portal).await, challenged(&portal).await);
    let for_one = code(&portal, CodeFor::Login(&one)).await;
    // A code isn't valid in another login or session of the same person.
    assert_eq!(
        second_step(&portal, &two, &for_one).await.unwrap_err(),
        FinishLoginError::WrongFactor
    );
    let wrong = portal
        .confirm(&person, &Proof::Factor(for_one.clone()), &client())
        .await;
    assert!(wrong.is_err());
    let for_session = code(&portal, CodeFor::Session(&person)).await;
    assert_eq!(
        second_step(&portal, &one, &for_session).await.unwrap_err(),
        FinishLoginError::WrongFactor
    );
    // None of these counted as an attempt at the right code.
    second_step(&portal, &one, &for_one).await.unwrap();
    portal
        .confirm(&person, &Proof::Factor(for_session), &client())
        .await
        .unwrap();
}

#[both_databases]
async fn it_does_not_stand_beside_a_link_that_came_by_mail_too(portal: TestPortal) {
    let mut alice = alice(&portal).await;
    let key = with_app(&portal, &mut alice).await;
    let person = portal.person_of(&alice.session).await;
    let waiting = challenged(&portal).await;
    let for_login = code(&portal, CodeFor::Login(&waiting)).await;
    let for_session = code(&portal, CodeFor::Session(&person)).await;
    portal.request_recovery("alice", &client()).await.unwrap();
    portal.advance(Duration::from_secs(1));
    let link = portal.last_mail_to(EMAIL).await.link();
    let token: Token = link.rsplit('/').next().unwrap().parse().unwrap();
    let client = client();
    let recover = async |factor: &SecondFactorInput| {
        let request = Recover {
            token: &token,
            new: "a heron waits by green water",
            factor: Some(factor),
            client: &client,
        };
        portal.recover(request).await.map_err(refusal).unwrap()
    };
    let mails_alone = [
        for_login.clone(),
        for_login.clone().mailed(),
        for_session.mailed(),
    ];
    for by_mail in mails_alone {
        match recover(&by_mail).await {
            Recovery::FactorWrong(methods) => {
                assert!(
                    methods
                        .iter()
                        .all(|method| method.kind != FactorKind::Email)
                );
            }
            other => panic!("{by_mail:?}: {other:?}"),
        }
    }
    // Nor did these use up a code.
    second_step(&portal, &waiting, &for_login).await.unwrap();
    let of_app = SecondFactorInput::SixDigits(authenticator(&key, portal.now()));
    assert_eq!(recover(&of_app).await, Recovery::Done);
}

#[both_databases]
async fn a_program_shows_it_together_with_the_password(portal: TestPortal) {
    alice(&portal).await;
    let challenge = challenged(&portal).await;
    let shown = code(&portal, CodeFor::Login(&challenge)).await;
    // A code is bound to the network that requested it.
    let elsewhere = client_at("198.51.100.9");
    assert!(matches!(
        log_in(&portal, Some(&shown), &elsewhere).await,
        LoginOutcome::SecondFactorRequired(_)
    ));
    done(log_in(&portal, Some(&shown), &client()).await);
    assert!(matches!(
        log_in(&portal, Some(&shown), &client()).await,
        LoginOutcome::SecondFactorRequired(_)
    ));
}

#[both_databases]
async fn codes_of_platforms_take_it_too(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let alice = alice(&portal).await;
    let id = portal.person_of(&alice.session).await.user.id;
    portal.link(id, "discord", "5").await;
    let platform_code = portal.send(&bot, "5").await.unwrap().code;
    let here = client();
    let request = |factor| VerifyCode {
        code: platform_code.reveal(),
        identity: None,
        factor,
        client: &here,
        browser: None,
    };
    let LoginOutcome::SecondFactorRequired(step) = portal.verify_code(request(None)).await.unwrap()
    else {
        panic!("no second step")
    };
    let shown = code(&portal, CodeFor::Login(&step.challenge)).await;
    done(portal.verify_code(request(Some(&shown))).await.unwrap());
}

#[both_databases]
async fn a_code_lives_ten_minutes_until_the_next_one_or_five_wrong_tries(portal: TestPortal) {
    alice(&portal).await;
    let challenge = challenged(&portal).await;
    let first = code(&portal, CodeFor::Login(&challenge)).await;
    let second = code(&portal, CodeFor::Login(&challenge)).await;
    if first != second {
        assert_eq!(
            second_step(&portal, &challenge, &first).await.unwrap_err(),
            FinishLoginError::WrongFactor
        );
    }
    // Five wrong attempts invalidate the code. They count for the person too, which isn't tested
    // here.
    portal
        .execute("update email_codes set failed_attempts = 0")
        .await;
    portal.execute("delete from factor_attempts").await;
    for _ in 0..5 {
        second_step(&portal, &challenge, &other_than(&second))
            .await
            .unwrap_err();
    }
    portal.execute("delete from factor_attempts").await;
    assert_eq!(
        second_step(&portal, &challenge, &second).await.unwrap_err(),
        FinishLoginError::WrongFactor
    );
    assert_eq!(
        portal
            .pending_login(&challenge)
            .await
            .unwrap()
            .unwrap()
            .sent_code,
        None
    );

    portal.advance(minutes(10));
    let challenge = challenged(&portal).await;
    send(&portal, CodeFor::Login(&challenge)).await.unwrap();
    let late = digits(&portal.last_code_to(EMAIL).await);
    portal.advance(Duration::from_secs(599));
    second_step(&portal, &challenge, &late).await.unwrap();
    let person = portal.person_of(&logged_in(&portal).await).await;
    portal.execute("delete from rate_limit_events").await;
    send(&portal, CodeFor::Session(&person)).await.unwrap();
    let late = digits(&portal.last_code_to(EMAIL).await);
    portal.advance(minutes(10));
    assert!(
        portal
            .confirm(&person, &Proof::Factor(late), &client())
            .await
            .is_err()
    );
    portal.clean_up().await.unwrap();
    assert_eq!(portal.count("email_codes").await, 0);
}

#[both_databases]
async fn a_code_used_twice_at_once_wins_once(portal: TestPortal) {
    alice(&portal).await;
    let servers = [
        portal.share(),
        Arc::new(portal.second_server().await.unwrap()),
    ];
    for round in 0..rounds() {
        let challenge = challenged(&portal).await;
        let shown = code(&portal, CodeFor::Login(&challenge)).await;
        let barrier = Arc::new(Barrier::new(4));
        let mut racers = JoinSet::new();
        for task in 0..4 {
            let (server, shown, challenge, barrier) = (
                servers[task % 2].clone(),
                shown.clone(),
                challenge.clone(),
                barrier.clone(),
            );
            racers.spawn(async move {
                barrier.wait().await;
                // At the second step, and together with the password.
                if task < 2 {
                    second_step(&server, &challenge, &shown).await.is_ok()
                } else {
                    let here = client();
                    let request = PasswordLogin {
                        identifier: "alice",
                        password: PASSWORD,
                        factor: Some(&shown),
                        client: &here,
                        channel: LoginChannel::Program,
                    };
                    matches!(
                        server.login_with_password(request).await,
                        Ok(LoginOutcome::Done(_))
                    )
                }
            });
        }
        let won = racers
            .join_all()
            .await
            .into_iter()
            .filter(|won| *won)
            .count();
        assert_eq!(won, 1, "round {round}");
        portal.execute("delete from factor_attempts").await;
        portal.execute("delete from rate_limit_events").await;
        portal
            .execute("update factors set consecutive_failures = 0, locked_at = null")
            .await;
    }
}

#[both_databases]
async fn a26_codes_are_sent_three_times_in_ten_minutes(portal: TestPortal) {
    let alice = alice(&portal).await;
    let person = portal.person_of(&alice.session).await;
    let letters = portal.mail_to(EMAIL).await.len();
    // The limit covers all pending logins.
    for _ in 0..2 {
        let challenge = challenged(&portal).await;
        send(&portal, CodeFor::Login(&challenge)).await.unwrap();
    }
    send(&portal, CodeFor::Session(&person)).await.unwrap();
    let challenge = challenged(&portal).await;
    let wait = |n| {
        Err(SendCodeError::TooMany {
            retry_after: minutes(n),
        })
    };
    assert_eq!(send(&portal, CodeFor::Login(&challenge)).await, wait(10));
    assert_eq!(portal.mail_to(EMAIL).await.len() - letters, 3);
    portal.advance(minutes(10));
    for _ in 0..3 {
        send(&portal, CodeFor::Session(&person)).await.unwrap();
    }
    portal.advance(minutes(10));
    assert_eq!(send(&portal, CodeFor::Session(&person)).await, wait(40));
}

#[both_databases]
async fn nothing_is_sent_to_who_has_not_shown_a_first_step(portal: TestPortal) {
    let person = with_address(&portal).await;
    assert_eq!(
        send(&portal, CodeFor::Session(&person)).await,
        Err(SendCodeError::NotOn)
    );
    let stranger = Token::random().unwrap();
    assert_eq!(
        send(&portal, CodeFor::Login(&stranger)).await,
        Err(SendCodeError::Dead)
    );
    portal
        .enable_email_factor(&person, None, &client())
        .await
        .unwrap();
    let challenge = challenged(&portal).await;
    portal.ban("alice").await;
    assert_eq!(
        send(&portal, CodeFor::Login(&challenge)).await,
        Err(SendCodeError::Dead)
    );
    portal.execute("update users set state = 0").await;
    portal.advance(minutes(10));
    assert_eq!(
        send(&portal, CodeFor::Login(&challenge)).await,
        Err(SendCodeError::Dead)
    );
    assert_eq!(portal.count("email_codes").await, 0);
}

#[both_databases]
async fn twenty_wrong_ones_in_a_row_lock_it_until_a_recovery_code(portal: TestPortal) {
    let alice = alice(&portal).await;
    for _ in 0..4 {
        let challenge = challenged(&portal).await;
        let right = code(&portal, CodeFor::Login(&challenge)).await;
        for _ in 0..5 {
            second_step(&portal, &challenge, &other_than(&right))
                .await
                .unwrap_err();
        }
        assert!(matches!(
            second_step(&portal, &challenge, &right).await.unwrap_err(),
            FinishLoginError::TooManyFactorAttempts { .. }
        ));
        portal.advance(minutes(16));
    }
    let challenge = challenged(&portal).await;
    assert!(!is_enabled(&portal, &challenge, FactorKind::Email).await);
    assert_eq!(
        send(&portal, CodeFor::Login(&challenge)).await,
        Err(SendCodeError::NotOn)
    );
    second_step(
        &portal,
        &challenge,
        &SecondFactorInput::Recovery(alice.codes[0].clone()),
    )
    .await
    .unwrap();
    let challenge = challenged(&portal).await;
    let right = code(&portal, CodeFor::Login(&challenge)).await;
    second_step(&portal, &challenge, &right).await.unwrap();
}

#[both_databases]
async fn a_wrong_one_counts_for_what_it_was_compared_with(portal: TestPortal) {
    let mut alice = alice(&portal).await;
    let key = with_app(&portal, &mut alice).await;
    let counts = async |portal: &TestPortal| {
        portal
            .texts("select kind || consecutive_failures from factors order by kind")
            .await
    };
    let challenge = challenged(&portal).await;
    // Before an email is sent, six digits count for the app.
    second_step(&portal, &challenge, &digits("000000"))
        .await
        .unwrap_err();
    assert_eq!(counts(&portal).await, ["email0", "totp1"]);
    let right = code(&portal, CodeFor::Login(&challenge)).await;
    let mailed = |token: &SecondFactorInput| token.clone().mailed();
    // Digits marked as mailed don't count for the app.
    second_step(&portal, &challenge, &mailed(&other_than(&right)))
        .await
        .unwrap_err();
    assert_eq!(counts(&portal).await, ["email1", "totp1"]);
    let shown = SecondFactorInput::SixDigits(authenticator(&key, portal.now()));
    if shown != right {
        assert_eq!(
            second_step(&portal, &challenge, &mailed(&shown))
                .await
                .unwrap_err(),
            FinishLoginError::WrongFactor
        );
    }
    // Digits that can be either count once for each.
    let (before, wrong) = (portal.count("factor_attempts").await, other_than(&right));
    second_step(&portal, &challenge, &wrong).await.unwrap_err();
    assert_eq!(portal.count("factor_attempts").await - before, 2);
    // A right code resets the count of its own factor only.
    second_step(&portal, &challenge, &right).await.unwrap();
    assert_eq!(counts(&portal).await, ["email0", "totp2"]);
}

#[both_databases]
async fn while_one_waits_the_other_still_works(portal: TestPortal) {
    let mut alice = alice(&portal).await;
    let key = with_app(&portal, &mut alice).await;
    let challenge = challenged(&portal).await;
    for _ in 0..5 {
        second_step(&portal, &challenge, &digits("000000"))
            .await
            .unwrap_err();
    }
    let app = SecondFactorInput::SixDigits(authenticator(&key, portal.now()));
    assert!(matches!(
        second_step(&portal, &challenge, &app).await.unwrap_err(),
        FinishLoginError::TooManyFactorAttempts { .. }
    ));
    let right = code(&portal, CodeFor::Login(&challenge)).await;
    second_step(&portal, &challenge, &right).await.unwrap();
}

#[both_databases]
async fn switched_off_by_the_site_it_is_still_demanded_and_no_longer_sent(portal: TestPortal) {
    let alice = alice(&portal).await;
    let challenge = challenged(&portal).await;
    let right = code(&portal, CodeFor::Login(&challenge)).await;
    let mut config = portal.config.clone();
    config.email_factor = EmailFactor::Off;
    let off = Portal::open(&config, portal.clock.clone()).await.unwrap();
    assert!(portal.sends_codes() && !off.sends_codes());
    assert!(!is_enabled(&off, &challenge, FactorKind::Email).await);
    assert_eq!(
        send(&off, CodeFor::Login(&challenge)).await,
        Err(SendCodeError::Disabled)
    );
    assert_eq!(
        second_step(&off, &challenge, &right).await.unwrap_err(),
        FinishLoginError::WrongFactor
    );
    let recovery = SecondFactorInput::Recovery(alice.codes[0].clone());
    let session = second_step(&off, &challenge, &recovery).await.unwrap();
    let person = portal.person_of(&session).await;
    let refused = off.enable_email_factor(&person, None, &client()).await;
    assert_eq!(refusal(refused.unwrap_err()), FactorError::Disabled);
    // It can be removed permanently.
    let recovery = SecondFactorInput::Recovery(alice.codes[1].clone());
    off.remove_factor(&person, FactorKind::Email, &recovery, &client())
        .await
        .unwrap();
    done(log_in(&off, None, &client()).await);
}

#[both_databases]
async fn another_address_takes_a_factor_and_ends_what_hung_on_the_old_one(portal: TestPortal) {
    let alice = alice(&portal).await;
    let person = portal.person_of(&alice.session).await;
    let email = "liddell@example.net".parse().unwrap();
    let set = async |factor: Option<&SecondFactorInput>| {
        let client = client();
        let request = SetEmail {
            person: &person,
            email: &email,
            factor,
            client: &client,
        };
        portal.set_email(request).await.map_err(refusal)
    };
    assert_eq!(set(None).await, Err(SetEmailError::FactorMissing));
    let right = code(&portal, CodeFor::Session(&person)).await;
    assert_eq!(
        set(Some(&other_than(&right))).await,
        Err(SetEmailError::WrongFactor)
    );
    assert!(portal.mail_to("liddell@example.net").await.is_empty());
    set(Some(&right)).await.unwrap();
    let challenge = challenged(&portal).await;
    let waiting = code(&portal, CodeFor::Login(&challenge)).await;
    let other_challenge = challenged(&portal).await;
    let right = code(&portal, CodeFor::Login(&other_challenge)).await;
    let other = second_step(&portal, &other_challenge, &right)
        .await
        .unwrap();
    confirm_link(&portal, "liddell@example.net").await;
    assert_eq!(
        second_step(&portal, &challenge, &waiting)
            .await
            .unwrap_err(),
        FinishLoginError::Dead
    );
    assert!(matches!(
        portal.visitor(&cookies_of(&other)).await,
        Visitor::Anonymous
    ));
    portal.person_of(&alice.session).await;
    portal.advance(minutes(10));
    let challenge = challenged(&portal).await;
    assert_eq!(
        send(&portal, CodeFor::Login(&challenge)).await.unwrap().to,
        "l***@example.net"
    );
}

#[both_databases]
async fn it_stands_for_a_factor_wherever_one_is_asked_for(portal: TestPortal) {
    let alice = alice(&portal).await;
    let person = portal.person_of(&alice.session).await;
    let shown = code(&portal, CodeFor::Session(&person)).await;
    let client = client();
    let request = SetPassword {
        person: &person,
        old: Some(PASSWORD),
        new: "a heron waits by green water",
        factor: Some(&shown),
        client: &client,
    };
    let session = portal.set_password(request).await.unwrap();
    let person = portal.person_of(&session).await;
    let shown = code(&portal, CodeFor::Session(&person)).await;
    let renewed = portal
        .renew_recovery_codes(&person, &shown, &client)
        .await
        .unwrap();
    let person = portal.person_of(&renewed.session).await;
    let shown = code(&portal, CodeFor::Session(&person)).await;
    let off = portal
        .remove_factor(&person, FactorKind::Email, &shown, &client)
        .await
        .unwrap();
    let person = portal.person_of(&off).await;
    assert!(person.user.second_factor_at.is_none());
    assert_eq!(
        portal.factors(&person).await.unwrap().recovery_codes_left,
        0,
        "nothing to recover"
    );
}

#[both_databases]
async fn no_code_is_stored_in_the_clear(portal: TestPortal) {
    alice(&portal).await;
    let challenge = challenged(&portal).await;
    send(&portal, CodeFor::Login(&challenge)).await.unwrap();
    let queued = portal.stored("mail_queue", "message_ciphertext").await;
    let code = portal.last_code_to(EMAIL).await;
    let stored = portal.stored("email_codes", "code_hash").await;
    for bytes in stored.iter().chain(&queued) {
        assert!(bytes.len() >= 32 && !bytes.windows(6).any(|part| part == code.as_bytes()));
    }
}

/// A new session of Alice.
async fn logged_in(portal: &TestPortal) -> NewSession {
    let challenge = challenged(portal).await;
    portal.execute("delete from rate_limit_events").await;
    let shown = code(portal, CodeFor::Login(&challenge)).await;
    second_step(portal, &challenge, &shown).await.unwrap()
}

//! Restricting accounts and lifting restrictions (docs/contract.md, Account states).

use std::sync::Arc;
use std::time::Duration;

use backend::testing::{
    PASSWORD, TestPortal, authenticator, both_databases, client, cookies_of, done, minutes, rounds,
};
use backend::{
    Actor, LinkRequest, LoginChannel, LoginOutcome, NewSession, PasswordLogin, Person, Portal,
    Problem, Visitor,
};
use domain::{
    AccountState, AdminActionError, BotCallError, BotCodeError, FinishLoginError,
    PasswordLoginError, PermissionLevel, Reason, RestrictError, SecondFactorInput, Timestamp,
    UserId, VerifyCodeError,
};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const NIELS: &str = "123456789012345678";

pub(crate) fn because(text: &str) -> Reason {
    text.parse().unwrap()
}

/// A person of this level with a fresh password login.
pub(crate) async fn staff(portal: &TestPortal, name: &str, level: PermissionLevel) -> Person {
    portal.person(name, level).await;
    let session = portal.login(name, PASSWORD).await.unwrap();
    portal.person_of(&session).await
}

pub(crate) fn by<'a>(person: &'a Person, client: &'a domain::Client) -> Actor<'a> {
    Actor::Person { person, client }
}

async fn ban(
    portal: &Portal,
    person: &Person,
    target: UserId,
) -> Result<AccountState, Problem<RestrictError>> {
    let user = portal
        .ban_person(by(person, &client()), target, &because("spam"), None)
        .await?;
    Ok(user.state)
}

async fn time_out(
    portal: &Portal,
    person: &Person,
    target: UserId,
    until: Timestamp,
) -> Result<AccountState, Problem<RestrictError>> {
    let user = portal
        .time_out_person(by(person, &client()), target, &because("noise"), until)
        .await?;
    Ok(user.state)
}

async fn restore(
    portal: &Portal,
    person: &Person,
    target: UserId,
) -> Result<AccountState, Problem<RestrictError>> {
    let user = portal.restore_person(by(person, &client()), target).await?;
    Ok(user.state)
}

async fn token_for(
    portal: &Portal,
    name: &str,
) -> Result<LoginOutcome<NewSession>, Problem<PasswordLoginError>> {
    let client = client();
    let request = PasswordLogin {
        identifier: name,
        password: PASSWORD,
        factor: None,
        client: &client,
        channel: LoginChannel::Program,
    };
    portal.login_with_password(request).await
}

const fn act<T>(error: AdminActionError) -> Result<T, Problem<RestrictError>> {
    Err(Problem::Refused(RestrictError::AdminAction(error)))
}

fn same<T: PartialEq + std::fmt::Debug, E: PartialEq + std::fmt::Debug>(
    one: Result<T, Problem<E>>,
    other: Result<T, Problem<E>>,
) {
    let plain = |answer: Result<T, Problem<E>>| {
        answer.map_err(|problem| match problem {
            Problem::Refused(error) => error,
            Problem::Failed(failure) => panic!("{failure}"),
        })
    };
    assert_eq!(plain(one), plain(other));
}

#[both_databases]
async fn a_ban_ends_sessions_and_codes_in_the_same_moment(portal: TestPortal) {
    let admin = staff(&portal, "anna", PermissionLevel::Admin).await;
    let bot = portal.bot("discord").await;
    let telegram = portal.bot("telegram").await;
    let niels = portal.newcomer(&bot, NIELS).await.session;
    let user = niels.user.id;
    let second = portal.second_server().await.unwrap();
    assert!(matches!(
        second.authenticate(&cookies_of(&niels)).await.unwrap(),
        Visitor::SignedIn(_)
    ));
    let bot_code = portal.send(&bot, NIELS).await.unwrap().code;
    portal.ask("discord", NIELS).await.unwrap();
    let web_code = portal.carry(&bot, NIELS).await.unwrap().remove(0).code;

    same(
        ban(&portal, &admin, user).await,
        Ok(AccountState::Banned { until: None }),
    );

    for server in [&*portal.share(), &second] {
        let visitor = server.authenticate(&cookies_of(&niels)).await.unwrap();
        assert!(matches!(visitor, Visitor::Anonymous), "{visitor:?}");
    }
    assert!(
        portal
            .stored_codes()
            .await
            .iter()
            .all(|(hash, sealed)| hash.is_none() && sealed.is_none())
    );
    for code in [bot_code, web_code] {
        let answer = portal
            .verify(code.reveal())
            .await
            .map(|login| login.user_created);
        same(
            answer,
            Err(Problem::Refused(VerifyCodeError::InvalidOrExpired)),
        );
    }
    // A request gets the usual response but creates no code.
    portal.ask("discord", NIELS).await.unwrap();
    assert!(portal.carry(&bot, NIELS).await.unwrap().is_empty());
    let answer = portal.send(&bot, NIELS).await.map(|made| made.expires_at);
    same(answer, Err(Problem::Refused(BotCodeError::Restricted)));
    let log = portal.audit_log().await;
    let rows: Vec<_> = log
        .iter()
        .filter(|(event, _)| event == "account.banned")
        .collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].1, r#"{"expires_at":null,"reason":"spam"}"#);

    // Lifting the ban revives none of it.
    same(
        restore(&portal, &admin, user).await,
        Ok(AccountState::Active),
    );
    assert!(matches!(
        portal.visitor(&cookies_of(&niels)).await,
        Visitor::Anonymous
    ));
    let made = portal.send(&bot, NIELS).await.unwrap();
    assert!(portal.verify(made.code.reveal()).await.is_ok());
    drop(telegram);
}

#[both_databases]
async fn a_ban_ends_codes_that_link(portal: TestPortal) {
    let admin = staff(&portal, "anna", PermissionLevel::Admin).await;
    let bot = portal.bot("telegram").await;
    let bob = staff(&portal, "bob", PermissionLevel::User).await;
    let (id, client) = (NIELS.parse().unwrap(), client());
    let request = LinkRequest {
        person: &bob,
        platform: "telegram",
        id: &id,
        client: &client,
    };
    portal.request_link(request).await.unwrap();
    assert_eq!(portal.carry(&bot, NIELS).await.unwrap().len(), 1);
    ban(&portal, &admin, bob.user.id).await.unwrap();
    assert!(portal.carry(&bot, NIELS).await.unwrap().is_empty());
}

#[both_databases]
async fn no_way_in_works_while_somebody_is_shut_out(portal: TestPortal) {
    let admin = staff(&portal, "anna", PermissionLevel::Admin).await;
    portal.person("bob", PermissionLevel::User).await;
    let session = portal.login("bob", PASSWORD).await.unwrap();
    let bob = portal.person_of(&session).await;
    let offer = portal.offer_totp(&bob).await.unwrap();
    let code = authenticator(&offer.secret, portal.now());
    let on = portal.confirm_totp(&bob, &code, &client()).await.unwrap();
    portal.advance(minutes(1));
    let LoginOutcome::SecondFactorRequired(begun) = token_for(&portal, "bob").await.unwrap() else {
        panic!("no second step");
    };
    let admin = refreshed(&portal, &admin).await;
    let until = portal.now() + minutes(30);
    time_out(&portal, &admin, bob.user.id, until).await.unwrap();

    // The second step of a login begun before, with the right code.
    let shown = SecondFactorInput::SixDigits(authenticator(&offer.secret, portal.now()));
    let answer = portal
        .finish_login(&begun.challenge, &shown, &client(), None)
        .await;
    let answer = answer.map(|session| session.lifetime);
    same(answer, Err(Problem::Refused(FinishLoginError::Dead)));
    assert!(
        portal
            .pending_login(&begun.challenge)
            .await
            .unwrap()
            .is_none()
    );
    // A new login: the restriction is reported only after the right password.
    for (password, error) in [
        (PASSWORD, PasswordLoginError::Restricted),
        (
            "a wrong password at any rate",
            PasswordLoginError::InvalidCredentials,
        ),
    ] {
        let answer = portal
            .login("bob", password)
            .await
            .map(|session| session.lifetime);
        same(answer, Err(Problem::Refused(error)));
    }
    assert!(matches!(
        portal.visitor(&cookies_of(&on.session)).await,
        Visitor::Anonymous
    ));

    // It ends by itself at its end time.
    portal.advance(Duration::from_secs(30 * 60 - 1));
    assert!(token_for(&portal, "bob").await.is_err());
    portal.advance(Duration::from_secs(1));
    assert!(matches!(
        token_for(&portal, "bob").await.unwrap(),
        LoginOutcome::SecondFactorRequired(_)
    ));
    assert!(matches!(
        portal.visitor(&cookies_of(&on.session)).await,
        Visitor::Anonymous
    ));
}

#[both_databases]
async fn a_link_for_a_new_password_ends_with_a_ban(portal: TestPortal) {
    let admin = staff(&portal, "anna", PermissionLevel::Admin).await;
    let bob = staff(&portal, "bob", PermissionLevel::User).await.user.id;
    let address = "bob@example.org";
    portal
        .execute(&format!(
            "update users set email = '{address}', email_key = '{address}', email_verified_at = 1
         where username = 'bob'"
        ))
        .await;
    portal.request_recovery("bob", &client()).await.unwrap();
    let link = portal.last_mail_to(address).await.link();
    let token = link.rsplit_once('/').unwrap().1.parse().unwrap();
    assert!(portal.recovery_offer(&token).await.unwrap().is_some());
    ban(&portal, &admin, bob).await.unwrap();
    assert!(portal.recovery_offer(&token).await.unwrap().is_none());
    // Another request gets the same response, but no email.
    portal.request_recovery("bob", &client()).await.unwrap();
    assert_eq!(portal.mail_to(address).await.len(), 1);
    restore(&portal, &admin, bob).await.unwrap();
    assert!(portal.recovery_offer(&token).await.unwrap().is_none());
}

/// A14: a bot key reaches only whom its owner may reach, and the bots of a restricted owner reach
/// no one.
#[both_databases]
async fn a14_bots_of_somebody_shut_out_open_nothing(portal: TestPortal) {
    let olga = staff(&portal, "olga", PermissionLevel::Owner).await;
    let kira = staff(&portal, "kira", PermissionLevel::Admin).await.user.id;
    let key = portal.register("Carrier", "discord", "kira").await;
    let call = async || portal.bot_call(Some(key.reveal()), &client()).await;
    let bot = call().await.unwrap();
    portal.newcomer(&bot, NIELS).await;
    portal.ask("discord", NIELS).await.unwrap();
    let mut stream = portal
        .bot_events(Some(key.reveal()), None, &client())
        .await
        .unwrap();

    ban(&portal, &olga, kira).await.unwrap();
    assert!(matches!(
        call().await,
        Err(Problem::Refused(BotCallError::Deactivated))
    ));
    // A call that was authenticated just before gets nothing either.
    assert!(portal.carry(&bot, NIELS).await.unwrap().is_empty());
    let sent = portal.send(&bot, NIELS).await;
    assert!(
        matches!(sent, Err(Problem::Refused(BotCodeError::AccessDenied))),
        "{sent:?}"
    );
    let end = tokio::time::timeout(Duration::from_secs(5), stream.next()).await;
    assert!(end.expect("an end in time").is_none());
    portal
        .ask_from("discord", "404", &client(), None)
        .await
        .unwrap();
    assert_eq!(portal.public_bots().await.unwrap(), []);
    let opened = portal.bot_events(Some(key.reveal()), None, &client()).await;
    assert!(matches!(
        opened,
        Err(Problem::Refused(BotCallError::Deactivated))
    ));

    // Nothing is stored for the bot, so it returns with its owner.
    restore(&portal, &olga, kira).await.unwrap();
    let bot = call().await.unwrap();
    assert_eq!(
        (
            bot.deactivated_at,
            portal.public_bots().await.unwrap().len()
        ),
        (None, 1)
    );
    assert_eq!(portal.carry(&bot, NIELS).await.unwrap().len(), 1);
    time_out(&portal, &olga, kira, portal.now() + minutes(5))
        .await
        .unwrap();
    assert!(matches!(
        call().await,
        Err(Problem::Refused(BotCallError::Deactivated))
    ));
    portal.advance(minutes(5));
    call().await.unwrap();
}

/// Another process, such as the command line, sends no signal, so streams poll.
#[both_databases]
async fn a_stream_ends_with_a_ban_of_its_bot_s_owner_that_nobody_told_of(portal: TestPortal) {
    portal.owner("first").await;
    portal.person("kira", PermissionLevel::Admin).await;
    let key = portal.register("Carrier", "discord", "kira").await;
    let mut stream = portal
        .bot_events(Some(key.reveal()), None, &client())
        .await
        .unwrap();
    let now = portal.now().as_micros();
    portal
        .execute(&format!(
            "update users set state = 2, updated_at = {now} where username_key = 'kira'"
        ))
        .await;
    let end = tokio::time::timeout(Duration::from_secs(5), stream.next()).await;
    assert!(end.expect("an end in time").is_none());
}

#[both_databases]
async fn a_program_s_token_ends_with_a_ban(portal: TestPortal) {
    let admin = staff(&portal, "anna", PermissionLevel::Admin).await;
    portal.person("bob", PermissionLevel::User).await;
    let session = done(token_for(&portal, "bob").await.unwrap());
    let bearer = session.bearer.unwrap();
    assert!(matches!(
        portal.authenticate_bearer(&bearer).await.unwrap(),
        Visitor::SignedIn(_)
    ));
    ban(&portal, &admin, session.user.id).await.unwrap();
    assert!(matches!(
        portal.authenticate_bearer(&bearer).await.unwrap(),
        Visitor::Anonymous
    ));
    restore(&portal, &admin, session.user.id).await.unwrap();
    assert!(matches!(
        portal.authenticate_bearer(&bearer).await.unwrap(),
        Visitor::Anonymous
    ));
}

/// A14: all levels against all, by the level in the database rather than the claimed one.
#[both_databases]
async fn a14_every_restriction_keeps_to_the_hierarchy(portal: TestPortal) {
    let levels = [
        PermissionLevel::User,
        PermissionLevel::Moderator,
        PermissionLevel::Admin,
        PermissionLevel::Owner,
    ];
    let mut actors = Vec::new();
    let mut targets = Vec::new();
    for (n, level) in levels.into_iter().enumerate() {
        actors.push(staff(&portal, &format!("actor{n}"), level).await);
        targets.push(staff(&portal, &format!("target{n}"), level).await.user.id);
    }
    let until = portal.now() + minutes(10);
    for actor in &actors {
        for (target, theirs) in targets.iter().zip(levels) {
            let own = actor.user.level;
            let refusal = |least| {
                if own < least {
                    Some(AdminActionError::LevelTooLow)
                } else if own.may_act_on(theirs) {
                    None
                } else {
                    Some(AdminActionError::NotBelow)
                }
            };
            let answer = time_out(&portal, actor, *target, until).await;
            match refusal(PermissionLevel::Moderator) {
                Some(error) => same(answer, act(error)),
                None => same(answer, Ok(AccountState::Timeout { until })),
            }
            let answer = restore(&portal, actor, *target).await;
            match refusal(PermissionLevel::Moderator) {
                Some(error) => same(answer, act(error)),
                None => same(answer, Ok(AccountState::Active)),
            }
            let answer = ban(&portal, actor, *target).await;
            if let Some(error) = refusal(PermissionLevel::Admin) {
                same(answer, act(error));
            } else {
                same(answer, Ok(AccountState::Banned { until: None }));
                same(
                    restore(&portal, actor, *target).await,
                    Ok(AccountState::Active),
                );
            }
        }
        // A person can't act on themselves, not even an Owner.
        let own = ban(&portal, actor, actor.user.id).await;
        let error = if actor.user.level.administers() {
            AdminActionError::NotBelow
        } else {
            AdminActionError::LevelTooLow
        };
        same(own, act(error));
        let nobody = ban(&portal, actor, UserId::from_i64(1)).await;
        let error = if actor.user.level.administers() {
            AdminActionError::UserNotFound
        } else {
            AdminActionError::LevelTooLow
        };
        same(nobody, act(error));
    }
}

#[both_databases]
async fn a_moderator_neither_shortens_nor_lifts_a_ban(portal: TestPortal) {
    let moderator = staff(&portal, "mona", PermissionLevel::Moderator).await;
    let admin = staff(&portal, "anna", PermissionLevel::Admin).await;
    let bob = staff(&portal, "bob", PermissionLevel::User).await.user.id;
    ban(&portal, &admin, bob).await.unwrap();
    let soon = portal.now() + minutes(1);
    same(
        time_out(&portal, &moderator, bob, soon).await,
        Err(Problem::Refused(RestrictError::Banned)),
    );
    same(
        restore(&portal, &moderator, bob).await,
        act(AdminActionError::LevelTooLow),
    );
    same(
        restore(&portal, &admin, bob).await,
        Ok(AccountState::Active),
    );
    // A moderator doesn't learn whether an account is restricted: they can only lift timeouts.
    same(
        restore(&portal, &moderator, bob).await,
        act(AdminActionError::LevelTooLow),
    );
    time_out(&portal, &moderator, bob, soon).await.unwrap();
    same(
        restore(&portal, &moderator, bob).await,
        Ok(AccountState::Active),
    );
}

#[both_databases]
async fn an_end_must_lie_ahead(portal: TestPortal) {
    let admin = staff(&portal, "anna", PermissionLevel::Admin).await;
    let bob = staff(&portal, "bob", PermissionLevel::User).await.user.id;
    let passed = || Err(Problem::Refused(RestrictError::EndPassed));
    same(time_out(&portal, &admin, bob, portal.now()).await, passed());
    let answer = portal
        .ban_person(
            by(&admin, &client()),
            bob,
            &because("spam"),
            Some(portal.now()),
        )
        .await;
    same(answer.map(|user| user.state), passed());
    assert_eq!(
        portal
            .audit_log()
            .await
            .iter()
            .filter(|(event, _)| event == "account.banned" || event == "account.timed_out")
            .count(),
        0
    );
}

#[both_databases]
async fn it_takes_a_fresh_login_and_where_demanded_a_second_factor(portal: TestPortal) {
    let admin = staff(&portal, "anna", PermissionLevel::Admin).await;
    let bob = staff(&portal, "bob", PermissionLevel::User).await.user.id;
    portal.advance(minutes(10));
    // Freshness is read from the database, not from the caller.
    same(
        ban(&portal, &admin, bob).await,
        act(AdminActionError::NotFresh),
    );
    let admin = refreshed(&portal, &admin).await;
    same(
        ban(&portal, &admin, bob).await,
        Ok(AccountState::Banned { until: None }),
    );

    let strict = portal.strict_server().await;
    let admin = refreshed(&portal, &admin).await;
    same(
        restore(&strict, &admin, bob).await,
        act(AdminActionError::SecondFactorNeeded),
    );
    let offer = strict.offer_totp(&admin).await.unwrap();
    let code = authenticator(&offer.secret, portal.now());
    let on = strict.confirm_totp(&admin, &code, &client()).await.unwrap();
    // Enabling the factor verified it in this session.
    let admin = portal.person_of(&on.session).await;
    same(
        restore(&strict, &admin, bob).await,
        Ok(AccountState::Active),
    );
    // An email code isn't enough.
    portal
        .execute("update sessions set second_factor = 'email' where second_factor = 'totp'")
        .await;
    same(
        ban(&strict, &admin, bob).await,
        act(AdminActionError::SecondFactorNeeded),
    );
    let shown =
        SecondFactorInput::SixDigits(authenticator(&offer.secret, portal.now() + minutes(1)));
    portal.advance(minutes(1));
    strict
        .confirm(&admin, &backend::Proof::Factor(shown), &client())
        .await
        .unwrap();
    same(
        ban(&strict, &admin, bob).await,
        Ok(AccountState::Banned { until: None }),
    );
    // Removing it blocks administration again.
    portal.advance(minutes(1));
    let shown = SecondFactorInput::SixDigits(authenticator(&offer.secret, portal.now()));
    let off = strict
        .remove_factor(&admin, domain::FactorKind::Totp, &shown, &client())
        .await
        .unwrap();
    let admin = portal.person_of(&off).await;
    same(
        restore(&strict, &admin, bob).await,
        act(AdminActionError::SecondFactorNeeded),
    );
}

#[both_databases]
async fn the_command_line_keeps_to_the_last_owner_alone(portal: TestPortal) {
    let owner = staff(&portal, "olga", PermissionLevel::Owner).await.user.id;
    let reason = because("lost the laptop");
    let answer = portal
        .ban_person(Actor::Operator, owner, &reason, None)
        .await;
    same(
        answer.map(|user| user.state),
        Err(Problem::Refused(RestrictError::LastOwner)),
    );
    let other = staff(&portal, "otto", PermissionLevel::Owner).await.user.id;
    portal
        .ban_person(Actor::Operator, owner, &reason, None)
        .await
        .unwrap();
    // A banned Owner doesn't count.
    let answer = portal
        .ban_person(Actor::Operator, other, &reason, None)
        .await;
    same(
        answer.map(|user| user.state),
        Err(Problem::Refused(RestrictError::LastOwner)),
    );
    let answer = portal
        .assign_level(Actor::Operator, other, PermissionLevel::User)
        .await;
    same(
        answer.map(|user| user.level),
        Err(Problem::Refused(domain::SetLevelError::LastOwner)),
    );
    // A banned Owner may be demoted, because Portal doesn't depend on them.
    portal
        .assign_level(Actor::Operator, owner, PermissionLevel::User)
        .await
        .unwrap();
}

/// A12: two owners act on each other at the same moment, on two servers: one succeeds, the other is
/// refused.
#[both_databases]
async fn a12_of_two_owners_at_each_other_one_stays(portal: TestPortal) {
    let second = Arc::new(portal.second_server().await.unwrap());
    for round in 0..rounds() {
        let names = [format!("olga{round}"), format!("otto{round}")];
        let mut pair = Vec::new();
        for name in &names {
            pair.push(staff(&portal, name, PermissionLevel::Owner).await);
        }
        let barrier = Arc::new(Barrier::new(2));
        let mut racers = JoinSet::new();
        for n in 0..2 {
            let server = if n == 0 {
                portal.share()
            } else {
                second.clone()
            };
            let (own, other) = (pair[n].clone(), pair[1 - n].user.id);
            let barrier = barrier.clone();
            racers.spawn(async move {
                barrier.wait().await;
                let client = client();
                if (round + n) % 2 == 0 {
                    let banned = server
                        .ban_person(by(&own, &client), other, &because("mine"), None)
                        .await;
                    banned.map(|_| ()).map_err(|problem| {
                        problem.map(|error| match error {
                            RestrictError::AdminAction(error) => error,
                            other => panic!("{other:?}"),
                        })
                    })
                } else {
                    let level = PermissionLevel::User;
                    let demoted = server.assign_level(by(&own, &client), other, level).await;
                    demoted.map(|_| ()).map_err(|problem| {
                        problem.map(|error| match error {
                            domain::SetLevelError::AdminAction(error) => error,
                            other => panic!("{other:?}"),
                        })
                    })
                }
            });
        }
        let answers = racers.join_all().await;
        let won = answers.iter().filter(|answer| answer.is_ok()).count();
        let lost = answers
            .iter()
            .filter(|answer| {
                matches!(
                    answer,
                    Err(Problem::Refused(
                        AdminActionError::SignedOut | AdminActionError::LevelTooLow
                    ))
                )
            })
            .count();
        assert_eq!((won, lost), (1, 1), "round {round}: {answers:?}");
        // The next round has two owners of its own.
        portal
            .execute("update users set permission_level = 0 where permission_level = 3")
            .await;
    }
}

/// A12: a login that races with a ban fails or is ended by it.
#[both_databases]
async fn a12_no_login_slips_past_a_ban(portal: TestPortal) {
    let bot = portal.bot("discord").await;
    let second = Arc::new(portal.second_server().await.unwrap());
    for round in 0..rounds() {
        portal.advance(Duration::from_hours(25));
        let id = format!("{}", 1000 + round);
        let niels = portal.newcomer(&bot, &id).await.session.user.id;
        portal.ask("discord", &id).await.unwrap();
        let code = portal.carry(&bot, &id).await.unwrap().remove(0).code;
        let (one, other) = (portal.share(), second.clone());
        let (login, banned) = tokio::join!(
            tokio::spawn(async move {
                let client = client();
                let request = backend::VerifyCode {
                    code: code.reveal(),
                    identity: None,
                    factor: None,
                    client: &client,
                    browser: None,
                };
                one.verify_code(request).await
            }),
            tokio::spawn(async move {
                other
                    .ban_person(Actor::Operator, niels, &because("spam"), None)
                    .await
            }),
        );
        banned.unwrap().unwrap();
        if let Ok(LoginOutcome::Done(login)) = login.unwrap() {
            let visitor = portal.visitor(&cookies_of(&login.session)).await;
            assert!(matches!(visitor, Visitor::Anonymous), "round {round}");
        }
        let live = "select count(*) from sessions s join users u on u.id = s.user_id where u.state = 2 and s.ended_at is null";
        assert_eq!(portal.number(live).await, 0, "round {round}");
    }
}

/// The same person after confirming the password again.
pub(crate) async fn refreshed(portal: &TestPortal, person: &Person) -> Person {
    portal
        .confirm(person, &backend::Proof::Password(PASSWORD), &client())
        .await
        .unwrap();
    let mut person = person.clone();
    person.session.fresh_at = Some(portal.now());
    person.session.last_used_at = portal.now();
    person
}

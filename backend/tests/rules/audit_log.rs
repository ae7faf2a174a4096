//! Every event is logged exactly once with its actor and target (docs/contract.md, Audit log), and an
//! action that can't be logged has no effect. An event type without a test here fails.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::time::Duration;

use backend::testing::{
    PASSWORD, TestPortal, authenticator, both_databases, client, client_at, event_types, minutes,
    verified,
};
use backend::{
    Actor, BotOwner, BotProfile, BotRegistration, BotSwitch, BotUpdate, CodeFor, DatabaseUrl,
    Failure, LinkRequest, LoginChannel, OwnerAccount, Person, Portal, Problem, ProfileUpdate,
    Proof, Recover, Recovery, Register, SetEmail, SetPassword, SetUpLink, Token,
};
use domain::{CallsPerHour, FactorKind, PermissionLevel, SecondFactorInput, SixDigits};

use crate::restrictions::{because, staff};

const WRONG: &str = "not the password of anybody";
const NEW: &str = "a heron waits by green water";

/// The action couldn't be logged and had no effect.
#[derive(Debug)]
struct Failed;

type Outcome = Result<(), Failed>;

fn done<T, E: Debug>(answer: Result<T, Problem<E>>) -> Outcome {
    match answer {
        Ok(_) => Ok(()),
        Err(Problem::Refused(error)) => panic!("refused: {error:?}"),
        Err(Problem::Failed(_)) => Err(Failed),
    }
}

/// The outcome of an action that is refused anyway: a wrong password or code.
fn refused<T, E: Debug>(answer: Result<T, Problem<E>>) -> Outcome {
    match answer.map(drop) {
        Ok(()) => panic!("not refused"),
        Err(Problem::Refused(_)) => Ok(()),
        Err(Problem::Failed(_)) => Err(Failed),
    }
}

fn worked<T>(answer: Result<T, Failure>) -> Outcome {
    answer.map(drop).map_err(|_| Failed)
}

/// The audit log of a portal, and the event types seen in it.
struct Log<'a> {
    portal: &'a TestPortal,
    seen: BTreeSet<String>,
}

impl Log<'_> {
    /// Runs an action twice: first while the log is locked, when it must have no effect, then
    /// normally, when it must be logged exactly once. `actor` and `target` are usernames; `""` means
    /// none.
    async fn once(
        &mut self,
        event: &str,
        actor: &str,
        target: &str,
        act: impl AsyncFn() -> Outcome,
    ) {
        let before = self.rows().await;
        let mut people = (self.id_of(actor).await, self.id_of(target).await);
        self.lock().await;
        let locked = act().await;
        self.unlock().await;
        assert!(locked.is_err(), "{event} stands without its row");
        let after = self.rows().await;
        assert_eq!(
            after, before,
            "{event} came to nothing, and stands in the log"
        );
        assert!(act().await.is_ok(), "{event} could not be written down");
        // Accounts created by the action have an ID only now.
        people.0 = people.0.or(self.id_of(actor).await);
        people.1 = people.1.or(self.id_of(target).await);
        let written: Vec<_> = self
            .rows()
            .await
            .into_iter()
            .filter(|row| !before.contains(row))
            .collect();
        let of_kind = written
            .iter()
            .filter(|(row, _)| row.starts_with(&format!("{event} ")));
        let of_kind: Vec<_> = of_kind.map(|(row, _)| row.as_str()).collect();
        let number = |id: Option<i64>| id.map_or_else(|| "nobody".to_owned(), |id| id.to_string());
        let expected = format!("{event} {} {}", number(people.0), number(people.1));
        assert_eq!(of_kind, [expected], "{actor} {target}");
        let kinds: BTreeSet<_> = written.iter().map(|(row, _)| row).collect();
        assert_eq!(
            kinds.len(),
            written.len(),
            "{event} brought something twice: {written:?}"
        );
        self.seen.insert(event.to_owned());
    }

    /// Event, actor and target of every row, with its ID.
    async fn rows(&self) -> BTreeSet<(String, String)> {
        let shown = "event_type || ' ' || coalesce(cast(actor_id as text), 'nobody') || ' '
                     || coalesce(cast(target_id as text), 'nobody')";
        let query = format!("select {shown} || '#' || cast(id as text) from audit_log");
        let rows = self.portal.texts(&query).await.into_iter();
        rows.map(|row| {
            let (row, id) = row.split_once('#').unwrap();
            (row.to_owned(), id.to_owned())
        })
        .collect()
    }

    async fn id_of(&self, name: &str) -> Option<i64> {
        let query = format!("select cast(id as text) from users where username_key = '{name}'");
        let found = self.portal.texts(&query).await;
        found.first().map(|id| id.parse().unwrap())
    }

    /// Makes every insert into the log fail.
    async fn lock(&self) {
        self.portal.execute(match self.portal.config.database_url {
            DatabaseUrl::Sqlite(_) => {
                "create trigger locked before insert on audit_log begin select raise(abort, 'locked'); end"
            }
            DatabaseUrl::Postgres(_) => {
                "alter table audit_log add constraint locked check (event_type = '') not valid"
            }
        })
        .await;
    }

    async fn unlock(&self) {
        self.portal
            .execute(match self.portal.config.database_url {
                DatabaseUrl::Sqlite(_) => "drop trigger locked",
                DatabaseUrl::Postgres(_) => "alter table audit_log drop constraint locked",
            })
            .await;
    }
}

/// The current code of an authenticator app.
fn app(portal: &TestPortal, key: &str) -> SecondFactorInput {
    SecondFactorInput::SixDigits(authenticator(key, portal.now()))
}

/// Enables an authenticator app and returns its key.
async fn with_app(portal: &TestPortal, name: &str) -> (Person, String) {
    let person = staff(portal, name, PermissionLevel::User).await;
    let key = portal.offer_totp(&person).await.unwrap().secret;
    let code = authenticator(&key, portal.now());
    let on = portal
        .confirm_totp(&person, &code, &client())
        .await
        .unwrap();
    let person = portal.person_of(&on.session).await;
    portal.advance(minutes(1));
    (person, key)
}

async fn link_of(portal: &TestPortal, email: &str) -> Token {
    let link = portal.last_mail_to(email).await.link();
    link.rsplit('/').next().unwrap().parse().unwrap()
}

/// A code that is wrong now and around now.
fn wrong_digits(portal: &TestPortal, key: &str) -> SixDigits {
    let now = portal.now();
    let near = [0, 30, 60].map(|s| authenticator(key, now + Duration::from_secs(s)));
    let earlier = [30, 60].map(|s| authenticator(key, now - Duration::from_secs(s)));
    let near: Vec<_> = near
        .iter()
        .chain(&earlier)
        .map(|digits| digits.reveal().to_owned())
        .collect();
    let all = (0..1_000_000).map(|n| format!("{n:06}"));
    let mut others = all.filter(|digits| !near.contains(digits));
    others.next().unwrap().parse().unwrap()
}

#[both_databases]
async fn every_event_stands_in_the_log_exactly_once_or_does_not_happen(portal: TestPortal) {
    let mut log = Log {
        portal: &portal,
        seen: BTreeSet::new(),
    };
    first_owner(&portal, &mut log).await;
    logins(&portal, &mut log).await;
    codes_and_links(&portal, &mut log).await;
    factors(&portal, &mut log).await;
    passwords_and_addresses(&portal, &mut log).await;
    oneself(&portal, &mut log).await;
    bots(&portal, &mut log).await;
    people(&portal, &mut log).await;
    let all: BTreeSet<String> = event_types()
        .iter()
        .map(|&event| event.to_owned())
        .collect();
    let missing: Vec<_> = all.difference(&log.seen).collect();
    assert!(missing.is_empty(), "no act brings about {missing:?}");
}

async fn first_owner(portal: &TestPortal, log: &mut Log<'_>) {
    log.once("set_up_link.created", "", "", async || {
        done(portal.create_set_up_link(SetUpLink::FirstOwner).await)
    })
    .await;
    let token = portal
        .create_set_up_link(SetUpLink::FirstOwner)
        .await
        .unwrap();
    let account = OwnerAccount {
        username: "first",
        password: PASSWORD,
    };
    log.once("owner.created", "", "first", async || {
        done(portal.set_up(&token, account, &client()).await)
    })
    .await;
    let account = OwnerAccount {
        username: "second",
        password: PASSWORD,
    };
    log.once("owner.created", "", "second", async || {
        done(portal.create_owner(account).await)
    })
    .await;
}

async fn logins(portal: &TestPortal, log: &mut Log<'_>) {
    let client = client();
    let request = Register {
        username: "rita",
        password: PASSWORD,
        email: "rita@example.org",
        display: None,
        client: &client,
        channel: LoginChannel::Page,
    };
    log.once("account.created", "rita", "rita", async || {
        done(Portal::register(portal, request).await)
    })
    .await;
    log.once("login.succeeded", "rita", "rita", async || {
        done(portal.login("rita", PASSWORD).await)
    })
    .await;
    log.once("login.failed", "", "rita", async || {
        refused(portal.login("rita", WRONG).await)
    })
    .await;
    log.once("login.failed", "", "", async || {
        refused(portal.login("nobody", WRONG).await)
    })
    .await;
    log.once("login.failed", "", "", async || {
        refused(portal.verify("22222222").await)
    })
    .await;
    let person = staff(portal, "lena", PermissionLevel::User).await;
    log.once("login.confirmed", "lena", "lena", async || {
        done(
            portal
                .confirm(&person, &Proof::Password(PASSWORD), &client)
                .await,
        )
    })
    .await;
    log.once("login.confirm_failed", "lena", "lena", async || {
        refused(
            portal
                .confirm(&person, &Proof::Password(WRONG), &client)
                .await,
        )
    })
    .await;
    portal.login("lena", PASSWORD).await.unwrap();
    log.once("sessions.ended", "lena", "lena", async || {
        done(portal.end_other_sessions(&person, &client).await)
    })
    .await;
    let other = portal.login("lena", PASSWORD).await.unwrap();
    let other = portal.person_of(&other).await.session.id;
    let listed = portal.own_sessions(&person).await.unwrap().live;
    let suffix = listed
        .into_iter()
        .find(|listed| listed.session.id == other)
        .unwrap()
        .suffix;
    log.once("sessions.ended", "lena", "lena", async || {
        done(portal.end_session(&person, &suffix, &client).await)
    })
    .await;
    log.once("logout", "lena", "lena", async || {
        worked(portal.sign_out(&person, &client).await)
    })
    .await;
}

async fn codes_and_links(portal: &TestPortal, log: &mut Log<'_>) {
    let bot = portal.bot("discord").await;
    let client = client();
    log.once("code.requested", "", "", async || {
        done(portal.ask("discord", "1").await)
    })
    .await;
    log.once("code.fetched", "", "", async || {
        done(portal.carry(&bot, "1").await)
    })
    .await;
    let code = portal.carry(&bot, "1").await.unwrap().remove(0);
    log.once("code.disowned", "", "", async || {
        done(portal.disown(&code.disown.reveal(), &client).await)
    })
    .await;
    // The username of an account created by a code isn't known in advance.
    portal.newcomer(&bot, "2").await;
    portal.execute("update users set username_key = 'niels' where id in (select user_id from identities where platform_user_id = '2')").await;
    log.once("code.created", "", "niels", async || {
        done(portal.send(&bot, "2").await)
    })
    .await;
    let code = portal.send(&bot, "2").await.unwrap().code;
    log.once("login.succeeded", "niels", "niels", async || {
        done(portal.verify(code.reveal()).await)
    })
    .await;
    log.once("code.requested", "", "niels", async || {
        done(portal.ask("discord", "2").await)
    })
    .await;
    log.once("code.fetched", "", "niels", async || {
        done(portal.carry(&bot, "2").await)
    })
    .await;
    let code = portal.carry(&bot, "2").await.unwrap().remove(0);
    log.once("code.disowned", "", "niels", async || {
        done(portal.disown(&code.disown.reveal(), &client).await)
    })
    .await;

    let lina = staff(portal, "lina", PermissionLevel::User).await;
    let id = "3".parse().unwrap();
    let request = LinkRequest {
        person: &lina,
        platform: "discord",
        id: &id,
        client: &client,
    };
    log.once("code.requested", "lina", "lina", async || {
        done(portal.request_link(request).await)
    })
    .await;
    log.once("platform.link_failed", "lina", "lina", async || {
        refused(portal.verify_link(&lina, "22222222", &client).await)
    })
    .await;
    let code = portal.carry(&bot, "3").await.unwrap().remove(0).code;
    log.once("platform.linked", "lina", "lina", async || {
        done(portal.verify_link(&lina, code.reveal(), &client).await)
    })
    .await;
    log.once("platform.unlinked", "lina", "lina", async || {
        done(portal.unlink(&lina, "discord", &client).await)
    })
    .await;
}

async fn factors(portal: &TestPortal, log: &mut Log<'_>) {
    let client = client();
    let tom = staff(portal, "tom", PermissionLevel::User).await;
    let key = portal.offer_totp(&tom).await.unwrap().secret;
    let code = authenticator(&key, portal.now());
    log.once("factor.added", "tom", "tom", async || {
        done(portal.confirm_totp(&tom, &code, &client).await)
    })
    .await;
    // An app's code works once, but an action that couldn't be logged doesn't use it up.
    let (tina, key) = with_app(portal, "tina").await;
    let shown = app(portal, &key);
    log.once("recovery_codes.renewed", "tina", "tina", async || {
        done(portal.renew_recovery_codes(&tina, &shown, &client).await)
    })
    .await;
    let (tara, key) = with_app(portal, "tara").await;
    let shown = app(portal, &key);
    log.once("factor.removed", "tara", "tara", async || {
        done(
            portal
                .remove_factor(&tara, FactorKind::Totp, &shown, &client)
                .await,
        )
    })
    .await;
    let (tilo, key) = with_app(portal, "tilo").await;
    let shown = app(portal, &key);
    let codes = portal
        .renew_recovery_codes(&tilo, &shown, &client)
        .await
        .unwrap();
    let tilo = portal.person_of(&codes.session).await;
    let code = SecondFactorInput::Recovery(codes.recovery_codes[0].clone());
    log.once("recovery_code.used", "tilo", "tilo", async || {
        done(
            portal
                .confirm(&tilo, &Proof::Factor(code.clone()), &client)
                .await,
        )
    })
    .await;
    portal
        .execute("update factors set consecutive_failures = 19")
        .await;
    let wrong = SecondFactorInput::SixDigits(wrong_digits(portal, &key));
    log.once("factor.locked", "", "tilo", async || {
        refused(
            portal
                .confirm(&tilo, &Proof::Factor(wrong.clone()), &client)
                .await,
        )
    })
    .await;
    let mara = staff(portal, "mara", PermissionLevel::User).await;
    verified(portal, "mara", "mara@example.org").await;
    log.once("factor.added", "mara", "mara", async || {
        done(portal.enable_email_factor(&mara, None, &client).await)
    })
    .await;
    log.once("factor.code_sent", "", "mara", async || {
        done(
            portal
                .send_email_code(CodeFor::Session(&mara), &client)
                .await,
        )
    })
    .await;
}

async fn passwords_and_addresses(portal: &TestPortal, log: &mut Log<'_>) {
    let client = client_at("198.51.100.7");
    let paul = staff(portal, "paul", PermissionLevel::User).await;
    let request = SetPassword {
        person: &paul,
        old: Some(PASSWORD),
        new: NEW,
        factor: None,
        client: &client,
    };
    log.once("password.set", "paul", "paul", async || {
        done(portal.set_password(request).await)
    })
    .await;
    verified(portal, "paul", "paul@example.org").await;
    log.once("password.recovery_requested", "", "paul", async || {
        done(portal.request_recovery("paul", &client).await)
    })
    .await;
    log.once("password.recovery_requested", "", "", async || {
        done(portal.request_recovery("nobody", &client).await)
    })
    .await;
    let token = link_of(portal, "paul@example.org").await;
    let request = Recover {
        token: &token,
        new: PASSWORD,
        factor: None,
        client: &client,
    };
    log.once("password.recovered", "paul", "paul", async || {
        done(portal.recover(request).await)
    })
    .await;
    portal
        .execute("update users set failed_passwords = 89 where username_key = 'paul'")
        .await;
    log.once("password.locked", "", "paul", async || {
        // The attempt that couldn't be logged was still counted.
        portal
            .execute("update users set failed_passwords = 89 where username_key = 'paul'")
            .await;
        refused(portal.login("paul", WRONG).await)
    })
    .await;

    let (_, key) = with_app(portal, "petra").await;
    verified(portal, "petra", "petra@example.org").await;
    portal.request_recovery("petra", &client).await.unwrap();
    let token = link_of(portal, "petra@example.org").await;
    let wrong = SecondFactorInput::SixDigits(wrong_digits(portal, &key));
    log.once("password.recovery_failed", "", "petra", async || {
        let request = Recover {
            token: &token,
            new: NEW,
            factor: Some(&wrong),
            client: &client,
        };
        let answer = portal.recover(request).await;
        assert!(matches!(answer, Err(_) | Ok(Recovery::FactorWrong(_))));
        done(answer)
    })
    .await;

    let lou = staff(portal, "lou", PermissionLevel::User).await;
    let email = "emil@example.org".parse().unwrap();
    let request = SetEmail {
        person: &lou,
        email: &email,
        factor: None,
        client: &client,
    };
    log.once("email.requested", "lou", "lou", async || {
        done(portal.set_email(request).await)
    })
    .await;
    let token = link_of(portal, "emil@example.org").await;
    log.once("email.confirmed", "lou", "lou", async || {
        done(portal.confirm_email(&token, &client).await)
    })
    .await;
    let emma = staff(portal, "emma", PermissionLevel::User).await;
    let email = "emma@example.org".parse().unwrap();
    portal
        .set_email(SetEmail {
            person: &emma,
            email: &email,
            factor: None,
            client: &client,
        })
        .await
        .unwrap();
    let token = link_of(portal, "emma@example.org").await;
    verified(portal, "rita", "emma@example.org").await;
    log.once("email.refused", "emma", "emma", async || {
        refused(portal.confirm_email(&token, &client).await)
    })
    .await;
}

async fn oneself(portal: &TestPortal, log: &mut Log<'_>) {
    let client = client();
    let olaf = staff(portal, "olaf", PermissionLevel::User).await;
    let update = ProfileUpdate {
        bio: Some("Keeps bees."),
        ..ProfileUpdate::default()
    };
    log.once("profile.changed", "olaf", "olaf", async || {
        worked(portal.update_profile(&olaf, &update, &client).await)
    })
    .await;
    log.once("data.exported", "olaf", "olaf", async || {
        done(portal.export(&olaf, &client).await)
    })
    .await;
    log.once("account.deleted", "olaf", "olaf", async || {
        done(portal.delete_account(&olaf, &client).await)
    })
    .await;
}

async fn bots(portal: &TestPortal, log: &mut Log<'_>) {
    let client = client();
    let olga = staff(portal, "olga", PermissionLevel::Owner).await;
    let keeper = staff(portal, "kira", PermissionLevel::Admin).await.user.id;
    let by = Actor::Person {
        person: &olga,
        client: &client,
    };
    let registration = BotRegistration {
        name: "Carrier",
        platform: "telegram",
        platform_user_id: None,
        owner: BotOwner::Id(keeper),
        rate_limit_per_hour: CallsPerHour::MAX,
    };
    log.once("bot.registered", "olga", "kira", async || {
        done(portal.register_bot(by, registration).await)
    })
    .await;
    let id = portal.find_bot("Carrier").await.unwrap().unwrap();
    let update = BotUpdate {
        rate_limit_per_hour: Some(7),
        ..BotUpdate::default()
    };
    log.once("bot.updated", "olga", "kira", async || {
        done(portal.update_bot(by, id, update).await)
    })
    .await;
    log.once("bot.key_regenerated", "olga", "kira", async || {
        done(portal.regenerate_bot_key(by, id, None).await)
    })
    .await;
    let made = portal.regenerate_bot_key(by, id, None).await.unwrap();
    let bot = portal
        .bot_call(Some(made.key.reveal()), &client)
        .await
        .unwrap();
    let dress = BotProfile {
        name: Some("Runner"),
        ..BotProfile::default()
    };
    log.once("bot.changed_itself", "", "kira", async || {
        done(portal.update_bot_profile(&bot, dress, &client).await)
    })
    .await;
    log.once("bot.deactivated", "olga", "kira", async || {
        done(portal.switch_bot(by, id, BotSwitch::Deactivate).await)
    })
    .await;
    log.once("bot.activated", "olga", "kira", async || {
        done(portal.switch_bot(by, id, BotSwitch::Activate).await)
    })
    .await;
    // An action on the command line has no actor.
    log.once("bot.deactivated", "", "kira", async || {
        done(
            portal
                .switch_bot(Actor::Operator, id, BotSwitch::Deactivate)
                .await,
        )
    })
    .await;
    log.once("bot.deleted", "olga", "kira", async || {
        done(portal.delete_bot(by, id).await)
    })
    .await;
}

async fn people(portal: &TestPortal, log: &mut Log<'_>) {
    let client = client();
    let oona = staff(portal, "oona", PermissionLevel::Owner).await;
    let by = Actor::Person {
        person: &oona,
        client: &client,
    };
    let bob = staff(portal, "bob", PermissionLevel::User).await.user.id;
    let (spam, until) = (because("spam"), portal.now() + minutes(30));
    log.once("level.changed", "oona", "bob", async || {
        done(
            portal
                .assign_level(by, bob, PermissionLevel::Moderator)
                .await,
        )
    })
    .await;
    log.once("level.changed", "", "bob", async || {
        done(
            portal
                .assign_level(Actor::Operator, bob, PermissionLevel::User)
                .await,
        )
    })
    .await;
    log.once("sessions.ended", "oona", "bob", async || {
        done(portal.end_sessions_of(by, bob).await)
    })
    .await;
    log.once("account.timed_out", "oona", "bob", async || {
        done(portal.time_out_person(by, bob, &spam, until).await)
    })
    .await;
    log.once("account.restored", "oona", "bob", async || {
        done(portal.restore_person(by, bob).await)
    })
    .await;
    log.once("account.banned", "oona", "bob", async || {
        done(portal.ban_person(by, bob, &spam, None).await)
    })
    .await;
    log.once("login.failed", "", "bob", async || {
        refused(portal.login("bob", PASSWORD).await)
    })
    .await;
    log.once("account.restored", "", "bob", async || {
        done(portal.restore_person(Actor::Operator, bob).await)
    })
    .await;
    let (theo, _) = with_app(portal, "theo").await;
    log.once("factors.reset", "oona", "theo", async || {
        done(portal.reset_factors(by, theo.user.id).await)
    })
    .await;
}

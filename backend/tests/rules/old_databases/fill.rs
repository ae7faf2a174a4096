//! Fills every table with realistic rows, through the use cases wherever possible.
//!
//! The fixtures `schema-12.*` were written at version 0.1.0 with schema 12 (migration 0012). This
//! file follows the current schema: before a migration that renames or converts something, run
//! `write_fixtures` and commit its files.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use backend::testing::{PASSWORD, TestPortal, authenticator, browser_at, client_at, done, minutes};
use backend::{
    Actor, BotCode, BotOwner, BotProfile, BotRegistration, BotSwitch, BotUpdate, BotWithKey,
    ClaimedIdentity, CodeFor, CodeRequest, LinkRequest, LoginChannel, LoginHint, LoginOutcome,
    MailTransport, NewSession, OwnerAccount, PasswordLogin, Person, Portal, ProfileUpdate, Proof,
    Recover, Recovery, Register, SetEmail, SetPassword, SetUpLink, Token, VerifyCode,
};
use domain::{
    AvatarUrl, Bot, Client, PermissionLevel, PlatformName, PlatformUserId, RecoveryCode,
    SecondFactorInput,
};

/// Secrets of people, browsers and bots by name. The database has none of them in plain text.
pub type Secrets = BTreeMap<String, String>;

/// Alice's password: long enough only because she has a second factor.
pub const SHORT_PASSWORD: &str = "tin-goat-9";
/// Bob's password since his reset.
pub const NEW_PASSWORD: &str = "a heron waits by green water";
/// The network of most people.
pub const HOME: &str = "203.0.113.7";
/// The network that exceeded the attempts at Hans's password.
pub const STRANGER: &str = "198.51.100.66";

const ALICE_ON_DISCORD: &str = "80351110224678912";
const ALICE_ON_TELEGRAM: &str = "5511";
const AVATAR: &str = "https://cdn.discordapp.com/avatars/80351110224678912/a.png";

/// Separates events, so that their order is defined.
const MOMENT: Duration = Duration::from_secs(1);

struct Scene<'a> {
    portal: &'a TestPortal,
    secrets: Secrets,
}

/// Fills the database and returns the secrets that go with it.
pub async fn fill(portal: &TestPortal) -> Secrets {
    let mut scene = Scene {
        portal,
        secrets: Secrets::new(),
    };
    let margaret = scene.owners().await;
    let (discord, telegram) = scene.bots(&margaret).await;
    scene.staff().await;
    let alice = scene.alice(&discord, &telegram).await;
    scene.newcomers(&discord, &telegram).await;
    scene.bob(&discord).await;
    scene.restricted(&discord).await;
    scene.locked_factor().await;
    scene.ended_sessions(&discord).await;
    scene.pending(&discord, &telegram, alice).await;
    scene.pending_links().await;
    scene.queued_mail().await;
    scene.keep("now", portal.now().as_micros().to_string());
    scene.secrets
}

/// Alice's current session and factors.
struct Alice {
    session: NewSession,
    totp: String,
    codes: Vec<RecoveryCode>,
    browser: Client,
}

impl Scene<'_> {
    fn keep(&mut self, name: &str, secret: impl Into<String>) {
        let before = self.secrets.insert(name.to_owned(), secret.into());
        assert_eq!(before, None, "{name}");
    }

    fn keep_session(&mut self, name: &str, session: &NewSession) {
        self.keep(&format!("{name}_cookie"), session.cookie.reveal());
        self.keep(&format!("{name}_companion"), session.companion.reveal());
    }

    /// One owner by each way to create one.
    async fn owners(&mut self) -> NewSession {
        let portal = self.portal;
        let link = portal.create_set_up_link(SetUpLink::FirstOwner).await;
        let account = OwnerAccount {
            username: "Margaret",
            password: PASSWORD,
        };
        let browser = browser_at("203.0.113.4");
        let margaret = portal.set_up(&link.unwrap(), account, &browser).await;
        // Created on the command line: she never logged in.
        portal.owner("grete").await;
        let erwin = "Erwin".parse().unwrap();
        let link = portal.create_set_up_link(SetUpLink::Named(&erwin)).await;
        let account = OwnerAccount {
            username: "",
            ..account
        };
        let browser = browser_at("203.0.113.5");
        portal
            .set_up(&link.unwrap(), account, &browser)
            .await
            .unwrap();
        portal.advance(MOMENT);
        margaret.unwrap()
    }

    /// An active bot on each platform, one deactivated, and one without any call.
    async fn bots(&mut self, margaret: &NewSession) -> (Bot, Bot) {
        let portal = self.portal;
        let client = client_at("203.0.113.4");
        let margaret = portal.person_of(margaret).await;
        let by = Actor::Person {
            person: &margaret,
            client: &client,
        };
        let register = async |name, platform, platform_user_id| {
            let registration = BotRegistration {
                name,
                platform,
                platform_user_id,
                owner: BotOwner::Named("margaret"),
                rate_limit_per_hour: 1000,
            };
            portal.register_bot(by, registration).await.unwrap()
        };
        let discord = register("Hänsel", "discord", Some("80351110224678000")).await;
        let telegram = register("Gretel", "telegram", None).await;
        let off = register("Witch", "discord", None).await;
        register("Woodcutter", "telegram", None).await;
        let (off, switch) = (off.record.bot.id, BotSwitch::Deactivate);
        portal.switch_bot(by, off, switch).await.unwrap();
        let update = BotUpdate {
            bot_type: Some("verified"),
            ..BotUpdate::default()
        };
        let id = telegram.record.bot.id;
        portal.update_bot(by, id, update).await.unwrap();

        let discord = self.called("discord", &discord).await;
        let groups = ["1001".to_owned(), "1002".to_owned()];
        let dress = BotProfile {
            avatar_url: Some(AVATAR),
            invite_url: Some("https://discord.com/oauth2/authorize?client_id=1"),
            group_ids: Some(&groups),
            users: Some(421),
            latency_ms: Some(38),
            ..BotProfile::default()
        };
        let discord = portal
            .update_bot_profile(&discord, dress, &client)
            .await
            .unwrap();
        let telegram = self.called("telegram", &telegram).await;
        portal.advance(minutes(61));
        self.call("discord").await;
        (discord, telegram)
    }

    async fn called(&mut self, platform: &str, bot: &BotWithKey) -> Bot {
        self.keep(&format!("{platform}_bot_key"), bot.key.reveal());
        self.call(platform).await
    }

    async fn call(&self, platform: &str) -> Bot {
        let key = &self.secrets[&format!("{platform}_bot_key")];
        let client = client_at("192.0.2.20");
        self.portal.bot_call(Some(key), &client).await.unwrap()
    }

    /// An admin and a moderator.
    async fn staff(&mut self) {
        let portal = self.portal;
        for (name, level, ip) in [
            ("anna", PermissionLevel::Admin, "203.0.113.11"),
            ("moritz", PermissionLevel::Moderator, "203.0.113.12"),
        ] {
            let session = self.register(name, None, &browser_at(ip)).await;
            let id = session.user.id;
            portal
                .assign_level(Actor::Operator, id, level)
                .await
                .unwrap();
        }
        // Anna has not confirmed her app yet.
        let anna = portal.login("anna", PASSWORD).await.unwrap();
        let anna = portal.person_of(&anna).await;
        portal.offer_totp(&anna).await.unwrap();
        portal.advance(MOMENT);
    }

    async fn register(&self, name: &str, display: Option<&str>, client: &Client) -> NewSession {
        let email = format!("{}@example.org", name.to_lowercase());
        let request = Register {
            username: name,
            password: PASSWORD,
            email: &email,
            display,
            client,
            channel: LoginChannel::Page,
        };
        // The test portal's own `register` is for bots.
        let portal: &Portal = self.portal;
        portal.register(request).await.unwrap()
    }

    async fn confirm_email(&self, email: &str) {
        let link = self.portal.last_mail_to(email).await.link();
        let token = token_of(&link);
        let confirmed = self.portal.confirm_email(&token, &client_at(HOME)).await;
        confirmed.unwrap();
    }

    /// Alice has a full profile, both platforms and both second factors.
    async fn alice(&mut self, discord: &Bot, telegram: &Bot) -> Alice {
        let portal = self.portal;
        let browser = browser_at(HOME);
        let session = self
            .register("Alice", Some("Älice Liddell"), &browser)
            .await;
        self.confirm_email("alice@example.org").await;
        let person = portal.person_of(&session).await;
        self.link(&person, discord, ALICE_ON_DISCORD).await;
        self.link(&person, telegram, ALICE_ON_TELEGRAM).await;
        let update = ProfileUpdate {
            bio: Some("Curiouser and curiouser!"),
            links: Some(vec!["https://example.org/", "https://example.net/alice"]),
            avatar_source: Some("telegram"),
            ..ProfileUpdate::default()
        };
        let updated = portal.update_profile(&person, &update, &browser).await;
        let (_, errors) = updated.unwrap().unwrap();
        assert!(errors.is_empty(), "{errors:?}");

        let totp = portal.offer_totp(&person).await.unwrap().secret;
        let code = authenticator(&totp, portal.now());
        let on = portal.confirm_totp(&person, &code, &browser).await.unwrap();
        portal.advance(minutes(1));
        self.keep("alice_totp", totp.clone());
        let person = portal.person_of(&on.session).await;
        let shown = SecondFactorInput::SixDigits(authenticator(&totp, portal.now()));
        let both = portal.enable_email_factor(&person, Some(&shown), &browser);
        let session = both.await.unwrap().session;
        portal.advance(minutes(1));
        let person = portal.person_of(&session).await;
        let shown = SecondFactorInput::SixDigits(authenticator(&totp, portal.now()));
        let request = SetPassword {
            person: &person,
            old: Some(PASSWORD),
            new: SHORT_PASSWORD,
            factor: Some(&shown),
            client: &browser,
        };
        let session = portal.set_password(request).await.unwrap();
        portal.advance(minutes(1));
        let mut alice = Alice {
            session,
            totp,
            codes: on.recovery_codes,
            browser,
        };
        // A login with a recovery code uses up challenge and code.
        let challenge = self
            .first_step("alice", SHORT_PASSWORD, &alice.browser)
            .await;
        let code = SecondFactorInput::Recovery(alice.codes.remove(0));
        let second = portal.finish_login(&challenge, &code, &alice.browser, None);
        second.await.unwrap();
        // A stranger knows the password but no factor.
        let stranger = client_at("198.51.100.9");
        let challenge = self.first_step("alice", SHORT_PASSWORD, &stranger).await;
        for _ in 0..2 {
            let wrong = SecondFactorInput::Recovery("abcdefghijkmnopqrstu".parse().unwrap());
            let second = portal.finish_login(&challenge, &wrong, &stranger, None);
            second.await.unwrap_err();
        }
        portal.advance(minutes(1));
        alice
    }

    /// Alice logs in with her authenticator app.
    async fn alice_logs_in(&self, alice: &Alice) -> NewSession {
        self.portal.advance(minutes(1));
        let shown = SecondFactorInput::SixDigits(authenticator(&alice.totp, self.portal.now()));
        let request = PasswordLogin {
            factor: Some(&shown),
            ..sign_in("alice", SHORT_PASSWORD, &alice.browser)
        };
        self.portal
            .login_with_password(request)
            .await
            .map(done)
            .unwrap()
    }

    async fn first_step(&self, name: &str, password: &str, client: &Client) -> Token {
        let request = sign_in(name, password, client);
        match self.portal.login_with_password(request).await.unwrap() {
            LoginOutcome::SecondFactorRequired(step) => step.challenge,
            LoginOutcome::Done(_) => panic!("no second factor is asked for"),
        }
    }

    async fn link(&self, person: &Person, bot: &Bot, id: &str) {
        let code = self.link_code(person, bot, id).await;
        let client = client_at(HOME);
        let linked = self.portal.verify_link(person, &code, &client).await;
        linked.unwrap();
    }

    async fn link_code(&self, person: &Person, bot: &Bot, id: &str) -> String {
        let request = LinkRequest {
            person,
            platform: bot.platform.as_str(),
            id: &id.parse().unwrap(),
            client: &client_at(HOME),
        };
        self.portal.request_link(request).await.unwrap();
        self.carried(bot, id).await
    }

    /// The newest pending web code, as the bot fetches it.
    async fn carried(&self, bot: &Bot, id: &str) -> String {
        let (id, name) = (id.parse().unwrap(), "Niels B.".parse().unwrap());
        let avatar = AvatarUrl::parse(AVATAR).unwrap();
        let word = word(bot, &id, &name, &avatar);
        let codes = self.portal.fetch_pending_codes(bot, word).await.unwrap();
        codes[0].code.reveal().to_owned()
    }

    /// A code that the bot requested.
    async fn sent(&self, bot: &Bot, id: &str) -> BotCode {
        let (id, name) = (id.parse().unwrap(), "Niels B.".parse().unwrap());
        let avatar = AvatarUrl::parse(AVATAR).unwrap();
        let word = word(bot, &id, &name, &avatar);
        self.portal.send_code(bot, word).await.unwrap()
    }

    /// Two people who signed up by a code and have no password. One logged in with bot codes
    /// since; the other reported one.
    async fn newcomers(&mut self, discord: &Bot, telegram: &Bot) {
        let portal = self.portal;
        for (bot, id) in [(discord, "111"), (telegram, "222")] {
            let browser = Token::random().unwrap();
            let client = client_at(HOME);
            self.ask(bot, id, &browser, &client).await;
            let code = self.carried(bot, id).await;
            self.verify(&code, &client, Some(&browser)).await;
        }
        for _ in 0..2 {
            portal.advance(MOMENT);
            let sent = self.sent(discord, "111").await;
            let session = self
                .verify(sent.code.reveal(), &client_at(HOME), None)
                .await;
            if !self.secrets.contains_key("niels_cookie") {
                self.keep_session("niels", &session);
            }
        }
        let sent = self.sent(telegram, "222").await;
        let stranger = client_at("198.51.100.10");
        self.verify(sent.code.reveal(), &stranger, None).await;
        // She reports this code and one that nobody used.
        for sent in [sent, self.sent(telegram, "222").await] {
            let token = sent.disown.reveal();
            portal.disown(&token, &client_at(HOME)).await.unwrap();
        }
        portal.advance(MOMENT);
    }

    async fn ask(&self, bot: &Bot, id: &str, browser: &Token, client: &Client) {
        let platform = bot.platform.as_str();
        let browser = Some(browser);
        let asked = self.portal.ask_from(platform, id, client, browser).await;
        asked.unwrap();
    }

    async fn verify(&self, code: &str, client: &Client, browser: Option<&Token>) -> NewSession {
        let verified = self.portal.verify_from(code, client, browser).await;
        verified.unwrap().session
    }

    /// Bob reset his password, and others try to guess it.
    async fn bob(&mut self, discord: &Bot) {
        let portal = self.portal;
        let browser = browser_at("2001:db8:7:1::20");
        self.register("bob", None, &browser).await;
        self.confirm_email("bob@example.org").await;
        portal.advance(MOMENT);
        portal.request_recovery("bob", &browser).await.unwrap();
        let token = token_of(&portal.last_mail_to("bob@example.org").await.link());
        let request = Recover {
            token: &token,
            new: NEW_PASSWORD,
            factor: None,
            client: &browser,
        };
        assert_eq!(portal.recover(request).await.unwrap(), Recovery::Done);
        let session = portal
            .login_with_password(sign_in("bob", NEW_PASSWORD, &browser))
            .await;
        done(session.unwrap());
        let mark = browser.browser.as_ref().unwrap();
        self.keep("bob_browser", mark.as_str());

        // Wrong passwords and codes, from his own browser and from others.
        let stranger = client_at("2001:db8:9:2::1");
        for client in [&browser, &stranger, &client_at("198.51.100.11")] {
            let request = sign_in("bob", "a guess of somebody's", client);
            portal.login_with_password(request).await.unwrap_err();
            let wrong = portal.verify_from("2345abcd", client, None).await;
            wrong.unwrap_err();
        }
        // Unknown usernames.
        let stranger = client_at("198.51.100.12");
        for name in ["nobody", "somebody"] {
            let request = PasswordLogin {
                channel: LoginChannel::Program,
                ..sign_in(name, PASSWORD, &stranger)
            };
            portal.login_with_password(request).await.unwrap_err();
        }
        portal.request_recovery("nobody", &browser).await.unwrap();
        // A code that ended after too many attempts from its own browser.
        let (waiting, client) = (Token::random().unwrap(), client_at("198.51.100.13"));
        self.ask(discord, "777", &waiting, &client).await;
        for _ in 0..5 {
            let wrong = portal
                .verify_from("2345abcd", &client, Some(&waiting))
                .await;
            wrong.unwrap_err();
        }
        portal.advance(MOMENT);
    }

    /// One person banned, one timed out on the command line, one unbanned, one deleted.
    async fn restricted(&mut self, discord: &Bot) {
        let portal = self.portal;
        let anna = portal.login("anna", PASSWORD).await.unwrap();
        let anna = portal.person_of(&anna).await;
        let client = client_at("203.0.113.11");
        let by = Actor::Person {
            person: &anna,
            client: &client,
        };
        let mut people = Vec::new();
        for name in ["dora", "emil", "fritz", "gustav"] {
            portal.advance(minutes(2));
            people.push(self.register(name, None, &client_at(HOME)).await.user.id);
        }
        let [dora, emil, fritz, _] = people[..] else {
            unreachable!("four were made")
        };
        // Dora and Gustav have pending codes when she is banned and he deletes his account.
        for (name, id) in [("dora", "881"), ("gustav", "882")] {
            let session = portal.login(name, PASSWORD).await.unwrap();
            let person = portal.person_of(&session).await;
            self.link_code(&person, discord, id).await;
            if name == "gustav" {
                portal.delete_account(&person, &client).await.unwrap();
            }
        }
        let reason = "advertises a shop".parse().unwrap();
        portal.ban_person(by, dora, &reason, None).await.unwrap();
        let (reason, until) = (
            "noise".parse().unwrap(),
            portal.now() + minutes(60 * 24 * 30),
        );
        let timed_out = portal.time_out_person(Actor::Operator, emil, &reason, until);
        timed_out.await.unwrap();
        portal
            .ban_person(by, fritz, &reason, Some(until))
            .await
            .unwrap();
        portal.restore_person(by, fritz).await.unwrap();
        portal.advance(MOMENT);
    }

    /// Otto's app is locked after twenty wrong codes.
    async fn locked_factor(&mut self) {
        let portal = self.portal;
        let client = browser_at("203.0.113.21");
        let session = self.register("otto", None, &client).await;
        let person = portal.person_of(&session).await;
        let totp = portal.offer_totp(&person).await.unwrap().secret;
        let code = authenticator(&totp, portal.now());
        portal.confirm_totp(&person, &code, &client).await.unwrap();
        for _ in 0..4 {
            portal.advance(minutes(16));
            let challenge = self.first_step("otto", PASSWORD, &client).await;
            let right = authenticator(&totp, portal.now());
            let wrong = if right.reveal() == "000000" {
                "111111"
            } else {
                "000000"
            };
            let wrong: SecondFactorInput = wrong.parse().unwrap();
            for _ in 0..5 {
                let second = portal.finish_login(&challenge, &wrong, &client, None);
                second.await.unwrap_err();
            }
        }
    }

    /// One ended session for each reason.
    async fn ended_sessions(&mut self, discord: &Bot) {
        let portal = self.portal;
        let client = browser_at("203.0.113.31");
        let frida = self.register("frida", None, &client).await;
        let log_in = async || {
            let session = portal
                .login_with_password(sign_in("frida", PASSWORD, &client))
                .await;
            portal.person_of(&done(session.unwrap())).await
        };
        let gone = log_in().await;
        portal.sign_out(&gone, &client).await.unwrap();
        log_in().await;
        let here = portal.person_of(&frida).await;
        let ended = portal.end_other_sessions(&here, &client).await.unwrap();
        assert_eq!(ended, 1);
        // Too many wrong passwords.
        let guessed = log_in().await;
        for _ in 0..5 {
            let wrong = Proof::Password("a guess of somebody's");
            portal.confirm(&guessed, &wrong, &client).await.unwrap_err();
        }
        // Its platform was unlinked.
        self.link(&here, discord, "333").await;
        let sent = self.sent(discord, "333").await;
        self.verify(sent.code.reveal(), &client, None).await;
        self.sent(discord, "333").await;
        portal.unlink(&here, "discord", &client).await.unwrap();
        // The role was raised.
        self.link(&here, discord, "333").await;
        let sent = self.sent(discord, "333").await;
        self.verify(sent.code.reveal(), &client, None).await;
        self.sent(discord, "333").await;
        let (id, level) = (frida.user.id, PermissionLevel::Admin);
        portal
            .assign_level(Actor::Operator, id, level)
            .await
            .unwrap();
        // By an operator.
        portal.end_sessions_of(Actor::Operator, id).await.unwrap();
        // Idle for too long; listing the sessions notices it.
        log_in().await;
        portal.advance(minutes(2 * 60));
        let here = log_in().await;
        portal.own_sessions(&here).await.unwrap();
        let reasons = "select count(distinct ended_by) from sessions";
        assert_eq!(portal.number(reasons).await, 10);
        let reasons = "select count(distinct ended_by) from login_codes";
        assert_eq!(portal.number(reasons).await, 7);
    }

    /// Pending logins. Their emails were delivered.
    async fn pending(&mut self, discord: &Bot, telegram: &Bot, mut alice: Alice) {
        let portal = self.portal;
        alice.session = self.alice_logs_in(&alice).await;
        self.keep_session("alice", &alice.session);
        let person = portal.person_of(&alice.session).await;
        self.keep("alice_recovery", alice.codes.remove(0).reveal());
        portal.advance(minutes(1));

        // Email codes: one replaced, two pending. Alice has reached the limit with them.
        let challenge = self
            .first_step("alice", SHORT_PASSWORD, &alice.browser)
            .await;
        self.keep("challenge", challenge.reveal());
        let (login, session) = (CodeFor::Login(&challenge), CodeFor::Session(&person));
        for (name, whom) in [
            ("", session),
            ("email_code_of_session", session),
            ("email_code_of_login", login),
        ] {
            portal.advance(MOMENT);
            portal.send_email_code(whom, &alice.browser).await.unwrap();
            if !name.is_empty() {
                portal.advance(MOMENT);
                let code = portal.last_code_to("alice@example.org").await;
                self.keep(name, code);
            }
        }
        // Another login, whose first step was a code.
        let sent = self.sent(discord, ALICE_ON_DISCORD).await;
        let request = VerifyCode {
            code: sent.code.reveal(),
            identity: None,
            factor: None,
            client: &alice.browser,
            browser: None,
        };
        match portal.verify_code(request).await.unwrap() {
            LoginOutcome::SecondFactorRequired(step) => {
                self.keep("challenge_by_code", step.challenge.reveal());
            }
            LoginOutcome::Done(_) => panic!("no second factor is asked for"),
        }
        self.pending_codes(discord, telegram).await;
        portal.advance(MOMENT);
        portal
            .request_recovery("bob", &client_at(HOME))
            .await
            .unwrap();
        portal.advance(MOMENT);
        let link = portal.last_mail_to("bob@example.org").await.link();
        self.keep("reset", token_of(&link).reveal());
    }

    async fn pending_codes(&mut self, discord: &Bot, telegram: &Bot) {
        let portal = self.portal;
        let browser = Token::random().unwrap();
        self.keep("browser", browser.reveal());
        // By platform ID, for a person without an account.
        self.ask(discord, "444", &browser, &client_at(HOME)).await;
        let code = self.carried(discord, "444").await;
        self.keep("web_code", code);
        // By username, once an unknown one.
        for name in ["alice", "nobody-here"] {
            let request = CodeRequest {
                who: LoginHint::Name {
                    platform: "discord",
                    name,
                },
                client: &client_at("203.0.113.40"),
                browser: Some(&browser),
            };
            let expires_at = portal.request_code(request).await.unwrap();
            let expires_at = expires_at.as_micros().to_string();
            self.keep(&format!("asked_by_name_{name}"), expires_at);
        }
        let sent = self.sent(discord, "111").await;
        self.keep("bot_code", sent.code.reveal());
        let sent = self.sent(telegram, "222").await;
        self.keep("disown", sent.disown.reveal());
        // Bob is linking Telegram.
        let mut browser = browser_at("203.0.113.41");
        browser.browser = self.secrets["bob_browser"].parse().ok();
        let session = portal
            .login_with_password(sign_in("bob", NEW_PASSWORD, &browser))
            .await;
        let session = done(session.unwrap());
        self.keep_session("bob", &session);
        let bob = portal.person_of(&session).await;
        let code = self.link_code(&bob, telegram, "666").await;
        self.keep("link_code", code);
    }

    /// Set-up links and a replaced bot key that are still valid.
    async fn pending_links(&mut self) {
        let portal = self.portal;
        let named = "ludwig".parse().unwrap();
        let link = portal.create_set_up_link(SetUpLink::Named(&named)).await;
        self.keep("set_up", link.unwrap().reveal());
        // A link without a name exists only while there is no owner.
        let owners = ["margaret", "grete", "erwin"];
        for owner in owners {
            portal.set_level(owner, PermissionLevel::Admin).await;
        }
        let link = portal.create_set_up_link(SetUpLink::FirstOwner).await;
        link.unwrap();
        for owner in owners {
            portal.set_level(owner, PermissionLevel::Owner).await;
        }
        let bot = portal.find_bot("Gretel").await.unwrap().unwrap();
        let grace = Some(Duration::from_hours(24));
        let keyed = portal.regenerate_bot_key(Actor::Operator, bot, grace).await;
        self.keep("telegram_new_bot_key", keyed.unwrap().key.reveal());
        // A network has to wait before it may try Hans's password again.
        self.register("hans", None, &client_at("203.0.113.61"))
            .await;
        let stranger = client_at(STRANGER);
        for _ in 0..5 {
            let request = sign_in("hans", "a guess of somebody's", &stranger);
            portal.login_with_password(request).await.unwrap_err();
        }
    }

    /// Unsent emails, one of them after a failed attempt.
    async fn queued_mail(&mut self) {
        let portal = self.portal;
        portal.deliver_mail().await.unwrap();
        let session = portal.login("bob", NEW_PASSWORD).await.unwrap();
        let elsewhere = client_at("192.0.2.41");
        let request = PasswordLogin {
            channel: LoginChannel::Program,
            ..sign_in("bob", NEW_PASSWORD, &elsewhere)
        };
        let program = done(portal.login_with_password(request).await.unwrap());
        self.keep("bob_bearer", program.bearer.unwrap().reveal());
        let bob = portal.person_of(&session).await;
        let email = "bob@example.net".parse().unwrap();
        let request = SetEmail {
            person: &bob,
            email: &email,
            factor: None,
            client: &client_at(HOME),
        };
        portal.set_email(request).await.unwrap();
        let dead = portal.folder().join("no-folder");
        fs::write(&dead, "a file").unwrap();
        let transport = MailTransport::Folder(dead);
        let server = portal.server_with_mail(transport).await;
        let round = server.deliver_mail().await.unwrap();
        assert!(round.postponed > 0, "{round:?}");
        server.close().await;
        self.register("carla", None, &client_at("203.0.113.62"))
            .await;
    }
}

fn sign_in<'a>(identifier: &'a str, password: &'a str, client: &'a Client) -> PasswordLogin<'a> {
    PasswordLogin {
        identifier,
        password,
        factor: None,
        client,
        channel: LoginChannel::Page,
    }
}

/// The identity that a bot claims. The bot on Telegram uses the old form without name and picture.
fn word<'a>(
    bot: &'a Bot,
    id: &'a PlatformUserId,
    name: &'a PlatformName,
    avatar: &'a AvatarUrl,
) -> ClaimedIdentity<'a> {
    let tells = bot.platform.as_str() == "discord";
    ClaimedIdentity {
        platform: bot.platform.as_str(),
        id,
        name: tells.then_some(name),
        avatar: tells.then_some(avatar),
    }
}

/// The token at the end of a link.
fn token_of(link: &str) -> Token {
    link.rsplit('/').next().unwrap().parse().unwrap()
}

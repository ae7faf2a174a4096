//! Property test of A14: no sequence of actions by people, bots and administrators raises anyone above
//! the level they were assigned, or lets anyone act as a person beyond their reach (docs/contract.md,
//! Roles).
//!
//! A model predicts who may do what. Runs 10,000 random steps on each engine. The seed is printed;
//! `PORTAL_TEST_SEED` repeats a run.

use std::env;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::Duration;

use backend::testing::{
    PASSWORD, ReceivedMail, TestPortal, both_databases, client_at, cookies_of, verified,
};
use backend::{
    Actor, BotKey, BotOwner, BotRegistration, ClaimedIdentity, CodeRequest, LinkRequest, LoginHint,
    LoginOutcome, NewSession, Person, Problem, Recover, Recovery, Token, VerifyCode, Visitor,
};
use domain::{
    AdminAction, BotCallError, CallsPerHour, Client, PermissionLevel, PlatformUserId, Reason,
    Timestamp, UserId,
};

const STEPS: usize = 10_000;
const PEOPLE: usize = 8;
const LEVELS: [PermissionLevel; 4] = [
    PermissionLevel::User,
    PermissionLevel::Moderator,
    PermissionLevel::Admin,
    PermissionLevel::Owner,
];

/// Passwords to switch between.
const PASSWORDS: [&str; 2] = [PASSWORD, "a heron waits by green water"];

/// `SplitMix64`: a pseudorandom sequence that a seed reproduces.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % u64::try_from(sides).unwrap()).unwrap()
    }

    fn level(&mut self) -> PermissionLevel {
        LEVELS[self.roll(LEVELS.len())]
    }
}

/// The model's view of a person.
struct Known {
    id: UserId,
    /// Their Discord ID; no one has a Telegram identity at first.
    discord: PlatformUserId,
    password: &'static str,
    level: PermissionLevel,
    restricted_until: Option<Timestamp>,
    banned: bool,
}

/// A session and the human who holds it: the person, or the owner of a bot that carried a code.
struct Held {
    person: usize,
    holder: usize,
    session: NewSession,
    by_password: bool,
    fresh_at: Timestamp,
    /// The level that the holder could reach when they got the session.
    reach: PermissionLevel,
    /// Ended according to the model: it must never work again.
    ended: bool,
    /// The person as an earlier request loaded them, perhaps long ago.
    stale: Option<Person>,
}

struct KnownBot {
    owner: usize,
    name: String,
    id: domain::BotId,
    key: BotKey,
    /// Earlier keys.
    dead: Vec<BotKey>,
}

struct World {
    portal: TestPortal,
    dice: Dice,
    people: Vec<Known>,
    held: Vec<Held>,
    bots: Vec<KnownBot>,
    step: usize,
    /// How many passwords were reset by email.
    recovered: usize,
}

impl World {
    async fn new(portal: TestPortal, seed: u64) -> Self {
        let mut world = Self {
            portal,
            dice: Dice::new(seed),
            people: Vec::new(),
            held: Vec::new(),
            bots: Vec::new(),
            step: 0,
            recovered: 0,
        };
        for n in 0..PEOPLE {
            let name = format!("person{n}");
            // Two people of each level.
            let level = LEVELS[n % LEVELS.len()];
            world.portal.person(&name, level).await;
            let id = world.portal.find_person(&name).await.unwrap().unwrap().id;
            let discord = format!("{}", 1000 + n);
            world.portal.link(id, "discord", &discord).await;
            verified(&world.portal, &name, &address_of(n)).await;
            world.people.push(Known {
                id,
                discord: discord.parse().unwrap(),
                password: PASSWORD,
                level,
                restricted_until: None,
                banned: false,
            });
            world.log_in(n).await;
        }
        for owner in 0..LEVELS.len() {
            let name = format!("bot{owner}");
            let registration = BotRegistration {
                name: &name,
                platform: "discord",
                platform_user_id: None,
                owner: BotOwner::Id(world.people[owner].id),
                rate_limit_per_hour: CallsPerHour::MAX,
            };
            let made = world
                .portal
                .register_bot(Actor::Operator, registration)
                .await
                .unwrap();
            world.bots.push(KnownBot {
                owner,
                name,
                id: made.record.bot.id,
                key: made.key,
                dead: Vec::new(),
            });
        }
        world
    }

    fn now(&self) -> Timestamp {
        self.portal.now()
    }

    fn restricted(&self, n: usize) -> bool {
        let known = &self.people[n];
        known
            .restricted_until
            .is_some_and(|until| self.now() < until)
    }

    fn unrestricted_owners(&self) -> usize {
        let owners = (0..PEOPLE).filter(|n| self.people[*n].level == PermissionLevel::Owner);
        owners.filter(|n| !self.restricted(*n)).count()
    }

    /// Each step has a network of its own, so that rate limits don't interfere.
    fn client(&self) -> Client {
        client_at(&format!(
            "2001:db8:{:x}:{:x}::1",
            self.step / 60_000,
            self.step % 60_000
        ))
    }

    async fn log_in(&mut self, n: usize) {
        let name = format!("person{n}");
        let answer = self.portal.login(&name, self.people[n].password).await;
        match answer {
            Ok(session) => {
                assert!(!self.restricted(n), "{n} got in while shut out");
                let now = self.now();
                self.hold(n, n, session, true, now);
            }
            Err(Problem::Refused(_)) => assert!(self.restricted(n), "{n} did not get in"),
            Err(Problem::Failed(failure)) => panic!("{failure}"),
        }
    }

    fn hold(
        &mut self,
        person: usize,
        holder: usize,
        session: NewSession,
        by_password: bool,
        at: Timestamp,
    ) {
        let reach = self.people[holder].level;
        self.held.push(Held {
            person,
            holder,
            session,
            by_password,
            fresh_at: at,
            reach,
            ended: false,
            stale: None,
        });
        if self.held.len() > 40 {
            self.held.remove(0);
        }
    }

    fn end(&mut self, person: usize, which: impl Fn(&Held) -> bool) {
        for held in &mut self.held {
            if held.person == person && which(held) {
                held.ended = true;
            }
        }
    }

    /// A bot gets a code for a person, and its owner uses it.
    async fn take_by_code(&mut self) {
        let (bot, person) = (self.dice.roll(self.bots.len()), self.dice.roll(PEOPLE));
        let client = self.client();
        let key = self.bots[bot].key.reveal().to_owned();
        let owner = self.bots[bot].owner;
        let call = self.portal.bot_call(Some(&key), &client).await;
        if self.restricted(owner) {
            assert!(
                matches!(call, Err(Problem::Refused(BotCallError::Deactivated))),
                "a key of somebody shut out opened"
            );
            return;
        }
        let caller = call.unwrap();
        if let Some(dead) = self.bots[bot].dead.last() {
            assert!(
                self.portal
                    .bot_call(Some(dead.reveal()), &client)
                    .await
                    .is_err()
            );
        }
        let id = self.people[person].discord.clone();
        let word = ClaimedIdentity {
            platform: "discord",
            id: &id,
            name: None,
            avatar: None,
        };
        let code = if self.dice.roll(2) == 0 {
            match self.portal.send_code(&caller, word).await {
                Ok(made) => Some(made.code),
                Err(Problem::Refused(_)) => None,
                Err(Problem::Failed(failure)) => panic!("{failure}"),
            }
        } else {
            let request = CodeRequest {
                who: LoginHint::Id {
                    platform: "discord",
                    id: &id,
                },
                client: &client,
                browser: None,
            };
            self.portal.request_code(request).await.unwrap();
            let carried = self
                .portal
                .fetch_pending_codes(&caller, word)
                .await
                .unwrap();
            let own = carried
                .into_iter()
                .find(|code| code.requested_from.network == client.network().as_str());
            own.map(|carried| carried.code)
        };
        let Some(code) = code else { return };
        let (reach, level) = (self.people[owner].level, self.people[person].level);
        assert!(level <= reach, "a bot of {reach:?} got a code of {level:?}");
        assert!(!self.restricted(person), "a code for somebody shut out");
        // Often other actions happen before the code is used.
        if self.dice.roll(3) == 0 {
            self.administer().await;
        }
        let request = VerifyCode {
            code: code.reveal(),
            identity: None,
            factor: None,
            client: &client,
            browser: None,
        };
        match self.portal.verify_code(request).await {
            Ok(LoginOutcome::Done(login)) => {
                assert_eq!(login.session.user.id, self.people[person].id);
                assert!(!self.restricted(person), "{person} got in while shut out");
                assert!(
                    self.people[person].level <= reach,
                    "a code outlived a higher level"
                );
                let now = self.now();
                self.hold(person, owner, login.session, false, now);
                let held = self.held.last_mut().unwrap();
                held.reach = reach;
            }
            Ok(LoginOutcome::SecondFactorRequired(_)) => panic!("nobody has one"),
            Err(Problem::Refused(_)) => {}
            Err(Problem::Failed(failure)) => panic!("{failure}"),
        }
    }

    /// Requests a password reset for anyone. Only the reader of the email can set a new password.
    async fn recover(&mut self) {
        let n = self.dice.roll(PEOPLE);
        let (client, address) = (self.client(), address_of(n));
        let asked = self.portal.request_recovery(&address, &client).await;
        asked.unwrap();
        let letters = self.portal.mail_to(&address).await;
        let link = letters
            .iter()
            .rev()
            .find(|letter| {
                letter
                    .header("Subject")
                    .starts_with("Reset your Portal password")
            })
            .map(ReceivedMail::link);
        for letter in std::fs::read_dir(self.portal.mail_folder()).unwrap() {
            std::fs::remove_file(letter.unwrap().path()).unwrap();
        }
        // The link may be an older one, ended by a newer one or by a ban.
        let Some(link) = link else { return };
        let token: Token = link.rsplit('/').next().unwrap().parse().unwrap();
        if self.dice.roll(3) == 0 {
            self.administer().await;
        }
        let old = self.people[n].password;
        let new = PASSWORDS.into_iter().find(|new| *new != old).unwrap();
        let request = Recover {
            token: &token,
            new,
            factor: None,
            client: &client,
        };
        match self.portal.recover(request).await {
            Ok(Recovery::Done) => {
                assert!(!self.restricted(n), "{n} got a password while shut out");
                assert!(self.portal.login(&format!("person{n}"), old).await.is_err());
                self.people[n].password = new;
                self.end(n, |_| true);
                self.recovered += 1;
            }
            Ok(other) => panic!("nobody has a factor: {other:?}"),
            Err(Problem::Refused(_)) => {}
            Err(Problem::Failed(failure)) => panic!("{failure}"),
        }
    }

    /// The holder of a stolen code session tries to link a platform, which requires a fresh login.
    async fn link(&mut self) {
        let Some((held, person)) = self.some_session().await else {
            return;
        };
        let id: PlatformUserId = format!("{}", 5000 + self.dice.roll(50)).parse().unwrap();
        let client = self.client();
        let request = LinkRequest {
            person: &person,
            platform: "telegram",
            id: &id,
            client: &client,
        };
        let linked = self.portal.request_link(request).await;
        if linked.is_ok() {
            let held = &self.held[held];
            assert!(
                held.by_password && !held.ended,
                "linked by a login that is not fresh"
            );
        }
    }

    /// A random session, as loaded by a request now or long ago.
    async fn some_session(&mut self) -> Option<(usize, Person)> {
        let n = self.dice.roll(self.held.len());
        let found = self
            .portal
            .visitor(&cookies_of(&self.held[n].session))
            .await;
        let held = &mut self.held[n];
        match found {
            Visitor::SignedIn(person) => {
                assert!(!held.ended, "a session that had ended opened again");
                let stale = held.stale.get_or_insert_with(|| person.clone()).clone();
                let known = &self.people[held.person];
                assert_eq!((person.user.id, person.user.level), (known.id, known.level));
                // The holder of another person's session never exceeds what they could reach.
                let (held_reach, own) = (held.reach, held.person == held.holder);
                assert!(
                    own || known.level <= held_reach,
                    "{:?} by a bot of {held_reach:?}",
                    known.level
                );
                let person = if self.dice.roll(4) == 0 {
                    stale
                } else {
                    person
                };
                Some((n, person))
            }
            Visitor::Anonymous => {
                let stale = held.stale.clone()?;
                // A request that was authenticated before its session ended may still be running.
                (self.dice.roll(2) == 0).then_some((n, stale))
            }
            Visitor::Recognised(_) => panic!("both cookies were shown"),
        }
    }

    /// Whether the model permits the action to the holder of a session.
    fn may(&self, held: usize, act: AdminAction, target: usize) -> bool {
        let held = &self.held[held];
        let actor = &self.people[held.person];
        let fresh = held.by_password && self.now().since(held.fresh_at) < Duration::from_mins(10);
        !held.ended
            && !self.restricted(held.person)
            && fresh
            && held.person != target
            && act.is_open_to(actor.level, self.people[target].level)
    }

    async fn administer(&mut self) {
        let Some((held, person)) = self.some_session().await else {
            return;
        };
        let target = self.dice.roll(PEOPLE);
        let client = self.client();
        let by = Actor::Person {
            person: &person,
            client: &client,
        };
        match self.dice.roll(8) {
            0..=2 => self.assign_level(by, Some(held), target).await,
            3 => self.restrict(by, Some(held), target).await,
            4 | 5 => self.restore(by, Some(held), target).await,
            6 => {
                let ended = self
                    .portal
                    .end_sessions_of(by, self.people[target].id)
                    .await;
                if self.is_done(ended, Some(held), AdminAction::EndSessions, target) {
                    self.end(target, |_| true);
                }
            }
            _ => self.change_bot(by, held).await,
        }
    }

    /// Whether the action succeeded, which it may only if the model permits it. `held` is `None` for
    /// the command line.
    fn is_done<T, E: std::fmt::Debug>(
        &self,
        answer: Result<T, Problem<E>>,
        held: Option<usize>,
        act: AdminAction,
        target: usize,
    ) -> bool {
        let may = held.is_none_or(|held| self.may(held, act, target));
        match answer {
            Ok(_) => {
                assert!(may, "{act:?} on {target} was not allowed");
                true
            }
            Err(Problem::Refused(_)) => false,
            Err(Problem::Failed(failure)) => panic!("{failure}"),
        }
    }

    async fn assign_level(&mut self, by: Actor<'_>, held: Option<usize>, target: usize) {
        let level = self.dice.level();
        let given = self
            .portal
            .assign_level(by, self.people[target].id, level)
            .await;
        if !self.is_done(given, held, AdminAction::SetLevel, target) {
            return;
        }
        if let Some(held) = held {
            let own = self.people[self.held[held].person].level;
            assert!(own.may_assign(level), "{own:?} gave {level:?}");
        }
        if level > self.people[target].level {
            self.end(target, |held| !held.by_password);
        }
        self.people[target].level = level;
    }

    async fn restrict(&mut self, by: Actor<'_>, held: Option<usize>, target: usize) {
        let reason: Reason = "chance".parse().unwrap();
        let (id, until) = (self.people[target].id, self.now() + Duration::from_mins(5));
        let bans = self.dice.roll(2) == 0;
        let (act, answer) = if bans {
            (
                AdminAction::Ban,
                self.portal.ban_person(by, id, &reason, None).await,
            )
        } else {
            (
                AdminAction::TimeOut,
                self.portal.time_out_person(by, id, &reason, until).await,
            )
        };
        let was_banned = self.people[target].banned && self.restricted(target);
        if self.is_done(answer, held, act, target) {
            assert!(bans || !was_banned, "a timeout took the place of a ban");
            let end = if bans {
                Timestamp::from_micros(i64::MAX)
            } else {
                until
            };
            self.people[target].restricted_until = Some(end);
            self.people[target].banned = bans;
            self.end(target, |_| true);
        }
    }

    async fn restore(&mut self, by: Actor<'_>, held: Option<usize>, target: usize) {
        let banned = self.people[target].banned && self.restricted(target);
        let act = if banned {
            AdminAction::LiftBan
        } else {
            AdminAction::LiftTimeout
        };
        let answer = self.portal.restore_person(by, self.people[target].id).await;
        if self.is_done(answer, held, act, target) {
            self.people[target].restricted_until = None;
            self.people[target].banned = false;
        }
    }

    /// Regenerates a key. The actor, who may act on the bot's owner, can read it.
    async fn change_bot(&mut self, by: Actor<'_>, held: usize) {
        let bot = self.dice.roll(self.bots.len());
        let owner = self.bots[bot].owner;
        let made = self
            .portal
            .regenerate_bot_key(by, self.bots[bot].id, None)
            .await;
        match made {
            Ok(made) => {
                let own = self.held[held].person == owner;
                let level = self.people[self.held[held].person].level;
                let may = self.may(held, AdminAction::ChangeBot, owner);
                let may_own = own && level.administers() && self.held[held].by_password;
                assert!(
                    may || may_own,
                    "a key of {} was made by {level:?}",
                    self.bots[bot].name
                );
                let old = std::mem::replace(&mut self.bots[bot].key, made.key);
                self.bots[bot].dead.push(old);
            }
            Err(Problem::Refused(_)) => {}
            Err(Problem::Failed(failure)) => panic!("{failure}"),
        }
    }

    /// The operator repairs what random steps have broken.
    async fn operate(&mut self) {
        let target = self.dice.roll(PEOPLE);
        if self.dice.roll(3) == 0 {
            self.assign_level(Actor::Operator, None, target).await;
        } else {
            self.restore(Actor::Operator, None, target).await;
        }
    }

    async fn check(&self) {
        assert!(self.unrestricted_owners() > 0, "the last owner is gone");
        for (n, known) in self.people.iter().enumerate() {
            let found = self
                .portal
                .find_person(&format!("person{n}"))
                .await
                .unwrap()
                .unwrap();
            assert_eq!(found.level, known.level, "person{n}");
            assert_eq!(
                found.state.is_restricted(self.now()),
                self.restricted(n),
                "person{n}"
            );
        }
        let now = self.now().as_micros();
        let open = format!(
            "select count(*) from sessions s join users u on u.id = s.user_id
             where s.ended_at is null and u.state <> 0
                   and (u.state_until is null or u.state_until > {now})"
        );
        assert_eq!(
            self.portal.number(&open).await,
            0,
            "somebody shut out has a session"
        );
        for held in self.held.iter().filter(|held| held.ended) {
            let visitor = self.portal.visitor(&cookies_of(&held.session)).await;
            assert!(
                matches!(visitor, Visitor::Anonymous),
                "an ended session opens"
            );
        }
    }

    async fn take_step(&mut self) {
        self.portal.advance(Duration::from_secs(1));
        match self.dice.roll(100) {
            0..=2 => {
                let n = self.dice.roll(PEOPLE);
                self.log_in(n).await;
            }
            3..=29 => self.take_by_code().await,
            30..=36 => self.link().await,
            37..=43 => self.operate().await,
            44 => self.recover().await,
            45..=46 => self.portal.advance(Duration::from_mins(3)),
            _ => self.administer().await,
        }
    }
}

fn address_of(person: usize) -> String {
    format!("person{person}@example.org")
}

pub(crate) fn seed() -> u64 {
    let given = env::var("PORTAL_TEST_SEED").ok();
    let given = given.and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(|| RandomState::new().build_hasher().finish())
}

#[both_databases]
async fn a14_no_sequence_of_acts_lifts_anybody(portal: TestPortal) {
    let seed = seed();
    println!("PORTAL_TEST_SEED={seed}");
    let mut world = World::new(portal, seed).await;
    for step in 0..STEPS {
        world.step = step;
        world.take_step().await;
        if step % 100 == 0 {
            world.check().await;
        }
    }
    world.check().await;
    assert!(world.recovered > 10, "{} recovered", world.recovered);
}

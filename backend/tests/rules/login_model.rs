//! Model test of login as a state machine (ASVS 2.3.1, 6.3.1): codes, counters, limits, restrictions
//! and second factors, in random order, by the person and by strangers. A model predicts the result of
//! each step; Portal must return the same.
//!
//! The seed is printed; `PORTAL_TEST_SEED` repeats a run.

use std::collections::BTreeMap;
use std::time::Duration;

use backend::testing::{
    PASSWORD, TestPortal, authenticator, both_databases, browser_cookie, client_at, cookies_of,
    minutes,
};
use backend::{
    Actor, LoginChannel, LoginOutcome, NewSession, PasswordLogin, Problem, SecondFactorChallenge,
    Token, VerifyCode, Visitor,
};
use domain::{
    Bot, BotCodeError, Client, FinishLoginError, PasswordLoginError, PermissionLevel,
    PlatformUserId, RecoveryCode, RequestCodeError, SecondFactorInput, Timestamp, UserId,
    VerifyCodeError,
};

use crate::hierarchy::{Dice, seed};
use crate::restrictions::because;

/// Number of people, each simulated separately.
const LIVES: usize = 24;
const STEPS: usize = 160;
const NETWORKS: [&str; 3] = ["203.0.113.7", "203.0.113.8", "198.51.100.9"];
const CODE_LIFETIME: Duration = Duration::from_mins(10);
const CHALLENGE_TTL: Duration = Duration::from_mins(10);
const MAX_WRONG_ATTEMPTS: usize = 5;
const MOST_BOT_LOGINS: usize = 5;
const MAX_PENDING_CODES: usize = 5;
/// The limits of wrong codes per network: window and count.
const WRONG_CODES: [(Duration, usize); 3] = [
    (Duration::from_mins(10), 10),
    (Duration::from_hours(1), 30),
    (Duration::from_hours(24), 100),
];
const WRONG_FACTORS: (Duration, usize) = (Duration::from_mins(15), 5);
const FACTORS_IN_A_ROW: usize = 20;

/// The result of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Answer {
    In,
    SecondFactor,
    WrongPassword,
    InvalidCode,
    WrongFactor,
    WaitForGuesses,
    WaitForFactors,
    Restricted,
    WebLoginRequired,
    Dead,
    Asked,
    AskedAgain,
    TooManyPending,
    Sent,
    SentAgain,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Web,
    Bot,
}

/// A code of the person; `text` is `None` if it was never delivered.
struct Code {
    kind: Kind,
    text: Option<String>,
    network: usize,
    browser: usize,
    expires_at: Timestamp,
    wrong: usize,
    ended: bool,
}

/// A login that waits for its second step.
struct Waiting {
    token: Token,
    code: Option<usize>,
    expires_at: Timestamp,
    ended: bool,
}

/// An authenticator app and its counters.
struct App {
    key: String,
    last_step: i64,
    wrong: Vec<Timestamp>,
    in_a_row: usize,
    locked: bool,
    recovery: Vec<RecoveryCode>,
    spent: Vec<RecoveryCode>,
}

struct Life<'a> {
    portal: &'a TestPortal,
    bot: &'a Bot,
    dice: &'a mut Dice,
    seen: &'a mut BTreeMap<Answer, usize>,
    user: UserId,
    name: String,
    id: PlatformUserId,
    /// The first is a program, which has no browser.
    browsers: [Option<Token>; 3],
    restricted_until: Option<Timestamp>,
    bot_logins: usize,
    codes: Vec<Code>,
    /// When the pending codes of other people in each network expire.
    others: [Vec<Timestamp>; 3],
    wrong_codes: [Vec<Timestamp>; 3],
    wrong_passwords: [Vec<Timestamp>; 3],
    waiting: Vec<Waiting>,
    app: Option<App>,
    sessions: Vec<(NewSession, bool)>,
    /// The step this person repeats about every other time, if any.
    habit: usize,
}

/// How many of the times lie in the window that ends now.
fn within(times: &[Timestamp], window: Duration, now: Timestamp) -> usize {
    times.iter().filter(|time| **time > now - window).count()
}

fn step_of(now: Timestamp) -> i64 {
    now.as_micros().div_euclid(30_000_000)
}

impl App {
    /// Predicts the result of a factor and updates the counters.
    fn judge(&mut self, shown: &SecondFactorInput, now: Timestamp) -> Answer {
        let digits = match shown {
            SecondFactorInput::Recovery(code) => {
                let Some(at) = self.recovery.iter().position(|known| known == code) else {
                    return Answer::WrongFactor;
                };
                self.spent.push(self.recovery.remove(at));
                self.wrong.clear();
                (self.in_a_row, self.locked) = (0, false);
                return Answer::In;
            }
            SecondFactorInput::SixDigits(digits) | SecondFactorInput::Mailed(digits) => digits,
        };
        let (window, most) = WRONG_FACTORS;
        if within(&self.wrong, window, now) >= most {
            return Answer::WaitForFactors;
        }
        let before = now - Duration::from_secs(30);
        let step = [now, before]
            .into_iter()
            .find(|at| authenticator(&self.key, *at) == *digits);
        let usable = |step: &i64| *step > self.last_step && !self.locked;
        if let Some(step) = step.map(step_of).filter(usable) {
            (self.last_step, self.in_a_row) = (step, 0);
            return Answer::In;
        }
        self.wrong.push(now);
        self.in_a_row += 1;
        self.locked |= self.in_a_row >= FACTORS_IN_A_ROW;
        Answer::WrongFactor
    }
}

impl Life<'_> {
    fn now(&self) -> Timestamp {
        self.portal.now()
    }

    fn is_restricted(&self) -> bool {
        self.restricted_until
            .is_some_and(|until| self.now() < until)
    }

    fn is_pending(&self, code: usize) -> bool {
        let code = &self.codes[code];
        !code.ended && self.now() < code.expires_at
    }

    /// Ends everything that a restriction ends.
    fn end_all(&mut self) {
        let now = self.now();
        for code in self.codes.iter_mut().filter(|code| now < code.expires_at) {
            code.ended = true;
        }
        for waiting in &mut self.waiting {
            waiting.ended = true;
        }
        for (_, open) in &mut self.sessions {
            *open = false;
        }
    }

    /// A second factor to try: right, used, wrong, or a recovery code.
    fn some_factor(&mut self) -> Option<SecondFactorInput> {
        let now = self.now();
        let roll = self.dice.roll(8);
        let app = self.app.as_ref()?;
        Some(match roll {
            0..=2 => SecondFactorInput::SixDigits(authenticator(&app.key, now)),
            3 => {
                SecondFactorInput::SixDigits(authenticator(&app.key, now - Duration::from_secs(30)))
            }
            4 => SecondFactorInput::Recovery(app.recovery.first().or(app.spent.first())?.clone()),
            5 => SecondFactorInput::Recovery(app.spent.first()?.clone()),
            _ => {
                // A code of another time is wrong now.
                let other = now - Duration::from_hours(24);
                SecondFactorInput::SixDigits(authenticator(&app.key, other))
            }
        })
    }

    fn client(&mut self) -> (usize, Client) {
        let network = self.dice.roll(NETWORKS.len());
        (network, client_at(NETWORKS[network]))
    }

    fn note(&mut self, what: &str, expected: Answer, answer: Answer) {
        assert_eq!(answer, expected, "{what}");
        *self.seen.entry(answer).or_default() += 1;
    }

    fn waits(&mut self, step: SecondFactorChallenge, code: Option<usize>) {
        let expires_at = self.now() + CHALLENGE_TTL;
        self.waiting.push(Waiting {
            token: step.challenge,
            code,
            expires_at,
            ended: false,
        });
    }

    /// Predicts the result of a right code once everything else is right; uses it up.
    fn use_code(&mut self, code: usize) -> Answer {
        self.codes[code].ended = true;
        match self.codes[code].kind {
            Kind::Web => self.bot_logins = 0,
            Kind::Bot if self.bot_logins >= MOST_BOT_LOGINS => return Answer::WebLoginRequired,
            Kind::Bot => self.bot_logins += 1,
        }
        Answer::In
    }

    fn count_wrong_attempt(&mut self, which: impl Fn(usize, &Code) -> bool) {
        let now = self.now();
        for (n, code) in self.codes.iter_mut().enumerate() {
            if which(n, code) && !code.ended && now < code.expires_at {
                code.wrong += 1;
                code.ended = code.wrong >= MAX_WRONG_ATTEMPTS;
            }
        }
    }

    async fn type_password(&mut self) {
        let (network, client) = self.client();
        let right = self.dice.roll(3) > 0;
        let shown = if self.dice.roll(3) == 0 {
            self.some_factor()
        } else {
            None
        };
        let request = PasswordLogin {
            identifier: &self.name.clone(),
            password: if right { PASSWORD } else { "not the password" },
            factor: shown.as_ref(),
            client: &client,
            channel: LoginChannel::Page,
        };
        let now = self.now();
        let wrong = within(&self.wrong_passwords[network], Duration::from_hours(1), now);
        let (answer, step) = match self.portal.login_with_password(request).await {
            Ok(LoginOutcome::Done(session)) => {
                self.sessions.push((session, true));
                (Answer::In, None)
            }
            Ok(LoginOutcome::SecondFactorRequired(step)) => (Answer::SecondFactor, Some(step)),
            Err(Problem::Refused(PasswordLoginError::InvalidCredentials)) => {
                (Answer::WrongPassword, None)
            }
            Err(Problem::Refused(PasswordLoginError::Restricted)) => (Answer::Restricted, None),
            Err(Problem::Refused(PasswordLoginError::TooManyFactorAttempts { .. })) => {
                (Answer::WaitForFactors, None)
            }
            Err(Problem::Refused(PasswordLoginError::TooManyAttempts { .. })) => {
                // The exact wait is tested elsewhere; before the sixth attempt there is none.
                assert!(wrong >= 5, "told to wait after {wrong} wrong ones");
                self.note("a password", Answer::WaitForGuesses, Answer::WaitForGuesses);
                return;
            }
            Err(other) => panic!("{other:?}"),
        };
        assert!(
            within(&self.wrong_passwords[network], minutes(10), now) < 20,
            "nobody had to wait"
        );
        let expected = if !right {
            self.wrong_passwords[network].push(now);
            Answer::WrongPassword
        } else if self.is_restricted() {
            Answer::Restricted
        } else {
            match (&mut self.app, &shown) {
                (None, _) => Answer::In,
                (Some(_), None) => Answer::SecondFactor,
                (Some(app), Some(shown)) => match app.judge(shown, now) {
                    Answer::WrongFactor => Answer::SecondFactor,
                    other => other,
                },
            }
        };
        if expected == Answer::In {
            self.bot_logins = 0;
        }
        self.note("a password", expected, answer);
        if let Some(step) = step {
            self.waits(step, None);
        }
    }

    async fn ask(&mut self) {
        let (network, client) = self.client();
        let browser = self.dice.roll(self.browsers.len());
        let now = self.now();
        let is_same = |code: &Code| {
            code.kind == Kind::Web && (code.network, code.browser) == (network, browser)
        };
        let same = (0..self.codes.len()).find(|n| self.is_pending(*n) && is_same(&self.codes[*n]));
        let of_network = |code: &Code| code.kind == Kind::Web && code.network == network;
        let pending =
            (0..self.codes.len()).filter(|n| self.is_pending(*n) && of_network(&self.codes[*n]));
        let others = self.others[network].iter().filter(|end| now < **end);
        let taken = pending.count() + others.count();
        let asked = self.portal.ask_from(
            "discord",
            self.id.as_str(),
            &client,
            self.browsers[browser].as_ref(),
        );
        let asked = match asked.await {
            Ok(expires_at) => Ok(expires_at),
            Err(Problem::Refused(RequestCodeError::TooManyPending { .. })) => {
                Err(Answer::TooManyPending)
            }
            Err(other) => panic!("{other:?}"),
        };
        if let Some(same) = same {
            assert_eq!(asked, Ok(self.codes[same].expires_at), "asked again");
            self.note("asked", Answer::AskedAgain, Answer::AskedAgain);
            return;
        }
        if taken >= MAX_PENDING_CODES {
            self.note("asked", Answer::TooManyPending, asked.unwrap_err());
            return;
        }
        assert_eq!(asked, Ok(now + CODE_LIFETIME), "{taken} were taken");
        // A code that the bot fetches for the first time; a restricted person has none.
        let carried = self.portal.carry(self.bot, self.id.as_str()).await.unwrap();
        let mut texts = carried
            .into_iter()
            .map(|carried| carried.code.reveal().to_owned());
        let known = |text: &String| {
            self.codes
                .iter()
                .any(|code| code.text.as_ref() == Some(text))
        };
        let text = texts.find(|text| !known(text));
        assert_eq!(text.is_none(), self.is_restricted());
        self.codes.push(Code {
            kind: Kind::Web,
            text,
            network,
            browser,
            expires_at: now + CODE_LIFETIME,
            wrong: 0,
            ended: false,
        });
        self.note("asked", Answer::Asked, Answer::Asked);
    }

    /// A request by another person, which takes a slot of the same network.
    async fn ask_as_other(&mut self) {
        let (network, client) = self.client();
        let id = format!("{}", 900_000 + self.dice.roll(90_000));
        let asked = self.portal.ask_from("discord", &id, &client, None).await;
        let made_now = self.now() + CODE_LIFETIME;
        // Requesting again takes no new slot.
        self.others[network].extend(asked.ok().filter(|end| *end == made_now));
    }

    async fn send(&mut self) {
        let pending =
            (0..self.codes.len()).find(|n| self.is_pending(*n) && self.codes[*n].kind == Kind::Bot);
        let expected = if self.is_restricted() {
            Answer::Restricted
        } else if self.bot_logins >= MOST_BOT_LOGINS {
            Answer::WebLoginRequired
        } else if pending.is_some() {
            Answer::SentAgain
        } else {
            Answer::Sent
        };
        let answer = match self.portal.send(self.bot, self.id.as_str()).await {
            Ok(made) => {
                let text = Some(made.code.reveal().to_owned());
                if let Some(pending) = pending {
                    assert_eq!(self.codes[pending].text, text);
                    Answer::SentAgain
                } else {
                    let expires_at = self.now() + CODE_LIFETIME;
                    assert_eq!(made.expires_at, expires_at);
                    self.codes.push(Code {
                        kind: Kind::Bot,
                        text,
                        network: 0,
                        browser: 0,
                        expires_at,
                        wrong: 0,
                        ended: false,
                    });
                    Answer::Sent
                }
            }
            Err(Problem::Refused(BotCodeError::Restricted)) => Answer::Restricted,
            Err(Problem::Refused(BotCodeError::WebLoginRequired)) => Answer::WebLoginRequired,
            Err(other) => panic!("{other:?}"),
        };
        self.note("send-code", expected, answer);
    }

    /// Enters a code of the person from any network and browser, sometimes one that doesn't exist.
    async fn type_code(&mut self) {
        let (network, _) = self.client();
        let home = self.dice.roll(2) == 0;
        let browser = self.dice.roll(self.browsers.len());
        let shown = if self.dice.roll(3) == 0 {
            self.some_factor()
        } else {
            None
        };
        let with_text: Vec<usize> = (0..self.codes.len())
            .filter(|n| self.codes[*n].text.is_some())
            .collect();
        // Recent codes are more likely to be pending.
        let latest = &with_text[with_text.len().saturating_sub(4)..];
        let alive = with_text.iter().rev().find(|n| self.is_pending(**n));
        let code = match self.dice.roll(8) {
            0 => None,
            1 if !with_text.is_empty() => Some(with_text[self.dice.roll(with_text.len())]),
            2..=3 if !latest.is_empty() => Some(latest[self.dice.roll(latest.len())]),
            _ => alive.copied(),
        };
        // Half of the time from the code's own network and browser.
        let (network, browser) = match code.map(|code| &self.codes[code]) {
            Some(code) if home => (code.network, code.browser),
            _ => (network, browser),
        };
        let client = client_at(NETWORKS[network]);
        let text = code.and_then(|code| self.codes[code].text.clone());
        let text = text.unwrap_or_else(|| "Vy8nFKq2".to_owned());
        let expected = self.expect_of_code(code, (network, browser), shown.as_ref());
        let request = VerifyCode {
            code: &text,
            identity: None,
            factor: shown.as_ref(),
            client: &client,
            browser: self.browsers[browser].as_ref(),
        };
        let (answer, step) = match self.portal.verify_code(request).await {
            Ok(LoginOutcome::Done(login)) => {
                assert_eq!(
                    (login.session.user.id, login.user_created),
                    (self.user, false)
                );
                self.sessions.push((login.session, true));
                (Answer::In, None)
            }
            Ok(LoginOutcome::SecondFactorRequired(step)) => (Answer::SecondFactor, Some(step)),
            Err(Problem::Refused(VerifyCodeError::InvalidOrExpired)) => (Answer::InvalidCode, None),
            Err(Problem::Refused(VerifyCodeError::WebLoginRequired)) => {
                (Answer::WebLoginRequired, None)
            }
            Err(Problem::Refused(VerifyCodeError::TooManyAttempts { .. })) => {
                (Answer::WaitForGuesses, None)
            }
            Err(Problem::Refused(VerifyCodeError::TooManyFactorAttempts { .. })) => {
                (Answer::WaitForFactors, None)
            }
            Err(other) => panic!("{other:?}"),
        };
        self.note("a code", expected, answer);
        if let Some(step) = step {
            self.waits(step, code);
        }
    }

    fn expect_of_code(
        &mut self,
        code: Option<usize>,
        (network, browser): (usize, usize),
        shown: Option<&SecondFactorInput>,
    ) -> Answer {
        let now = self.now();
        let wrong = &self.wrong_codes[network];
        if WRONG_CODES
            .iter()
            .any(|(window, most)| within(wrong, *window, now) >= *most)
        {
            return Answer::WaitForGuesses;
        }
        let fits = |life: &Self, n: usize| {
            let code = &life.codes[n];
            let from_there =
                code.network == network && (code.browser == 0 || code.browser == browser);
            life.is_pending(n) && (code.kind == Kind::Bot || from_there)
        };
        let Some(code) = code.filter(|code| fits(self, *code)) else {
            self.wrong_codes[network].push(now);
            if browser > 0 {
                self.count_wrong_attempt(|_, code| {
                    code.kind == Kind::Web && code.browser == browser
                });
            }
            return Answer::InvalidCode;
        };
        match (&mut self.app, shown) {
            (None, _) => {}
            (Some(_), None) => return Answer::SecondFactor,
            (Some(app), Some(shown)) => match app.judge(shown, now) {
                Answer::WrongFactor => {
                    self.count_wrong_attempt(|n, _| n == code);
                    return Answer::SecondFactor;
                }
                Answer::WaitForFactors => return Answer::WaitForFactors,
                _ => {}
            },
        }
        let answer = self.use_code(code);
        if answer == Answer::WebLoginRequired {
            // The code was right but granted nothing, so the attempt isn't refunded.
            self.wrong_codes[network].push(now);
        }
        answer
    }

    /// Tries the second step of a pending or finished login.
    async fn go_on(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let from = self.waiting.len().saturating_sub(3);
        let at = from + self.dice.roll(self.waiting.len() - from);
        let (network, client) = self.client();
        let browser = self.dice.roll(self.browsers.len());
        let Some(shown) = self.some_factor() else {
            return;
        };
        let now = self.now();
        let code = self.waiting[at].code;
        let code_fits = code.is_none_or(|n| {
            let code = &self.codes[n];
            let from_there =
                code.network == network && (code.browser == 0 || code.browser == browser);
            self.is_pending(n) && (code.kind == Kind::Bot || from_there)
        });
        let waits = !self.waiting[at].ended && now < self.waiting[at].expires_at;
        let expected = if !waits || !code_fits {
            Answer::Dead
        } else {
            let judged = self
                .app
                .as_mut()
                .map_or(Answer::WrongFactor, |app| app.judge(&shown, now));
            match (judged, code) {
                (Answer::In, None) => {
                    self.bot_logins = 0;
                    self.waiting[at].ended = true;
                    Answer::In
                }
                (Answer::In, Some(code)) => {
                    self.waiting[at].ended = true;
                    self.use_code(code)
                }
                (Answer::WrongFactor, Some(code)) => {
                    self.count_wrong_attempt(|n, _| n == code);
                    Answer::WrongFactor
                }
                (other, _) => other,
            }
        };
        let (portal, token) = (self.portal, &self.waiting[at].token);
        let browser = self.browsers[browser].as_ref();
        let answer = match portal.finish_login(token, &shown, &client, browser).await {
            Ok(session) => {
                assert_eq!(session.user.id, self.user);
                self.sessions.push((session, true));
                Answer::In
            }
            Err(Problem::Refused(error)) => match error {
                FinishLoginError::Dead => Answer::Dead,
                FinishLoginError::WrongFactor => Answer::WrongFactor,
                FinishLoginError::TooManyFactorAttempts { .. } => Answer::WaitForFactors,
                FinishLoginError::Restricted => Answer::Restricted,
                FinishLoginError::WebLoginRequired => Answer::WebLoginRequired,
            },
            Err(Problem::Failed(failure)) => panic!("{failure}"),
        };
        self.note("a second step", expected, answer);
    }

    async fn shut_out_or_let_in(&mut self) {
        let (portal, user) = (self.portal, self.user);
        let reason = because("chance");
        if self.is_restricted() {
            portal.restore_person(Actor::Operator, user).await.unwrap();
            self.restricted_until = None;
            return;
        }
        if self.dice.roll(2) == 0 {
            portal
                .ban_person(Actor::Operator, user, &reason, None)
                .await
                .unwrap();
            self.restricted_until = Some(Timestamp::from_micros(i64::MAX));
        } else {
            let until = self.now() + minutes(5);
            portal
                .time_out_person(Actor::Operator, user, &reason, until)
                .await
                .unwrap();
            self.restricted_until = Some(until);
        }
        self.end_all();
    }

    async fn look_at_a_session(&mut self) {
        if self.sessions.is_empty() {
            return;
        }
        let (session, open) = &self.sessions[self.dice.roll(self.sessions.len())];
        let visitor = self.portal.visitor(&cookies_of(session)).await;
        assert_eq!(matches!(visitor, Visitor::SignedIn(_)), *open);
    }

    async fn take_step(&mut self) {
        let habit = if self.dice.roll(8) > 1 { self.habit } else { 0 };
        match habit {
            // Prefers bot codes.
            1 if self.dice.roll(2) == 0 => self.send().await,
            1 => self.type_code().await,
            // Shares the network with many people.
            2 if self.dice.roll(2) == 0 => self.ask_as_other().await,
            // Mistypes the app's codes.
            3 if self.dice.roll(2) == 0 => self.type_password().await,
            3 => self.go_on().await,
            _ if self.is_restricted() && self.dice.roll(5) == 0 => self.shut_out_or_let_in().await,
            _ => self.take_any_step().await,
        }
        // No two steps have the same time.
        self.portal.advance(Duration::from_millis(1));
    }

    async fn take_any_step(&mut self) {
        match self.dice.roll(100) {
            0..=15 => self.type_password().await,
            16..=29 => self.ask().await,
            30..=33 => self.ask_as_other().await,
            34..=43 => self.send().await,
            44..=67 => self.type_code().await,
            68..=81 => self.go_on().await,
            82..=84 => self.shut_out_or_let_in().await,
            85..=89 => self.look_at_a_session().await,
            n => self.portal.advance(match n {
                90..=93 => Duration::from_secs(31),
                94..=95 => Duration::from_mins(2),
                96..=97 => Duration::from_mins(10),
                98 => Duration::from_mins(16),
                _ => Duration::from_hours(1),
            }),
        }
    }
}

/// Enables an authenticator app.
async fn app_of(portal: &TestPortal, name: &str) -> App {
    let session = portal.login(name, PASSWORD).await.unwrap();
    let person = portal.person_of(&session).await;
    let key = portal.offer_totp(&person).await.unwrap().secret;
    let (now, code) = (portal.now(), authenticator(&key, portal.now()));
    let client = client_at(NETWORKS[0]);
    let on = portal.confirm_totp(&person, &code, &client).await.unwrap();
    portal
        .end_sessions_of(Actor::Operator, person.user.id)
        .await
        .unwrap();
    App {
        key,
        last_step: step_of(now),
        wrong: Vec::new(),
        in_a_row: 0,
        locked: false,
        recovery: on.recovery_codes,
        spent: Vec::new(),
    }
}

#[both_databases]
async fn asvs_2_3_1_every_login_goes_as_the_model_says(portal: TestPortal) {
    let dice_seed = seed();
    println!("PORTAL_TEST_SEED={dice_seed}");
    let mut dice = Dice::new(dice_seed);
    let mut seen = BTreeMap::new();
    let bot = portal.bot("discord").await;
    for n in 0..LIVES {
        // No counter of the previous person applies any more.
        portal.advance(Duration::from_hours(25));
        let name = format!("person{n}");
        portal.person(&name, PermissionLevel::User).await;
        let user = portal.find_person(&name).await.unwrap().unwrap().id;
        let id: PlatformUserId = format!("{}", 1000 + n).parse().unwrap();
        portal.link(user, "discord", id.as_str()).await;
        let app = if matches!(n % 4, 0 | 3) {
            Some(app_of(&portal, &name).await)
        } else {
            None
        };
        let mut life = Life {
            portal: &portal,
            bot: &bot,
            dice: &mut dice,
            seen: &mut seen,
            user,
            name,
            id,
            browsers: [None, Some(browser_cookie()), Some(browser_cookie())],
            restricted_until: None,
            bot_logins: 0,
            codes: Vec::new(),
            others: Default::default(),
            wrong_codes: Default::default(),
            wrong_passwords: Default::default(),
            waiting: Vec::new(),
            app,
            sessions: Vec::new(),
            habit: n % 4,
        };
        for _ in 0..STEPS {
            life.take_step().await;
        }
        let open = i64::try_from(life.sessions.iter().filter(|(_, open)| *open).count());
        let query =
            format!("select count(*) from sessions where ended_at is null and user_id = {user}");
        assert_eq!(Ok(portal.number(&query).await), open);
    }
    println!("{seen:?}");
    // Every possible result occurred.
    assert_eq!(seen.len(), 15, "{seen:?}");
}

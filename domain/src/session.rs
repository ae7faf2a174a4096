use std::str::FromStr;
use std::time::Duration;

use crate::{FactorKind, PermissionLevel, Timestamp, User, UserAgent, UserId};

/// The number of a session. Not a secret, and no part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(i64);

impl SessionId {
    #[must_use]
    pub const fn from_i64(id: i64) -> Self {
        Self(id)
    }

    #[must_use]
    pub const fn as_i64(self) -> i64 {
        self.0
    }
}

/// How a session was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginMethod {
    Password,
    /// By making the first account at `/setup`.
    SetUp,
    /// By a code asked for on the web.
    WebCode,
    /// By a code that a bot had made.
    BotCode,
}

impl LoginMethod {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::SetUp => "set_up",
            Self::WebCode => "web_code",
            Self::BotCode => "bot_code",
        }
    }

    /// Whether the person showed more than a platform's word.
    #[must_use]
    pub const fn is_fresh(self) -> bool {
        match self {
            Self::Password | Self::SetUp => true,
            Self::WebCode | Self::BotCode => false,
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Password, Self::SetUp, Self::WebCode, Self::BotCode]
            .into_iter()
            .find(|method| method.as_str() == text)
    }
}

/// Writes the enum with its words in storage and in the API.
macro_rules! end_reasons {
    ($($(#[$doc:meta])* $name:ident = $word:literal)*) => {
        /// Why a session is over.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum EndReason {
            $($(#[$doc])* $name,)*
        }

        impl EndReason {
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($word => Some(Self::$name),)* _ => None }
            }
        }
    };
}

end_reasons! {
    SignedOut = "signed_out"
    /// Its person ended it from another session.
    UserRevoked = "destroyed"
    Expired = "expired"
    Restricted = "restricted"
    /// Somebody said that the code it was begun with was not asked for by them.
    ReportedByUser = "disowned"
    /// The identity it was begun with is no longer linked.
    Unlinked = "unlinked"
    /// A password or factor was changed in another session.
    Changed = "changed"
    /// Too many wrong passwords or factors were shown in it.
    TooManyAttempts = "guessed"
    /// Somebody who administers logged the person out.
    AdminRevoked = "administered"
    /// The person's level was raised, and what bots carried that could reach them only below
    /// counts no longer.
    RoleRaised = "raised"
}

/// What a person tells their sessions apart by: 6 letters and digits, unique among those
/// that live, and no part of a secret (docs/contract.md, Session routes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenSuffix(String);

/// A text that names no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenSuffixError;

impl TokenSuffix {
    pub const LENGTH: usize = 6;

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TokenSuffix {
    type Err = TokenSuffixError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_one = text.len() == Self::LENGTH && text.bytes().all(|b| b.is_ascii_alphanumeric());
        is_one
            .then(|| Self(text.to_owned()))
            .ok_or(TokenSuffixError)
    }
}

/// One login of one person in one browser, not ended so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user_id: UserId,
    pub method: LoginMethod,
    pub client_ip: String,
    pub user_agent: UserAgent,
    pub created_at: Timestamp,
    /// Exact to a minute: a use is written down at most once a minute.
    pub last_used_at: Timestamp,
    /// When the person last showed a password or a second factor in it.
    pub fresh_at: Option<Timestamp>,
    /// The second factor that was shown in it, at the login or since.
    pub second_factor: Option<FactorKind>,
}

/// What the credentials of a request open (docs/contract.md, Cookies).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionScope {
    /// The shared cookie alone, as a sister service sees it: who someone is.
    Identify,
    /// With the host-only companion: act as that person.
    AdminAction,
}

/// How long sessions last (docs/contract.md, Session lifetime; ASVS 7.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    pub user: Duration,
    pub admin: Duration,
    /// Admins and Owners: how long without use.
    pub admin_idle: Duration,
}

impl Lifetimes {
    pub const DEFAULT: Self = Self {
        user: Duration::from_hours(30 * 24),
        admin: Duration::from_hours(24),
        admin_idle: Duration::from_hours(1),
    };

    /// The longest a session of someone of this level may live.
    #[must_use]
    pub const fn of(&self, level: PermissionLevel) -> Duration {
        if level.administers() {
            self.admin
        } else {
            self.user
        }
    }
}

impl Session {
    /// How long a shown password or second factor counts as fresh.
    pub const FRESH: Duration = Duration::from_mins(10);

    /// Until when what needs a fresh login may be done; past, or none, where it has to be
    /// confirmed first (docs/contract.md, Fresh login). Codes of platforms never make it fresh: a leaked
    /// bot key must not be enough.
    #[must_use]
    pub fn fresh_until(&self) -> Option<Timestamp> {
        self.fresh_at.map(|fresh_at| fresh_at + Self::FRESH)
    }

    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        // A clock that was turned back makes nothing fresher.
        self.fresh_at.is_some_and(|at| at <= now)
            && self.fresh_until().is_some_and(|until| now < until)
    }

    /// Whether the session still holds at `now`, judged by the person's level and
    /// state of today, not by those at login (docs/contract.md, Account states; Session lifetime).
    ///
    /// # Errors
    /// The reason for which it is over.
    pub fn check(
        &self,
        user: &User,
        now: Timestamp,
        lifetimes: &Lifetimes,
    ) -> Result<(), EndReason> {
        if user.state.is_restricted(now) {
            return Err(EndReason::Restricted);
        }
        let too_old = now.since(self.created_at) >= lifetimes.of(user.level);
        let idle = user.level.administers() && now.since(self.last_used_at) >= lifetimes.admin_idle;
        if too_old || idle {
            return Err(EndReason::Expired);
        }
        Ok(())
    }
}

/// Why a person who is logged in is not believed to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmError {
    WrongPassword,
    /// There is none to show: the person came by codes only.
    NoPassword,
    WrongFactor,
    /// Too many wrong second factors; the next may be shown after this time.
    TooManyFactorAttempts {
        retry_after: Duration,
    },
    /// Too many wrong passwords; the next may be tried after this time.
    TooManyAttempts {
        retry_after: Duration,
    },
    Busy,
}

/// Why a session of one's own goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndSessionError {
    /// The session that asks has ended meanwhile, perhaps by the one it was about to end.
    SignedOut,
    /// It is the one that asks: that is a logout.
    Current,
    /// None of theirs that lives.
    NotFound,
}

/// Why a login with name and password is refused. The first says nothing about
/// which of the two was wrong, nor whether the person exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordLoginError {
    InvalidCredentials,
    /// Nobody has that name or number: told to programs alone, and not too often.
    UnknownAccount,
    /// Too many of those from one network; the next may be tried after this time.
    TooManyUnknownNames {
        retry_after: Duration,
    },
    /// Too many wrong passwords, for this name or from this network, whether or not there is
    /// such a person; the next may be tried after this time.
    TooManyAttempts {
        retry_after: Duration,
    },
    /// Told only to one who showed the right password (docs/contract.md, Account states).
    Restricted,
    /// Too many wrong second factors; the next may be shown after this time.
    TooManyFactorAttempts {
        retry_after: Duration,
    },
    /// All password checks are taken; to be tried again in a moment.
    Busy,
}

/// Why the second step of a login is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinishLoginError {
    /// The first step is too long ago, was used, or what it rested on has ended.
    Dead,
    WrongFactor,
    TooManyFactorAttempts {
        retry_after: Duration,
    },
    Restricted,
    WebLoginRequired,
}

/// Why no code is sent by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendCodeError {
    /// Codes by mail are no second factor here (`PORTAL_EMAIL_FACTOR`).
    Disabled,
    /// The login that asks is too long ago, was used, or has ended.
    Dead,
    /// The person has not switched them on, or they are locked.
    NotOn,
    /// Too many were sent; the next may be after this time.
    TooMany { retry_after: Duration },
}

/// Why a second factor stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorError {
    /// The password or a factor has to be shown first (docs/contract.md, Fresh login).
    NotFresh,
    AlreadyOn,
    NotOn,
    /// It is the last one, and the password is too short to stand alone.
    PasswordTooShort,
    /// Codes by mail are no second factor here (`PORTAL_EMAIL_FACTOR`).
    Disabled,
    /// Codes by mail need an address that is confirmed.
    NoEmail,
    /// Another factor is on, and was not shown.
    FactorMissing,
    WrongFactor,
    TooManyFactorAttempts {
        retry_after: Duration,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AccountState;

    const START: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);
    const SECOND: Duration = Duration::from_secs(1);

    fn user(level: PermissionLevel) -> User {
        User {
            id: UserId::from_i64(1),
            username: "alice".to_owned(),
            display: "alice".to_owned(),
            level,
            level_since: START,
            state: AccountState::Active,
            email: None,
            second_factor_at: None,
            created_at: START,
            updated_at: START,
            last_activity_at: None,
        }
    }

    fn session(last_used_at: Timestamp) -> Session {
        Session {
            id: SessionId::from_i64(1),
            user_id: UserId::from_i64(1),
            method: LoginMethod::Password,
            client_ip: "127.0.0.1".to_owned(),
            user_agent: UserAgent::default(),
            created_at: START,
            last_used_at,
            fresh_at: None,
            second_factor: None,
        }
    }

    #[test]
    fn a_shown_password_counts_for_ten_minutes_and_a_code_never() {
        let mut session = session(START);
        assert!(!session.is_fresh(START));
        session.fresh_at = Some(START);
        assert!(session.is_fresh(START) && session.is_fresh(START + Session::FRESH - SECOND));
        assert!(!session.is_fresh(START + Session::FRESH));
        assert!(!session.is_fresh(START - SECOND));
    }

    #[test]
    fn a_user_stays_logged_in_for_thirty_days_and_no_longer() {
        let end = START + Duration::from_hours(30 * 24);
        let check =
            |now| session(START).check(&user(PermissionLevel::User), now, &Lifetimes::DEFAULT);
        assert_eq!(check(end - SECOND), Ok(()));
        assert_eq!(check(end), Err(EndReason::Expired));
    }

    /// ASVS 6.1.3: another way in takes a line in the documentation, with its strength.
    #[test]
    fn asvs_6_1_3_every_way_in_is_documented() {
        let document = include_str!("../../docs/SECURITY.md");
        let (_, table) = document.split_once("\n## Ways in\n").unwrap();
        let (table, _) = table.split_once("\n## ").unwrap();
        let lines = table.lines().filter_map(|line| line.strip_prefix("| `"));
        let documented = lines.map(|line| {
            let cells: Vec<_> = line.trim_end_matches(" |").split(" | ").collect();
            assert!(cells.len() == 3 && cells[2].len() > 10, "{line}");
            LoginMethod::parse(cells[0].trim_end_matches('`')).expect(line)
        });
        let mut documented: Vec<_> = documented.map(LoginMethod::as_str).collect();
        documented.sort_unstable();
        // The compiler says where one is missing here.
        let every = |method| match method {
            LoginMethod::Password
            | LoginMethod::SetUp
            | LoginMethod::WebCode
            | LoginMethod::BotCode => ["bot_code", "password", "set_up", "web_code"],
        };
        assert_eq!(documented, every(LoginMethod::Password));
    }

    #[test]
    fn an_admin_stays_for_a_day_if_busy() {
        let end = START + Duration::from_hours(24);
        let check = |now| {
            session(now - SECOND).check(&user(PermissionLevel::Admin), now, &Lifetimes::DEFAULT)
        };
        assert_eq!(check(end - SECOND), Ok(()));
        assert_eq!(check(end), Err(EndReason::Expired));
    }

    #[test]
    fn an_idle_admin_is_logged_out_after_an_hour_but_a_user_is_not() {
        let later = START + Duration::from_hours(1);
        let check = |level| session(START).check(&user(level), later, &Lifetimes::DEFAULT);
        assert_eq!(check(PermissionLevel::Owner), Err(EndReason::Expired));
        assert_eq!(check(PermissionLevel::Moderator), Ok(()));
    }

    #[test]
    fn a_restriction_ends_the_session() {
        let mut banned = user(PermissionLevel::User);
        banned.state = AccountState::Banned { until: None };
        let check = session(START).check(&banned, START, &Lifetimes::DEFAULT);
        assert_eq!(check, Err(EndReason::Restricted));
    }
}

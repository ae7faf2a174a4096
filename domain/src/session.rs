use std::str::FromStr;
use std::time::Duration;

use crate::{FactorKind, PermissionLevel, Timestamp, User, UserAgent, UserId};

/// The ID of a session. Neither a secret nor a part of one.
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

/// How a session was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginMethod {
    Password,
    /// By creating the first account at `/setup`.
    SetUp,
    /// By a code requested on the web.
    WebCode,
    /// By a code that a bot created.
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

    /// Whether the person proved more than control of a platform account.
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

/// Defines the enum together with the words used in storage and in the API.
macro_rules! end_reasons {
    ($($(#[$doc:meta])* $name:ident = $word:literal)*) => {
        /// Why a session has ended.
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
    /// The person ended it from another session.
    UserRevoked = "destroyed"
    Expired = "expired"
    Restricted = "restricted"
    /// The person reported that they hadn't requested the code it was started with.
    ReportedByUser = "disowned"
    /// The identity it was started with is no longer linked.
    Unlinked = "unlinked"
    /// A password or factor was changed in another session.
    Changed = "changed"
    /// Too many wrong passwords or factors were entered in it.
    TooManyAttempts = "guessed"
    /// An administrator ended the person's sessions.
    AdminRevoked = "administered"
    /// The person's level was raised. Bot codes that could be delivered only at the lower level
    /// no longer count.
    RoleRaised = "raised"
}

/// The public identifier of a session: 6 letters and digits, unique among live sessions, and no
/// part of a secret (docs/contract.md, Session routes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenSuffix(String);

/// The error for a text that isn't a [`TokenSuffix`].
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

/// A login of one person in one browser that hasn't been ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user_id: UserId,
    pub method: LoginMethod,
    pub client_ip: String,
    pub user_agent: UserAgent,
    pub created_at: Timestamp,
    /// Accurate to a minute: recorded at most once a minute.
    pub last_used_at: Timestamp,
    /// When the person last confirmed a password or a second factor in it.
    pub fresh_at: Option<Timestamp>,
    /// The second factor used in it, at the login or since.
    pub second_factor: Option<FactorKind>,
}

/// What the credentials of a request permit (docs/contract.md, Cookies).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionScope {
    /// The shared cookie alone, as a relying service sees it: identifies the person.
    Identify,
    /// The shared cookie with its host-only companion: acts as the person.
    AdminAction,
}

/// How long sessions last (docs/contract.md, Session lifetime; ASVS 7.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    pub user: Duration,
    pub admin: Duration,
    /// The idle timeout of Admins and Owners.
    pub admin_idle: Duration,
}

impl Lifetimes {
    pub const DEFAULT: Self = Self {
        user: Duration::from_hours(30 * 24),
        admin: Duration::from_hours(24),
        admin_idle: Duration::from_hours(1),
    };

    /// The maximum lifetime of a session at this level.
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
    /// How long a confirmed password or second factor counts as fresh.
    pub const FRESH: Duration = Duration::from_mins(10);

    /// When the session stops being fresh; `None` if it never was (docs/contract.md, Fresh login).
    /// Platform codes never make a session fresh: a leaked bot key must not be enough.
    #[must_use]
    pub fn fresh_until(&self) -> Option<Timestamp> {
        self.fresh_at.map(|fresh_at| fresh_at + Self::FRESH)
    }

    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        // A clock that was set back must not extend freshness.
        self.fresh_at.is_some_and(|at| at <= now)
            && self.fresh_until().is_some_and(|until| now < until)
    }

    /// Checks whether the session is valid at `now`, by the person's current level and state rather
    /// than those at login (docs/contract.md, Account states; Session lifetime).
    ///
    /// # Errors
    /// The reason why the session has ended.
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

/// Why a person couldn't confirm their login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmError {
    WrongPassword,
    /// The account has no password; the person logs in by codes only.
    NoPassword,
    WrongFactor,
    /// Too many wrong second factors; retry after this time.
    TooManyFactorAttempts {
        retry_after: Duration,
    },
    /// Too many wrong passwords; retry after this time.
    TooManyAttempts {
        retry_after: Duration,
    },
    Busy,
}

/// Why a person can't end one of their own sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndSessionError {
    /// The requesting session has ended meanwhile, perhaps by the one it was about to end.
    SignedOut,
    /// It is the requesting session; ending that is a logout.
    Current,
    /// The person has no such live session.
    NotFound,
}

/// Why a login with name and password is refused. The first variant reveals neither which of the
/// two was wrong nor whether the account exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordLoginError {
    InvalidCredentials,
    /// No account has that name or ID. Reported to programs only, and rate-limited.
    UnknownAccount,
    /// Too many unknown names from one network; retry after this time.
    TooManyUnknownNames {
        retry_after: Duration,
    },
    /// Too many wrong passwords for this name or from this network, whether or not the account
    /// exists; retry after this time.
    TooManyAttempts {
        retry_after: Duration,
    },
    /// Reported only after the right password (docs/contract.md, Account states).
    Restricted,
    /// Too many wrong second factors; retry after this time.
    TooManyFactorAttempts {
        retry_after: Duration,
    },
    /// All password checks are in use; retry in a moment.
    Busy,
}

/// Why the second step of a login is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinishLoginError {
    /// The first step has expired or been used, or its basis has ended.
    Dead,
    WrongFactor,
    TooManyFactorAttempts {
        retry_after: Duration,
    },
    Restricted,
    WebLoginRequired,
}

/// Why no code is sent by email.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendCodeError {
    /// Email codes are disabled as a second factor (`PORTAL_EMAIL_FACTOR`).
    Disabled,
    /// The requesting login has expired, been used or ended.
    Dead,
    /// The person hasn't enabled email codes, or they are locked.
    NotOn,
    /// Too many were sent; retry after this time.
    TooMany { retry_after: Duration },
}

/// Why a second factor can't be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorError {
    /// The password or a factor has to be confirmed first (docs/contract.md, Fresh login).
    NotFresh,
    AlreadyOn,
    NotOn,
    /// It is the last factor, and the password is too short to be the only one.
    PasswordTooShort,
    /// Email codes are disabled as a second factor (`PORTAL_EMAIL_FACTOR`).
    Disabled,
    /// Email codes require a verified address.
    NoEmail,
    /// Another factor is enabled and wasn't provided.
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

    /// ASVS 6.1.3: every login method is documented together with its strength.
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
        // The match makes the compiler report a method missing here.
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

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::{EmailAddress, Timestamp};

/// The ID of an account: random, never sequential, and below 2^53 so that a JavaScript number can
/// hold it (docs/contract.md, IDs).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct UserId(i64);

impl UserId {
    #[must_use]
    pub const fn from_i64(id: i64) -> Self {
        Self(id)
    }

    #[must_use]
    pub const fn as_i64(self) -> i64 {
        self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The name a person logs in with: 3–32 ASCII letters, digits, `.`, `_`, `-`, with at least one
/// letter or digit (docs/contract.md, Usernames and display names).
///
/// It is kept as typed; two names are equal if their [`key`](Self::key) is. Some are reserved:
/// see [`is_reserved`](Self::is_reserved).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

/// Why a text isn't a valid [`Username`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsernameError {
    TooShort,
    TooLong,
    ForbiddenCharacter,
    /// Not available to people who choose their own name; see [`Username::is_reserved`].
    Reserved,
}

impl Username {
    pub const MIN_LENGTH: usize = 3;
    pub const MAX_LENGTH: usize = 32;

    /// Words that could pass for Portal itself, a role, one of its addresses or a missing value.
    pub const RESERVED: [&'static str; 32] = [
        "abuse",
        "account",
        "admin",
        "administrator",
        "anonymous",
        "api",
        "bot",
        "everyone",
        "guest",
        "help",
        "here",
        "hostmaster",
        "login",
        "logout",
        "mod",
        "moderator",
        "noreply",
        "null",
        "official",
        "owner",
        "portal",
        "postmaster",
        "root",
        "security",
        "staff",
        "superuser",
        "support",
        "sysadmin",
        "system",
        "team",
        "undefined",
        "webmaster",
    ];

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which names are compared: lower case.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Whether people can't choose the name themselves, at registration or later, even disguised
    /// as `r00t` or `No.Reply`. The operator of Portal may assign it.
    #[must_use]
    pub fn is_reserved(&self) -> bool {
        let plain = |name: &str| -> String {
            let letters = name.chars().filter(char::is_ascii_alphanumeric);
            letters
                .map(|c| match c.to_ascii_lowercase() {
                    '0' => 'o',
                    '1' | 'l' => 'i',
                    other => other,
                })
                .collect()
        };
        let name = plain(&self.0);
        Self::RESERVED.iter().any(|word| plain(word) == name)
    }
}

impl FromStr for Username {
    type Err = UsernameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if text.chars().count() < Self::MIN_LENGTH {
            return Err(UsernameError::TooShort);
        }
        if text.chars().count() > Self::MAX_LENGTH {
            return Err(UsernameError::TooLong);
        }
        if !text.chars().all(allowed) || !text.contains(|c: char| c.is_ascii_alphanumeric()) {
            return Err(UsernameError::ForbiddenCharacter);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Username {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl UsernameError {
    /// One sentence for the person who chose the name.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::TooShort => "Username must be at least 3 characters.",
            Self::TooLong => "Username can't be longer than 32 characters.",
            Self::ForbiddenCharacter => {
                "Use only letters (a–z), numbers, dots, dashes and underscores."
            }
            Self::Reserved => "That username isn't available. Try another.",
        }
    }

    /// The rule, after the name of the field, for programs (docs/contract.md, Common rules).
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::TooShort => "must be at least 3 characters",
            Self::TooLong => "must be at most 32 characters",
            Self::ForbiddenCharacter => {
                "must have only letters (a-z), numbers, dots, dashes and underscores"
            }
            Self::Reserved => "is reserved",
        }
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "short",
            Self::TooLong => "long",
            Self::ForbiddenCharacter => "characters",
            Self::Reserved => "reserved",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [
            Self::TooShort,
            Self::TooLong,
            Self::ForbiddenCharacter,
            Self::Reserved,
        ]
        .into_iter()
        .find(|error| error.code() == code)
    }
}

/// The identifier that a person types to log in: a username or an account ID. Digits are tried as
/// a name first (docs/contract.md, Login by password).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    key: String,
    id: Option<UserId>,
}

impl Identifier {
    /// Accepts any text; one that fits no account finds none.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        let typed = typed.trim();
        let digits = !typed.is_empty() && typed.bytes().all(|b| b.is_ascii_digit());
        // A text that can't be a name becomes the empty one, which no account has: PostgreSQL
        // rejects a NUL.
        let possible = typed.len() <= Username::MAX_LENGTH
            && typed
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        Self {
            key: if possible {
                typed.to_ascii_lowercase()
            } else {
                String::new()
            },
            id: typed.parse().ok().filter(|_| digits).map(UserId::from_i64),
        }
    }

    /// The name to look up, in the form of [`Username::key`].
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The account ID, if the text can be one.
    #[must_use]
    pub const fn id(&self) -> Option<UserId> {
        self.id
    }
}

/// A person's role (docs/contract.md, Roles). Ordered: a higher level includes the lower ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PermissionLevel {
    User,
    Moderator,
    Admin,
    Owner,
}

impl PermissionLevel {
    #[must_use]
    pub const fn as_i64(self) -> i64 {
        match self {
            Self::User => 0,
            Self::Moderator => 1,
            Self::Admin => 2,
            Self::Owner => 3,
        }
    }

    #[must_use]
    pub const fn from_i64(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::User),
            1 => Some(Self::Moderator),
            2 => Some(Self::Admin),
            3 => Some(Self::Owner),
            _ => None,
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Moderator => "Moderator",
            Self::Admin => "Admin",
            Self::Owner => "Owner",
        }
    }

    /// Whether a person of this level may act on one of another: on lower levels, and Owners on
    /// each other (docs/contract.md, Roles).
    #[must_use]
    pub fn may_act_on(self, other: Self) -> bool {
        self > other || (self, other) == (Self::Owner, Self::Owner)
    }

    /// Whether a person of this level may assign that one: an Admin up to Moderator, an Owner up to
    /// Admin. Owners are created on the command line only (docs/contract.md, Roles).
    #[must_use]
    pub const fn may_assign(self, level: Self) -> bool {
        match self {
            Self::User | Self::Moderator => false,
            Self::Admin => matches!(level, Self::User | Self::Moderator),
            Self::Owner => matches!(level, Self::User | Self::Moderator | Self::Admin),
        }
    }

    /// Whether this is an Admin or Owner; these have the shorter sessions (docs/contract.md,
    /// Session lifetime).
    #[must_use]
    pub const fn administers(self) -> bool {
        matches!(self, Self::Admin | Self::Owner)
    }
}

impl Serialize for PermissionLevel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.as_i64())
    }
}

/// Whether an account may log in (docs/contract.md, Account states).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    Active,
    /// Barred until a point in time.
    Timeout {
        until: Timestamp,
    },
    /// Barred, permanently if `until` is `None`.
    Banned {
        until: Option<Timestamp>,
    },
}

impl AccountState {
    /// Whether the restriction is in force at `now`; it ends by itself at its end time.
    #[must_use]
    pub fn is_restricted(self, now: Timestamp) -> bool {
        match self {
            Self::Active => false,
            Self::Banned { until: None } => true,
            Self::Timeout { until } | Self::Banned { until: Some(until) } => now < until,
        }
    }

    /// The contract's number for the state at `now`.
    #[must_use]
    pub fn number(self, now: Timestamp) -> i64 {
        match self {
            Self::Active => 0,
            _ if !self.is_restricted(now) => 0,
            Self::Timeout { .. } => 1,
            Self::Banned { .. } => 2,
        }
    }
}

/// A person's email address. Only a verified one is known to belong to the person, and to no one
/// else (docs/contract.md, Email and mail).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    pub address: EmailAddress,
    pub verified_at: Option<Timestamp>,
}

/// An account, as stored. Contains no secret: only the login itself reads the password hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub display: String,
    pub level: PermissionLevel,
    pub level_since: Timestamp,
    pub state: AccountState,
    /// The address the person has entered, verified or not.
    pub email: Option<Email>,
    /// When a second factor was enabled; `None` if none is.
    pub second_factor_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub last_activity_at: Option<Timestamp>,
}

impl User {
    /// The address for emails about the account; `None` until it is verified.
    #[must_use]
    pub fn verified_email(&self) -> Option<&EmailAddress> {
        let verified = self
            .email
            .as_ref()
            .filter(|email| email.verified_at.is_some());
        verified.map(|email| &email.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_kept_as_typed_and_compared_in_lower_case() {
        let name: Username = "Alice.B-2_c".parse().unwrap();
        assert_eq!(name.as_str(), "Alice.B-2_c");
        assert_eq!(name.key(), "alice.b-2_c");
    }

    #[test]
    fn bad_usernames_say_why() {
        let refused = |text: &str| text.parse::<Username>().unwrap_err();
        assert_eq!(refused("ab"), UsernameError::TooShort);
        assert_eq!(refused(&"a".repeat(33)), UsernameError::TooLong);
        for odd in [
            "al ice",
            "аlice",
            "alice\u{200b}",
            "a@b.c",
            "...",
            "a/b",
            " bob",
        ] {
            assert_eq!(refused(odd), UsernameError::ForbiddenCharacter, "{odd:?}");
        }
    }

    #[test]
    fn reserved_names_are_names_but_not_for_everybody() {
        let reserved = |text: &str| text.parse::<Username>().unwrap().is_reserved();
        for name in Username::RESERVED {
            assert!(reserved(name), "{name}");
        }
        for name in ["Admin", "r00t", "_owner_", "No.Reply", "AdMlN", "p0rta1"] {
            assert!(reserved(name), "{name}");
        }
        for name in ["alice", "admin2", "rooted", "portalis", "user_a1b2c3d4"] {
            assert!(!reserved(name), "{name}");
        }
    }

    #[test]
    fn username_error_codes_round_trip() {
        for error in [
            UsernameError::TooShort,
            UsernameError::TooLong,
            UsernameError::ForbiddenCharacter,
            UsernameError::Reserved,
        ] {
            assert_eq!(UsernameError::from_code(error.code()), Some(error));
        }
        assert_eq!(UsernameError::from_code("<script>"), None);
    }

    #[test]
    fn digits_may_be_a_name_or_a_number() {
        let digits = Identifier::new("12345");
        assert_eq!(digits.key(), "12345");
        assert_eq!(digits.id(), Some(UserId::from_i64(12345)));
        assert_eq!(Identifier::new("+5").id(), None);
        assert_eq!(Identifier::new("-5").id(), None);
        assert_eq!(Identifier::new("99999999999999999999").id(), None);
        assert_eq!(Identifier::new(" Alice ").key(), "alice");
        for impossible in ["al\0ice", "al ice", "älice", &"a".repeat(33)] {
            assert_eq!(Identifier::new(impossible).key(), "", "{impossible:?}");
        }
    }

    #[test]
    fn a_restriction_ends_at_its_time() {
        let until = Timestamp::from_micros(1_000);
        let before = Timestamp::from_micros(999);
        let timeout = AccountState::Timeout { until };
        assert!(timeout.is_restricted(before));
        assert_eq!(timeout.number(before), 1);
        assert!(!timeout.is_restricted(until));
        assert_eq!(timeout.number(until), 0);
        assert_eq!(AccountState::Banned { until: None }.number(until), 2);
        assert_eq!(AccountState::Active.number(until), 0);
    }

    #[test]
    fn one_acts_on_those_below_and_owners_on_each_other() {
        let levels = [0, 1, 2, 3].map(|number| PermissionLevel::from_i64(number).unwrap());
        for one in levels {
            for other in levels {
                let both_own = one == PermissionLevel::Owner && other == PermissionLevel::Owner;
                assert_eq!(
                    one.may_act_on(other),
                    one > other || both_own,
                    "{one:?} {other:?}"
                );
                let highest = match one {
                    PermissionLevel::User | PermissionLevel::Moderator => None,
                    PermissionLevel::Admin => Some(PermissionLevel::Moderator),
                    PermissionLevel::Owner => Some(PermissionLevel::Admin),
                };
                let may = highest.is_some_and(|highest| other <= highest);
                assert_eq!(one.may_assign(other), may, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn levels_are_ordered() {
        assert!(PermissionLevel::Owner > PermissionLevel::Admin);
        assert!(PermissionLevel::Moderator > PermissionLevel::User);
        for number in 0..4 {
            let level = PermissionLevel::from_i64(number).unwrap();
            assert_eq!(level.as_i64(), number);
        }
        assert_eq!(PermissionLevel::from_i64(4), None);
    }
}

use std::hash::{DefaultHasher, Hasher as _};

use domain::{EmailAddress, Identity, Network};

use crate::store::sql::connection::{Connection, query};

/// The number of rows for subjects that clients can choose, such as networks and identities. They
/// share these rows by hash, so the table can't be made to grow.
const LOCK_ROWS: u64 = 4096;

/// What one transaction at a time may count or check.
#[derive(Clone, Copy)]
pub(crate) enum RowLock<'a> {
    Owners,
    /// The names of bots.
    BotNames,
    /// The names of people.
    PeoplesNames,
    /// The pending codes of a network.
    CodesOf(&'a Network),
    /// The pending bot code of an identity.
    BotCodeOf(&'a Identity),
    /// The codes for an identity that were announced to bots.
    AnnouncementsOf(&'a Identity),
    /// The wrong codes of an IPv6 /48 and of a network.
    GuessesOfWide(&'a Network),
    GuessesOf(&'a Network),
    /// The unknown names that a network tried.
    NamesOf(&'a Network),
    /// The account that an address belongs to.
    Email(&'a EmailAddress),
    /// The uses of a budget by one subject.
    Budget(&'static str, &'a [u8; 32]),
    /// The wrong passwords of an IPv6 /48, of a network, and for an account.
    PasswordsOfWide(&'a Network),
    PasswordsOf(&'a Network),
    PasswordOf(&'a [u8; 32]),
}

impl RowLock<'_> {
    fn key(self) -> String {
        match self {
            Self::Owners => "owners".to_owned(),
            Self::BotNames => "bot names".to_owned(),
            Self::PeoplesNames => "people's names".to_owned(),
            Self::CodesOf(network) => format!("codes {}", shared_row(network)),
            Self::BotCodeOf(identity) => format!("bot code {}", shared_row(identity)),
            Self::AnnouncementsOf(identity) => format!("announced {}", shared_row(identity)),
            Self::Email(address) => format!("email {}", shared_row(address.key())),
            Self::Budget(name, subject) => format!("{name} {}", shared_row(subject)),
            Self::NamesOf(network) => format!("names {}", shared_row(network)),
            Self::PasswordsOfWide(network) => format!("wide passwords {}", shared_row(network)),
            Self::PasswordsOf(network) => format!("passwords {}", shared_row(network)),
            Self::PasswordOf(account) => format!("password {}", shared_row(account)),
            Self::GuessesOfWide(network) => format!("wide guesses {}", shared_row(network)),
            Self::GuessesOf(network) => format!("guesses {}", shared_row(network)),
        }
    }
}

/// The shared row of a subject. It is the same in every process, because `DefaultHasher::new` has
/// fixed keys. An attacker who finds colliding subjects can only make them wait for each other.
fn shared_row(subject: impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    subject.hash(&mut hasher);
    hasher.finish() % LOCK_ROWS
}

/// Takes a row lock until the transaction ends, on both engines. Transactions that count rows
/// before writing must take it first: without it, two transactions on PostgreSQL could both count
/// before either has written.
pub(crate) async fn acquire(
    connection: &mut Connection,
    lock: RowLock<'_>,
) -> Result<(), sqlx::Error> {
    query(
        "insert into row_locks (key, n) values ($1, 1)
         on conflict (key) do update set n = row_locks.n + 1",
    )
    .bind(lock.key())
    .execute(connection)
    .await
    .map(drop)
}

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Connection as _, Executor as _, Row as _};

use crate::place::{Engine, Place, new_postgres_database};
use crate::report::{Level, Report};
use crate::{Result, say};

/// How many people and sessions there are, one size after the other.
pub(crate) const SIZES: [usize; 3] = [1_000, MIDDLE, 1_000_000];
/// The size at which everything is measured.
pub(crate) const MIDDLE: usize = 100_000;
/// How many bots listen.
pub(crate) const BOTS: usize = 5_000;
/// How many of the sessions are asked for, drawn from all.
const SAMPLE: usize = 10_000;

pub(crate) const PASSWORD: &str = "ninety otters ride a tandem";
const KEEPER: &str = "keeper";
const ROWS_AT_ONCE: usize = 1_000;
const LARGEST_ID: i64 = (1 << 53) - 1;
const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// What stands in the database, as far as requests need it.
pub(crate) struct Seed {
    connection: AnyConnection,
    random: StdRng,
    people: usize,
    sample: Vec<Cookies>,
    pub bot_keys: Vec<String>,
    /// Those before had a code made for them already.
    next_person: usize,
}

/// A session as its browser has it.
#[derive(Clone)]
pub(crate) struct Cookies {
    pub shared: String,
    pub companion: String,
}

struct Person {
    number: usize,
    id: i64,
    cookies: Cookies,
}

impl Seed {
    /// Makes an owner, by the command line, and their bots.
    pub(crate) async fn new(place: &Place) -> Result<Self> {
        let mut owner = place
            .command(&Engine::Sqlite)
            .args(["owner", "create", "--username", KEEPER])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        let mut input = owner.stdin.take().ok_or("no input")?;
        writeln!(input, "{PASSWORD}")?;
        drop(input);
        if !owner.wait()?.success() {
            return Err("no owner could be made".into());
        }
        let file = place.database_url(&Engine::Sqlite).replacen(':', "://", 1);
        let mut connection = AnyConnection::connect(&format!("{file}?mode=rw")).await?;
        connection.execute("pragma synchronous = off").await?;
        let mut seed = Self {
            connection,
            random: StdRng::seed_from_u64(1),
            people: 0,
            sample: Vec::with_capacity(SAMPLE),
            bot_keys: Vec::with_capacity(BOTS),
            next_person: 0,
        };
        seed.make_bots().await?;
        Ok(seed)
    }

    async fn make_bots(&mut self) -> Result<()> {
        let (now, owner) = (now(), self.keeper("id").await?);
        let bots: Vec<(i64, String)> = (0..BOTS).map(|_| (self.id(), self.bot_key())).collect();
        self.connection.execute("begin immediate").await?;
        let columns = "bots (id, name, name_key, platform, owner_id, bot_type, rate_limit_per_hour, group_ids, created_at, updated_at)";
        let row = "(?, ?, ?, 'discord', @, 3, 100000, '[]', #, #)";
        let row = row.replace('@', &owner).replace('#', &now.to_string());
        insert(
            &mut self.connection,
            columns,
            &row,
            &bots,
            |query, (id, _)| {
                let name = format!("bot {id}");
                query.bind(*id).bind(name.clone()).bind(name)
            },
        )
        .await?;
        let columns = "bot_keys (id, bot_id, public_id, key_hash, created_at)";
        let row = format!("(?, ?, ?, ?, {now})");
        insert(
            &mut self.connection,
            columns,
            &row,
            &bots,
            |query, (id, key)| {
                let public_id = key[5..17].to_owned();
                query
                    .bind(*id)
                    .bind(*id)
                    .bind(public_id)
                    .bind(sha256(key.as_bytes()))
            },
        )
        .await?;
        self.connection.execute("commit").await?;
        self.bot_keys = bots.into_iter().map(|(_, key)| key).collect();
        Ok(())
    }

    /// Adds people, each with a password, an identity on Discord and a session; with random ids,
    /// as in real life.
    pub(crate) async fn grow_to(&mut self, size: usize) -> Result<()> {
        let began = Instant::now();
        let (now, password) = (now(), self.keeper("password_hash").await?);
        self.connection.execute("begin immediate").await?;
        while self.people < size {
            let until = size.min(self.people + ROWS_AT_ONCE);
            let people: Vec<Person> = (self.people..until).map(|n| self.person(n)).collect();
            let columns = "users (id, username, username_key, display, password_hash, permission_level, permission_since, state, created_at, updated_at)";
            let row = format!("(?, ?, ?, ?, '{password}', 0, {now}, 0, {now}, {now})");
            insert(
                &mut self.connection,
                columns,
                &row,
                &people,
                |query, person| {
                    let name = username(person.number);
                    query
                        .bind(person.id)
                        .bind(name.clone())
                        .bind(name.clone())
                        .bind(name)
                },
            )
            .await?;
            let columns = "identities (id, platform, platform_user_id, user_id, name, linked_at)";
            let row = format!("(?, 'discord', ?, ?, ?, {now})");
            insert(
                &mut self.connection,
                columns,
                &row,
                &people,
                |query, person| {
                    let (id, name) = (discord_id(person.number), username(person.number));
                    query.bind(person.id).bind(id).bind(person.id).bind(name)
                },
            )
            .await?;
            let columns = "sessions (id, user_id, cookie_hash, companion_hash, method, client_ip, user_agent, created_at, last_used_at, fresh_at)";
            let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
            let row =
                format!("(?, ?, ?, ?, 'password', '203.0.113.7', '{agent}', {now}, {now}, {now})");
            insert(
                &mut self.connection,
                columns,
                &row,
                &people,
                |query, person| {
                    let (shared, companion) = (&person.cookies.shared, &person.cookies.companion);
                    let query = query.bind(person.id).bind(person.id);
                    query.bind(token_hash(shared)).bind(token_hash(companion))
                },
            )
            .await?;
            for person in people {
                self.remember(person);
            }
            self.people = until;
        }
        self.connection.execute("commit").await?;
        self.connection.execute("analyze").await?;
        self.connection
            .execute("pragma wal_checkpoint(truncate)")
            .await?;
        say(&format!(
            "{size} people and sessions seeded in {:.0?}",
            began.elapsed()
        ));
        Ok(())
    }

    fn person(&mut self, number: usize) -> Person {
        Person {
            number,
            id: self.id(),
            cookies: Cookies {
                shared: self.token(),
                companion: self.token(),
            },
        }
    }

    /// Keeps a sample in which every session is as likely as any other.
    fn remember(&mut self, person: Person) {
        if self.sample.len() < SAMPLE {
            self.sample.push(person.cookies);
        } else {
            let at = self.random.random_range(0..=person.number);
            if let Some(place) = self.sample.get_mut(at) {
                *place = person.cookies;
            }
        }
    }

    async fn keeper(&mut self, column: &str) -> Result<String> {
        let select = format!("select cast({column} as text) from users where username_key = $1");
        let select = sqlx::query(AssertSqlSafe(select)).bind(KEEPER);
        let row = select.fetch_one(&mut self.connection).await?;
        Ok(row.try_get(0)?)
    }

    fn id(&mut self) -> i64 {
        self.random.random_range(1..=LARGEST_ID)
    }

    fn token(&mut self) -> String {
        URL_SAFE_NO_PAD.encode(self.random.random::<[u8; 32]>())
    }

    /// `hbot_`, 12 public and 32 secret characters, and a checksum of 6.
    fn bot_key(&mut self) -> String {
        let letter = |number: usize| char::from(BASE58[number % BASE58.len()]);
        let mut key = String::from("hbot_");
        key.extend((0..44).map(|_| letter(self.random.random_range(0..58))));
        let check = sha256(key.as_bytes());
        key.extend(check.iter().take(6).map(|byte| letter(usize::from(*byte))));
        key
    }

    pub(crate) const fn people(&self) -> usize {
        self.people
    }

    pub(crate) fn sample(&self) -> &[Cookies] {
        &self.sample
    }

    /// Begins with the people from the first again, in a database of which none was used.
    pub(crate) const fn begin_anew(&mut self) {
        self.next_person = 0;
    }

    /// The Discord number of somebody whom no code was made for yet.
    pub(crate) fn next_person(&mut self) -> String {
        self.next_person += 1;
        discord_id(self.next_person - 1)
    }

    /// Copies the database as it stands by `portal migrate --to`.
    pub(crate) async fn copy_to_postgres(
        &self,
        place: &Place,
        size: usize,
        report: &mut Report,
    ) -> Result<Engine> {
        let engine = new_postgres_database(&format!("portal_{size}")).await?;
        let began = Instant::now();
        let output = place
            .command(&Engine::Sqlite)
            .args(["--json", "migrate", "--to", &place.database_url(&engine)])
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        let said: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let rows = said["rows"].as_f64().ok_or("no rows")?;
        let seconds = began.elapsed().as_secs_f64();
        report.add(
            &engine,
            &format!("`portal migrate --to`, {size} people"),
            format!("{seconds:.1} s"),
            &format!("{rows} rows copied, read back and compared"),
            Level::None,
        );
        Ok(engine)
    }
}

/// Inserts so many rows at once as a statement may have parameters. In `row` each `?` stands for
/// the next parameter.
async fn insert<T>(
    connection: &mut AnyConnection,
    columns: &str,
    row: &str,
    items: &[T],
    bind: impl for<'q> Fn(Query<'q, Any, AnyArguments>, &T) -> Query<'q, Any, AnyArguments>,
) -> Result<()> {
    for items in items.chunks(ROWS_AT_ONCE) {
        let mut statement = format!("insert into {columns} values ");
        let mut parameter = 0;
        for n in 0..items.len() {
            statement.push_str(if n == 0 { "" } else { ", " });
            for letter in row.chars() {
                if letter == '?' {
                    parameter += 1;
                    write!(statement, "${parameter}")?;
                } else {
                    statement.push(letter);
                }
            }
        }
        let mut query = sqlx::query(AssertSqlSafe(statement));
        for item in items {
            query = bind(query, item);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

pub(crate) fn username(number: usize) -> String {
    format!("person-{number}")
}

fn discord_id(number: usize) -> String {
    format!("{}", 100_000_000_000_000_000 + number)
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// The hash is of the 32 bytes, not of their text.
fn token_hash(token: &str) -> Vec<u8> {
    sha256(&URL_SAFE_NO_PAD.decode(token).unwrap_or_default())
}

/// Microseconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "what is measured runs by the system's clock"
)]
fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(now.unwrap_or(Duration::ZERO).as_micros()).unwrap_or(i64::MAX)
}

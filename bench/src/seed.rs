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

use crate::report::{Report, Target};
use crate::result::{Result, print_progress};
use crate::workspace::{Engine, Workspace, new_postgres_database};

/// The numbers of people and sessions, measured one after another.
pub(crate) const SIZES: [usize; 3] = [1_000, MEDIUM_SIZE, 1_000_000];
/// The size at which everything is measured.
pub(crate) const MEDIUM_SIZE: usize = 100_000;
/// How many bots listen for events.
pub(crate) const BOT_COUNT: usize = 5_000;
/// How many sessions are used in requests.
const SAMPLE_SIZE: usize = 10_000;

pub(crate) const PASSWORD: &str = "ninety otters ride a tandem";
const OWNER: &str = "keeper";
const ROWS_PER_INSERT: usize = 1_000;
const MAX_ID: i64 = (1 << 53) - 1;
const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// The seeded database, and the data that requests need from it.
pub(crate) struct Seed {
    connection: AnyConnection,
    random: StdRng,
    people: usize,
    sample: Vec<Cookies>,
    pub bot_keys: Vec<String>,
    /// People before this index have used a code already.
    next_person: usize,
}

/// The cookies of a session.
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
    /// Creates an owner on the command line, and their bots.
    pub(crate) async fn new(workspace: &Workspace) -> Result<Self> {
        let mut owner = workspace
            .command(&Engine::Sqlite)
            .args(["owner", "create", "--username", OWNER])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        let mut input = owner.stdin.take().ok_or("no input")?;
        writeln!(input, "{PASSWORD}")?;
        drop(input);
        if !owner.wait()?.success() {
            return Err("creating an owner failed".into());
        }
        let file = workspace
            .database_url(&Engine::Sqlite)
            .replacen(':', "://", 1);
        let mut connection = AnyConnection::connect(&format!("{file}?mode=rw")).await?;
        connection.execute("pragma synchronous = off").await?;
        let mut seed = Self {
            connection,
            random: StdRng::seed_from_u64(1),
            people: 0,
            sample: Vec::with_capacity(SAMPLE_SIZE),
            bot_keys: Vec::with_capacity(BOT_COUNT),
            next_person: 0,
        };
        seed.make_bots().await?;
        Ok(seed)
    }

    async fn make_bots(&mut self) -> Result<()> {
        let (now, owner) = (now(), self.owner_column("id").await?);
        let bots: Vec<(i64, String)> = (0..BOT_COUNT)
            .map(|_| (self.id(), self.bot_key()))
            .collect();
        self.connection.execute("begin immediate").await?;
        let columns = "bots (id, name, name_key, platform, owner_id, bot_type, rate_limit_per_hour, group_ids, created_at, updated_at)";
        let row = "(?, ?, ?, 'discord', @, 3, 100000, '[]', #, #)";
        let row = row.replace('@', &owner).replace('#', &now.to_string());
        insert_rows(
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
        insert_rows(
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

    /// Adds people until there are `size`, each with a password, a Discord identity and a session. IDs
    /// are random, as in production.
    pub(crate) async fn grow_to(&mut self, size: usize) -> Result<()> {
        let started = Instant::now();
        let (now, password) = (now(), self.owner_column("password_hash").await?);
        self.connection.execute("begin immediate").await?;
        while self.people < size {
            let until = size.min(self.people + ROWS_PER_INSERT);
            let people: Vec<Person> = (self.people..until).map(|n| self.person(n)).collect();
            let columns = "users (id, username, username_key, display, password_hash, permission_level, permission_since, state, created_at, updated_at)";
            let row = format!("(?, ?, ?, ?, '{password}', 0, {now}, 0, {now}, {now})");
            insert_rows(
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
            insert_rows(
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
            insert_rows(
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
                self.add_to_sample(person);
            }
            self.people = until;
        }
        self.connection.execute("commit").await?;
        self.connection.execute("analyze").await?;
        self.connection
            .execute("pragma wal_checkpoint(truncate)")
            .await?;
        print_progress(&format!(
            "{size} people and sessions seeded in {:.0?}",
            started.elapsed()
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

    /// Keeps a uniform sample of all sessions (reservoir sampling).
    fn add_to_sample(&mut self, person: Person) {
        if self.sample.len() < SAMPLE_SIZE {
            self.sample.push(person.cookies);
        } else {
            let at = self.random.random_range(0..=person.number);
            if let Some(replaced) = self.sample.get_mut(at) {
                *replaced = person.cookies;
            }
        }
    }

    async fn owner_column(&mut self, column: &str) -> Result<String> {
        let select = format!("select cast({column} as text) from users where username_key = $1");
        let select = sqlx::query(AssertSqlSafe(select)).bind(OWNER);
        let row = select.fetch_one(&mut self.connection).await?;
        Ok(row.try_get(0)?)
    }

    fn id(&mut self) -> i64 {
        self.random.random_range(1..=MAX_ID)
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

    /// Starts again with the first person, for a database in which no code has been used.
    pub(crate) const fn restart(&mut self) {
        self.next_person = 0;
    }

    /// The Discord ID of a person who hasn't used a code yet.
    pub(crate) fn next_person(&mut self) -> String {
        self.next_person += 1;
        discord_id(self.next_person - 1)
    }

    /// Copies the database with `portal migrate --to`.
    pub(crate) async fn copy_to_postgres(
        &self,
        workspace: &Workspace,
        size: usize,
        report: &mut Report,
    ) -> Result<Engine> {
        let engine = new_postgres_database(&format!("portal_{size}")).await?;
        let started = Instant::now();
        let output = workspace
            .command(&Engine::Sqlite)
            .args([
                "--json",
                "migrate",
                "--to",
                &workspace.database_url(&engine),
            ])
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        let output: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let rows = output["rows"].as_f64().ok_or("no rows")?;
        let seconds = started.elapsed().as_secs_f64();
        report.add(
            &engine,
            &format!("`portal migrate --to`, {size} people"),
            format!("{seconds:.1} s"),
            &format!("{rows} rows copied, read back and compared"),
            Target::None,
        );
        Ok(engine)
    }
}

/// Inserts rows, as many per statement as the parameter limit allows. In `row`, each `?` becomes the
/// next parameter.
async fn insert_rows<T>(
    connection: &mut AnyConnection,
    columns: &str,
    row: &str,
    items: &[T],
    bind: impl for<'q> Fn(Query<'q, Any, AnyArguments>, &T) -> Query<'q, Any, AnyArguments>,
) -> Result<()> {
    for items in items.chunks(ROWS_PER_INSERT) {
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

/// The hash of the token's 32 bytes, not of its text.
fn token_hash(token: &str) -> Vec<u8> {
    sha256(&URL_SAFE_NO_PAD.decode(token).unwrap_or_default())
}

/// Microseconds since the epoch.
#[expect(
    clippy::disallowed_methods,
    reason = "what is measured runs by the system's clock"
)]
fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(now.unwrap_or(Duration::ZERO).as_micros()).unwrap_or(i64::MAX)
}

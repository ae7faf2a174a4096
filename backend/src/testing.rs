//! Test support: a portal with its own database, a manual clock, and people. Tests of rules run
//! on both databases; see [`both_databases`].

#![expect(
    clippy::missing_panics_doc,
    clippy::missing_errors_doc,
    reason = "a test that can't go on panics, and says why"
)]

mod database;
mod mailbox;
mod smtp_server;

use std::collections::BTreeSet;
use std::env;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::Deref;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{
    Bot, CallsPerHour, Client, EmailAddress, Identity, Lifetimes, PasswordPolicy, PermissionLevel,
    SixDigits, Timestamp, UserAgent, UserId,
};
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use crate::accounts::set_up::insert_owner;
use crate::admin::authorization::Actor;
use crate::audit::event;
use crate::bots::admin::{BotOwner, BotRegistration};
use crate::bots::key::BotKey;
use crate::clock::Clock;
use crate::config::MailConfig;
use crate::config::{Config, EmailFactor, Retention};
use crate::crypto::password_hash::StoredPassword;
use crate::crypto::secrets::Token;
use crate::error::Problem;
use crate::login::password::PasswordLogin;
use crate::login_codes::bot::{BotCode, ClaimedIdentity};
use crate::login_codes::deliverable::DeliverableCode;
use crate::login_codes::request::{CodeRequest, LoginHint};
use crate::login_codes::verify::{CodeLogin, VerifyCode};
use crate::mail::template::EmailTemplate;
use crate::mail::transport::MailTransport;
use crate::portal::{Portal, StartError};
use crate::second_factor::challenge::LoginOutcome;
use crate::second_factor::totp;
use crate::sessions::authenticate::{Person, SessionCookies, Visitor};
use crate::sessions::start::{LoginChannel, NewSession};
use crate::store::sql::connection::{Row, query, scalar};
use crate::store::sql::database::Transaction;
use crate::store::sql::database_url::DatabaseUrl;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::sql::value::{Columns, Value};
use crate::store::tables::identity;

pub use database::empty_postgres;
pub use mailbox::ReceivedMail;
pub use smtp_server::{SmtpArrival, SmtpMood, SmtpProcess, SmtpSetting};
pub use test_macros::{both_databases, sqlite_only};

/// The password of every person in tests.
pub const PASSWORD: &str = "ninety otters ride a tandem";

/// The hash of [`PASSWORD`] at the current cost. It lets tests create people without hashing.
const PASSWORD_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdCBvZiBhbGwgdGVzdA$fdy6bgC5bkmms7O3evBBsr7cOY+oBy3qJtghUfEqfOc";

/// A statement that a test composes. Leaking is fine, because there are few.
fn leaked(statement: String) -> &'static str {
    statement.leak()
}

fn column<T: Value>(row: &Row, name: &str) -> T {
    row.column(name).expect("a column")
}

/// The number of rows in a table.
pub async fn count(portal: &Portal, table: &str) -> i64 {
    let mut connection = portal.database.read().await.expect("a connection");
    scalar(leaked(format!("select count(*) from {table}")))
        .fetch_one(&mut connection)
        .await
        .expect("a count")
}

/// All event types of the audit log.
#[must_use]
pub const fn event_types() -> &'static [&'static str] {
    event::TYPES
}

/// The base URL of test portals.
pub const BASE_URL: &str = "https://portal.example.org/";

/// A portal on its own database, which has all migrations and no other data.
pub struct TestPortal {
    portal: Arc<Portal>,
    pub clock: Clock,
    pub config: Config,
    folder: TempDir,
    /// The emails received so far, in the order in which the test read them.
    mail: Mutex<Vec<(String, ReceivedMail)>>,
}

impl TestPortal {
    pub async fn on_sqlite() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let file = folder.path().join("portal.db");
        database::migrated_sqlite(&file).await;
        Self::on(DatabaseUrl::Sqlite(file), folder).await
    }

    pub async fn on_postgres() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        Self::on(database::migrated_postgres().await, folder).await
    }

    async fn on(database_url: DatabaseUrl, folder: TempDir) -> Self {
        let config = Config {
            database_url,
            secret_file: folder.path().join("portal.secret"),
            lifetimes: Lifetimes::DEFAULT,
            password_policy: PasswordPolicy::DEFAULT,
            password_blocklist: true,
            hashing_threads: 2,
            platforms: ["discord", "telegram"]
                .map(|name| name.parse().expect("a platform"))
                .into(),
            sign_up: true,
            email_factor: EmailFactor::On,
            bot_login_web_required_every: 5,
            admins_need_second_factor: false,
            retention: Retention::DEFAULT,
            mail: MailConfig {
                transport: MailTransport::Folder(folder.path().join("mail")),
                from: None,
                site_name: "Portal".to_owned(),
                base_url: BASE_URL.parse().expect("an address"),
            },
        };
        let clock = Clock::manual(Timestamp::from_micros(1_774_972_396_763_528));
        let portal = Portal::open(&config, clock.clone())
            .await
            .expect("a portal");
        Self {
            portal: Arc::new(portal),
            clock,
            config,
            folder,
            mail: Mutex::default(),
        }
    }

    /// The portal, to pass to a router.
    #[must_use]
    pub fn share(&self) -> Arc<Portal> {
        self.portal.clone()
    }

    /// A folder that is deleted with the test.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Another empty database of the same engine. An embedded one is created in this file.
    pub async fn new_database(&self, file: &std::path::Path) -> DatabaseUrl {
        match self.config.database_url {
            DatabaseUrl::Sqlite(_) => DatabaseUrl::Sqlite(file.to_owned()),
            DatabaseUrl::Postgres(_) => empty_postgres().await,
        }
    }

    /// A second server on the same database.
    pub async fn second_server(&self) -> Result<Portal, StartError> {
        Portal::open(&self.config, self.clock.clone()).await
    }

    /// A second server that requires a second factor for administration.
    pub async fn strict_server(&self) -> Portal {
        let mut config = self.config.clone();
        config.admins_need_second_factor = true;
        let opened = Portal::open(&config, self.clock.clone()).await;
        opened.expect("a second server")
    }

    /// The single number that a query returns.
    pub async fn number(&self, query: &str) -> i64 {
        let mut connection = self.database.read().await.expect("a connection");
        scalar(leaked(query.to_owned()))
            .fetch_one(&mut connection)
            .await
            .expect("a number")
    }

    /// Turns the clock back, as a server's clock does occasionally.
    pub fn turn_back(&self, by: Duration) {
        match &self.clock {
            Clock::Manual(micros) => micros.store((self.now() - by).as_micros(), Ordering::SeqCst),
            Clock::System => unreachable!("tests have a clock of their own"),
        }
    }

    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Creates an Owner with [`PASSWORD`].
    pub async fn owner(&self, username: &str) {
        owner(self, username).await;
    }

    /// Creates a person with this level.
    pub async fn person(&self, username: &str, level: PermissionLevel) {
        self.owner(username).await;
        self.set_level(username, level).await;
    }

    pub async fn set_level(&self, username: &str, level: PermissionLevel) {
        let mut transaction = self.begin().await.expect("a transaction");
        query("update users set permission_level = $2 where username_key = $1")
            .bind(username)
            .bind(level.as_i64())
            .execute(&mut transaction)
            .await
            .expect("a new level");
        transaction.commit().await.expect("a commit");
    }

    /// Starts to change a person's password (to none). The receiver reports when the change is
    /// written; the sender makes it commit.
    #[must_use]
    pub fn change_password_slowly(
        &self,
        username: &'static str,
    ) -> (oneshot::Receiver<()>, oneshot::Sender<()>) {
        let (portal, (written, is_written), (leave, may_leave)) =
            (self.share(), oneshot::channel(), oneshot::channel());
        tokio::spawn(async move {
            let mut transaction = portal.begin().await.expect("a transaction");
            query("update users set password_hash = null where username_key = $1")
                .bind(username)
                .execute(&mut transaction)
                .await
                .expect("a change");
            written.send(()).expect("a test that waits");
            may_leave.await.expect("a test that goes on");
            transaction.commit().await.expect("a commit");
        });
        (is_written, leave)
    }

    /// Waits until a transaction is blocked by another one.
    pub async fn until_a_transaction_waits(&self) {
        let waits = async || {
            let waiting = self.database.waiting_transactions().await;
            waiting.expect("a number") > 0
        };
        until(waits).await;
    }

    /// Waits until this many mail delivery rounds have completed.
    pub async fn until_mail_rounds(&self, ended: u64) {
        let mut rounds = self.portal.mail.rounds.subscribe();
        let enough = rounds.wait_for(|rounds| *rounds >= ended);
        let enough = timeout(minutes(1), enough).await.expect("rounds in time");
        enough.expect("a portal");
    }

    /// Bans a person without ending sessions or codes, to simulate a rule that forgot to.
    pub async fn ban(&self, username: &str) {
        let mut transaction = self.begin().await.expect("a transaction");
        query("update users set state = 2 where username_key = $1")
            .bind(username)
            .execute(&mut transaction)
            .await
            .expect("a ban");
        transaction.commit().await.expect("a commit");
    }

    /// Registers a bot for the owner and returns its key.
    pub async fn register(&self, name: &str, platform: &str, owner: &str) -> BotKey {
        let registration = BotRegistration {
            name,
            platform,
            platform_user_id: None,
            owner: BotOwner::Named(owner),
            rate_limit_per_hour: CallsPerHour::DEFAULT.as_i64(),
        };
        let registered = self.register_bot(Actor::Operator, registration).await;
        registered.expect("a bot").key
    }

    /// A bot of this platform with its own new owner.
    pub async fn bot(&self, platform: &str) -> Bot {
        let owner = format!("keeper-of-{platform}");
        self.owner(&owner).await;
        let key = self
            .register(&format!("{platform} bot"), platform, &owner)
            .await;
        self.bot_call(Some(key.reveal()), &client())
            .await
            .expect("a call")
    }

    /// Requests a web code as a program does, without a browser cookie.
    pub async fn ask(
        &self,
        platform: &str,
        id: &str,
    ) -> Result<Timestamp, Problem<domain::RequestCodeError>> {
        self.ask_from(platform, id, &client(), None).await
    }

    pub async fn ask_from(
        &self,
        platform: &str,
        id: &str,
        client: &Client,
        browser: Option<&Token>,
    ) -> Result<Timestamp, Problem<domain::RequestCodeError>> {
        let id = id.parse().expect("an id");
        self.request_code(CodeRequest {
            who: LoginHint::Id { platform, id: &id },
            client,
            browser,
        })
        .await
    }

    /// The pending web codes of a person, as the bot fetches them.
    pub async fn carry(
        &self,
        bot: &Bot,
        id: &str,
    ) -> Result<Vec<DeliverableCode>, Problem<domain::BotCodeError>> {
        let (id, name) = (id.parse().expect("an id"), "niels".parse().expect("a name"));
        let platform = bot.platform.as_str();
        self.fetch_pending_codes(
            bot,
            ClaimedIdentity {
                platform,
                id: &id,
                name: Some(&name),
                avatar: None,
            },
        )
        .await
    }

    /// A bot code that the bot requests for a person.
    pub async fn send(
        &self,
        bot: &Bot,
        id: &str,
    ) -> Result<BotCode, Problem<domain::BotCodeError>> {
        let (id, name) = (id.parse().expect("an id"), "niels".parse().expect("a name"));
        let platform = bot.platform.as_str();
        self.send_code(
            bot,
            ClaimedIdentity {
                platform,
                id: &id,
                name: Some(&name),
                avatar: None,
            },
        )
        .await
    }

    /// Logs in with a code.
    pub async fn verify(&self, code: &str) -> Result<CodeLogin, Problem<domain::VerifyCodeError>> {
        self.verify_from(code, &client(), None).await
    }

    pub async fn verify_from(
        &self,
        code: &str,
        client: &Client,
        browser: Option<&Token>,
    ) -> Result<CodeLogin, Problem<domain::VerifyCodeError>> {
        let request = VerifyCode {
            code,
            identity: None,
            factor: None,
            client,
            browser,
        };
        self.verify_code(request).await.map(done)
    }

    /// The first login of a new person, with a web code of this platform.
    pub async fn newcomer(&self, bot: &Bot, id: &str) -> CodeLogin {
        self.ask(bot.platform.as_str(), id).await.expect("a code");
        let code = self.carry(bot, id).await.expect("codes").remove(0).code;
        self.verify(code.reveal()).await.expect("a login")
    }

    /// Logs in with name and password.
    pub async fn login(
        &self,
        identifier: &str,
        password: &str,
    ) -> Result<NewSession, Problem<domain::PasswordLoginError>> {
        let client = client();
        let request = PasswordLogin {
            identifier,
            password,
            factor: None,
            client: &client,
            channel: LoginChannel::Page,
        };
        self.login_with_password(request).await.map(done)
    }

    /// The visitor with these cookies. Panics on a failure.
    pub async fn visitor(&self, cookies: &SessionCookies) -> Visitor {
        self.authenticate(cookies).await.expect("an answer")
    }

    /// The person of this session, who must be signed in.
    pub async fn person_of(&self, session: &NewSession) -> Person {
        match self.visitor(&cookies_of(session)).await {
            Visitor::SignedIn(person) => person,
            other => panic!("expected somebody signed in, found {other:?}"),
        }
    }

    /// Type and metadata of all audit events, oldest first.
    pub async fn audit_log(&self) -> Vec<(String, String)> {
        let mut connection = self.database.read().await.expect("a connection");
        query("select event_type, metadata from audit_log order by created_at, id")
            .fetch_all(&mut connection)
            .await
            .expect("the audit log")
            .iter()
            .map(|row| (column(row, "event_type"), column(row, "metadata")))
            .collect()
    }

    /// How many passwords were hashed so far.
    #[must_use]
    pub fn hash_runs(&self) -> u64 {
        self.passwords.runs()
    }

    /// The stored bytes of reset links.
    pub async fn stored_resets(&self) -> Vec<Vec<u8>> {
        let mut connection = self.database.read().await.expect("a connection");
        scalar("select token_hash from password_resets")
            .fetch_all(&mut connection)
            .await
            .expect("the links")
    }

    /// The maximum number of passwords hashed at once.
    #[must_use]
    pub fn most_hashed_at_once(&self) -> u64 {
        self.passwords.max_concurrent()
    }

    /// Takes all hashing threads and queue places until the returned value is dropped.
    #[must_use]
    pub fn take_all_hashing(&self) -> impl Drop + '_ {
        self.passwords.take_all()
    }

    /// The stored bytes of password attempts and known devices.
    pub async fn stored_guesses(&self) -> Vec<Vec<u8>> {
        let mut connection = self.database.read().await.expect("a connection");
        let statement = "select account_hash as bytes from password_attempts union all select device_hash from known_devices";
        scalar(statement)
            .fetch_all(&mut connection)
            .await
            .expect("the guesses")
    }

    /// The number of rows in the table.
    pub async fn count(&self, table: &str) -> i64 {
        count(self, table).await
    }

    /// The values of a binary column.
    pub async fn stored(&self, table: &str, column: &str) -> Vec<Vec<u8>> {
        let mut connection = self.database.read().await.expect("a connection");
        scalar(leaked(format!("select {column} from {table}")))
            .fetch_all(&mut connection)
            .await
            .expect("a column")
    }

    /// The values of a text column.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        let mut connection = self.database.read().await.expect("a connection");
        scalar(leaked(query.to_owned()))
            .fetch_all(&mut connection)
            .await
            .expect("a column")
    }

    /// The stored bytes of people's secrets.
    pub async fn stored_secrets(&self) -> Vec<Vec<u8>> {
        let mut connection = self.database.read().await.expect("a connection");
        let sessions = query("select cookie_hash, companion_hash from sessions")
            .fetch_all(&mut connection)
            .await
            .expect("the sessions");
        let users = query("select password_hash from users")
            .fetch_all(&mut connection)
            .await
            .expect("the users");
        let hashes = sessions
            .iter()
            .flat_map(|row| [column(row, "cookie_hash"), column(row, "companion_hash")]);
        let passwords = users
            .iter()
            .map(|row| column::<String>(row, "password_hash").into_bytes());
        hashes.chain(passwords).collect()
    }

    /// Links an identity to a person.
    pub async fn link(&self, user: UserId, platform: &str, id: &str) {
        let identity = Identity {
            platform: platform.parse().expect("a platform"),
            user_id: id.parse().expect("an id"),
        };
        let mut transaction = self.begin().await.expect("a transaction");
        let linked = identity::insert(&mut transaction, &identity, user, self.now()).await;
        assert!(linked.expect("a link").is_some(), "linked already");
        transaction.commit().await.expect("a commit");
    }

    /// The result of SQLite's integrity check: `ok`.
    pub async fn integrity(&self) -> String {
        let mut connection = self.database.read().await.expect("a connection");
        scalar("pragma integrity_check")
            .fetch_one(&mut connection)
            .await
            .expect("a check")
    }

    /// Keyed hash and ciphertext of every code, pending or not.
    pub async fn stored_codes(&self) -> Vec<(Option<Vec<u8>>, Option<Vec<u8>>)> {
        let mut connection = self.database.read().await.expect("a connection");
        query("select code_hash, code_ciphertext from login_codes")
            .fetch_all(&mut connection)
            .await
            .expect("the codes")
            .iter()
            .map(|row| (column(row, "code_hash"), column(row, "code_ciphertext")))
            .collect()
    }

    /// Queues an email without any other cause.
    pub async fn queue(&self, to: &str, letter: &EmailTemplate<'_>) {
        queue(&self.portal, to, letter).await;
    }

    /// The emails to this address, oldest first; those of the same moment in any order. Delivers
    /// due mail before it looks.
    pub async fn mail_to(&self, address: &str) -> Vec<ReceivedMail> {
        self.deliver_mail().await.expect("a round");
        let mut seen = self.mail.lock().expect("the mail");
        let known: BTreeSet<String> = seen.iter().map(|(name, _)| name.clone()).collect();
        let arrived = mailbox::messages_in(&self.mail_folder());
        seen.extend(
            arrived
                .into_iter()
                .filter(|(name, _)| !known.contains(name)),
        );
        let letters = seen.iter().map(|(_, mail)| mail);
        letters
            .filter(|mail| mail.header("To") == address)
            .cloned()
            .collect()
    }

    /// The last email to this address. Panics if there is none.
    pub async fn last_mail_to(&self, address: &str) -> ReceivedMail {
        let letters = self.mail_to(address).await;
        letters.last().expect("a letter").clone()
    }

    /// The last code that was sent to this address. Panics if there is none.
    pub async fn last_code_to(&self, address: &str) -> String {
        let letters = self.mail_to(address).await;
        let mut codes = letters.iter().rev();
        let last = codes.find(|mail| mail.header("Subject").starts_with("Your code"));
        last.expect("a letter with a code").code()
    }

    /// The folder where this portal's emails are saved.
    #[must_use]
    pub fn mail_folder(&self) -> std::path::PathBuf {
        self.folder.path().join("mail")
    }

    /// A second server with another mail transport.
    pub async fn server_with_mail(&self, transport: MailTransport) -> Portal {
        let mut config = self.config.clone();
        config.mail.transport = transport;
        let opened = Portal::open(&config, self.clock.clone()).await;
        opened.expect("a second server")
    }

    /// The stored bytes of every queued message.
    pub async fn stored_mail(&self) -> Vec<(Vec<u8>, String)> {
        let mut connection = self.database.read().await.expect("a connection");
        query("select message_ciphertext, message_id from mail_queue order by created_at")
            .fetch_all(&mut connection)
            .await
            .expect("the queue")
            .iter()
            .map(|row| (column(row, "message_ciphertext"), column(row, "message_id")))
            .collect()
    }

    /// The stored bytes of second factors.
    pub async fn stored_factors(&self) -> Vec<Vec<u8>> {
        let mut connection = self.database.read().await.expect("a connection");
        let sealed: Vec<Vec<u8>> = scalar("select secret_ciphertext from factors")
            .fetch_all(&mut connection)
            .await
            .expect("the factors");
        let hashes: Vec<Vec<u8>> = scalar("select code_hash from recovery_codes")
            .fetch_all(&mut connection)
            .await
            .expect("the recovery codes");
        sealed.into_iter().chain(hashes).collect()
    }

    /// Every column of every table, from the database's catalogue.
    pub async fn columns(&self) -> Vec<(String, String)> {
        let catalogue = match self.config.database_url {
            DatabaseUrl::Sqlite(_) => {
                "select t.name as table_name, c.name as column_name
                 from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table'"
            }
            DatabaseUrl::Postgres(_) => {
                "select cast(table_name as text) as table_name,
                        cast(column_name as text) as column_name
                 from information_schema.columns where table_schema = 'public'"
            }
        };
        let mut connection = self.database.read().await.expect("a connection");
        query(catalogue)
            .fetch_all(&mut connection)
            .await
            .expect("the catalogue")
            .iter()
            .map(|row| (column(row, "table_name"), column(row, "column_name")))
            .collect()
    }

    /// Runs a statement that creates a state no use case would.
    pub async fn execute(&self, statement: &str) {
        let mut transaction = self.begin().await.expect("a transaction");
        query(leaked(statement.to_owned()))
            .execute(&mut transaction)
            .await
            .expect("a statement");
        transaction.commit().await.expect("a commit");
    }
}

impl Deref for TestPortal {
    type Target = Portal;

    fn deref(&self) -> &Portal {
        &self.portal
    }
}

/// Gives the person a verified address.
pub async fn verified(portal: &TestPortal, username: &str, email: &str) {
    let statement = format!(
        "update users set email = '{email}', email_key = '{email}', email_verified_at = 1
         where username_key = '{username}'"
    );
    portal.execute(&statement).await;
}

/// Creates an Owner with [`PASSWORD`].
pub async fn owner(portal: &Portal, username: &str) {
    let username = username.parse().expect("a username");
    let password = StoredPassword::from_column(PASSWORD_HASH.to_owned());
    let mut transaction = portal.begin().await.expect("a transaction");
    let gate = row_lock::acquire(&mut transaction, RowLock::Owners).await;
    gate.expect("the gate");
    let owner = insert_owner(&mut transaction, &username, &password, None, portal.now()).await;
    owner.expect("an owner");
    transaction.commit().await.expect("a commit");
}

/// Runs a statement on any database, also one without a portal.
pub async fn execute_on(database: &DatabaseUrl, statement: &str) -> Result<(), sqlx::Error> {
    let mut connection = connect(database).await;
    let statement = AssertSqlSafe(statement.to_owned());
    let executed = sqlx::query(statement).execute(&mut connection).await;
    connection.close().await.expect("a closed connection");
    executed.map(drop)
}

/// The single number that a query returns.
pub async fn number_on(database: &DatabaseUrl, query: &str) -> i64 {
    let mut connection = connect(database).await;
    let number = sqlx::query_scalar(AssertSqlSafe(query.to_owned()))
        .fetch_one(&mut connection)
        .await
        .expect("a number");
    connection.close().await.expect("a closed connection");
    number
}

async fn connect(database: &DatabaseUrl) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let address = match database {
        DatabaseUrl::Sqlite(file) => format!("sqlite://{}", file.display()),
        DatabaseUrl::Postgres(address) => address.clone(),
    };
    AnyConnection::connect(&address)
        .await
        .expect("a connection")
}

/// Queues an email in its own transaction.
pub async fn queue(portal: &Portal, to: &str, letter: &EmailTemplate<'_>) {
    let mut transaction = portal.begin().await.expect("a transaction");
    queue_in(portal, &mut transaction, to, letter).await;
    transaction.commit().await.expect("a commit");
}

async fn queue_in(
    portal: &Portal,
    transaction: &mut Transaction,
    to: &str,
    letter: &EmailTemplate<'_>,
) {
    let to: EmailAddress = to.parse().expect("an address");
    let queued = portal.queue_mail(transaction, &to, letter, portal.now());
    queued.await.expect("a queued letter");
}

/// Queues an email in a transaction that is rolled back.
pub async fn queue_and_roll_back(portal: &Portal, to: &str, letter: &EmailTemplate<'_>) {
    let mut transaction = portal.begin().await.expect("a transaction");
    queue_in(portal, &mut transaction, to, letter).await;
}

/// Waits until the condition becomes true.
pub async fn until(mut is_true: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_true().await {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(minutes(2), waiting).await.expect("an end in time");
}

/// A browser.
#[must_use]
pub fn client() -> Client {
    Client {
        ip: IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7)),
        user_agent: UserAgent::new(
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        ),
        browser: None,
    }
}

/// A browser with a device ID, like those that people log in with.
#[must_use]
pub fn browser_at(ip: &str) -> Client {
    Client {
        browser: Some(crate::sessions::known_devices::new_mark().expect("a mark")),
        ..client_at(ip)
    }
}

/// The code that an authenticator app with this key shows.
#[must_use]
pub fn authenticator(key: &str, now: Timestamp) -> SixDigits {
    totp::shown(key, now)
}

/// The result of a login that needs no second factor.
pub fn done<T>(step: LoginOutcome<T>) -> T {
    match step {
        LoginOutcome::Done(login) => login,
        LoginOutcome::SecondFactorRequired(_) => panic!("a second factor is asked for"),
    }
}

/// Both cookies of a login, as the browser sends them.
#[must_use]
pub fn cookies_of(session: &NewSession) -> SessionCookies {
    SessionCookies {
        shared: vec![session.cookie.clone()],
        companion: Some(session.companion.clone()),
    }
}

/// A browser at another IP address.
#[must_use]
pub fn client_at(ip: &str) -> Client {
    Client {
        ip: ip.parse().expect("an address"),
        ..client()
    }
}

/// A key that differs from another one only in its last character.
#[must_use]
pub fn wrong_key(key: &str) -> String {
    let (start, last) = key.split_at(key.len() - 1);
    format!("{start}{}", if last == "1" { "2" } else { "1" })
}

/// The cookie of a browser that hasn't logged in.
#[must_use]
pub fn browser_cookie() -> Token {
    Token::random().expect("a token")
}

/// How often a race is repeated: 50 times in CI, or as often as `PORTAL_TEST_ROUNDS` says (`make
/// soak`).
#[must_use]
pub fn rounds() -> usize {
    env::var("PORTAL_TEST_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(50)
}

#[must_use]
pub const fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::password_hash::Memory;

    #[test]
    fn the_password_of_all_is_hashed_at_todays_cost() {
        let stored = StoredPassword::from_column(PASSWORD_HASH.to_owned());
        assert!(!stored.is_cheap().unwrap());
        let is_its = stored.is_of(PASSWORD.as_bytes(), &mut Memory::default());
        assert!(is_its.unwrap());
    }
}

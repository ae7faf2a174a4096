//! A portal on an empty database of its own, with a clock that tests move.

use std::ops::Deref;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{Lifetimes, PasswordPolicy, Timestamp};
use tempfile::TempDir;

use crate::clock::Clock;
use crate::config::{Config, EmailFactor, MailConfig, Retention};
use crate::mail::transport::MailTransport;
use crate::portal::{Portal, StartError};
use crate::store::sql::database_url::DatabaseUrl;
use crate::testing::database::{self, empty_postgres};
use crate::testing::received_mail::ReceivedMail;

/// A portal on its own database, which has all migrations and no other data.
pub struct TestPortal {
    pub(super) portal: Arc<Portal>,
    pub clock: Clock,
    pub config: Config,
    pub(super) folder: TempDir,
    /// The emails received so far, in the order in which the test read them.
    pub(super) mail: Mutex<Vec<(String, ReceivedMail)>>,
}

impl Deref for TestPortal {
    type Target = Portal;

    fn deref(&self) -> &Portal {
        &self.portal
    }
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

    /// How many passwords were hashed so far.
    #[must_use]
    pub fn hash_runs(&self) -> u64 {
        self.passwords.runs()
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

    /// A second server with another mail transport.
    pub async fn server_with_mail(&self, transport: MailTransport) -> Portal {
        let mut config = self.config.clone();
        config.mail.transport = transport;
        let opened = Portal::open(&config, self.clock.clone()).await;
        opened.expect("a second server")
    }
}

/// The base URL of test portals.
pub const BASE_URL: &str = "https://portal.example.org/";

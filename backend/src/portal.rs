use crate::config::Config;
use crate::store::start_lock::StartLock;
use std::fs;

use domain::{Lifetimes, PasswordPolicy, Platform, Timestamp};

use crate::bots::event_hub::EventHub;
use crate::clock::Clock;
use crate::config::{EmailFactor, Retention};
use crate::crypto::server_secret::ServerSecret;
use crate::error::Failure;
use crate::mail::service::MailService;
use crate::mail::transport::MailSetUpError;
use crate::ops::secret_file::SecretFileError;
use crate::passwords::hasher::PasswordHasher;
use crate::rate_limit::invalid_keys::InvalidKeys;
use crate::store::name_index;
use crate::store::sql::database::{Database, OpenError, Transaction};

/// The portal. Every action of people, bots and operators is a method of it.
pub struct Portal {
    pub(crate) database: Database,
    pub(crate) clock: Clock,
    pub(crate) passwords: PasswordHasher,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) password_policy: PasswordPolicy,
    pub(crate) secret: ServerSecret,
    pub(crate) platforms: Vec<Platform>,
    pub(crate) sign_up: bool,
    pub(crate) email_factor: EmailFactor,
    pub(crate) bot_login_web_required_every: i64,
    pub(crate) admins_need_second_factor: bool,
    pub(crate) retention: Retention,
    pub(crate) bot_events: EventHub,
    pub(crate) wrong_keys: InvalidKeys,
    pub(crate) mail: MailService,
    /// The site's name, also shown in authenticator apps.
    pub(crate) site_name: String,
    pub(crate) password_blocklist: bool,
}

/// Why the portal can't start, as one sentence that names the setting.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("DATABASE_URL: {0}")]
    Database(#[from] OpenError),
    #[error(transparent)]
    Secret(#[from] SecretFileError),
    #[error(transparent)]
    Mail(#[from] MailSetUpError),
    #[error("DATABASE_URL: {0}")]
    Failed(#[from] Failure),
}

impl Portal {
    /// Opens and migrates the database, and creates or checks the secret file.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn open(config: &Config, clock: Clock) -> Result<Self, StartError> {
        let secret_file = &config.secret_file;
        let folder = secret_file.parent().filter(|folder| !folder.exists());
        if config.database_url.folder() == secret_file.parent() {
            // By default, database and secret file share a folder. The error for a folder that
            // can't be created must name the database's setting.
            Database::make_folder(&config.database_url)?;
        }
        ServerSecret::make_folder(secret_file)?;
        let opened = Self::open_locked(config, clock).await;
        if let (Some(made), Err(_)) = (folder, &opened) {
            // Removes the folder only if it is still empty.
            drop(fs::remove_dir(made));
        }
        opened
    }

    /// Opens the portal while holding the start lock. Two concurrent first starts would each create
    /// a secret and the tables.
    async fn open_locked(config: &Config, clock: Clock) -> Result<Self, StartError> {
        let secret_file = &config.secret_file;
        let mail = MailService::new(&config.mail)?;
        let _alone = StartLock::take(&config.database_url, secret_file).await;
        let draft = ServerSecret::draft(secret_file)?;
        let database = match Database::open(&config.database_url).await {
            Ok(database) => database,
            Err(error) => {
                draft.discard();
                return Err(error.into());
            }
        };
        let secret = draft.bind(&database, secret_file).await?;
        name_index::reindex(&database).await?;
        Ok(Self {
            bot_events: EventHub::new(database.clone(), secret.clone(), clock.clone()),
            wrong_keys: InvalidKeys::new(),
            retention: config.retention,
            site_name: config.mail.site_name.clone(),
            password_blocklist: config.password_blocklist,
            database,
            clock,
            passwords: PasswordHasher::new(config.hashing_threads)?,
            lifetimes: config.lifetimes,
            password_policy: config.password_policy,
            secret,
            platforms: config.platforms.clone(),
            sign_up: config.sign_up,
            email_factor: config.email_factor,
            bot_login_web_required_every: config.bot_login_web_required_every,
            admins_need_second_factor: config.admins_need_second_factor,
            mail,
        })
    }

    /// Returns the requirements for new passwords.
    #[must_use]
    pub const fn password_policy(&self) -> PasswordPolicy {
        self.password_policy
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Begins a write transaction; see [`Transaction`].
    pub(crate) async fn begin(&self) -> Result<Transaction, sqlx::Error> {
        self.database.begin().await
    }

    /// Closes all connections. Committed data is kept.
    pub async fn close(&self) {
        self.database.close().await;
    }
}

//! Configuration of the portal.

use crate::mail::sender::MailFrom;
use crate::mail::transport::MailTransport;
use std::path::PathBuf;
use std::time::Duration;

use domain::{Lifetimes, PasswordPolicy, Platform};

use crate::store::sql::database_url::DatabaseUrl;

/// Whether email codes may be a second factor (`PORTAL_EMAIL_FACTOR`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailFactor {
    Off,
    On,
}

/// How long expired or ended rows are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Codes, after expiry. At least a day, because daily limits count them until then.
    pub codes: Duration,
    /// Sessions, after their end.
    pub sessions: Duration,
    /// Audit log rows.
    pub audit: Duration,
}

impl Retention {
    pub const DEFAULT: Self = Self {
        codes: Duration::from_hours(24),
        sessions: Duration::from_hours(30 * 24),
        audit: Duration::from_hours(365 * 24),
    };
}

/// Settings that the portal is opened with.
#[derive(Clone, Debug)]
pub struct Config {
    pub database_url: DatabaseUrl,
    pub secret_file: PathBuf,
    pub lifetimes: Lifetimes,
    pub password_policy: PasswordPolicy,
    /// Whether common passwords are refused (`PORTAL_PASSWORD_BLOCKLIST`).
    pub password_blocklist: bool,
    /// Number of threads that hash passwords.
    pub hashing_threads: usize,
    /// Platforms that people may log in from (`PORTAL_PLATFORMS`).
    pub platforms: Vec<Platform>,
    /// Whether new people may create an account (`PORTAL_SIGN_UP`).
    pub sign_up: bool,
    /// Whether email codes may be a second factor (`PORTAL_EMAIL_FACTOR`).
    pub email_factor: EmailFactor,
    /// Consecutive logins by bot code after which a web login is required; 0 means never
    /// (`BOT_LOGIN_WEB_REQUIRED_EVERY`).
    pub bot_login_web_required_every: i64,
    /// Whether administration requires a session with a second factor
    /// (`PORTAL_ADMINS_NEED_SECOND_FACTOR`).
    pub admins_need_second_factor: bool,
    pub retention: Retention,
    pub mail: MailConfig,
}

/// Settings for sending mail.
#[derive(Clone, Debug)]
pub struct MailConfig {
    pub transport: MailTransport,
    /// Sender address. `None` means the site's name and `no-reply` at the base URL's host.
    pub from: Option<MailFrom>,
    pub site_name: String,
    /// Base of links in emails, never taken from a `Host` header (security A26).
    pub base_url: url::Url,
}

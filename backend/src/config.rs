//! What a portal is opened with.

use crate::mail::sender::MailFrom;
use crate::mail::transport::MailTransport;
use std::path::PathBuf;
use std::time::Duration;

use domain::{Lifetimes, PasswordPolicy, Platform};

use crate::store::sql::database_url::DatabaseUrl;

/// Whether codes by mail may be a second factor here (`PORTAL_EMAIL_FACTOR`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailFactor {
    Off,
    On,
}

/// How long what is over is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Codes, after they ran out. Not less than a day: by then they are counted.
    pub codes: Duration,
    /// Sessions, after they ended.
    pub sessions: Duration,
    /// Rows of the audit log.
    pub audit: Duration,
}

impl Retention {
    pub const DEFAULT: Self = Self {
        codes: Duration::from_hours(24),
        sessions: Duration::from_hours(30 * 24),
        audit: Duration::from_hours(365 * 24),
    };
}

/// What the portal needs to know before it opens.
#[derive(Clone, Debug)]
pub struct Config {
    pub database_url: DatabaseUrl,
    pub secret_file: PathBuf,
    pub lifetimes: Lifetimes,
    pub password_policy: PasswordPolicy,
    /// Whether common passwords are refused (`PORTAL_PASSWORD_BLOCKLIST`).
    pub password_blocklist: bool,
    /// How many passwords are hashed at once.
    pub hashing_threads: usize,
    /// The platforms people may come from (`PORTAL_PLATFORMS`).
    pub platforms: Vec<Platform>,
    /// Whether new people may make themselves an account (`PORTAL_SIGN_UP`).
    pub sign_up: bool,
    /// Whether codes by mail may be a second factor (`PORTAL_EMAIL_FACTOR`).
    pub email_factor: EmailFactor,
    /// After so many logins by bot codes in a row one by the web must come; 0 for never.
    pub bot_login_web_required_every: i64,
    /// Whether administration is open only to sessions with a second factor
    /// (`PORTAL_ADMINS_NEED_SECOND_FACTOR`).
    pub admins_need_second_factor: bool,
    pub retention: Retention,
    pub mail: MailConfig,
}

/// How the portal writes to people.
#[derive(Clone, Debug)]
pub struct MailConfig {
    pub transport: MailTransport,
    /// The sender; none for the site's name and no-reply at the base URL's host.
    pub from: Option<MailFrom>,
    pub site_name: String,
    /// What links in letters are made from: never a Host header (security A26).
    pub base_url: url::Url,
}

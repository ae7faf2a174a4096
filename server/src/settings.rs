#![expect(
    clippy::doc_markdown,
    reason = "comments on settings are the text of --help, which is plain"
)]

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::Duration;

use app::{CookiePolicy, SameSite, Site};
use backend::{
    Config, DatabaseUrl, EmailFactor, MailConfig, MailFrom, MailTransport, Retention, SmtpUrl,
};
use clap::{Args, ValueEnum};
use domain::{Lifetimes, Origin, PasswordPolicy, Platform};
use url::{Host, Url};

use crate::assets::{Assets, AssetsError};
use crate::branding::{Accent, Branding, FootLink, LogoError};
use crate::connections::{ConnectionLimits, ConnectionTimes};
pub use crate::layers::{FloodLimits, TrustedProxies};

/// Everything an operator can set (docs/contract.md, Settings). Each has a default that works
/// on a laptop; `portal serve --help` is the reference.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// A file with the settings below as NAME=value lines; environment variables take precedence
    #[arg(long, env = "PORTAL_CONFIG", global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The database: sqlite:PATH (created if missing) or postgres://USER@HOST/DATABASE
    #[arg(
        long,
        env = "DATABASE_URL",
        global = true,
        value_name = "URL",
        hide_env_values = true,
        default_value = "sqlite:data/portal.db"
    )]
    pub database_url: DatabaseUrl,

    /// The server's secret, created on the first start; servers that share a database need the same
    /// one [default: portal.secret next to an SQLite database, data/portal.secret otherwise]
    #[arg(long, env = "PORTAL_SECRET_FILE", global = true, value_name = "FILE")]
    pub secret_file: Option<PathBuf>,

    /// The address to listen on
    #[arg(long, env = "PORTAL_ADDR", global = true, value_name = "IP:PORT", default_value = "127.0.0.1:3000", value_parser = parse_address)]
    pub addr: SocketAddr,

    /// The address people open the portal at; https, or http on this machine only
    /// [default: http://localhost with the port of PORTAL_ADDR]
    #[arg(long, env = "PORTAL_BASE_URL", global = true, value_name = "URL", value_parser = parse_base_url)]
    pub base_url: Option<Url>,

    /// The site's name, on pages and in emails
    #[arg(long, env = "PORTAL_SITE_NAME", global = true, value_name = "NAME", default_value = "Portal", value_parser = parse_site_name)]
    pub site_name: String,

    /// The logo on every page: a square SVG, PNG or WebP image of at most 50 kB
    /// [default: Portal's own]
    #[arg(long, env = "PORTAL_LOGO", global = true, value_name = "FILE")]
    pub logo: Option<PathBuf>,

    /// The color of buttons and links, such as #5865f2; needs a contrast of 3:1 with white
    /// [default: a deep green]
    #[arg(long, env = "PORTAL_ACCENT", global = true, value_name = "COLOR")]
    pub accent: Option<Accent>,

    /// Where people find help: an https: or mailto: address, linked in the footer of every page
    #[arg(long, env = "PORTAL_SUPPORT_URL", global = true, value_name = "URL")]
    pub support_url: Option<FootLink>,

    /// The terms of use, linked in the footer
    #[arg(long, env = "PORTAL_TERMS_URL", global = true, value_name = "URL")]
    pub terms_url: Option<FootLink>,

    /// The privacy policy, linked in the footer
    #[arg(long, env = "PORTAL_PRIVACY_URL", global = true, value_name = "URL")]
    pub privacy_url: Option<FootLink>,

    /// The name of the session cookie
    #[arg(long, env = "PORTAL_COOKIE_NAME", global = true, value_name = "NAME", default_value = "hsession", value_parser = parse_cookie_name)]
    pub cookie_name: String,

    /// The parent domain that shares the session cookie with other services, such as example.org
    /// [default: none, only the portal's host]
    #[arg(long, env = "PORTAL_COOKIE_DOMAIN", global = true, value_name = "DOMAIN", value_parser = parse_cookie_domain)]
    pub cookie_domain: Option<String>,

    /// The SameSite attribute of the session cookie
    #[arg(
        long,
        env = "PORTAL_COOKIE_SAMESITE",
        global = true,
        value_name = "WORD",
        default_value = "none"
    )]
    pub cookie_samesite: CookieSameSite,

    /// Comma-separated origins of other services: they may read who someone is, log them out, and
    /// be returned to after a login
    #[arg(long, env = "PORTAL_ALLOWED_ORIGINS", global = true, value_name = "ORIGINS", default_value = "", value_parser = parse_origins)]
    pub allowed_origins: Origins,

    /// Comma-separated addresses or networks of reverse proxies whose X-Forwarded-For is trusted
    #[arg(
        long,
        env = "PORTAL_TRUSTED_PROXIES",
        global = true,
        value_name = "NETWORKS",
        default_value = ""
    )]
    pub trusted_proxies: TrustedProxies,

    /// Login requests allowed per minute and network; 0 means no limit, also for the limits below
    #[arg(
        long,
        env = "PORTAL_LOGIN_LIMIT",
        global = true,
        value_name = "N",
        default_value = "20"
    )]
    pub login_limit: u32,

    /// Requests to public routes allowed per minute and network
    #[arg(
        long,
        env = "PORTAL_PUBLIC_LIMIT",
        global = true,
        value_name = "N",
        default_value = "120"
    )]
    pub public_limit: u32,

    /// Requests allowed per minute and session
    #[arg(
        long,
        env = "PORTAL_OWN_LIMIT",
        global = true,
        value_name = "N",
        default_value = "120"
    )]
    pub own_limit: u32,

    /// Admin requests allowed per minute and session
    #[arg(
        long,
        env = "PORTAL_ADMIN_LIMIT",
        global = true,
        value_name = "N",
        default_value = "60"
    )]
    pub admin_limit: u32,

    /// Requests allowed per minute and bot key
    #[arg(
        long,
        env = "PORTAL_BOT_LIMIT",
        global = true,
        value_name = "N",
        default_value = "600"
    )]
    pub bot_limit: u32,

    /// Connections allowed per address, except for trusted proxies; 0 means no limit
    #[arg(
        long,
        env = "PORTAL_CONNECTIONS_PER_ADDRESS",
        global = true,
        value_name = "N",
        default_value = "50"
    )]
    pub connections_per_address: u32,

    /// Connections allowed in total; further ones wait. 0 means no limit
    #[arg(
        long,
        env = "PORTAL_CONNECTIONS",
        global = true,
        value_name = "N",
        default_value = "10000"
    )]
    pub connections: usize,

    /// The address to serve /metrics on for Prometheus, such as 127.0.0.1:9100; keep it private
    /// [default: none]
    #[arg(long, env = "PORTAL_METRICS_ADDR", global = true, value_name = "IP:PORT", value_parser = parse_address)]
    pub metrics_addr: Option<SocketAddr>,

    /// How long a session lasts
    #[arg(long, env = "PORTAL_SESSION_LIFETIME", global = true, value_name = "TIME", default_value = "30d", value_parser = parse_duration)]
    pub session_lifetime: Duration,

    /// How long a session of an Admin or Owner lasts
    #[arg(long, env = "PORTAL_ADMIN_SESSION_LIFETIME", global = true, value_name = "TIME", default_value = "1d", value_parser = parse_duration)]
    pub admin_session_lifetime: Duration,

    /// How long a session of an Admin or Owner lasts without use
    #[arg(long, env = "PORTAL_ADMIN_IDLE", global = true, value_name = "TIME", default_value = "1h", value_parser = parse_duration)]
    pub admin_idle: Duration,

    /// The minimum length of a new password (6 to 64)
    #[arg(long, env = "PORTAL_PASSWORD_MIN", global = true, value_name = "N", default_value = "15", value_parser = parse_password_min)]
    pub password_min: usize,

    /// Whether to refuse common passwords
    #[arg(
        long,
        env = "PORTAL_PASSWORD_BLOCKLIST",
        global = true,
        value_name = "WORD",
        default_value = "on"
    )]
    pub password_blocklist: Switch,

    /// Comma-separated platforms that people log in with; each 2-32 of a-z 0-9 _
    #[arg(
        long,
        env = "PORTAL_PLATFORMS",
        global = true,
        value_name = "NAMES",
        default_value = "discord,telegram",
        value_parser = parse_platforms
    )]
    pub platforms: Platforms,

    /// Whether new people can create an account
    #[arg(
        long,
        env = "PORTAL_SIGN_UP",
        global = true,
        value_name = "WORD",
        default_value = "on"
    )]
    pub sign_up: Switch,

    /// Whether codes sent by email can be a second factor; they never count as one for admin routes
    #[arg(
        long,
        env = "PORTAL_EMAIL_FACTOR",
        global = true,
        value_name = "WORD",
        default_value = "off"
    )]
    pub email_factor: Switch,

    /// How many logins in a row may use bot codes before one has to start on the web; 0 means any
    #[arg(
        long,
        env = "BOT_LOGIN_WEB_REQUIRED_EVERY",
        global = true,
        value_name = "N",
        default_value = "5"
    )]
    pub bot_login_web_required_every: u16,

    /// Whether admin pages and routes require a login with two-factor authentication; email codes
    /// don't count
    #[arg(
        long,
        env = "PORTAL_ADMINS_NEED_SECOND_FACTOR",
        global = true,
        value_name = "WORD",
        default_value = "off"
    )]
    pub admins_need_second_factor: Switch,

    /// How long expired codes are kept, at least a day
    #[arg(long, env = "PORTAL_CODE_RETENTION", global = true, value_name = "TIME", default_value = "24h", value_parser = parse_code_retention)]
    pub code_retention: Duration,

    /// How long ended sessions are kept
    #[arg(long, env = "PORTAL_SESSION_RETENTION", global = true, value_name = "TIME", default_value = "30d", value_parser = parse_duration)]
    pub session_retention: Duration,

    /// How long audit log entries are kept
    #[arg(long, env = "PORTAL_AUDIT_RETENTION", global = true, value_name = "TIME", default_value = "365d", value_parser = parse_duration)]
    pub audit_retention: Duration,

    /// The mail server: smtps://USER:PASSWORD@HOST, or smtp://…?tls=WORD with required (STARTTLS),
    /// opportunistic, or none (unencrypted); smtp:// without tls works only on this machine
    /// [default: none, emails are saved as files in PORTAL_MAIL_DIR]
    #[arg(
        long,
        env = "PORTAL_SMTP_URL",
        global = true,
        value_name = "URL",
        hide_env_values = true
    )]
    pub smtp_url: Option<SmtpUrl>,

    /// The folder for emails, as .eml files, while no mail server is set up
    /// [default: mail next to an SQLite database, data/mail otherwise]
    #[arg(long, env = "PORTAL_MAIL_DIR", global = true, value_name = "FOLDER")]
    pub mail_dir: Option<PathBuf>,

    /// The sender of emails, such as Portal <no-reply@example.org>
    /// [default: PORTAL_SITE_NAME, no-reply at the host of PORTAL_BASE_URL]
    #[arg(long, env = "PORTAL_MAIL_FROM", global = true, value_name = "SENDER")]
    pub mail_from: Option<MailFrom>,

    /// The log level: error, warn, info, debug or trace
    #[arg(
        long,
        env = "PORTAL_LOG",
        global = true,
        value_name = "LEVEL",
        default_value = "info"
    )]
    pub log: LogLevel,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum CookieSameSite {
    None,
    Lax,
    Strict,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

#[derive(Clone, Debug, Default)]
pub struct Origins(Vec<Origin>);

#[derive(Clone, Debug, Default)]
pub struct Platforms(Vec<Platform>);

/// A setting that contradicts another: one sentence that names it.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("PORTAL_COOKIE_DOMAIN: the host of PORTAL_BASE_URL isn't within that domain")]
    ForeignCookieDomain,
    #[error(
        "PORTAL_ALLOWED_ORIGINS: {0} must use https://; plain http:// works only on this machine"
    )]
    PlainSister(Origin),
    #[error("PORTAL_BASE_URL: must use https://; plain http:// works only on this machine")]
    PlainHttp,
    #[error(transparent)]
    Assets(#[from] AssetsError),
    #[error(transparent)]
    Logo(#[from] LogoError),
}

impl Settings {
    /// What the portal itself needs.
    ///
    /// # Errors
    /// See [`SettingsError`].
    pub fn config(&self) -> Result<Config, SettingsError> {
        Ok(Config {
            database_url: self.database_url.clone(),
            secret_file: self.secret_file(),
            lifetimes: Lifetimes {
                user: self.session_lifetime,
                admin: self.admin_session_lifetime.min(self.session_lifetime),
                admin_idle: self.admin_idle,
            },
            password_policy: PasswordPolicy {
                shortest: self.password_min,
            },
            password_blocklist: self.password_blocklist == Switch::On,
            hashing_threads: available_parallelism().map_or(2, Into::into),
            platforms: self.platforms.0.clone(),
            sign_up: self.sign_up == Switch::On,
            email_factor: match self.email_factor {
                Switch::On => EmailFactor::On,
                Switch::Off => EmailFactor::Off,
            },
            bot_login_web_required_every: self.bot_login_web_required_every.into(),
            admins_need_second_factor: self.admins_need_second_factor == Switch::On,
            retention: Retention {
                codes: self.code_retention,
                sessions: self.session_retention,
                audit: self.audit_retention,
            },
            mail: self.mail()?,
        })
    }

    /// Where the server's secret is.
    #[must_use]
    pub fn secret_file(&self) -> PathBuf {
        let named = self.secret_file.clone();
        named.unwrap_or_else(|| self.folder().join("portal.secret"))
    }

    /// How the portal writes to people.
    fn mail(&self) -> Result<MailConfig, SettingsError> {
        let base_url = self.base_url()?;
        let transport = if let Some(server) = &self.smtp_url {
            MailTransport::smtp(server, base_url.host_str().unwrap_or("localhost"))
        } else {
            let folder = self.mail_dir.clone();
            MailTransport::Folder(folder.unwrap_or_else(|| self.folder().join("mail")))
        };
        Ok(MailConfig {
            transport,
            from: self.mail_from.clone(),
            site_name: self.site_name.clone(),
            base_url,
        })
    }

    pub(crate) fn flood_limits(&self) -> FloodLimits {
        let limit = |n: u32| (n > 0).then_some(n);
        FloodLimits {
            login: limit(self.login_limit),
            public: limit(self.public_limit),
            own: limit(self.own_limit),
            admin: limit(self.admin_limit),
            bot: limit(self.bot_limit),
        }
    }

    pub(crate) fn connection_limits(&self) -> ConnectionLimits {
        ConnectionLimits {
            per_address: Some(self.connections_per_address).filter(|n| *n > 0),
            in_all: Some(self.connections).filter(|n| *n > 0),
            times: ConnectionTimes::DEFAULT,
        }
    }

    /// Where files lie that nobody gave a place of their own.
    fn folder(&self) -> PathBuf {
        let folder = self.database_url.folder();
        folder.map_or_else(|| PathBuf::from("data"), PathBuf::from)
    }

    /// What the pages need, with the base URL's origin.
    ///
    /// # Errors
    /// See [`SettingsError`].
    pub fn site(&self, assets: &mut Assets) -> Result<(Site, Origin), SettingsError> {
        let base_url = self.base_url()?;
        if let Some(domain) = &self.cookie_domain {
            let host = base_url.host_str().unwrap_or_default();
            let within = host == domain || host.ends_with(&format!(".{domain}"));
            if !within {
                return Err(SettingsError::ForeignCookieDomain);
            }
        }
        // Whoever sits on the wire of a plain one would read who people are.
        let plain = |origin: &&Origin| {
            origin
                .as_str()
                .parse()
                .is_ok_and(|url: Url| url.scheme() == "http" && !is_loopback(&url))
        };
        if let Some(plain) = self.allowed_origins.0.iter().find(plain) {
            return Err(SettingsError::PlainSister(plain.clone()));
        }
        let origin = Origin::of(&base_url).ok_or(SettingsError::PlainHttp)?;
        let site = Site {
            name: self.site_name.clone(),
            allowed_origins: self.allowed_origins.0.clone(),
            cookies: CookiePolicy {
                name: self.cookie_name.clone(),
                domain: self.cookie_domain.clone(),
                same_site: match self.cookie_samesite {
                    CookieSameSite::None => SameSite::None,
                    CookieSameSite::Lax => SameSite::Lax,
                    CookieSameSite::Strict => SameSite::Strict,
                },
            },
            base_url,
            assets: assets.urls()?,
            brand: self.branding().install(assets)?,
        };
        Ok((site, origin))
    }

    fn branding(&self) -> Branding {
        Branding {
            logo: self.logo.clone(),
            accent: self.accent,
            support: self.support_url.clone(),
            terms: self.terms_url.clone(),
            privacy: self.privacy_url.clone(),
        }
    }

    /// Where people reach the portal.
    ///
    /// # Errors
    /// [`SettingsError::PlainHttp`]: cookies and passwords would travel in the clear.
    pub fn base_url(&self) -> Result<Url, SettingsError> {
        let base_url = match &self.base_url {
            Some(base_url) => base_url.clone(),
            None => format!("http://localhost:{}/", self.addr.port())
                .parse()
                .map_err(|_| SettingsError::PlainHttp)?,
        };
        if base_url.scheme() == "http" && !is_loopback(&base_url) {
            return Err(SettingsError::PlainHttp);
        }
        Ok(base_url)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn parse_address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse()
        .map_err(|_| "must be an IP address and port, like 127.0.0.1:3000")
}

fn parse_base_url(text: &str) -> Result<Url, &'static str> {
    const FORM: &str = "must be an address like https://portal.example.org, without a path";
    let origin: Origin = text.parse().map_err(|_| FORM)?;
    origin.as_str().parse().map_err(|_| FORM)
}

fn parse_site_name(text: &str) -> Result<String, &'static str> {
    let fits = (1..=40).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if fits {
        Ok(text.to_owned())
    } else {
        Err("must have 1 to 40 characters")
    }
}

fn parse_cookie_name(text: &str) -> Result<String, &'static str> {
    let letters = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    // A browser takes a name with one of its prefixes for a promise we can't keep.
    let prefixed = text.to_ascii_lowercase().starts_with("__");
    if letters && !prefixed && (1..=40).contains(&text.len()) {
        Ok(text.to_owned())
    } else {
        Err("must have 1 to 40 letters, digits, _ or -, and can't start with __")
    }
}

fn parse_cookie_domain(text: &str) -> Result<String, &'static str> {
    let domain = text.strip_prefix('.').unwrap_or(text).to_ascii_lowercase();
    let labels: Vec<&str> = domain.split('.').collect();
    let fits = |label: &&str| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let is_name = labels.len() >= 2 && labels.iter().all(fits) && domain.parse::<IpAddr>().is_err();
    if is_name {
        Ok(domain)
    } else {
        Err("must be a domain like example.org")
    }
}

fn parse_origins(text: &str) -> Result<Origins, &'static str> {
    let entries = text
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty());
    let origins: HashSet<Origin> = entries
        .map(str::parse)
        .collect::<Result<_, _>>()
        .map_err(|_| "must be comma-separated origins like https://wiki.example.org")?;
    Ok(Origins(origins.into_iter().collect()))
}

fn parse_platforms(text: &str) -> Result<Platforms, &'static str> {
    let names = text
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let platforms: Vec<Platform> = names
        .map(str::parse)
        .collect::<Result<_, _>>()
        .map_err(|_| "must be comma-separated names like discord,telegram")?;
    Ok(Platforms(platforms))
}

fn parse_password_min(text: &str) -> Result<usize, &'static str> {
    let allowed = PasswordPolicy::FLOOR..=64;
    text.parse()
        .ok()
        .filter(|least| allowed.contains(least))
        .ok_or("must be a number from 6 to 64")
}

/// A whole number and a unit: `30d`, `1h`, `10m`, `90s`; from a second to ten years.
fn parse_duration(text: &str) -> Result<Duration, &'static str> {
    const FORM: &str = "must be a duration like 30d, 1h, 10m or 90s";
    const TEN_YEARS: u64 = 10 * 365 * 86_400;
    let (number, unit) = text
        .split_at_checked(text.len().saturating_sub(1))
        .ok_or(FORM)?;
    let seconds = match unit {
        "d" => 86_400,
        "h" => 3_600,
        "m" => 60,
        "s" => 1,
        _ => return Err(FORM),
    };
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    let number: u64 = number.parse().ok().filter(|_| digits).ok_or(FORM)?;
    let total = number.checked_mul(seconds).ok_or(FORM)?;
    if (1..=TEN_YEARS).contains(&total) {
        Ok(Duration::from_secs(total))
    } else {
        Err(FORM)
    }
}

/// What happened in the last day is counted, so it has to be there.
fn parse_code_retention(text: &str) -> Result<Duration, &'static str> {
    let length = parse_duration(text)?;
    if length >= Duration::from_hours(24) {
        Ok(length)
    } else {
        Err("must be 24h or longer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_number_and_a_unit() {
        assert_eq!(parse_duration("30d"), Ok(Duration::from_hours(720)));
        assert_eq!(parse_duration("90s"), Ok(Duration::from_secs(90)));
        for odd in [
            "",
            "d",
            "0d",
            "-1d",
            "+1d",
            "1.5h",
            "1w",
            "30",
            "99999999999d",
            "1é",
        ] {
            assert!(parse_duration(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_base_url_is_an_origin() {
        assert_eq!(
            parse_base_url("https://portal.example.org")
                .unwrap()
                .as_str(),
            "https://portal.example.org/"
        );
        for odd in [
            "portal.example.org",
            "https://portal.example.org/login",
            "ftp://x",
            "https://u@x",
        ] {
            assert!(parse_base_url(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn loopback_is_this_machine_and_nothing_that_looks_like_it() {
        let loopback = |text: &str| is_loopback(&text.parse().unwrap());
        for own in [
            "http://localhost:3000",
            "http://127.0.0.1",
            "http://[::1]:3000",
            "http://portal.localhost",
        ] {
            assert!(loopback(own), "{own}");
        }
        for other in [
            "http://localhost.evil.test",
            "http://10.0.0.1",
            "http://portal.example.org",
        ] {
            assert!(!loopback(other), "{other}");
        }
    }

    #[test]
    fn cookie_names_and_domains_are_checked() {
        assert!(parse_cookie_name("hsession").is_ok());
        for odd in ["", "__Host-x", "a=b", "a b", "a;b", &"x".repeat(41)] {
            assert!(parse_cookie_name(odd).is_err(), "{odd}");
        }
        assert_eq!(
            parse_cookie_domain(".Example.org").as_deref(),
            Ok("example.org")
        );
        for odd in [
            "",
            "org",
            "a..b",
            "example.org; Secure",
            "127.0.0.1",
            "https://x.org",
        ] {
            assert!(parse_cookie_domain(odd).is_err(), "{odd}");
        }
    }
}

use std::time::Duration;

use backend::EmailFactor;
use clap::{Args, ValueEnum};
use domain::{Lifetimes, PasswordPolicy, Platform};

use super::duration::parse_duration;

/// How people log in and register, and how long they stay logged in.
#[derive(Args, Clone, Debug)]
pub struct LoginSettings {
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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

#[derive(Clone, Debug, Default)]
pub struct Platforms(pub(super) Vec<Platform>);

impl LoginSettings {
    pub(super) fn lifetimes(&self) -> Lifetimes {
        Lifetimes {
            user: self.session_lifetime,
            admin: self.admin_session_lifetime.min(self.session_lifetime),
            admin_idle: self.admin_idle,
        }
    }

    pub(crate) const fn password_policy(&self) -> PasswordPolicy {
        PasswordPolicy {
            shortest: self.password_min,
        }
    }

    pub(super) const fn email_factor(&self) -> EmailFactor {
        match self.email_factor {
            Switch::On => EmailFactor::On,
            Switch::Off => EmailFactor::Off,
        }
    }
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
        .filter(|length| allowed.contains(length))
        .ok_or("must be a number from 6 to 64")
}

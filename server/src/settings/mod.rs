//! The settings of the server (docs/contract.md, Settings), one file for each section.

mod branding;
mod cookies;
mod duration;
mod error;
mod file;
mod login;
mod mail;
mod network;
mod retention;
mod site;
mod storage;

use std::path::PathBuf;
use std::thread::available_parallelism;

use app::Site;
use backend::Config;
use clap::{Args, ValueEnum};
use domain::Origin;
use url::Url;

use crate::assets::Assets;
use branding::BrandingSettings;
use cookies::CookieSettings;
use login::{LoginSettings, Switch};
use mail::MailSettings;
use network::NetworkSettings;
use retention::RetentionSettings;
use site::SiteSettings;
use storage::StorageSettings;

pub(crate) use error::SettingsError;
pub(crate) use file::apply_file;

/// Everything that operators can set. Each setting has a default that works on a laptop;
/// `portal serve --help` is the reference.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// A file with the settings below as NAME=value lines; environment variables take precedence
    #[arg(long, env = "PORTAL_CONFIG", global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    #[command(flatten)]
    pub storage: StorageSettings,

    #[command(flatten)]
    pub site: SiteSettings,

    #[command(flatten)]
    pub branding: BrandingSettings,

    #[command(flatten)]
    pub cookies: CookieSettings,

    #[command(flatten)]
    pub network: NetworkSettings,

    #[command(flatten)]
    pub login: LoginSettings,

    #[command(flatten)]
    pub retention: RetentionSettings,

    #[command(flatten)]
    pub mail: MailSettings,

    /// The log level: error, warn, info, debug or trace
    #[arg(
        long,
        env = "PORTAL_LOG",
        global = true,
        value_name = "ROLE",
        default_value = "info"
    )]
    pub log: LogLevel,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl Settings {
    /// The configuration of the portal.
    ///
    /// # Errors
    /// See [`SettingsError`].
    pub fn config(&self) -> Result<Config, SettingsError> {
        let login = &self.login;
        Ok(Config {
            database_url: self.storage.database_url.clone(),
            secret_file: self.storage.secret_file(),
            lifetimes: login.lifetimes(),
            password_policy: login.password_policy(),
            password_blocklist: login.password_blocklist == Switch::On,
            hashing_threads: available_parallelism().map_or(2, Into::into),
            platforms: login.platforms.0.clone(),
            sign_up: login.sign_up == Switch::On,
            email_factor: login.email_factor(),
            bot_login_web_required_every: login.bot_login_web_required_every.into(),
            admins_need_second_factor: login.admins_need_second_factor == Switch::On,
            retention: self.retention.retention(),
            mail: self.mail.config(
                &self.site.site_name,
                self.base_url()?,
                &self.storage.data_folder(),
            ),
        })
    }

    /// What the pages need, with the base URL's origin.
    ///
    /// # Errors
    /// See [`SettingsError`].
    pub fn site(&self, assets: &mut Assets) -> Result<(Site, Origin), SettingsError> {
        let base_url = self.base_url()?;
        let cookies = self.cookies.policy(&base_url)?;
        let allowed_origins = self.cookies.allowed_origins()?;
        let origin = Origin::of(&base_url).ok_or(SettingsError::PlainHttp)?;
        let site = Site {
            name: self.site.site_name.clone(),
            allowed_origins,
            cookies,
            base_url,
            assets: assets.urls()?,
            brand: self.branding.branding().install(assets)?,
        };
        Ok((site, origin))
    }

    /// The URL that people open.
    ///
    /// # Errors
    /// [`SettingsError::PlainHttp`]: cookies and passwords would travel unencrypted.
    pub fn base_url(&self) -> Result<Url, SettingsError> {
        self.site.base_url()
    }

    /// The file of the server's secret.
    #[must_use]
    pub fn secret_file(&self) -> PathBuf {
        self.storage.secret_file()
    }
}

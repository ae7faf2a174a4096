use std::path::{Path, PathBuf};

use backend::{MailConfig, MailFrom, MailTransport, SmtpUrl};
use clap::Args;
use url::Url;

/// How mail is sent.
#[derive(Args, Clone, Debug)]
pub struct MailSettings {
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
}

impl MailSettings {
    pub(super) fn config(&self, site_name: &str, base_url: Url, data_folder: &Path) -> MailConfig {
        let transport = if let Some(server) = &self.smtp_url {
            MailTransport::smtp(server, base_url.host_str().unwrap_or("localhost"))
        } else {
            let folder = self.mail_dir.clone();
            MailTransport::Folder(folder.unwrap_or_else(|| data_folder.join("mail")))
        };
        MailConfig {
            transport,
            from: self.mail_from.clone(),
            site_name: site_name.to_owned(),
            base_url,
        }
    }
}

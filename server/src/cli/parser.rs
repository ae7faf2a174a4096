use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};

use crate::commands::{AuditCommand, BotCommand, MigrateCommand, OwnerCommand, UserCommand};
use crate::settings::Settings;

/// A self-hosted login portal for communities on Discord and Telegram.
#[derive(Parser, Debug)]
#[command(name = "portal", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Print results and errors as JSON
    #[arg(long, global = true)]
    pub json: bool,

    #[command(flatten, next_help_heading = "Settings")]
    pub settings: Settings,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Run the portal (the default)
    Serve,
    /// Create owner accounts
    #[command(subcommand)]
    Owner(OwnerCommand),
    /// List, ban and restore members, and change their roles
    #[command(subcommand)]
    User(UserCommand),
    /// List and register bots, renew their keys, turn them off
    #[command(subcommand)]
    Bot(BotCommand),
    /// Export the audit log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Back up an SQLite database to a new file, even while the portal runs
    Backup {
        /// The file to create
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Check settings, database, secret file, clock and mail, without changing anything
    Doctor,
    /// Update the database schema, or copy an SQLite database to PostgreSQL
    Migrate(MigrateCommand),
}

/// The message for an invalid setting. It names the setting as operators know it, by its variable.
pub(super) fn invalid_setting_message(
    command: &clap::Command,
    error: &clap::Error,
) -> Option<String> {
    if !matches!(
        error.kind(),
        ErrorKind::ValueValidation | ErrorKind::InvalidValue
    ) {
        return None;
    }
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    };
    let argument = text(ContextKind::InvalidArg)?;
    let value = text(ContextKind::InvalidValue)?;
    let setting = command.get_arguments().find(|candidate| {
        let long = candidate.get_long().map(|long| format!("--{long}"));
        long.is_some_and(|long| argument.split(' ').next() == Some(&long))
    })?;
    let name = setting.get_env()?.to_string_lossy();
    let reason = match (
        std::error::Error::source(error),
        error.get(ContextKind::ValidValue),
    ) {
        (Some(source), _) => source.to_string(),
        (None, Some(ContextValue::Strings(valid))) => {
            format!("must be one of {}", valid.join(", "))
        }
        (None, _) => "isn't a valid value".to_owned(),
    };
    // A database URL can contain a password.
    let shown = if setting.is_hide_env_values_set() {
        String::new()
    } else {
        format!("{value:?} ")
    };
    let reason = if shown.is_empty() {
        format!("the value {reason}")
    } else {
        reason
    };
    Some(format!("{name}: {shown}{reason}"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_setting_has_an_environment_variable() {
        for argument in Cli::command().get_arguments() {
            let flag = matches!(argument.get_id().as_str(), "json" | "help" | "version");
            assert!(
                flag || argument.get_env().is_some(),
                "{}",
                argument.get_id()
            );
        }
    }
}

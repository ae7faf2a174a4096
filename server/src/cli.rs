//! The command line: one binary, `portal`.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use serde_json::json;

use crate::commands::{
    self, AuditCommand, BotCommand, CommandError, MigrateCommand, OwnerCommand, UserCommand,
};
use crate::settings::Settings;
use crate::settings_file;

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

/// Runs the program; every failure is one sentence on standard error.
#[must_use]
pub fn run() -> ExitCode {
    // Looked for by hand, since these errors come before the command line is understood.
    let json = env::args_os().any(|argument| argument == "--json");
    let command = match settings_file::apply(Cli::command()) {
        Ok(command) => command,
        Err(error) => return fail(&error.to_string(), json),
    };
    let parsed = command
        .clone()
        .try_get_matches()
        .and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    match parsed {
        Ok(cli) => match commands::run(cli) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&sentence(&error), json),
        },
        Err(error) => {
            if let Some(sentence) = wrong_setting(&command, &error) {
                return fail(&sentence, json);
            }
            drop(error.print());
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    }
}

fn sentence(error: &CommandError) -> String {
    // Errors of the database can have several lines; a sentence has one.
    error
        .to_string()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[expect(clippy::print_stderr, reason = "the command line's own voice")]
fn fail(sentence: &str, json: bool) -> ExitCode {
    if json {
        eprintln!("{}", json!({ "error": sentence }));
    } else {
        eprintln!("portal: {sentence}");
    }
    ExitCode::FAILURE
}

/// The sentence for a wrong value, by the name operators know the setting by.
fn wrong_setting(command: &clap::Command, error: &clap::Error) -> Option<String> {
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
    // A database's address may hold a password.
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
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_setting_can_come_from_the_environment() {
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

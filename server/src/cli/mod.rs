//! The command line of the one binary, `portal`.

mod parser;

use std::env;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};
use serde_json::json;

use crate::commands::{CommandError, audit, backup, bot, doctor, log, migrate, owner, serve, user};
use crate::settings::{LogLevel, apply_file};
use parser::{Cli, Command, invalid_setting_message};

/// Runs the program. Every failure is one sentence on standard error.
#[must_use]
pub fn run() -> ExitCode {
    // Parsed by hand, because some errors occur before clap has parsed the arguments.
    let json = env::args_os().any(|argument| argument == "--json");
    let command = match apply_file(Cli::command()) {
        Ok(command) => command,
        Err(error) => return fail(&error.to_string(), json),
    };
    let parsed = command
        .clone()
        .try_get_matches()
        .and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    match parsed {
        Ok(cli) => match dispatch(cli) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&one_line(&error), json),
        },
        Err(error) => {
            if let Some(message) = invalid_setting_message(&command, &error) {
                return fail(&message, json);
            }
            drop(error.print());
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    }
}

/// Runs one command to its end.
fn dispatch(cli: Cli) -> Result<(), CommandError> {
    let command = cli.command.unwrap_or(Command::Serve);
    let _log = log::start(match command {
        Command::Serve => cli.settings.log,
        _ => LogLevel::Warn,
    });
    let (settings, json) = (&cli.settings, cli.json);
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        match command {
            Command::Serve => serve::serve(settings, json).await,
            Command::Bot(command) => bot::run(command, settings, json).await,
            Command::Audit(command) => audit::run(command, settings).await,
            Command::Backup { file } => backup::run(settings, &file, json).await,
            Command::Doctor => doctor::run(settings, json).await,
            Command::Migrate(command) => migrate::run(&command, settings, json).await,
            Command::Owner(command) => owner::run(command, settings, json).await,
            Command::User(command) => user::run(command, settings, json).await,
        }
    })
}

/// Errors of a database can have several lines.
fn one_line(error: &CommandError) -> String {
    error
        .to_string()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[expect(clippy::print_stderr, reason = "errors of the command line go there")]
fn fail(message: &str, json: bool) -> ExitCode {
    if json {
        eprintln!("{}", json!({ "error": message }));
    } else {
        eprintln!("portal: {message}");
    }
    ExitCode::FAILURE
}

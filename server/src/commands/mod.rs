//! What the command line does: one file a command, with its arguments beside it.

mod audit;
mod backup;
mod bot;
mod doctor;
mod log;
mod log_line;
mod migrate;
mod owner;
mod serve;
mod user;

use std::io;
use std::net::SocketAddr;

use backend::{BackUpError, CopyDatabaseError, Failure, MailSetUpError, StartError};
use domain::Timestamp;

pub(crate) use audit::AuditCommand;
pub(crate) use bot::BotCommand;
pub(crate) use migrate::MigrateCommand;
pub(crate) use owner::OwnerCommand;
pub(crate) use user::UserCommand;

use crate::assets::AssetsError;
use crate::cli::{Cli, Command};
use crate::settings::{LogLevel, SettingsError};

/// Why a command did not do its work: one sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error("{setting}: can't listen on {address} ({cause})")]
    Listen {
        setting: &'static str,
        address: SocketAddr,
        cause: io::Error,
    },
    #[error("The system clock says {}, so nothing would expire on time; set the clock first", .0.to_human())]
    Clock(Timestamp),
    #[error(transparent)]
    Assets(#[from] AssetsError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Mail(#[from] MailSetUpError),
    #[error(transparent)]
    BackUp(#[from] BackUpError),
    #[error(transparent)]
    Copy(#[from] CopyDatabaseError),
    #[error(transparent)]
    Failed(#[from] Failure),
    #[error("{0}")]
    Refused(String),
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Runs one command to its end.
pub(crate) fn run(cli: Cli) -> Result<(), CommandError> {
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

#[expect(clippy::print_stdout, reason = "the command line's own voice")]
fn say(json: bool, text: &str, value: &serde_json::Value) {
    if json {
        println!("{value}");
    } else {
        println!("{text}");
    }
}

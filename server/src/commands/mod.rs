//! What the commands do: one file for each command, with its arguments.

pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod bot;
pub(crate) mod doctor;
mod error;
pub(crate) mod log;
mod log_line;
pub(crate) mod migrate;
mod output;
pub(crate) mod owner;
pub(crate) mod serve;
pub(crate) mod user;

pub(crate) use audit::AuditCommand;
pub(crate) use bot::BotCommand;
pub(crate) use error::CommandError;
pub(crate) use migrate::MigrateCommand;
pub(crate) use owner::OwnerCommand;
pub(crate) use user::UserCommand;

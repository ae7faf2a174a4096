//! Storage: plain functions on a connection, the same SQL on SQLite and PostgreSQL.
//! The use case owns the transaction.

pub(crate) mod audit_log;
pub(crate) mod bot;
pub(crate) mod budget_use;
pub(crate) mod challenge;
pub(crate) mod code_guess;
pub(crate) mod database_copy;
pub(crate) mod email_code;
pub(crate) mod factor;
pub(crate) mod gate;
pub(crate) mod identity;
pub(crate) mod installation;
pub(crate) mod known_browser;
pub(crate) mod login_code;
pub(crate) mod mail_queue;
pub(crate) mod name;
pub(crate) mod own_data;
pub(crate) mod password_guess;
pub(crate) mod password_reset;
pub(crate) mod pending_email;
pub(crate) mod people;
pub(crate) mod profile;
pub(crate) mod session;
pub(crate) mod set_up_link;
pub(crate) mod signal;
pub(crate) mod unknown_name;
pub(crate) mod user;

mod database;
mod database_url;
mod group_commit;
mod inspection;

pub use audit_log::AuditRecord;
pub use bot::{BotRecord, LiveKey, PublicBot};
pub(crate) use database::{
    Condition, Database, StartLock, Transaction, connect_once, make_private_folder_of,
};
pub use database::{Engine, OpenError, PoolFigures};
pub use database_url::{DatabaseUrl, DatabaseUrlError};
pub use identity::LinkedPlatform;
pub use profile::Profile;

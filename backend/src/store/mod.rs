//! Storage: plain functions on a connection, the same SQL on SQLite and PostgreSQL.
//! The use case owns the transaction.

pub(crate) mod audit_log;
pub(crate) mod gate;
pub(crate) mod installation;
pub(crate) mod session;
pub(crate) mod set_up_link;
pub(crate) mod user;

mod database;
mod database_url;

pub(crate) use database::{Database, OpenError, Transaction, make_private_folder_of};
pub use database_url::{DatabaseUrl, DatabaseUrlError};

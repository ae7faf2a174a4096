//! One file for each table: its rows, and the statements that read and write them.

pub(crate) mod attempts;
pub(crate) mod audit_log;
pub(crate) mod bot;
pub(crate) mod challenge;
pub(crate) mod code_attempt;
pub(crate) mod email_code;
pub(crate) mod expiry;
pub(crate) mod factor;
pub(crate) mod identity;
pub(crate) mod installation;
pub(crate) mod known_device;
pub(crate) mod login_code;
pub(crate) mod mail_queue;
pub(crate) mod name;
pub(crate) mod own_data;
pub(crate) mod password_attempt;
pub(crate) mod password_reset;
pub(crate) mod pending_email;
pub(crate) mod people;
pub(crate) mod profile;
pub(crate) mod rate_limit_event;
pub(crate) mod session;
pub(crate) mod set_up_link;
pub(crate) mod unknown_login;
pub(crate) mod user;

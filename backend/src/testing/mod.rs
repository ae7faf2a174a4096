//! Test support: a portal with its own database, a manual clock, and people. Tests of rules run
//! on both databases; see [`both_databases`].

#![expect(
    clippy::missing_panics_doc,
    clippy::missing_errors_doc,
    reason = "a test that can't go on panics, and says why"
)]

mod bots;
mod database;
mod mailbox;
mod people;
mod portal;
mod received_mail;
mod rows;
mod smtp_server;
mod timing;

pub use bots::wrong_key;
pub use database::empty_postgres;
pub use mailbox::{queue, queue_and_roll_back};
pub use people::{
    PASSWORD, authenticator, browser_at, browser_cookie, client, client_at, cookies_of, done,
    owner, verified,
};
pub use portal::{BASE_URL, TestPortal};
pub use received_mail::ReceivedMail;
pub use rows::{count, event_types, execute_on, number_on};
pub use smtp_server::{SmtpArrival, SmtpMood, SmtpProcess, SmtpSetting};
pub use test_macros::{both_databases, sqlite_only};
pub use timing::{minutes, rounds, until};

//! Administration: people, bots and the audit log.

mod admin_request;
mod audit;
mod audit_text;
mod badges;
mod bot;
mod bots;
mod people;
mod person;

pub(crate) use audit::AdminAuditPage;
pub(crate) use bot::AdminBotPage;
pub(crate) use bots::AdminBotsPage;
pub(crate) use people::AdminPeoplePage;
pub(crate) use person::AdminPersonPage;

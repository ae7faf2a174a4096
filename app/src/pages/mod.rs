//! One file a page: its component, and the server functions of its forms.

mod account;
mod admin_audit;
mod admin_bot;
mod admin_bots;
mod confirm;
mod delete_account;
mod email;
mod home;
mod login;
mod login_code;
mod login_request;
mod not_found;
mod not_me;
mod platforms;
mod profile;
mod recover;
mod security;
mod sessions;
mod set_up;

pub(crate) use account::AccountPage;
pub(crate) use admin_audit::AdminAuditPage;
pub(crate) use admin_bot::AdminBotPage;
pub(crate) use admin_bots::AdminBotsPage;
pub(crate) use confirm::ConfirmPage;
pub(crate) use delete_account::DeleteAccountPage;
pub(crate) use email::{EmailLinkPage, EmailPage};
pub(crate) use home::HomePage;
pub(crate) use login::LoginPage;
pub(crate) use login_code::LoginCodePage;
pub(crate) use login_request::LoginRequestPage;
pub(crate) use not_found::NotFoundPage;
pub(crate) use not_me::NotMePage;
pub(crate) use recover::{NewPasswordPage, RecoverLinkPage, RecoverPage};
pub(crate) use security::SecurityPage;
pub(crate) use set_up::SetUpPage;

//! One file a page: its component, and the server functions of its forms.

mod account;
mod admin;
mod code_input;
mod home;
mod login;
mod not_found;
mod not_me;
mod preferences;
mod recover;
mod register;
mod security;
mod set_up;

pub(crate) use account::{AccountPage, ConfirmPage, DeleteAccountPage, EmailLinkPage, EmailPage};
pub(crate) use admin::{
    AdminAuditPage, AdminBotPage, AdminBotsPage, AdminPeoplePage, AdminPersonPage,
};
pub(crate) use home::HomePage;
pub(crate) use login::{LoginCodePage, LoginPage, LoginRequestPage};
pub(crate) use not_found::NotFoundPage;
pub(crate) use not_me::NotMePage;
pub(crate) use recover::{NewPasswordPage, RecoverLinkPage, RecoverPage};
pub(crate) use register::RegisterPage;
pub(crate) use security::SecurityPage;
pub(crate) use set_up::SetUpPage;

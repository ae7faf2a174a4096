//! A person's own account.

mod confirm;
mod delete;
mod email;
mod overview;
mod platforms;
mod profile;

pub(crate) use confirm::ConfirmPage;
pub(crate) use delete::DeleteAccountPage;
pub(crate) use email::{EmailLinkPage, EmailPage};
pub(crate) use overview::AccountPage;

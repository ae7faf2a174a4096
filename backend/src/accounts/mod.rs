//! Accounts: registration, profiles, email addresses, export and deletion.

pub(crate) mod data;
pub(crate) mod email;
pub(crate) mod people;
pub(crate) mod profile;
pub(crate) mod register;
pub(crate) mod set_up;

//! Accounts: how they come to be, what they say of a person, and how they end.

pub(crate) mod data;
pub(crate) mod email;
pub(crate) mod people;
pub(crate) mod profile;
pub(crate) mod register;
pub(crate) mod set_up;

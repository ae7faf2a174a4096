//! Admin actions on people, and their authorization.

pub(crate) mod authorization;
pub(crate) mod people;
pub(crate) mod restrict;
pub(crate) mod roles;

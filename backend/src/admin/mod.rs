//! What administrators may do to people, and the one place that decides it.

pub(crate) mod authorization;
pub(crate) mod people;
pub(crate) mod restrict;
pub(crate) mod roles;

//! Audit log: its events and queries.

pub(crate) mod event;
pub(crate) mod query;

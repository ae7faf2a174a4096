//! The audit log: its events and how it is read.

pub(crate) mod event;
pub(crate) mod query;

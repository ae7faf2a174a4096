//! Limits on how often something may be done.

pub(crate) mod budget;
pub(crate) mod invalid_keys;

//! Rate limits.

pub(crate) mod budget;
pub(crate) mod invalid_keys;
pub(crate) mod window;

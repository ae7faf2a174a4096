//! Passwords: hashing, attempts, the blocklist, change and reset.

pub(crate) mod attempts;
pub(crate) mod change;
pub(crate) mod common;
pub(crate) mod hasher;
pub(crate) mod pool;
pub(crate) mod reset;

//! Bots: their keys, administration, profiles and event streams.

pub(crate) mod admin;
pub(crate) mod authenticate;
pub(crate) mod event_hub;
pub(crate) mod events;
pub(crate) mod key;
pub(crate) mod profile;

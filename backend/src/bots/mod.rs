//! Bots: their keys, their administration, and the events that they hear.

pub(crate) mod admin;
pub(crate) mod authenticate;
pub(crate) mod event_hub;
pub(crate) mod events;
pub(crate) mod key;
pub(crate) mod profile;

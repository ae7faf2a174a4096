//! Sessions: their start, authentication, list and end; known devices.

pub(crate) mod authenticate;
pub(crate) mod known_devices;
pub(crate) mod list;
pub(crate) mod logout;
pub(crate) mod sealed_flash;
pub(crate) mod start;

//! One-time login codes delivered by bots (docs/contract.md, Login by code).

pub(crate) mod attempts;
pub(crate) mod bot;
pub(crate) mod consume;
pub(crate) mod deliverable;
pub(crate) mod delivery;
pub(crate) mod link;
pub(crate) mod make;
pub(crate) mod pending;
pub(crate) mod report;
pub(crate) mod report_token;
pub(crate) mod request;
pub(crate) mod verify;

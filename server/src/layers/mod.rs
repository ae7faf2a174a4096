//! What every request passes through, from the outside in: see `router`.

mod client_network;
mod flood;
mod own_address;
mod request_head;
mod request_log;
mod same_origin;
mod security_headers;
mod undecodable_form;
mod visitor;

pub use client_network::TrustedProxies;
pub use flood::FloodLimits;
pub(crate) use flood::{Flood, Tier, flood};
pub(crate) use own_address::own_address;
pub(crate) use request_log::request_log;
pub(crate) use same_origin::same_origin;
pub(crate) use undecodable_form::undecodable_form;
pub(crate) use visitor::{bearer, visitor};

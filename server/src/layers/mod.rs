//! What every request passes through, from the outside in: see `router`.

mod admission;
mod client_network;
mod flood;
mod own_address;
mod request_head;
mod request_log;
mod same_origin;
mod security_headers;
mod undecodable_form;
mod visitor;
mod whole_page;

pub(crate) use admission::{admit_anyone, admit_bots, admit_people};
pub use client_network::TrustedProxies;
pub use flood::FloodLimits;
pub(crate) use flood::{Flood, Tier};
pub(crate) use request_log::request_log;
pub(crate) use undecodable_form::undecodable_form;
pub(crate) use visitor::bearer;
pub(crate) use whole_page::whole_page;

//! What every request passes through; `router` has the order.

mod buffer_page;
mod canonical_host;
mod client_address;
mod guards;
mod head_limit;
mod rate_limit;
mod request_log;
mod same_origin;
mod security_headers;
mod undecodable_form;
mod visitor;

pub(crate) use buffer_page::buffer_page;
pub use client_address::TrustedProxies;
pub(crate) use guards::{require_rate_limit, require_same_origin, require_visitor};
pub(crate) use rate_limit::Guard;
pub(crate) use request_log::request_log;
pub(crate) use undecodable_form::undecodable_form;
pub(crate) use visitor::bearer_token;

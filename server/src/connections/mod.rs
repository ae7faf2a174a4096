//! The HTTP server's connections: how many there may be, and how long each may take.
//! `axum::serve` limits neither (security A18).

mod connection;
mod limiter;
mod limits;
mod server;
mod stream;
#[cfg(test)]
mod tests;
mod timeouts;

pub(crate) use limits::{ConnectionLimits, ConnectionTimeLimits};
pub(crate) use server::Server;

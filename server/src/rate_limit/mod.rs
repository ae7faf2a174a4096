//! How many requests a minute each client may send (docs/contract.md, Request limits). The counts
//! belong to this server alone and live in memory. What protects secrets is counted in the
//! database, by `backend::rate_limit`.

mod class;
mod counters;
mod limiter;

pub(crate) use class::{RateClass, RateClasses};
pub use limiter::RateLimits;
pub(crate) use limiter::{RateKey, RateLimiter};

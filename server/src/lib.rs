//! The HTTP server and the command line of Portal. The rules are in `backend`, the pages in `app`;
//! this crate extracts, calls and answers.
//!
//! - `cli`, `commands`: the binary `portal` and its commands
//! - `settings`: what operators can set, by section
//! - `router`, `routes`, `pages`, `api`: which route is answered by what
//! - `layers`: what every request passes through
//! - `rate_limit`: how many requests a minute are allowed
//! - `connections`: the HTTP server beneath the router
//! - `state`: what requests share

mod api;
mod assets;
mod audit_item;
mod branding;
pub mod cli;
mod code_status;
mod commands;
mod connections;
mod layers;
mod metrics;
mod pages;
mod rate_limit;
mod router;
mod routes;
#[expect(
    clippy::doc_markdown,
    reason = "comments on settings are the text of --help, which is plain"
)]
mod settings;
mod state;

pub use assets::{Assets, AssetsError};
pub use layers::TrustedProxies;
pub use rate_limit::RateLimits;
pub use router::{all_routes, api_routes, router};
pub use state::{AppState, AppStateFields};

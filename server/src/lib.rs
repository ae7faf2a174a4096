//! The outermost shell of Portal: settings, command line, HTTP. The rules are in
//! `backend`, the pages in `app`; what stands here extracts, calls and answers.

mod api;
mod assets;
mod audit_item;
mod branding;
pub mod cli;
mod commands;
mod connections;
mod delivery;
mod layers;
mod metrics;
mod router;
mod settings;
mod settings_file;

pub use assets::{Assets, AssetsError};
pub use router::{Web, all_routes, api_routes, router};
pub use settings::{FloodLimits, TrustedProxies};

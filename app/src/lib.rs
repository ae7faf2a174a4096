//! The pages of Portal and the server functions behind their forms. Server only: the
//! browser gets the HTML made here, and from `frontend` the islands in it.
//!
//! Each page is one file with its component and its server functions together. Forms
//! are plain HTML and post to `/do/…`; a refusal leads back to the form's own page with
//! a short code in the address that one closed enum turns into a sentence.

mod components;
mod cookies;
mod door;
mod error_page;
mod message;
mod pages;
mod shell;
mod site;

pub use cookies::{CookiePolicy, SameSite};
pub use error_page::error_page;
pub use shell::{App, shell};
pub use site::{AssetUrls, Site};

//! The pages of Portal and the server functions behind their forms. Server only: the
//! browser gets the HTML made here, and from `frontend` the islands in it.
//!
//! Each page is one file with its component and its server functions together. Forms
//! are plain HTML and post to `/do/…`; a refusal leads back to the form's own page with
//! a short code in the address that one closed enum turns into a sentence. All words stand in
//! `languages/`, one file a language.

mod components;
mod cookies;
mod door;
mod error_page;
#[cfg(test)]
mod hardcoded_text_test;
mod html;
mod message;
mod pages;
mod shell;
mod site;
mod wishes;
mod wording;
mod words;

pub use cookies::{CookiePolicy, SameSite, browser as waiting_browser, browser_mark};
pub use error_page::{Mishap, error_page};
pub use shell::{App, shell};
pub use site::{AssetUrls, Brand, Icon, Site};
pub use wishes::Asked;

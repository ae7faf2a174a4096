//! The pages of Portal and the server functions behind their forms. Server only: the browser gets HTML
//! and, from `frontend`, the islands in it.
//!
//! - `pages`: one file a page, with its component and the server functions of its forms
//! - `components`: what pages are built from
//! - `request_context`: the request that is answered, and the ways to answer it
//! - `message`: the messages that a form redirects back with
//! - `i18n`, `language`, `localize`: text, in `languages/`, one file a language
//!
//! Forms are plain HTML and post to `/do/…`. After an error they redirect to their own page with a short
//! code in the query, which a closed enum turns into a sentence.

mod components;
mod cookies;
mod error_page;
#[cfg(test)]
mod hardcoded_text_test;
mod html;
mod i18n;
mod language;
mod localize;
mod message;
mod page_error;
mod pages;
mod preferences;
mod query;
mod request_context;
mod request_info;
mod shell;
mod site;

pub use cookies::{CookiePolicy, SameSite, browser_mark, pre_login_browser};
pub use error_page::{ErrorPage, error_page};
pub use request_info::RequestInfo;
pub use shell::{App, shell};
pub use site::{AssetUrls, Brand, Logo, Site};

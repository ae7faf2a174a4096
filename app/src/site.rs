use domain::{Origin, ReturnTo};
use url::Url;

use crate::CookiePolicy;

/// What the pages need to know of the place they stand in. One for the whole process.
#[derive(Clone, Debug)]
pub struct Site {
    /// What the site calls itself.
    pub name: String,
    /// Where people reach the portal, with a `/` at its end.
    pub base_url: Url,
    /// Sister services: they may be returned to, and read who someone is.
    pub allowed_origins: Vec<Origin>,
    pub cookies: CookiePolicy,
    pub assets: AssetUrls,
    pub brand: Brand,
}

/// What makes the portal look like a community's own. Without any of it, it looks like itself.
#[derive(Clone, Debug, Default)]
pub struct Brand {
    pub logo: Option<Icon>,
    /// The style sheet that sets the accent.
    pub style: Option<String>,
    /// Where people find help, and what the law asks for.
    pub support: Option<String>,
    pub terms: Option<String>,
    pub privacy: Option<String>,
}

/// A picture and what kind it is.
#[derive(Clone, Debug)]
pub struct Icon {
    pub url: String,
    pub content_type: &'static str,
}

/// Addresses of the static files, with the hash of their content in the name.
#[derive(Clone, Debug, Default)]
pub struct AssetUrls {
    pub style: String,
    pub script: String,
    pub wasm: String,
    pub icon: String,
}

impl Site {
    /// Where to go after a login; the account's page where `wanted` is no place of ours.
    #[must_use]
    pub fn return_to(&self, wanted: Option<&str>) -> ReturnTo {
        wanted
            .and_then(|wanted| ReturnTo::parse(wanted, &self.base_url, &self.allowed_origins))
            .unwrap_or_else(ReturnTo::account)
    }
}

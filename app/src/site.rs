use domain::{Origin, ReturnTo};
use url::Url;

use crate::CookiePolicy;

/// The configuration of the pages, one for the process.
#[derive(Clone, Debug)]
pub struct Site {
    /// The name of the site.
    pub name: String,
    /// The public URL of the portal, ending in `/`.
    pub base_url: Url,
    /// The services that a login may return to, and that may read who is logged in.
    pub allowed_origins: Vec<Origin>,
    pub cookies: CookiePolicy,
    pub assets: AssetUrls,
    pub brand: Brand,
}

/// The branding of an operator.
#[derive(Clone, Debug, Default)]
pub struct Brand {
    pub logo: Option<Logo>,
    /// The style sheet with the accent colour.
    pub style: Option<String>,
    /// Links in the footer.
    pub support: Option<String>,
    pub terms: Option<String>,
    pub privacy: Option<String>,
}

/// An image and its type.
#[derive(Clone, Debug)]
pub struct Logo {
    pub url: String,
    pub content_type: &'static str,
}

/// The URLs of static files, with a content hash in the name.
#[derive(Clone, Debug, Default)]
pub struct AssetUrls {
    pub style: String,
    pub script: String,
    pub wasm: String,
    pub icon: String,
}

impl Site {
    /// Where to go after a login: `/account` unless `wanted` is allowed.
    #[must_use]
    pub fn return_to(&self, wanted: Option<&str>) -> ReturnTo {
        wanted
            .and_then(|wanted| ReturnTo::parse(wanted, &self.base_url, &self.allowed_origins))
            .unwrap_or_else(ReturnTo::account)
    }
}

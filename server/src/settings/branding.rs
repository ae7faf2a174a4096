use std::path::PathBuf;

use clap::Args;

use crate::branding::{Accent, Branding, FooterLink};

/// What makes the portal look like the community's own.
#[derive(Args, Clone, Debug)]
pub struct BrandingSettings {
    /// The logo on every page: a square SVG, PNG or WebP image of at most 50 kB
    /// [default: Portal's own]
    #[arg(long, env = "PORTAL_LOGO", global = true, value_name = "FILE")]
    pub logo: Option<PathBuf>,

    /// The color of buttons and links, such as #5865f2; needs a contrast of 3:1 with white
    /// [default: a deep green]
    #[arg(long, env = "PORTAL_ACCENT", global = true, value_name = "COLOR")]
    pub accent: Option<Accent>,

    /// Where people find help: an https: or mailto: address, linked in the footer of every page
    #[arg(long, env = "PORTAL_SUPPORT_URL", global = true, value_name = "URL")]
    pub support_url: Option<FooterLink>,

    /// The terms of use, linked in the footer
    #[arg(long, env = "PORTAL_TERMS_URL", global = true, value_name = "URL")]
    pub terms_url: Option<FooterLink>,

    /// The privacy policy, linked in the footer
    #[arg(long, env = "PORTAL_PRIVACY_URL", global = true, value_name = "URL")]
    pub privacy_url: Option<FooterLink>,
}

impl BrandingSettings {
    pub(super) fn branding(&self) -> Branding {
        Branding {
            logo: self.logo.clone(),
            accent: self.accent,
            support: self.support_url.clone(),
            terms: self.terms_url.clone(),
            privacy: self.privacy_url.clone(),
        }
    }
}

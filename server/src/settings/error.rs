use domain::Origin;

use crate::assets::AssetsError;
use crate::branding::LogoError;

/// Settings that contradict each other: one sentence that names the setting.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("PORTAL_COOKIE_DOMAIN: the host of PORTAL_BASE_URL isn't within that domain")]
    ForeignCookieDomain,
    #[error(
        "PORTAL_ALLOWED_ORIGINS: {0} must use https://; plain http:// works only on this machine"
    )]
    PlainRelyingService(Origin),
    #[error("PORTAL_BASE_URL: must use https://; plain http:// works only on this machine")]
    PlainHttp,
    #[error(transparent)]
    Assets(#[from] AssetsError),
    #[error(transparent)]
    Logo(#[from] LogoError),
}

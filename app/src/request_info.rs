use http::{HeaderMap, Uri};

use crate::preferences::Preferences;

/// What every answer needs from its request, error pages included.
#[derive(Clone, Debug)]
pub struct RequestInfo {
    pub(crate) preferences: Preferences,
    path: String,
}

impl RequestInfo {
    #[must_use]
    pub fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        Self {
            preferences: Preferences::read(headers),
            path: uri.path().to_owned(),
        }
    }

    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

use std::ops::Deref;
use std::sync::Arc;

use app::Site;
use axum::extract::FromRef;
use backend::Portal;
use domain::Origin;
use leptos::config::LeptosOptions;

use crate::assets::Assets;
use crate::layers::TrustedProxies;
use crate::metrics::Metrics;
use crate::rate_limit::{RateLimiter, RateLimits};

/// No form and no JSON body is larger (docs/contract.md, Requests). Bytes.
pub(crate) const MAX_BODY_SIZE: usize = 16 * 1024;

/// What all requests share. Every layer clones it for every request, so it is a single pointer.
#[derive(Clone)]
pub struct AppState(Arc<AppStateFields>);

/// The fields behind an [`AppState`].
#[derive(Clone)]
pub struct AppStateFields {
    pub portal: Arc<Portal>,
    pub site: Arc<Site>,
    pub assets: Arc<Assets>,
    /// The origin of the base URL.
    pub origin: Origin,
    pub trusted_proxies: TrustedProxies,
    pub(crate) rate_limiter: Arc<RateLimiter>,
    pub(crate) metrics: Arc<Metrics>,
    leptos: LeptosOptions,
}

impl AppState {
    #[must_use]
    pub fn new(
        portal: Arc<Portal>,
        site: Site,
        assets: Assets,
        origin: Origin,
        trusted_proxies: TrustedProxies,
    ) -> Self {
        let metrics = Arc::new(Metrics::default());
        Self(Arc::new(AppStateFields {
            portal,
            site: Arc::new(site),
            assets: Arc::new(assets),
            origin,
            trusted_proxies,
            rate_limiter: Arc::new(RateLimiter::new(RateLimits::DEFAULT, metrics.clone())),
            metrics,
            leptos: LeptosOptions::builder().output_name("portal").build(),
        }))
    }

    /// Replaces the default rate limits.
    #[must_use]
    pub fn with_rate_limits(self, limits: RateLimits) -> Self {
        let fields = Arc::unwrap_or_clone(self.0);
        Self(Arc::new(AppStateFields {
            rate_limiter: Arc::new(RateLimiter::new(limits, fields.metrics.clone())),
            ..fields
        }))
    }
}

impl Deref for AppState {
    type Target = AppStateFields;

    fn deref(&self) -> &AppStateFields {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

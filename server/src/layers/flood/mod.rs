mod counters;
mod tier;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use backend::Visitor;
use domain::Client;
use http::HeaderMap;

use crate::api::Refusal;
use crate::metrics::Metrics;
use crate::router::Web;
use counters::Counters;
pub(crate) use tier::Tier;

/// How many requests a minute each may make (docs/contract.md, Request limits); none for no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FloodLimits {
    /// Of a network, to the routes of `Tier::Login`.
    pub login: Option<u32>,
    pub public: Option<u32>,
    /// Of a session.
    pub own: Option<u32>,
    pub admin: Option<u32>,
    /// Of a key.
    pub bot: Option<u32>,
}

impl FloodLimits {
    pub const DEFAULT: Self = Self {
        login: Some(20),
        public: Some(120),
        own: Some(120),
        admin: Some(60),
        bot: Some(600),
    };
    pub const NONE: Self = Self {
        login: None,
        public: None,
        own: None,
        admin: None,
        bot: None,
    };

    const fn of(&self, tier: Tier) -> Option<u32> {
        match tier {
            Tier::Login => self.login,
            Tier::Public => self.public,
            Tier::Own => self.own,
            Tier::Admin => self.admin,
            Tier::Bot => self.bot,
            Tier::Free => None,
        }
    }
}

/// Who has asked how often in the last minute. Of this server alone and in memory: what
/// guards secrets is counted in the database (docs/ARCHITECTURE.md, Rate limits).
pub(crate) struct Flood {
    limits: FloodLimits,
    counters: Counters,
    metrics: Arc<Metrics>,
}

impl Flood {
    pub(crate) fn new(limits: FloodLimits, metrics: Arc<Metrics>) -> Self {
        Self {
            limits,
            counters: Counters::default(),
            metrics,
        }
    }
}

/// Who is counted.
#[derive(Hash)]
enum Whose<'a> {
    Network(&'a str),
    Session(i64),
    /// As presented: a wrong one has a count of its own too, and wrong ones have a budget in
    /// the database.
    Key(&'a [u8]),
}

/// Refuses what is beyond the flood limit of the route's tier. Inside of `same_origin`, so
/// that a hostile page uses up nobody's count, and of `visitor` where there is one.
pub(super) fn flood(web: &Web, request: &Request) -> Result<(), Refusal> {
    let route = request.extensions().get::<MatchedPath>();
    let tier = Tier::of(request.method(), route.map(MatchedPath::as_str));
    if tier == Tier::Free {
        return Ok(());
    }
    let client = request.extensions().get::<Client>();
    let client = client.ok_or(Refusal::INTERNAL)?;
    let network = client.network();
    let counted = {
        let session = request.extensions().get::<Visitor>();
        let session = session
            .and_then(Visitor::known)
            .map(|known| known.session.id);
        match (tier, session) {
            (Tier::Own | Tier::Admin, Some(session)) => {
                web.count(tier, &Whose::Session(session.as_i64()))
            }
            (Tier::Bot, _) => match key(request.headers()) {
                Some(key) => web.count(tier, &Whose::Key(key)),
                None => web.count(Tier::Public, &Whose::Network(network.as_str())),
            },
            (Tier::Login, _) => web.count(tier, &Whose::Network(network.as_str())),
            // Nobody is logged in there, or it is open to anyone.
            (Tier::Own | Tier::Admin | Tier::Public | Tier::Free, _) => {
                web.count(Tier::Public, &Whose::Network(network.as_str()))
            }
        }
    };
    counted.map_err(|wait| Refusal::too_many("Too many requests", wait))
}

fn key(headers: &HeaderMap) -> Option<&[u8]> {
    headers.get("x-api-key").map(http::HeaderValue::as_bytes)
}

impl Web {
    /// Counts one request, or says how long to wait.
    fn count(&self, tier: Tier, whose: &Whose<'_>) -> Result<(), Duration> {
        let flood = &self.flood;
        let Some(limit) = flood.limits.of(tier) else {
            return Ok(());
        };
        let count = flood.counters.count(&(tier, whose), self.portal.now());
        if count.number <= limit {
            return Ok(());
        }
        flood.metrics.flooded(tier);
        if count.number == limit + 1 {
            // Once a minute: a flood is not to fill the disk (ASVS 16.3.3).
            tracing::warn!(tier = tier.name(), "a flood limit was reached");
        }
        Err(count.begins_anew_in)
    }
}

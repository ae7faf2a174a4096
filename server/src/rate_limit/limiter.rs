use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;

use super::class::RateClass;
use super::counters::WindowCounters;
use crate::metrics::Metrics;

/// Requests a minute of each class; `None` for no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// Of a network, to login routes.
    pub login: Option<u32>,
    /// Of a network, to public routes.
    pub public: Option<u32>,
    /// Of a session, to routes of the person's own account.
    pub own: Option<u32>,
    /// Of a session, to administration.
    pub admin: Option<u32>,
    /// Of a bot key.
    pub bot: Option<u32>,
}

impl RateLimits {
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

    const fn of(&self, class: RateClass) -> Option<u32> {
        match class {
            RateClass::Login => self.login,
            RateClass::Public => self.public,
            RateClass::Own => self.own,
            RateClass::Admin => self.admin,
            RateClass::Bot => self.bot,
            RateClass::Unlimited => None,
        }
    }
}

/// What requests are counted by.
#[derive(Hash)]
pub(crate) enum RateKey<'a> {
    Network(&'a str),
    Session(i64),
    /// A bot key as presented. Invalid keys are counted too; they also have a limit in the
    /// database.
    BotKey(&'a [u8]),
}

/// Counts requests, each class and key over a minute.
pub(crate) struct RateLimiter {
    limits: RateLimits,
    counters: WindowCounters,
    metrics: Arc<Metrics>,
}

impl RateLimiter {
    pub(crate) fn new(limits: RateLimits, metrics: Arc<Metrics>) -> Self {
        Self {
            limits,
            counters: WindowCounters::default(),
            metrics,
        }
    }

    /// Counts one request. The error says how long to wait.
    pub(crate) fn count(
        &self,
        class: RateClass,
        key: &RateKey<'_>,
        now: Timestamp,
    ) -> Result<(), Duration> {
        let Some(limit) = self.limits.of(class) else {
            return Ok(());
        };
        let count = self.counters.count(&(class, key), now);
        if count.number <= limit {
            return Ok(());
        }
        self.metrics.flooded(class);
        if count.number == limit + 1 {
            // Once a window: a flood must not fill the disk (ASVS 16.3.3).
            tracing::warn!(rate_class = class.name(), "rate limit reached");
        }
        Err(count.resets_in)
    }
}

//! Figures for Prometheus, on an address of their own (`PORTAL_METRICS_ADDR`), off by default:
//! they tell how many people come and when, which is nobody else's business (ASVS 13.4.5).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use backend::{Health, Portal};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use prometheus_client::encoding::{EncodeLabelSet, prometheus_text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry};

use crate::rate_limit::RateClass;

/// Upper bounds of the duration buckets, in seconds.
const DURATION_BUCKETS: [f64; 10] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

const STATUS_CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// What is counted since the start. Numbers only: no names, no addresses.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    up: Gauge,
    requests: Family<StatusLabels, Counter>,
    durations: Histogram,
    connections: Gauge,
    refused: Counter,
    timed_out: Counter,
    flooded: Family<TierLabels, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StatusLabels {
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TierLabels {
    tier: &'static str,
}

/// A connection that is open until this is dropped.
pub(crate) struct OpenConnection(Gauge);

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        let up = register(
            &mut registry,
            "portal_up",
            "Whether the database answers",
            Gauge::default(),
        );
        let requests = register(
            &mut registry,
            "portal_http_requests",
            "Answered requests by the first digit of their status",
            Family::default(),
        );
        let durations = register(
            &mut registry,
            "portal_http_request_duration_seconds",
            "How long answers took",
            Histogram::new(DURATION_BUCKETS),
        );
        let connections = register(
            &mut registry,
            "portal_connections",
            "Open connections",
            Gauge::default(),
        );
        let refused = register(
            &mut registry,
            "portal_connections_refused",
            "Connections beyond what one address may have",
            Counter::default(),
        );
        let timed_out = register(
            &mut registry,
            "portal_connections_timed_out",
            "Connections that were too slow",
            Counter::default(),
        );
        let flooded = register(
            &mut registry,
            "portal_flood_refusals",
            "Requests beyond a flood limit",
            Family::default(),
        );
        // Prometheus sees the first increase only of a series that was there before it.
        for status in STATUS_CLASSES {
            drop(requests.get_or_create(&StatusLabels { status }));
        }
        for tier in RateClass::LIMITED.map(RateClass::name) {
            drop(flooded.get_or_create(&TierLabels { tier }));
        }
        Self {
            registry,
            up,
            requests,
            durations,
            connections,
            refused,
            timed_out,
            flooded,
        }
    }
}

/// Adds a metric to the registry. The encoder appends `_total` to the names of counters.
fn register<M: Metric + Clone>(registry: &mut Registry, name: &str, help: &str, metric: M) -> M {
    registry.register(name, help, metric.clone());
    metric
}

impl Metrics {
    pub(crate) fn answered(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).clamp(1, STATUS_CLASSES.len()) - 1;
        let status = STATUS_CLASSES[class];
        self.requests.get_or_create(&StatusLabels { status }).inc();
        self.durations.observe(took.as_secs_f64());
    }

    pub(crate) fn connection(&self) -> OpenConnection {
        self.connections.inc();
        OpenConnection(self.connections.clone())
    }

    pub(crate) fn connection_refused(&self) {
        self.refused.inc();
    }

    pub(crate) fn connection_timed_out(&self) {
        self.timed_out.inc();
    }

    pub(crate) fn flooded(&self, tier: RateClass) {
        let tier = tier.name();
        self.flooded.get_or_create(&TierLabels { tier }).inc();
    }

    #[cfg(test)]
    pub(crate) fn open_connections(&self) -> i64 {
        self.connections.get()
    }

    /// Prometheus' text format, version 0.0.4.
    fn text(&self, health: Health) -> Result<String, fmt::Error> {
        self.up.set(i64::from(health == Health::Healthy));
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// What answers on the address of the figures: `/metrics`, and nothing else.
pub(crate) fn metrics_router(metrics: Arc<Metrics>, portal: Arc<Portal>) -> Router {
    Router::new()
        .route("/metrics", get(figures))
        .with_state((metrics, portal))
}

async fn figures(
    State((metrics, portal)): State<(Arc<Metrics>, Arc<Portal>)>,
) -> Result<impl IntoResponse, StatusCode> {
    let text = metrics.text(portal.health().await);
    let text = text.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(([(CONTENT_TYPE, prometheus_text::CONTENT_TYPE)], text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_what_prometheus_reads() {
        let metrics = Metrics::default();
        metrics.answered(StatusCode::OK, Duration::from_millis(3));
        metrics.answered(StatusCode::NOT_FOUND, Duration::from_millis(30));
        metrics.answered(StatusCode::OK, Duration::from_secs(30));
        let open = metrics.connection();
        metrics.flooded(RateClass::Login);
        let text = metrics.text(Health::Healthy).unwrap();
        for line in [
            "portal_up 1",
            "portal_http_requests_total{status=\"2xx\"} 2",
            "portal_http_requests_total{status=\"4xx\"} 1",
            "portal_http_request_duration_seconds_bucket{le=\"0.001\"} 0",
            "portal_http_request_duration_seconds_bucket{le=\"0.005\"} 1",
            "portal_http_request_duration_seconds_bucket{le=\"0.05\"} 2",
            "portal_http_request_duration_seconds_bucket{le=\"5\"} 2",
            "portal_http_request_duration_seconds_bucket{le=\"+Inf\"} 3",
            "portal_http_request_duration_seconds_sum 30.033",
            "portal_http_request_duration_seconds_count 3",
            "portal_connections 1",
            "portal_flood_refusals_total{tier=\"login\"} 1",
            "portal_flood_refusals_total{tier=\"bot\"} 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        // Each family is announced once, and every line belongs to one.
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let name = line.split(['{', ' ']).next().unwrap();
            let family = ["_bucket", "_sum", "_count"]
                .iter()
                .find_map(|end| name.strip_suffix(end))
                .unwrap_or(name);
            let announced = text.matches(&format!("# TYPE {family} ")).count();
            assert_eq!(announced, 1, "{line}");
        }
        drop(open);
        assert!(
            metrics
                .text(Health::Unhealthy)
                .unwrap()
                .contains("portal_connections 0\n")
        );
    }
}

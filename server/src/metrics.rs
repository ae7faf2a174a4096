//! Figures for Prometheus, on an address of their own (`PORTAL_METRICS_ADDR`), off by default:
//! they tell how many people come and when, which is nobody else's business (ASVS 13.4.5).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use backend::{Health, Portal};
use http::StatusCode;
use http::header::CONTENT_TYPE;

use crate::layers::Tier;

/// The upper ends of the classes of answer times, in milliseconds.
const CLASSES: [u64; 10] = [1, 5, 10, 25, 50, 100, 250, 500, 1000, 5000];

/// What is counted since the start. Numbers only: no names, no addresses.
#[derive(Debug, Default)]
pub struct Metrics {
    answers: [AtomicU64; 5],
    times: [AtomicU64; CLASSES.len() + 1],
    microseconds: AtomicU64,
    open: AtomicU64,
    refused: AtomicU64,
    timed_out: AtomicU64,
    flooded: [AtomicU64; Tier::COUNT],
}

/// A connection that is open until this is dropped.
pub(crate) struct OpenConnection(Arc<Metrics>);

impl Metrics {
    pub(crate) fn answered(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        add(&self.answers[class], 1);
        let within = |class: &u64| took <= Duration::from_millis(*class);
        let class = CLASSES.iter().position(within).unwrap_or(CLASSES.len());
        add(&self.times[class], 1);
        add(
            &self.microseconds,
            u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        );
    }

    pub(crate) fn connection(self: &Arc<Self>) -> OpenConnection {
        add(&self.open, 1);
        OpenConnection(self.clone())
    }

    pub(crate) fn connection_refused(&self) {
        add(&self.refused, 1);
    }

    pub(crate) fn connection_timed_out(&self) {
        add(&self.timed_out, 1);
    }

    pub(crate) fn flooded(&self, tier: Tier) {
        add(&self.flooded[tier as usize], 1);
    }

    #[cfg(test)]
    pub(crate) fn open_connections(&self) -> u64 {
        read(&self.open)
    }

    /// Prometheus' text format, version 0.0.4.
    fn text(&self, health: Health) -> String {
        let mut text = Text(String::with_capacity(4096));
        text.family("portal_up", "gauge", "Whether the database answers.");
        let up = u64::from(health == Health::Healthy);
        text.line("portal_up", up);
        let name = "portal_answers_total";
        text.family(
            name,
            "counter",
            "Answers by the first digit of their status.",
        );
        for (class, count) in (1..).zip(&self.answers) {
            text.line(&format!("{name}{{status=\"{class}xx\"}}"), read(count));
        }
        let name = "portal_answer_seconds";
        text.family(name, "histogram", "How long answers took.");
        let mut sum = 0;
        for (end, count) in CLASSES.iter().zip(&self.times) {
            sum += read(count);
            let end = seconds(Duration::from_millis(*end));
            text.line(&format!("{name}_bucket{{le=\"{end}\"}}"), sum);
        }
        sum += read(&self.times[CLASSES.len()]);
        text.line(&format!("{name}_bucket{{le=\"+Inf\"}}"), sum);
        let total = Duration::from_micros(read(&self.microseconds));
        text.line(&format!("{name}_sum"), seconds(total));
        text.line(&format!("{name}_count"), sum);
        text.family("portal_connections", "gauge", "Open connections.");
        text.line("portal_connections", read(&self.open));
        for (name, what, count) in [
            (
                "portal_connections_refused_total",
                "Connections beyond what one address may have.",
                &self.refused,
            ),
            (
                "portal_connections_timed_out_total",
                "Connections that were too slow.",
                &self.timed_out,
            ),
        ] {
            text.family(name, "counter", what);
            text.line(name, read(count));
        }
        let name = "portal_flood_refusals_total";
        text.family(name, "counter", "Requests beyond a flood limit.");
        for tier in Tier::LIMITED {
            let label = format!("{name}{{tier=\"{}\"}}", tier.name());
            text.line(&label, read(&self.flooded[tier as usize]));
        }
        text.0
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

struct Text(String);

impl Text {
    fn family(&mut self, name: &str, kind: &str, what: &str) {
        let head = format!("# HELP {name} {what}\n# TYPE {name} {kind}\n");
        self.0.push_str(&head);
    }

    fn line(&mut self, name: &str, value: impl std::fmt::Display) {
        let line = format!("{name} {value}\n");
        self.0.push_str(&line);
    }
}

fn add(counter: &AtomicU64, n: u64) {
    counter.fetch_add(n, Ordering::Relaxed);
}

fn read(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

fn seconds(length: Duration) -> f64 {
    length.as_secs_f64()
}

/// What answers on the address of the figures: `/metrics`, and nothing else.
pub(crate) fn metrics_router(metrics: Arc<Metrics>, portal: Arc<Portal>) -> Router {
    Router::new()
        .route("/metrics", get(figures))
        .with_state((metrics, portal))
}

async fn figures(
    State((metrics, portal)): State<(Arc<Metrics>, Arc<Portal>)>,
) -> impl axum::response::IntoResponse {
    let text = metrics.text(portal.health().await);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_what_prometheus_reads() {
        let metrics = Arc::new(Metrics::default());
        metrics.answered(StatusCode::OK, Duration::from_millis(3));
        metrics.answered(StatusCode::NOT_FOUND, Duration::from_millis(30));
        metrics.answered(StatusCode::OK, Duration::from_secs(30));
        let open = metrics.connection();
        metrics.flooded(Tier::Login);
        let text = metrics.text(Health::Healthy);
        for line in [
            "portal_up 1",
            "portal_answers_total{status=\"2xx\"} 2",
            "portal_answers_total{status=\"4xx\"} 1",
            "portal_answer_seconds_bucket{le=\"0.001\"} 0",
            "portal_answer_seconds_bucket{le=\"0.005\"} 1",
            "portal_answer_seconds_bucket{le=\"0.05\"} 2",
            "portal_answer_seconds_bucket{le=\"5\"} 2",
            "portal_answer_seconds_bucket{le=\"+Inf\"} 3",
            "portal_answer_seconds_sum 30.033",
            "portal_answer_seconds_count 3",
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
                .contains("portal_connections 0\n")
        );
    }
}

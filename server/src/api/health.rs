//! The state of the server (docs/contract.md, Health).

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use backend::{Engine, Health, HealthReport, PoolStats};
use http::StatusCode;
use serde::Serialize;
use serde_json::json;

use super::ApiError;
use super::caller::Caller;
use crate::state::AppState;

/// `GET /health`, for load balancers.
pub(super) async fn health(State(state): State<AppState>) -> Response {
    let health = state.portal.health().await;
    let status = match health {
        Health::Healthy => StatusCode::OK,
        Health::Unhealthy => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, Json(json!({ "status": health_name(health) }))).into_response()
}

const fn health_name(health: Health) -> &'static str {
    match health {
        Health::Healthy => "healthy",
        Health::Unhealthy => "unhealthy",
    }
}

/// `GET /v1/admin/health`: details for operators.
pub(super) async fn report(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<HealthResponse>, ApiError> {
    let person = caller.signed_in()?;
    let report = state.portal.health_report(person).await?;
    Ok(Json(HealthResponse::from(report)))
}

#[derive(Serialize)]
pub(super) struct HealthResponse {
    status: &'static str,
    version: &'static str,
    database: DatabaseHealth,
    pools: Vec<PoolView>,
    /// Queued mails.
    mail_waiting: i64,
}

#[derive(Serialize)]
struct DatabaseHealth {
    engine: &'static str,
    version: String,
    migration: i64,
    answered_in_ms: f64,
}

/// A pool of database connections of this server.
#[derive(Serialize)]
struct PoolView {
    name: &'static str,
    open: u32,
    idle: usize,
    most: u32,
}

impl From<PoolStats> for PoolView {
    fn from(pool: PoolStats) -> Self {
        Self {
            name: pool.name,
            open: pool.open,
            idle: pool.idle,
            most: pool.most,
        }
    }
}

impl From<HealthReport> for HealthResponse {
    fn from(report: HealthReport) -> Self {
        Self {
            status: health_name(report.health),
            version: env!("CARGO_PKG_VERSION"),
            database: DatabaseHealth {
                engine: match report.engine {
                    Engine::Sqlite => "sqlite",
                    Engine::Postgres => "postgres",
                },
                version: report.version,
                migration: report.migration,
                answered_in_ms: report.answered_in.as_secs_f64() * 1000.0,
            },
            pools: report.pools.into_iter().map(PoolView::from).collect(),
            mail_waiting: report.mail_waiting,
        }
    }
}

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use backend::{Engine, Health, PoolStats, Visitor};
use http::StatusCode;
use serde::Serialize;
use serde_json::json;

use super::Refusal;
use crate::router::Web;

/// `GET /health`: for load balancers, and no more than they need.
pub(super) async fn health(State(web): State<Web>) -> Response {
    let health = web.portal.health().await;
    let status = match health {
        Health::Healthy => StatusCode::OK,
        Health::Unhealthy => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, Json(json!({ "status": word(health) }))).into_response()
}

const fn word(health: Health) -> &'static str {
    match health {
        Health::Healthy => "healthy",
        Health::Unhealthy => "unhealthy",
    }
}

/// `GET /v1/admin/health`: the same for those who run the portal, with figures.
pub(super) async fn report(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<Report>, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let report = web.portal.health_report(person).await;
    let report = report.map_err(|problem| Refusal::of(problem, Refusal::from))?;
    Ok(Json(Report {
        status: word(report.health),
        version: env!("CARGO_PKG_VERSION"),
        database: DatabaseReport {
            engine: match report.engine {
                Engine::Sqlite => "sqlite",
                Engine::Postgres => "postgres",
            },
            version: report.version,
            migration: report.migration,
            answered_in_ms: report.answered_in.as_secs_f64() * 1000.0,
        },
        pools: report.pools.into_iter().map(Pool::from).collect(),
        mail_waiting: report.mail_waiting,
    }))
}

#[derive(Serialize)]
pub(super) struct Report {
    status: &'static str,
    version: &'static str,
    database: DatabaseReport,
    pools: Vec<Pool>,
    /// Letters that wait to be sent.
    mail_waiting: i64,
}

#[derive(Serialize)]
struct DatabaseReport {
    engine: &'static str,
    version: String,
    migration: i64,
    answered_in_ms: f64,
}

/// Connections of this server.
#[derive(Serialize)]
struct Pool {
    name: &'static str,
    open: u32,
    idle: usize,
    most: u32,
}

impl From<PoolStats> for Pool {
    fn from(pool: PoolStats) -> Self {
        Self {
            name: pool.name,
            open: pool.open,
            idle: pool.idle,
            most: pool.most,
        }
    }
}

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use backend::Health;
use http::StatusCode;
use serde_json::json;

use crate::router::Web;

/// `GET /health`: for load balancers, and no more than they need.
pub(super) async fn health(State(web): State<Web>) -> Response {
    let (status, word) = match web.portal.health().await {
        Health::Healthy => (StatusCode::OK, "healthy"),
        Health::Unhealthy => (StatusCode::SERVICE_UNAVAILABLE, "unhealthy"),
    };
    (status, Json(json!({ "status": word }))).into_response()
}

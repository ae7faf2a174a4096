use axum::response::IntoResponse;
use http::header::CONTENT_TYPE;

/// Kept by hand, since every answer has its form from elsewhere (S1, S2, S3) and its example
/// says more than a type: the tests hold each answer that they see against it, and its routes
/// against the router's.
const DOCUMENT: &str = include_str!("../../openapi.json");

/// `GET /openapi.json` (contract section 1).
pub(super) async fn document() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT)
}

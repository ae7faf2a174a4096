use axum::response::IntoResponse;
use http::header::CONTENT_TYPE;

/// Kept by hand, since the contract fixes the form of every answer and its example
/// says more than a type: the tests hold each answer that they see against it, and its routes
/// against the router's.
const DOCUMENT: &str = include_str!("../../openapi.json");

/// `GET /openapi.json` (docs/contract.md, Common rules).
pub(super) async fn document() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT)
}

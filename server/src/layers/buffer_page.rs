use axum::body::{Body, to_bytes};
use axum::response::{IntoResponse as _, Response};

use crate::api::ApiError;

/// Sends a page in one piece, with its length. Leptos would stream it, although pages are complete
/// before they are sent (`SsrMode::Async`). Here, an error during rendering still becomes an error
/// page.
pub(crate) async fn buffer_page(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    // The portal makes the page itself, so its size is bounded.
    match to_bytes(body, usize::MAX).await {
        Ok(page) => Response::from_parts(parts, Body::from(page)),
        Err(error) => {
            tracing::error!(%error, "page rendering failed");
            ApiError::INTERNAL.into_response()
        }
    }
}

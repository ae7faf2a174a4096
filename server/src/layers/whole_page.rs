use axum::body::{Body, to_bytes};
use axum::response::{IntoResponse as _, Response};

use crate::api::Refusal;

/// Pages are written whole before anybody sees of them (`SsrMode::Async`), so they go out in one
/// piece and with their length, and what fails while they are written is an error with a page of
/// its own. Leptos would send them in pieces.
pub(crate) async fn whole_page(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    // The size is of our own making.
    match to_bytes(body, usize::MAX).await {
        Ok(page) => Response::from_parts(parts, Body::from(page)),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            Refusal::INTERNAL.into_response()
        }
    }
}

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::LOCATION;

use crate::router::LARGEST_BODY;

/// What Leptos' server functions put on an answer that is an error of theirs.
const LEPTOS_ERROR: &str = "serverfnerror";

/// Where the fields of a form can't be decoded, Leptos answers before any code of ours
/// runs: 500, or for browsers a 302 to the `Referer` with the error's text in the
/// address. It is the sender's mistake, and nobody is sent where a header says: 400.
/// Our own server functions never return an error and redirect by 303. A body that is
/// too large, also one that doesn't say so before, is a 413.
pub(crate) async fn undecodable_form(request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/do/") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    let headers = response.headers();
    let is_leptos_own = headers.contains_key(LEPTOS_ERROR)
        || response.status() == StatusCode::FOUND && headers.contains_key(LOCATION);
    if is_leptos_own {
        StatusCode::BAD_REQUEST.into_response()
    } else {
        response
    }
}

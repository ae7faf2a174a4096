use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::LOCATION;

use crate::state::MAX_BODY_SIZE;

/// The header of error responses that Leptos' server functions make.
const LEPTOS_ERROR: &str = "serverfnerror";

/// Answers 400 to forms whose fields can't be decoded, and 413 to forms that are too large, also
/// where the size is not announced.
///
/// Leptos answers an undecodable form before any of our code runs: with 500, or for browsers with a
/// 302 to the `Referer` that has the error's text in the URL. Our own server functions never return
/// an error and redirect by 303, so such responses can be told apart.
pub(crate) async fn undecodable_form(request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/do/") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY_SIZE).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    let headers = response.headers();
    let is_leptos_error = headers.contains_key(LEPTOS_ERROR)
        || response.status() == StatusCode::FOUND && headers.contains_key(LOCATION);
    if is_leptos_error {
        StatusCode::BAD_REQUEST.into_response()
    } else {
        response
    }
}

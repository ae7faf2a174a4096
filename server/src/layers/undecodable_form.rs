use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;

/// Where the fields of a form can't be decoded, Leptos answers before any code of ours
/// runs: 500, or for browsers a 302 to the `Referer` with the error's text in the
/// address. It is the sender's mistake, and nobody is sent where a header says: 400.
/// Our own server functions never return an error and redirect by 303; a panic passes
/// by here without an answer.
pub(crate) async fn undecodable_form(request: Request, next: Next) -> Response {
    let is_form = request.uri().path().starts_with("/do/");
    let response = next.run(request).await;
    let is_leptos_own = matches!(
        response.status(),
        StatusCode::INTERNAL_SERVER_ERROR | StatusCode::FOUND
    );
    if is_form && is_leptos_own {
        return StatusCode::BAD_REQUEST.into_response();
    }
    response
}

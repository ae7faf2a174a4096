//! The layers directly around the routes, one for each kind of route. The checks of one kind are a
//! single layer, because every layer clones all that is inside of it for every request.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::canonical_host::canonical_host;
use super::rate_limit::{Guard, rate_limit};
use super::same_origin::same_origin;
use super::visitor::visitor;
use crate::api::ApiError;

/// For pages, their forms, and API routes that know sessions: checks host and origin, puts a
/// `Visitor` into the request, and applies the rate limit.
pub(crate) async fn require_visitor(
    State(guard): State<Guard>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(redirect) = canonical_host(&guard.state, &request) {
        return redirect.into_response();
    }
    match identify(&guard, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

async fn identify(guard: &Guard, request: &mut Request) -> Result<(), ApiError> {
    same_origin(&guard.state, request)?;
    let visitor = visitor(&guard.state, request.headers()).await?;
    request.extensions_mut().insert(visitor);
    rate_limit(guard, request)
}

/// For routes that look at no session: checks host and origin, and applies the rate limit.
pub(crate) async fn require_same_origin(
    State(guard): State<Guard>,
    request: Request,
    next: Next,
) -> Response {
    if let Some(redirect) = canonical_host(&guard.state, &request) {
        return redirect.into_response();
    }
    let checked = same_origin(&guard.state, &request);
    match checked.and_then(|()| rate_limit(&guard, &request)) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// For the routes of bots, which authenticate by a key and call from any origin: applies the rate
/// limit.
pub(crate) async fn require_rate_limit(
    State(guard): State<Guard>,
    request: Request,
    next: Next,
) -> Response {
    match rate_limit(&guard, &request) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

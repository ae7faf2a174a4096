//! What stands directly before the routes. The steps of a kind of route are one layer, since each
//! layer has every request clone all that is inside of it.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::flood::flood;
use super::own_address::own_address;
use super::same_origin::same_origin;
use super::visitor::visitor;
use crate::api::Refusal;
use crate::router::Web;

/// Before pages, their forms, and the API of people: the portal's own name and origin, who calls
/// (a `Visitor` in the request), and how often.
pub(crate) async fn admit_people(
    State(web): State<Web>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(elsewhere) = own_address(&web, &request) {
        return elsewhere.into_response();
    }
    match let_in(&web, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn let_in(web: &Web, request: &mut Request) -> Result<(), Refusal> {
    same_origin(web, request)?;
    let visitor = visitor(web, request.headers()).await?;
    request.extensions_mut().insert(visitor);
    flood(web, request)
}

/// Before what looks at no session: the same without who calls.
pub(crate) async fn admit_anyone(State(web): State<Web>, request: Request, next: Next) -> Response {
    if let Some(elsewhere) = own_address(&web, &request) {
        return elsewhere.into_response();
    }
    match same_origin(&web, &request).and_then(|()| flood(&web, &request)) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// Before the routes of bots, who come from anywhere and show a key: how often.
pub(crate) async fn admit_bots(State(web): State<Web>, request: Request, next: Next) -> Response {
    match flood(&web, &request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

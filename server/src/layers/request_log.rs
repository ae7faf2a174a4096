use std::net::SocketAddr;
use std::time::Instant;

use app::RequestInfo;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use tracing::Instrument as _;
use uuid::Uuid;

use super::client_address::client;
use super::head_limit::reject_large_head;
use super::security_headers::put_security_headers;
use crate::api::render_error;
use crate::state::AppState;

/// The outermost layer. It determines the client, rejects a head that is too large, renders errors,
/// adds the security headers, and writes one log line. The line has the route template, never the
/// path or query, which can hold tokens.
///
/// Each request gets an ID, which is `x-request-id` of the answer, the `correlation_id` of an error
/// and a field of every log line.
pub(crate) async fn request_log(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let id = Uuid::new_v4().to_string();
    let method = request.method().clone();
    let info = RequestInfo::of(request.uri(), request.headers());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let client = client(&state.trusted_proxies, peer.ip(), request.headers());
    let client_ip = client.ip;
    request.extensions_mut().insert(client);
    let span = tracing::info_span!("request", request_id = %id);
    let response = match reject_large_head(&request) {
        Some(rejection) => rejection,
        None => next.run(request).instrument(span.clone()).await,
    };
    let mut response = render_error(response, &info, &state.site, &id);
    put_security_headers(
        response.headers_mut(),
        state.site.base_url.scheme() == "https",
    );
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    let took = started.elapsed();
    state.metrics.answered(response.status(), took);
    span.in_scope(|| {
        tracing::info!(
            method = %method,
            route = route.as_ref().map_or("none", MatchedPath::as_str),
            status = response.status().as_u16(),
            milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            client_ip = %client_ip,
            "answered"
        );
    });
    response
}

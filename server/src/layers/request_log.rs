use std::time::Instant;

use app::Asked;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::Client;
use http::HeaderValue;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::api::dress;
use crate::router::Web;

/// The outermost layer. Gives the request its id (`x-request-id` of the answer, the
/// `correlation_id` of an error, a field of every log line), gives a bare error its
/// body, and writes one line: route templates only, since paths and queries can hold
/// tokens.
pub(crate) async fn request_log(State(web): State<Web>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = Uuid::new_v4().to_string();
    let method = request.method().clone();
    let asked = Asked::of(request.uri(), request.headers());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let span = tracing::info_span!("request", request_id = %id);
    let mut response = next.run(request).instrument(span.clone()).await;
    // Put there by the layer that knows; a request refused before it has none.
    let client = response.extensions_mut().remove::<Client>();
    let mut response = dress(response, &asked, &web.site, &id);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    let took = started.elapsed();
    web.metrics.answered(response.status(), took);
    span.in_scope(|| {
        tracing::info!(
            method = %method,
            route = route.as_ref().map_or("none", MatchedPath::as_str),
            status = response.status().as_u16(),
            milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            client_ip = client.map(|client| client.ip.to_string()),
            "answered"
        );
    });
    response
}

//! The delivery status of a login code, for the page that waits for it.

use std::convert::Infallible;
use std::time::Duration;

use app::pre_login_browser;
use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use domain::Client;
use futures_util::stream::unfold;
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderName, StatusCode};

use crate::state::AppState;

pub(crate) const ROUTE: &str = "/login/request/status";

/// How often an idle stream sends a comment, so that proxies keep it open.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(15);

/// Streams the status of the code that this browser requested, as server-sent events; the browser's
/// pre-login cookie says which code. 204 tells a browser without one not to reconnect.
pub(crate) async fn status(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
) -> Response {
    let Some(browser) = pre_login_browser(&headers) else {
        return StatusCode::NO_CONTENT.into_response();
    };
    let watched = state.portal.clone().watch_delivery(browser, client);
    let events = unfold(watched, async |mut watched| {
        let event = Event::default().data(watched.next().await?.code());
        Some((Ok::<_, Infallible>(event), watched))
    });
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT_INTERVAL));
    (headers, events).into_response()
}

use std::convert::Infallible;
use std::time::Duration;

use app::waiting_browser;
use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use domain::Client;
use futures_util::stream::unfold;
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderName, StatusCode};

use crate::router::Web;

/// Where the page that waits for a code listens.
pub(crate) const ROUTE: &str = "/login/request/status";

/// A silent stream says this often that it is still there.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The way of the code that this browser asked for (its own pre-login cookie tells which), as
/// server-sent events. 204 tells a browser without one not to come again.
pub(crate) async fn status(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
) -> Response {
    let Some(browser) = waiting_browser(&headers) else {
        return StatusCode::NO_CONTENT.into_response();
    };
    let watched = web.portal.clone().watch_delivery(browser, client);
    let events = unfold(watched, async |mut watched| {
        let event = Event::default().data(watched.next().await?.code());
        Some((Ok::<_, Infallible>(event), watched))
    });
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    (headers, events).into_response()
}

//! Server-sent events for bots (docs/contract.md, Bot events).

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use backend::{BotEventStream, DeliverableCode};
use domain::Client;
use futures_util::stream::unfold;
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderName};
use serde::Serialize;

use super::ApiError;
use super::bot::PendingCodeView;
use super::bot_caller::PresentedKey;
use crate::state::AppState;

/// How often an idle stream sends a comment, so that proxies keep it open.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(15);

/// `GET /v1/bot/events`: one event for each code that is requested on the web. With
/// `Last-Event-ID`, the codes since then that are still pending come first.
pub(super) async fn events(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    PresentedKey(key): PresentedKey,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let last_event = last_event_id(&headers);
    let stream = state
        .portal
        .bot_events(key.as_deref(), last_event, &client)
        .await?;
    let events = unfold((stream, state), next);
    let headers = [
        // Stricter than axum's `no-cache`: the events hold codes, so nothing may store them.
        (CACHE_CONTROL, "no-store"),
        // Keeps proxies such as nginx from buffering events.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT_INTERVAL));
    Ok((headers, events))
}

/// The event after which the stream continues. A malformed ID is treated like one that has expired.
fn last_event_id(headers: &HeaderMap) -> Option<i64> {
    let id = headers.get("last-event-id")?;
    let id = id.to_str().ok().and_then(|id| id.parse().ok());
    Some(id.unwrap_or(0))
}

async fn next(
    (mut stream, state): (BotEventStream, AppState),
) -> Option<(Result<Event, Infallible>, (BotEventStream, AppState))> {
    let code = stream.next().await?;
    let event = event(code, &state).unwrap_or_else(|error| {
        tracing::error!(%error, "event serialization failed");
        Event::default().comment("an event could not be written")
    });
    Some((Ok(event), (stream, state)))
}

fn event(code: DeliverableCode, state: &AppState) -> Result<Event, axum::Error> {
    let id = code.id.to_string();
    let data = CodeRequestedEvent {
        platform: code.platform.clone(),
        platform_user_id: code.platform_user_id.clone(),
        code: PendingCodeView::new(code, state),
    };
    Event::default()
        .id(id)
        .event("login_code.requested")
        .json_data(data)
}

/// The data of a `login_code.requested` event.
#[derive(Serialize)]
struct CodeRequestedEvent {
    platform: String,
    platform_user_id: String,
    #[serde(flatten)]
    code: PendingCodeView,
}

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

use super::Refusal;
use super::bot::PendingCode;
use super::bot_caller::{PresentedKey, refusal};
use crate::router::Web;

/// A silent stream says this often that it is still there.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// `GET /v1/bot/events` (docs/contract.md, Bot events): server-sent events, one for each code that is
/// asked for on the web. `Last-Event-ID` brings those that are still pending first.
pub(super) async fn events(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    PresentedKey(key): PresentedKey,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Refusal> {
    // A text that is no id of ours is like one we have forgotten.
    let last_event = headers
        .get("last-event-id")
        .map(|id| id.to_str().ok().and_then(|id| id.parse().ok()).unwrap_or(0));
    let stream = web
        .portal
        .bot_events(key.as_deref(), last_event, &client)
        .await;
    let stream = stream.map_err(refusal)?;
    let events = unfold((stream, web), next);
    let headers = [
        // Other than `no-cache`, as axum has it: an answer with codes in it is kept nowhere.
        (CACHE_CONTROL, "no-store"),
        // Proxies such as nginx would keep events back until a buffer is full.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    Ok((headers, events))
}

async fn next(
    (mut stream, web): (BotEventStream, Web),
) -> Option<(Result<Event, Infallible>, (BotEventStream, Web))> {
    let code = stream.next().await?;
    let event = event(code, &web).unwrap_or_else(|error| {
        tracing::error!(%error, "an event could not be written");
        Event::default().comment("an event could not be written")
    });
    Some((Ok(event), (stream, web)))
}

fn event(code: DeliverableCode, web: &Web) -> Result<Event, axum::Error> {
    let id = code.id.to_string();
    let data = Requested {
        platform: code.platform.clone(),
        platform_user_id: code.platform_user_id.clone(),
        code: PendingCode::of(code, web),
    };
    Event::default()
        .id(id)
        .event("login_code.requested")
        .json_data(data)
}

/// The data of an event.
#[derive(Serialize)]
struct Requested {
    platform: String,
    platform_user_id: String,
    #[serde(flatten)]
    code: PendingCode,
}

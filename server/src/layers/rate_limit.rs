use std::sync::Arc;

use axum::extract::{MatchedPath, Request};
use backend::Visitor;
use domain::Client;
use http::{HeaderMap, HeaderValue};

use crate::api::ApiError;
use crate::rate_limit::{RateClass, RateClasses, RateKey};
use crate::state::AppState;

/// What the guards need to know.
#[derive(Clone)]
pub(crate) struct Guard {
    pub state: AppState,
    pub rate_classes: Arc<RateClasses>,
}

/// Rejects requests beyond the limit of the route's rate class. It runs after `same_origin`, so
/// that a hostile page can't use up its visitors' limits, and after `visitor` where there is one.
pub(super) fn rate_limit(guard: &Guard, request: &Request) -> Result<(), ApiError> {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map(MatchedPath::as_str);
    let class = guard.rate_classes.of(request.method(), route);
    if class == RateClass::Unlimited {
        return Ok(());
    }
    let client = request.extensions().get::<Client>();
    let client = client.ok_or(ApiError::INTERNAL)?;
    let network = client.network();
    let visitor = request.extensions().get::<Visitor>();
    let session = visitor.and_then(Visitor::known);
    let session = session.map(|person| person.session.id.as_i64());
    let (class, key) = match (class, session, bot_key(request.headers())) {
        (RateClass::Own | RateClass::Admin, Some(session), _) => (class, RateKey::Session(session)),
        (RateClass::Bot, _, Some(bot_key)) => (class, RateKey::BotKey(bot_key)),
        (RateClass::Login, ..) => (class, RateKey::Network(network.as_str())),
        // Without the session or key, the request counts as one of the network.
        (
            RateClass::Own
            | RateClass::Admin
            | RateClass::Bot
            | RateClass::Public
            | RateClass::Unlimited,
            ..,
        ) => (RateClass::Public, RateKey::Network(network.as_str())),
    };
    let state = &guard.state;
    let counted = state.rate_limiter.count(class, &key, state.portal.now());
    counted.map_err(|wait| ApiError::TOO_MANY_REQUESTS.with_retry_after(Some(wait)))
}

fn bot_key(headers: &HeaderMap) -> Option<&[u8]> {
    headers.get("x-api-key").map(HeaderValue::as_bytes)
}

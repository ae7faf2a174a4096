use axum::extract::{FromRef, FromRequestParts};
use backend::{Portal, Problem};
use domain::{Bot, BotCallError, Client};
use http::StatusCode;
use http::request::Parts;

use super::Refusal;
use crate::router::Web;

/// The bot that calls, by its key in `X-API-Key`, with this call counted (contract
/// section 2). Cookies play no part on its routes.
pub(super) struct BotCaller(pub Bot);

impl<S> FromRequestParts<S> for BotCaller
where
    S: Send + Sync,
    Web: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        if parts
            .uri
            .query()
            .is_some_and(|query| query.contains("hbot_"))
        {
            // Addresses end up in logs and histories.
            let sentence = "An API key belongs into the X-API-Key header, never into an address";
            return Err(Refusal::new(StatusCode::BAD_REQUEST, sentence));
        }
        let web = Web::from_ref(state);
        let client = parts.extensions.get::<Client>().ok_or(Refusal::INTERNAL)?;
        let key = parts
            .headers
            .get("x-api-key")
            .and_then(|key| key.to_str().ok());
        call(&web.portal, key, client).await.map(Self)
    }
}

async fn call(portal: &Portal, key: Option<&str>, client: &Client) -> Result<Bot, Refusal> {
    let called = portal.bot_call(key, client).await;
    called.map_err(|problem: Problem<BotCallError>| {
        Refusal::of(problem, |error| match error {
            BotCallError::UnknownKey => Refusal::NOT_SIGNED_IN,
            BotCallError::Deactivated => Refusal::new(StatusCode::FORBIDDEN, "Bot is deactivated"),
            BotCallError::LimitReached { retry_after } => {
                Refusal::too_many("Too many requests", retry_after)
            }
        })
    })
}

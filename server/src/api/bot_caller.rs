use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use backend::Problem;
use domain::{Bot, BotCallError, Client};
use http::StatusCode;
use http::request::Parts;

use super::Refusal;
use super::body::JsonBody;
use crate::router::Web;

/// What stands in `X-API-Key`, if anything does.
pub(super) struct PresentedKey(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for PresentedKey {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        if parts
            .uri
            .query()
            .is_some_and(|query| query.contains("hbot_"))
        {
            // Addresses end up in logs and histories.
            let sentence = "Send the API key in the X-API-Key header, never in a URL";
            return Err(Refusal::new(StatusCode::BAD_REQUEST, sentence));
        }
        let key = parts.headers.get("x-api-key");
        let key = key.and_then(|key| key.to_str().ok());
        Ok(Self(key.map(str::to_owned)))
    }
}

/// The bot that calls, by its key in `X-API-Key`, with this call counted (docs/contract.md,
/// Bot keys). Cookies play no part on its routes.
pub(super) struct BotCaller(pub Bot);

impl<S> FromRequestParts<S> for BotCaller
where
    S: Send + Sync,
    Web: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let PresentedKey(key) = PresentedKey::from_request_parts(parts, state).await?;
        let web = Web::from_ref(state);
        let client = parts.extensions.get::<Client>().ok_or(Refusal::INTERNAL)?;
        let called = web.portal.bot_call(key.as_deref(), client).await;
        called.map(Self).map_err(refusal)
    }
}

/// The same with the body of its call, which is read first: a key that is cut while a body is on
/// its way opens nothing any more. What is wrong with the body is told to bots alone.
pub(super) struct BotCall {
    pub bot: Bot,
    pub body: JsonBody,
}

impl<S> FromRequest<S> for BotCall
where
    S: Send + Sync,
    Web: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let PresentedKey(key) = PresentedKey::from_request_parts(&mut parts, state).await?;
        let client = parts.extensions.get::<Client>().cloned();
        let client = client.ok_or(Refusal::INTERNAL)?;
        let body = JsonBody::from_request(Request::from_parts(parts, body), state).await;
        let web = Web::from_ref(state);
        let called = web.portal.bot_call(key.as_deref(), &client).await;
        Ok(Self {
            bot: called.map_err(refusal)?,
            body: body?,
        })
    }
}

/// Why a bot's call is refused, in the words of the API.
pub(super) fn refusal(problem: Problem<BotCallError>) -> Refusal {
    Refusal::of(problem, |error| match error {
        BotCallError::UnknownKey => Refusal::NOT_SIGNED_IN,
        BotCallError::Deactivated => Refusal::new(StatusCode::FORBIDDEN, "Bot is deactivated"),
        BotCallError::LimitReached { retry_after }
        | BotCallError::TooManyWrongKeys { retry_after } => {
            Refusal::too_many("Too many requests", retry_after)
        }
    })
}

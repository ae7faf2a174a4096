//! Authentication of bots by their key (docs/contract.md, Bot keys).

use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use domain::{Bot, BotCallError, Client, RetryAfter as _};
use http::StatusCode;
use http::request::Parts;

use super::ApiError;
use super::json_body::JsonBody;
use crate::state::AppState;

/// The value of `X-API-Key`, if there is one.
pub(super) struct PresentedKey(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for PresentedKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        if parts
            .uri
            .query()
            .is_some_and(|query| query.contains("hbot_"))
        {
            // URLs end up in logs and browser histories.
            let message = "Send the API key in the X-API-Key header, never in a URL";
            return Err(ApiError::new(StatusCode::BAD_REQUEST, message));
        }
        let key = parts.headers.get("x-api-key");
        let key = key.and_then(|key| key.to_str().ok());
        Ok(Self(key.map(str::to_owned)))
    }
}

/// The bot whose key is in `X-API-Key`. Extracting it counts the call against the bot's hourly
/// limit. Cookies are ignored.
pub(super) struct BotCaller(pub Bot);

impl<S> FromRequestParts<S> for BotCaller
where
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let PresentedKey(key) = PresentedKey::from_request_parts(parts, state).await?;
        let state = AppState::from_ref(state);
        let client = parts.extensions.get::<Client>().ok_or(ApiError::INTERNAL)?;
        let called = state.portal.bot_call(key.as_deref(), client).await;
        Ok(Self(called?))
    }
}

/// A [`BotCaller`] with the body of the call. The body is read before the key is checked, so a
/// key that is revoked during the upload opens nothing; errors of the body are told only to bots
/// with a valid key.
pub(super) struct BotCall {
    pub bot: Bot,
    pub body: JsonBody,
}

impl<S> FromRequest<S> for BotCall
where
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let PresentedKey(key) = PresentedKey::from_request_parts(&mut parts, state).await?;
        let client = parts.extensions.get::<Client>().cloned();
        let client = client.ok_or(ApiError::INTERNAL)?;
        let body = JsonBody::from_request(Request::from_parts(parts, body), state).await;
        let state = AppState::from_ref(state);
        let called = state.portal.bot_call(key.as_deref(), &client).await;
        Ok(Self {
            bot: called?,
            body: body?,
        })
    }
}

impl From<BotCallError> for ApiError {
    fn from(error: BotCallError) -> Self {
        match error {
            BotCallError::UnknownKey => Self::NOT_SIGNED_IN,
            BotCallError::Deactivated => Self::new(StatusCode::FORBIDDEN, "Bot is deactivated"),
            BotCallError::LimitReached { .. } | BotCallError::TooManyWrongKeys { .. } => {
                Self::TOO_MANY_REQUESTS.with_retry_after(error.retry_after())
            }
        }
    }
}

use backend::{Token, TokenError, Visitor};
use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::api::ApiError;
use crate::state::AppState;

/// Authenticates the request. If the database fails, so does the request: the caller is then
/// neither trusted nor treated as a stranger.
pub(super) async fn visitor(state: &AppState, headers: &HeaderMap) -> Result<Visitor, ApiError> {
    let found = match bearer_token(headers) {
        Some(Ok(token)) => state.portal.authenticate_bearer(&token).await,
        Some(Err(_)) => Ok(Visitor::Anonymous),
        None => {
            let cookies = state.site.cookies.read(headers);
            state.portal.authenticate(&cookies).await
        }
    };
    found.map_err(ApiError::from)
}

/// The token in `Authorization: Bearer`, if there is one; other schemes belong to a proxy. Where it
/// is present, cookies are ignored.
pub(crate) fn bearer_token(headers: &HeaderMap) -> Option<Result<Token, TokenError>> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().parse())
}

use backend::{Token, TokenError, Visitor};
use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::api::Refusal;
use crate::router::Web;

/// Finds out who calls. If the database can't say, the request ends here: nobody is let in, and
/// nobody is taken for a stranger.
pub(super) async fn visitor(web: &Web, headers: &HeaderMap) -> Result<Visitor, Refusal> {
    let found = match bearer(headers) {
        Some(Ok(token)) => web.portal.authenticate_bearer(&token).await,
        Some(Err(_)) => Ok(Visitor::Anonymous),
        None => {
            let cookies = web.site.cookies.read(headers);
            web.portal.authenticate(&cookies).await
        }
    };
    found.map_err(Refusal::from)
}

/// What stands behind `Authorization: Bearer`, if that is there: other schemes are a proxy's
/// business. Whoever sends it wants to be known by it, so cookies are not looked at then.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<Result<Token, TokenError>> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().parse())
}

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::api::Refusal;
use crate::router::Web;

/// Finds out who calls and puts the `Visitor` into the request. If the database can't
/// say, the request ends here: nobody is let in, and nobody is taken for a stranger.
pub(crate) async fn visitor(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let cookies = web.site.cookies.read(request.headers());
    match web.portal.authenticate(&cookies).await {
        Ok(visitor) => {
            request.extensions_mut().insert(visitor);
            next.run(request).await
        }
        Err(failure) => Refusal::from(failure).into_response(),
    }
}

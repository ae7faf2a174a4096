use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse};
use axum::{Extension, Json};
use backend::Visitor;
use domain::Client;
use http::header::SET_COOKIE;
use serde_json::json;

use super::Refusal;
use crate::router::Web;

/// `POST /v1/authentication/logout` (contract section 3).
pub(super) async fn logout(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
) -> Result<impl IntoResponse, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NotSignedIn)?;
    web.portal.sign_out(person, &client).await?;
    let cleared = web
        .site
        .cookies
        .cleared()
        .map(|cookie| (SET_COOKIE, cookie));
    Ok((
        AppendHeaders(cleared),
        Json(json!({ "message": "Logged out" })),
    ))
}

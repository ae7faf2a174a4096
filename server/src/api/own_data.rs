//! A copy of what is stored about oneself, and the end of it (docs/contract.md, Export and deletion).

use axum::extract::State;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use backend::Visitor;
use domain::{Client, DeleteAccountError, ExportError};
use http::StatusCode;
use http::header::CONTENT_DISPOSITION;
use serde_json::json;

use super::{Refusal, set_cookies};
use crate::router::Web;

/// `GET /v1/users/me/export`: browsers keep it as a file.
pub(super) async fn export(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
) -> Result<impl IntoResponse, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let export = web.portal.export(person, &client).await;
    let export = export.map_err(|problem| {
        Refusal::of(problem, |error| match error {
            ExportError::SignedOut => Refusal::NOT_SIGNED_IN,
            ExportError::NotFresh => Refusal::NOT_FRESH,
        })
    })?;
    let file = r#"attachment; filename="account.json""#;
    Ok(([(CONTENT_DISPOSITION, file)], Json(export)))
}

/// `POST /v1/users/me/delete`.
pub(super) async fn delete(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
) -> Result<impl IntoResponse, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let deleted = web.portal.delete_account(person, &client).await;
    deleted.map_err(|problem| Refusal::of(problem, refusal))?;
    let body = Json(json!({ "message": "Account deleted" }));
    Ok((set_cookies(web.site.cookies.cleared()), body))
}

fn refusal(error: DeleteAccountError) -> Refusal {
    match error {
        DeleteAccountError::SignedOut => Refusal::NOT_SIGNED_IN,
        DeleteAccountError::NotFresh => Refusal::NOT_FRESH,
        DeleteAccountError::LastOwner => {
            Refusal::new(StatusCode::CONFLICT, "The last Owner can't be deleted")
        }
        DeleteAccountError::OwnsBots => {
            let sentence = "This account owns bots; delete them or give them to someone else first";
            Refusal::new(StatusCode::CONFLICT, sentence)
        }
    }
}

//! Export and deletion of the caller's own account (docs/contract.md, Export and deletion).

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::{DeleteAccountError, ExportError};
use http::StatusCode;
use http::header::CONTENT_DISPOSITION;
use serde_json::json;

use super::caller::Caller;
use super::{ApiError, set_cookies};
use crate::state::AppState;

/// `GET /v1/users/me/export`. Browsers save the answer as a file.
pub(super) async fn export(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<impl IntoResponse, ApiError> {
    let person = caller.signed_in()?;
    let export = state.portal.export(person, &caller.client).await?;
    let file = r#"attachment; filename="account.json""#;
    Ok(([(CONTENT_DISPOSITION, file)], Json(export)))
}

/// `POST /v1/users/me/delete`.
pub(super) async fn delete(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<impl IntoResponse, ApiError> {
    let person = caller.signed_in()?;
    state.portal.delete_account(person, &caller.client).await?;
    let body = Json(json!({ "message": "Account deleted" }));
    Ok((set_cookies(state.site.cookies.cleared()), body))
}

impl From<ExportError> for ApiError {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::SignedOut => Self::NOT_SIGNED_IN,
            ExportError::NotFresh => Self::NOT_FRESH,
        }
    }
}

impl From<DeleteAccountError> for ApiError {
    fn from(error: DeleteAccountError) -> Self {
        match error {
            DeleteAccountError::SignedOut => Self::NOT_SIGNED_IN,
            DeleteAccountError::NotFresh => Self::NOT_FRESH,
            DeleteAccountError::LastOwner => {
                Self::new(StatusCode::CONFLICT, "The last Owner can't be deleted")
            }
            DeleteAccountError::OwnsBots => {
                let message =
                    "This account owns bots; delete them or give them to someone else first";
                Self::new(StatusCode::CONFLICT, message)
            }
        }
    }
}

use axum::Json;
use axum::extract::State;
use backend::{AuditPerson, AuditQuery};
use domain::ReadAuditError;
use serde::Serialize;

use super::ApiError;
use super::caller::Caller;
use super::query::Query;
use crate::audit_item::AuditItem;
use crate::state::AppState;

/// `GET /v1/admin/audit/logs` (docs/contract.md, Audit log).
pub(super) async fn logs(
    State(state): State<AppState>,
    caller: Caller,
    query: Query,
) -> Result<Json<AuditLogResponse>, ApiError> {
    let person = caller.signed_in()?;
    let filter = AuditQuery {
        event_type: query.text("event_type")?,
        actor: query.user_id("actor")?.map(AuditPerson::Id),
        target: query.user_id("target")?.map(AuditPerson::Id),
        before: query.integer("before", 0, i64::MAX)?,
        limit: usize::try_from(query.limit()?).unwrap_or(1),
    };
    let page = state.portal.read_audit_log(person, filter).await?;
    Ok(Json(AuditLogResponse {
        items: page.records.into_iter().map(AuditItem::from).collect(),
        next: page.next,
    }))
}

#[derive(Serialize)]
pub(super) struct AuditLogResponse {
    items: Vec<AuditItem>,
    next: Option<i64>,
}

impl From<ReadAuditError> for ApiError {
    fn from(error: ReadAuditError) -> Self {
        match error {
            ReadAuditError::NotModerator => Self::ACCESS_DENIED,
            ReadAuditError::UnknownType => Self::field("event_type", "is unknown"),
        }
    }
}

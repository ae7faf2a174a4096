use axum::extract::State;
use axum::{Extension, Json};
use backend::{AuditPerson, AuditQuery, Visitor};
use domain::ReadAuditError;
use serde::Serialize;

use super::Refusal;
use super::query::Query;
use crate::audit_item::AuditItem;
use crate::router::Web;

/// `GET /v1/admin/audit/logs` (docs/contract.md, Audit log).
pub(super) async fn logs(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    query: Query,
) -> Result<Json<Logs>, Refusal> {
    let person = visitor.signed_in().ok_or(Refusal::NOT_SIGNED_IN)?;
    let wanted = AuditQuery {
        event_type: query.text("event_type")?,
        actor: query.user_id("actor")?.map(AuditPerson::Id),
        target: query.user_id("target")?.map(AuditPerson::Id),
        before: query.integer("before", 0, i64::MAX)?,
        limit: usize::try_from(query.limit()?).unwrap_or(1),
    };
    let page = web.portal.read_audit_log(person, wanted).await;
    let page = page.map_err(|problem| Refusal::of(problem, refusal))?;
    Ok(Json(Logs {
        items: page.records.into_iter().map(AuditItem::from).collect(),
        next: page.next,
    }))
}

#[derive(Serialize)]
pub(super) struct Logs {
    items: Vec<AuditItem>,
    next: Option<i64>,
}

fn refusal(error: ReadAuditError) -> Refusal {
    match error {
        ReadAuditError::NotModerator => Refusal::ACCESS_DENIED,
        ReadAuditError::UnknownType => Refusal::field("event_type", "is unknown"),
    }
}

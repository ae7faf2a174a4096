use backend::AuditRecord;
use domain::{Timestamp, UserId};
use serde::Serialize;
use serde_json::Value;

/// A row of the audit log, as the API and the export write it (docs/contract.md, Audit log).
#[derive(Serialize)]
pub(crate) struct AuditItem {
    id: i64,
    event_type: String,
    actor: Option<UserId>,
    target: Option<UserId>,
    client_ip: Option<String>,
    metadata: Value,
    created_at: Timestamp,
}

impl From<AuditRecord> for AuditItem {
    fn from(record: AuditRecord) -> Self {
        Self {
            id: record.id,
            event_type: record.event_type,
            actor: record.actor,
            target: record.target,
            client_ip: record.client_ip,
            metadata: serde_json::from_str(&record.metadata).unwrap_or_default(),
            created_at: record.created_at,
        }
    }
}

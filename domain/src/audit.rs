/// Why somebody may not read the audit log, or not like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadAuditError {
    /// Below a Moderator.
    NotModerator,
    /// There is no such event.
    UnknownType,
}

/// Why a query of the audit log is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadAuditError {
    /// The level is below Moderator.
    NotModerator,
    /// No event has that type.
    UnknownType,
}

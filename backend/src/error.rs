use std::error::Error;

/// A use case that came to no answer because something beneath it failed. People see
/// "Try again later" or "Internal server error"; the log gets the rest, once, from the
/// door that receives it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The database is away, busy or full: the same request may work in a while.
    #[error("the database can't be used at the moment: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A defect, or data that no rule of ours could have written.
    #[error("internal failure: {0}")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

/// Why a use case did not do what it was asked for: a refusal that the person may
/// see, or a [`Failure`].
#[derive(Debug)]
pub enum Problem<Refusal> {
    Refused(Refusal),
    Failed(Failure),
}

impl Failure {
    pub(crate) fn internal(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        if may_pass(&error) {
            Self::Unavailable(error)
        } else {
            Self::internal(error)
        }
    }
}

impl<Refusal> Problem<Refusal> {
    /// The same problem in the words of another use case.
    #[must_use]
    pub fn map<Other>(self, refusal: impl FnOnce(Refusal) -> Other) -> Problem<Other> {
        match self {
            Self::Refused(refused) => Problem::Refused(refusal(refused)),
            Self::Failed(failure) => Problem::Failed(failure),
        }
    }
}

impl<R> From<Failure> for Problem<R> {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl<R> From<sqlx::Error> for Problem<R> {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Whether the error is of the outside world (connection, lock, disk) rather than ours.
fn may_pass(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => true,
        sqlx::Error::Database(error) => {
            let code = error.code();
            let code = code.as_deref().unwrap_or_default();
            match code.parse::<u32>() {
                // SQLite, primary code in the low byte: busy, locked, read-only, I/O error,
                // full, can't open.
                Ok(sqlite) if code.len() <= 4 => matches!(sqlite & 0xff, 5 | 6 | 8 | 10 | 13 | 14),
                // PostgreSQL: connection, serialization, resources, operator, system error,
                // and a read-only transaction (a standby after failover).
                _ => {
                    ["08", "40", "53", "57", "58"]
                        .iter()
                        .any(|class| code.starts_with(class))
                        || matches!(code, "25006" | "55P03")
                }
            }
        }
        _ => false,
    }
}

use backend::{Failure, Problem};

/// What a page may reveal of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageError {
    /// A retry may work.
    Unavailable,
    Internal,
}

impl PageError {
    /// Logs a failure, and returns what a page may reveal of it.
    pub(crate) fn log(failure: &Failure) -> Self {
        tracing::error!(error = %failure, "a form could not be answered");
        match failure {
            Failure::Unavailable(_) => Self::Unavailable,
            Failure::Internal(_) => Self::Internal,
        }
    }
}

/// The error of a use case, or its failure turned into one. Logs the failure.
pub(crate) fn error_or_failure<R>(problem: Problem<R>, failed: impl FnOnce(PageError) -> R) -> R {
    match problem {
        Problem::Refused(error) => error,
        Problem::Failed(failure) => failed(PageError::log(&failure)),
    }
}

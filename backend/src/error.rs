use std::error::Error;

/// A use case failed because something beneath it failed.
///
/// The response says only "Try again later" or "Internal server error". The route or page that
/// receives the failure logs the details once.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A cause outside this program: the database is unreachable, busy, full or damaged. Retrying
    /// later may succeed.
    #[error("the database can't be used at the moment: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A bug in Portal, or data that Portal can't have written.
    #[error("internal failure: {0}")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

/// Why a use case did not complete: a refusal that the caller may see, or a [`Failure`].
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
        if is_defect(&error) {
            Self::internal(error)
        } else {
            Self::Unavailable(error)
        }
    }
}

impl<Refusal> Problem<Refusal> {
    /// Converts the refusal to that of another use case.
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

/// Whether the error proves a bug: a malformed statement, a violated constraint, or a row that
/// breaks a rule.
///
/// Drivers report many kinds of errors while a database goes away, so all other errors count as
/// transient.
fn is_defect(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::InvalidArgument(_)
        | sqlx::Error::RowNotFound
        | sqlx::Error::TypeNotFound { .. }
        | sqlx::Error::ColumnIndexOutOfBounds { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::Encode(_)
        | sqlx::Error::Decode(_)
        | sqlx::Error::AnyDriverError(_)
        | sqlx::Error::InvalidSavePointStatement => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_defect_code(&code)),
        _ => false,
    }
}

/// Whether the error code of a database proves a bug.
fn is_defect_code(code: &str) -> bool {
    match code.parse::<u32>() {
        // SQLite codes have at most four digits, with the primary code in the low byte: malformed
        // statement, value too large, constraint, type mismatch, misuse, parameter out of range.
        Ok(sqlite) if code.len() <= 4 => matches!(sqlite & 0xff, 1 | 18 | 19 | 20 | 21 | 25),
        // PostgreSQL classes: cardinality, data, constraint, `with check option`, and statement. A
        // privilege that the operator revoked (42501) is not a bug.
        _ => {
            ["21", "22", "23", "44", "42"]
                .iter()
                .any(|class| code.starts_with(class))
                && code != "42501"
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::{fmt, io};

    use sqlx::error::{DatabaseError, ErrorKind};
    use sqlx::migrate::MigrateError;

    use super::*;

    /// A database error with this code.
    #[derive(Debug)]
    struct Reported(Option<&'static str>);

    impl fmt::Display for Reported {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "code {:?}", self.0)
        }
    }

    impl Error for Reported {}

    impl DatabaseError for Reported {
        fn message(&self) -> &'static str {
            "reported"
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            self.0.map(Cow::Borrowed)
        }

        fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }

    fn assert_passing(error: impl Into<sqlx::Error>) {
        let failure = Failure::from(error.into());
        assert!(matches!(failure, Failure::Unavailable(_)), "{failure:?}");
    }

    fn assert_defect(error: impl Into<sqlx::Error>) {
        let failure = Failure::from(error.into());
        assert!(matches!(failure, Failure::Internal(_)), "{failure:?}");
    }

    #[test]
    fn errors_of_connections_are_passing() {
        assert_passing(io::Error::from(io::ErrorKind::ConnectionReset));
        assert_passing(sqlx::Error::Tls("the certificate has expired".into()));
        assert_passing(sqlx::Error::Protocol("unexpected end of stream".into()));
        assert_passing(sqlx::Error::Configuration("no such certificate".into()));
        assert_passing(sqlx::Error::PoolTimedOut);
        assert_passing(sqlx::Error::PoolClosed);
        assert_passing(sqlx::Error::WorkerCrashed);
        assert_passing(sqlx::Error::BeginFailed);
        assert_passing(MigrateError::VersionMissing(1));
    }

    #[test]
    fn errors_of_statements_and_rows_are_defects() {
        assert_defect(sqlx::Error::InvalidArgument("no second parameter".into()));
        assert_defect(sqlx::Error::RowNotFound);
        assert_defect(sqlx::Error::TypeNotFound {
            type_name: "citext".into(),
        });
        assert_defect(sqlx::Error::ColumnIndexOutOfBounds { index: 2, len: 2 });
        assert_defect(sqlx::Error::ColumnNotFound("name".into()));
        assert_defect(sqlx::Error::ColumnDecode {
            index: "state".into(),
            source: "no number".into(),
        });
        assert_defect(sqlx::Error::Encode("too long".into()));
        assert_defect(sqlx::Error::Decode("an unknown state".into()));
        assert_defect(sqlx::Error::AnyDriverError("no such type".into()));
        assert_defect(sqlx::Error::InvalidSavePointStatement);
    }

    #[test]
    fn codes_of_postgresql_are_told_apart_by_their_class() {
        for code in [
            "21000", "22001", "22P05", "23502", "23503", "23505", "23514", "42601", "42703",
            "42P01", "44000",
        ] {
            assert_defect(Reported(Some(code)));
        }
        for code in [
            "08006", "0A000", "25006", "25P02", "25P03", "26000", "28P01", "3D000", "40001",
            "40P01", "42501", "53100", "53300", "55P03", "57014", "57P01", "57P02", "57P03",
            "58030", "F0000", "XX000", "XX001",
        ] {
            assert_passing(Reported(Some(code)));
        }
    }

    #[test]
    fn codes_of_sqlite_are_told_apart_by_their_low_byte() {
        // Includes extended codes, which name the kind of constraint in the next byte.
        for code in [
            "1", "18", "19", "20", "21", "25", "275", "787", "1555", "2067",
        ] {
            assert_defect(Reported(Some(code)));
        }
        for code in [
            "3", "4", "5", "6", "7", "8", "9", "10", "11", "13", "14", "15", "17", "23", "24",
            "26", "261", "517", "522", "1034", "4874", "8714",
        ] {
            assert_passing(Reported(Some(code)));
        }
    }

    #[test]
    fn an_error_without_a_code_is_passing() {
        assert_passing(Reported(None));
        assert_passing(Reported(Some("")));
    }
}

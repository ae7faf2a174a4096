use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The database address: `sqlite:PATH` or `postgres://…` (docs/contract.md, Settings).
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    /// The address as written. It may contain a password.
    Postgres(String),
}

/// The text isn't a database address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must have the form sqlite:PATH or postgres://USER@HOST/DATABASE")]
pub struct DatabaseUrlError;

impl DatabaseUrl {
    /// The folder of an embedded database.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(file) => file.parent(),
            Self::Postgres(_) => None,
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            // An in-memory database would lose ended sessions with the process, and `?` could
            // inject connection options.
            let odd = path.is_empty() || path.contains([':', '?', '%', '#']);
            return if odd {
                Err(DatabaseUrlError)
            } else {
                Ok(Self::Sqlite(path.into()))
            };
        }
        let postgres = text.starts_with("postgres://") || text.starts_with("postgresql://");
        let parsed = text.parse::<sqlx::any::AnyConnectOptions>().is_ok();
        if postgres && parsed {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(DatabaseUrlError)
    }
}

/// Without user, password and options: safe for logs.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let (_, rest) = url.split_once("://").unwrap_or(("", url));
                let rest = rest.split('?').next().unwrap_or_default();
                let (_, place) = rest.rsplit_once('@').unwrap_or(("", rest));
                write!(f, "postgres://{place}")
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_are_understood() {
        let sqlite: DatabaseUrl = "sqlite:data/portal.db".parse().unwrap();
        assert_eq!(sqlite, DatabaseUrl::Sqlite("data/portal.db".into()));
        assert_eq!(sqlite.folder(), Some(Path::new("data")));
        let absolute: DatabaseUrl = "sqlite:///var/lib/portal.db".parse().unwrap();
        assert_eq!(absolute, DatabaseUrl::Sqlite("/var/lib/portal.db".into()));
        assert!("postgres://portal@db/portal".parse::<DatabaseUrl>().is_ok());
    }

    #[test]
    fn anything_else_is_refused() {
        for odd in [
            "",
            "portal.db",
            "sqlite:",
            "sqlite::memory:",
            "sqlite:x.db?mode=ro",
            "mysql://x/y",
            "postgres:/x",
            "postgres://[bad",
        ] {
            assert!(odd.parse::<DatabaseUrl>().is_err(), "{odd}");
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        let url: DatabaseUrl = "postgres://portal:hunter2@db:5432/portal?sslmode=require"
            .parse()
            .unwrap();
        assert_eq!(
            format!("{url} {url:?}"),
            "postgres://db:5432/portal postgres://db:5432/portal"
        );
    }
}

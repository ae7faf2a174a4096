use std::path::PathBuf;

use backend::DatabaseUrl;
use clap::Args;

/// Where data and the secret are.
#[derive(Args, Clone, Debug)]
pub struct StorageSettings {
    /// The database: sqlite:PATH (created if missing) or postgres://USER@HOST/DATABASE
    #[arg(
        long,
        env = "DATABASE_URL",
        global = true,
        value_name = "URL",
        hide_env_values = true,
        default_value = "sqlite:data/portal.db"
    )]
    pub database_url: DatabaseUrl,

    /// The server's secret, created on the first start; servers that share a database need the same
    /// one [default: portal.secret next to an SQLite database, data/portal.secret otherwise]
    #[arg(long, env = "PORTAL_SECRET_FILE", global = true, value_name = "FILE")]
    pub secret_file: Option<PathBuf>,
}

impl StorageSettings {
    /// The file of the server's secret.
    pub(super) fn secret_file(&self) -> PathBuf {
        let configured = self.secret_file.clone();
        configured.unwrap_or_else(|| self.data_folder().join("portal.secret"))
    }

    /// The folder of files whose place is not set: that of the embedded database, or `data`.
    pub(super) fn data_folder(&self) -> PathBuf {
        let folder = self.database_url.folder();
        folder.map_or_else(|| PathBuf::from("data"), PathBuf::from)
    }
}

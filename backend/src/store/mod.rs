//! Storage: plain functions on a connection, the same SQL on SQLite and PostgreSQL.
//! The use case owns the transaction.

pub(crate) mod ask;
pub(crate) mod audit_log;
pub(crate) mod bot;
pub(crate) mod budget_use;
pub(crate) mod challenge;
pub(crate) mod code_guess;
pub(crate) mod connection;
pub(crate) mod database_copy;
pub(crate) mod email_code;
pub(crate) mod factor;
pub(crate) mod gate;
pub(crate) mod identity;
pub(crate) mod installation;
pub(crate) mod known_browser;
pub(crate) mod login_code;
pub(crate) mod mail_queue;
pub(crate) mod name;
pub(crate) mod own_data;
pub(crate) mod password_guess;
pub(crate) mod password_reset;
pub(crate) mod pending_email;
pub(crate) mod people;
pub(crate) mod profile;
pub(crate) mod session;
pub(crate) mod set_up_link;
pub(crate) mod signal;
pub(crate) mod unknown_name;
pub(crate) mod user;

mod database;
mod database_url;
mod embedded;
mod forget;
mod group_commit;
mod guesses;
mod inspection;

pub use audit_log::AuditRecord;
pub use bot::{BotRecord, LiveKey, PublicBot};
pub(crate) use database::{
    Condition, Database, StartLock, Transaction, connect_once, make_private_folder_of,
};
pub use database::{Engine, OpenError, PoolFigures};
pub use database_url::{DatabaseUrl, DatabaseUrlError};
pub use identity::LinkedPlatform;
pub use profile::Profile;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    /// ASVS 1.2.4: the store's own [`query`](super::connection::query) takes only what is written
    /// out in the program, and sqlx anything else only as `AssertSqlSafe`. That stands where tables are copied, whose names are the catalogue's.
    #[test]
    fn asvs_1_2_4_no_statement_is_put_together_from_what_people_send() {
        let mut files = Vec::new();
        collect(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut files,
        );
        assert!(files.len() > 50, "{}", files.len());
        let mut found = Vec::new();
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            // Tests may: they send nothing that came from elsewhere.
            let (program, _) = text.split_once("#[cfg(test)]").unwrap_or((&text, ""));
            let name = file.file_name().unwrap().to_str().unwrap().to_owned();
            if program.contains("AssertSqlSafe") {
                found.push(name);
            }
        }
        assert_eq!(found, ["database_copy.rs"]);
    }

    fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_of_tests = path.file_stem().is_some_and(|name| name == "testing");
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|kind| kind == "rs") && !is_of_tests {
                files.push(path);
            }
        }
    }
}

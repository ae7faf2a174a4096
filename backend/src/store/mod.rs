//! Storage: plain functions on a connection, with the same SQL on SQLite and PostgreSQL. The use
//! case owns the transaction; nothing in here knows a use case.

pub(crate) mod confusables;
pub(crate) mod inspection;
pub(crate) mod name_index;
pub(crate) mod private_files;
pub(crate) mod sql;
pub(crate) mod start_lock;
pub(crate) mod tables;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    /// ASVS 1.2.4: [`query`](super::sql::connection::query) only accepts static text, and sqlx
    /// accepts anything else only as `AssertSqlSafe`. That type may only occur where tables are
    /// copied, whose names come from the database's catalogue.
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
            // Tests may use it: they send nothing from outside.
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
            if path.file_stem().is_some_and(|name| name == "testing") {
                continue;
            }
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                files.push(path);
            }
        }
    }
}

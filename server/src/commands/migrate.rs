use backend::{Clock, DatabaseCopy, DatabaseUrl, Portal};
use clap::Args;
use serde_json::json;

use super::error::CommandError;
use super::output::print_result;
use crate::settings::Settings;

#[derive(Args, Debug)]
pub(crate) struct MigrateCommand {
    /// Copy the SQLite database to this empty PostgreSQL database, and verify the copy
    // Parsed in `run`, because clap's error would repeat a password.
    #[arg(long, value_name = "URL")]
    to: Option<String>,
}

/// `portal migrate`.
pub(crate) async fn run(
    command: &MigrateCommand,
    settings: &Settings,
    json: bool,
) -> Result<(), CommandError> {
    let to = command.to.as_deref().map(str::parse::<DatabaseUrl>);
    let to = to.transpose().map_err(|error| {
        let sentence = format!("--to: the value {error}");
        CommandError::Refused(sentence)
    })?;
    if let (Some(_), DatabaseUrl::Sqlite(file)) = (&to, &settings.storage.database_url)
        && !file.exists()
    {
        // Opening it would create an empty database, and copy that.
        let missing = format!("DATABASE_URL: there's no database at {}", file.display());
        return Err(CommandError::Refused(missing));
    }
    let portal = Portal::open(&settings.config()?, Clock::System).await?;
    let copied = match &to {
        Some(to) => Some(portal.copy_database(to).await.map(|copy| (to, copy))),
        None => None,
    };
    portal.close().await;
    let database = settings.storage.database_url.to_string();
    match copied.transpose()? {
        Some((to, copy)) => print_copied(&copy, to, settings, json),
        None => print_result(
            json,
            &format!("{database} is up to date."),
            &json!({ "database": database, "up_to_date": true }),
        ),
    }
    Ok(())
}

fn print_copied(copy: &DatabaseCopy, to: &DatabaseUrl, settings: &Settings, json: bool) {
    let (from, to) = (settings.storage.database_url.to_string(), to.to_string());
    let secret_file = settings.secret_file().display().to_string();
    let rows: u64 = copy.tables.iter().map(|table| table.rows).sum();
    let list = copy.tables.iter().map(|table| {
        // A prefix is enough for people; --json has the whole hash.
        let hash = &table.fingerprint[..16];
        format!("{:>10} rows  {hash}  {}", table.rows, table.name)
    });
    let meanwhile = if copy.written_meanwhile {
        "\n\nSomebody wrote to the original meanwhile; that is not in the copy. Stop its server\n\
         and copy again, to a new database."
    } else {
        ""
    };
    let text = format!(
        "{from} is copied to {to}.\n\n{}\n\n\
         All {rows} rows were read back and are the same. The copy works with the secret file\n\
         {secret_file} alone: give it to every server of the new database.{meanwhile}",
        list.collect::<Vec<_>>().join("\n")
    );
    let tables = copy.tables.iter().map(
        |table| json!({ "name": table.name, "rows": table.rows, "sha256_sum": table.fingerprint }),
    );
    let value = json!({
        "from": from,
        "to": to,
        "rows": rows,
        "tables": tables.collect::<Vec<_>>(),
        "written_meanwhile": copy.written_meanwhile,
        "secret_file": secret_file,
    });
    print_result(json, &text, &value);
}

use std::path::Path;

use serde_json::json;

use super::error::CommandError;
use super::output::print_result;
use crate::settings::Settings;

/// `portal backup FILE`.
pub(crate) async fn run(settings: &Settings, file: &Path, json: bool) -> Result<(), CommandError> {
    let config = settings.config()?;
    backend::backup(&config.database_url, file).await?;
    let (file, secret_file) = (file.display(), config.secret_file.display());
    let text = format!(
        "{} was backed up to {file}.\nKeep a copy of {secret_file} too, in a separate place: neither works without the other.",
        config.database_url
    );
    let value = json!({ "file": file.to_string(), "secret_file": secret_file.to_string() });
    print_result(json, &text, &value);
    Ok(())
}

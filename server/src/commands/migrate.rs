use backend::{Clock, Portal};
use serde_json::json;

use super::{CommandError, say};
use crate::settings::Settings;

/// `portal migrate`.
pub(super) async fn run(settings: &Settings, json: bool) -> Result<(), CommandError> {
    let portal = Portal::open(&settings.config()?, Clock::System).await?;
    portal.close().await;
    let database = settings.database_url.to_string();
    say(
        json,
        &format!("{database} is up to date."),
        &json!({ "database": database, "up_to_date": true }),
    );
    Ok(())
}

use std::io::{self, BufWriter, Write as _};

use backend::{Clock, Portal};
use clap::Subcommand;

use super::error::CommandError;
use crate::audit_item::AuditItem;
use crate::settings::Settings;

#[derive(Subcommand, Debug)]
pub(crate) enum AuditCommand {
    /// Print the whole audit log, oldest first, one JSON object per line
    Export,
}

/// `portal audit …`. It holds a few rows in memory at a time, so the log can have any length.
pub(crate) async fn run(command: AuditCommand, settings: &Settings) -> Result<(), CommandError> {
    let AuditCommand::Export = command;
    let portal = Portal::open(&settings.config()?, Clock::System).await?;
    let exported = export(&portal).await;
    portal.close().await;
    match exported {
        // The reader closed the pipe, as in `portal audit export | head`.
        Err(CommandError::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        exported => exported,
    }
}

async fn export(portal: &Portal) -> Result<(), CommandError> {
    let mut output = BufWriter::new(io::stdout());
    let mut rows = portal.export_audit_log();
    loop {
        let batch = rows.next().await?;
        if batch.is_empty() {
            output.flush()?;
            return Ok(());
        }
        for row in batch {
            serde_json::to_writer(&mut output, &AuditItem::from(row)).map_err(io::Error::from)?;
            output.write_all(b"\n")?;
        }
    }
}

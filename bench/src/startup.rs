use std::time::Duration;

use tokio::time::sleep;

use crate::report::{Report, Target, median};
use crate::result::Result;
use crate::workspace::{Engine, PortalProcess, Workspace};

/// Measures the first start, on a fresh database, and later starts.
pub(crate) async fn measure(workspace: &Workspace, report: &mut Report) -> Result<()> {
    let engine = Engine::Sqlite;
    let first = PortalProcess::start(workspace, &engine).await?;
    let milliseconds = first.time_to_first_response.as_secs_f64() * 1e3;
    report.add(
        &engine,
        "first start, tables and secret made",
        format!("{milliseconds:.0} ms"),
        "to the first answer",
        Target::None,
    );
    first.stop().await?;
    let (mut starts, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let portal = PortalProcess::start(workspace, &engine).await?;
        starts.push(portal.time_to_first_response.as_secs_f64() * 1e3);
        sleep(Duration::from_secs(1)).await;
        memory.push(portal.resident_mib()?);
        portal.stop().await?;
    }
    let (start, memory) = (median(starts), median(memory));
    let target = Target::AtMost {
        value: start,
        target: 200.0,
        unit: " ms",
    };
    let name = "start to first answer";
    report.add(
        &engine,
        name,
        format!("{start:.0} ms"),
        "median of 5",
        target,
    );
    let target = Target::AtMost {
        value: memory,
        target: 30.0,
        unit: " MiB",
    };
    let name = "memory after the start";
    report.add(
        &engine,
        name,
        format!("{memory:.1} MiB"),
        "resident",
        target,
    );
    Ok(())
}

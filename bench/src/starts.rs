use std::time::Duration;

use tokio::time::sleep;

use crate::Result;
use crate::place::{Engine, Place, Portal};
use crate::report::{Level, Report, median};

/// Starts on a fresh database, and again on what is there then.
pub(crate) async fn measure(place: &Place, report: &mut Report) -> Result<()> {
    let engine = Engine::Sqlite;
    let first = Portal::start(place, &engine).await?;
    let milliseconds = first.first_answer.as_secs_f64() * 1e3;
    report.add(
        &engine,
        "first start, tables and secret made",
        format!("{milliseconds:.0} ms"),
        "to the first answer",
        Level::None,
    );
    first.stop().await?;
    let (mut starts, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let portal = Portal::start(place, &engine).await?;
        starts.push(portal.first_answer.as_secs_f64() * 1e3);
        sleep(Duration::from_secs(1)).await;
        memory.push(portal.resident_mib()?);
        portal.stop().await?;
    }
    let (start, memory) = (median(starts), median(memory));
    let level = Level::AtMost {
        value: start,
        level: 200.0,
        unit: " ms",
    };
    let what = "start to first answer";
    report.add(
        &engine,
        what,
        format!("{start:.0} ms"),
        "median of 5",
        level,
    );
    let level = Level::AtMost {
        value: memory,
        level: 30.0,
        unit: " MiB",
    };
    let what = "memory after the start";
    report.add(&engine, what, format!("{memory:.1} MiB"), "resident", level);
    Ok(())
}

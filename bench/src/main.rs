//! Measures Portal against baselines.
//!
//! The release binary serves a fresh database, and another process sends the load. Measurements alternate
//! with a bare route that returns the same bytes, a bare argon2 loop and a loop of single durable commits.
//! The results go to `docs/BENCHMARKS.md` and `docs/benchmarks.json`; see `scripts/bench`.

#![expect(
    clippy::cast_precision_loss,
    reason = "what is counted stays far below 2^52"
)]

mod baseline;
mod bot_events;
mod client;
mod login_codes;
mod machine;
mod pages;
mod password_logins;
mod report;
mod result;
mod scaling;
mod seed;
mod session_checks;
mod startup;
mod workspace;
mod wrk;

use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use report::Report;
use result::{Result, print_progress};
use seed::Seed;
use workspace::{Engine, PortalProcess, Workspace};

/// Parts that can be measured alone, at the medium size, during development.
const PARTS: [&str; 5] = ["sessions", "pages", "codes", "events", "logins"];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        // Baselines run in a process of their own, as Portal does.
        ["bare-route", address, response] => runtime.block_on(baseline::serve(address, response)),
        ["single-commits", folder, milliseconds] => {
            sqlx::any::install_default_drivers();
            runtime.block_on(baseline::serve_single_commits(folder, milliseconds))
        }
        [] => runtime.block_on(run(false, None)),
        ["--postgres"] => runtime.block_on(run(true, None)),
        ["--only", part] if PARTS.contains(part) => runtime.block_on(run(false, Some(part))),
        ["--postgres", "--only", part] if PARTS.contains(part) => {
            runtime.block_on(run(true, Some(part)))
        }
        _ => Err(format!(
            "usage: make bench [ARGS='[--postgres] [--only {}]']",
            PARTS.join("|")
        )
        .into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&*error),
    }
}

fn fail(error: &(dyn Error + Send + Sync)) -> ExitCode {
    eprintln!("bench: {error}");
    ExitCode::FAILURE
}

/// Measures everything and writes the report, or measures one part and only prints it.
async fn run(with_postgres: bool, only: Option<&str>) -> Result<()> {
    sqlx::any::install_default_drivers();
    let started = Instant::now();
    let workspace = Workspace::new()?;
    let mut report = Report::new(&workspace)?;
    let wanted = |part: &str| only.is_none_or(|only| only == part);
    if only.is_none() {
        startup::measure(&workspace, &mut report).await?;
    }

    let mut seed = Seed::new(&workspace).await?;
    for size in seed::SIZES {
        if only.is_some() && size != seed::MEDIUM_SIZE {
            continue;
        }
        seed.grow_to(size).await?;
        let postgres = if with_postgres {
            Some(seed.copy_to_postgres(&workspace, size, &mut report).await?)
        } else {
            None
        };
        for engine in [Some(Engine::Sqlite), postgres].into_iter().flatten() {
            print_progress(&format!("{engine}, {size} people and sessions"));
            let portal = PortalProcess::start(&workspace, &engine).await?;
            if wanted("sessions") {
                session_checks::measure(&workspace, &portal, &seed, &mut report).await?;
            }
            if size == seed::MEDIUM_SIZE {
                seed.restart();
                if wanted("pages") {
                    pages::measure(&workspace, &portal, &mut report).await?;
                }
                if wanted("codes") {
                    login_codes::measure(&workspace, &portal, &mut seed, &mut report).await?;
                }
                if wanted("events") {
                    bot_events::measure(&portal, &mut seed, &mut report).await?;
                }
            }
            portal.stop().await?;
            if size == seed::MEDIUM_SIZE && wanted("codes") && matches!(engine, Engine::Sqlite) {
                login_codes::measure_on_slow_disk(&workspace, &mut seed, &mut report).await?;
            }
            if size == seed::MEDIUM_SIZE && wanted("logins") {
                // On a server without earlier load.
                let portal = PortalProcess::start(&workspace, &engine).await?;
                password_logins::measure(&workspace, &portal, &seed, &mut report).await?;
                portal.stop().await?;
                if let Engine::Postgres { .. } = &engine {
                    scaling::measure(&workspace, &engine, &seed, &mut report).await?;
                }
            }
        }
    }
    if only.is_none() {
        report.write(started.elapsed())?;
    }
    Ok(())
}

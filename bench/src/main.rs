//! Measures Portal beside its limits: the release binary on a fresh database, driven from another
//! process, in turn with a bare route that answers the same bytes, a bare argon2 loop and a loop of
//! single durable commits. Writes `docs/BENCHMARKS.md` and `docs/benchmarks.json`; see
//! `scripts/bench`.

#![expect(
    clippy::cast_precision_loss,
    reason = "what is counted stays far below 2^52"
)]

mod bare;
mod client;
mod codes;
mod events;
mod growth;
mod logins;
mod machine;
mod pages;
mod place;
mod report;
mod seed;
mod sessions;
mod starts;
mod wrk;

use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use place::{Engine, Place, Portal};
use report::Report;
use seed::Seed;

/// What can be measured alone, with the middle number of people: for whoever works on it.
const PARTS: [&str; 5] = ["sessions", "pages", "codes", "events", "logins"];

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        // What the portal is compared with is a process of its own, as the portal is.
        ["bare-route", address, answer] => runtime.block_on(bare::serve(address, answer)),
        ["single-commits", folder, milliseconds] => {
            sqlx::any::install_default_drivers();
            runtime.block_on(bare::commits(folder, milliseconds))
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

pub(crate) fn say(text: &str) {
    println!("bench: {text}");
}

/// Measures everything and writes it down, or one part and only says it.
async fn run(with_postgres: bool, only: Option<&str>) -> Result<()> {
    sqlx::any::install_default_drivers();
    let began = Instant::now();
    let place = Place::new()?;
    let mut report = Report::new(&place)?;
    let wanted = |part: &str| only.is_none_or(|only| only == part);
    if only.is_none() {
        starts::measure(&place, &mut report).await?;
    }

    let mut seed = Seed::new(&place).await?;
    for size in seed::SIZES {
        if only.is_some() && size != seed::MIDDLE {
            continue;
        }
        seed.grow_to(size).await?;
        let postgres = if with_postgres {
            Some(seed.copy_to_postgres(&place, size, &mut report).await?)
        } else {
            None
        };
        for engine in [Some(Engine::Sqlite), postgres].into_iter().flatten() {
            say(&format!("{engine}, {size} people and sessions"));
            let portal = Portal::start(&place, &engine).await?;
            if wanted("sessions") {
                sessions::measure(&place, &portal, &seed, &mut report).await?;
            }
            if size == seed::MIDDLE {
                seed.begin_anew();
                if wanted("pages") {
                    pages::measure(&place, &portal, &mut report).await?;
                }
                if wanted("codes") {
                    codes::measure(&place, &portal, &mut seed, &mut report).await?;
                }
                if wanted("events") {
                    events::measure(&portal, &mut seed, &mut report).await?;
                }
            }
            portal.stop().await?;
            if size == seed::MIDDLE && wanted("codes") && matches!(engine, Engine::Sqlite) {
                codes::measure_on_slow_disk(&place, &mut seed, &mut report).await?;
            }
            if size == seed::MIDDLE && wanted("logins") {
                // Of a server that has done nothing else.
                let portal = Portal::start(&place, &engine).await?;
                logins::measure(&place, &portal, &seed, &mut report).await?;
                portal.stop().await?;
                if let Engine::Postgres { .. } = &engine {
                    growth::measure(&place, &engine, &seed, &mut report).await?;
                }
            }
        }
    }
    if only.is_none() {
        report.write(began.elapsed())?;
    }
    Ok(())
}

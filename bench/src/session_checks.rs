use std::time::Duration;

use crate::baseline::BaselineRoute;
use crate::client::{Client, HttpResponse};
use crate::machine::cpu_seconds;
use crate::report::{Report, Target, median};
use crate::result::Result;
use crate::seed;
use crate::seed::{Cookies, MEDIUM_SIZE, Seed};
use crate::workspace::{Engine, PortalProcess, Workspace};
use crate::wrk::{CONNECTIONS, LoadResult, Request, Requests};

const ME: &str = "/v1/users/me";
const ROUND_DURATION: Duration = Duration::from_secs(2);
const ROUNDS: usize = 5;

/// A route compared with its baseline.
pub(crate) struct Comparison {
    pub ratio: f64,
    pub per_second: f64,
    pub baseline_per_second: f64,
    pub p99: f64,
    /// CPU microseconds of Portal's process per request.
    pub cpu_micros: f64,
    baseline_cpu_micros: f64,
}

/// Sends the same requests to the baseline and to Portal in turn.
pub(crate) async fn compare(
    workspace: &Workspace,
    portal: &PortalProcess,
    requests: &Requests,
    response: &HttpResponse,
) -> Result<Comparison> {
    let baseline = BaselineRoute::start(workspace, response).await?;
    let (mut ratios, mut loads, mut baseline_loads) = (Vec::new(), Vec::new(), Vec::new());
    // Warms up caches.
    requests
        .send(&portal.address, CONNECTIONS, Duration::from_secs(1))
        .await?;
    for _ in 0..ROUNDS {
        let (baseline, baseline_cpu) = load(requests, &baseline.address, baseline.id()).await?;
        let (real, cpu) = load(requests, &portal.address, portal.id()).await?;
        ratios.push(real.per_second / baseline.per_second);
        loads.push((real, cpu));
        baseline_loads.push((baseline, baseline_cpu));
    }
    Ok(Comparison {
        ratio: median(ratios),
        per_second: median(loads.iter().map(|(load, _)| load.per_second)),
        baseline_per_second: median(baseline_loads.iter().map(|(load, _)| load.per_second)),
        p99: median(loads.iter().map(|(load, _)| load.p99)),
        cpu_micros: median(loads.iter().map(|(_, cpu)| *cpu)),
        baseline_cpu_micros: median(baseline_loads.iter().map(|(_, cpu)| *cpu)),
    })
}

async fn load(requests: &Requests, address: &str, process: u32) -> Result<(LoadResult, f64)> {
    let before = cpu_seconds(process)?;
    let load = requests.send(address, CONNECTIONS, ROUND_DURATION).await?;
    let micros = (cpu_seconds(process)? - before) * 1e6 / load.answers;
    Ok((load, micros))
}

impl Comparison {
    pub(crate) fn note(&self) -> String {
        let Self {
            per_second,
            baseline_per_second,
            p99,
            cpu_micros,
            baseline_cpu_micros,
            ..
        } = self;
        format!(
            "{per_second:.0}/s beside {baseline_per_second:.0}/s, p99 {p99:.1} ms, {cpu_micros:.0} µs of CPU beside {baseline_cpu_micros:.0} µs"
        )
    }
}

/// The shared cookie alone, as relying services send it.
pub(crate) fn shared(cookies: &Cookies) -> Vec<String> {
    vec![format!("Cookie: hsession={}", cookies.shared)]
}

fn both(cookies: &Cookies) -> Vec<String> {
    let Cookies { shared, companion } = cookies;
    vec![format!(
        "Cookie: hsession={shared}; __Host-hsession_act={companion}"
    )]
}

pub(crate) fn checks(
    workspace: &Workspace,
    seed: &Seed,
    headers: fn(&Cookies) -> Vec<String>,
) -> Result<Requests> {
    let requests = seed.sample().iter().map(|cookies| Request {
        method: "GET",
        path: ME,
        body: String::new(),
        headers: headers(cookies),
    });
    Requests::write(workspace, "checks", &requests.collect::<Vec<_>>())
}

pub(crate) async fn measure(
    workspace: &Workspace,
    portal: &PortalProcess,
    seed: &Seed,
    report: &mut Report,
) -> Result<()> {
    let cookies = seed.sample().first().ok_or("no sessions")?;
    let response = Client::connect(&portal.address)
        .await?
        .get(ME, &shared(cookies))
        .await?;
    if response.status != 200 {
        return Err(format!("{ME} answers {}", response.status).into());
    }
    let requests = checks(workspace, seed, shared)?;
    let comparison = compare(workspace, portal, &requests, &response).await?;
    let size = seed.people();
    let on_sqlite = matches!(portal.engine, Engine::Sqlite);
    let target = if on_sqlite && size == MEDIUM_SIZE {
        Target::AtLeast {
            value: comparison.ratio,
            target: 0.35,
        }
    } else {
        Target::None
    };
    let name = format!("session check, {size} sessions: ratio to the bare route");
    report.add(
        &portal.engine,
        &name,
        format!("{:.2}", comparison.ratio),
        &comparison.note(),
        target,
    );
    if size == MEDIUM_SIZE {
        let target = Target::AtMost {
            value: comparison.p99,
            target: 20.0,
            unit: " ms",
        };
        let name = "session check, p99 at 64 connections";
        report.add(
            &portal.engine,
            name,
            format!("{:.1} ms", comparison.p99),
            "",
            target,
        );
        let requests = checks(workspace, seed, both)?;
        let with_companion = compare(workspace, portal, &requests, &response).await?;
        let name = "the same with both cookies, and its use written down";
        let figure = format!("{:.2}", with_companion.ratio);
        report.add(
            &portal.engine,
            name,
            figure,
            &with_companion.note(),
            Target::None,
        );
    }
    report.record_ratio(&portal.engine, size, comparison.ratio);
    if size == seed::SIZES[2] {
        let slower = report.ratio(&portal.engine, seed::SIZES[0]) / comparison.ratio;
        let target = Target::AtMost {
            value: slower,
            target: 1.3,
            unit: " times",
        };
        let name = "session check, slower with 1 M sessions than with 1 k";
        let note = "the ratios to the bare route compared";
        report.add(
            &portal.engine,
            name,
            format!("{slower:.2} times"),
            note,
            target,
        );
    }
    Ok(())
}

use std::time::Duration;

use crate::bare::BareRoute;
use crate::client::{Answer, Client};
use crate::machine::cpu_seconds;
use crate::place::{Engine, Place, Portal};
use crate::report::{Level, Report, median};
use crate::seed::{Cookies, MIDDLE, Seed};
use crate::wrk::{CONNECTIONS, Load, Request, Requests};
use crate::{Result, seed};

const ME: &str = "/v1/users/me";
const ROUND: Duration = Duration::from_secs(2);
const ROUNDS: usize = 5;

/// A route beside its bare twin.
pub(crate) struct Pair {
    pub ratio: f64,
    pub per_second: f64,
    pub bare_per_second: f64,
    pub p99: f64,
    /// Of the portal's process, a request.
    pub cpu_micros: f64,
    bare_cpu_micros: f64,
}

/// Sends the same requests in turn to the bare route and to the portal.
pub(crate) async fn compare(
    place: &Place,
    portal: &Portal,
    requests: &Requests,
    answer: &Answer,
) -> Result<Pair> {
    let bare = BareRoute::start(place, answer).await?;
    let (mut ratios, mut loads, mut bare_loads) = (Vec::new(), Vec::new(), Vec::new());
    // Caches fill first.
    requests
        .send(&portal.address, CONNECTIONS, Duration::from_secs(1))
        .await?;
    for _ in 0..ROUNDS {
        let (bare, bare_cpu) = load(requests, &bare.address, bare.id()).await?;
        let (real, cpu) = load(requests, &portal.address, portal.id()).await?;
        ratios.push(real.per_second / bare.per_second);
        loads.push((real, cpu));
        bare_loads.push((bare, bare_cpu));
    }
    Ok(Pair {
        ratio: median(ratios),
        per_second: median(loads.iter().map(|(load, _)| load.per_second)),
        bare_per_second: median(bare_loads.iter().map(|(load, _)| load.per_second)),
        p99: median(loads.iter().map(|(load, _)| load.p99)),
        cpu_micros: median(loads.iter().map(|(_, cpu)| *cpu)),
        bare_cpu_micros: median(bare_loads.iter().map(|(_, cpu)| *cpu)),
    })
}

async fn load(requests: &Requests, address: &str, process: u32) -> Result<(Load, f64)> {
    let before = cpu_seconds(process)?;
    let load = requests.send(address, CONNECTIONS, ROUND).await?;
    let micros = (cpu_seconds(process)? - before) * 1e6 / load.answers;
    Ok((load, micros))
}

impl Pair {
    pub(crate) fn note(&self) -> String {
        let Self {
            per_second,
            bare_per_second,
            p99,
            cpu_micros,
            bare_cpu_micros,
            ..
        } = self;
        format!(
            "{per_second:.0}/s beside {bare_per_second:.0}/s, p99 {p99:.1} ms, {cpu_micros:.0} µs of CPU beside {bare_cpu_micros:.0} µs"
        )
    }
}

/// The shared cookie alone, as a sister service passes it on.
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
    place: &Place,
    seed: &Seed,
    headers: fn(&Cookies) -> Vec<String>,
) -> Result<Requests> {
    let requests = seed.sample().iter().map(|cookies| Request {
        method: "GET",
        path: ME,
        body: String::new(),
        headers: headers(cookies),
    });
    Requests::write(place, "checks", &requests.collect::<Vec<_>>())
}

pub(crate) async fn measure(
    place: &Place,
    portal: &Portal,
    seed: &Seed,
    report: &mut Report,
) -> Result<()> {
    let cookies = seed.sample().first().ok_or("no sessions")?;
    let answer = Client::connect(&portal.address)
        .await?
        .get(ME, &shared(cookies))
        .await?;
    if answer.status != 200 {
        return Err(format!("{ME} answers {}", answer.status).into());
    }
    let requests = checks(place, seed, shared)?;
    let pair = compare(place, portal, &requests, &answer).await?;
    let size = seed.people();
    let on_sqlite = matches!(portal.engine, Engine::Sqlite);
    let level = if on_sqlite && size == MIDDLE {
        Level::AtLeast {
            value: pair.ratio,
            level: 0.35,
        }
    } else {
        Level::None
    };
    let what = format!("session check, {size} sessions: ratio to the bare route");
    report.add(
        &portal.engine,
        &what,
        format!("{:.2}", pair.ratio),
        &pair.note(),
        level,
    );
    if size == MIDDLE {
        let level = Level::AtMost {
            value: pair.p99,
            level: 20.0,
            unit: " ms",
        };
        let what = "session check, p99 at 64 connections";
        report.add(
            &portal.engine,
            what,
            format!("{:.1} ms", pair.p99),
            "",
            level,
        );
        let requests = checks(place, seed, both)?;
        let acting = compare(place, portal, &requests, &answer).await?;
        let what = "the same with both cookies, and its use written down";
        let figure = format!("{:.2}", acting.ratio);
        report.add(&portal.engine, what, figure, &acting.note(), Level::None);
    }
    report.keep_ratio(&portal.engine, size, pair.ratio);
    if size == seed::SIZES[2] {
        let slower = report.ratio(&portal.engine, seed::SIZES[0]) / pair.ratio;
        let level = Level::AtMost {
            value: slower,
            level: 1.3,
            unit: " times",
        };
        let what = "session check, slower with 1 M sessions than with 1 k";
        let note = "the ratios to the bare route compared";
        report.add(
            &portal.engine,
            what,
            format!("{slower:.2} times"),
            note,
            level,
        );
    }
    Ok(())
}

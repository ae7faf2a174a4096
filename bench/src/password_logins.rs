use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::baseline;
use crate::client::Client;
use crate::machine::peak_mib;
use crate::report::{Report, Target, median, percentile};
use crate::result::Result;
use crate::seed::{PASSWORD, Seed, username};
use crate::session_checks::shared;
use crate::workspace::{Engine, PortalProcess, Workspace};
use crate::wrk::{Request, Requests};

const BASELINE_DURATION: Duration = Duration::from_secs(5);
const LOAD_DURATION: Duration = Duration::from_secs(20);
/// The number of logins in the memory target, if time permits.
const MIN_LOGINS: f64 = 10_000.0;
const MAX_SQLITE_TIME: Duration = Duration::from_mins(4);
const MAX_POSTGRES_TIME: Duration = Duration::from_secs(45);
/// Enough to keep the portal busy.
const CONNECTIONS: usize = 16;
/// How many clients check their session during the load.
const OBSERVERS: usize = 4;
const INTERVAL: Duration = Duration::from_millis(40);

/// Measures password logins under full load, alternating with bare argon2, and the latency of session
/// checks during the load.
pub(crate) async fn measure(
    workspace: &Workspace,
    portal: &PortalProcess,
    seed: &Seed,
    report: &mut Report,
) -> Result<()> {
    let requests = (0..1000).map(|n| Request {
        method: "POST",
        path: "/api/auth/login",
        body: format!(
            r#"{{"identifier":"{}","password":"{PASSWORD}"}}"#,
            username(n)
        ),
        // Each person has a network of their own: a request that wrk aborts at the end of a round
        // still counts as an attempt of its network.
        headers: vec![
            "Content-Type: application/json".to_owned(),
            format!("X-Forwarded-For: 10.100.{}.{}", n / 250, n % 250),
        ],
    });
    let requests = Requests::write(workspace, "logins", &requests.collect::<Vec<_>>())?;
    let max_time = match portal.engine {
        Engine::Sqlite => MAX_SQLITE_TIME,
        Engine::Postgres { .. } => MAX_POSTGRES_TIME,
    };
    let (started, mut logins) = (Instant::now(), 0.0);
    let (mut ratios, mut rates, mut baseline_rates) = (Vec::new(), Vec::new(), Vec::new());
    let (mut login_p99s, mut checks) = (Vec::new(), Vec::new());
    while logins < MIN_LOGINS && started.elapsed() < max_time {
        let baseline = baseline::argon2(BASELINE_DURATION).await?;
        let (stop, done) = watch::channel(());
        let observers = observers(portal, seed, &done).await?;
        let load = requests
            .send(&portal.address, CONNECTIONS, LOAD_DURATION)
            .await?;
        drop(stop);
        for one in observers.join_all().await {
            checks.extend(one?);
        }
        logins += load.answers;
        ratios.push(load.per_second / baseline);
        rates.push(load.per_second);
        login_p99s.push(load.p99);
        baseline_rates.push(baseline);
    }
    let (memory, peak) = (portal.resident_mib()?, peak_mib(portal.id())?);
    sleep(Duration::from_secs(10)).await;
    let rested = portal.resident_mib()?;
    let ratio = median(ratios);
    report.add(
        &portal.engine,
        "password logins: ratio to bare argon2",
        format!("{ratio:.2}"),
        &format!(
            "{:.1}/s beside {:.1}/s, {CONNECTIONS} connections, p99 {:.0} ms",
            median(rates),
            median(baseline_rates),
            median(login_p99s)
        ),
        Target::AtLeast {
            value: ratio,
            target: 0.9,
        },
    );
    let p99 = percentile(checks.iter().copied(), 0.99);
    report.add(
        &portal.engine,
        "session check during that storm, p99",
        format!("{p99:.1} ms"),
        &format!("{} checks, median {:.1} ms", checks.len(), median(checks)),
        Target::AtMost {
            value: p99,
            target: 50.0,
            unit: " ms",
        },
    );
    report.add(
        &portal.engine,
        &format!("memory after {logins} logins"),
        format!("{rested:.1} MiB"),
        &format!("resident, 10 s later; {memory:.1} MiB at once, {peak:.1} MiB at most"),
        Target::AtMost {
            value: rested,
            target: 80.0,
            unit: " MiB",
        },
    );
    Ok(())
}

async fn observers(
    portal: &PortalProcess,
    seed: &Seed,
    done: &watch::Receiver<()>,
) -> Result<JoinSet<Result<Vec<f64>>>> {
    let mut observers = JoinSet::new();
    for cookies in seed.sample().iter().take(OBSERVERS) {
        let cookie = shared(cookies);
        let (done, mut client) = (done.clone(), Client::connect(&portal.address).await?);
        observers.spawn(async move {
            let mut elapsed = Vec::new();
            while done.has_changed().is_ok() {
                let started = Instant::now();
                let response = client.get("/v1/users/me", &cookie).await?;
                if response.status != 200 {
                    return Err(format!("a session check answers {}", response.status).into());
                }
                elapsed.push(started.elapsed().as_secs_f64() * 1e3);
                sleep(INTERVAL).await;
            }
            Ok(elapsed)
        });
    }
    Ok(observers)
}

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use crate::baseline;
use crate::client::Client;
use crate::machine::cpu_seconds;
use crate::report::{Report, Target, median, percentile};
use crate::result::Result;
use crate::seed::Seed;
use crate::workspace::{Engine, PortalProcess, Workspace};

const ROUND_DURATION: Duration = Duration::from_secs(4);
const ROUNDS: usize = 5;
/// How many people log in at the same time.
const PARALLEL_LOGINS: usize = 64;
/// More than a round can log in.
const PEOPLE_PER_ROUND: usize = 16_000;
/// The same on a slow disk, where each login waits for a commit.
const PEOPLE_ON_SLOW_DISK: usize = 3_000;

/// A wrapper that delays each sync of a program by 10 ms, as hard disks and network disks do. With
/// `-D`, the program itself is the child process, and strace runs beside it.
const SLOW_DISK: [&str; 11] = [
    "strace",
    "-D",
    "-f",
    "-qq",
    "--seccomp-bpf",
    "-o",
    "/dev/null",
    "-e",
    "trace=fsync,fdatasync",
    "-e",
    "inject=fsync,fdatasync:delay_exit=10ms",
];

/// Measures logins by code, in turn with single commits: a bot requests a code, and a person uses it.
pub(crate) async fn measure(
    workspace: &Workspace,
    portal: &PortalProcess,
    seed: &mut Seed,
    report: &mut Report,
) -> Result<()> {
    let rounds = Rounds::run(&[], workspace, portal, seed, PEOPLE_PER_ROUND).await?;
    let value = rounds.ratio();
    let target = match portal.engine {
        Engine::Sqlite => Target::AtLeast { value, target: 5.0 },
        Engine::Postgres { .. } => Target::None,
    };
    let name = "codes made and verified: ratio to single commits";
    report.add(
        &portal.engine,
        name,
        format!("{value:.1}"),
        &rounds.note(),
        target,
    );
    Ok(())
}

/// Measures the same on a slow disk. Only there, where commits wait for the disk, does it show how many
/// logins share a commit.
pub(crate) async fn measure_on_slow_disk(
    workspace: &Workspace,
    seed: &mut Seed,
    report: &mut Report,
) -> Result<()> {
    let portal = PortalProcess::start_under(&SLOW_DISK, workspace, &Engine::Sqlite).await?;
    let rounds = Rounds::run(&SLOW_DISK, workspace, &portal, seed, PEOPLE_ON_SLOW_DISK).await?;
    report.add(
        &portal.engine,
        "codes where each sync takes 10 ms longer: ratio to single commits",
        format!("{:.1}", rounds.ratio()),
        &rounds.note(),
        Target::None,
    );
    portal.stop().await
}

#[derive(Default)]
struct Rounds {
    ratios: Vec<f64>,
    /// Logins per second.
    rates: Vec<f64>,
    /// Single commits per second.
    commits: Vec<f64>,
    /// CPU microseconds per login.
    cpu: Vec<f64>,
    /// Milliseconds per login.
    latencies: Vec<f64>,
}

impl Rounds {
    /// Runs all rounds under the wrapper, each with `people` people.
    async fn run(
        wrapper: &[&str],
        workspace: &Workspace,
        portal: &PortalProcess,
        seed: &mut Seed,
        people: usize,
    ) -> Result<Self> {
        let mut rounds = Self::default();
        for _ in 0..ROUNDS {
            let single = baseline::single_commits(wrapper, workspace, ROUND_DURATION / 2)?;
            let before = cpu_seconds(portal.id())?;
            let people: Vec<String> = (0..people).map(|_| seed.next_person()).collect();
            let round = round(portal, people, &seed.bot_keys).await?;
            let rate = round.len() as f64 / ROUND_DURATION.as_secs_f64();
            let cpu = cpu_seconds(portal.id())? - before;
            rounds.cpu.push(cpu * 1e6 / round.len() as f64);
            rounds.latencies.extend(round);
            rounds.ratios.push(rate / single);
            rounds.rates.push(rate);
            rounds.commits.push(single);
        }
        Ok(rounds)
    }

    fn ratio(&self) -> f64 {
        median(self.ratios.iter().copied())
    }

    fn note(&self) -> String {
        format!(
            "{:.0}/s beside {:.0}/s, {PARALLEL_LOGINS} at once, p99 of both requests {:.0} ms, {:.0} µs of CPU",
            median(self.rates.iter().copied()),
            median(self.commits.iter().copied()),
            percentile(self.latencies.iter().copied(), 0.99),
            median(self.cpu.iter().copied())
        )
    }
}

/// The duration of each login in milliseconds.
async fn round(portal: &PortalProcess, people: Vec<String>, keys: &[String]) -> Result<Vec<f64>> {
    let (people, next) = (Arc::new(people), Arc::new(AtomicUsize::new(0)));
    let started = Instant::now();
    let mut callers = JoinSet::new();
    for n in 0..PARALLEL_LOGINS {
        let (people, next) = (people.clone(), next.clone());
        let key = format!("X-API-Key: {}", keys[n % keys.len()]);
        let mut bot = Client::connect(&portal.address).await?;
        let mut browser = Client::connect(&portal.address).await?;
        callers.spawn(async move {
            let mut elapsed = Vec::new();
            while started.elapsed() < ROUND_DURATION {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let id = people.get(at).ok_or("no people left")?;
                let login = Instant::now();
                let request = json!({
                    "platform": "discord", "platform_user_id": id,
                    "platform_username": "somebody", "platform_avatar_url": "",
                });
                let path = "/v1/authentication/bot/send-code";
                let made = bot.post(path, std::slice::from_ref(&key), &request).await?;
                let from = [format!(
                    "X-Forwarded-For: 10.{}.{}.{}",
                    n,
                    at / 250 % 250,
                    at % 250
                )];
                let verification = json!({ "code": made["code"] });
                browser
                    .post("/v1/authentication/verify", &from, &verification)
                    .await?;
                elapsed.push(login.elapsed().as_secs_f64() * 1e3);
            }
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(elapsed)
        });
    }
    let mut all = Vec::new();
    for elapsed in callers.join_all().await {
        all.extend(elapsed?);
    }
    Ok(all)
}

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use crate::Result;
use crate::bare;
use crate::client::Client;
use crate::machine::cpu_seconds;
use crate::place::{Engine, Place, Portal};
use crate::report::{Level, Report, median, percentile};
use crate::seed::Seed;

const ROUND: Duration = Duration::from_secs(4);
const ROUNDS: usize = 5;
/// How many people log in at the same moment.
const AT_ONCE: usize = 64;
/// More than can be used in a round.
const PEOPLE: usize = 16_000;
/// The same where each waits for the disk.
const PEOPLE_ON_SLOW_DISK: usize = 3_000;

/// What runs a program so that the disk takes 10 ms to have what was written, as hard disks and
/// some of those do that are reached by a network. The program is the child, and strace its own.
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

/// Codes made by bots and shown by people, in turn with single commits.
pub(crate) async fn measure(
    place: &Place,
    portal: &Portal,
    seed: &mut Seed,
    report: &mut Report,
) -> Result<()> {
    let rounds = Rounds::run(&[], place, portal, seed, PEOPLE).await?;
    let value = rounds.ratio();
    let level = match portal.engine {
        Engine::Sqlite => Level::AtLeast { value, level: 5.0 },
        Engine::Postgres { .. } => Level::None,
    };
    let what = "codes made and verified: ratio to single commits";
    report.add(
        &portal.engine,
        what,
        format!("{value:.1}"),
        &rounds.note(),
        level,
    );
    Ok(())
}

/// The same where there is something to group: how many commits share one wait for the disk can't
/// be seen where the disk doesn't let anybody wait.
pub(crate) async fn measure_on_slow_disk(
    place: &Place,
    seed: &mut Seed,
    report: &mut Report,
) -> Result<()> {
    let portal = Portal::start_by(&SLOW_DISK, place, &Engine::Sqlite).await?;
    let rounds = Rounds::run(&SLOW_DISK, place, &portal, seed, PEOPLE_ON_SLOW_DISK).await?;
    report.add(
        &portal.engine,
        "codes where each sync takes 10 ms longer: ratio to single commits",
        format!("{:.1}", rounds.ratio()),
        &rounds.note(),
        Level::None,
    );
    portal.stop().await
}

#[derive(Default)]
struct Rounds {
    ratios: Vec<f64>,
    /// Codes made and shown a second.
    rates: Vec<f64>,
    /// Single commits a second.
    commits: Vec<f64>,
    /// Microseconds a code.
    cpu: Vec<f64>,
    /// Milliseconds a code.
    latencies: Vec<f64>,
}

impl Rounds {
    /// With a portal on the disk that `by` makes, for so many people a round.
    async fn run(
        by: &[&str],
        place: &Place,
        portal: &Portal,
        seed: &mut Seed,
        people: usize,
    ) -> Result<Self> {
        let mut rounds = Self::default();
        for _ in 0..ROUNDS {
            let single = bare::commits_by(by, place, ROUND / 2)?;
            let before = cpu_seconds(portal.id())?;
            let people: Vec<String> = (0..people).map(|_| seed.next_person()).collect();
            let round = round(portal, people, &seed.bot_keys).await?;
            let rate = round.len() as f64 / ROUND.as_secs_f64();
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
            "{:.0}/s beside {:.0}/s, {AT_ONCE} at once, p99 of both requests {:.0} ms, {:.0} µs of CPU",
            median(self.rates.iter().copied()),
            median(self.commits.iter().copied()),
            percentile(self.latencies.iter().copied(), 0.99),
            median(self.cpu.iter().copied())
        )
    }
}

/// The milliseconds that each login took.
async fn round(portal: &Portal, people: Vec<String>, keys: &[String]) -> Result<Vec<f64>> {
    let (people, next) = (Arc::new(people), Arc::new(AtomicUsize::new(0)));
    let began = Instant::now();
    let mut callers = JoinSet::new();
    for n in 0..AT_ONCE {
        let (people, next) = (people.clone(), next.clone());
        let key = format!("X-API-Key: {}", keys[n % keys.len()]);
        let mut bot = Client::connect(&portal.address).await?;
        let mut browser = Client::connect(&portal.address).await?;
        callers.spawn(async move {
            let mut took = Vec::new();
            while began.elapsed() < ROUND {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let id = people.get(at).ok_or("no people left")?;
                let login = Instant::now();
                let asked = json!({
                    "platform": "discord", "platform_user_id": id,
                    "platform_username": "somebody", "platform_avatar_url": "",
                });
                let path = "/v1/authentication/bot/send-code";
                let made = bot.post(path, std::slice::from_ref(&key), &asked).await?;
                let from = [format!(
                    "X-Forwarded-For: 10.{}.{}.{}",
                    n,
                    at / 250 % 250,
                    at % 250
                )];
                let shown = json!({ "code": made["code"] });
                browser
                    .post("/v1/authentication/verify", &from, &shown)
                    .await?;
                took.push(login.elapsed().as_secs_f64() * 1e3);
            }
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(took)
        });
    }
    let mut all = Vec::new();
    for took in callers.join_all().await {
        all.extend(took?);
    }
    Ok(all)
}

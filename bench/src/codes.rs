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

/// Codes made by bots and shown by people, in turn with single commits.
pub(crate) async fn measure(
    place: &Place,
    portal: &Portal,
    seed: &mut Seed,
    report: &mut Report,
) -> Result<()> {
    let (mut ratios, mut rates, mut commits) = (Vec::new(), Vec::new(), Vec::new());
    let (mut cpu, mut latencies) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let single = bare::commits(place.folder(), ROUND / 2).await?;
        let before = cpu_seconds(portal.id())?;
        let people: Vec<String> = (0..PEOPLE).map(|_| seed.next_person()).collect();
        let round = round(portal, people, &seed.bot_keys).await?;
        let rate = round.len() as f64 / ROUND.as_secs_f64();
        cpu.push((cpu_seconds(portal.id())? - before) * 1e6 / round.len() as f64);
        latencies.extend(round);
        ratios.push(rate / single);
        rates.push(rate);
        commits.push(single);
    }
    let ratio = median(ratios);
    let level = match portal.engine {
        Engine::Sqlite => Level::AtLeast {
            value: ratio,
            level: 5.0,
        },
        Engine::Postgres { .. } => Level::None,
    };
    report.add(
        &portal.engine,
        "codes made and verified: ratio to single commits",
        format!("{ratio:.1}"),
        &format!(
            "{:.0}/s beside {:.0}/s, {AT_ONCE} at once, p99 of both requests {:.0} ms, {:.0} µs of CPU",
            median(rates),
            median(commits),
            percentile(latencies, 0.99),
            median(cpu)
        ),
        level,
    );
    Ok(())
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

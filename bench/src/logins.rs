use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::Result;
use crate::bare;
use crate::client::Client;
use crate::machine::peak_mib;
use crate::place::{Engine, Place, Portal};
use crate::report::{Level, Report, median, percentile};
use crate::seed::{PASSWORD, Seed, username};
use crate::sessions::shared;
use crate::wrk::{Request, Requests};

const BARE: Duration = Duration::from_secs(5);
const STORM: Duration = Duration::from_secs(20);
/// As many as the level of the memory is about, where there is time.
const LOGINS: f64 = 10_000.0;
const LONGEST_STORM: Duration = Duration::from_mins(4);
const LONGEST_STORM_ON_POSTGRES: Duration = Duration::from_secs(45);
/// Enough for the portal never to wait for one.
const CONNECTIONS: usize = 16;
/// Those who go on asking who they are meanwhile, and how often.
const BYSTANDERS: usize = 4;
const PAUSE: Duration = Duration::from_millis(40);

/// Logins by password, as many as the cores can do, in turn with bare argon2; and what others
/// notice of them.
pub(crate) async fn measure(
    place: &Place,
    portal: &Portal,
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
        // Everybody sits elsewhere: a request that wrk breaks off at the end of a round stays
        // counted as a guess of its network.
        headers: vec![
            "Content-Type: application/json".to_owned(),
            format!("X-Forwarded-For: 10.100.{}.{}", n / 250, n % 250),
        ],
    });
    let requests = Requests::write(place, "logins", &requests.collect::<Vec<_>>())?;
    let longest = match portal.engine {
        Engine::Sqlite => LONGEST_STORM,
        Engine::Postgres { .. } => LONGEST_STORM_ON_POSTGRES,
    };
    let (began, mut logins) = (Instant::now(), 0.0);
    let (mut ratios, mut rates, mut bares) = (Vec::new(), Vec::new(), Vec::new());
    let (mut storms, mut checks) = (Vec::new(), Vec::new());
    while logins < LOGINS && began.elapsed() < longest {
        let bare = bare::argon2(BARE).await?;
        let (over, is_over) = watch::channel(());
        let bystanders = bystanders(portal, seed, &is_over).await?;
        let load = requests.send(&portal.address, CONNECTIONS, STORM).await?;
        drop(over);
        for one in bystanders.join_all().await {
            checks.extend(one?);
        }
        logins += load.answers;
        ratios.push(load.per_second / bare);
        rates.push(load.per_second);
        storms.push(load.p99);
        bares.push(bare);
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
            median(bares),
            median(storms)
        ),
        Level::AtLeast {
            value: ratio,
            level: 0.9,
        },
    );
    let p99 = percentile(checks.iter().copied(), 0.99);
    report.add(
        &portal.engine,
        "session check during that storm, p99",
        format!("{p99:.1} ms"),
        &format!("{} checks, median {:.1} ms", checks.len(), median(checks)),
        Level::AtMost {
            value: p99,
            level: 50.0,
            unit: " ms",
        },
    );
    report.add(
        &portal.engine,
        &format!("memory after {logins} logins"),
        format!("{rested:.1} MiB"),
        &format!("resident, 10 s later; {memory:.1} MiB at once, {peak:.1} MiB at most"),
        Level::AtMost {
            value: rested,
            level: 80.0,
            unit: " MiB",
        },
    );
    Ok(())
}

async fn bystanders(
    portal: &Portal,
    seed: &Seed,
    is_over: &watch::Receiver<()>,
) -> Result<JoinSet<Result<Vec<f64>>>> {
    let mut bystanders = JoinSet::new();
    for cookies in seed.sample().iter().take(BYSTANDERS) {
        let cookie = shared(cookies);
        let (is_over, mut client) = (is_over.clone(), Client::connect(&portal.address).await?);
        bystanders.spawn(async move {
            let mut took = Vec::new();
            while is_over.has_changed().is_ok() {
                let began = Instant::now();
                let answer = client.get("/v1/users/me", &cookie).await?;
                if answer.status != 200 {
                    return Err(format!("a session check answers {}", answer.status).into());
                }
                took.push(began.elapsed().as_secs_f64() * 1e3);
                sleep(PAUSE).await;
            }
            Ok(took)
        });
    }
    Ok(bystanders)
}

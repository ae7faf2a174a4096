use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::client::{Client, find};
use crate::machine::cpu_seconds;
use crate::report::{Report, Target, median, percentile};
use crate::result::Result;
use crate::seed::Seed;
use crate::workspace::PortalProcess;

const CODE_COUNT: usize = 30;
const INTERVAL: Duration = Duration::from_millis(500);
const QUEUE_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens a stream for every bot, requests codes, and records when each event arrives on each stream.
pub(crate) async fn measure(
    portal: &PortalProcess,
    seed: &mut Seed,
    report: &mut Report,
) -> Result<()> {
    let (arrived, mut arrivals) = mpsc::unbounded_channel();
    let bots = seed.bot_keys.len();
    let mut streams = JoinSet::new();
    for keys in seed.bot_keys.chunks(64) {
        let mut opening = JoinSet::new();
        for key in keys {
            opening.spawn(open(portal.address.clone(), key.clone()));
        }
        for stream in opening.join_all().await {
            streams.spawn(listen(stream?, arrived.clone()));
        }
    }
    let memory = portal.resident_mib()?;
    let mut client = Client::connect(&portal.address).await?;
    let (mut latencies, mut lasts) = (Vec::new(), Vec::new());
    let before = cpu_seconds(portal.id())?;
    for n in 0..CODE_COUNT {
        sleep(INTERVAL).await;
        let person = seed.next_person();
        let asked = json!({ "platform": "discord", "platform_user_id": person });
        let from = [format!("X-Forwarded-For: 10.200.0.{n}")];
        let started = Instant::now();
        client
            .post("/v1/authentication/request", &from, &asked)
            .await?;
        let mut last = 0.0;
        for _ in 0..bots {
            let at: Instant = timeout(QUEUE_TIMEOUT, arrivals.recv())
                .await?
                .ok_or("all streams ended")?;
            last = at.duration_since(started).as_secs_f64() * 1e3;
            latencies.push(last);
        }
        lasts.push(last);
    }
    let cpu = (cpu_seconds(portal.id())? - before) * 1e6 / (CODE_COUNT * bots) as f64;
    streams.abort_all();
    let p99 = percentile(latencies.iter().copied(), 0.99);
    report.add(
        &portal.engine,
        "a code's event at 5,000 bots, p99",
        format!("{p99:.1} ms"),
        &format!(
            "median {:.1} ms, the last of all bots {:.1} ms; {cpu:.1} µs of CPU an event; {memory:.0} MiB resident",
            median(latencies),
            median(lasts)
        ),
        Target::AtMost { value: p99, target: 50.0, unit: " ms" },
    );
    Ok(())
}

async fn open(address: String, key: String) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(&address).await?;
    let request =
        format!("GET /v1/bot/events HTTP/1.1\r\nHost: {address}\r\nX-API-Key: {key}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    while find(&head, b"\r\n\r\n").is_none() {
        if stream.read_buf(&mut head).await? == 0 {
            return Err("a stream ended at once".into());
        }
    }
    if head.starts_with(b"HTTP/1.1 200") {
        Ok(stream)
    } else {
        Err(String::from_utf8_lossy(&head).into_owned().into())
    }
}

async fn listen(mut stream: TcpStream, arrived: mpsc::UnboundedSender<Instant>) {
    let mut output = Vec::with_capacity(1024);
    while stream
        .read_buf(&mut output)
        .await
        .is_ok_and(|read| read > 0)
    {
        let at = Instant::now();
        // Counts event names; the data of an event arrives together with its name.
        while let Some(event) = find(&output, b"login_code.requested") {
            output.drain(..event + 20);
            if arrived.send(at).is_err() {
                return;
            }
        }
        // The rest may be the beginning of the next name.
        let done = output.len().saturating_sub(20);
        output.drain(..done);
    }
}

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::Result;
use crate::machine::{Busy, cpu_seconds};
use crate::place::{Engine, Place, Portal, free_address, wait_for};
use crate::report::{Level, Report, median};
use crate::seed::Seed;
use crate::sessions::{checks, shared};
use crate::wrk::CONNECTIONS;

const ROUND: Duration = Duration::from_secs(4);
const ROUNDS: usize = 3;
/// With less idle than this, a second server has nothing to run on.
const BUSY: f64 = 0.9;

/// One server behind a proxy, and two.
pub(crate) async fn measure(
    place: &Place,
    engine: &Engine,
    seed: &Seed,
    report: &mut Report,
) -> Result<()> {
    let servers = [
        Portal::start(place, engine).await?,
        Portal::start(place, engine).await?,
    ];
    let one = Proxy::start(place, &servers[..1]).await?;
    let two = Proxy::start(place, &servers).await?;
    let requests = checks(place, seed, shared)?;
    let (mut ratios, mut rates, mut busy, mut shares) = (vec![], vec![], vec![], vec![]);
    for _ in 0..ROUNDS {
        let before = (Busy::look()?, cpu_seconds(servers[0].id())?);
        let single = requests.send(&one.address, CONNECTIONS, ROUND).await?;
        busy.push(before.0.since()?);
        shares.push((cpu_seconds(servers[0].id())? - before.1) / ROUND.as_secs_f64());
        let both = requests.send(&two.address, CONNECTIONS, ROUND).await?;
        ratios.push(both.per_second / single.per_second);
        rates.push((single.per_second, both.per_second));
    }
    let (ratio, busy, share) = (median(ratios), median(busy), median(shares));
    let level = if ratio < 1.6 && busy > BUSY {
        Level::NotHere
    } else {
        Level::AtLeast {
            value: ratio,
            level: 1.6,
        }
    };
    report.add(
        engine,
        "session checks of two servers behind a proxy: ratio to one",
        format!("{ratio:.2}"),
        &format!(
            "{:.0}/s beside {:.0}/s; with one server all cores are {:.0} % busy, it has {share:.2} of them, the rest is PostgreSQL's, the proxy's and wrk's: there is none left for a second",
            median(rates.iter().map(|(_, both)| *both)),
            median(rates.iter().map(|(one, _)| *one)),
            busy * 100.0
        ),
        level,
    );
    for server in servers {
        server.stop().await?;
    }
    Ok(())
}

/// haproxy before some servers; ends with this value.
struct Proxy {
    process: Child,
    address: String,
}

impl Proxy {
    async fn start(place: &Place, servers: &[Portal]) -> Result<Self> {
        let address = free_address()?;
        let lines = servers.iter().enumerate();
        let lines = lines.map(|(n, server)| format!("    server s{n} {}\n", server.address));
        let text = format!(
            "defaults\n    mode http\n    timeout connect 5s\n    timeout client 30s\n    timeout server 30s\n\
             listen portal\n    bind {address}\n    balance roundrobin\n{}",
            lines.collect::<String>()
        );
        let file = place
            .folder()
            .join(format!("haproxy-{}.cfg", servers.len()));
        fs::write(&file, text)?;
        let process = Command::new("haproxy")
            .arg("-f")
            .arg(&file)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let proxy = Self { process, address };
        wait_for(&proxy.address).await?;
        Ok(proxy)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::machine::{CpuUsage, cpu_seconds};
use crate::report::{Report, Target, median};
use crate::result::Result;
use crate::seed::Seed;
use crate::session_checks::{checks, shared};
use crate::workspace::{Engine, PortalProcess, Workspace, free_address, wait_for};
use crate::wrk::CONNECTIONS;

const ROUND_DURATION: Duration = Duration::from_secs(4);
const ROUNDS: usize = 3;
/// Above this CPU usage, a second server has no capacity to use.
const SATURATED: f64 = 0.9;

/// Compares two servers behind a proxy with one server.
pub(crate) async fn measure(
    workspace: &Workspace,
    engine: &Engine,
    seed: &Seed,
    report: &mut Report,
) -> Result<()> {
    let servers = [
        PortalProcess::start(workspace, engine).await?,
        PortalProcess::start(workspace, engine).await?,
    ];
    let one = Proxy::start(workspace, &servers[..1]).await?;
    let two = Proxy::start(workspace, &servers).await?;
    let requests = checks(workspace, seed, shared)?;
    let (mut ratios, mut rates, mut busy, mut shares) = (vec![], vec![], vec![], vec![]);
    for _ in 0..ROUNDS {
        let before = (CpuUsage::read()?, cpu_seconds(servers[0].id())?);
        let single = requests
            .send(&one.address, CONNECTIONS, ROUND_DURATION)
            .await?;
        busy.push(before.0.since()?);
        shares.push((cpu_seconds(servers[0].id())? - before.1) / ROUND_DURATION.as_secs_f64());
        let both = requests
            .send(&two.address, CONNECTIONS, ROUND_DURATION)
            .await?;
        ratios.push(both.per_second / single.per_second);
        rates.push((single.per_second, both.per_second));
    }
    let (ratio, busy, share) = (median(ratios), median(busy), median(shares));
    let target = if ratio < 1.6 && busy > SATURATED {
        Target::NotMeasurable
    } else {
        Target::AtLeast {
            value: ratio,
            target: 1.6,
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
        target,
    );
    for server in servers {
        server.stop().await?;
    }
    Ok(())
}

/// haproxy in front of some servers, which is killed on drop.
struct Proxy {
    process: Child,
    address: String,
}

impl Proxy {
    async fn start(workspace: &Workspace, servers: &[PortalProcess]) -> Result<Self> {
        let address = free_address()?;
        let lines = servers.iter().enumerate();
        let lines = lines.map(|(n, server)| format!("    server s{n} {}\n", server.address));
        let text = format!(
            "defaults\n    mode http\n    timeout connect 5s\n    timeout client 30s\n    timeout server 30s\n\
             listen portal\n    bind {address}\n    balance roundrobin\n{}",
            lines.collect::<String>()
        );
        let file = workspace
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

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tokio::task::spawn_blocking;

use crate::result::Result;
use crate::workspace::Workspace;

/// The number of connections that the targets refer to.
pub(crate) const CONNECTIONS: usize = 64;

/// A file of requests in the format of `requests.lua`.
#[derive(Clone)]
pub(crate) struct Requests(PathBuf);

/// The result of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LoadResult {
    pub answers: f64,
    pub per_second: f64,
    /// Milliseconds.
    pub p99: f64,
}

pub(crate) struct Request<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub body: String,
    pub headers: Vec<String>,
}

impl Requests {
    pub(crate) fn write(
        workspace: &Workspace,
        name: &str,
        requests: &[Request<'_>],
    ) -> Result<Self> {
        let lines = requests.iter().map(|request| {
            let Request {
                method,
                path,
                body,
                headers,
            } = request;
            format!("{method}\t{path}\t{body}\t{}\n", headers.join("\t"))
        });
        let file = workspace.folder().join(name);
        fs::write(&file, lines.collect::<String>())?;
        Ok(Self(file))
    }

    /// Sends the requests for `length`. Each connection waits for a response before its next request.
    /// Every response must have a status below 400.
    pub(crate) async fn send(
        &self,
        address: &str,
        connections: usize,
        length: Duration,
    ) -> Result<LoadResult> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/requests.lua");
        let mut command = std::process::Command::new("wrk");
        command
            .args(["--threads", "2", "--timeout", "15s"])
            .args(["--connections", &connections.to_string()])
            .args(["--duration", &format!("{}s", length.as_secs())])
            .args(["--script", script, &format!("http://{address}/"), "--"])
            .arg(&self.0);
        let output = spawn_blocking(move || command.output()).await??;
        let text = String::from_utf8(output.stdout)?;
        let line = text.lines().find(|line| line.starts_with('{'));
        let line = line.ok_or_else(|| format!("wrk says: {text}{:?}", output.stderr))?;
        let output: serde_json::Value = serde_json::from_str(line)?;
        let number = |name: &str| output[name].as_f64().unwrap_or(f64::NAN);
        if number("refused") != 0.0 || number("broken") != 0.0 {
            return Err(format!("not every request was answered well: {line}").into());
        }
        Ok(LoadResult {
            answers: number("answers"),
            per_second: number("answers") / (number("micros") / 1e6),
            p99: number("p99") / 1e3,
        })
    }
}

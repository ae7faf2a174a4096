//! The machine, and the resources that processes use.

use std::fs;
use std::process::Command;
use std::thread::available_parallelism;

use crate::result::Result;

pub(crate) struct Machine {
    pub cpu: String,
    pub cores: usize,
    pub memory_mib: u64,
    pub system: String,
    pub versions: Vec<String>,
    pub commit: String,
    pub load_before: String,
}

impl Machine {
    pub(crate) fn read() -> Result<Self> {
        let cpus = fs::read_to_string("/proc/cpuinfo")?;
        let memory = fs::read_to_string("/proc/meminfo")?;
        let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        let name = field(&release, "PRETTY_NAME", '=')
            .unwrap_or("Linux")
            .trim_matches('"');
        let memory: u64 = field(&memory, "MemTotal", ':')
            .and_then(|text| text.split_whitespace().next())
            .ok_or("no figure of the memory")?
            .parse()?;
        let versions = [
            "rustc --version",
            "wrk --version",
            "haproxy -v",
            "psql --version",
        ];
        Ok(Self {
            cpu: field(&cpus, "model name", ':')
                .unwrap_or("unknown")
                .to_owned(),
            cores: available_parallelism()?.into(),
            memory_mib: memory / 1024,
            system: format!("{name}, Linux {}", kernel.trim()),
            versions: versions.into_iter().filter_map(first_line).collect(),
            commit: first_line("git rev-parse --short=10 HEAD").unwrap_or_default(),
            load_before: load_average()?,
        })
    }
}

/// The load average of the last minute.
pub(crate) fn load_average() -> Result<String> {
    let text = fs::read_to_string("/proc/loadavg")?;
    Ok(text.split(' ').next().unwrap_or_default().to_owned())
}

fn field<'a>(text: &'a str, name: &str, divider: char) -> Option<&'a str> {
    let mut pairs = text.lines().filter_map(|line| line.split_once(divider));
    pairs
        .find(|(key, _)| key.trim() == name)
        .map(|(_, value)| value.trim())
}

fn first_line(command: &str) -> Option<String> {
    let mut words = command.split(' ');
    let output = Command::new(words.next()?).args(words).output().ok()?;
    let text = [output.stdout, output.stderr].concat();
    let line = String::from_utf8(text).ok()?.lines().next()?.to_owned();
    Some(line)
}

/// The CPU time of a process so far, in seconds.
pub(crate) fn cpu_seconds(process: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, fields) = text.rsplit_once(") ").ok_or("no figures of the process")?;
    let mut fields = fields.split(' ').skip(11);
    let mut ticks = || -> Result<f64> { Ok(fields.next().ok_or("too few figures")?.parse()?) };
    // Linux reports hundredths of a second, regardless of the kernel's tick.
    Ok((ticks()? + ticks()?) / 100.0)
}

/// The resident memory of a process, in MiB.
pub(crate) fn resident_mib(process: u32) -> Result<f64> {
    status_mib(process, "VmRSS")
}

/// The peak of the resident memory, in MiB.
pub(crate) fn peak_mib(process: u32) -> Result<f64> {
    status_mib(process, "VmHWM")
}

fn status_mib(process: u32, name: &str) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{process}/status"))?;
    let kib: f64 = field(&text, name, ':')
        .and_then(|text| text.split_whitespace().next())
        .ok_or("no figure of the process's memory")?
        .parse()?;
    Ok(kib / 1024.0)
}

/// The CPU time of all cores since boot.
pub(crate) struct CpuUsage {
    all: f64,
    idle: f64,
}

impl CpuUsage {
    pub(crate) fn read() -> Result<Self> {
        let text = fs::read_to_string("/proc/stat")?;
        let line = text.lines().next().unwrap_or_default();
        let ticks: Vec<f64> = line
            .split_whitespace()
            .skip(1)
            .take(8)
            .map(str::parse)
            .collect::<std::result::Result<_, _>>()?;
        let idle = ticks.get(3..5).ok_or("too few figures")?.iter().sum();
        Ok(Self {
            all: ticks.iter().sum(),
            idle,
        })
    }

    /// The share of CPU time used since this value was read.
    pub(crate) fn since(&self) -> Result<f64> {
        let now = Self::read()?;
        Ok(1.0 - (now.idle - self.idle) / (now.all - self.all).max(1.0))
    }
}

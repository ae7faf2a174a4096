//! The report, as a Markdown page and as JSON.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::json;

use crate::machine::{self, Machine};
use crate::result::{Result, print_progress};
use crate::workspace::{Engine, SETTINGS, Workspace};

/// The target of a measurement.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// Informative only.
    None,
    AtLeast {
        value: f64,
        target: f64,
    },
    AtMost {
        value: f64,
        target: f64,
        unit: &'static str,
    },
    /// Not measurable on this machine; the note says why.
    NotMeasurable,
}

struct Measurement {
    engine: &'static str,
    name: String,
    shown: String,
    note: String,
    target: Target,
}

pub(crate) struct Report {
    machine: Machine,
    measurements: Vec<Measurement>,
    /// Ratios to the baseline by engine and size, for comparison between sizes.
    ratios: Vec<(String, usize, f64)>,
}

impl Report {
    pub(crate) fn new(workspace: &Workspace) -> Result<Self> {
        let mut report = Self {
            machine: Machine::read()?,
            measurements: Vec::new(),
            ratios: Vec::new(),
        };
        let bytes = fs::metadata(&workspace.binary)?.len();
        report.add(
            &Engine::Sqlite,
            "release binary, pages and all",
            format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20)),
            "one file",
            Target::None,
        );
        Ok(report)
    }

    pub(crate) fn add(
        &mut self,
        engine: &Engine,
        name: &str,
        figure: String,
        note: &str,
        target: Target,
    ) {
        let engine = match engine {
            Engine::Sqlite => "SQLite",
            Engine::Postgres { .. } => "PostgreSQL",
        };
        print_progress(&format!(
            "{engine}: {name}: {figure} ({note}) {}",
            target.verdict()
        ));
        self.measurements.push(Measurement {
            engine,
            name: name.to_owned(),
            shown: figure,
            note: note.to_owned(),
            target,
        });
    }

    pub(crate) fn record_ratio(&mut self, engine: &Engine, size: usize, ratio: f64) {
        self.ratios.push((engine.to_string(), size, ratio));
    }

    pub(crate) fn ratio(&self, engine: &Engine, size: usize) -> f64 {
        let engine = engine.to_string();
        let kept = self
            .ratios
            .iter()
            .find(|(of, at, _)| *of == engine && *at == size);
        kept.map_or(f64::NAN, |(_, _, ratio)| *ratio)
    }

    pub(crate) fn write(self, elapsed: Duration) -> Result<()> {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
        let date = Command::new("date")
            .args(["-u", "+%Y-%m-%d"])
            .output()?
            .stdout;
        let date = String::from_utf8(date)?.trim().to_owned();
        let load_after = machine::load_average()?;
        let minutes = elapsed.as_secs().div_ceil(60);
        let page = self.page(&date, minutes, &load_after)?;
        fs::write(docs.join("BENCHMARKS.md"), page)?;
        let measurements: Vec<_> = self.measurements.iter().map(Measurement::as_json).collect();
        let value = json!({
            "date": date,
            "commit": self.machine.commit,
            "machine": {
                "cpu": self.machine.cpu,
                "cores": self.machine.cores,
                "memory_mib": self.machine.memory_mib,
                "system": self.machine.system,
                "versions": self.machine.versions,
                "load_before": self.machine.load_before,
                "load_after": load_after,
            },
            "figures": measurements,
        });
        let text = serde_json::to_string_pretty(&value)? + "\n";
        fs::write(docs.join("benchmarks.json"), text)?;
        let missed = self
            .measurements
            .iter()
            .filter(|figure| figure.target.is_missed());
        println!(
            "\ndocs/BENCHMARKS.md is written; {} targets were not reached",
            missed.count()
        );
        Ok(())
    }

    fn page(&self, date: &str, minutes: u64, load_after: &str) -> Result<String> {
        let machine = &self.machine;
        let mut page = String::from(
            "# Benchmarks\n\nWritten by `make bench` (`bench/`), never by hand. [GROWING.md](GROWING.md) says \
             what the figures mean for operators.\n\n",
        );
        writeln!(
            page,
            "Measured {date} at commit {} in {minutes} min on: {} × {}, {} MiB, {}. Load average {} before and {load_after} after \
             (all programs share these cores). {}.\n",
            machine.commit,
            machine.cores,
            machine.cpu,
            machine.memory_mib,
            machine.system,
            machine.load_before,
            machine.versions.join("; "),
        )?;
        for engine in ["SQLite", "PostgreSQL"] {
            let mut measurements = self
                .measurements
                .iter()
                .filter(|f| f.engine == engine)
                .peekable();
            if measurements.peek().is_none() {
                continue;
            }
            writeln!(page, "## {engine}\n")?;
            writeln!(
                page,
                "| what | figure | target | reached | details |\n|---|---|---|---|---|"
            )?;
            for Measurement {
                name,
                shown,
                note,
                target,
                ..
            } in measurements
            {
                let (wanted, verdict) = (target.wanted(), target.verdict());
                writeln!(
                    page,
                    "| {name} | **{shown}** | {wanted} | {verdict} | {note} |"
                )?;
            }
            page.push('\n');
        }
        page.push_str(METHOD);
        for (name, value) in SETTINGS {
            writeln!(page, "- `{name}={value}`")?;
        }
        Ok(page)
    }
}

impl Measurement {
    fn as_json(&self) -> serde_json::Value {
        let (value, target) = match self.target {
            Target::AtLeast { value, target } | Target::AtMost { value, target, .. } => {
                (Some(value), Some(target))
            }
            Target::None | Target::NotMeasurable => (None, None),
        };
        json!({
            "engine": self.engine,
            "what": self.name,
            "figure": self.shown,
            "note": self.note,
            "value": value,
            "level": target,
            "reached": match self.target {
                Target::AtLeast { .. } | Target::AtMost { .. } => Some(!self.target.is_missed()),
                Target::None | Target::NotMeasurable => None,
            },
        })
    }
}

impl Target {
    /// NaN misses every target.
    fn is_missed(self) -> bool {
        match self {
            Self::None | Self::NotMeasurable => false,
            Self::AtLeast { value, target } => !matches!(
                value.partial_cmp(&target),
                Some(std::cmp::Ordering::Greater | std::cmp::Ordering::Equal)
            ),
            Self::AtMost { value, target, .. } => !matches!(
                value.partial_cmp(&target),
                Some(std::cmp::Ordering::Less | std::cmp::Ordering::Equal)
            ),
        }
    }

    fn wanted(self) -> String {
        match self {
            Self::None => String::new(),
            Self::AtLeast { target, .. } => format!("at least {target}"),
            Self::AtMost { target, unit, .. } => format!("at most {target}{unit}"),
            Self::NotMeasurable => "see there".to_owned(),
        }
    }

    fn verdict(self) -> &'static str {
        match self {
            Self::None => "",
            Self::NotMeasurable => "can't be seen here",
            _ if self.is_missed() => "**no**",
            _ => "yes",
        }
    }
}

/// The median of the values.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    percentile(values, 0.5)
}

/// The value that the given share of all values doesn't exceed.
pub(crate) fn percentile(values: impl IntoIterator<Item = f64>, share: f64) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 0 to the last place"
    )]
    let at = (last * share).round() as usize;
    values.get(at).copied().unwrap_or(f64::NAN)
}

const METHOD: &str = "\
## Method

- The release binary (`make release`) serves a fresh database in a folder on the disk. Log lines go to a
  file, at the default level. The load comes from [wrk](https://github.com/wg/wrk) with 2 threads, or from
  the benchmark program where wrk can't follow (a code that is created and then verified, events). All of it,
  the database server included, shares the cores of one machine, so absolute figures are low: compare the
  *ratios*.
- A figure and what it is compared with run in turn, in rounds of a few seconds. Figures are medians of the
  rounds. wrk waits for each response before it sends the next request on a connection, so its p99 is that of
  64 callers in a closed loop.
- *Bare route*: axum in a process of its own that answers the same requests with the same bytes (status,
  headers, body) as Portal. *Bare argon2*: verifications with Portal's parameters, one thread per core, each
  in memory that is allocated for it. *Single commits*: one row per transaction on SQLite with
  `synchronous = full`, in the same folder, one after the other.
- Each session is chosen with equal probability. The session check is what a service asks
  (`GET /v1/users/me` with the shared cookie). The row *with both cookies* is what a browser sends; it also
  records once a minute that the session is in use.
- A code that is made and verified is two requests: a bot asks for a code for one of the seeded people
  (`bot/send-code`), and the code is verified (`verify`) from the address of that person. Neither is answered
  before its commit is on the disk. Group commit matters where the disk is slow, so the benchmark repeats the
  measurement with each `fsync` and `fdatasync` of Portal and of the single commits 10 ms longer (strace
  delays them).
- Events: 5,000 bots, each with a key and a stream of its own. A code is requested on the web, and each
  stream records when the event arrives, counted from the moment before the request was sent.
- CPU times are those of Portal's process (user and system), from the kernel.
- Settings other than the defaults (all requests come from one address, so its limits are lifted):
";

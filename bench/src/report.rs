//! What was measured, as a page and as JSON.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::json;

use crate::Result;
use crate::machine::{self, Machine};
use crate::place::{Engine, Place, SETTINGS};

/// What a figure has to be.
#[derive(Clone, Copy)]
pub(crate) enum Level {
    /// The figure stands here to be known.
    None,
    AtLeast {
        value: f64,
        level: f64,
    },
    AtMost {
        value: f64,
        level: f64,
        unit: &'static str,
    },
    /// Can't be seen on this machine, as the note says.
    NotHere,
}

struct Figure {
    engine: &'static str,
    what: String,
    shown: String,
    note: String,
    level: Level,
}

pub(crate) struct Report {
    machine: Machine,
    figures: Vec<Figure>,
    /// Ratios that later ones are compared with, by engine and size.
    ratios: Vec<(String, usize, f64)>,
}

impl Report {
    pub(crate) fn new(place: &Place) -> Result<Self> {
        let mut report = Self {
            machine: Machine::look()?,
            figures: Vec::new(),
            ratios: Vec::new(),
        };
        let bytes = fs::metadata(&place.binary)?.len();
        report.add(
            &Engine::Sqlite,
            "release binary, pages and all",
            format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20)),
            "one file",
            Level::None,
        );
        Ok(report)
    }

    pub(crate) fn add(
        &mut self,
        engine: &Engine,
        what: &str,
        figure: String,
        note: &str,
        level: Level,
    ) {
        let engine = match engine {
            Engine::Sqlite => "SQLite",
            Engine::Postgres { .. } => "PostgreSQL",
        };
        crate::say(&format!(
            "{engine}: {what}: {figure} ({note}) {}",
            level.verdict()
        ));
        self.figures.push(Figure {
            engine,
            what: what.to_owned(),
            shown: figure,
            note: note.to_owned(),
            level,
        });
    }

    pub(crate) fn keep_ratio(&mut self, engine: &Engine, size: usize, ratio: f64) {
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

    pub(crate) fn write(self, took: Duration) -> Result<()> {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
        let date = Command::new("date")
            .args(["-u", "+%Y-%m-%d"])
            .output()?
            .stdout;
        let date = String::from_utf8(date)?.trim().to_owned();
        let load_after = machine::load()?;
        let minutes = took.as_secs().div_ceil(60);
        let page = self.page(&date, minutes, &load_after)?;
        fs::write(docs.join("BENCHMARKS.md"), page)?;
        let figures: Vec<_> = self.figures.iter().map(Figure::as_json).collect();
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
            "figures": figures,
        });
        let text = serde_json::to_string_pretty(&value)? + "\n";
        fs::write(docs.join("benchmarks.json"), text)?;
        let missed = self
            .figures
            .iter()
            .filter(|figure| figure.level.is_missed());
        println!(
            "\ndocs/BENCHMARKS.md is written; {} levels were not reached",
            missed.count()
        );
        Ok(())
    }

    fn page(&self, date: &str, minutes: u64, load_after: &str) -> Result<String> {
        let machine = &self.machine;
        let mut page = String::from(
            "# Benchmarks\n\nWritten by `make bench` (`bench/`), never by hand. What the figures mean for \
             operators: [GROWING.md](GROWING.md).\n\n",
        );
        writeln!(
            page,
            "Measured {date} at commit {} in {minutes} min on: {} × {}, {} MiB, {}. Load average {} before and {load_after} after \
             (all programs below share these cores). {}.\n",
            machine.commit,
            machine.cores,
            machine.cpu,
            machine.memory_mib,
            machine.system,
            machine.load_before,
            machine.versions.join("; "),
        )?;
        for engine in ["SQLite", "PostgreSQL"] {
            let mut figures = self
                .figures
                .iter()
                .filter(|f| f.engine == engine)
                .peekable();
            if figures.peek().is_none() {
                continue;
            }
            writeln!(page, "## {engine}\n")?;
            writeln!(
                page,
                "| what | figure | level | reached | more |\n|---|---|---|---|---|"
            )?;
            for Figure {
                what,
                shown,
                note,
                level,
                ..
            } in figures
            {
                let (wanted, verdict) = (level.wanted(), level.verdict());
                writeln!(
                    page,
                    "| {what} | **{shown}** | {wanted} | {verdict} | {note} |"
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

impl Figure {
    fn as_json(&self) -> serde_json::Value {
        let (value, level) = match self.level {
            Level::AtLeast { value, level } | Level::AtMost { value, level, .. } => {
                (Some(value), Some(level))
            }
            Level::None | Level::NotHere => (None, None),
        };
        json!({
            "engine": self.engine,
            "what": self.what,
            "figure": self.shown,
            "note": self.note,
            "value": value,
            "level": level,
            "reached": match self.level {
                Level::AtLeast { .. } | Level::AtMost { .. } => Some(!self.level.is_missed()),
                Level::None | Level::NotHere => None,
            },
        })
    }
}

impl Level {
    /// Not a number is missed too.
    fn is_missed(self) -> bool {
        match self {
            Self::None | Self::NotHere => false,
            Self::AtLeast { value, level } => !matches!(
                value.partial_cmp(&level),
                Some(std::cmp::Ordering::Greater | std::cmp::Ordering::Equal)
            ),
            Self::AtMost { value, level, .. } => !matches!(
                value.partial_cmp(&level),
                Some(std::cmp::Ordering::Less | std::cmp::Ordering::Equal)
            ),
        }
    }

    fn wanted(self) -> String {
        match self {
            Self::None => String::new(),
            Self::AtLeast { level, .. } => format!("at least {level}"),
            Self::AtMost { level, unit, .. } => format!("at most {level}{unit}"),
            Self::NotHere => "see there".to_owned(),
        }
    }

    fn verdict(self) -> &'static str {
        match self {
            Self::None => "",
            Self::NotHere => "can't be seen here",
            _ if self.is_missed() => "**no**",
            _ => "yes",
        }
    }
}

/// Middle one of the values.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    percentile(values, 0.5)
}

/// The value that this share of all doesn't exceed.
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

- The release binary (`make release`) serves a fresh database in a folder on the disk; log lines go to a
  file, at the default level. The load comes from [wrk](https://github.com/wg/wrk) with 2 threads, or where
  wrk can't follow (a code that is made and then shown, events) from the measuring program. All of it, the
  database's server too, shares the cores of one machine, so absolute figures are low; *ratios* are what to
  look at.
- What a figure is compared with runs in turn with it, in rounds of a few seconds; figures are medians of
  the rounds. wrk waits for each answer before it asks again on a connection, so its p99 is that of
  64 callers in a closed loop.
- *Bare route*: axum in a process of its own that answers the very bytes (status, headers, body) that the
  portal answered, to the same requests. *Bare argon2*: verifications with the portal's parameters, one
  thread a core, nothing else, each in memory that is allocated for it. *Single commits*: one row a transaction on SQLite with
  `synchronous = full`, in the same folder, one after the other.
- Sessions are drawn from all with equal chances. The session check is what a sister service asks
  (`GET /v1/users/me` with the shared cookie); beside it stands the same with both cookies, as a browser
  sends it, which also writes down once a minute that the session is in use.
- A code that is made and shown is two requests: a bot asks for a code for one of the seeded people
  (`bot/send-code`), and it is shown (`verify`) from the address of that person. Neither is answered before
  its commit is on the disk (`backend/src/store/group_commit.rs` has the tests). How many commits share one
  wait for the disk shows where the disk is slow, so it is measured again with each `fsync` and `fdatasync`
  of the portal and of the single commits 10 ms longer (strace delays them).
- Events: 5,000 bots, each with a key and a stream of its own; a code is asked for on the web, and each
  stream notes when the event arrives, counted from the moment before the request was sent.
- CPU times are those of the portal's process (user and system), from the kernel.
- Settings other than the defaults (all requests come from one address, so its limits are lifted):
";

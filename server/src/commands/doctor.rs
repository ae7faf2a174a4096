use std::env;
use std::fs;
use std::time::UNIX_EPOCH;

use backend::{Clock, Finding, Verdict};
use serde_json::{Value, json};

use super::{CommandError, say};
use crate::assets::Assets;
use crate::settings::Settings;

/// `portal doctor`: looks at all the portal needs, changes nothing, and fails if something
/// is broken.
pub(super) async fn run(settings: &Settings, json: bool) -> Result<(), CommandError> {
    let mut findings = vec![of_settings(settings)];
    if let Ok(config) = settings.config() {
        findings.extend(backend::diagnose(&config, &Clock::System).await);
    }
    if let Some(early) = clock_before_this_program() {
        findings.push(early);
    }
    let lines: Vec<String> = findings.iter().map(line).collect();
    let checks: Vec<Value> = findings.iter().map(value).collect();
    let broken = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Broken)
        .count();
    say(
        json,
        &lines.join("\n"),
        &json!({ "ok": broken == 0, "checks": checks }),
    );
    match broken {
        0 => Ok(()),
        1 => Err(CommandError::Refused("1 check failed.".to_owned())),
        more => Err(CommandError::Refused(format!("{more} checks failed."))),
    }
}

/// Each setting for itself was understood already: here is whether they go together.
fn of_settings(settings: &Settings) -> Finding {
    let together = Assets::find()
        .map_err(|error| error.to_string())
        .and_then(|mut assets| {
            let site = settings.config().and_then(|_| settings.site(&mut assets));
            site.map_err(|error| error.to_string())
        });
    let (verdict, sentence) = match together {
        Ok((site, _)) => (
            Verdict::Fine,
            format!("the portal's address is {}", site.base_url),
        ),
        Err(error) => (Verdict::Broken, error),
    };
    Finding {
        about: "settings",
        verdict,
        sentence,
    }
}

/// A clock that stands before the moment this program was written to the disk is wrong
/// (security A22); embedded databases have no clock of their own to compare with.
fn clock_before_this_program() -> Option<Finding> {
    let written = fs::metadata(env::current_exe().ok()?)
        .ok()?
        .modified()
        .ok()?;
    let written = written.duration_since(UNIX_EPOCH).ok()?.as_micros();
    let now = Clock::System.now();
    (i128::from(now.as_micros()) < i128::try_from(written).ok()?).then(|| Finding {
        about: "clock",
        verdict: Verdict::Broken,
        sentence: format!("it's {now} here, but this program is newer than that"),
    })
}

fn line(finding: &Finding) -> String {
    let verdict = word(finding.verdict);
    format!("{verdict:<7} {:<12} {}", finding.about, finding.sentence)
}

fn value(finding: &Finding) -> Value {
    json!({
        "check": finding.about,
        "verdict": word(finding.verdict),
        "sentence": finding.sentence,
    })
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fine => "ok",
        Verdict::Warning => "warning",
        Verdict::Broken => "error",
    }
}

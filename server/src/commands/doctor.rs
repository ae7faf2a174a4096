use std::env;
use std::fs;
use std::time::UNIX_EPOCH;

use backend::{Clock, Finding, Verdict};
use serde_json::{Value, json};

use super::error::CommandError;
use super::output::print_result;
use crate::assets::Assets;
use crate::settings::Settings;

/// `portal doctor`: checks everything the portal needs, changes nothing, and fails if a check
/// fails.
pub(crate) async fn run(settings: &Settings, json: bool) -> Result<(), CommandError> {
    let mut findings = vec![check_settings(settings)];
    if let Ok(config) = settings.config() {
        findings.extend(backend::diagnose(&config, &Clock::System).await);
    }
    if let Some(finding) = check_clock() {
        findings.push(finding);
    }
    let lines: Vec<String> = findings.iter().map(text_line).collect();
    let checks: Vec<Value> = findings.iter().map(as_json).collect();
    let broken = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Broken)
        .count();
    print_result(
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

/// Checks whether the settings, each valid by itself, are consistent.
fn check_settings(settings: &Settings) -> Finding {
    let checked = Assets::find()
        .map_err(|error| error.to_string())
        .and_then(|mut assets| {
            let site = settings.config().and_then(|_| settings.site(&mut assets));
            site.map_err(|error| error.to_string())
        });
    let (verdict, sentence) = match checked {
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

/// A clock behind the file time of this program is wrong (security A22). Embedded databases have no
/// clock of their own to compare with.
fn check_clock() -> Option<Finding> {
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

fn text_line(finding: &Finding) -> String {
    let verdict = verdict_name(finding.verdict);
    format!("{verdict:<7} {:<12} {}", finding.about, finding.sentence)
}

fn as_json(finding: &Finding) -> Value {
    json!({
        "check": finding.about,
        "verdict": verdict_name(finding.verdict),
        "sentence": finding.sentence,
    })
}

const fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fine => "ok",
        Verdict::Warning => "warning",
        Verdict::Broken => "error",
    }
}

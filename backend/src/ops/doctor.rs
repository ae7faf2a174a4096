use std::time::Duration;

use domain::Timestamp;

use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::server_secret::ServerSecret;
use crate::mail::service::MailService;
use crate::store::inspection::DatabaseState;
use crate::store::sql::database::Database;
use crate::store::sql::database_url::DatabaseUrl;

/// How far the clocks of servers may differ.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(5);

/// The result of checking one thing the portal needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `database`, `secret file`, `clock` or `mail`.
    pub about: &'static str,
    pub verdict: Verdict,
    /// One sentence without secrets.
    pub sentence: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Fine,
    /// It works, but the operator should look at it.
    Warning,
    Broken,
}

impl Finding {
    fn fine(about: &'static str, sentence: String) -> Self {
        Self {
            about,
            verdict: Verdict::Fine,
            sentence,
        }
    }

    fn odd(about: &'static str, sentence: String) -> Self {
        Self {
            about,
            verdict: Verdict::Warning,
            sentence,
        }
    }

    fn broken(about: &'static str, sentence: String) -> Self {
        Self {
            about,
            verdict: Verdict::Broken,
            sentence,
        }
    }
}

/// Checks everything the portal needs, without creating or changing stored data.
pub async fn diagnose(config: &Config, clock: &Clock) -> Vec<Finding> {
    let url = &config.database_url;
    let condition = Database::look_at(url).await;
    let mut findings = vec![database(url, &condition)];
    findings.push(secret_file(config, condition.as_ref().ok()));
    findings.push(time(condition.as_ref().ok(), clock.now()));
    findings.push(mail(config).await);
    findings
}

fn database(url: &DatabaseUrl, condition: &Result<DatabaseState, sqlx::Error>) -> Finding {
    const ABOUT: &str = "database";
    match condition {
        Err(cause) => Finding::broken(ABOUT, format!("{url} can't be used ({cause})")),
        Ok(DatabaseState::Absent) => Finding::odd(
            ABOUT,
            format!("{url} doesn't exist yet; `portal serve` creates it"),
        ),
        Ok(DatabaseState::Present(state)) => {
            let (have, want) = (state.migration, state.newest_migration);
            if !state.intact {
                Finding::broken(ABOUT, format!("{url} is damaged; restore a backup"))
            } else if have > want {
                let why = "was created by a newer version of Portal";
                Finding::broken(ABOUT, format!("{url} {why} (migration {have})"))
            } else if have < want {
                let what = "`portal migrate` and `portal serve` update it";
                Finding::odd(ABOUT, format!("{url} is from an older version; {what}"))
            } else if !state.writable {
                Finding::broken(ABOUT, format!("{url} can be read but not written"))
            } else {
                Finding::fine(ABOUT, format!("{url} can be read and written"))
            }
        }
    }
}

fn secret_file(config: &Config, condition: Option<&DatabaseState>) -> Finding {
    const ABOUT: &str = "secret file";
    let file = &config.secret_file;
    let stored = match condition {
        Some(DatabaseState::Present(state)) => state.secret_check.as_deref(),
        Some(DatabaseState::Absent) | None => None,
    };
    match ServerSecret::diagnose(file, stored) {
        Ok(None) => Finding::odd(
            ABOUT,
            format!(
                "{} doesn't exist yet; the first start creates it",
                file.display()
            ),
        ),
        Ok(Some(mode)) if mode & 0o077 != 0 => Finding::odd(
            ABOUT,
            format!(
                "{} can be read by others (mode {mode:o}); change it to 600",
                file.display()
            ),
        ),
        Ok(Some(_)) => {
            let whose = if stored.is_some() {
                "belongs to the database"
            } else {
                "can be read"
            };
            Finding::fine(ABOUT, format!("{} {whose}", file.display()))
        }
        Err(error) => Finding::broken(ABOUT, error.to_string()),
    }
}

fn time(condition: Option<&DatabaseState>, now: Timestamp) -> Finding {
    const ABOUT: &str = "clock";
    let Some(DatabaseState::Present(state)) = condition else {
        return Finding::fine(ABOUT, format!("it's {now}"));
    };
    let apart = now.since(state.now).max(state.now.since(now));
    if apart > CLOCK_TOLERANCE {
        let apart = apart.as_secs();
        let sentence = format!("it's {now} here, {apart} seconds from the database's clock");
        return Finding::broken(ABOUT, sentence);
    }
    match state.newest_event {
        Some(event) if event.since(now) > CLOCK_TOLERANCE => Finding::broken(
            ABOUT,
            format!("it's {now} here, but the audit log already has an event from {event}"),
        ),
        Some(_) | None => Finding::fine(ABOUT, format!("it's {now}")),
    }
}

async fn mail(config: &Config) -> Finding {
    const ABOUT: &str = "mail";
    let room = match MailService::new(&config.mail) {
        Ok(room) => room,
        Err(error) => return Finding::broken(ABOUT, error.to_string()),
    };
    match room.test_connection().await {
        Ok(sentence) => Finding::fine(ABOUT, sentence),
        Err(sentence) => Finding::broken(ABOUT, sentence),
    }
}

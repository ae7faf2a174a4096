use std::time::Duration;

use backend::Retention;
use clap::Args;

use super::duration::parse_duration;

/// How long old rows are kept.
#[expect(clippy::struct_field_names, reason = "the fields name the settings")]
#[derive(Args, Clone, Debug)]
pub struct RetentionSettings {
    /// How long expired codes are kept, at least a day
    #[arg(long, env = "PORTAL_CODE_RETENTION", global = true, value_name = "TIME", default_value = "24h", value_parser = parse_code_retention)]
    pub code_retention: Duration,

    /// How long ended sessions are kept
    #[arg(long, env = "PORTAL_SESSION_RETENTION", global = true, value_name = "TIME", default_value = "30d", value_parser = parse_duration)]
    pub session_retention: Duration,

    /// How long audit log entries are kept
    #[arg(long, env = "PORTAL_AUDIT_RETENTION", global = true, value_name = "TIME", default_value = "365d", value_parser = parse_duration)]
    pub audit_retention: Duration,
}

impl RetentionSettings {
    pub(super) const fn retention(&self) -> Retention {
        Retention {
            codes: self.code_retention,
            sessions: self.session_retention,
            audit: self.audit_retention,
        }
    }
}

/// The codes of the last day are counted, so they have to be kept that long.
fn parse_code_retention(text: &str) -> Result<Duration, &'static str> {
    let length = parse_duration(text)?;
    if length >= Duration::from_hours(24) {
        Ok(length)
    } else {
        Err("must be 24h or longer")
    }
}

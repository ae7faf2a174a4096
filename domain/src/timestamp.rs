use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat};
use serde::{Serialize, Serializer};

/// The duration in whole seconds, rounded up so that waiting them is always long enough.
#[must_use]
pub const fn whole_seconds(length: Duration) -> u64 {
    length.as_secs() + (length.subsec_nanos() > 0) as u64
}

/// A point in time, in whole microseconds since 1970-01-01T00:00:00Z.
///
/// Microseconds are what both databases store in a `bigint` and what the contract prints
/// (docs/contract.md, Common rules: six decimals and `Z`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole milliseconds since 1970, as printed by the `/api/auth` routes.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The time since `earlier`; zero if the clock was set back.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let micros = self.0.saturating_sub(earlier.0);
        Duration::from_micros(u64::try_from(micros).unwrap_or(0))
    }

    /// The day and minute for people, `21 November 2026, 14:02 UTC`.
    #[must_use]
    pub fn to_human(self) -> String {
        self.format("%-d %B %Y, %H:%M UTC")
    }

    /// The day alone, for the distant past: `21 November 2026`.
    #[must_use]
    pub fn to_human_day(self) -> String {
        self.format("%-d %B %Y")
    }

    /// The minute alone, for times minutes away: `14:02 UTC`.
    #[must_use]
    pub fn to_human_time(self) -> String {
        self.format("%H:%M UTC")
    }

    fn format(self, pattern: &str) -> String {
        match DateTime::from_timestamp_micros(self.0) {
            Some(moment) => moment.format(pattern).to_string(),
            // Outside chrono's range: show the number rather than fail.
            None => self.0.to_string(),
        }
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, length: Duration) -> Self {
        Self(self.0.saturating_add(micros_of(length)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, length: Duration) -> Self {
        Self(self.0.saturating_sub(micros_of(length)))
    }
}

fn micros_of(length: Duration) -> i64 {
    i64::try_from(length.as_micros()).unwrap_or(i64::MAX)
}

/// ISO 8601 in UTC with six decimals and `Z` (docs/contract.md, Common rules).
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_timestamp_micros(self.0) {
            Some(moment) => f.write_str(&moment.to_rfc3339_opts(SecondsFormat::Micros, true)),
            None => self.0.fmt(f),
        }
    }
}

/// The error for a text that isn't an ISO 8601 time with its time zone (RFC 3339), or is outside
/// the years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimestampError;

impl fmt::Display for TimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be a time like 2027-01-31T12:00:00Z")
    }
}

impl std::error::Error for TimestampError {}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let moment = DateTime::parse_from_rfc3339(text).map_err(|_| TimestampError)?;
        let moment = moment.to_utc();
        // An offset can lead outside the years of four digits.
        let (first, last) = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z");
        let shown = moment.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
        if shown.len() != last.len() || shown.as_str() < first || shown.as_str() > last {
            return Err(TimestampError);
        }
        Ok(Self(moment.timestamp_micros()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_prints_as_the_contract_does() {
        let moment = Timestamp::from_micros(1_774_972_996_763_528);
        assert_eq!(moment.to_string(), "2026-03-31T16:03:16.763528Z");
        let whole_second = Timestamp::from_micros(1_774_972_996_000_000);
        assert_eq!(whole_second.to_string(), "2026-03-31T16:03:16.000000Z");
    }

    #[test]
    fn it_is_read_with_its_zone() {
        let moment = Timestamp::from_micros(1_774_972_996_763_528);
        for text in [
            "2026-03-31T16:03:16.763528Z",
            "2026-03-31T18:03:16.763528+02:00",
            "2026-03-31T16:03:16.763528999Z",
        ] {
            assert_eq!(text.parse(), Ok(moment), "{text}");
        }
        for text in [
            "",
            "tomorrow",
            "2026-03-31",
            "2026-03-31T16:03:16",
            "2026-02-30T16:03:16Z",
            "1774972996",
            "+12026-03-31T16:03:16Z",
            "9999-12-31T23:59:59-01:00",
            "0000-01-01T00:00:00Z",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(TimestampError), "{text}");
        }
    }

    #[test]
    fn it_survives_the_ends_of_time() {
        let end = Timestamp::from_micros(i64::MAX) + Duration::from_secs(1);
        assert_eq!(end.as_micros(), i64::MAX);
        assert!(!end.to_string().is_empty());
        assert_eq!(Timestamp::from_micros(0).since(end), Duration::ZERO);
    }
}

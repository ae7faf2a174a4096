use std::time::Duration;

/// A duration as a whole number and a unit: `30d`, `1h`, `10m`, `90s`; from a second to ten years.
pub(super) fn parse_duration(text: &str) -> Result<Duration, &'static str> {
    const FORM: &str = "must be a duration like 30d, 1h, 10m or 90s";
    const TEN_YEARS: u64 = 10 * 365 * 86_400;
    let (number, unit) = text
        .split_at_checked(text.len().saturating_sub(1))
        .ok_or(FORM)?;
    let seconds = match unit {
        "d" => 86_400,
        "h" => 3_600,
        "m" => 60,
        "s" => 1,
        _ => return Err(FORM),
    };
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    let number: u64 = number.parse().ok().filter(|_| digits).ok_or(FORM)?;
    let total = number.checked_mul(seconds).ok_or(FORM)?;
    if (1..=TEN_YEARS).contains(&total) {
        Ok(Duration::from_secs(total))
    } else {
        Err(FORM)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duration_is_a_number_and_a_unit() {
        assert_eq!(parse_duration("30d"), Ok(Duration::from_hours(720)));
        assert_eq!(parse_duration("90s"), Ok(Duration::from_secs(90)));
        for invalid in [
            "",
            "d",
            "0d",
            "-1d",
            "+1d",
            "1.5h",
            "1w",
            "30",
            "99999999999d",
            "1é",
        ] {
            assert!(parse_duration(invalid).is_err(), "{invalid}");
        }
    }
}

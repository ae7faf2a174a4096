use domain::SixDigits;

use crate::Failure;
use crate::secrets::random_bytes;

/// A code to be sent by mail: six random digits, each of the million as likely as any
/// other (ASVS 6.5.3).
///
/// # Errors
/// The system's generator failed.
pub(crate) fn draw() -> Result<SixDigits, Failure> {
    loop {
        if let Some(number) = fair(u32::from_le_bytes(random_bytes()?)) {
            return format!("{number:06}")
                .parse()
                .map_err(|error| Failure::Internal(format!("{error:?}").into()));
        }
    }
}

/// A number below a million; none for what would favour the first of them, which is thrown
/// away, not folded.
fn fair(random: u32) -> Option<u32> {
    const CODES: u32 = 1_000_000;
    const FAIR: u32 = u32::MAX - u32::MAX % CODES;
    (random < FAIR).then_some(random % CODES)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By a chi-square test for each of the six places. The bound (9 degrees of freedom) is
    /// passed by chance once in 10^9 runs.
    #[test]
    fn no_place_favours_a_digit() {
        const CODES: u32 = 20_000;
        let mut counts = [[0_u32; 10]; 6];
        for _ in 0..CODES {
            for (place, digit) in draw().unwrap().reveal().bytes().enumerate() {
                counts[place][usize::from(digit - b'0')] += 1;
            }
        }
        let expected = f64::from(CODES) / 10.0;
        for (place, digits) in counts.iter().enumerate() {
            let chi_square: f64 = digits
                .iter()
                .map(|count| (f64::from(*count) - expected).powi(2) / expected)
                .sum();
            assert!(chi_square < 62.0, "place {place}: {chi_square}");
        }
    }

    #[test]
    fn numbers_that_would_favour_some_codes_are_thrown_away() {
        assert_eq!(fair(0), Some(0));
        assert_eq!(fair(4_293_999_999), Some(999_999));
        assert_eq!(fair(4_294_000_000), None);
        assert_eq!(fair(u32::MAX), None);
    }
}

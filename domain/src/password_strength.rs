//! Password strength estimation. The browser shares this code but has no list of common
//! passwords, so it recognises only rows, repetitions and years.
//!
//! The score is the smallest total over all ways to split a password into pieces. A single
//! character scores 1, one of the person's names 1, and a listed password, a row of keys,
//! letters or digits, or a year 2. A repetition scores its repeated unit plus 1. A password
//! with such pieces and a score below `ENOUGH` is rejected: `password` (2), `passwordpassword`
//! (3), `Sunshine2024!!!` (6), `qwertyuiopasdfgh` (4), but not `sunshine` with seven other
//! characters. A password without such pieces is never rejected.

/// The minimum score of a password with guessable pieces: the shortest length that may be set
/// with a second factor.
const ENOUGH: usize = 8;

/// The score of one of the person's own names; an attacker has only a few to try.
const NAME: usize = 1;
/// The score of a common piece; an attacker has some thousands to try.
const COMMON: usize = 2;

/// In bytes: shorter names and rows occur by chance.
pub const MIN_PIECE: usize = 4;

/// In bytes: no listed password and no row is longer, so longer pieces are never looked up.
pub const MAX_PIECE: usize = 30;

/// Sequences of keys, letters and digits, matched in both directions.
const ROWS: [&str; 17] = [
    "01234567890",
    "!@#$%^&*()",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
];

/// Whether a piece is on a list of common passwords.
type Listed<'a> = dyn Fn(&str) -> bool + 'a;

/// Whether the password contains guessable pieces and scores too low.
#[must_use]
pub fn is_weak(typed: &str, score: usize) -> bool {
    score < ENOUGH.min(typed.chars().count())
}

/// The score of a password: its length once guessable pieces count for little. The text and the
/// names are in NFC and lower case; `is_listed` recognises further common pieces.
#[must_use]
pub fn score(typed: &str, names: &[String], is_listed: impl Fn(&str) -> bool) -> usize {
    let is_listed: &Listed<'_> = &is_listed;
    let as_typed = score_repeated(typed, names, is_listed);
    match squeezed(typed) {
        short if short != typed => as_typed.min(score_repeated(&short, names, is_listed) + 1),
        _ => as_typed,
    }
}

fn score_repeated(text: &str, names: &[String], is_listed: &Listed<'_>) -> usize {
    let unit = repeated_unit(text);
    score_pieces(unit, names, is_listed) + usize::from(unit != text)
}

/// Reduces each run of three or more equal characters to one.
fn squeezed(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters
        .chunk_by(|one, next| one == next)
        .flat_map(|same| if same.len() > 2 { &same[..1] } else { same })
        .collect()
}

/// The shortest prefix whose repetition yields the whole text, the last time perhaps in part; the
/// text itself if there is none.
fn repeated_unit(text: &str) -> &str {
    let letters: Vec<char> = text.chars().collect();
    let repeats = |length: &usize| letters[*length..].iter().zip(&letters).all(|(a, b)| a == b);
    let unit = (1..=letters.len() / 2).find(repeats);
    let end = unit.and_then(|length| text.char_indices().nth(length));
    end.map_or(text, |(end, _)| &text[..end])
}

/// The smallest score over all ways to split the text.
fn score_pieces(text: &str, names: &[String], is_listed: &Listed<'_>) -> usize {
    let mut cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    cuts.push(text.len());
    // By cut: the score of the text before it.
    let mut least: Vec<usize> = (0..cuts.len()).collect();
    for start in 0..cuts.len() {
        let before = least[start];
        if let Some(next) = least.get_mut(start + 1) {
            *next = (*next).min(before + 1);
        }
        for end in start + MIN_PIECE..cuts.len() {
            if let Some(piece) = piece(&text[cuts[start]..cuts[end]], names, is_listed) {
                least[end] = least[end].min(before + piece);
            }
        }
    }
    least.last().copied().unwrap_or(0)
}

/// The score of a guessable piece; `None` if it isn't one.
fn piece(text: &str, names: &[String], is_listed: &Listed<'_>) -> Option<usize> {
    if names.iter().any(|name| name == text) {
        Some(NAME)
    } else if text.len() > MAX_PIECE {
        None
    } else if is_year(text) || is_row(text) || is_listed(text) {
        Some(COMMON)
    } else {
        None
    }
}

fn is_row(text: &str) -> bool {
    let backwards: String = text.chars().rev().collect();
    ROWS.iter()
        .any(|row| row.contains(text) || row.contains(&backwards))
}

fn is_year(text: &str) -> bool {
    text.len() == 4
        && (text.starts_with("19") || text.starts_with("20"))
        && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessable(typed: &str) -> bool {
        is_weak(typed, score(typed, &["alice".to_owned()], |_| false))
    }

    #[test]
    fn rows_repetitions_years_and_names_are_seen_without_a_list() {
        for typed in [
            "aaaaaaaaaaaaaaa",
            "qwertyuiopasdfgh",
            "123456789012345",
            "1qaz2wsx3edc4rf",
            "alicealicealice",
            "alice2024alice",
            "йцукенгшщзхъфывап",
        ] {
            assert!(guessable(typed), "{typed}");
        }
        for typed in [
            "ninety otters ride a tandem",
            "why does alice sing to the moon",
            "vr9#mq2x",
            "",
        ] {
            assert!(!guessable(typed), "{typed}");
        }
    }

    #[test]
    fn no_row_is_longer_than_what_is_looked_for() {
        assert!(ROWS.iter().all(|row| row.len() <= MAX_PIECE));
    }

    #[test]
    fn what_is_on_the_list_counts_for_little() {
        let listed = |text: &str| text == "sunshine";
        assert_eq!(score("sunshine", &[], listed), 2);
        assert_eq!(score("sunshinesunshine", &[], listed), 3);
        assert_eq!(score("sunshine", &[], |_| false), 8);
    }
}

//! Whether a password is among the first that an attacker would try (ASVS 6.2.4, 6.2.11,
//! 6.2.12; NIST SP 800-63B-4 3.1.1.2; contract section 5).
//!
//! One measure finds them all. A password is cut into pieces in the way that leaves it
//! worth least: a character is worth one, a name of the person's one, and two is the worth
//! of a listed password, a row of keys, letters or digits, or a year. A repetition is worth
//! what is repeated, and one more. Who holds such pieces and is worth less than
//! [`ENOUGH`] characters is refused: `password` (2), `passwordpassword` (3),
//! `Sunshine2024!!!` (6), `qwertyuiopasdfgh` (4), but not `sunshine` with seven characters
//! of one's own, and never a password without such pieces.

use std::sync::LazyLock;

use domain::{Password, PasswordWeakness};
use unicode_normalization::UnicodeNormalization as _;

/// What a password with guessable pieces must be worth: as much as the shortest that may
/// be set with a second factor.
const ENOUGH: usize = 8;

/// The worth of the person's own name, of which an attacker knows the few there are.
const NAME: usize = 1;
/// The worth of a common piece, of which an attacker knows some thousands.
const COMMON: usize = 2;

/// Shorter names and rows turn up by chance.
const SHORTEST_PIECE: usize = 4;

/// In bytes: no listed password and no row is longer, so nothing longer is looked for.
const LONGEST_COMMON: usize = 30;

/// Where they come from, and their licence: `data/NOTICE.txt`.
static LISTED: LazyLock<Vec<&str>> = LazyLock::new(|| {
    include_str!("../data/common_passwords.txt")
        .lines()
        .collect()
});

/// What fingers and alphabets run along, in both directions.
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

/// Judges a password that is to be set. `person_words` are the names that an attacker
/// knows: username, display name, the e-mail address before its `@`, the site's name; each
/// counts as a whole and in its words, where they have four characters or more.
///
/// # Errors
/// It is too easily guessed, and why.
pub(crate) fn judge(password: &Password, person_words: &[&str]) -> Result<(), PasswordWeakness> {
    judge_names(password, person_words)?;
    let typed = folded(password.as_str());
    if is_guessable(&typed, worth(&typed, &[])) {
        return Err(PasswordWeakness::Common);
    }
    Ok(())
}

/// Judges only by the person's own names: where `PORTAL_PASSWORD_BLOCKLIST` is off.
///
/// # Errors
/// [`PasswordWeakness::Personal`].
pub(crate) fn judge_names(
    password: &Password,
    person_words: &[&str],
) -> Result<(), PasswordWeakness> {
    let names = names(person_words);
    let typed = folded(password.as_str());
    // Without any of the names in it, whatever is wrong with it is not personal.
    if !names.iter().any(|name| typed.contains(name)) {
        return Ok(());
    }
    let with_names = worth(&typed, &names);
    if is_guessable(&typed, with_names) && with_names < worth(&typed, &[]) {
        return Err(PasswordWeakness::Personal);
    }
    Ok(())
}

/// Whether pieces were found, and little else.
fn is_guessable(typed: &str, worth: usize) -> bool {
    worth < ENOUGH.min(typed.chars().count())
}

/// How passwords are compared: NFC, lower case.
fn folded(text: &str) -> String {
    text.nfc().flat_map(char::to_lowercase).nfc().collect()
}

fn names(person_words: &[&str]) -> Vec<String> {
    let mut names = Vec::new();
    for word in person_words {
        let word = folded(word.trim());
        names.extend(
            word.split(|c: char| !c.is_alphanumeric())
                .map(str::to_owned),
        );
        names.push(word);
    }
    names.retain(|name| name.chars().count() >= SHORTEST_PIECE);
    names
}

/// What is left of a password once its guessable pieces count for little.
fn worth(typed: &str, names: &[String]) -> usize {
    let as_typed = worth_of_repeated(typed, names);
    match squeezed(typed) {
        short if short != typed => as_typed.min(worth_of_repeated(&short, names) + 1),
        _ => as_typed,
    }
}

fn worth_of_repeated(text: &str, names: &[String]) -> usize {
    let unit = repeated_unit(text);
    worth_in_pieces(unit, names) + usize::from(unit != text)
}

/// Each character that stands three times or more in a row, once.
fn squeezed(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters
        .chunk_by(|one, next| one == next)
        .flat_map(|same| if same.len() > 2 { &same[..1] } else { same })
        .collect()
}

/// The shortest start that makes the whole text when it is repeated, the last time perhaps
/// in part; the text itself if there is none.
fn repeated_unit(text: &str) -> &str {
    let letters: Vec<char> = text.chars().collect();
    let repeats = |length: &usize| letters[*length..].iter().zip(&letters).all(|(a, b)| a == b);
    let unit = (1..=letters.len() / 2).find(repeats);
    let end = unit.and_then(|length| text.char_indices().nth(length));
    end.map_or(text, |(end, _)| &text[..end])
}

/// The worth of a text cut where it is worth least.
fn worth_in_pieces(text: &str, names: &[String]) -> usize {
    let mut cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    cuts.push(text.len());
    // By cut: the worth of the text before it.
    let mut least: Vec<usize> = (0..cuts.len()).collect();
    for start in 0..cuts.len() {
        let before = least[start];
        if let Some(next) = least.get_mut(start + 1) {
            *next = (*next).min(before + 1);
        }
        for end in start + SHORTEST_PIECE..cuts.len() {
            if let Some(piece) = piece(&text[cuts[start]..cuts[end]], names) {
                least[end] = least[end].min(before + piece);
            }
        }
    }
    least.last().copied().unwrap_or(0)
}

/// The worth of a guessable piece; none if it isn't one.
fn piece(text: &str, names: &[String]) -> Option<usize> {
    if names.iter().any(|name| name == text) {
        Some(NAME)
    } else if text.len() > LONGEST_COMMON {
        None
    } else if is_year(text) || is_row(text) || LISTED.binary_search(&text).is_ok() {
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

    const ALICE: [&str; 4] = ["alice_l", "Alice Liddell", "alice.liddell", "Portal"];

    fn judged(typed: &str) -> Result<(), PasswordWeakness> {
        judge(&Password::parse(typed).unwrap(), &ALICE)
    }

    #[test]
    fn the_list_is_sorted_folded_and_long_enough() {
        assert!(LISTED.is_sorted_by(|one, next| one < next));
        for password in LISTED.iter() {
            assert_eq!(folded(password), *password);
            assert!(password.chars().count() >= Password::SHORTEST, "{password}");
            assert!(password.len() <= LONGEST_COMMON, "{password}");
        }
        let long_enough = |shortest| {
            let listed = LISTED.iter().filter(|p| p.chars().count() >= shortest);
            listed.count()
        };
        assert!(long_enough(8) >= 10_000, "{}", long_enough(8));
        assert!(long_enough(15) >= 150, "{}", long_enough(15));
        assert!(ROWS.iter().all(|row| row.len() <= LONGEST_COMMON));
    }

    #[test]
    fn no_listed_password_is_accepted_in_any_case() {
        for listed in LISTED.iter() {
            let password = Password::parse(&listed.to_uppercase()).unwrap();
            let judged = judge(&password, &[]);
            assert_eq!(judged, Err(PasswordWeakness::Common), "{listed}");
        }
    }

    #[test]
    fn long_passwords_made_of_common_pieces_are_refused() {
        for typed in [
            "aaaaaaaaaaaaaaa",
            "aaabbbcccdddeee",
            "123456789012345",
            "543210987654321",
            "abcdefghijklmnopqrstuvwxyz",
            "qwertyuiopasdfgh",
            "QWERTYUIOPASDFGHJKLZXCVBNM",
            "poiuytrewqlkjhg",
            "1qaz2wsx3edc4rf",
            "йцукенгшщзхъфывап",
            "passwordpassword",
            "Password1Password1",
            "password-password-password",
            "letmeinletmeinletmein",
            "iloveyou1234567",
            "passwordpassword12",
            "sunshineprincess",
            "Sunshine2024!!!",
            "dragon123456789",
            "121212121212121",
            "abc123abc123abc123",
            "correct horse battery staple",
            "!!!!!!!!!!!!!!!",
            "              .",
            "p@ssw0rdp@ssw0rd",
        ] {
            assert_eq!(judged(typed), Err(PasswordWeakness::Common), "{typed}");
        }
    }

    #[test]
    fn short_passwords_made_of_common_pieces_are_refused() {
        for typed in [
            "12345678",
            "password1",
            "Trustno1",
            "qwerty12",
            "aaaaaa",
            "2001987!",
        ] {
            assert_eq!(judged(typed), Err(PasswordWeakness::Common), "{typed}");
        }
    }

    #[test]
    fn the_persons_own_names_are_refused() {
        for typed in [
            "Alice Liddell",
            "alice.liddell",
            "alice-liddell-portal",
            "alicealicealice",
            "alice-2024-alice",
            "Liddell1234567890",
            "portalportal123",
            "A\u{4c}ICE_L!!!!!!!!!",
        ] {
            assert_eq!(judged(typed), Err(PasswordWeakness::Personal), "{typed}");
        }
        let decomposed = Password::parse("jose\u{301}jose\u{301}jose\u{301}").unwrap();
        let judged = judge_names(&decomposed, &["José"]);
        assert_eq!(judged, Err(PasswordWeakness::Personal));
    }

    #[test]
    fn a_name_in_a_good_password_does_no_harm() {
        for typed in [
            "why does alice sing to the moon",
            "liddell=7qGk!xV2p",
            "this portal is tired of tuesdays",
        ] {
            assert_eq!(judged(typed), Ok(()), "{typed}");
        }
    }

    #[test]
    fn names_of_three_characters_count_for_nothing() {
        let password = Password::parse("bobsled run bob").unwrap();
        assert_eq!(judge(&password, &["bob", "Bob", ""]), Ok(()));
    }

    #[test]
    fn good_passwords_are_accepted() {
        for typed in [
            "x7$Kp2",
            "vR9#mQ2x",
            "correct horse battery",
            "ninety otters ride a tandem",
            "fifteen chars ok",
            "hunter2 hunter3 hunter4",
            "monkey dragon master summer",
            "sunshineXk9vwpQ",
            "der kater schläft auf dem herd",
            "мой кот спит на печи",
            "猫は窓の下で眠っている夜",
            "🐱🚀🌵🎻🧊🍋",
        ] {
            assert_eq!(judged(typed), Ok(()), "{typed}");
        }
    }

    #[test]
    fn without_the_blocklist_only_names_are_refused() {
        let names_only = |typed: &str| judge_names(&Password::parse(typed).unwrap(), &ALICE);
        assert_eq!(names_only("password"), Ok(()));
        assert_eq!(names_only("aaaaaaaaaaaaaaa"), Ok(()));
        assert_eq!(
            names_only("alicealicealice"),
            Err(PasswordWeakness::Personal)
        );
    }

    #[test]
    fn the_longest_password_is_judged_like_any_other() {
        assert_eq!(judged(&"a1".repeat(64)), Err(PasswordWeakness::Common));
        let words = "four words that have nothing to do with each other, ";
        let long: String = words.chars().cycle().skip(7).step_by(3).take(128).collect();
        assert_eq!(judged(&long), Ok(()));
        assert_eq!(judged(&"İ".repeat(128)), Err(PasswordWeakness::Common));
    }
}

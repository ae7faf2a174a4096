//! The password blocklist: whether a password is among the first that an attacker would try (ASVS
//! 6.2.4, 6.2.11, 6.2.12; NIST SP 800-63B-4 3.1.1.2; docs/contract.md, Passwords).
//!
//! [`domain::score`] measures the strength; this module provides the list that it searches.

use std::sync::LazyLock;

use domain::{MIN_PIECE, Password, PasswordWeakness, is_weak, score};
use unicode_normalization::UnicodeNormalization as _;

/// Source and licence: `data/NOTICE.txt`.
static LISTED: LazyLock<Vec<&str>> = LazyLock::new(|| {
    include_str!("../../data/common_passwords.txt")
        .lines()
        .collect()
});

/// Judges a new password. `person_words` are names that an attacker knows: username, display
/// name, the local part of the email address and the site's name. Each counts as a whole and word
/// by word, if it has at least four characters.
///
/// # Errors
/// Why the password is too easy to guess.
pub(crate) fn judge(password: &Password, person_words: &[&str]) -> Result<(), PasswordWeakness> {
    judge_names(password, person_words)?;
    let typed = folded(password.as_str());
    if is_weak(&typed, score_of(&typed, &[])) {
        return Err(PasswordWeakness::Common);
    }
    Ok(())
}

/// Judges a password only by the person's own names, if `PORTAL_PASSWORD_BLOCKLIST` is off.
///
/// # Errors
/// [`PasswordWeakness::Personal`].
pub(crate) fn judge_names(
    password: &Password,
    person_words: &[&str],
) -> Result<(), PasswordWeakness> {
    let names = names(person_words);
    let typed = folded(password.as_str());
    // If it contains none of the names, its weakness isn't personal.
    if !names.iter().any(|name| typed.contains(name)) {
        return Ok(());
    }
    let with_names = score_of(&typed, &names);
    if is_weak(&typed, with_names) && with_names < score_of(&typed, &[]) {
        return Err(PasswordWeakness::Personal);
    }
    Ok(())
}

/// The form in which passwords are compared: NFC and lower case.
fn folded(text: &str) -> String {
    text.nfc().flat_map(char::to_lowercase).nfc().collect()
}

pub(crate) fn names(person_words: &[&str]) -> Vec<String> {
    let mut names = Vec::new();
    for word in person_words {
        let word = folded(word.trim());
        names.extend(
            word.split(|c: char| !c.is_alphanumeric())
                .map(str::to_owned),
        );
        names.push(word);
    }
    names.retain(|name| name.chars().count() >= MIN_PIECE);
    names
}

fn is_listed(text: &str) -> bool {
    LISTED.binary_search(&text).is_ok()
}

fn score_of(typed: &str, names: &[String]) -> usize {
    score(typed, names, is_listed)
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
            assert!(
                password.chars().count() >= Password::MIN_LENGTH,
                "{password}"
            );
            assert!(password.len() <= domain::MAX_PIECE, "{password}");
        }
        let long_enough = |shortest| {
            let listed = LISTED.iter().filter(|p| p.chars().count() >= shortest);
            listed.count()
        };
        assert!(long_enough(8) >= 10_000, "{}", long_enough(8));
        assert!(long_enough(15) >= 150, "{}", long_enough(15));
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

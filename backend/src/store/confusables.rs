use unicode_normalization::UnicodeNormalization as _;

/// The skeleton of a name: two names that people would confuse have the same skeleton (UTS 39,
/// section 4, but coarser). It is a key for comparing names and is never shown.
///
/// Case is ignored, and `I`, `i`, `l` and `1` are the same, since they are the same in the other
/// case. Accents, spaces and invisible characters are removed. The function is idempotent.
/// Results may change with a new version of Unicode, so stored skeletons have to be recomputed
/// then.
pub(crate) fn skeleton(name: &str) -> String {
    // Three times, because some letters are only confusable in their own case or in composed
    // form.
    let mut shape = name.to_owned();
    for _ in 0..3 {
        shape = unicode_security::skeleton(&bare(&shape)).collect();
    }
    let shape = bare(&shape).replace('i', "l");
    // A name of nothing but accents is its own skeleton.
    if shape.is_empty() {
        name.to_owned()
    } else {
        shape
    }
}

/// Whether a name is confusable with this word, ignoring punctuation between the letters.
pub(crate) fn is_taken_for(name: &str, word: &str) -> bool {
    let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let (name, word) = (letters(name), letters(word));
    !name.is_empty() && skeleton(&name) == skeleton(&word)
}

/// A name as searched for: lower case, letter by letter, so a prefix of a name folds to a prefix
/// of the folded name.
pub(crate) fn folded(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).collect()
}

/// The Unicode versions behind [`skeleton`] and [`folded`]. Stored values are recomputed when
/// they differ.
pub(crate) fn edition() -> String {
    let (security, normal) = (
        unicode_security::UNICODE_VERSION,
        unicode_normalization::UNICODE_VERSION,
    );
    format!("{security:?} {normal:?} {:?}", char::UNICODE_VERSION)
}

/// Lower case, without accents and spaces.
fn bare(text: &str) -> String {
    let lower = text.nfkd().collect::<String>();
    let lower = unicode_security::skeleton(&lower).flat_map(char::to_lowercase);
    lower
        .nfkd()
        .filter(|c| !(is_accent(*c) || c.is_whitespace()))
        .collect()
}

/// Combining marks shared by several scripts. Marks of a single script stay, because they may be
/// its vowels.
const fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: &str, other: &str) -> bool {
        skeleton(one) == skeleton(other)
    }

    #[test]
    fn names_that_look_alike_have_one_skeleton() {
        for (one, other) in [
            ("alice", "ALICE"),
            ("alice", "aIice"),
            ("alice", "a1ice"),
            ("alice", "al\u{456}ce"),
            ("alice", "\u{430}lice"),
            ("Alice", "\u{391}lice"),
            ("alice", "\u{ff41}\u{ff4c}\u{ff49}\u{ff43}\u{ff45}"),
            ("alice", "\u{1d41a}\u{1d425}\u{1d422}\u{1d41c}\u{1d41e}"),
            ("alice", "álicé"),
            ("alice", "al ice"),
            ("alice", "al\u{200d}ice"),
            ("alice", "\u{24d0}lice"),
            ("Morgan", "rnorgan"),
            ("MORGAN", "morgan"),
            ("bob", "b0b"),
            ("BOB", "\u{412}\u{41e}\u{412}"),
            ("paypal", "\u{440}\u{430}\u{443}\u{440}\u{430}l"),
        ] {
            let skeletons = (skeleton(one), skeleton(other));
            assert!(alike(one, other), "{one} {other}: {skeletons:?}");
        }
    }

    #[test]
    fn other_names_have_other_skeletons() {
        for (one, other) in [
            ("alice", "alicia"),
            ("alice", "alice2"),
            ("alice.b", "alice-c"),
            ("bob", "rob"),
            ("李小龙", "李大龙"),
            ("हिन्दी", "हन्द"),
            ("さくら", "さぐら"),
            ("ศรีสุดา", "ศรสดา"),
        ] {
            assert!(!alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn words_are_seen_behind_their_disguise() {
        for name in [
            "Admin",
            "\u{410}dmin",
            "A.d.m.i.n",
            "admin ✅",
            "[ADM1N]",
            "àdmin",
        ] {
            assert!(is_taken_for(name, "admin"), "{name}");
        }
        for name in ["Admina", "Madmin", "...", "李小龙"] {
            assert!(!is_taken_for(name, "admin"), "{name}");
        }
    }

    #[test]
    fn what_a_name_begins_with_is_found_in_it() {
        for name in ["Alice", "ΣΊΣΥΦΟΣ", "İstanbul", "Straße", "李小龙", "Łukasz"] {
            for (end, _) in name.char_indices() {
                let (whole, begin) = (folded(name), folded(&name[..end]));
                assert!(whole.starts_with(&begin), "{name} {begin}");
            }
        }
        assert_eq!(folded("Cafe\u{301}"), folded("CAFÉ"));
    }

    #[test]
    fn a_skeleton_is_its_own_and_never_empty() {
        for name in [
            "alice",
            "ALICE",
            "Morgan",
            "BOB",
            "Straße",
            "İstanbul",
            "ΣΊΣΥΦΟΣ",
            "ǅungla",
            "Ǆungla",
            "W\u{321}ojtek",
            "ſmith",
            "℡ ﬁn",
            "नमस्ते",
            "김철수",
            "ｶﾞｷﾞ",
            "🐱🐱🐱",
            "...",
            "|I1l!",
            "ϒps",
            "Ⅷ",
            "㎏㎏",
            "é\u{327}",
            "´´´",
        ] {
            let once = skeleton(name);
            assert_eq!(skeleton(&once), once, "{name}");
            assert!(!once.is_empty(), "{name}");
        }
    }
}

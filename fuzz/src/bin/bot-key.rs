//! Security A13: an invalid bot key is rejected without a database query.
#![no_main]

#[path = "../../../backend/src/bots/key.rs"]
mod bot_key;

use bot_key::{BotKey, BotKeyError};
use domain::BASE58;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = str::from_utf8(bytes) {
        typed(text);
        sealed(text);
    }
    // A key made of the first 44 bytes, and variants of it: the next byte selects a character, which the
    // remaining bytes replace.
    let endless = bytes.iter().copied().chain(std::iter::repeat(0));
    let letters = endless.map(|byte| char::from(BASE58[usize::from(byte % 58)]));
    let letters: String = letters.take(44).collect();
    let key = sealed(&letters);
    typed(&key);
    let Some([place, replacement @ ..]) = bytes.get(44..) else {
        return;
    };
    let Ok(replacement) = str::from_utf8(replacement) else {
        return;
    };
    let altered = |text: &str| {
        let place = usize::from(*place) % text.len();
        [&text[..place], replacement, &text[place + 1..]].concat()
    };
    sealed(&altered(&letters));
    // The checksum matches by chance once in 58^6.
    let altered = altered(&key);
    assert_eq!(
        altered.parse::<BotKey>().is_ok(),
        altered == key,
        "{altered}"
    );
});

/// An accepted key is the whole text and has the right form.
fn typed(text: &str) {
    let Ok(key) = text.parse::<BotKey>() else {
        return;
    };
    assert_eq!(key.reveal(), text);
    assert_eq!(text.len(), 55);
    let letters = text.strip_prefix("hbot_").unwrap();
    assert!(letters.bytes().all(|letter| BASE58.contains(&letter)));
    assert_eq!(key.public_id(), &letters[..12]);
    assert!(key.matches(&key.hash()));
    assert!(!format!("{key:?}").contains(key.public_id()));
}

/// Adds a correct checksum to the letters: the result is a key only if the letters are valid.
fn sealed(letters: &str) -> String {
    let key = BotKey::draw(|_| Ok::<_, BotKeyError>(letters.to_owned())).unwrap();
    let is_key = letters.len() == 44 && letters.bytes().all(|letter| BASE58.contains(&letter));
    let parsed = key.reveal().parse::<BotKey>();
    assert_eq!(parsed.is_ok(), is_key, "{letters:?}");
    key.reveal().to_owned()
}

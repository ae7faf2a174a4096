//! Security A13: what is no key is known without asking the database.
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
    // A key of the first 44 bytes, and what comes of it when the letter that the next byte points
    // at is replaced by the rest.
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
    // The checksum fits by chance once in 58^6.
    let altered = altered(&key);
    assert_eq!(
        altered.parse::<BotKey>().is_ok(),
        altered == key,
        "{altered}"
    );
});

/// What is taken for a key is all of the text, and looks like one.
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

/// These letters under a right checksum, which make a key if they are those of one.
fn sealed(letters: &str) -> String {
    let key = BotKey::draw(|_| Ok::<_, BotKeyError>(letters.to_owned())).unwrap();
    let is_key = letters.len() == 44 && letters.bytes().all(|letter| BASE58.contains(&letter));
    let parsed = key.reveal().parse::<BotKey>();
    assert_eq!(parsed.is_ok(), is_key, "{letters:?}");
    key.reveal().to_owned()
}

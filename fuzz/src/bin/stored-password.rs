//! Security A10, ASVS 11.4.2: no stored text in place of a password hash grants access or causes
//! excessive work.
#![no_main]

#[path = "../../../backend/src/crypto/password_hash.rs"]
mod stored_password;

use stored_password::{Memory, StoredPassword, StoredPasswordError};

const PASSWORD: &[u8] = b"correct horse";

/// A hash of the password, cheap enough to compute in every run.
const CHEAP: &str = "$argon2id$v=19$m=16,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$UfUEoh09qw5vLSnvOzKZ5C0jxSSK1dSGSEj8E1RF+CA";

libfuzzer_sys::fuzz_target!(init: known(), |bytes: &[u8]| {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    stored(text);
    // The cheap hash with one character, selected by the first one of the text, replaced by the rest.
    let mut letters = text.chars();
    let place = letters.next().map_or(0, |letter| letter as usize % CHEAP.len());
    stored(&[&CHEAP[..place], letters.as_str(), &CHEAP[place + 1..]].concat());
});

/// Current hashes and the cheap one can be verified.
fn known() {
    let today = StoredPassword::of(PASSWORD, [7; 16], &mut Memory::default()).unwrap();
    assert!(today.is_of(PASSWORD, &mut Memory::default()).unwrap());
    assert!(
        !today
            .is_of(b"correct horsf", &mut Memory::default())
            .unwrap()
    );
    let nobodys = StoredPassword::of_nobody([7; 16], [7; 32]);
    assert!(!nobodys.is_of(PASSWORD, &mut Memory::default()).unwrap());
    for hash in [today, nobodys] {
        stored(hash.as_column());
        assert!(!hash.is_cheap().unwrap());
    }
    assert!(
        StoredPassword::from_column(CHEAP.to_owned())
            .is_of(PASSWORD, &mut Memory::default())
            .unwrap()
    );
}

fn stored(text: &str) {
    let stored = StoredPassword::from_column(text.to_owned());
    // The last value of a parameter counts; a missing one has Argon2's recommended default.
    let memory_kib = named(text, "m=").unwrap_or(19_456);
    let passes = named(text, "t=").unwrap_or(2);
    let is_cheap = stored.is_cheap();
    if let Ok(is_cheap) = is_cheap {
        // Even without a hash after them: current parameters without a hash grant no access.
        let is_argon2id = text.split('$').nth(1) == Some("argon2id");
        let is_today = is_argon2id && memory_kib >= 19_456 && passes >= 2;
        assert_eq!(is_cheap, !is_today);
    }
    if memory_kib > 262_144 || passes > 16 {
        match stored.is_of(PASSWORD, &mut Memory::default()) {
            Err(StoredPasswordError::TooMuchWork) => assert!(is_cheap.is_ok()),
            Err(_) => assert!(is_cheap.is_err()),
            Ok(_) => panic!("it was computed"),
        }
    } else if memory_kib <= 1024
        && passes <= 4
        && stored
            .is_of(PASSWORD, &mut Memory::default())
            .is_ok_and(|is_of| is_of)
    {
        let salt_and_hash = |text: &str| text.rsplitn(3, '$').take(2).collect::<String>();
        assert_eq!(salt_and_hash(text), salt_and_hash(CHEAP));
        assert!(text.starts_with("$argon2id$"));
        for name in ["m=", "t=", "p="] {
            assert_eq!(named(text, name).or(Some(1)), named(CHEAP, name));
        }
    }
}

fn named(text: &str, name: &str) -> Option<u32> {
    let parts = text.rsplit(['$', ',']);
    parts
        .filter_map(|part| part.strip_prefix(name))
        .next()?
        .parse()
        .ok()
}

use domain::{RecoveryCode, UserId};

use crate::crypto::secrets::random_base58;
use crate::crypto::server_secret::{Purpose, ServerSecret};
use crate::error::Failure;

/// The number of codes in a set.
pub(crate) const COUNT: usize = 10;

/// Draws a new set of codes, to be shown once. Storage only holds their hashes.
///
/// # Errors
/// The system's random generator failed.
pub(crate) fn draw() -> Result<[RecoveryCode; COUNT], Failure> {
    let mut codes = Vec::with_capacity(COUNT);
    for _ in 0..COUNT {
        let code: RecoveryCode = random_base58(RecoveryCode::LENGTH)?
            .parse()
            .map_err(|error| Failure::Internal(format!("{error:?}").into()))?;
        codes.push(code);
    }
    codes
        .try_into()
        .map_err(|_| Failure::Internal("a set of recovery codes is not whole".into()))
}

/// The stored form of a code, by which it is looked up. It is bound to the person, so the same
/// code has another hash for another person. 117 random bits need no slow hash (ASVS 6.5.2).
pub(crate) fn hash(secret: &ServerSecret, user: UserId, code: &RecoveryCode) -> [u8; 32] {
    // The ID has a fixed length, so no other pair of ID and code has the same bytes.
    let bound = [&user.as_i64().to_le_bytes(), code.reveal().as_bytes()].concat();
    secret.keyed_hash(Purpose::RecoveryCode, &bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: UserId = UserId::from_i64(1);
    const BOB: UserId = UserId::from_i64(2);

    #[test]
    fn ten_different_codes_of_enough_entropy_are_drawn() {
        let mut codes = draw()
            .unwrap()
            .map(|code| code.reveal().to_owned())
            .to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), 10);
        let length = f64::from(u32::try_from(RecoveryCode::LENGTH).unwrap());
        assert!(length * 58_f64.log2() >= 112.0);
    }

    #[test]
    fn a_code_matches_its_own_hash_for_its_own_person_only() {
        let secret = ServerSecret::for_tests(1);
        let [code, other, ..] = draw().unwrap();
        let stored = hash(&secret, ALICE, &code);
        assert_eq!(hash(&secret, ALICE, &code), stored);
        assert_ne!(hash(&secret, ALICE, &other), stored);
        assert_ne!(hash(&secret, BOB, &code), stored);
        assert_ne!(hash(&ServerSecret::for_tests(2), ALICE, &code), stored);
    }
}

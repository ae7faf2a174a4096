//! Password hashes. `fuzz/` also compiles this file and the modules it imports, without the rest
//! of the crate.

use std::fmt;

use argon2::password_hash;
use argon2::password_hash::phc::{self, Output, PasswordHash};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// Argon2id with the parameters of ASVS 5.0 appendix C (docs/contract.md, Passwords).
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The highest cost accepted from a stored hash: a tampered database row must not exhaust the
/// server.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
const MAX_PASSES: u32 = 16;

/// A stored password hash: a PHC string.
#[derive(Clone)]
pub(crate) struct StoredPassword(String);

/// Why a stored hash can't be computed, or must not be.
#[derive(Debug)]
pub(crate) enum StoredPasswordError {
    /// Not a PHC string.
    Form(phc::Error),
    /// Not an Argon2 hash, or one with unknown parameters.
    Argon2(password_hash::Error),
    TooMuchWork,
}

impl StoredPassword {
    /// Hashes a password at the current cost.
    ///
    /// # Errors
    /// Argon2 rejects the password. It accepts every password that was parsed.
    pub(crate) fn of(
        password: &[u8],
        salt: [u8; 16],
        memory: &mut Memory,
    ) -> Result<Self, StoredPasswordError> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
            .map_err(|error| StoredPasswordError::Argon2(error.into()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut hash = [0; 32];
        memory.compute(&argon2, password, &salt, &mut hash)?;
        Ok(Self::of_today(salt, hash))
    }

    /// A decoy of the current cost that belongs to no known password. Its hash is drawn at
    /// random, because computing a real one would gain nothing.
    pub(crate) fn of_nobody(salt: [u8; 16], hash: [u8; 32]) -> Self {
        Self::of_today(salt, hash)
    }

    fn of_today(salt: [u8; 16], hash: [u8; 32]) -> Self {
        let salt = STANDARD_NO_PAD.encode(salt);
        let hash = STANDARD_NO_PAD.encode(hash);
        let cost = format!("m={MEMORY_KIB},t={PASSES},p={LANES}");
        let version = u32::from(Version::V0x13);
        Self(format!("$argon2id$v={version}${cost}${salt}${hash}"))
    }

    pub(crate) fn from_column(phc: String) -> Self {
        Self(phc)
    }

    pub(crate) fn as_column(&self) -> &str {
        &self.0
    }

    /// Whether this is the hash of the password.
    ///
    /// # Errors
    /// The hash can't be read, or its cost exceeds the limits. Both are detected before any work
    /// is done.
    pub(crate) fn is_of(
        &self,
        password: &[u8],
        memory: &mut Memory,
    ) -> Result<bool, StoredPasswordError> {
        let (hash, params) = self.read()?;
        if params.m_cost() > MAX_MEMORY_KIB || params.t_cost() > MAX_PASSES {
            return Err(StoredPasswordError::TooMuchWork);
        }
        // Algorithm, version and cost come from the stored hash.
        let algorithm = Algorithm::try_from(hash.algorithm.as_str());
        let algorithm = algorithm.map_err(StoredPasswordError::Argon2)?;
        let version = hash.version.map(Version::try_from).transpose();
        let version = version.map_err(|error| StoredPasswordError::Argon2(error.into()))?;
        let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else {
            return Ok(false);
        };
        let argon2 = Argon2::new(algorithm, version.unwrap_or_default(), params);
        let mut computed = [0; Output::MAX_LENGTH];
        let computed = &mut computed[..expected.len()];
        memory.compute(&argon2, password, salt, computed)?;
        // Constant-time comparison.
        let computed = Output::new(computed).map_err(StoredPasswordError::Form)?;
        Ok(computed == *expected)
    }

    /// Whether the hash costs less than one made now.
    ///
    /// # Errors
    /// The hash can't be read.
    pub(crate) fn is_cheap(&self) -> Result<bool, StoredPasswordError> {
        let (hash, params) = self.read()?;
        let algorithm = hash.algorithm.as_str();
        Ok(algorithm != "argon2id" || params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES)
    }

    fn read(&self) -> Result<(PasswordHash, Params), StoredPasswordError> {
        let hash = PasswordHash::new(&self.0).map_err(StoredPasswordError::Form)?;
        let params = Params::try_from(&hash).map_err(StoredPasswordError::Argon2)?;
        Ok((hash, params))
    }
}

/// The working memory of Argon2, reusable from one hash to the next.
#[derive(Default)]
pub(crate) struct Memory(Vec<Block>);

impl Memory {
    /// Previous contents don't affect the result. The memory keeps the size that hashes of the
    /// current cost need.
    fn compute(
        &mut self,
        argon2: &Argon2<'_>,
        password: &[u8],
        salt: &[u8],
        hash: &mut [u8],
    ) -> Result<(), StoredPasswordError> {
        let blocks = argon2.params().block_count();
        let mut larger = Vec::new();
        let memory = if argon2.params().m_cost() <= MEMORY_KIB {
            &mut self.0
        } else {
            &mut larger
        };
        if memory.len() < blocks {
            memory.resize(blocks, Block::new());
        }
        argon2
            .hash_password_into_with_memory(password, salt, hash, &mut memory[..blocks])
            .map_err(|error| StoredPasswordError::Argon2(error.into()))
    }
}

impl fmt::Display for StoredPasswordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(error) => error.fmt(f),
            Self::Argon2(error) => error.fmt(f),
            Self::TooMuchWork => f.write_str("a stored password hash asks for too much work"),
        }
    }
}

impl std::error::Error for StoredPasswordError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hash of "correct horse".
    const CHEAP: &str = "$argon2id$v=19$m=16,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$UfUEoh09qw5vLSnvOzKZ5C0jxSSK1dSGSEj8E1RF+CA";

    fn stored(phc: &str) -> StoredPassword {
        StoredPassword::from_column(phc.to_owned())
    }

    #[test]
    fn hashes_are_argon2id_with_the_documented_cost() {
        let made = StoredPassword::of(b"correct horse", [7; 16], &mut Memory::default()).unwrap();
        let nobodys = StoredPassword::of_nobody([7; 16], [8; 32]);
        for hash in [&made, &nobodys] {
            let text = hash.as_column();
            assert!(
                text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
                "{text}"
            );
            assert!(!hash.is_cheap().unwrap());
        }
        // Same salt.
        assert_eq!(made.as_column().len(), nobodys.as_column().len());
        assert!(
            made.is_of(b"correct horse", &mut Memory::default())
                .unwrap()
        );
        assert!(
            !nobodys
                .is_of(b"correct horse", &mut Memory::default())
                .unwrap()
        );
    }

    #[test]
    fn a_hash_is_read_with_the_cost_it_names() {
        assert!(
            stored(CHEAP)
                .is_of(b"correct horse", &mut Memory::default())
                .unwrap()
        );
        assert!(stored(CHEAP).is_cheap().unwrap());
        for (from, to) in [("m=16", "m=17"), ("t=1", "t=2"), ("argon2id", "argon2i")] {
            let other = stored(&CHEAP.replace(from, to));
            assert!(
                !other
                    .is_of(b"correct horse", &mut Memory::default())
                    .unwrap(),
                "{to}"
            );
            assert!(other.is_cheap().unwrap(), "{to}");
        }
    }

    #[test]
    fn what_is_no_hash_or_asks_for_too_much_is_refused() {
        for odd in [
            "",
            "correct horse",
            "$argon2id$v=19$m=7,t=1,p=1$c29tZXNhbHRzb21lc2FsdA",
            "$argon2id$v=19$m=16,t=1,p=3$c29tZXNhbHRzb21lc2FsdA",
            "$argon2id$v=19$m=16,t=1,x=1$c29tZXNhbHRzb21lc2FsdA",
        ] {
            assert!(
                stored(odd)
                    .is_of(b"correct horse", &mut Memory::default())
                    .is_err(),
                "{odd}"
            );
            assert!(stored(odd).is_cheap().is_err(), "{odd}");
        }
        for (from, to) in [
            ("m=16", "m=262145"),
            ("m=16", "m=4294967295"),
            ("t=1", "t=17"),
        ] {
            let greedy =
                stored(&CHEAP.replace(from, to)).is_of(b"correct horse", &mut Memory::default());
            assert!(
                matches!(greedy, Err(StoredPasswordError::TooMuchWork)),
                "{to}"
            );
        }
    }

    #[test]
    fn what_memory_held_before_makes_no_difference() {
        let mut memory = Memory::default();
        for salt in [1, 2, 3] {
            let made = StoredPassword::of(b"correct horse", [salt; 16], &mut memory).unwrap();
            let fresh = &mut Memory::default();
            assert!(made.is_of(b"correct horse", fresh).unwrap());
            assert!(made.is_of(b"correct horse", &mut memory).unwrap());
            assert!(!made.is_of(b"correct horsf", &mut memory).unwrap());
            // A smaller hash leaves the rest of the memory unchanged.
            assert!(stored(CHEAP).is_of(b"correct horse", &mut memory).unwrap());
        }
        let kept = memory.0.len();
        let larger = stored(&CHEAP.replace("m=16", "m=20000"));
        assert!(!larger.is_of(b"correct horse", &mut memory).unwrap());
        assert_eq!(memory.0.len(), kept);
    }
}

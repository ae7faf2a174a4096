use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::array::Array;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use sha2::digest::block_api::BlockSizeUser;

use crate::crypto::secrets::random_bytes;
use crate::error::Failure;

/// The server secret (`PORTAL_SECRET_FILE`), stored outside the database. Encrypted and keyed
/// values in the database are useless without it.
///
/// All servers of one database share it. The database holds a check value, so a server with a
/// different secret stops at startup instead of issuing codes that other servers reject
/// (docs/contract.md, Settings).
#[derive(Clone)]
pub(crate) struct ServerSecret([u8; 32]);

impl ServerSecret {
    /// Draws a new secret from the system's random generator.
    ///
    /// # Errors
    /// The generator failed.
    pub(crate) fn random() -> Result<Self, Failure> {
        Ok(Self(random_bytes()?))
    }

    /// The content of the secret file.
    pub(crate) fn encode(&self) -> String {
        STANDARD_NO_PAD.encode(self.0)
    }

    /// Parses the output of [`encode`](Self::encode). `None` for anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        match STANDARD_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(32) => Some(Self(bytes)),
            _ => None,
        }
    }

    /// Derives a key for one purpose, so no two uses share a key.
    fn derive(&self, purpose: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new(&block(&self.0));
        mac.update(purpose);
        mac.finalize().into_bytes().into()
    }

    /// A hash that can't be computed without the secret. Short secrets are looked up by it.
    pub(crate) fn keyed_hash(&self, purpose: Purpose, text: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new(&block(&self.derive(purpose.hash_key())));
        mac.update(text);
        mac.finalize().into_bytes().into()
    }

    /// Encrypts a value for one row. It can't be decrypted in another row (ASVS 11.3.3).
    ///
    /// # Errors
    /// The system's random generator failed.
    pub(crate) fn seal(
        &self,
        purpose: Purpose,
        row: i64,
        plain: &[u8],
    ) -> Result<Vec<u8>, Failure> {
        let nonce: [u8; 24] = random_bytes()?;
        let payload = Payload {
            msg: plain,
            aad: &row.to_le_bytes(),
        };
        let sealed = self
            .cipher(purpose)
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|error| Failure::Internal(error.to_string().into()))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Decrypts a value that was sealed for this row.
    ///
    /// # Errors
    /// The value was sealed with another secret or for another row, or it was altered.
    pub(crate) fn open(
        &self,
        purpose: Purpose,
        row: i64,
        sealed: &[u8],
    ) -> Result<Vec<u8>, Failure> {
        let broken = || Failure::Internal("a sealed value can't be opened".into());
        let (nonce, sealed) = sealed.split_first_chunk::<24>().ok_or_else(broken)?;
        let payload = Payload {
            msg: sealed,
            aad: &row.to_le_bytes(),
        };
        self.cipher(purpose)
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| broken())
    }

    fn cipher(&self, purpose: Purpose) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.derive(purpose.seal_key()).into())
    }

    #[cfg(test)]
    pub(crate) const fn for_tests(byte: u8) -> Self {
        Self([byte; 32])
    }

    pub(crate) fn check_value(&self) -> [u8; 32] {
        self.derive(b"portal check value")
    }
}

/// What a derived key is used for. A key of one purpose is useless for another.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    LoginCode,
    /// Links with which a person reports a code as not theirs.
    Disown,
    RecoveryCode,
    Totp,
    /// A text that the browser stores for one page and can't read.
    Note,
    Mail,
    /// The subject of a rate limit.
    Budget,
    /// The account that a password attempt targets.
    PasswordAttempt,
    /// A known device.
    Browser,
    /// Email codes.
    EmailCode,
    /// The name under which a login code was requested.
    AskedName,
}

impl Purpose {
    const fn hash_key(self) -> &'static [u8] {
        match self {
            Self::LoginCode => b"login code hash",
            Self::Disown => b"disown hash",
            Self::RecoveryCode => b"recovery code hash",
            Self::Totp => b"totp hash",
            Self::Note => b"note hash",
            Self::Mail => b"mail hash",
            Self::Budget => b"budget hash",
            Self::PasswordAttempt => b"password guess hash",
            Self::Browser => b"browser hash",
            Self::EmailCode => b"email code hash",
            Self::AskedName => b"asked name hash",
        }
    }

    const fn seal_key(self) -> &'static [u8] {
        match self {
            Self::LoginCode => b"login code seal",
            Self::Disown => b"disown seal",
            Self::RecoveryCode => b"recovery code seal",
            Self::Totp => b"totp seal",
            Self::Note => b"note seal",
            Self::Mail => b"mail seal",
            Self::Budget => b"budget seal",
            Self::PasswordAttempt => b"password guess seal",
            Self::Browser => b"browser seal",
            Self::EmailCode => b"email code seal",
            Self::AskedName => b"asked name seal",
        }
    }
}

/// The HMAC key as a whole block. HMAC pads shorter keys with zeros (RFC 2104), so the result is
/// the same, but no key length can be invalid.
fn block(key: &[u8; 32]) -> Array<u8, <Sha256 as BlockSizeUser>::BlockSize> {
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    block.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: ServerSecret = ServerSecret([7; 32]);

    #[test]
    fn what_was_sealed_opens_for_its_own_row_only() {
        let sealed = SECRET.seal(Purpose::LoginCode, 1, b"Vy8nFKq2").unwrap();
        assert_eq!(
            SECRET.open(Purpose::LoginCode, 1, &sealed).unwrap(),
            b"Vy8nFKq2"
        );
        assert!(SECRET.open(Purpose::LoginCode, 2, &sealed).is_err());
        assert!(
            ServerSecret([8; 32])
                .open(Purpose::LoginCode, 1, &sealed)
                .is_err()
        );
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(SECRET.open(Purpose::LoginCode, 1, &altered).is_err());
        }
        assert!(SECRET.open(Purpose::LoginCode, 1, &sealed[..10]).is_err());
    }

    #[test]
    fn sealing_twice_gives_two_texts_and_hashing_twice_one() {
        let seal = || SECRET.seal(Purpose::LoginCode, 1, b"Vy8nFKq2").unwrap();
        assert_ne!(seal(), seal());
        let hash = |text: &[u8]| SECRET.keyed_hash(Purpose::LoginCode, text);
        assert_eq!(hash(b"Vy8nFKq2"), hash(b"Vy8nFKq2"));
        assert_ne!(hash(b"Vy8nFKq2"), hash(b"Vy8nFKq3"));
        assert_ne!(hash(b"Vy8nFKq2"), SECRET.check_value());
    }
}

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::crypto::server_secret::Purpose;
use crate::error::Failure;
use crate::portal::Portal;
use crate::sessions::authenticate::Person;

impl Portal {
    /// Encrypts a text, such as recovery codes, that one page passes to the next through the
    /// browser. Only this session can open it.
    ///
    /// # Errors
    /// The system's random generator failed.
    pub fn seal_flash(&self, person: &Person, text: &str) -> Result<String, Failure> {
        let session = person.session.id.as_i64();
        let sealed = self.secret.seal(Purpose::Note, session, text.as_bytes())?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Decrypts a flash text. `None` if it belongs to another session or was altered.
    #[must_use]
    pub fn open_flash(&self, person: &Person, sealed: &str) -> Option<String> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let session = person.session.id.as_i64();
        let text = self.secret.open(Purpose::Note, session, &sealed).ok()?;
        String::from_utf8(text).ok()
    }
}

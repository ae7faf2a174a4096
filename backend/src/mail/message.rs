use std::time::{Duration, UNIX_EPOCH};

use domain::{EmailAddress, Timestamp};
use lettre::Message;
use lettre::address::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use url::{Host, Url};

use crate::config::MailConfig;
use crate::crypto::secrets::random_bytes;
use crate::error::Failure;
use crate::mail::template::{EmailContext, EmailTemplate};
use crate::mail::transport::{MailSetUpError, Outgoing};
use crate::store::tables::mail_queue::ClaimedMail;

/// Renders templates into RFC 5322 messages.
pub(super) struct Mailer {
    from: Mailbox,
    site_name: String,
    base_url: Url,
    /// The host part of every Message-ID.
    host: String,
}

/// A rendered message with its recipient, as sealed in the queue. It is ready to send, so every
/// retry has identical bytes.
pub(super) struct SealedMail {
    to: Address,
    message: Vec<u8>,
}

impl Mailer {
    /// # Errors
    /// [`MailSetUpError::Sender`].
    pub(super) fn new(config: &MailConfig) -> Result<Self, MailSetUpError> {
        let host = match config.base_url.host() {
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => "localhost".to_owned(),
        };
        // The settings reject control characters too; lettre would panic on them here.
        let visible = |c: &char| !c.is_control();
        let site_name: String = config.site_name.chars().filter(visible).collect();
        let (name, address) = match &config.from {
            Some(from) => (from.name.clone(), from.address.as_str().parse()),
            None => (Some(site_name.clone()), Address::new("no-reply", &host)),
        };
        let from = Mailbox::new(name, address.map_err(|_| MailSetUpError::Sender)?);
        Ok(Self {
            from,
            site_name,
            base_url: config.base_url.clone(),
            host,
        })
    }

    /// # Errors
    /// The system's random generator failed.
    pub(super) fn new_message_id(&self) -> Result<String, Failure> {
        let random = u128::from_le_bytes(random_bytes()?);
        Ok(format!("<{random:032x}@{}>", self.host))
    }

    /// Renders a template as a message with a plain-text and an HTML part.
    ///
    /// # Errors
    /// The recipient can't be written in a header. This can't happen for a parsed address.
    pub(super) fn write(
        &self,
        to: &EmailAddress,
        letter: &EmailTemplate<'_>,
        message_id: &str,
        now: Timestamp,
    ) -> Result<SealedMail, Failure> {
        let to = address(to)?;
        let page = letter.write(EmailContext {
            site_name: &self.site_name,
            base_url: &self.base_url,
        });
        let micros = u64::try_from(now.as_micros()).unwrap_or(0);
        // Suppresses automatic replies (RFC 3834, section 5).
        let automatic = HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        );
        let message = Message::builder()
            .from(self.from.clone())
            .to(to.clone().into())
            .subject(page.subject)
            .date(UNIX_EPOCH + Duration::from_micros(micros))
            .message_id(Some(message_id.to_owned()))
            .raw_header(automatic)
            .multipart(MultiPart::alternative_plain_html(page.text, page.html))
            .map_err(Failure::internal)?;
        Ok(SealedMail {
            to,
            message: message.formatted(),
        })
    }

    /// Turns a queued message into one for the transport.
    pub(super) fn outgoing(&self, sealed: SealedMail, claimed: &ClaimedMail) -> Outgoing {
        // Some file systems don't allow colons in file names.
        let time = claimed.created_at.to_string().replace(':', "");
        Outgoing {
            from: self.from.email.clone(),
            to: sealed.to,
            file_name: format!("{time}-{}.eml", claimed.id),
            message: sealed.message,
        }
    }
}

impl SealedMail {
    /// The recipient on the first line, then the message.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let to: &str = self.to.as_ref();
        [to.as_bytes(), b"\n", &self.message].concat()
    }

    /// # Errors
    /// The bytes weren't written by [`to_bytes`](Self::to_bytes).
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, Failure> {
        let broken = || Failure::Internal("a queued message can't be read".into());
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let (to, message) = bytes.split_at(end.ok_or_else(broken)?);
        let to = str::from_utf8(to).map_err(Failure::internal)?;
        Ok(Self {
            to: to.parse().map_err(Failure::internal)?,
            message: message[1..].to_owned(),
        })
    }
}

fn address(address: &EmailAddress) -> Result<Address, Failure> {
    address.as_str().parse().map_err(Failure::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::transport::MailTransport;

    fn mailer(site_name: &str, from: Option<&str>) -> Mailer {
        Mailer::new(&MailConfig {
            transport: MailTransport::Folder("mail".into()),
            from: from.map(|from| from.parse().unwrap()),
            site_name: site_name.to_owned(),
            base_url: "https://portal.example.org/".parse().unwrap(),
        })
        .unwrap()
    }

    /// The unfolded header lines of a message.
    fn headers(mailer: &Mailer) -> Vec<String> {
        let to = "alice@example.org".parse().unwrap();
        let id = mailer.new_message_id().unwrap();
        let now = Timestamp::from_micros(1_774_972_396_763_528);
        let mail = mailer
            .write(&to, &EmailTemplate::PasswordChanged, &id, now)
            .unwrap();
        let text = String::from_utf8(mail.message).unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        head.replace("\r\n ", " ")
            .lines()
            .map(str::to_owned)
            .collect()
    }

    const NAMES: [&str; 7] = [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "MIME-Version",
    ];

    /// Asserts that each expected header occurs once, and that only content headers come in
    /// addition.
    fn assert_only_our_headers(headers: &[String]) {
        for name in NAMES {
            let named = headers
                .iter()
                .filter(|line| line.split_once(": ").unwrap().0.eq_ignore_ascii_case(name));
            assert_eq!(named.count(), 1, "{name} in {headers:#?}");
        }
        assert_eq!(headers.len(), NAMES.len() + 1, "{headers:#?}");
    }

    #[test]
    fn a_letter_has_the_headers_of_mail() {
        let headers = headers(&mailer("Portal", None));
        assert_only_our_headers(&headers);
        for line in [
            "From: Portal <no-reply@portal.example.org>",
            "To: alice@example.org",
            "Subject: Your Portal password was changed",
            "Date: Tue, 31 Mar 2026 15:53:16 +0000",
            "Auto-Submitted: auto-generated",
        ] {
            assert!(headers.iter().any(|header| header == line), "{headers:#?}");
        }
        let id = headers
            .iter()
            .find_map(|line| line.strip_prefix("Message-ID: <"));
        let (random, host) = id.unwrap().split_once('@').unwrap();
        assert_eq!((random.len(), host), (32, "portal.example.org>"));
    }

    #[test]
    fn a_hostile_name_adds_no_header() {
        for name in [
            "Portal\r\nBcc: eve@evil.test",
            "Portal\nBcc: eve@evil.test\n\n<b>",
            "Portal <eve@evil.test>, ",
            "Pörtal\r\nBcc: eve@evil.test",
            "\" <eve@evil.test>",
            "Ταβέρνα 🏛",
        ] {
            let headers = headers(&mailer(name, None));
            assert_only_our_headers(&headers);
            let from = headers.iter().find(|line| line.starts_with("From: "));
            assert!(
                from.unwrap().ends_with(" <no-reply@portal.example.org>"),
                "{from:?}"
            );
        }
    }

    /// Every address that can be registered is a valid recipient.
    #[test]
    fn every_address_can_be_written_to() {
        let longest = format!(
            "{}@{}",
            "l".repeat(64),
            ["d".repeat(63).as_str(); 3].join(".")
        );
        let letters = "!#$%&'*+-/=?^_`{|}~aZ09";
        for text in [
            "a@b.c",
            "alice@localhost",
            "1@2.3",
            "a.b.c@xn--mnchen-3ya.example",
            &format!("{letters}@example.org"),
            &longest,
        ] {
            let parsed: EmailAddress = text.parse().unwrap();
            assert_eq!(address(&parsed).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_queued_message_comes_back_as_it_was() {
        let mail = SealedMail {
            to: "alice@example.org".parse().unwrap(),
            message: b"a: b\r\n\r\nc\n".to_vec(),
        };
        let again = SealedMail::from_bytes(&mail.to_bytes()).unwrap();
        assert_eq!((again.to, again.message), (mail.to, mail.message));
        assert!(SealedMail::from_bytes(b"alice@example.org").is_err());
    }
}

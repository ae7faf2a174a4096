use std::str::FromStr;

use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use url::{Host, Url};

/// A mail server: `smtps://USER:PASSWORD@HOST:PORT` or `smtp://…?tls=WORD` (docs/contract.md,
/// Settings). lettre parses it and hides the credentials from `Debug`.
#[derive(Clone, Debug)]
pub struct SmtpUrl(pub(super) AsyncSmtpTransportBuilder);

/// Why a text isn't a supported mail server URL. The message is a clause that follows the name of
/// the setting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmtpUrlError {
    #[error("must have the form smtps://USER:PASSWORD@HOST or smtp://HOST:PORT?tls=required")]
    Form,
    #[error("has an IPv6 address as its host; use a host name")]
    Ipv6,
    #[error("must have tls=required, tls=opportunistic or tls=none")]
    Tls,
    #[error("has a user without a password, or a password without a user")]
    HalfLogin,
    #[error(
        "has no TLS, and the server isn't on this machine; use smtps:// or ?tls=required (or ?tls=none if you trust the network between)"
    )]
    Plain,
    #[error("names a server with which TLS can't be used ({0})")]
    TlsSetUp(String),
}

impl FromStr for SmtpUrl {
    type Err = SmtpUrlError;

    /// Stricter than lettre, which ignores unknown parameters and a user without a password, and
    /// which connects to any host without TLS.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut url: Url = text.parse().map_err(|_| SmtpUrlError::Form)?;
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = Host::parse(host.ok_or(SmtpUrlError::Form)?);
        if matches!(host, Ok(Host::Ipv6(_))) {
            // lettre would resolve the bracketed address as a host name.
            return Err(SmtpUrlError::Ipv6);
        }
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(SmtpUrlError::Form);
        }
        match (url.scheme(), url.query()) {
            ("smtps", None) | ("smtp", Some("tls=required" | "tls=opportunistic")) => {}
            ("smtp", None) if host.is_ok_and(|host| is_loopback(&host)) => {}
            ("smtp", None) => return Err(SmtpUrlError::Plain),
            // lettre has no word for "no TLS"; it expects no query at all.
            ("smtp", Some("tls=none")) => url.set_query(None),
            ("smtp", Some(query)) if query.starts_with("tls=") => return Err(SmtpUrlError::Tls),
            _ => return Err(SmtpUrlError::Form),
        }
        if url.username().is_empty() != url.password().is_none() {
            return Err(SmtpUrlError::HalfLogin);
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str());
        builder.map(Self).map_err(|error| {
            if error.is_tls() {
                SmtpUrlError::TlsSetUp(error.to_string())
            } else {
                SmtpUrlError::Form
            }
        })
    }
}

/// `url` doesn't parse hosts of non-special schemes, so the caller does.
fn is_loopback(host: &Host) -> bool {
    match host {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> SmtpUrl {
        text.parse()
            .unwrap_or_else(|error| panic!("{text} {error}"))
    }

    #[test]
    fn ports_and_encryption_follow_from_the_form() {
        for (text, host, port, tls) in [
            (
                "smtps://mail.example.org",
                "mail.example.org",
                465,
                "Wrapper",
            ),
            (
                "smtps://mail.example.org:4465/",
                "mail.example.org",
                4465,
                "Wrapper",
            ),
            (
                "smtp://mail.example.org?tls=required",
                "mail.example.org",
                587,
                "Required",
            ),
            (
                "smtp://mail.example.org?tls=opportunistic",
                "mail.example.org",
                587,
                "Opportunistic",
            ),
            (
                "smtp://mail.example.org:2525?tls=none",
                "mail.example.org",
                2525,
                "None",
            ),
            (
                "smtp://mail.example.org?tls=none",
                "mail.example.org",
                25,
                "None",
            ),
            ("smtp://localhost", "localhost", 25, "None"),
            ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, "None"),
        ] {
            let shown = format!("{:?}", url(text));
            for part in [
                format!("server: {host:?}, port: {port}, tls: {tls}, "),
                "credentials: None".to_owned(),
            ] {
                assert!(shown.contains(&part), "{text}: {part} in {shown}");
            }
        }
    }

    #[test]
    fn without_tls_only_this_machine_is_written_to() {
        for text in [
            "smtp://mail.example.org",
            "smtp://portal:secret@192.168.1.5:25",
            "smtp://localhost.example.org",
            "smtp://127.0.0.1.example.org",
        ] {
            assert_eq!(
                text.parse::<SmtpUrl>().unwrap_err(),
                SmtpUrlError::Plain,
                "{text}"
            );
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for (text, error) in [
            ("", SmtpUrlError::Form),
            ("mail.example.org", SmtpUrlError::Form),
            ("mail.example.org:587", SmtpUrlError::Form),
            ("https://mail.example.org", SmtpUrlError::Form),
            ("smtp://", SmtpUrlError::Form),
            ("smtp://localhost/name", SmtpUrlError::Form),
            ("smtp://localhost?verify=no", SmtpUrlError::Form),
            ("smtps://mail.example.org?tls=none", SmtpUrlError::Form),
            (
                "smtp://mail.example.org?tls=none&tls=required",
                SmtpUrlError::Tls,
            ),
            ("smtp://mail.example.org?tls=maybe", SmtpUrlError::Tls),
            ("smtps://portal@mail.example.org", SmtpUrlError::HalfLogin),
            ("smtps://:secret@mail.example.org", SmtpUrlError::HalfLogin),
            ("smtps://portal:%ff@mail.example.org", SmtpUrlError::Form),
            ("smtp://[::1]:1025", SmtpUrlError::Ipv6),
            ("smtps://[2001:db8::1]", SmtpUrlError::Ipv6),
        ] {
            assert_eq!(text.parse::<SmtpUrl>().unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn the_login_is_never_shown() {
        let shown = format!("{:?}", url("smtps://alice:hunter2@mail.example.org"));
        assert!(shown.contains("mail.example.org"), "{shown}");
        assert!(
            !shown.contains("alice") && !shown.contains("hunter2"),
            "{shown}"
        );
        for error in [SmtpUrlError::Form, SmtpUrlError::Plain] {
            assert!(!error.to_string().contains("hunter2"));
        }
    }
}

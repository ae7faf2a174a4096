use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// A mail server: `smtps://USER:PASSWORD@HOST:PORT`, or `smtp://…?tls=WORD` (docs/contract.md,
/// Settings). Its `Debug` shows neither user nor password.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    pub(super) login: Option<Login>,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Login {
    pub user: String,
    pub password: String,
}

/// How a connection gets its TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    /// `tls=none`.
    None,
    /// `tls=opportunistic`: by STARTTLS if the server offers it. Whoever sits on the wire
    /// can take the offer away.
    Opportunistic,
    /// `tls=required`: by STARTTLS, or not at all.
    Required,
    /// `smtps:` from the first byte.
    Immediate,
}

/// Why a text names no mail server we would talk to. A clause that follows the setting's
/// name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmtpUrlError {
    #[error("is not of the form smtps://USER:PASSWORD@HOST or smtp://HOST:PORT?tls=required")]
    Form,
    #[error("has a tls that is none of required, opportunistic, none")]
    Tls,
    #[error("has a user or a password without the other")]
    HalfLogin,
    #[error(
        "has no TLS and leads off this machine; use smtps:// or ?tls=required (or ?tls=none, if nobody can listen on that network)"
    )]
    Plain,
}

impl FromStr for SmtpUrl {
    type Err = SmtpUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url: Url = text.parse().map_err(|_| SmtpUrlError::Form)?;
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or(SmtpUrlError::Form)?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(SmtpUrlError::Form);
        }
        let encryption = match (url.scheme(), url.query()) {
            ("smtps", None) => Encryption::Immediate,
            ("smtp", None) if is_this_machine(host) => Encryption::None,
            ("smtp", None) => return Err(SmtpUrlError::Plain),
            ("smtp", Some("tls=none")) => Encryption::None,
            ("smtp", Some("tls=opportunistic")) => Encryption::Opportunistic,
            ("smtp", Some("tls=required")) => Encryption::Required,
            ("smtp", Some(query)) if query.starts_with("tls=") => return Err(SmtpUrlError::Tls),
            _ => return Err(SmtpUrlError::Form),
        };
        let usual_port = match encryption {
            Encryption::None => 25,
            Encryption::Opportunistic | Encryption::Required => 587,
            Encryption::Immediate => 465,
        };
        let login = match (url.username(), url.password()) {
            ("", None) => None,
            ("", Some(_)) | (_, None) => return Err(SmtpUrlError::HalfLogin),
            (user, Some(password)) => Some(Login {
                user: decoded(user)?,
                password: decoded(password)?,
            }),
        };
        Ok(Self {
            host: without_brackets(host).to_owned(),
            port: url.port().unwrap_or(usual_port),
            encryption,
            login,
        })
    }
}

/// An address of this very machine. `url` leaves the hosts of foreign schemes as they were
/// typed, so they are understood here.
fn is_this_machine(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Err(_) => false,
    }
}

fn without_brackets(host: &str) -> &str {
    let inside = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    inside.unwrap_or(host)
}

/// A percent-encoded part of an address.
fn decoded(text: &str) -> Result<String, SmtpUrlError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = match (first, after) {
            (b'%', [high, low, after @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                let (Some(high), Some(low)) = (digit(high), digit(low)) else {
                    return Err(SmtpUrlError::Form);
                };
                bytes.push(u8::try_from(16 * high + low).map_err(|_| SmtpUrlError::Form)?);
                after
            }
            (b'%', _) => return Err(SmtpUrlError::Form),
            (plain, after) => {
                bytes.push(plain);
                after
            }
        };
    }
    String::from_utf8(bytes).map_err(|_| SmtpUrlError::Form)
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            host,
            port,
            encryption,
            login,
        } = self;
        let login = login.as_ref().map_or("", |_| "…@");
        write!(f, "{login}{host}:{port} ({encryption:?})")
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
        for (text, host, port, encryption) in [
            (
                "smtps://mail.example.org",
                "mail.example.org",
                465,
                Encryption::Immediate,
            ),
            (
                "smtps://mail.example.org:4465/",
                "mail.example.org",
                4465,
                Encryption::Immediate,
            ),
            (
                "smtp://mail.example.org?tls=required",
                "mail.example.org",
                587,
                Encryption::Required,
            ),
            (
                "smtp://mail.example.org?tls=opportunistic",
                "mail.example.org",
                587,
                Encryption::Opportunistic,
            ),
            (
                "smtp://mail.example.org:2525?tls=none",
                "mail.example.org",
                2525,
                Encryption::None,
            ),
            ("smtp://localhost", "localhost", 25, Encryption::None),
            ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, Encryption::None),
            ("smtp://[::1]:1025", "::1", 1025, Encryption::None),
        ] {
            let url = url(text);
            assert_eq!(
                (&*url.host, url.port, url.encryption),
                (host, port, encryption)
            );
            assert!(url.login.is_none());
        }
    }

    #[test]
    fn a_login_is_decoded() {
        let login = url("smtps://portal%40example.org:p%3A%2Fss%C3%A9@mail.example.org").login;
        let login = login.unwrap();
        assert_eq!(login.user, "portal@example.org");
        assert_eq!(login.password, "p:/ssé");
    }

    #[test]
    fn without_tls_only_this_machine_is_written_to() {
        for text in [
            "smtp://mail.example.org",
            "smtp://portal:secret@192.168.1.5:25",
            "smtp://localhost.example.org",
            "smtp://127.0.0.1.example.org",
            "smtp://[2001:db8::1]",
        ] {
            assert_eq!(text.parse::<SmtpUrl>(), Err(SmtpUrlError::Plain), "{text}");
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
            ("smtps://portal:%zz@mail.example.org", SmtpUrlError::Form),
        ] {
            assert_eq!(text.parse::<SmtpUrl>(), Err(error), "{text}");
        }
    }

    #[test]
    fn the_login_is_never_shown() {
        let shown = format!("{:?}", url("smtps://alice:hunter2@mail.example.org"));
        assert_eq!(shown, "…@mail.example.org:465 (Immediate)");
        for error in [SmtpUrlError::Form, SmtpUrlError::Plain] {
            assert!(!error.to_string().contains("hunter2"));
        }
    }
}

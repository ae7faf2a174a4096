use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Serialize, Serializer};

/// An email address, `local@domain`: at most 320 ASCII characters (docs/contract.md, Login by
/// password), without quotes, comments or address literals (the `dot-atom` form of RFC 5322,
/// section 3.4.1).
///
/// Because of that, an address can't end a header, an SMTP command or an HTML attribute. It is
/// kept as typed; two addresses are equal if their [`key`](Self::key) is. `Debug` prints the
/// masked form, so that addresses stay out of logs.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

/// Why a text isn't a valid [`EmailAddress`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailAddressError {
    TooLong,
    Malformed,
}

/// Why an email address can't be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetEmailError {
    /// The password or a factor has to be confirmed first (docs/contract.md, Fresh login).
    NotFresh,
    /// The address is the person's already and verified.
    AlreadyVerified,
    /// Email codes are a second factor, so they or another factor have to be verified too.
    FactorMissing,
    WrongFactor,
    /// Too many wrong second factors; retry after this time.
    TooManyFactorAttempts {
        retry_after: Duration,
    },
    /// Too many emails were requested by the person or for the address; retry after this time.
    TooManyLetters {
        retry_after: Duration,
    },
}

/// Why a confirmation link is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmEmailError {
    /// The link was used, replaced or has expired.
    Dead,
    /// Another account has verified the address first.
    Taken,
}

impl EmailAddress {
    pub const MAX_LENGTH: usize = 320;
    /// RFC 5321, section 4.5.3.1.1.
    const MAX_LOCAL: usize = 64;
    /// The limit of the domain name system (RFC 1035, section 2.3.4).
    const MAX_DOMAIN: usize = 253;
    const MAX_LABEL: usize = 63;

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which addresses are compared: lower case, including the local part.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The masked form, `a***@example.org`: enough for the account holder to recognise, too little
    /// for anyone else to write to.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or((&self.0, ""));
        let first = local.get(..1).unwrap_or_default();
        format!("{first}***@{domain}")
    }
}

impl FromStr for EmailAddress {
    type Err = EmailAddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.chars().count() > Self::MAX_LENGTH {
            return Err(EmailAddressError::TooLong);
        }
        let (local, domain) = text.split_once('@').ok_or(EmailAddressError::Malformed)?;
        if is_local(local) && is_domain(domain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(EmailAddressError::Malformed)
        }
    }
}

fn is_local(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let atom = |atom: &str| !atom.is_empty() && atom.chars().all(allowed);
    text.len() <= EmailAddress::MAX_LOCAL && text.split('.').all(atom)
}

fn is_domain(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let label = |label: &str| {
        (1..=EmailAddress::MAX_LABEL).contains(&label.len())
            && label.chars().all(allowed)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= EmailAddress::MAX_DOMAIN && text.split('.').all(label)
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for EmailAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl EmailAddressError {
    /// One sentence for the person who typed the address.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::TooLong => "Email can't be longer than 320 characters.",
            Self::Malformed => "Enter a valid email address, like name@example.org.",
        }
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong => "long",
            Self::Malformed => "malformed",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::TooLong, Self::Malformed]
            .into_iter()
            .find(|error| error.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parses(text: &str) -> bool {
        text.parse::<EmailAddress>().is_ok()
    }

    #[test]
    fn everyday_addresses_are_taken_as_typed() {
        for text in [
            "a@b.c",
            "alice@localhost",
            "Alice.Smith+portal@Example.ORG",
            "o'neil@example.org",
            "x_y-z@sub-domain.example.co.uk",
            "1@2.3",
            "anna@xn--mnchen-3ya.example",
        ] {
            assert_eq!(text.parse::<EmailAddress>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "@",
            "alice",
            "alice@",
            "@example.org",
            "a@b@c.d",
            "a..b@c.d",
            ".a@c.d",
            "a.@c.d",
            "a@.c",
            "a@c.",
            "a@c..d",
            "a@-c.d",
            "a@c-.d",
            "a@[127.0.0.1]",
            "a@c_d.e",
            "\"a b\"@c.d",
            "a(b)@c.d",
            "älice@example.org",
            "alice@exämple.org",
            "Alice <alice@example.org>",
        ] {
            assert_eq!(
                text.parse::<EmailAddress>(),
                Err(EmailAddressError::Malformed),
                "{text}"
            );
        }
    }

    #[test]
    fn lengths_have_limits() {
        let local = "l".repeat(64);
        let label = "d".repeat(63);
        let domain = [&*label, &label, &label, &label[..61]].join(".");
        assert!(parses(&format!("{local}@{domain}")));
        assert!(!parses(&format!("{local}l@{domain}")));
        assert!(!parses(&format!("{local}@{domain}d")));
        assert!(!parses(&format!("a@{label}d.org")));
        let long = format!("{}@example.org", "l".repeat(309));
        assert_eq!(
            long.parse::<EmailAddress>(),
            Err(EmailAddressError::TooLong)
        );
        // Characters are counted, not bytes.
        let wide = format!("{}@b.c", "é".repeat(316));
        assert_eq!(
            wide.parse::<EmailAddress>(),
            Err(EmailAddressError::Malformed)
        );
    }

    /// Tests every character of the Basic Multilingual Plane at every position: an address that
    /// parses contains nothing with a meaning in SMTP, in a header, in HTML tags or in
    /// double-quoted attributes.
    #[test]
    fn no_character_that_could_break_out_is_ever_in_an_address() {
        for c in (0..=0xffff).filter_map(char::from_u32) {
            for text in [
                format!("{c}alice@example.org"),
                format!("al{c}ice@example.org"),
                format!("alice{c}@example.org"),
                format!("alice@{c}example.org"),
                format!("alice@exam{c}ple.org"),
                format!("alice@example.org{c}"),
            ] {
                if parses(&text) {
                    let harmless = c.is_ascii_graphic() && !"<>()[]\\,;:\"@".contains(c);
                    assert!(harmless, "{text:?}");
                }
            }
        }
    }

    /// Draws texts from the characters of addresses and attacks. The generator is a linear
    /// congruential one, so that a failure can be reproduced.
    #[test]
    fn whatever_parses_has_the_form_and_keeps_it_as_a_key() {
        const ALPHABET: &[u8] = b"aZ09.-_+'@@<>,; \r\n\t\0\"\\()[]:%";
        let mut state = 42_u64;
        let mut draw = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % below
        };
        let mut taken = 0;
        for round in 0..200_000 {
            // Half of the texts are short and of harmless letters, so that many of them parse.
            let letters = if round % 2 == 0 { 10 } else { ALPHABET.len() };
            let length = 1 + draw(12);
            let text: String = (0..length)
                .map(|_| char::from(ALPHABET[draw(letters)]))
                .collect();
            let Ok(address) = text.parse::<EmailAddress>() else {
                continue;
            };
            taken += 1;
            let (local, domain) = text.split_once('@').unwrap();
            assert!(!local.is_empty() && !domain.is_empty() && !domain.contains('@'));
            assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{text:?}");
            let key: EmailAddress = address.key().parse().unwrap();
            assert_eq!(key.key(), address.key());
        }
        assert!(taken > 1000, "{taken}");
    }

    #[test]
    fn addresses_are_compared_without_case() {
        let one: EmailAddress = "Alice@Example.ORG".parse().unwrap();
        let other: EmailAddress = "alice@example.org".parse().unwrap();
        assert_ne!(one, other);
        assert_eq!(one.key(), other.key());
    }

    #[test]
    fn it_is_not_shown_by_accident() {
        let address: EmailAddress = "alice@example.org".parse().unwrap();
        assert_eq!(format!("{address:?}"), "a***@example.org");
    }

    #[test]
    fn a_code_leads_back_to_its_error() {
        for error in [EmailAddressError::TooLong, EmailAddressError::Malformed] {
            assert_eq!(EmailAddressError::from_code(error.code()), Some(error));
            assert!(error.sentence().ends_with('.'));
        }
        assert_eq!(EmailAddressError::from_code("<b>"), None);
    }
}

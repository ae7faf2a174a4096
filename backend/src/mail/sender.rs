//! The sender of mail (`PORTAL_MAIL_FROM`).

use std::fmt;
use std::str::FromStr;

use domain::EmailAddress;

/// The sender: `NAME <ADDRESS>`, or only an address.
#[derive(Clone, PartialEq, Eq)]
pub struct MailFrom {
    pub(super) name: Option<String>,
    pub(super) address: EmailAddress,
}

/// The text isn't a valid sender. The message is a clause that follows the name of the setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must have the form NAME <ADDRESS>, like Portal <no-reply@example.org>")]
pub struct MailFromError;

impl FromStr for MailFrom {
    type Err = MailFromError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, address) = match text.strip_suffix('>') {
            Some(text) => text.split_once('<').ok_or(MailFromError)?,
            None => ("", text),
        };
        let name = name.trim();
        let name = name
            .strip_prefix('"')
            .and_then(|name| name.strip_suffix('"'))
            .unwrap_or(name);
        if name.chars().any(|c| c.is_control() || c == '"') || name.chars().count() > 80 {
            return Err(MailFromError);
        }
        Ok(Self {
            name: Some(name.to_owned()).filter(|name| !name.is_empty()),
            address: address.trim().parse().map_err(|_| MailFromError)?,
        })
    }
}

/// The operator's address isn't secret.
impl fmt::Debug for MailFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.as_deref().unwrap_or_default();
        write!(f, "{name:?} <{}>", self.address.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_are_names_with_addresses() {
        for (text, shown) in [
            ("a@b.c", "\"\" <a@b.c>"),
            ("<a@b.c>", "\"\" <a@b.c>"),
            (
                "The Guild <mail@guild.example>",
                "\"The Guild\" <mail@guild.example>",
            ),
            (
                "\"The Guild\" <mail@guild.example>",
                "\"The Guild\" <mail@guild.example>",
            ),
        ] {
            let from: MailFrom = text.parse().unwrap();
            assert_eq!(format!("{from:?}"), shown);
        }
        for odd in [
            "",
            "Portal",
            "Portal <>",
            "Portal <a@b.c",
            "a@b.c>",
            "P\r\nX <a@b.c>",
            "<a@b.c>, <d@e.f>",
        ] {
            assert_eq!(odd.parse::<MailFrom>(), Err(MailFromError), "{odd}");
        }
    }
}

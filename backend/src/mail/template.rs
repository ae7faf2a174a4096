use Paragraph::{Code, Link, Words};
use domain::{EmailAddress, Network, Timestamp, UserAgent};
use url::Url;

use crate::crypto::secrets::Token;

/// Every email that Portal sends (docs/contract.md, Email and mail; Administration). No email
/// contains a name that a user chose, nor a web address other than the portal's.
#[derive(Clone, Copy)]
pub enum EmailTemplate<'a> {
    /// A 6-digit code to log in with.
    EmailCode {
        code: &'a str,
        expires_at: Timestamp,
    },
    /// Sent to an address that a person has entered as theirs.
    ConfirmEmail {
        token: &'a Token,
        expires_at: Timestamp,
    },
    /// Sent to the old address once the new one is confirmed.
    EmailChanged {
        new: &'a EmailAddress,
    },
    PasswordReset {
        token: &'a Token,
        expires_at: Timestamp,
    },
    PasswordChanged,
    FactorAdded {
        /// The factor as in a sentence: "an authenticator app".
        which: &'static str,
    },
    FactorRemoved {
        which: &'static str,
    },
    /// By an admin or on the command line.
    FactorsReset,
    RecoveryCodeUsed {
        /// How many codes are left.
        left: usize,
    },
    /// A login from a device that wasn't seen before.
    NewBrowser {
        network: &'a Network,
        user_agent: &'a UserAgent,
        at: Timestamp,
    },
    /// The factor is locked after too many wrong attempts.
    FactorLocked {
        which: &'static str,
    },
    RecoveryCodesRenewed,
    /// A correct password with a wrong second factor, from a device that wasn't seen before.
    HalfLogin {
        network: &'a Network,
        user_agent: &'a UserAgent,
        at: Timestamp,
    },
    /// Too many wrong passwords in a row. The password now works only on known devices.
    PasswordLocked,
}

/// The site's name and the base URL of all links.
#[derive(Clone, Copy)]
pub(super) struct EmailContext<'a> {
    pub site_name: &'a str,
    pub base_url: &'a Url,
}

/// A rendered email.
pub(super) struct Page {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// A part of an email.
enum Paragraph {
    Words(String),
    /// A code to type elsewhere.
    Code(String),
    Link {
        label: &'static str,
        address: String,
    },
}

impl EmailTemplate<'_> {
    /// When sending becomes pointless. `None` for notifications.
    pub(super) const fn expires_at(&self) -> Option<Timestamp> {
        match self {
            Self::EmailCode { expires_at, .. }
            | Self::ConfirmEmail { expires_at, .. }
            | Self::PasswordReset { expires_at, .. } => Some(*expires_at),
            Self::EmailChanged { .. }
            | Self::PasswordChanged
            | Self::FactorAdded { .. }
            | Self::FactorRemoved { .. }
            | Self::FactorsReset
            | Self::RecoveryCodeUsed { .. }
            | Self::NewBrowser { .. }
            | Self::RecoveryCodesRenewed
            | Self::HalfLogin { .. }
            | Self::PasswordLocked
            | Self::FactorLocked { .. } => None,
        }
    }

    /// Renders the email as plain text and as HTML.
    pub(super) fn write(&self, head: EmailContext<'_>) -> Page {
        let subject = self.subject(head.site_name);
        let paragraphs = self.paragraphs(head);
        Page {
            text: text(&paragraphs, head),
            html: html(&subject, &paragraphs, head),
            subject,
        }
    }

    fn subject(&self, site: &str) -> String {
        match self {
            Self::EmailCode { .. } => format!("Your code for {site}"),
            Self::ConfirmEmail { .. } => format!("Confirm your email address for {site}"),
            Self::EmailChanged { .. } => format!("Your {site} email address was changed"),
            Self::PasswordReset { .. } => format!("Reset your {site} password"),
            Self::PasswordChanged => format!("Your {site} password was changed"),
            Self::FactorAdded { .. } => {
                format!("A two-factor method was added to your {site} account")
            }
            Self::FactorRemoved { .. } => {
                format!("A two-factor method was removed from your {site} account")
            }
            Self::FactorsReset => {
                format!("Two-factor authentication was reset for your {site} account")
            }
            Self::RecoveryCodeUsed { .. } => {
                format!("A recovery code was used for your {site} account")
            }
            Self::NewBrowser { .. } => format!("New login to your {site} account"),
            Self::FactorLocked { .. } => {
                format!("Two-factor authentication is locked for your {site} account")
            }
            Self::RecoveryCodesRenewed => format!("New recovery codes for your {site} account"),
            Self::HalfLogin { .. } => format!("Someone knows your {site} password"),
            Self::PasswordLocked => format!("Too many wrong passwords for your {site} account"),
        }
    }

    fn paragraphs(&self, head: EmailContext<'_>) -> Vec<Paragraph> {
        let site = head.site_name;
        match *self {
            Self::EmailCode { code, expires_at } => email_code(head, code, expires_at),
            Self::ConfirmEmail { token, expires_at } => confirm_email(head, token, expires_at),
            Self::EmailChanged { new } => vec![
                words(format!(
                    "Email about your {site} account now goes to {} instead of this address.",
                    new.masked()
                )),
                words(
                    "If you didn't do this, someone else has access to your account. Log in, choose a new password and change your email back right away:",
                ),
                security_page(head),
            ],
            Self::PasswordReset { token, expires_at } => password_reset(head, token, expires_at),
            Self::PasswordChanged => vec![
                words(format!("The password of your {site} account was changed.")),
                words("If you didn't do this, reset your password right away:"),
                new_password(head),
            ],
            Self::FactorAdded { which } => vec![
                words(format!(
                    "Two-factor authentication with {which} was turned on for your {site} account."
                )),
                not_me(),
                security_page(head),
            ],
            Self::FactorRemoved { which } => vec![
                words(format!(
                    "Two-factor authentication with {which} was turned off for your {site} account."
                )),
                not_me(),
                security_page(head),
            ],
            Self::FactorsReset => vec![
                words(format!(
                    "The {site} team reset two-factor authentication for your account. Your recovery codes no longer work. Until you set it up again, your password alone is enough to log in."
                )),
                words(
                    "If you didn't ask for this, contact the team, change your password and set up two-factor authentication again:",
                ),
                security_page(head),
            ],
            Self::RecoveryCodeUsed { left } => vec![
                words(format!(
                    "One of your {site} recovery codes was used. {}",
                    match left {
                        0 => "You have none left: get new ones.".to_owned(),
                        1 => "You have 1 left: get new ones soon.".to_owned(),
                        left => format!("You have {left} left."),
                    }
                )),
                not_me(),
                security_page(head),
            ],
            Self::NewBrowser {
                network,
                user_agent,
                at,
            } => new_browser(head, network, user_agent, at),
            Self::FactorLocked { which } => vec![
                words(format!(
                    "Too many wrong codes were entered for your {site} account, so logging in with {which} is locked. A recovery code unlocks it. If you don't have one, contact the {site} team."
                )),
                words("If this wasn't you, someone knows your password. Change it:"),
                security_page(head),
            ],
            Self::RecoveryCodesRenewed => vec![
                words(format!(
                    "New recovery codes were created for your {site} account. The old ones no longer work."
                )),
                not_me(),
                security_page(head),
            ],
            Self::HalfLogin {
                network,
                user_agent,
                at,
            } => half_login(head, network, user_agent, at),
            Self::PasswordLocked => vec![
                words(format!(
                    "Too many wrong passwords in a row were entered for your {site} account. To protect it, your password now works only in browsers you've logged in with before. Log in from one of them once, and it works everywhere again."
                )),
                words("Or reset your password: the new one works everywhere right away."),
                new_password(head),
            ],
        }
    }
}

fn half_login(
    head: EmailContext<'_>,
    network: &Network,
    user_agent: &UserAgent,
    at: Timestamp,
) -> Vec<Paragraph> {
    let site = head.site_name;
    vec![
        words(format!(
            "Someone entered the right password for your {site} account, and then a wrong two-factor code. They couldn't log in."
        )),
        seen(network, user_agent, at),
        words(
            "If this was you, you can ignore this email. If not, someone knows your password. Change it:",
        ),
        security_page(head),
    ]
}

/// Device, network and time of an event.
fn seen(network: &Network, user_agent: &UserAgent, at: Timestamp) -> Paragraph {
    words(format!(
        "{}, from {}, on {}",
        user_agent.to_human(),
        network.as_str(),
        at.to_human()
    ))
}

fn new_password(head: EmailContext<'_>) -> Paragraph {
    Link {
        label: "Reset your password",
        address: format!("{}recover", head.base_url),
    }
}

fn email_code(head: EmailContext<'_>, code: &str, expires_at: Timestamp) -> Vec<Paragraph> {
    let site = head.site_name;
    vec![
        words(format!("Your code for {site}:")),
        Code(code.to_owned()),
        words(format!(
            "It works once, until {}. Don't share it with anyone: we'll never ask for it.",
            expires_at.to_human()
        )),
        words("If you didn't request it, someone knows your password. Change it:"),
        security_page(head),
    ]
}

fn confirm_email(head: EmailContext<'_>, token: &Token, expires_at: Timestamp) -> Vec<Paragraph> {
    let site = head.site_name;
    vec![
        words(format!(
            "Is this your email address? Confirm it for your {site} account:"
        )),
        Link {
            label: "Confirm this address",
            address: format!("{}email/{}", head.base_url, token.reveal()),
        },
        words(format!(
            "This link works once, until {}.",
            expires_at.to_human()
        )),
        words(format!(
            "If you don't have a {site} account, someone entered this address by mistake. You can ignore this email."
        )),
    ]
}

fn password_reset(head: EmailContext<'_>, token: &Token, expires_at: Timestamp) -> Vec<Paragraph> {
    let site = head.site_name;
    vec![
        words(format!(
            "We got a request to reset your {site} password. Choose a new one here:"
        )),
        Link {
            label: "Choose a new password",
            address: format!("{}recover/{}", head.base_url, token.reveal()),
        },
        words(format!(
            "This link works once, until {}.",
            expires_at.to_human()
        )),
        words("If you didn't ask for this, ignore this email: your password stays the same."),
    ]
}

fn new_browser(
    head: EmailContext<'_>,
    network: &Network,
    user_agent: &UserAgent,
    at: Timestamp,
) -> Vec<Paragraph> {
    let site = head.site_name;
    vec![
        words(format!(
            "There was a login to your {site} account from a browser we haven't seen before."
        )),
        seen(network, user_agent, at),
        words(
            "If this was you, you can ignore this email. If not, change your password and log out that session:",
        ),
        security_page(head),
    ]
}

fn words(text: impl Into<String>) -> Paragraph {
    Words(text.into())
}

fn not_me() -> Paragraph {
    words("If you didn't do this, change your password and check your two-factor settings:")
}

fn security_page(head: EmailContext<'_>) -> Paragraph {
    Link {
        label: "Account security",
        address: format!("{}account/security", head.base_url),
    }
}

fn text(paragraphs: &[Paragraph], head: EmailContext<'_>) -> String {
    let mut text = String::new();
    for paragraph in paragraphs {
        match paragraph {
            Words(words) => text.push_str(words),
            Code(code) => text.extend(["    ", code]),
            Link { address, .. } => text.push_str(address),
        }
        text.push_str("\n\n");
    }
    let foot = format!("-- \n{}\n{}\n", head.site_name, head.base_url);
    text.push_str(&foot);
    text
}

fn html(subject: &str, paragraphs: &[Paragraph], head: EmailContext<'_>) -> String {
    let mut html = String::new();
    html.push_str("<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>");
    html.push_str(&escaped(subject));
    html.push_str(
        "</title></head>\n<body style=\"font-family: sans-serif; line-height: 1.5; max-width: 36em\">\n",
    );
    for paragraph in paragraphs {
        let line = match paragraph {
            Words(words) => format!("<p>{}</p>", escaped(words)),
            Code(code) => format!(
                "<p style=\"font-size: 1.8em; letter-spacing: 0.15em\"><strong>{}</strong></p>",
                escaped(code)
            ),
            Link { label, address } => format!(
                "<p><a href=\"{0}\">{1}</a><br><small>{0}</small></p>",
                escaped(address),
                escaped(label)
            ),
        };
        html.push_str(&line);
        html.push('\n');
    }
    let foot = format!(
        "<p><small>{}<br>{}</small></p>\n</body>\n</html>\n",
        escaped(head.site_name),
        escaped(head.base_url.as_str())
    );
    html.push_str(&foot);
    html
}

/// Escapes text for HTML: safe between tags and in quoted attributes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use domain::Client;

    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_774_972_396_000_000);

    fn each_letter(check: impl Fn(&EmailTemplate<'_>)) {
        let token = Token::random().unwrap();
        let address: EmailAddress = "alice@example.org".parse().unwrap();
        let client = Client {
            ip: "203.0.113.7".parse().unwrap(),
            user_agent: UserAgent::new("Mozilla/5.0 (X11; Linux) Firefox/140.0"),
            browser: None,
        };
        for letter in [
            EmailTemplate::EmailCode {
                code: "123456",
                expires_at: NOW,
            },
            EmailTemplate::ConfirmEmail {
                token: &token,
                expires_at: NOW,
            },
            EmailTemplate::EmailChanged { new: &address },
            EmailTemplate::PasswordReset {
                token: &token,
                expires_at: NOW,
            },
            EmailTemplate::PasswordChanged,
            EmailTemplate::FactorAdded {
                which: "an authenticator app",
            },
            EmailTemplate::FactorRemoved {
                which: "an authenticator app",
            },
            EmailTemplate::FactorsReset,
            EmailTemplate::RecoveryCodeUsed { left: 9 },
            EmailTemplate::NewBrowser {
                network: &client.network(),
                user_agent: &client.user_agent,
                at: NOW,
            },
            EmailTemplate::FactorLocked {
                which: "your authenticator app",
            },
            EmailTemplate::RecoveryCodesRenewed,
            EmailTemplate::HalfLogin {
                network: &client.network(),
                user_agent: &client.user_agent,
                at: NOW,
            },
            EmailTemplate::PasswordLocked,
        ] {
            check(&letter);
        }
    }

    fn page(letter: &EmailTemplate<'_>, site_name: &str) -> Page {
        let base_url = "https://portal.example.org/".parse().unwrap();
        letter.write(EmailContext {
            site_name,
            base_url: &base_url,
        })
    }

    #[test]
    fn every_letter_says_who_writes_and_links_only_to_the_portal() {
        each_letter(|letter| {
            let page = page(letter, "The Guild");
            assert!(page.subject.contains("The Guild"), "{}", page.subject);
            assert!(page.text.contains("The Guild") && page.html.contains("The Guild"));
            for body in [&page.text, &page.html] {
                let links = body.match_indices("http").count();
                let own = body.match_indices("https://portal.example.org/").count();
                assert!(links > 0 && links == own, "{body}");
            }
        });
    }

    #[test]
    fn a_hostile_name_stays_text() {
        each_letter(|letter| {
            let page = page(letter, "\"'><script>alert(1)</script>&");
            assert!(!page.html.contains("<script"), "{}", page.html);
            assert!(page.html.contains("&quot;&#39;&gt;&lt;script&gt;"));
        });
    }

    /// The User-Agent is untrusted: only known browser names are repeated.
    #[test]
    fn a_hostile_browser_is_not_quoted() {
        let client = Client {
            ip: "2001:db8::1".parse().unwrap(),
            user_agent: UserAgent::new("<img src=x>Firefox/1 Windows\r\nBcc: eve@evil.test"),
            browser: None,
        };
        let letter = EmailTemplate::NewBrowser {
            network: &client.network(),
            user_agent: &client.user_agent,
            at: NOW,
        };
        let page = page(&letter, "Portal");
        for body in [page.text, page.html] {
            assert!(
                body.contains(
                    "Firefox on Windows, from 2001:db8::/64, on 31 March 2026, 15:53 UTC"
                ),
                "{body}"
            );
            assert!(!body.contains("<img") && !body.contains("evil"), "{body}");
        }
    }

    #[test]
    fn the_new_address_is_masked_for_the_old_one() {
        let new = "mallory@example.net".parse().unwrap();
        let page = page(&EmailTemplate::EmailChanged { new: &new }, "Portal");
        assert!(page.text.contains("m***@example.net"));
        assert!(!format!("{}{}{}", page.subject, page.text, page.html).contains("mallory"));
    }

    #[test]
    fn only_codes_and_links_run_out() {
        each_letter(|letter| {
            let runs_out = matches!(
                letter,
                EmailTemplate::EmailCode { .. }
                    | EmailTemplate::ConfirmEmail { .. }
                    | EmailTemplate::PasswordReset { .. }
            );
            assert_eq!(letter.expires_at().is_some(), runs_out);
        });
    }
}

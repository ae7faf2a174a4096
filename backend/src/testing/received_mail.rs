use std::path::Path;
use std::{fs, str};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A received message.
#[derive(Clone, Debug)]
pub struct ReceivedMail {
    raw: String,
}

impl ReceivedMail {
    #[must_use]
    pub const fn new(raw: String) -> Self {
        Self { raw }
    }

    /// The message in transit form.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The value of a header that must occur exactly once.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        let (head, _) = split(&self.raw);
        header(&head, name).unwrap_or_else(|| panic!("one {name} in {head}"))
    }

    /// The plain-text part.
    #[must_use]
    pub fn text(&self) -> String {
        self.part("text/plain")
    }

    /// The HTML part.
    #[must_use]
    pub fn html(&self) -> String {
        self.part("text/html")
    }

    /// The only 6-digit code.
    #[must_use]
    pub fn code(&self) -> String {
        let text = self.text();
        let mut codes = text
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()));
        let code = codes.next().unwrap_or_else(|| panic!("a code in {text}"));
        assert_eq!(codes.next(), None, "a second code in {text}");
        code.to_owned()
    }

    /// The first link, which is the email's subject matter.
    #[must_use]
    pub fn link(&self) -> String {
        let text = self.text();
        let link = text
            .split_whitespace()
            .find(|word| word.starts_with("https://") || word.starts_with("http://"));
        link.unwrap_or_else(|| panic!("a link in {text}"))
            .to_owned()
    }

    fn part(&self, kind: &str) -> String {
        let content_type = self.header("Content-Type");
        let boundary = content_type
            .split("boundary=")
            .nth(1)
            .unwrap_or_else(|| panic!("parts in {content_type}"))
            .trim_matches('"');
        let (_, body) = split(&self.raw);
        for part in body.split(&format!("--{boundary}")) {
            let (head, body) = split(part.trim_start_matches("\r\n"));
            if header(&head, "Content-Type").is_some_and(|found| found.starts_with(kind)) {
                let encoding = header(&head, "Content-Transfer-Encoding");
                let plain = decoded(encoding.as_deref().unwrap_or("7bit"), &body);
                return plain.replace("\r\n", "\n");
            }
        }
        panic!("no {kind} in {}", self.raw)
    }
}

/// The messages in a folder, oldest first.
pub(super) fn messages_in(folder: &Path) -> Vec<(String, ReceivedMail)> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| {
            Path::new(name)
                .extension()
                .is_some_and(|kind| kind == "eml")
        })
        .collect();
    names.sort();
    let read = |name: String| {
        let raw = fs::read_to_string(folder.join(&name)).expect("a message");
        (name, ReceivedMail::new(raw))
    };
    names.into_iter().map(read).collect()
}

/// Splits a message into unfolded head and body.
fn split(text: &str) -> (String, String) {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    (head.replace("\r\n ", " "), body.to_owned())
}

fn header(head: &str, name: &str) -> Option<String> {
    let mut found = head.lines().filter_map(|line| {
        let (found, value) = line.split_once(": ")?;
        found.eq_ignore_ascii_case(name).then(|| value.to_owned())
    });
    found.next().filter(|_| found.next().is_none())
}

fn decoded(encoding: &str, body: &str) -> String {
    let bytes = match encoding {
        "7bit" | "8bit" => body.as_bytes().to_vec(),
        "base64" => {
            let letters: String = body.split_whitespace().collect();
            STANDARD.decode(letters).expect("base64")
        }
        "quoted-printable" => {
            let body = body.replace("=\r\n", "");
            let mut pieces = body.split('=');
            let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
            for piece in pieces {
                let (digits, rest) = piece.split_at(2);
                bytes.push(u8::from_str_radix(digits, 16).expect("two digits"));
                bytes.extend(rest.bytes());
            }
            bytes
        }
        other => panic!("an encoding called {other}"),
    };
    String::from_utf8(bytes).expect("text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_and_decoded() {
        let raw = "Subject: =?utf-8?b?w6k=?=\r\nContent-Type: multipart/alternative;\r\n boundary=\"x\"\r\n\r\n\
            --x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            caf=C3=A9 =3D 123456 and https://portal.ex=\r\nample.org/a\r\n\
            --x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+\r\n--x--\r\n";
        let mail = ReceivedMail::new(raw.to_owned());
        assert_eq!(
            mail.text(),
            "café = 123456 and https://portal.example.org/a\n"
        );
        assert_eq!(mail.html(), "<p>");
        assert_eq!(mail.code(), "123456");
        assert_eq!(mail.link(), "https://portal.example.org/a");
    }
}

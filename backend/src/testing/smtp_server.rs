use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::testing::received_mail::ReceivedMail;

/// How long a test waits for an expected message: longer than a claim lasts.
const FREE_ATTEMPTS: Duration = Duration::from_mins(3);

/// A mail server in its own process (`end2end/smtp-server.mjs`). It is killed on drop.
pub struct SmtpProcess {
    child: Child,
    said: Receiver<Value>,
    port: u16,
    setting: SmtpSetting,
}

/// What the mail server requires.
#[derive(Clone)]
pub struct SmtpSetting {
    /// User and password, without which it accepts nothing.
    pub login: Option<(&'static str, &'static str)>,
    /// Certificate and key. With them it accepts nothing before STARTTLS.
    pub certificate: Option<(PathBuf, PathBuf)>,
}

/// How the mail server treats the next messages.
#[derive(Clone, Copy, Debug)]
pub enum SmtpMood {
    Accept,
    /// Receives the whole message and never responds.
    Hang,
    /// Receives the whole message and dies without a response.
    Die,
    /// "Try again later" (451).
    Defer,
    /// "No such mailbox" (550).
    Refuse,
}

/// A message that the mail server received.
#[derive(Clone, Debug)]
pub struct SmtpArrival {
    pub from: String,
    pub to: Vec<String>,
    /// Whether the connection used TLS, and which user had logged in.
    pub secure: bool,
    pub user: Option<String>,
    pub mail: ReceivedMail,
}

impl SmtpArrival {
    #[must_use]
    pub fn message_id(&self) -> String {
        self.mail.header("Message-ID")
    }
}

impl SmtpProcess {
    #[must_use]
    pub fn start(setting: SmtpSetting) -> Self {
        Self::start_at(0, setting)
    }

    /// Restarts the same server on the same port.
    #[must_use]
    pub fn restart(mut self) -> Self {
        self.kill();
        Self::start_at(self.port, self.setting.clone())
    }

    fn start_at(port: u16, setting: SmtpSetting) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/smtp-server.mjs");
        let wanted = json!({
            "port": port,
            "login": setting.login.map(|(user, password)| json!({ "user": user, "password": password })),
            "certificate": setting.certificate.as_ref().map(|(certificate, _)| certificate),
            "key": setting.certificate.as_ref().map(|(_, key)| key),
        });
        let mut child = Command::new("node")
            .arg(script)
            .arg(wanted.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node, which scripts/setup demands");
        let output = BufReader::new(child.stdout.take().expect("an output"));
        let (says, said) = channel();
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let value = serde_json::from_str(&line).expect("a line of JSON");
                if says.send(value).is_err() {
                    return;
                }
            }
        });
        let first: Value = said
            .recv_timeout(FREE_ATTEMPTS)
            .expect("a mail server (scripts/setup test installs its parts)");
        let port = first["port"].as_u64().expect("a port");
        Self {
            child,
            said,
            port: u16::try_from(port).expect("a port"),
            setting,
        }
    }

    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    pub fn mood(&mut self, mood: SmtpMood) {
        let word = format!("{mood:?}").to_lowercase();
        let input = self.child.stdin.as_mut().expect("an input");
        writeln!(input, "{word}").expect("a server that listens");
        let answer = self.said.recv_timeout(FREE_ATTEMPTS).expect("a word");
        assert_eq!(answer["mood"], word.as_str());
    }

    /// The next complete message. Waits for it.
    #[must_use]
    pub fn next(&self) -> SmtpArrival {
        self.next_within(FREE_ATTEMPTS).expect("a message")
    }

    /// The next message, if one arrives in time.
    #[must_use]
    pub fn next_within(&self, time: Duration) -> Option<SmtpArrival> {
        let arrival = self.said.recv_timeout(time).ok()?;
        let text = |name: &str| arrival[name].as_str().map(str::to_owned);
        let to = arrival["to"].as_array().expect("recipients");
        Some(SmtpArrival {
            from: text("from").expect("a sender"),
            to: to
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            secure: arrival["secure"].as_bool().expect("a flag"),
            user: text("user"),
            mail: ReceivedMail::new(text("message").expect("a message")),
        })
    }

    /// Kills the process immediately.
    pub fn kill(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Drop for SmtpProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

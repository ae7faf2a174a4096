use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

pub const PASSWORD: &str = "ninety otters ride a tandem";

/// A folder with the binary and a web site beside it, where it may be started.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let binary = folder.path().join("portal");
        let built = env!("CARGO_BIN_EXE_portal");
        // A link is enough, where the folder is on the same file system.
        if fs::hard_link(built, &binary).is_err() {
            fs::copy(built, &binary).unwrap();
        }
        let site = folder.path().join("site");
        fs::create_dir(&site).unwrap();
        let index = r#"{"portal.css":"a.css","portal.js":"a.js","portal.wasm":"a.wasm","favicon.svg":"a.svg"}"#;
        fs::write(site.join("assets.json"), index).unwrap();
        for name in ["a.css", "a.js", "a.wasm", "a.svg"] {
            fs::write(site.join(name), name).unwrap();
        }
        Self(folder)
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn portal(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
        self.portal_by(&[], arguments, settings)
    }

    /// By way of another program, which is given the portal's command line.
    pub fn portal_by(&self, by: &[&str], arguments: &[&str], settings: &[(&str, &str)]) -> Command {
        let binary = self.path().join("portal");
        let mut command = match by {
            [] => Command::new(binary),
            [program, with @ ..] => {
                let mut command = Command::new(program);
                command.args(with).arg(binary);
                command
            }
        };
        command
            .current_dir(self.path())
            .args(arguments)
            .env_clear()
            .envs(settings.iter().copied());
        command
    }

    pub fn run(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
        self.portal(arguments, settings)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    pub fn create_owner(&self, username: &str, password: &str) -> Output {
        self.create_owner_in(username, password, &[])
    }

    pub fn create_owner_in(
        &self,
        username: &str,
        password: &str,
        settings: &[(&str, &str)],
    ) -> Output {
        let arguments = ["--json", "owner", "create", "--username", username];
        let mut child = self
            .portal(&arguments, settings)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
        child.wait_with_output().unwrap()
    }

    /// Nothing was made but what stood here before.
    pub fn assert_untouched(&self) {
        let mut names: Vec<String> = fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["portal", "site"]);
    }
}

/// A portal that is serving; killed at the end.
pub struct Serving {
    pub child: Child,
    pub said: BufReader<std::process::ChildStdout>,
    pub address: String,
}

impl Serving {
    pub fn start(place: &Place, settings: &[(&str, &str)]) -> Self {
        Self::start_by(&[], place, settings)
    }

    /// By way of another program.
    pub fn start_by(by: &[&str], place: &Place, settings: &[(&str, &str)]) -> Self {
        let address = free_address();
        let mut settings = settings.to_vec();
        settings.push(("PORTAL_ADDR", &address));
        let mut child = place
            .portal_by(by, &["serve"], &settings)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            said,
            address,
        }
    }

    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    pub fn get(&self, path: &str) -> String {
        self.get_by_name("localhost", path)
    }

    /// Asks by another name of this machine.
    pub fn get_by_name(&self, name: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let (_, port) = self.address.split_once(':').unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {name}:{port}\r\nAccept: text/html\r\n\
             Connection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Asks it to stop; somebody else reads what it logs.
    pub fn stop_quietly(mut self) -> bool {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(&id).status().unwrap().success());
        self.child.wait().unwrap().success()
    }

    /// Asks it to stop and returns what it logged.
    pub fn stop(mut self) -> (bool, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(&id).status().unwrap().success());
        let mut log = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        (self.child.wait().unwrap().success(), log)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What a program asks, on a connection of its own.
pub struct Ask<'a> {
    pub method: &'a str,
    pub path: &'a str,
    /// Lines of the head, each ended by CR LF.
    pub head: String,
    pub body: Option<Value>,
}

impl<'a> Ask<'a> {
    pub fn get(path: &'a str) -> Self {
        Self {
            method: "GET",
            path,
            head: String::new(),
            body: None,
        }
    }

    pub fn post(path: &'a str, body: Value) -> Self {
        Self {
            method: "POST",
            body: Some(body),
            ..Self::get(path)
        }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        for part in [name, ": ", value, "\r\n"] {
            self.head.push_str(part);
        }
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let body = self.body.as_ref().map(Value::to_string);
        let length = body.as_ref().map(|body| {
            format!(
                "content-type: application/json\r\ncontent-length: {}\r\n",
                body.len()
            )
        });
        format!(
            "{} {} HTTP/1.1\r\nhost: portal.example.org\r\nconnection: close\r\n{}{}\r\n{}",
            self.method,
            self.path,
            self.head,
            length.unwrap_or_default(),
            body.unwrap_or_default(),
        )
        .into_bytes()
    }

    /// Status, head and body; an error where the connection ends before.
    pub fn of(&self, address: &str) -> io::Result<Said> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        stream.write_all(&self.bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Said::parse(&answer).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Said {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Said {
    pub fn parse(answer: &str) -> Option<Self> {
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let (head, body) = (head.to_owned(), body.to_owned());
        Some(Self { status, head, body })
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }
}

pub fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string()
}

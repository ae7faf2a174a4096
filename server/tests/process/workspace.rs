use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

pub const PASSWORD: &str = "ninety otters ride a tandem";

/// A folder with the binary and the site's files, in which portals run.
pub struct Workspace(TempDir);

impl Workspace {
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
        self.portal_under(&[], arguments, settings)
    }

    /// The command under a wrapper, which gets the portal's command line as arguments.
    pub fn portal_under(
        &self,
        wrapper: &[&str],
        arguments: &[&str],
        settings: &[(&str, &str)],
    ) -> Command {
        let binary = self.path().join("portal");
        let mut command = match wrapper {
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

    /// Asserts that nothing was created in the folder.
    pub fn assert_untouched(&self) {
        let mut names: Vec<String> = fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["portal", "site"]);
    }
}

/// A running portal, which is killed when this is dropped.
pub struct PortalProcess {
    pub child: Child,
    pub result: BufReader<std::process::ChildStdout>,
    pub address: String,
}

impl PortalProcess {
    pub fn start(workspace: &Workspace, settings: &[(&str, &str)]) -> Self {
        Self::start_under(&[], workspace, settings)
    }

    /// Starts the portal under a wrapper.
    pub fn start_under(wrapper: &[&str], workspace: &Workspace, settings: &[(&str, &str)]) -> Self {
        let address = free_address();
        let mut settings = settings.to_vec();
        settings.push(("PORTAL_ADDR", &address));
        let mut child = workspace
            .portal_under(wrapper, &["serve"], &settings)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let result = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            result,
            address,
        }
    }

    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.result.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    pub fn get(&self, path: &str) -> String {
        self.get_by_host("localhost", path)
    }

    /// Sends a request with another `Host`.
    pub fn get_by_host(&self, name: &str, path: &str) -> String {
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

    /// Stops the portal, whose log another thread reads.
    pub fn stop_without_log(mut self) -> bool {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(&id).status().unwrap().success());
        self.child.wait().unwrap().success()
    }

    /// Stops the portal. Returns whether it succeeded, and its log.
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

impl Drop for PortalProcess {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A request on a connection of its own.
pub struct HttpRequest<'a> {
    pub method: &'a str,
    pub path: &'a str,
    /// Header lines, each with CR LF.
    pub head: String,
    pub body: Option<Value>,
}

impl<'a> HttpRequest<'a> {
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

    /// Sends the request. An incomplete response is an error.
    pub fn of(&self, address: &str) -> io::Result<HttpResponse> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        stream.write_all(&self.bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        HttpResponse::parse(&answer).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

/// A complete response.
#[derive(Debug)]
pub struct HttpResponse {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl HttpResponse {
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

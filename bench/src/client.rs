use std::fmt::Write as _;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::result::Result;

const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);

/// A connection that sends one request after another, for requests that wrk can't send.
pub(crate) struct Client {
    address: String,
    stream: TcpStream,
    buffer: Vec<u8>,
}

pub(crate) struct HttpResponse {
    pub status: u16,
    /// The status line and the headers.
    pub head: String,
    pub body: Vec<u8>,
}

impl Client {
    pub(crate) async fn connect(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            address: address.to_owned(),
            stream,
            buffer: Vec::new(),
        })
    }

    pub(crate) async fn get(&mut self, path: &str, headers: &[String]) -> Result<HttpResponse> {
        self.send(&format!("GET {path}"), headers, "").await
    }

    /// Sends JSON, and returns the JSON of the response.
    pub(crate) async fn post(
        &mut self,
        path: &str,
        headers: &[String],
        body: &serde_json::Value,
    ) -> Result<serde_json::Value> {
        let body = body.to_string();
        let response = self.send(&format!("POST {path}"), headers, &body).await?;
        if response.status != 200 {
            let output = String::from_utf8_lossy(&response.body).into_owned();
            return Err(format!("POST {path} answers {}: {output}", response.status).into());
        }
        Ok(serde_json::from_slice(&response.body)?)
    }

    async fn send(
        &mut self,
        request_line: &str,
        headers: &[String],
        body: &str,
    ) -> Result<HttpResponse> {
        let mut request = format!("{request_line} HTTP/1.1\r\nHost: {}\r\n", self.address);
        for header in headers {
            request.push_str(header);
            request.push_str("\r\n");
        }
        if !body.is_empty() {
            let length = body.len();
            write!(
                request,
                "Content-Type: application/json\r\nContent-Length: {length}\r\n"
            )?;
        }
        request.push_str("\r\n");
        request.push_str(body);
        self.stream.write_all(request.as_bytes()).await?;
        timeout(ANSWER_TIMEOUT, self.receive()).await?
    }

    async fn receive(&mut self) -> Result<HttpResponse> {
        self.buffer.clear();
        let end = loop {
            self.read_more().await?;
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end;
            }
        };
        let head = String::from_utf8(self.buffer[..end].to_vec())?;
        let length: usize = header(&head, "content-length")
            .ok_or("a response without a length")?
            .parse()?;
        while self.buffer.len() < end + 4 + length {
            self.read_more().await?;
        }
        let status = head.split(' ').nth(1).unwrap_or_default().parse()?;
        Ok(HttpResponse {
            status,
            head,
            body: self.buffer[end + 4..].to_vec(),
        })
    }

    async fn read_more(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err("the server hung up".into()),
            _ => Ok(()),
        }
    }
}

pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(candidate, _)| candidate.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

pub(crate) fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

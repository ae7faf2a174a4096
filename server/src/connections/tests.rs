use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::{get, post};
use futures_util::stream::{StreamExt as _, repeat};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::connection::MAX_HEAD_BUFFER;
use super::{ConnectionLimits, ConnectionTimeLimits, Server};
use crate::metrics::Metrics;

const SHORT: ConnectionTimeLimits = ConnectionTimeLimits {
    head: Duration::from_millis(300),
    idle: Duration::from_secs(2),
    stalled: Duration::from_millis(600),
};
const LIMITS: ConnectionLimits = ConnectionLimits {
    per_address: Some(50),
    total: Some(1000),
    times: SHORT,
};

/// A server on a port of its own.
struct TestServer {
    address: SocketAddr,
    stop: Option<watch::Sender<()>>,
    serving: JoinHandle<()>,
    metrics: Arc<Metrics>,
}

impl TestServer {
    async fn start(limits: ConnectionLimits, trusted: &str) -> Self {
        let endless = || async {
            let piece = Bytes::from(vec![b'x'; 65_536]);
            Body::from_stream(repeat(piece).map(Ok::<_, Infallible>))
        };
        let slow = || async {
            sleep(Duration::from_millis(1200)).await;
            "slow"
        };
        let router = Router::new()
            .route("/fast", get(|| async { "fast" }))
            .route("/slow", get(slow))
            .route("/endless", get(endless))
            .route("/body", post(|body: String| async move { body }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let metrics = Arc::new(Metrics::default());
        let server = Server {
            router,
            trusted_proxies: trusted.parse().unwrap(),
            limits,
            metrics: metrics.clone(),
        };
        let (stop, stopped) = watch::channel(());
        Self {
            address,
            stop: Some(stop),
            serving: tokio::spawn(server.serve(listener, stopped)),
            metrics,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends the bytes and reads until the server closes. Returns the answer and how long it took.
    async fn exchange(&self, bytes: &[u8]) -> (String, Duration) {
        let mut stream = self.connect().await;
        let started = Instant::now();
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        // A reset ends the answer too.
        drop(stream.read_to_end(&mut answer).await);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        (answer, started.elapsed())
    }

    async fn is_healthy(&self) -> bool {
        let asked = self.exchange(b"GET /fast HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        asked.await.0.ends_with("fast")
    }
}

#[tokio::test]
async fn a18_unfinished_head_times_out() {
    let server = TestServer::start(LIMITS, "").await;
    for begun in ["", "GET /fast HTTP/1.1\r\nhost: x\r\nx-slow: "] {
        let (answer, took) = server.exchange(begun.as_bytes()).await;
        assert_eq!(answer, "");
        assert!(took >= SHORT.head && took < SHORT.idle, "{took:?}");
    }
    // A byte now and then doesn't extend the limit.
    let mut stream = server.connect().await;
    let dribble = async {
        for byte in b"GET /fast HTTP/1.1\r\nx: "
            .iter()
            .chain([b'y'; 100].iter())
        {
            if stream.write_all(&[*byte]).await.is_err() {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(SHORT.idle, dribble).await.unwrap();
    assert!(server.is_healthy().await);
}

#[tokio::test]
async fn a18_idle_connection_times_out() {
    let server = TestServer::start(LIMITS, "").await;
    let mut stream = server.connect().await;
    let mut buffer = [0; 1024];
    for pause in [0, 500] {
        sleep(Duration::from_millis(pause)).await;
        stream
            .write_all(b"GET /fast HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .unwrap();
        assert!(
            stream.read(&mut buffer).await.unwrap() > 0,
            "closed after {pause} ms"
        );
    }
    let started = Instant::now();
    assert_eq!(stream.read(&mut buffer).await.unwrap(), 0);
    assert!(started.elapsed() >= SHORT.idle.mul_f32(0.9));
    assert!(started.elapsed() < SHORT.idle * 3);
}

#[tokio::test]
async fn slow_response_is_not_an_idle_connection() {
    let server = TestServer::start(LIMITS, "").await;
    let slow = server.exchange(b"GET /slow HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(slow.await.0.ends_with("slow"));
}

#[tokio::test]
async fn a18_client_that_stops_reading_times_out() {
    let server = TestServer::start(LIMITS, "").await;
    let mut stream = server.connect().await;
    stream
        .write_all(b"GET /endless HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let gone = async {
        while server.metrics.open_connections() > 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    // The limit starts with the first byte.
    stream.readable().await.unwrap();
    let started = Instant::now();
    timeout(SHORT.stalled * 5, gone).await.unwrap();
    assert!(started.elapsed() >= SHORT.stalled.mul_f32(0.8));
}

#[tokio::test]
async fn a18_too_many_headers_and_other_protocols_are_rejected() {
    let server = TestServer::start(LIMITS, "").await;
    let many = "x: y\r\n".repeat(1000);
    let (answer, _) = server
        .exchange(format!("GET /fast HTTP/1.1\r\nhost: x\r\n{many}\r\n").as_bytes())
        .await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    let long = "y".repeat(2 * MAX_HEAD_BUFFER);
    let (answer, _) = server
        .exchange(format!("GET /fast HTTP/1.1\r\nx: {long}\r\n\r\n").as_bytes())
        .await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
        "{answer}"
    );
    let (answer, _) = server.exchange(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert!(!answer.contains("200"), "{answer}");
    assert!(server.is_healthy().await);
}

/// Without lingering, a reset would discard the answer, and a proxy would answer 502 instead.
#[tokio::test]
async fn client_rejected_during_upload_can_read_the_answer() {
    let server = TestServer::start(LIMITS, "").await;
    let head = "POST /refused HTTP/1.1\r\nhost: x\r\ncontent-length: 500000\r\n\r\n";
    let mut stream = server.connect().await;
    stream.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..50 {
        stream.write_all(&[b'x'; 10_000]).await.unwrap();
        sleep(Duration::from_millis(2)).await;
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    // Lingering is limited in time and bytes.
    let mut stream = server.connect().await;
    stream.write_all(head.as_bytes()).await.unwrap();
    let gone = async {
        while server.metrics.open_connections() > 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(10), gone).await.unwrap();
    let endless = "POST /refused HTTP/1.1\r\nhost: x\r\ncontent-length: 900000000\r\n\r\n";
    stream = server.connect().await;
    stream.write_all(endless.as_bytes()).await.unwrap();
    let (piece, mut sent) = ("x".repeat(65_536), 0);
    while sent < 900_000_000 && stream.write_all(piece.as_bytes()).await.is_ok() {
        sent += piece.len();
    }
    assert!(sent < 100_000_000, "{sent} bytes were taken");
}

/// ASVS 4.2.1: a request with two lengths is rejected, and what follows is not read as another
/// request.
#[tokio::test]
async fn asvs_4_2_1_ambiguous_lengths_smuggle_no_request() {
    let server = TestServer::start(LIMITS, "").await;
    let inner = "GET /fast HTTP/1.1\r\nhost: x\r\n\r\n";
    for head in [
        "content-length: 5\r\ncontent-length: 6",
        "content-length: 5, 6",
        "content-length: +5",
        "content-length: 0x5",
        "transfer-encoding: xchunked",
        "transfer-encoding: chunked, identity",
        "transfer-encoding : chunked",
        "transfer-encoding:\x0bchunked",
    ] {
        let request = format!("POST /body HTTP/1.1\r\nhost: x\r\n{head}\r\n\r\n0\r\n\r\n{inner}");
        let (answer, _) = server.exchange(request.as_bytes()).await;
        assert!(
            answer.starts_with("HTTP/1.1 400") || answer.is_empty(),
            "{head}: {answer}"
        );
        assert_eq!(
            answer.matches("HTTP/1.1").count().max(1),
            1,
            "{head}: {answer}"
        );
    }
    // With both lengths, the chunks count (RFC 9112, 6.3), and the connection closes.
    let request = format!(
        "POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{inner}"
    );
    let (answer, _) = server.exchange(request.as_bytes()).await;
    assert!(answer.matches("HTTP/1.1").count() <= 1, "{answer}");
}

#[tokio::test]
async fn a18_connections_per_address_are_limited_except_for_trusted_proxies() {
    let server = TestServer::start(LIMITS, "").await;
    let mut held = Vec::new();
    for _ in 0..50 {
        held.push(server.connect().await);
    }
    while server.metrics.open_connections() < 50 {
        sleep(Duration::from_millis(10)).await;
    }
    assert!(!server.is_healthy().await);
    held.clear();
    while server.metrics.open_connections() > 0 {
        sleep(Duration::from_millis(10)).await;
    }
    assert!(server.is_healthy().await);

    let server = TestServer::start(LIMITS, "127.0.0.1").await;
    for _ in 0..60 {
        held.push(server.connect().await);
    }
    assert!(server.is_healthy().await);
}

#[tokio::test]
async fn a18_connections_beyond_the_total_limit_wait() {
    let limits = ConnectionLimits {
        total: Some(5),
        ..LIMITS
    };
    let server = TestServer::start(limits, "").await;
    let mut held = Vec::new();
    for _ in 0..5 {
        held.push(server.connect().await);
    }
    while server.metrics.open_connections() < 5 {
        sleep(Duration::from_millis(10)).await;
    }
    // The idle connections time out, and the waiting one is answered.
    let started = Instant::now();
    assert!(server.is_healthy().await);
    assert!(started.elapsed() >= SHORT.head / 2);
}

#[tokio::test]
async fn shutdown_finishes_requests_in_progress_and_accepts_no_more() {
    let mut server = TestServer::start(LIMITS, "").await;
    let mut idle = server.connect().await;
    idle.write_all(b"GET /fast HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut buffer = [0; 1024];
    assert!(idle.read(&mut buffer).await.unwrap() > 0);
    let mut slow = server.connect().await;
    slow.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    sleep(Duration::from_millis(100)).await;
    drop(server.stop.take());
    assert_eq!(idle.read(&mut buffer).await.unwrap(), 0);
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("slow"), "{answer}");
    server.serving.await.unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}

//! The accept loop: how many connections there may be, and how long each may take.
//! `axum::serve` has neither limit (security A18).

mod seats;
mod watch;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch as channel;
use tokio::time::{Instant, sleep, sleep_until};
use tower::ServiceExt as _;

use crate::layers::TrustedProxies;
use crate::metrics::Metrics;
use seats::{Seat, Seats};
use watch::{Observed, Watch};

/// What hyper keeps of a request's head: enough to answer somebody whose neighbours planted
/// sixty large cookies (security A07); see `layers::request_head`.
const LARGEST_HEAD: usize = 256 * 1024;
const MOST_HEADERS: usize = 100;

/// What one connection may cost, and how many there may be (docs/contract.md, Request limits).
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionLimits {
    /// From one IPv4 address or IPv6 /64 that is no trusted proxy; none for no limit.
    pub per_address: Option<u32>,
    /// In all; more wait in the system's queue. None for no limit.
    pub in_all: Option<usize>,
    pub times: ConnectionTimes,
}

/// How long a connection may take for what it does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionTimes {
    /// From the first byte of a request's head (or from the connection) to its last.
    pub head: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// Without taking a byte of what we write.
    pub stalled: Duration,
}

impl ConnectionTimes {
    pub(crate) const DEFAULT: Self = Self {
        head: Duration::from_secs(10),
        idle: Duration::from_mins(1),
        stalled: Duration::from_secs(30),
    };
}

/// What answers, and what it needs to know about who comes.
pub(crate) struct Reception {
    pub router: Router,
    pub trusted_proxies: TrustedProxies,
    pub limits: ConnectionLimits,
    pub metrics: Arc<Metrics>,
}

/// Answers on the listener until the channel closes, and then until every request under way
/// is answered. HTTP/1.1 only: browsers speak HTTP/2 with the proxy that has the TLS, so its
/// whole list of attacks stays outside.
pub(crate) async fn receive(
    listener: TcpListener,
    reception: Reception,
    mut stopped: channel::Receiver<()>,
) {
    let reception = Arc::new(reception);
    let seats = Arc::new(Seats::new(&reception.limits));
    // Closed when the last connection has let go of it.
    let (ended, ending) = channel::channel(());
    loop {
        let seated = async {
            let place = seats.wait_for_place().await;
            (accept(&listener).await, place)
        };
        let ((stream, peer), place) = tokio::select! {
            seated = seated => seated,
            _ = stopped.changed() => break,
        };
        let exempt = reception.trusted_proxies.trusts(peer.ip().to_canonical());
        let Some(seat) = seats.take(peer.ip(), exempt, place) else {
            reception.metrics.connection_refused();
            continue;
        };
        let connection = Connection {
            stream,
            peer,
            reception: reception.clone(),
            stopped: stopped.clone(),
        };
        let ending = ending.clone();
        tokio::spawn(async move {
            connection.serve(seat).await;
            drop(ending);
        });
    }
    drop(listener);
    drop(ending);
    ended.closed().await;
}

/// The next connection. What can't be accepted is the other side's affair, or the system is
/// out of something, which takes a moment to pass.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_the_other_side(&error) => {}
            Err(error) => {
                tracing::error!(%error, "a connection could not be accepted");
                sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

fn is_of_the_other_side(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

/// One connection, from its acceptance to its end.
struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    reception: Arc<Reception>,
    stopped: channel::Receiver<()>,
}

impl Connection {
    async fn serve(self, seat: Seat) {
        let Self {
            stream,
            peer,
            reception,
            mut stopped,
        } = self;
        let _open = reception.metrics.connection();
        let times = reception.limits.times;
        let watch = Arc::new(Watch::new(times));
        // A peer that has vanished takes no byte either, and the kernel knows it first.
        drop(SockRef::from(&stream).set_tcp_user_timeout(Some(times.stalled)));
        drop(stream.set_nodelay(true));
        let service = service_fn({
            let (router, watch) = (reception.router.clone(), watch.clone());
            move |request| answer(router.clone(), peer, request, watch.clone())
        });
        let io = TokioIo::new(Observed::new(stream, watch.clone()));
        let connection = http1::Builder::new()
            .max_buf_size(LARGEST_HEAD)
            .max_headers(MOST_HEADERS)
            .serve_connection(io, service);
        let mut connection = std::pin::pin!(connection);
        let mut leaving = false;
        loop {
            // What begins meanwhile may be due earlier, but not before this.
            let at_most = Instant::now() + times.head;
            let due = watch.due().map_or(at_most, |due| due.min(at_most));
            tokio::select! {
                // The other side went, or spoke no HTTP: nobody's error here.
                _ = connection.as_mut() => break,
                _ = stopped.changed(), if !leaving => {
                    leaving = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = sleep_until(due) => {
                    if watch.due().is_some_and(|due| due <= Instant::now()) {
                        reception.metrics.connection_timed_out();
                        break;
                    }
                }
            }
        }
        drop(seat);
    }
}

async fn answer(
    router: Router,
    peer: SocketAddr,
    request: Request<Incoming>,
    watch: Arc<Watch>,
) -> Result<
    http::Response<impl hyper::body::Body<Data = axum::body::Bytes, Error = axum::Error>>,
    Infallible,
> {
    let answering = watch.answering(!request.body().is_end_stream());
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = router.oneshot(request).await?;
    Ok(response.map(|body| answering.until_end_of(body)))
}

#[cfg(test)]
mod tests {
    use axum::routing::{get, post};
    use futures_util::stream::{StreamExt as _, repeat};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::task::JoinHandle;
    use tokio::time::timeout;

    use super::*;

    const SHORT: ConnectionTimes = ConnectionTimes {
        head: Duration::from_millis(300),
        idle: Duration::from_secs(2),
        stalled: Duration::from_millis(600),
    };
    const LIMITS: ConnectionLimits = ConnectionLimits {
        per_address: Some(50),
        in_all: Some(1000),
        times: SHORT,
    };

    /// A server of the test's own, its address, and what stops it.
    struct Running {
        address: SocketAddr,
        stop: Option<channel::Sender<()>>,
        serving: JoinHandle<()>,
        metrics: Arc<Metrics>,
    }

    impl Running {
        async fn start(limits: ConnectionLimits, trusted: &str) -> Self {
            let endless = || async {
                let piece = axum::body::Bytes::from(vec![b'x'; 65_536]);
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
            let reception = Reception {
                router,
                trusted_proxies: trusted.parse().unwrap(),
                limits,
                metrics: metrics.clone(),
            };
            let (stop, stopped) = channel::channel(());
            Self {
                address,
                stop: Some(stop),
                serving: tokio::spawn(receive(listener, reception, stopped)),
                metrics,
            }
        }

        async fn connect(&self) -> TcpStream {
            TcpStream::connect(self.address).await.unwrap()
        }

        /// Sends the bytes and reads until the server closes; how long that took.
        async fn exchange(&self, bytes: &[u8]) -> (String, Duration) {
            let mut stream = self.connect().await;
            let started = Instant::now();
            stream.write_all(bytes).await.unwrap();
            let mut answer = Vec::new();
            // A reset is an end too.
            drop(stream.read_to_end(&mut answer).await);
            let answer = String::from_utf8_lossy(&answer).into_owned();
            (answer, started.elapsed())
        }

        async fn is_well(&self) -> bool {
            let asked =
                self.exchange(b"GET /fast HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
            asked.await.0.ends_with("fast")
        }
    }

    #[tokio::test]
    async fn a18_a_head_that_does_not_end_is_given_up() {
        let running = Running::start(LIMITS, "").await;
        for begun in ["", "GET /fast HTTP/1.1\r\nhost: x\r\nx-slow: "] {
            let (answer, took) = running.exchange(begun.as_bytes()).await;
            assert_eq!(answer, "");
            assert!(took >= SHORT.head && took < SHORT.idle, "{took:?}");
        }
        // Nor does a byte now and then buy more time.
        let mut stream = running.connect().await;
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
        assert!(running.is_well().await);
    }

    #[tokio::test]
    async fn a18_between_two_requests_there_is_time_but_not_for_ever() {
        let running = Running::start(LIMITS, "").await;
        let mut stream = running.connect().await;
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
    async fn what_is_being_answered_is_not_idle() {
        let running = Running::start(LIMITS, "").await;
        let slow = running.exchange(b"GET /slow HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        assert!(slow.await.0.ends_with("slow"));
    }

    #[tokio::test]
    async fn a18_who_takes_nothing_of_an_answer_is_left() {
        let running = Running::start(LIMITS, "").await;
        let mut stream = running.connect().await;
        stream
            .write_all(b"GET /endless HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .unwrap();
        let gone = async {
            while running.metrics.open_connections() > 0 {
                sleep(Duration::from_millis(20)).await;
            }
        };
        // Once it is there.
        stream.readable().await.unwrap();
        let started = Instant::now();
        timeout(SHORT.stalled * 5, gone).await.unwrap();
        assert!(started.elapsed() >= SHORT.stalled.mul_f32(0.8));
    }

    #[tokio::test]
    async fn a18_many_headers_and_other_protocols_are_refused() {
        let running = Running::start(LIMITS, "").await;
        let many = "x: y\r\n".repeat(1000);
        let (answer, _) = running
            .exchange(format!("GET /fast HTTP/1.1\r\nhost: x\r\n{many}\r\n").as_bytes())
            .await;
        assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
        let long = "y".repeat(2 * LARGEST_HEAD);
        let (answer, _) = running
            .exchange(format!("GET /fast HTTP/1.1\r\nx: {long}\r\n\r\n").as_bytes())
            .await;
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
            "{answer}"
        );
        let (answer, _) = running.exchange(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
        assert!(!answer.contains("200"), "{answer}");
        assert!(running.is_well().await);
    }

    /// Without lingering, the reset of what is not read takes the answer with it, and a proxy
    /// says 502 instead of it.
    #[tokio::test]
    async fn who_is_refused_while_still_sending_can_read_the_answer() {
        let running = Running::start(LIMITS, "").await;
        let head = "POST /refused HTTP/1.1\r\nhost: x\r\ncontent-length: 500000\r\n\r\n";
        let mut stream = running.connect().await;
        stream.write_all(head.as_bytes()).await.unwrap();
        for _ in 0..50 {
            stream.write_all(&[b'x'; 10_000]).await.unwrap();
            sleep(Duration::from_millis(2)).await;
        }
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
        // But not for ever, nor without end.
        let mut stream = running.connect().await;
        stream.write_all(head.as_bytes()).await.unwrap();
        let gone = async {
            while running.metrics.open_connections() > 0 {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(Duration::from_secs(10), gone).await.unwrap();
        let endless = "POST /refused HTTP/1.1\r\nhost: x\r\ncontent-length: 900000000\r\n\r\n";
        stream = running.connect().await;
        stream.write_all(endless.as_bytes()).await.unwrap();
        let (piece, mut sent) = ("x".repeat(65_536), 0);
        while sent < 900_000_000 && stream.write_all(piece.as_bytes()).await.is_ok() {
            sent += piece.len();
        }
        assert!(sent < 100_000_000, "{sent} bytes were taken");
    }

    /// ASVS 4.2.1: a request that says its length in two ways is refused, and nothing after it
    /// is read as another one.
    #[tokio::test]
    async fn asvs_4_2_1_ambiguous_lengths_smuggle_nothing() {
        let running = Running::start(LIMITS, "").await;
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
            let request =
                format!("POST /body HTTP/1.1\r\nhost: x\r\n{head}\r\n\r\n0\r\n\r\n{inner}");
            let (answer, _) = running.exchange(request.as_bytes()).await;
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
        // Both lengths: the chunks count (RFC 9112, 6.3), and the connection ends there.
        let request = format!(
            "POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{inner}"
        );
        let (answer, _) = running.exchange(request.as_bytes()).await;
        assert!(answer.matches("HTTP/1.1").count() <= 1, "{answer}");
    }

    #[tokio::test]
    async fn a18_one_address_has_fifty_connections_and_a_trusted_proxy_all_it_wants() {
        let running = Running::start(LIMITS, "").await;
        let mut held = Vec::new();
        for _ in 0..50 {
            held.push(running.connect().await);
        }
        while running.metrics.open_connections() < 50 {
            sleep(Duration::from_millis(10)).await;
        }
        assert!(!running.is_well().await);
        held.clear();
        while running.metrics.open_connections() > 0 {
            sleep(Duration::from_millis(10)).await;
        }
        assert!(running.is_well().await);

        let running = Running::start(LIMITS, "127.0.0.1").await;
        for _ in 0..60 {
            held.push(running.connect().await);
        }
        assert!(running.is_well().await);
    }

    #[tokio::test]
    async fn a18_more_than_all_may_have_wait_their_turn() {
        let limits = ConnectionLimits {
            in_all: Some(5),
            ..LIMITS
        };
        let running = Running::start(limits, "").await;
        let mut held = Vec::new();
        for _ in 0..5 {
            held.push(running.connect().await);
        }
        while running.metrics.open_connections() < 5 {
            sleep(Duration::from_millis(10)).await;
        }
        // The silent ones lose their places, and whoever waits is answered.
        let started = Instant::now();
        assert!(running.is_well().await);
        assert!(started.elapsed() >= SHORT.head / 2);
    }

    #[tokio::test]
    async fn at_the_end_what_is_under_way_is_answered_and_nothing_new_begins() {
        let mut running = Running::start(LIMITS, "").await;
        let mut idle = running.connect().await;
        idle.write_all(b"GET /fast HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .unwrap();
        let mut buffer = [0; 1024];
        assert!(idle.read(&mut buffer).await.unwrap() > 0);
        let mut slow = running.connect().await;
        slow.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .unwrap();
        sleep(Duration::from_millis(100)).await;
        drop(running.stop.take());
        assert_eq!(idle.read(&mut buffer).await.unwrap(), 0);
        let mut answer = String::new();
        slow.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("slow"), "{answer}");
        running.serving.await.unwrap();
        assert!(TcpStream::connect(running.address).await.is_err());
    }
}

//! Slow and greedy clients, and the metrics, with the default limits of the binary.
//! `server/src/connections/tests.rs` tests the same limits with shorter times.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::workspace::{PortalProcess, Workspace, free_address};

/// Sends the bytes and reads until the server closes the connection.
fn exchange(address: &str, bytes: &[u8]) -> (String, Duration) {
    let mut stream = TcpStream::connect(address).unwrap();
    let started = Instant::now();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer));
    let answer = String::from_utf8_lossy(&answer).into_owned();
    (answer, started.elapsed())
}

/// Security A18. The cases run in parallel, because each takes long.
#[test]
fn a18_slow_clients_time_out_while_others_are_served() {
    let workspace = Workspace::new();
    let settings = [
        ("PORTAL_CONNECTIONS_PER_ADDRESS", "0"),
        ("PORTAL_PUBLIC_LIMIT", "0"),
        ("PORTAL_LOGIN_LIMIT", "0"),
    ];
    let mut process = PortalProcess::start(&workspace, &settings);
    process.line();
    let address = process.address.as_str();
    let dribble = "GET /health HTTP/1.1\r\nhost: x\r\nx-slow: ";
    let body = "POST /v1/authentication/verify HTTP/1.1\r\nhost: x\r\n\
        content-type: application/json\r\ncontent-length: 1000\r\n\r\n{";
    thread::scope(|scope| {
        let heads: Vec<_> = (0..300)
            .map(|_| scope.spawn(move || exchange(address, dribble.as_bytes())))
            .collect();
        let bodies: Vec<_> = (0..50)
            .map(|_| scope.spawn(move || exchange(address, body.as_bytes())))
            .collect();
        let mut slowest = Duration::ZERO;
        let until = Instant::now() + Duration::from_secs(8);
        while Instant::now() < until {
            let started = Instant::now();
            assert!(process.get("/health").contains("healthy"));
            slowest = slowest.max(started.elapsed());
            thread::sleep(Duration::from_millis(50));
        }
        // Nobody waits for the slow ones; how fast it is on a busy machine is a bench's affair.
        assert!(slowest < Duration::from_secs(4), "{slowest:?}");
        for head in heads {
            let (answer, took) = head.join().unwrap();
            assert_eq!(answer, "");
            assert!(
                took > Duration::from_secs(9) && took < Duration::from_secs(25),
                "{took:?}"
            );
        }
        for body in bodies {
            let (answer, took) = body.join().unwrap();
            assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
            assert!(took < Duration::from_secs(40), "{took:?}");
        }
    });
    assert!(process.stop().0);
}

/// Security A18: the server stops reading an endless body.
#[test]
fn a18_endless_body_is_rejected_early() {
    let workspace = Workspace::new();
    let mut process = PortalProcess::start(&workspace, &[]);
    process.line();
    let mut stream = TcpStream::connect(&process.address).unwrap();
    let head = "POST /v1/authentication/verify HTTP/1.1\r\nhost: x\r\n\
        content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = [b"1000\r\n".as_slice(), &[b' '; 4096], b"\r\n"].concat();
    let mut sent = 0;
    while sent < 100 << 20 && stream.write_all(&chunk).is_ok() {
        sent += chunk.len();
    }
    // What the system's own buffers take goes nowhere.
    assert!(sent < 20 << 20, "{sent} bytes were taken");
    let (answer, _) = exchange(
        &process.address,
        format!("{head}{}", String::from_utf8(chunk.repeat(5)).unwrap()).as_bytes(),
    );
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    // Nothing here decompresses, so there is no bomb to send.
    let (answer, _) = exchange(
        &process.address,
        "POST /v1/authentication/verify HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}"
            .as_bytes(),
    );
    assert!(answer.starts_with("HTTP/1.1 415"), "{answer}");
    assert!(process.stop().0);
}

#[test]
fn a18_address_is_limited_to_fifty_connections() {
    let workspace = Workspace::new();
    let mut process = PortalProcess::start(&workspace, &[]);
    process.line();
    let held: Vec<TcpStream> = (0..50)
        .map(|_| TcpStream::connect(&process.address).unwrap())
        .collect();
    // Accepted one after the other, so the last one comes behind all of them.
    let (answer, took) = exchange(&process.address, b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n");
    assert_eq!(answer, "");
    assert!(took < Duration::from_secs(5));
    for stream in held {
        drop(stream.shutdown(Shutdown::Both));
    }
    assert!(process.stop().0);
}

/// ASVS 13.4.5.
#[test]
fn asvs_13_4_5_metrics_have_an_address_of_their_own_and_are_off_by_default() {
    let workspace = Workspace::new();
    let mut process = PortalProcess::start(&workspace, &[]);
    process.line();
    assert!(process.get("/metrics").starts_with("HTTP/1.1 404"));
    assert!(process.stop().0);

    let address = free_address();
    let mut process = PortalProcess::start(&workspace, &[("PORTAL_METRICS_ADDR", &address)]);
    process.line();
    assert!(process.get("/metrics").starts_with("HTTP/1.1 404"));
    process.get("/health");
    let request = b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let (figures, _) = exchange(&address, request);
    for line in [
        "HTTP/1.1 200 OK",
        "content-type: text/plain; version=0.0.4; charset=utf-8",
        "portal_up 1",
        "portal_http_requests_total{status=\"2xx\"} 1",
        "portal_http_requests_total{status=\"4xx\"} 1",
        "portal_http_request_duration_seconds_count 2",
        "portal_flood_refusals_total{tier=\"login\"} 0",
    ] {
        assert!(
            figures.lines().any(|found| found == line),
            "{line}\n{figures}"
        );
    }
    let (nothing_else, _) = exchange(
        &address,
        b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    );
    assert!(nothing_else.starts_with("HTTP/1.1 404"));
    assert!(process.stop().0);
}

//! Slow and greedy clients, and the figures, on the binary with its own limits. The accept
//! loop itself is tested at the foot of `connections/mod.rs`, with shorter times.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::place::{Place, Serving, free_address};

/// Sends this and reads until the server closes the connection.
fn exchange(address: &str, bytes: &[u8]) -> (String, Duration) {
    let mut stream = TcpStream::connect(address).unwrap();
    let started = Instant::now();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer));
    let answer = String::from_utf8_lossy(&answer).into_owned();
    (answer, started.elapsed())
}

/// Security A18. All at once, since each takes its time.
#[test]
fn a18_slow_clients_are_given_up_while_others_are_answered_at_once() {
    let place = Place::new();
    let settings = [
        ("PORTAL_CONNECTIONS_PER_ADDRESS", "0"),
        ("PORTAL_PUBLIC_LIMIT", "0"),
        ("PORTAL_LOGIN_LIMIT", "0"),
    ];
    let mut serving = Serving::start(&place, &settings);
    serving.line();
    let address = serving.address.as_str();
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
            assert!(serving.get("/health").contains("healthy"));
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
    assert!(serving.stop().0);
}

/// Security A18: however much is sent, no more is read.
#[test]
fn a18_an_endless_body_is_refused_early() {
    let place = Place::new();
    let mut serving = Serving::start(&place, &[]);
    serving.line();
    let mut stream = TcpStream::connect(&serving.address).unwrap();
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
        &serving.address,
        format!("{head}{}", String::from_utf8(chunk.repeat(5)).unwrap()).as_bytes(),
    );
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    // Nothing here decompresses, so there is no bomb to send.
    let (answer, _) = exchange(
        &serving.address,
        "POST /v1/authentication/verify HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}"
            .as_bytes(),
    );
    assert!(answer.starts_with("HTTP/1.1 415"), "{answer}");
    assert!(serving.stop().0);
}

#[test]
fn a18_a_stranger_has_fifty_connections() {
    let place = Place::new();
    let mut serving = Serving::start(&place, &[]);
    serving.line();
    let held: Vec<TcpStream> = (0..50)
        .map(|_| TcpStream::connect(&serving.address).unwrap())
        .collect();
    // Accepted one after the other, so the last one comes behind all of them.
    let (answer, took) = exchange(&serving.address, b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n");
    assert_eq!(answer, "");
    assert!(took < Duration::from_secs(5));
    for stream in held {
        drop(stream.shutdown(Shutdown::Both));
    }
    assert!(serving.stop().0);
}

/// ASVS 13.4.5: figures are nobody's business by default.
#[test]
fn asvs_13_4_5_figures_stand_at_an_address_of_their_own_and_only_if_asked_for() {
    let place = Place::new();
    let mut serving = Serving::start(&place, &[]);
    serving.line();
    assert!(serving.get("/metrics").starts_with("HTTP/1.1 404"));
    assert!(serving.stop().0);

    let address = free_address();
    let mut serving = Serving::start(&place, &[("PORTAL_METRICS_ADDR", &address)]);
    serving.line();
    assert!(serving.get("/metrics").starts_with("HTTP/1.1 404"));
    serving.get("/health");
    let ask = b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let (figures, _) = exchange(&address, ask);
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
    assert!(serving.stop().0);
}

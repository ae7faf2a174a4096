use std::io::{self, BufWriter};
use std::panic;

use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::LevelFilter;

use crate::settings::LogLevel;

/// How many lines wait for whoever reads them; more are lost, so that a full pipe or disk stops
/// nobody's login.
const WAITING_LINES: usize = 16_384;

/// JSON lines on standard error, panics included. A thread of its own writes them, those of one moment
/// together; what waits is written when the answer is dropped.
pub(super) fn start(level: LogLevel) -> WorkerGuard {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let (writer, guard) = writer();
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_max_level(level)
        .with_writer(writer)
        // It would say so on standard error, which is full, and panic there (CS-Log-1).
        .log_internal_errors(false)
        .init();
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let text = panic.payload_as_str().unwrap_or("of an unknown kind");
        tracing::error!(panic = text, place, "a panic");
    }));
    guard
}

fn writer() -> (NonBlocking, WorkerGuard) {
    NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(WAITING_LINES)
        .thread_name("log")
        .finish(BufWriter::with_capacity(64 * 1024, io::stderr()))
}

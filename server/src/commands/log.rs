use std::{io, panic};

use tracing_subscriber::filter::LevelFilter;

use crate::settings::LogLevel;

/// JSON lines on standard error, panics included.
pub(super) fn start(level: LogLevel) {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_max_level(level)
        .with_writer(io::stderr)
        // It would say so on standard error, which is full, and panic there (CS-Log-1).
        .log_internal_errors(false)
        .init();
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let text = panic.payload_as_str().unwrap_or("of an unknown kind");
        tracing::error!(panic = text, place, "a panic");
    }));
}

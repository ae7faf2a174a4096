use std::io::{self, BufWriter, Write};
use std::panic;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::LevelFilter;

use super::log_line::LogLine;
use crate::settings::LogLevel;

/// How many lines wait for the reader of the log. Portal drops lines beyond them, so that a full
/// pipe or a stuck disk stops no login (CS-Log-1).
const MAX_WAITING_LINES: usize = 8192;
/// How many bytes one write to the log takes at most, unless a single line is longer.
const BUFFER_SIZE: usize = 64 * 1024;
/// How long the worker thread pauses after a write. A request need not wake it while it pauses;
/// waking it for every line costs a request more than formatting the line.
const BATCH_INTERVAL: Duration = Duration::from_millis(10);

/// Writes JSON lines to standard error, panics included. A worker thread writes them; dropping
/// the answer writes what still waits, for one second at most.
pub(crate) fn start(level: LogLevel) -> WorkerGuard {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let (lines, guard) = write_to(io::stderr());
    tracing_subscriber::fmt()
        // It would report them on standard error, which is full, and panic there (CS-Log-1).
        .log_internal_errors(false)
        .fmt_fields(LogLine::fields())
        .event_format(LogLine)
        .with_max_level(level)
        .with_writer(lines)
        .init();
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let text = panic.payload_as_str().unwrap_or("of an unknown kind");
        tracing::error!(panic = text, place, "a panic");
    }));
    guard
}

fn write_to(file: impl Write + Send + 'static) -> (NonBlocking, WorkerGuard) {
    let dropped = Arc::new(OnceLock::new());
    let (lines, guard) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(MAX_WAITING_LINES)
        .thread_name("log")
        .finish(LogFile {
            file: BufWriter::with_capacity(BUFFER_SIZE, file),
            dropped: dropped.clone(),
            reported: 0,
        });
    // Set here and nowhere else.
    let _ = dropped.set(lines.error_counter());
    (lines, guard)
}

/// The log as the worker thread sees it: its failures are ignored, since there is no place to
/// report them.
struct LogFile<W: Write> {
    file: BufWriter<W>,
    dropped: Arc<OnceLock<ErrorCounter>>,
    reported: usize,
}

impl<W: Write> Write for LogFile<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let _ = self.file.write_all(line);
        Ok(line.len())
    }

    /// The worker calls this when no more lines wait.
    fn flush(&mut self) -> io::Result<()> {
        let _ = self.file.flush();
        let dropped = self.dropped.get().map_or(0, ErrorCounter::dropped_lines);
        if dropped > self.reported {
            let lines = dropped - self.reported;
            tracing::warn!(lines, "the log was not read, and lines of it are lost");
            self.reported = dropped;
        }
        thread::sleep(BATCH_INTERVAL);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

    use super::*;

    /// Takes what is written, when somebody asks for it.
    struct Slow(Receiver<()>, Sender<Vec<u8>>);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.recv().map_err(|_| io::ErrorKind::BrokenPipe)?;
            drop(self.1.send(bytes.to_vec()));
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn every_line_is_written_once_and_in_order_before_the_end() {
        let (take, taken) = sync_channel(1000);
        let (write, written) = channel();
        for _ in 0..1000 {
            take.send(()).unwrap();
        }
        let (mut lines, guard) = write_to(Slow(taken, write));
        let mut expected = String::new();
        for n in 0..2000 {
            let line = format!("line {n}\n");
            lines.write_all(line.as_bytes()).unwrap();
            expected += &line;
        }
        drop(guard);
        assert_eq!(
            written.try_iter().flatten().collect::<Vec<_>>(),
            expected.as_bytes()
        );
    }

    #[test]
    fn cs_log_1_a_log_that_takes_nothing_holds_nobody_up_and_is_bounded() {
        let (_take, taken) = sync_channel(0);
        let (write, _written) = channel();
        let (mut lines, _guard) = write_to(Slow(taken, write));
        let line = [b'x'; 1000];
        for _ in 0..20_000 {
            lines.write_all(&line).unwrap();
        }
        assert!(lines.error_counter().dropped_lines() > 10_000);
    }
}

use std::io::{self, Write};
use std::mem;
use std::panic;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tracing_subscriber::filter::LevelFilter;

use super::log_line::LogLine;
use crate::settings::LogLevel;

/// How many bytes wait for whoever reads the log; lines beyond them are lost, so that a full pipe
/// or disk stops nobody's login (CS-Log-1).
const MOST_WAITING: usize = 4 * 1024 * 1024;
/// A line waits so long for others that are written together with it.
const COLLECTED_FOR: Duration = Duration::from_millis(10);
/// How long the end of the program waits for a log that takes nothing.
const LAST_LINES: Duration = Duration::from_secs(1);

/// JSON lines on standard error, panics included. A thread of its own writes them, those of one
/// moment together; what waits is written when the answer is dropped.
pub(super) fn start(level: LogLevel) -> Log {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let log = Log::to(io::stderr());
    tracing_subscriber::fmt()
        // It would say so on standard error, which is full, and panic there (CS-Log-1).
        .log_internal_errors(false)
        .fmt_fields(LogLine::fields())
        .event_format(LogLine)
        .with_max_level(level)
        .with_writer(log.lines.clone())
        .init();
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let text = panic.payload_as_str().unwrap_or("of an unknown kind");
        tracing::error!(panic = text, place, "a panic");
    }));
    log
}

/// Where lines are written to; ends with this value.
pub(super) struct Log {
    lines: Arc<Lines>,
    ended: Receiver<()>,
}

impl Log {
    fn to(mut file: impl Write + Send + 'static) -> Self {
        let lines = Arc::new(Lines::default());
        let (ending, ended) = channel();
        let of_thread = lines.clone();
        let writing = move || {
            of_thread.write_all_to(&mut file);
            drop(ending);
        };
        // Without a thread there are no lines; what starts the portal fails for it too.
        drop(thread::Builder::new().name("log".to_owned()).spawn(writing));
        Self { lines, ended }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.lines.lock().closed = true;
        self.lines.some.notify_one();
        // Nothing is ever sent: the thread's end closes the channel.
        let _ = self.ended.recv_timeout(LAST_LINES);
    }
}

/// What waits to be written.
#[derive(Default)]
struct Lines {
    waiting: Mutex<Waiting>,
    some: Condvar,
}

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    lost: u64,
    closed: bool,
}

impl Lines {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Whoever panicked left whole lines behind.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Until it is closed, and nothing waits any more.
    fn write_all_to(&self, file: &mut impl Write) {
        let mut bytes = Vec::new();
        loop {
            let waiting = self
                .some
                .wait_while(self.lock(), |w| w.bytes.is_empty() && !w.closed);
            let waiting = waiting.unwrap_or_else(PoisonError::into_inner);
            if waiting.bytes.is_empty() {
                return;
            }
            let closed = waiting.closed;
            drop(waiting);
            if !closed {
                thread::sleep(COLLECTED_FOR);
            }
            let lost = {
                let mut waiting = self.lock();
                mem::swap(&mut waiting.bytes, &mut bytes);
                mem::take(&mut waiting.lost)
            };
            // A log that can't be written is nobody's error here, and there is no place to say so.
            drop(file.write_all(&bytes));
            bytes.clear();
            if lost > 0 {
                tracing::warn!(
                    lines = lost,
                    "nobody took the log, and lines of it are lost"
                );
            }
        }
    }
}

/// A line at a time, as the formatter has it.
impl Write for &Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut waiting = self.lock();
        if waiting.bytes.len() + line.len() > MOST_WAITING {
            waiting.lost += 1;
            return Ok(line.len());
        }
        let is_first = waiting.bytes.is_empty();
        waiting.bytes.extend_from_slice(line);
        drop(waiting);
        if is_first {
            self.some.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, sync_channel};

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
        let log = Log::to(Slow(taken, write));
        let mut expected = String::new();
        for n in 0..2000 {
            let line = format!("line {n}\n");
            assert_eq!((&*log.lines).write(line.as_bytes()).unwrap(), line.len());
            expected += &line;
        }
        drop(log);
        assert_eq!(
            written.iter().flatten().collect::<Vec<_>>(),
            expected.as_bytes()
        );
    }

    #[test]
    fn cs_log_1_a_log_that_takes_nothing_holds_nobody_up_and_is_bounded() {
        let (_take, taken) = sync_channel(0);
        let (write, _written) = channel();
        let log = Log::to(Slow(taken, write));
        let line = [b'x'; 1000];
        for _ in 0..20_000 {
            assert_eq!((&*log.lines).write(&line).unwrap(), line.len());
        }
        let waiting = log.lines.lock();
        assert!(waiting.bytes.len() <= MOST_WAITING && waiting.lost > 10_000);
    }
}

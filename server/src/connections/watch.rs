use std::future::Future as _;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

use super::ConnectionTimes;

/// What a connection does, and since when: what it is given up by.
pub(super) struct Watch {
    times: ConnectionTimes,
    state: Mutex<State>,
}

struct State {
    doing: Doing,
    /// The latest request has a body, and hyper may have closed before the end of it.
    has_body: bool,
    /// Since when the other side takes nothing of what we write.
    stalled: Option<Instant>,
}

#[derive(Clone, Copy)]
enum Doing {
    /// Nothing, since the last answer.
    Idling(Instant),
    /// A request's head comes in.
    Reading(Instant),
    /// However long that takes: the router has a limit of its own, and event streams none.
    Answering,
}

impl Watch {
    /// Of a new connection, which has to begin to speak at once.
    pub(super) fn new(times: ConnectionTimes) -> Self {
        Self {
            times,
            state: Mutex::new(State {
                doing: Doing::Reading(Instant::now()),
                has_body: false,
                stalled: None,
            }),
        }
    }

    /// When the connection is to be given up, if nothing else happens.
    pub(super) fn due(&self) -> Option<Instant> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let done = match state.doing {
            Doing::Idling(since) => Some(since + self.times.idle),
            Doing::Reading(since) => Some(since + self.times.head),
            Doing::Answering => None,
        };
        let written = state.stalled.map(|since| since + self.times.stalled);
        done.into_iter().chain(written).min()
    }

    /// Until the returned value is dropped.
    pub(super) fn answering(self: Arc<Self>, has_body: bool) -> Answering {
        self.change(|state| {
            state.doing = Doing::Answering;
            state.has_body = has_body;
        });
        Answering(self)
    }

    fn has_body(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.has_body
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn arrived(&self) {
        self.change(|state| {
            if let Doing::Idling(_) = state.doing {
                state.doing = Doing::Reading(Instant::now());
            }
        });
    }

    fn wrote(&self, is_pending: bool) {
        self.change(|state| {
            state.stalled = is_pending.then(|| state.stalled.unwrap_or_else(Instant::now));
        });
    }
}

/// A request is being answered.
pub(super) struct Answering(Arc<Watch>);

impl Answering {
    pub(super) fn until_end_of(self, body: Body) -> AnswerBody {
        AnswerBody {
            body,
            _answering: self,
        }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0
            .change(|state| state.doing = Doing::Idling(Instant::now()));
    }
}

/// A body that keeps the connection busy until it has been handed over.
pub(super) struct AnswerBody {
    body: Body,
    _answering: Answering,
}

impl http_body::Body for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A connection's bytes, seen by its watch.
pub(super) struct Observed {
    stream: TcpStream,
    watch: Arc<Watch>,
    lingering: Option<Lingering>,
}

impl Observed {
    pub(super) const fn new(stream: TcpStream, watch: Arc<Watch>) -> Self {
        Self {
            stream,
            watch,
            lingering: None,
        }
    }
}

/// How long, and how many bytes of a refused body, we go on reading after our last word.
const LONGEST_LINGERING: Duration = Duration::from_secs(2);
const MOST_LINGERING: usize = 1024 * 1024;

/// Whoever still sends when we close gets a reset, and a reset makes the answer vanish that it
/// has not read yet: a proxy then says 502 instead of our 413 (RFC 9112, section 9.6). So what
/// comes after the answer is read and forgotten, within limits.
struct Lingering {
    until: Pin<Box<Sleep>>,
    bytes_left: usize,
}

impl Lingering {
    fn new() -> Self {
        Self {
            until: Box::pin(sleep(LONGEST_LINGERING)),
            bytes_left: MOST_LINGERING,
        }
    }

    /// Ready when the other side has closed too, or had enough of our time.
    fn poll(&mut self, stream: &mut TcpStream, context: &mut Context<'_>) -> Poll<()> {
        let mut piece = [0; 8192];
        while self.bytes_left > 0 {
            let mut buffer = ReadBuf::new(&mut piece);
            match Pin::new(&mut *stream).poll_read(context, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    self.bytes_left = self.bytes_left.saturating_sub(buffer.filled().len());
                }
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return self.until.as_mut().poll(context),
            }
        }
        Poll::Ready(())
    }
}

impl AsyncRead for Observed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.watch.arrived();
        }
        polled
    }
}

impl AsyncWrite for Observed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch.wrote(polled.is_pending());
        polled
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.watch.wrote(polled.is_pending());
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.lingering.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
            if !this.watch.has_body() {
                return Poll::Ready(Ok(()));
            }
        }
        let lingering = this.lingering.get_or_insert_with(Lingering::new);
        lingering.poll(&mut this.stream, context).map(Ok)
    }
}

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};
use tokio::time::Instant;

use super::limits::ConnectionTimeLimits;

/// Tracks what a connection is doing and since when, which gives its deadline.
pub(super) struct ConnectionTimeouts {
    times: ConnectionTimeLimits,
    state: Mutex<ConnectionState>,
}

struct ConnectionState {
    phase: ConnectionPhase,
    /// The latest request has a body, which hyper may not have read to its end.
    has_body: bool,
    /// Since when the client accepts none of what we write.
    stalled: Option<Instant>,
}

#[derive(Clone, Copy)]
enum ConnectionPhase {
    /// No request since the last response.
    Idle(Instant),
    /// A request's head is arriving.
    ReadingHead(Instant),
    /// Has no deadline here: the router has a timeout, and event streams have none.
    Responding,
}

impl ConnectionTimeouts {
    /// For a new connection, which has to send a head at once.
    pub(super) fn new(times: ConnectionTimeLimits) -> Self {
        Self {
            times,
            state: Mutex::new(ConnectionState {
                phase: ConnectionPhase::ReadingHead(Instant::now()),
                has_body: false,
                stalled: None,
            }),
        }
    }

    /// When to close the connection, unless something happens before.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let phase = match state.phase {
            ConnectionPhase::Idle(since) => Some(since + self.times.idle),
            ConnectionPhase::ReadingHead(since) => Some(since + self.times.head),
            ConnectionPhase::Responding => None,
        };
        let write = state.stalled.map(|since| since + self.times.stalled);
        phase.into_iter().chain(write).min()
    }

    /// Marks the connection as responding until the returned guard is dropped.
    pub(super) fn responding(self: Arc<Self>, has_body: bool) -> RespondingGuard {
        self.change(|state| {
            state.phase = ConnectionPhase::Responding;
            state.has_body = has_body;
        });
        RespondingGuard(self)
    }

    pub(super) fn has_body(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.has_body
    }

    fn change(&self, change: impl FnOnce(&mut ConnectionState)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The client sent something.
    pub(super) fn on_read(&self) {
        self.change(|state| {
            if let ConnectionPhase::Idle(_) = state.phase {
                state.phase = ConnectionPhase::ReadingHead(Instant::now());
            }
        });
    }

    /// The client accepted what we wrote, or was not ready to.
    pub(super) fn on_write(&self, is_pending: bool) {
        self.change(|state| {
            state.stalled = is_pending.then(|| state.stalled.unwrap_or_else(Instant::now));
        });
    }
}

/// Keeps a connection in the responding phase.
pub(super) struct RespondingGuard(Arc<ConnectionTimeouts>);

impl RespondingGuard {
    pub(super) fn until_end_of(self, body: Body) -> GuardedBody {
        GuardedBody { body, _guard: self }
    }
}

impl Drop for RespondingGuard {
    fn drop(&mut self) {
        self.0
            .change(|state| state.phase = ConnectionPhase::Idle(Instant::now()));
    }
}

/// A body that keeps its connection in the responding phase until it is sent.
pub(super) struct GuardedBody {
    body: Body,
    _guard: RespondingGuard,
}

impl http_body::Body for GuardedBody {
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

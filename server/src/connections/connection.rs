use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use http::{Request, Response};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use socket2::SockRef;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tower::ServiceExt as _;

use super::limiter::ConnectionPermit;
use super::limits::ConnectionTimeLimits;
use super::stream::ObservedStream;
use super::timeouts::ConnectionTimeouts;
use crate::metrics::Metrics;

/// How many bytes of a request's head hyper buffers. That is enough to answer a browser in which a
/// neighbouring domain planted sixty large cookies (security A07); see `layers::head_limit`.
pub(super) const MAX_HEAD_BUFFER: usize = 256 * 1024;
const MAX_HEADERS: usize = 100;

/// An accepted connection.
pub(super) struct Connection {
    pub stream: TcpStream,
    pub peer: SocketAddr,
    pub router: Router,
    pub times: ConnectionTimeLimits,
    pub metrics: Arc<Metrics>,
    pub shutdown: watch::Receiver<()>,
}

impl Connection {
    /// Answers the requests of the connection until it ends.
    pub(super) async fn run(self, permit: ConnectionPermit) {
        let Self {
            stream,
            peer,
            router,
            times,
            metrics,
            mut shutdown,
        } = self;
        let _open = metrics.connection();
        let timeouts = Arc::new(ConnectionTimeouts::new(times));
        // The kernel notices a vanished peer before we do.
        drop(SockRef::from(&stream).set_tcp_user_timeout(Some(times.stalled)));
        drop(stream.set_nodelay(true));
        let service = service_fn({
            let timeouts = timeouts.clone();
            move |request| respond(router.clone(), peer, request, timeouts.clone())
        });
        let io = TokioIo::new(ObservedStream::new(stream, timeouts.clone()));
        let connection = http1::Builder::new()
            .max_buf_size(MAX_HEAD_BUFFER)
            .max_headers(MAX_HEADERS)
            .serve_connection(io, service);
        let mut connection = std::pin::pin!(connection);
        let mut shutting_down = false;
        loop {
            // A phase that begins meanwhile may have an earlier deadline, but not before this one.
            let latest = Instant::now() + times.head;
            let deadline = timeouts.deadline().map_or(latest, |due| due.min(latest));
            tokio::select! {
                // An error means that the client went away or spoke no HTTP, which is not ours.
                _ = connection.as_mut() => break,
                _ = shutdown.changed(), if !shutting_down => {
                    shutting_down = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = sleep_until(deadline) => {
                    if timeouts.deadline().is_some_and(|due| due <= Instant::now()) {
                        metrics.connection_timed_out();
                        break;
                    }
                }
            }
        }
        drop(permit);
    }
}

async fn respond(
    router: Router,
    peer: SocketAddr,
    request: Request<Incoming>,
    timeouts: Arc<ConnectionTimeouts>,
) -> Result<Response<impl hyper::body::Body<Data = Bytes, Error = axum::Error>>, Infallible> {
    let responding = timeouts.responding(!request.body().is_end_stream());
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = router.oneshot(request).await?;
    Ok(response.map(|body| responding.until_end_of(body)))
}

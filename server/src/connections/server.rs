use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

use super::connection::Connection;
use super::limiter::{ConnectionLimiter, ConnectionPermit};
use super::limits::ConnectionLimits;
use crate::layers::TrustedProxies;
use crate::metrics::Metrics;

/// How long to wait after the system could not accept a connection.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(200);

/// An HTTP server for one listener.
pub(crate) struct Server {
    pub router: Router,
    pub trusted_proxies: TrustedProxies,
    pub limits: ConnectionLimits,
    pub metrics: Arc<Metrics>,
}

impl Server {
    /// Accepts connections until the channel closes, then finishes the requests in progress.
    /// HTTP/1.1 only: browsers speak HTTP/2 with the proxy that terminates TLS, so attacks on HTTP/2
    /// don't reach this server.
    pub(crate) async fn serve(self, listener: TcpListener, mut shutdown: watch::Receiver<()>) {
        let limiter = Arc::new(ConnectionLimiter::new(&self.limits));
        // Closes when the last connection drops its sender.
        let (open, all_closed) = watch::channel(());
        loop {
            let admitted = async {
                let slot = limiter.wait_for_slot().await;
                (accept(&listener).await, slot)
            };
            let ((stream, peer), slot) = tokio::select! {
                admitted = admitted => admitted,
                _ = shutdown.changed() => break,
            };
            let exempt = self.trusted_proxies.trusts(peer.ip().to_canonical());
            let permit = if exempt {
                ConnectionPermit::exempt(slot)
            } else if let Some(permit) = limiter.acquire(peer.ip(), slot) {
                permit
            } else {
                self.metrics.connection_refused();
                continue;
            };
            let connection = Connection {
                stream,
                peer,
                router: self.router.clone(),
                times: self.limits.times,
                metrics: self.metrics.clone(),
                shutdown: shutdown.clone(),
            };
            let all_closed = all_closed.clone();
            tokio::spawn(async move {
                connection.run(permit).await;
                drop(all_closed);
            });
        }
        drop(listener);
        drop(all_closed);
        open.closed().await;
    }
}

/// Accepts the next connection. A client that went away meanwhile is ignored; if the system is out
/// of a resource, the server waits a moment.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_caused_by_client(&error) => {}
            Err(error) => {
                tracing::error!(%error, "accepting a connection failed");
                sleep(ACCEPT_RETRY_DELAY).await;
            }
        }
    }
}

fn is_caused_by_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

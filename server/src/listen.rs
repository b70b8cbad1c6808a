//! Connections: how many there may be, and how long one may take to ask.

mod place;

pub use place::{Listener, NoPlace, Place};

use axum::Router;
use axum::extract::Request;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// The bounds of connections.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Open at once. Whoever comes beyond waits to be accepted.
    pub connections: usize,
    /// Within which the head of a request has to be there, also of the next one on the same connection.
    pub head: Duration,
    /// Within which everything is answered when the program stops.
    pub parting: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { connections: 4_096, head: Duration::from_secs(15), parting: Duration::from_secs(20) }
    }
}

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    Address(IpAddr),
    /// Whoever may open the socket: the reverse proxy, whose word about where a request comes from is taken.
    Proxy,
}

/// Answers until `stop` ends; what was asked by then is still answered.
pub async fn serve(listener: Listener, router: Router, bounds: Bounds, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(bounds.connections));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let arrival = async {
            let place = places.clone().acquire_owned().await;
            (place, accept(&listener, &router, bounds.head, &graceful).await)
        };
        let (place, arrived) = tokio::select! {
            arrived = arrival => arrived,
            () = &mut stop => break,
        };
        match arrived {
            Ok(connection) => {
                tokio::spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            // Out of file handles: some are given back soon.
            Err(error) => {
                tracing::warn!(%error, "a connection cannot be accepted");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(bounds.parting, graceful.shutdown()).await;
}

type Served = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The next connection, with its work.
async fn accept(
    listener: &Listener,
    router: &Router,
    head: Duration,
    graceful: &GracefulShutdown,
) -> io::Result<Served> {
    // Whoever breaks off or is too slow gets no answer.
    match listener {
        Listener::Tcp(listener) => {
            let (stream, peer) = listener.accept().await?;
            let own = connection(stream, Peer::Address(peer.ip()), router.clone(), head);
            Ok(Box::pin(ended(graceful.watch(own))))
        }
        #[cfg(unix)]
        Listener::Unix(socket) => {
            let (stream, _) = socket.listener.accept().await?;
            let own = connection(stream, Peer::Proxy, router.clone(), head);
            Ok(Box::pin(ended(graceful.watch(own))))
        }
    }
}

async fn ended<T>(work: impl Future<Output = T>) {
    let _ = work.await;
}

fn connection(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    peer: Peer,
    router: Router,
    head: Duration,
) -> impl GracefulConnection<Error = hyper::Error, Output = hyper::Result<()>> + Send {
    let service = router.into_service().map_request(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request: Request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(peer);
        request
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
}

//! Connections: how many there may be, and how long one may take to ask.

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
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

/// Answers until `stop` ends; what was asked by then is still answered.
pub async fn serve(listener: TcpListener, router: Router, bounds: Bounds, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(bounds.connections));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let arrival = async {
            let place = places.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, arrived) = tokio::select! {
            arrived = arrival => arrived,
            () = &mut stop => break,
        };
        match arrived {
            Ok((stream, peer)) => {
                let connection = graceful.watch(connection(stream, peer, router.clone(), bounds.head));
                tokio::spawn(async move {
                    // Whoever breaks off or is too slow gets no answer.
                    let _ = connection.await;
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

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    head: Duration,
) -> impl GracefulConnection<Error = hyper::Error, Output = hyper::Result<()>> + Send {
    let service = router.into_service().map_request(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request: Request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
}

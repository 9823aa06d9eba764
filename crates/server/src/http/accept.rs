//! Takes connections, and no more than can be served: a client that sends its headers slowly, or
//! opens very many connections, holds up nobody else.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt;

use super::pace;
use crate::config::Config;

/// How long a client may take for its headers, and may stay silent between requests.
const HEADERS_WITHIN: Duration = Duration::from_secs(20);
/// Headers of a request.
const HEADERS_MAX: usize = 100;
/// Bytes of the headers of a request.
const HEADER_BYTES_MAX: usize = 32 * 1024;
/// Connections at once.
const CONNECTIONS_MAX: usize = 8192;
/// Connections at once from one client address.
const CONNECTIONS_BY_ADDRESS_MAX: usize = 256;
/// How long requests may take to finish once the office is told to stop.
const FAREWELL: Duration = Duration::from_secs(20);
/// How long to rest when the system has no more connections to give.
const REST: Duration = Duration::from_millis(100);

/// What one client may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once from one address; our own gateway may have all of them.
    pub by_address: usize,
}

impl Limits {
    /// The limits that go with the settings.
    pub const fn of(config: &Config) -> Self {
        let by_gateway = config.trust_forwarded || config.pace.exempt_loopback;
        let by_address = if by_gateway { CONNECTIONS_MAX } else { CONNECTIONS_BY_ADDRESS_MAX };
        Self { by_address }
    }
}

/// Serves until `stop` is done; then lets requests finish for a while.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let guests = Guests::default();
    let (stopping, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        while connections.try_join_next().is_some() {}
        let permit = tokio::select! {
            permit = Arc::clone(&places).acquire_owned() => permit,
            () = &mut stop => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(error = %error, "no connection was taken");
                tokio::time::sleep(REST).await;
                continue;
            }
        };
        let Some(seat) = guests.seat(pace::network(peer.ip()), limits.by_address) else {
            continue;
        };
        let (app, stopped) = (app.clone(), stopped.clone());
        connections.spawn(async move {
            connection(stream, peer, app, stopped).await;
            drop((seat, permit));
        });
    }
    drop(listener);
    // Nobody listens when there is no connection left.
    let _ = stopping.send(true);
    let all = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(FAREWELL, all).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

/// Serves one connection.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    mut stopped: watch::Receiver<bool>,
) {
    // Answers are written whole; waiting to fill a packet only delays them.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = app.clone().oneshot(request);
        async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
    });
    let mut serving = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADERS_WITHIN)
            .max_headers(HEADERS_MAX)
            .max_buf_size(HEADER_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), service)
    );
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = async { drop(stopped.wait_for(|stop| *stop).await) } => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error = %error, "a connection broke off");
    }
}

/// How many connections each address holds.
#[derive(Clone, Debug, Default)]
struct Guests(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A place for one connection, given back when it ends.
#[derive(Debug)]
struct Seat {
    guests: Guests,
    address: IpAddr,
}

impl Guests {
    fn seat(&self, address: IpAddr, max: usize) -> Option<Seat> {
        let mut guests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = guests.entry(address).or_insert(0);
        if *held >= max {
            return None;
        }
        *held += 1;
        Some(Seat { guests: self.clone(), address })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut guests = self.guests.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = guests.get_mut(&self.address) {
            *held -= 1;
            if *held == 0 {
                guests.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_so_many_connections_and_gives_them_back() {
        let guests = Guests::default();
        let here: IpAddr = "192.0.2.1".parse().expect("an address");
        let seats: Vec<_> = (0..3).map(|_| guests.seat(here, 3)).collect();
        assert!(seats.iter().all(Option::is_some));
        assert!(guests.seat(here, 3).is_none());
        assert!(guests.seat("192.0.2.2".parse().expect("an address"), 3).is_some());
        drop(seats);
        assert!(guests.seat(here, 3).is_some());
        assert!(guests.0.lock().expect("no panic").is_empty());
    }
}

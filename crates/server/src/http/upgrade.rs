//! From a request to a WebSocket, which is the gateway's.

use std::sync::Arc;

use axum::body::Body;
use gateway::{Gateway, HandshakeError, Place};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::upgrade::{OnUpgrade, Parts, Upgraded};
use hyper_util::rt::TokioIo;

use super::visit::Visit;
use super::{Http, Stream};
use crate::admission::Admission;

/// Seconds after which who was one too many may come again.
const RETRY_AFTER_S: HeaderValue = HeaderValue::from_static("10");

/// Why there is no WebSocket.
enum Refused {
    Handshake(HandshakeError),
    /// The page that asks is of an origin that may not.
    Origin,
    /// The address has too many connections, or came too often.
    Crowded,
}

impl Http {
    /// The answer to a request that asks for a WebSocket; `None` for one that does not.
    pub(super) fn upgrade<S: Stream>(
        &self,
        request: &mut Request<Incoming>,
        visit: &Visit,
    ) -> Option<Response<Body>> {
        let answer = gateway::handshake(request)?.map_err(Refused::Handshake);
        let answer = answer.and_then(|answer| {
            let place = self.place(request.headers(), visit)?;
            let upgrade = hyper::upgrade::on(request);
            let (gateway, admission) = (Arc::clone(&self.gateway), Arc::clone(&self.admission));
            tokio::spawn(hand_over::<S>(upgrade, gateway, admission, place));
            Ok(answer.map(|()| Body::empty()))
        });
        Some(answer.unwrap_or_else(|why| refusal(&why)))
    }

    /// The place of the connection, or behind a proxy one of the client's own.
    fn place(&self, headers: &HeaderMap, visit: &Visit) -> Result<Place, Refused> {
        if !self.is_origin_welcome(headers.get(header::ORIGIN)) {
            return Err(Refused::Origin);
        }
        let peer = visit.peer.ip();
        let client = self.admission.peers.client(peer, headers);
        let own = (client == peer).then(|| visit.take_place()).flatten();
        own.or_else(|| self.admission.admit(client))
            .ok_or(Refused::Crowded)
    }

    /// Who is no browser sends none.
    fn is_origin_welcome(&self, origin: Option<&HeaderValue>) -> bool {
        let welcome = &self.websocket_origins;
        let is_listed = |origin| {
            welcome
                .iter()
                .any(|one| one == "*" || origin == one.as_str())
        };
        origin.is_none_or(is_listed)
    }
}

/// Gives the stream to the gateway as soon as the answer is on its way.
async fn hand_over<S: Stream>(
    upgrade: OnUpgrade,
    gateway: Arc<Gateway>,
    admission: Arc<Admission>,
    place: Place,
) {
    match upgrade.await {
        Ok(upgraded) => admission.given(serve::<S>(upgraded, &gateway, place)),
        Err(error) => tracing::debug!(%error, "a WebSocket broke off before it was open"),
    }
}

/// Without HTTP's wrapping around it, a stream costs the gateway nothing that it does not use.
fn serve<S: Stream>(upgraded: Upgraded, gateway: &Arc<Gateway>, place: Place) -> bool {
    let parts = upgraded.downcast::<TokioIo<S>>();
    let Parts { io, read_buf, .. } = parts.expect("the stream that hyper was given");
    gateway.serve_websocket(io.into_inner(), read_buf, place)
}

fn refusal(why: &Refused) -> Response<Body> {
    let (status, message) = match why {
        Refused::Handshake(error @ HandshakeError::Version) => {
            (StatusCode::UPGRADE_REQUIRED, error.to_string())
        }
        Refused::Handshake(error @ HandshakeError::Malformed) => {
            (StatusCode::BAD_REQUEST, error.to_string())
        }
        Refused::Origin => (StatusCode::FORBIDDEN, "origin not allowed".to_owned()),
        Refused::Crowded => (
            StatusCode::TOO_MANY_REQUESTS,
            "too many connections".to_owned(),
        ),
    };
    let code = status.as_u16();
    let body = format!(r#"{{"code":{code},"message":"{message}","data":null}}"#);
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, json);
    let version = HeaderValue::from_static("13");
    headers.insert(header::SEC_WEBSOCKET_VERSION, version);
    if matches!(why, Refused::Crowded) {
        headers.insert(header::RETRY_AFTER, RETRY_AFTER_S);
    }
    response
}

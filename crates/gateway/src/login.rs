//! BIND: from a signed token to a session.

use std::sync::Arc;

use bytes::BytesMut;
use chat::{Login, LoginError};
use model::Uuid;
use prost::Message as _;
use subtle::ConstantTimeEq as _;
use tokio::time::sleep;
use wire::bind::BindText;
use wire::{ClientHeader, XmMsgBind, XmMsgBindResp};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::config::REFUSAL_DELAY;
use crate::connection::{Binding, Close, Connection};
use crate::link::Stream;
use crate::to_wire::Identity;

impl<S: Stream> Connection<S> {
    pub(crate) async fn bind(
        &mut self,
        header: &ClientHeader,
        payload: BytesMut,
    ) -> Result<(), Close> {
        let Some(peer) = &self.peer else {
            return Err(Close::OutOfOrder);
        };
        let source = self.entry.source();
        if !self.gateway.sources.may_log_in(source) {
            // As if the store were not there: this asks no client to fetch a new token.
            return self.refuse_login(header, LoginError::Unavailable).await;
        }
        let Ok(bind) = XmMsgBind::decode(payload) else {
            self.gateway.sources.failed(source);
            return self.refuse_login(header, LoginError::Invalid).await;
        };
        let login = Login {
            token: bind.token(),
            uuid: Uuid(u64::try_from(header.uuid()).unwrap_or(0)),
            resource: header.resource(),
            is_only: bind.sso(),
            window: peer.kind.lists_in_flight_max(),
        };
        let challenge = &peer.challenge;
        let is_signed = |key: &model::SecurityKey| {
            let key = STANDARD.encode(key.0);
            let expected = wire::bind::signature(&BindText::of(header, &bind, challenge, &key));
            expected.as_bytes().ct_eq(bind.sig().as_bytes()).into()
        };
        let bound = self
            .binding
            .as_mut()
            .and_then(|binding| binding.session.as_mut());
        let opened = match bound {
            Some(session) if session.is_for(&login) => {
                session.renew(login, is_signed).await.map(|()| None)
            }
            _ => self.gateway.chat.login(login, is_signed).await.map(Some),
        };
        match opened {
            Err(error) => {
                // An expired token was a good one.
                if error == LoginError::Invalid {
                    self.gateway.sources.failed(source);
                }
                return self.refuse_login(header, error).await;
            }
            Ok(None) => {}
            Ok(Some(session)) => {
                let app = self.gateway.chat.apps.get(session.app_id());
                let identity = Identity::new(&session, app);
                let receipts = std::collections::VecDeque::new();
                let session = Some(session);
                self.binding = Some(Box::new(Binding {
                    identity,
                    session,
                    receipts,
                }));
            }
        }
        self.respond(header, &XmMsgBindResp::accepted().encode_to_vec());
        Ok(())
    }

    async fn refuse_login(
        &mut self,
        header: &ClientHeader,
        error: LoginError,
    ) -> Result<(), Close> {
        // The wait holds no thread; beyond the number that may wait the client is sent away.
        let gateway = Arc::clone(&self.gateway);
        let Ok(_delayed) = gateway.delayed.try_acquire() else {
            return Err(Close::Silent);
        };
        Box::pin(sleep(REFUSAL_DELAY)).await;
        let (kind, reason, description) = words(error);
        let answer = XmMsgBindResp::refused(kind, reason, description).encode_to_vec();
        self.respond(header, &answer);
        Ok(())
    }
}

/// `error_type`, `error_reason`, `error_desc`. Clients fetch a new token on the first two.
fn words(error: LoginError) -> (&'static str, &'static str, &'static str) {
    match error {
        LoginError::Expired => ("token-expired", "token-expired", "token expired"),
        LoginError::Invalid => ("auto", "invalid-token", "invalid token"),
        LoginError::Banned => ("cancel", "forbidden", "banned"),
        LoginError::BadResource => ("cancel", "forbidden", "bad resource"),
        LoginError::Unavailable => ("wait", "unavailable", "try again later"),
    }
}

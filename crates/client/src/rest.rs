//! The REST API as an app's backend uses it: tokens for its users, pushes in their name, and where
//! the TCP gateway is.
//!
//! - [`Rest`]: one server; connections are kept and shared by its clones
//! - [`AppCredentials`]: who asks
//! - [`Envelope`]: what a user needs to log in
//! - [`Push`]: a message that does not come from a socket
//! - [`Caller`]: an account that asks, by tokens or by the app; it has the verbs of topics, history
//!   and contacts

mod call;
mod caller;
mod contacts;
mod digits;
mod envelope;
mod history;
mod push;
mod topics;

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use call::http_address;
pub use call::{Method, Reply, Rest};
pub use caller::Caller;
pub use contacts::{Contact, LastMessage};
pub use envelope::{BadEnvelope, Envelope};
pub use history::{HISTORY_COUNT_MAX, HISTORY_WINDOW_MS_MAX, HistoryRange, PastMessage};
pub use push::{Push, PushMany};
pub use topics::{Member, Roster, Topic, TopicChanges};

use crate::gateway::Gateway;
use crate::secret::Secret;

/// The name that [`Rest::gateways`] asks for. A server answers every name alike.
const GATEWAY_NAME: &str = "app.chat.xiaomi.net";
/// The code of the envelope that means success.
const SUCCESS: i64 = 200;

/// An app's credentials. They belong on a backend: whoever has them can speak for every user.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppCredentials {
    /// Decimal digits.
    pub app_id: String,
    /// Decimal digits.
    pub app_key: String,
    /// Base64; never shown by `Debug`.
    pub app_secret: Secret,
}

/// Why a request has no answer, or not the wanted one.
#[derive(Debug, thiserror::Error)]
pub enum RestError {
    /// The address of the server is not `http://host[:port]` or `https://host[:port]`.
    #[error("{url:?} is no server address: {why}")]
    BadAddress {
        /// As it was given.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// Nobody answered. Worth another try later.
    #[error("{server} cannot be reached: {why}")]
    Unreachable {
        /// Which server.
        server: String,
        /// What the system said.
        why: String,
    },
    /// No answer in time. The server may have done what was asked.
    #[error("{server} did not answer within {after_s} s")]
    TimedOut {
        /// Which server.
        server: String,
        /// How long it was waited for, in seconds.
        after_s: u64,
    },
    /// The server says no. `code` is the one of its envelope (401: credentials; 403: blocked or
    /// banned; 413: payload too large; 429, 500, 503: later), or the HTTP status.
    #[error("refused with code {code}: {message}")]
    Refused {
        /// The code of the envelope.
        code: i64,
        /// Its words.
        message: String,
    },
    /// Whatever answered does not speak this API.
    #[error("{server} gave an answer that is none of this API's: {why}")]
    NotUnderstood {
        /// Which server.
        server: String,
        /// What was expected.
        why: String,
    },
}

/// What `/gslb/` says.
struct Discovered {
    /// At least one.
    addresses: Vec<SocketAddr>,
    is_tls: bool,
}

impl RestError {
    /// Whether the same request may succeed later without anybody changing anything.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::TimedOut { .. } => true,
            Self::Refused { code, .. } => matches!(code, 408 | 429 | 500..=599),
            Self::BadAddress { .. } | Self::NotUnderstood { .. } => false,
        }
    }
}

impl Rest {
    /// A token for one of the app's users, who is created when the name is new.
    pub async fn token(&self, app: &AppCredentials, account: &str) -> Result<Envelope, RestError> {
        let mut body = fields(app);
        body["appAccount"] = account.into();
        let data = self.business("/api/account/token", &body).await?;
        self.understood(Envelope::from_data(data))
    }

    /// A token for a user of the demo app; only a server that runs with `--dev` gives them.
    pub async fn dev_token(&self, account: &str) -> Result<Envelope, RestError> {
        let body = json!({"account": account});
        let data = self.business("/dev/token", &body).await?;
        self.understood(Envelope::from_data(data))
    }

    /// Sends a message in the name of a user; returns its packetId.
    pub async fn push(&self, app: &AppCredentials, push: &Push) -> Result<String, RestError> {
        let data = self
            .business(push.path(), &merged(fields(app), push.fields()))
            .await?;
        self.understood(text_at(&data, "packetId").ok_or("data.packetId"))
    }

    /// Sends one message to many; returns a packetId for each in the order given.
    pub async fn push_many(
        &self,
        app: &AppCredentials,
        push: &PushMany,
    ) -> Result<Vec<String>, RestError> {
        let data = self
            .business(push.path(), &merged(fields(app), push.fields()))
            .await?;
        let ids = data.get("packetIds").cloned().unwrap_or_default();
        self.understood(serde_json::from_value(ids))
    }

    /// A TCP gateway of this server. Where it speaks TLS, its certificate must be for the host that
    /// this server is known by.
    pub async fn gateway(&self) -> Result<Gateway, RestError> {
        let Discovered { addresses, is_tls } = self.discover().await?;
        let address = addresses[0].to_string();
        if is_tls {
            self.understood(Gateway::tls(address, self.host(), self.trust().clone()))
        } else {
            Ok(Gateway::plain(address))
        }
    }

    /// The HTTP port, where a WebSocket is opened.
    pub fn http_gateway(&self) -> Result<Gateway, RestError> {
        let (address, is_tls) = http_address(self.server());
        if is_tls {
            self.understood(Gateway::tls(address, self.host(), self.trust().clone()))
        } else {
            Ok(Gateway::plain(address))
        }
    }

    /// Where the TCP gateway listens: at least one address.
    pub async fn gateways(&self) -> Result<Vec<SocketAddr>, RestError> {
        Ok(self.discover().await?.addresses)
    }

    async fn discover(&self) -> Result<Discovered, RestError> {
        let path = format!("/gslb/?list={GATEWAY_NAME}");
        let reply = self.call(Method::GET, &path, &[], None).await?;
        let listed = reply.body.pointer(&format!("/R/wifi/{GATEWAY_NAME}"));
        let addresses = listed
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|one| one.as_str()?.parse().ok())
            .collect::<Vec<_>>();
        if addresses.is_empty() {
            return self.understood(Err("a gateway's address from /gslb/"));
        }
        let is_tls = reply.body["tls"] == true;
        Ok(Discovered { addresses, is_tls })
    }

    /// Whether the server takes new work: not while it ends.
    pub async fn is_ready(&self) -> Result<bool, RestError> {
        let reply = self.call(Method::GET, "/readyz", &[], None).await?;
        let ready = reply.body.get("ready").and_then(Value::as_bool);
        self.understood(ready.ok_or("ready: true or false"))
    }

    /// POSTs and opens the envelope.
    async fn business(&self, path: &str, body: &Value) -> Result<Value, RestError> {
        self.opened(self.call(Method::POST, path, &[], Some(body)).await?)
    }

    /// The data of an envelope whose code says success.
    fn opened(&self, mut reply: Reply) -> Result<Value, RestError> {
        match reply.code() {
            Some(SUCCESS) => Ok(reply.body["data"].take()),
            Some(code) => Err(RestError::Refused {
                code,
                message: text_at(&reply.body, "message").unwrap_or_default(),
            }),
            None => self.understood(Err("an envelope with a code")),
        }
    }

    fn understood<T>(&self, read: Result<T, impl ToString>) -> Result<T, RestError> {
        read.map_err(|why| RestError::NotUnderstood {
            server: self.server().to_owned(),
            why: why.to_string(),
        })
    }
}

fn fields(app: &AppCredentials) -> Value {
    json!({"appId": app.app_id, "appKey": app.app_key, "appSecret": app.app_secret.expose()})
}

fn merged(mut into: Value, from: Value) -> Value {
    if let (Value::Object(into), Value::Object(from)) = (&mut into, from) {
        into.extend(from);
    }
    into
}

fn text_at(value: &Value, name: &str) -> Option<String> {
    Some(value.get(name)?.as_str()?.to_owned())
}

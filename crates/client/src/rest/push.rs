//! Messages that an app's backend sends in the name of its users.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::message::Target;

/// One message to one account or topic.
#[derive(Clone, Debug)]
pub struct Push {
    /// The sender.
    pub from: String,
    /// To whom.
    pub to: Target,
    /// At most what the app's settings allow.
    pub payload: Bytes,
    /// Whether history keeps it.
    pub is_store: bool,
    /// The app's own kind of message.
    pub biz_type: Option<String>,
}

/// One message to several accounts: 1 to 1,000.
#[derive(Clone, Debug)]
pub struct PushMany {
    /// The sender.
    pub from: String,
    /// The receivers; one that is named twice gets one message.
    pub to: Vec<String>,
    /// At most what the app's settings allow.
    pub payload: Bytes,
    /// Whether history keeps it.
    pub is_store: bool,
    /// The app's own kind of message.
    pub biz_type: Option<String>,
}

impl Push {
    /// A message that history keeps.
    pub fn new(from: impl Into<String>, to: impl Into<Target>, payload: impl Into<Bytes>) -> Self {
        Self {
            from: from.into(),
            to: to.into(),
            payload: payload.into(),
            is_store: true,
            biz_type: None,
        }
    }

    pub(super) fn path(&self) -> &'static str {
        match self.to {
            Target::Account(_) => "/api/push/p2p/",
            Target::Topic(_) => "/api/push/p2t/",
        }
    }

    pub(super) fn fields(&self) -> Value {
        let mut fields = content(
            &self.from,
            &self.payload,
            self.is_store,
            self.biz_type.as_deref(),
        );
        match &self.to {
            Target::Account(account) => fields["toAccount"] = account.as_str().into(),
            Target::Topic(topic) => fields["topicId"] = topic.to_string().into(),
        }
        fields
    }
}

impl PushMany {
    /// A message that history keeps.
    pub fn new(
        from: impl Into<String>,
        to: impl IntoIterator<Item = impl Into<String>>,
        payload: impl Into<Bytes>,
    ) -> Self {
        Self {
            from: from.into(),
            to: to.into_iter().map(Into::into).collect(),
            payload: payload.into(),
            is_store: true,
            biz_type: None,
        }
    }

    #[expect(clippy::unused_self, reason = "the same pair of methods as Push has")]
    pub(super) fn path(&self) -> &'static str {
        "/api/push/p2p/more"
    }

    pub(super) fn fields(&self) -> Value {
        let mut fields = content(
            &self.from,
            &self.payload,
            self.is_store,
            self.biz_type.as_deref(),
        );
        fields["toAccounts"] = self.to.clone().into();
        fields
    }
}

/// Base64 always: a payload is bytes, and text would survive only where it is UTF-8.
fn content(from: &str, payload: &Bytes, is_store: bool, biz_type: Option<&str>) -> Value {
    json!({
        "fromAccount": from,
        "msg": STANDARD.encode(payload),
        "msgType": "base64",
        "isStore": is_store,
        "bizType": biz_type.unwrap_or_default(),
    })
}

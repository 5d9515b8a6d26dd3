//! Sending for app servers: the same door, without a session.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use model::{Account, AccountName, App, Resource};

use crate::Chat;
use crate::port::Entry;
use crate::secret;
use crate::send::{Outgoing, SendError, content};

/// What an app server says in the name of an account.
#[derive(Clone, Debug)]
pub struct Push {
    /// In whose name; made when it is new.
    pub from: AccountName,
    /// In the name of which device; it gets no copy.
    pub from_resource: Resource,
    /// Opaque.
    pub payload: Bytes,
    /// The app's tag; empty when it has none.
    pub biz_type: String,
    /// Whether history and contacts shall know it.
    pub is_stored: bool,
}

/// Makes packetIds: a random text of this process and a counter.
pub(crate) struct PacketIds {
    prefix: String,
    count: AtomicU64,
}

impl PacketIds {
    pub(crate) fn new() -> Self {
        Self {
            prefix: secret::text::<12>(),
            count: AtomicU64::new(0),
        }
    }

    fn next(&self) -> String {
        format!(
            "{}_{}",
            self.prefix,
            self.count.fetch_add(1, Ordering::Relaxed)
        )
    }
}

impl Chat {
    /// Sends one message and returns its packetId when it is durable.
    pub async fn push_p2p(
        &self,
        app: &Arc<App>,
        push: Push,
        to: &AccountName,
    ) -> Result<String, SendError> {
        let from = self.pusher(app, &push).await?;
        let to = self.accounts.find_or_create(app.id, to).await?;
        let packet_id = self.push_ids.next();
        let entry = entry(&from, &push, &to, &packet_id);
        self.submit(entry)?.await?;
        Ok(packet_id)
    }

    /// Sends to many and returns a packetId for each, in their order: a name that is listed twice
    /// has one message and the same packetId twice, one that is bad (`None`) only a packetId. What
    /// fails for one is logged and harms no other.
    pub async fn push_p2p_many(
        &self,
        app: &Arc<App>,
        push: Push,
        to: &[Option<AccountName>],
    ) -> Result<Vec<String>, SendError> {
        let from = self.pusher(app, &push).await?;
        let mut packet_ids: HashMap<&AccountName, String> = HashMap::with_capacity(to.len());
        let mut receivers = Vec::with_capacity(to.len());
        for name in to.iter().flatten() {
            packet_ids.entry(name).or_insert_with(|| {
                receivers.push(name.clone());
                self.push_ids.next()
            });
        }
        let accounts = self.accounts.find_or_create_all(app.id, &receivers).await?;
        let submitted: Vec<_> = accounts
            .iter()
            .map(|to| self.submit(entry(&from, &push, to, &packet_ids[&to.name])))
            .collect();
        let mut delivered = 0;
        let mut failure = None;
        for receipted in submitted {
            let receipt = match receipted {
                Ok(receipted) => receipted.await,
                Err(error) => Err(error),
            };
            match receipt {
                Ok(_) => delivered += 1,
                Err(error) => failure = Some(error),
            }
        }
        let bad = to.iter().filter(|name| name.is_none()).count();
        if let Some(error) = failure {
            tracing::warn!(app = %app.id, %error, delivered, of = to.len(), "a push reached a part of its list");
            if delivered == 0 && matches!(error, SendError::Busy | SendError::Unavailable) {
                return Err(error);
            }
        }
        if bad > 0 {
            tracing::warn!(app = %app.id, bad, of = to.len(), "a push named accounts that are no names");
        }
        let id_of = |name: &Option<AccountName>| match name {
            Some(name) => packet_ids[name].clone(),
            None => self.push_ids.next(),
        };
        Ok(to.iter().map(id_of).collect())
    }

    /// The account that a push speaks for, when it may.
    async fn pusher(&self, app: &App, push: &Push) -> Result<Arc<Account>, SendError> {
        if push.payload.len() > app.settings.payload_bytes_max as usize {
            return Err(SendError::TooLarge);
        }
        let from = self.accounts.find_or_create(app.id, &push.from).await?;
        if from.is_banned || app.is_banned {
            return Err(SendError::Forbidden);
        }
        Ok(from)
    }
}

fn entry(from: &Account, push: &Push, to: &Account, packet_id: &str) -> Entry {
    let outgoing = Outgoing {
        app_id: None,
        to: &to.name,
        packet_id,
        payload: push.payload.clone(),
        biz_type: &push.biz_type,
        is_stored: push.is_stored,
    };
    Entry {
        content: content(from, &push.from_resource, to, &outgoing),
        is_allowed: true,
    }
}

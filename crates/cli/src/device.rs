//! An account's device at the command line: token by the admin API, gateway by the server's own word.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use client::rest::{Caller, Envelope, Rest};
use client::token::{AdminTokens, TokenError, TokenSource};
use client::{Client, Disconnection, Events, KickReason};
use parking_lot::Mutex;

use crate::failure::NotAllowed;
use crate::operator::Operator;

/// How long a goodbye may take.
const FAREWELL_WAIT: Duration = Duration::from_secs(3);

/// An account at the command line, before it is a device.
pub(crate) struct Account {
    rest: Rest,
    tokens: Arc<Tokens>,
}

impl Account {
    /// With its first token. What is wrong with app, account or admin token is told here, with an
    /// exit code of its own.
    pub(crate) async fn of(
        operator: &Operator,
        app_id: &str,
        account: &str,
    ) -> anyhow::Result<Self> {
        let admin = operator.admin()?;
        let first = admin.token(app_id, account).await?;
        let rest = admin.rest().clone();
        let tokens = Tokens {
            first: Mutex::new(Some(first)),
            others: AdminTokens {
                admin,
                app_id: app_id.to_owned(),
                account: account.to_owned(),
            },
        };
        Ok(Self {
            rest,
            tokens: Arc::new(tokens),
        })
    }

    /// A client that is about to log in as the device `resource`.
    pub(crate) fn start(&self, resource: &str) -> (Client, Events) {
        let tokens = Arc::clone(&self.tokens);
        Client::builder(self.rest.clone(), tokens)
            .resource(resource)
            .start()
    }

    /// The same account over REST.
    pub(crate) async fn caller(&self) -> Result<Caller, TokenError> {
        Caller::by_tokens(self.rest.clone(), Arc::clone(&self.tokens)).await
    }
}

/// Logs out. What was shown last is acknowledged before.
pub(crate) async fn farewell(client: &Client, events: &mut Events) {
    events.done();
    let _ = tokio::time::timeout(FAREWELL_WAIT, client.logout()).await;
}

/// The token that was got to see whether it can be, and then new ones.
struct Tokens {
    first: Mutex<Option<Envelope>>,
    others: AdminTokens,
}

#[async_trait]
impl TokenSource for Tokens {
    async fn token(&self, is_again: bool) -> Result<Envelope, TokenError> {
        let first = self.first.lock().take();
        match first {
            Some(first) => Ok(first),
            None => self.others.token(is_again).await,
        }
    }
}

/// The server ended the session for good.
pub(crate) fn kicked(reason: &KickReason) -> anyhow::Error {
    match reason {
        KickReason::Banned => NotAllowed(reason.to_string()).into(),
        other => anyhow::anyhow!("{other}"),
    }
}

/// The line that says that the connection is gone and comes back.
pub(crate) fn reconnecting(why: &Disconnection, retry_in: Duration) -> String {
    format!("{why}; again in {:.1} s", retry_in.as_secs_f64())
}

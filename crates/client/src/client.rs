//! The handle that an app holds, and how it is made.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Notify, mpsc, watch};

use crate::backoff::Backoff;
use crate::driver::Driver;
use crate::event::Event;
use crate::gateway::Gateway;
use crate::inbox::Inbox;
use crate::message::{OnlineMessage, SendOptions, Target};
use crate::outbox::{Fleeting, Outbox};
use crate::rest::{Rest, RestError};
use crate::sending::Sending;
use crate::session::LoginOptions;
use crate::token::TokenSource;

/// The resource of a client that does not choose one.
pub const DEFAULT_RESOURCE: &str = "rust";
/// How often a client pings when nothing comes.
pub const PING_EVERY: Duration = Duration::from_secs(30);

/// Where the TCP gateway is.
#[derive(Clone, Debug)]
pub enum Endpoint {
    /// There.
    At(Gateway),
    /// Where this server says, asked before each connection.
    Discovered(Rest),
}

impl Endpoint {
    pub(crate) async fn gateway(&self) -> Result<Gateway, RestError> {
        match self {
            Self::At(gateway) => Ok(gateway.clone()),
            Self::Discovered(rest) => rest.gateway().await,
        }
    }
}

impl From<&str> for Endpoint {
    fn from(address: &str) -> Self {
        Self::At(address.into())
    }
}

impl From<SocketAddr> for Endpoint {
    fn from(address: SocketAddr) -> Self {
        Self::At(address.into())
    }
}

impl From<Gateway> for Endpoint {
    fn from(gateway: Gateway) -> Self {
        Self::At(gateway)
    }
}

impl From<Rest> for Endpoint {
    fn from(rest: Rest) -> Self {
        Self::Discovered(rest)
    }
}

/// Prepares a [`Client`].
pub struct ClientBuilder {
    pub(crate) endpoint: Endpoint,
    pub(crate) tokens: Box<dyn TokenSource>,
    pub(crate) resource: String,
    pub(crate) backoff: Backoff,
    pub(crate) ping_every: Duration,
    pub(crate) login: LoginOptions,
}

impl ClientBuilder {
    /// Names this device of the account, 1 to 256 bytes; the same name again is the same device,
    /// which goes on where it stopped. Two clients with one name evict each other.
    #[must_use]
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.resource = resource.into();
        self
    }

    /// How long to wait between attempts to connect.
    #[must_use]
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// How long nothing may come before a ping asks for it. A server drops clients that are silent
    /// for 400 s.
    #[must_use]
    pub fn ping_every(mut self, every: Duration) -> Self {
        self.ping_every = every;
        self
    }

    /// Logs in as the only device: all others of the account are kicked.
    #[must_use]
    pub fn single(mut self) -> Self {
        self.login.is_single = true;
        self
    }

    /// Begins to connect, and goes on until a last event, or until both halves are dropped. Who only
    /// sends may drop the events: what comes then waits on the server.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn start(self) -> (Client, Events) {
        let shared = Arc::new(Shared {
            outbox: Outbox::new(),
            inbox: Inbox::default(),
            hurry: Notify::new(),
            ended: watch::Sender::new(false),
        });
        let (alive, all_dropped) = mpsc::channel(1);
        tokio::spawn(Driver::new(self, Arc::clone(&shared), all_dropped).run());
        let client = Client {
            shared: Arc::clone(&shared),
            _alive: alive.clone(),
        };
        let events = Events {
            shared,
            _alive: alive,
        };
        (client, events)
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("endpoint", &self.endpoint)
            .field("resource", &self.resource)
            .finish_non_exhaustive()
    }
}

/// What the handles and the task behind them have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) outbox: Outbox,
    pub(crate) inbox: Inbox,
    /// The app does not want to wait for the next attempt.
    pub(crate) hurry: Notify,
    /// Whether the task is done.
    pub(crate) ended: watch::Sender<bool>,
}

/// Sends. Cheap to clone; all clones are the same device.
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
    /// The task behind ends when the last of these is gone.
    _alive: mpsc::Sender<()>,
}

impl Client {
    /// A client for the account that the tokens are for.
    pub fn builder(endpoint: impl Into<Endpoint>, tokens: impl TokenSource) -> ClientBuilder {
        ClientBuilder {
            endpoint: endpoint.into(),
            tokens: Box::new(tokens),
            resource: DEFAULT_RESOURCE.to_owned(),
            backoff: Backoff::default(),
            ping_every: PING_EVERY,
            login: LoginOptions::default(),
        }
    }

    /// Sends a message to an account or a topic. It is on its way when this returns, in the order
    /// of the calls, and is sent again after every reconnect until the server has it; await the
    /// result for its receipt.
    pub fn send(
        &self,
        to: impl Into<Target>,
        payload: impl Into<Bytes>,
        options: SendOptions,
    ) -> Sending {
        self.shared.outbox.send(to.into(), payload.into(), options)
    }

    /// Sends a message to the members of a topic. This account must be one.
    pub fn send_to_topic(
        &self,
        topic_id: u64,
        payload: impl Into<Bytes>,
        options: SendOptions,
    ) -> Sending {
        self.send(Target::Topic(topic_id), payload, options)
    }

    /// Sends a message to those devices of an account that are online, or to one of them; returns
    /// its packetId. It is never kept: without a connection it is gone, and only the receivers'
    /// [`OnlineAck`](Event::OnlineAck)s tell that it arrived.
    pub fn send_online(
        &self,
        to: impl Into<String>,
        to_resource: Option<&str>,
        payload: impl Into<Bytes>,
    ) -> String {
        let to_resource = to_resource.map(str::to_owned);
        self.shared
            .outbox
            .send_online(to.into(), to_resource, payload.into())
    }

    /// Tells the sender's device that its online message has arrived.
    pub fn acknowledge_online(&self, message: &OnlineMessage) {
        let ack = Fleeting::Ack(message.clone());
        self.shared.outbox.send_fleeting(ack);
    }

    /// Ends the wait of an [`Event::Disconnected`]: the next attempt begins at once. For when somebody
    /// asks for it, or the device knows that its network is back. Does nothing at any other time.
    pub fn reconnect_now(&self) {
        self.shared.hurry.notify_waiters();
    }

    /// Messages that have no receipt yet.
    pub fn unacknowledged(&self) -> usize {
        self.shared.outbox.len()
    }

    /// Logs out, and returns when the client has ended: [`Event::LoggedOut`] is its last event. What
    /// has no receipt by now gets none.
    pub async fn logout(&self) {
        self.shared.outbox.ask_for_logout();
        // The sender is in `shared`, so that it cannot be gone.
        let _ = self.shared.ended.subscribe().wait_for(|ended| *ended).await;
    }
}

/// Receives.
#[derive(Debug)]
pub struct Events {
    shared: Arc<Shared>,
    /// The task behind ends when the last of these is gone.
    _alive: mpsc::Sender<()>,
}

impl Events {
    /// What happens next; `None` after a last event. May be dropped and called again.
    ///
    /// Asking for the next event says that the one before has been dealt with: a message is
    /// acknowledged only then. Whoever is slow to ask is given no more messages than four
    /// unacknowledged lists; nothing is lost, and sending is not affected.
    pub async fn next(&mut self) -> Option<Event> {
        self.shared.inbox.next().await
    }

    /// Says that the event before has been dealt with, without asking for the next one: before
    /// [`Client::logout`], so that the last message is acknowledged.
    pub fn done(&mut self) {
        self.shared.inbox.done();
    }
}

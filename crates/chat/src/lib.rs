//! What the product does, one story per file, and the ports it needs.
//!
//! The path of a message, in one direction; nothing calls back up:
//!
//! [`send`] (who may send, to whom) → [`commit`] (gathers what waits into one durable batch) →
//! the sender's receipt → [`deliver`] (in the order of commitment) → the router's sessions, each
//! with its [`mailbox`] → [`feed`] (cuts lists, keeps the window and the cursor) → the connection.
//!
//! The other stories: [`apps`], [`accounts`], [`tokens`] and [`login`] say who is there;
//! [`push`] is sending for app servers; [`buckets`] say what is too often; [`operate`] is what an
//! operator does, [`inspect`] what one sees, [`trace`] what became of a message, step by step.
//!
//! [`port`] is all that is needed from outside.

pub mod accounts;
pub mod apps;
pub mod blacklist;
pub mod buckets;
mod commit;
pub mod contacts;
pub mod deliver;
pub mod feed;
pub mod history;
pub mod inspect;
pub mod login;
pub mod mailbox;
pub mod operate;
pub mod port;
#[cfg(feature = "properties")]
pub mod properties;
pub mod push;
pub mod secret;
pub mod send;
mod sending;
pub mod session;
mod temporary;
pub mod tokens;
pub mod topics;
pub mod trace;

use std::sync::Arc;

pub use crate::accounts::Accounts;
pub use crate::apps::{Apps, Credentials, NewApp};
pub use crate::blacklist::BlockError;
pub use crate::contacts::{Contact, Who};
pub use crate::history::{HistoryError, Part};
pub use crate::inspect::{DeviceReport, JoinedTopic, ListedAccount, Pending};
pub use crate::login::{Login, LoginError};
pub use crate::push::Push;
pub use crate::send::{Outgoing, Receipt, SendError, TopicMessage};
pub use crate::session::Session;
pub use crate::tokens::{ExplainedToken, TokenError, TokenVerdict, Tokens};
pub use crate::topics::{TopicError, TopicFields};

use crate::blacklist::Blacklist;
use crate::commit::Committer;
use crate::deliver::Committed;
use crate::port::{
    Clock, Directory, History, Memberships, Messages, Observer, Relations, Router, StoreError,
};
use crate::topics::Topics;
use crate::trace::{Recorder, Ring};

/// What the product runs on.
pub struct Ports {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Apps and accounts.
    pub directory: Arc<dyn Directory>,
    /// Messages and devices.
    pub messages: Arc<dyn Messages>,
    /// Reading messages again.
    pub history: Arc<dyn History>,
    /// Topics.
    pub memberships: Arc<dyn Memberships>,
    /// Blacklists and hidden contacts.
    pub relations: Arc<dyn Relations>,
    /// Sessions.
    pub router: Arc<dyn Router>,
    /// Who is told what happens.
    pub observer: Arc<dyn Observer>,
    /// Who is told of committed messages, in their order.
    pub listeners: Vec<Arc<dyn Committed>>,
}

/// What an installation may set.
#[derive(Clone, Debug)]
pub struct Config {
    /// Lifetime of a token in seconds.
    pub token_ttl_s: u64,
    /// What may be on its way to the store and its receivers, in KiB of payload (a message counts
    /// one more). Beyond it sends are refused as busy.
    pub in_flight_kib_max: usize,
    /// Accounts kept in memory.
    pub cached_accounts_max: usize,
    /// Memory for what happened lately, in bytes; 0: nothing is remembered.
    pub trace_bytes_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            token_ttl_s: 7 * 86_400,
            in_flight_kib_max: 64 * 1024,
            cached_accounts_max: 100_000,
            trace_bytes_max: 8 << 20,
        }
    }
}

/// The product, without its sockets.
pub struct Chat {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The tenants.
    pub apps: Apps,
    /// Their users.
    pub accounts: Accounts,
    /// What they log in with.
    pub tokens: Tokens,
    messages: Arc<dyn Messages>,
    history: Arc<dyn History>,
    topics: Arc<Topics>,
    blacklist: Blacklist,
    relations: Arc<dyn Relations>,
    router: Arc<dyn Router>,
    observer: Arc<dyn Observer>,
    remembered: Option<Arc<Ring>>,
    /// Held by who looks through the log for a packetId.
    searching: tokio::sync::Mutex<()>,
    committer: Committer,
    push_ids: push::PacketIds,
}

impl Chat {
    /// Reads the apps and starts the committing and delivering tasks on the current runtime.
    pub async fn start(ports: Ports, config: Config) -> Result<Arc<Self>, StoreError> {
        let Ports {
            clock,
            directory,
            messages,
            history,
            router,
            observer,
            ..
        } = ports;
        let recorder = Recorder::new(config.trace_bytes_max, Arc::clone(&clock), observer);
        let remembered = recorder.ring();
        let observer = Arc::new(recorder) as Arc<dyn Observer>;
        let signing_key = directory.signing_key().await?;
        messages.raise(ports.memberships.last_boundary().await?);
        let apps = Apps::load(Arc::clone(&directory), Arc::clone(&clock)).await?;
        let accounts = Accounts::new(directory, Arc::clone(&clock), config.cached_accounts_max);
        let tokens = Tokens::new(signing_key, Arc::clone(&clock), config.token_ttl_s);
        let topics = Arc::new(Topics::new(ports.memberships));
        let deliveries =
            deliver::start(Arc::clone(&router), Arc::clone(&observer), ports.listeners);
        let committer = Committer::start(
            Arc::clone(&messages),
            Arc::clone(&topics),
            deliveries,
            Arc::clone(&observer),
            config.in_flight_kib_max,
        );
        let chat = Arc::new(Self {
            clock,
            apps,
            accounts,
            tokens,
            messages,
            history,
            topics,
            blacklist: Blacklist::new(Arc::clone(&ports.relations)),
            relations: ports.relations,
            router,
            observer,
            remembered,
            searching: tokio::sync::Mutex::default(),
            committer,
            push_ids: push::PacketIds::new(),
        });
        temporary::start(&chat);
        Ok(chat)
    }

    /// Commits and delivers what has been accepted, saves all cursors, and takes nothing more.
    pub async fn stop(&self) {
        self.committer.stop().await;
    }

    /// How many sessions there are.
    pub fn sessions(&self) -> usize {
        self.router.sessions()
    }
}

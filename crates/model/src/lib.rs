//! Nouns and their rules: who there is, what a message is, and how much of anything there may be.
//!
//! - [`id`]: the 64-bit ids, each a type of its own
//! - [`name`]: account names and resources, checked once when they enter
//! - [`app`], [`account`]: the tenants and their users
//! - [`device`]: a resource of an account, which has its own place in the queue
//! - [`message`]: what is sent, and what it is once it has its place
//! - [`topic`]: groups, and who is in them from where to where
//! - [`source`]: where connections come from, as far as limits go
//! - [`limits`]: every fixed maximum, with its unit
//!
//! Nothing here does I/O, waits, or knows a protocol.

pub mod account;
pub mod app;
pub mod device;
pub mod id;
pub mod limits;
pub mod message;
pub mod name;
pub mod source;
pub mod topic;

pub use account::{Account, SecurityKey};
pub use app::{App, AppSettings, SecretHash};
pub use device::{Device, DeviceId};
pub use id::{AppId, Sequence, TopicId, Uuid};
pub use message::{Callbacks, Content, Conversation, Message, Party, Target};
pub use name::{AccountName, NameError, Resource};
pub use source::Source;
pub use topic::{Member, Membership, Roster, Topic};

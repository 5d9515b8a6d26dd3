//! Which sessions there are, and the way to them.

use std::sync::Arc;

use model::{AppId, Message, Resource, Uuid};

use crate::mailbox::{End, Fleeting, Mailbox};

/// Knows the bound sessions and hands them what is for them.
///
/// A session that is attached before it begins to pull misses nothing: what was committed before
/// it attached it can read, what is delivered after is noted in its mailbox.
pub trait Router: Send + Sync + 'static {
    /// From now on the session gets what is for its account. The one that had the same uuid and
    /// resource is removed and returned.
    fn attach(&self, session: Arc<Mailbox>) -> Option<Arc<Mailbox>>;

    /// Forgets a session, unless another has taken its place.
    fn detach(&self, session: &Arc<Mailbox>);

    /// Hands committed messages, ascending, to the sessions of an account. Called in the order of
    /// commitment by one task. Never waits: a mailbox that is full notes that there is more.
    /// Returns how many sessions the account has.
    fn deliver(&self, uuid: Uuid, messages: &[Arc<Message>]) -> usize;

    /// Hands something that is not kept to an account's sessions, or to one of them; where there is
    /// none or its mailbox is full, it is gone.
    fn relay(&self, uuid: Uuid, resource: Option<&str>, fleeting: &Arc<Fleeting>);

    /// Ends all sessions of an account but the one given. Returns how many.
    fn end(&self, uuid: Uuid, except: Option<&Arc<Mailbox>>, end: End) -> usize;

    /// Ends all sessions of an app.
    fn end_app(&self, app_id: AppId, end: End);

    /// The bound resources of an account, in no order.
    fn bound(&self, uuid: Uuid) -> Vec<Resource>;

    /// How many sessions there are.
    fn sessions(&self) -> usize;
}

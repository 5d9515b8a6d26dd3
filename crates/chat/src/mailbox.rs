//! What is on its way to one session: the meeting point of the delivery stage and the connection.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::Context;

use futures_util::task::AtomicWaker;
use model::{AppId, Content, DeviceId, Message, Sequence, Uuid};
use parking_lot::Mutex;

/// Messages that wait in a mailbox; a session that is given more goes back to pulling.
pub const MAILBOX_MESSAGES_MAX: usize = 256;
/// Payload bytes that wait in a mailbox.
pub const MAILBOX_BYTES_MAX: usize = 256 * 1024;
/// Online messages that wait in a mailbox; more are dropped, as they are for an offline device.
pub const MAILBOX_FLEETING_MAX: usize = 64;

/// Why a session ends. The gateway tells the client in the words of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// A newer connection bound the same device.
    Replaced,
    /// Another device logged in as the only one.
    SingleSignOn,
    /// An operator ended it.
    Kicked,
    /// The account or the app was banned.
    Banned,
    /// The token was revoked: secret rotated, account expired, app deleted.
    Revoked,
}

/// Something for devices that are online, and never kept.
#[derive(Clone, Debug)]
pub enum Fleeting {
    /// An online message; `content.to` is the receiver.
    Message(Content),
    /// The answer to one.
    Acknowledgement(OnlineAck),
}

/// What a device says to an online message.
#[derive(Clone, Debug)]
pub struct OnlineAck {
    /// Of the message.
    pub packet_id: String,
    /// 0 when fine.
    pub code: i32,
    /// Its words.
    pub error: String,
}

/// One session's mailbox. The connection owns it; the router holds it while it is attached.
///
/// A session is *pulling* or *live*. While it pulls, only the newest sequence for it is noted;
/// while it is live, messages are queued. A queue that is full sets it back to pulling: nothing is
/// dropped, because everything is in the store, and nobody waits.
#[derive(Debug)]
pub struct Mailbox {
    app_id: AppId,
    device: DeviceId,
    state: Mutex<State>,
    waker: AtomicWaker,
}

#[derive(Debug, Default)]
struct State {
    is_live: bool,
    /// While pulling: the newest message that was for this session.
    newest: Sequence,
    queue: VecDeque<Arc<Message>>,
    queued_bytes: usize,
    fleeting: VecDeque<Arc<Fleeting>>,
    end: Option<End>,
}

impl Mailbox {
    /// An empty one, pulling.
    pub fn new(app_id: AppId, device: DeviceId) -> Self {
        Self {
            app_id,
            device,
            state: Mutex::default(),
            waker: AtomicWaker::new(),
        }
    }

    /// Whose it is.
    pub fn device(&self) -> &DeviceId {
        &self.device
    }

    /// The account's app.
    pub fn app_id(&self) -> AppId {
        self.app_id
    }

    /// The account's uuid.
    pub fn uuid(&self) -> Uuid {
        self.device.uuid
    }

    // The delivery stage's side

    /// Offers committed messages, ascending; the device that sent one does not want it. The
    /// connection is woken once, and finds all of them.
    pub fn offer(&self, messages: &[Arc<Message>]) {
        let mut wanted = messages
            .iter()
            .filter(|message| !is_from(message, &self.device))
            .peekable();
        if wanted.peek().is_none() {
            return;
        }
        let mut state = self.state.lock();
        wanted.for_each(|message| state.offer(message));
        drop(state);
        self.waker.wake();
    }

    /// Offers something that is not kept.
    pub fn offer_fleeting(&self, fleeting: &Arc<Fleeting>) {
        let mut state = self.state.lock();
        if state.fleeting.len() < MAILBOX_FLEETING_MAX {
            state.fleeting.push_back(Arc::clone(fleeting));
        }
        drop(state);
        self.waker.wake();
    }

    /// Ends the session; the first reason holds.
    pub fn end(&self, end: End) {
        self.state.lock().end.get_or_insert(end);
        self.waker.wake();
    }

    // The connection's side

    /// Has the task woken at the next offer or end. Register before looking.
    pub fn register(&self, context: &Context<'_>) {
        self.waker.register(context.waker());
    }

    /// Whether there is nothing for the connection in it: the others need not be asked then.
    pub fn is_quiet(&self) -> bool {
        let state = self.state.lock();
        state.is_live && state.queue.is_empty() && state.fleeting.is_empty() && state.end.is_none()
    }

    /// Why the session must end, when it must.
    pub fn ended(&self) -> Option<End> {
        self.state.lock().end
    }

    /// The newest message that was only noted, while the session pulled.
    pub fn newest(&self) -> Sequence {
        self.state.lock().newest
    }

    /// Whether there is something that is not kept.
    pub fn has_fleeting(&self) -> bool {
        !self.state.lock().fleeting.is_empty()
    }

    /// The next thing that is not kept.
    pub fn next_fleeting(&self) -> Option<Arc<Fleeting>> {
        self.state.lock().fleeting.pop_front()
    }

    /// Takes all that is queued, ascending, into `ahead`.
    pub(crate) fn take(&self, ahead: &mut VecDeque<Arc<Message>>) {
        let mut state = self.state.lock();
        state.queued_bytes = 0;
        if ahead.is_empty() {
            std::mem::swap(ahead, &mut state.queue);
            state.queue = VecDeque::new();
        } else {
            ahead.append(&mut state.queue);
        }
    }

    /// Whether there is more than was taken: queued messages, or anything in the store.
    pub(crate) fn has_more(&self) -> bool {
        let state = self.state.lock();
        !state.is_live || !state.queue.is_empty()
    }

    /// Becomes live, unless something after `reached` came while it pulled.
    pub(crate) fn go_live(&self, reached: Sequence) {
        let mut state = self.state.lock();
        state.is_live = state.newest <= reached;
    }

    /// Whether messages are queued rather than noted.
    pub(crate) fn is_live(&self) -> bool {
        self.state.lock().is_live
    }

    /// Forgets what is queued: it will be pulled.
    pub(crate) fn go_pulling(&self) {
        self.state.lock().go_pulling();
    }
}

impl State {
    fn offer(&mut self, message: &Arc<Message>) {
        if self.is_live && !self.is_full() {
            self.queued_bytes += message.content.payload.len();
            self.queue.push_back(Arc::clone(message));
        } else {
            // What is queued will be pulled with what follows: a session that takes nothing is to hold
            // nothing.
            self.go_pulling();
            self.newest = self.newest.max(message.sequence);
        }
    }

    fn go_pulling(&mut self) {
        self.is_live = false;
        if let Some(last) = self.queue.back() {
            self.newest = self.newest.max(last.sequence);
        }
        self.queue = VecDeque::new();
        self.queued_bytes = 0;
    }

    fn is_full(&self) -> bool {
        self.queue.len() >= MAILBOX_MESSAGES_MAX || self.queued_bytes >= MAILBOX_BYTES_MAX
    }
}

/// Whether this very device sent the message.
fn is_from(message: &Message, device: &DeviceId) -> bool {
    message.content.from.uuid == device.uuid && message.content.from_resource == device.resource
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use model::{AccountName, Callbacks, Party, Resource, Target};

    use super::*;

    fn message(sequence: u64) -> Arc<Message> {
        let party = |uuid, name| Party {
            uuid: Uuid(uuid),
            account: AccountName::new(name).unwrap(),
        };
        Arc::new(Message {
            sequence: Sequence(sequence),
            timestamp_ms: 0,
            content: Content {
                app_id: AppId(1),
                from: party(1, "ann"),
                from_resource: Resource::new("desk").unwrap(),
                to: Target::Account(party(2, "ben")),
                packet_id: "".into(),
                payload: Bytes::from_static(b"hi"),
                biz_type: "".into(),
                is_stored: true,
                callbacks: Callbacks::default(),
            },
        })
    }

    #[test]
    fn a_mailbox_that_overflows_lets_go_of_everything_and_knows_what_is_to_be_pulled() {
        let resource = Resource::new("phone").unwrap();
        let uuid = Uuid(2);
        let mailbox = Mailbox::new(AppId(1), DeviceId { uuid, resource });
        mailbox.go_live(Sequence(0));
        let max = MAILBOX_MESSAGES_MAX as u64;
        let first = message(1);
        mailbox.offer(std::slice::from_ref(&first));
        (2..=max).for_each(|sequence| mailbox.offer(&[message(sequence)]));
        assert!(mailbox.is_live());
        assert_eq!(Arc::strong_count(&first), 2);
        mailbox.offer(&[message(max + 1)]);
        assert_eq!(Arc::strong_count(&first), 1, "it is on disk");
        assert_eq!((mailbox.is_live(), mailbox.has_more()), (false, true));
        mailbox.go_live(Sequence(max));
        assert!(!mailbox.is_live(), "one is missing");
        mailbox.go_live(Sequence(max + 1));
        assert!(mailbox.is_live());
    }
}

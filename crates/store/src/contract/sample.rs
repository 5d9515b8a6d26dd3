//! Messages, devices, apps and accounts to test with.

use bytes::Bytes;
use chat::port::{Batch, Entry, Messages, NewDevice, Outcome, Page, PageLimit, Wanted};
use model::{
    Account, AccountName, App, AppId, AppSettings, Callbacks, Content, Device, DeviceId,
    Membership, Message, Party, Resource, SecretHash, SecurityKey, Sequence, Target, TopicId, Uuid,
};
use std::sync::Arc;

/// The device of an account.
pub fn device(uuid: u64, resource: &str) -> DeviceId {
    DeviceId {
        uuid: Uuid(uuid),
        resource: Resource::new(resource).unwrap(),
    }
}

/// An account's end of a message.
pub fn party(uuid: u64) -> Party {
    Party {
        uuid: Uuid(uuid),
        account: AccountName::new(&format!("account-{uuid}")).unwrap(),
    }
}

/// What the desk of one account sends to another. Its packetId is its text.
pub fn content(from: u64, to: u64, text: &str) -> Content {
    Content {
        app_id: AppId(2_882_303_761_517_000_000),
        from: party(from),
        from_resource: Resource::new("desk").unwrap(),
        to: Target::Account(party(to)),
        packet_id: text.into(),
        payload: Bytes::copy_from_slice(text.as_bytes()),
        biz_type: "TEXT".into(),
        is_stored: true,
        callbacks: Callbacks::default(),
    }
}

/// What the desk of an account sends to a topic.
pub fn to_topic(from: u64, topic: u64, text: &str) -> Content {
    Content {
        to: Target::Topic(TopicId(topic)),
        ..content(from, 0, text)
    }
}

/// A batch of messages that are all allowed.
pub fn batch(contents: impl IntoIterator<Item = Content>) -> Batch {
    let entries = contents.into_iter().map(|content| Entry {
        content,
        is_allowed: true,
    });
    Batch {
        entries: entries.collect(),
        devices: Vec::new(),
    }
}

/// A first login.
pub fn login(device: DeviceId) -> Batch {
    Batch {
        entries: Vec::new(),
        devices: vec![NewDevice {
            device,
            bound: Vec::new(),
        }],
    }
}

/// Commits messages and expects all of them to be new.
pub async fn stored(
    store: &dyn Messages,
    contents: impl IntoIterator<Item = Content>,
) -> Vec<Arc<Message>> {
    let committed = store.commit(batch(contents)).await.unwrap();
    committed
        .outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Outcome::Stored(message) => message,
            other => panic!("expected a new message, got {other:?}"),
        })
        .collect()
}

/// Commits one message.
pub async fn outcome(store: &dyn Messages, content: Content) -> Outcome {
    let mut committed = store.commit(batch([content])).await.unwrap();
    committed.outcomes.remove(0)
}

/// Where an outcome says that the message was stored before.
pub fn repeated(outcome: &Outcome) -> Option<(Sequence, u64)> {
    match outcome {
        Outcome::Repeated {
            sequence,
            timestamp_ms,
        } => Some((*sequence, *timestamp_ms)),
        _ => None,
    }
}

/// Commits a first login.
pub async fn logged_in(store: &dyn Messages, device: &DeviceId) -> Device {
    let committed = store.commit(login(device.clone())).await.unwrap();
    committed.devices[0]
}

/// No limit that a test would reach.
pub const ALL: PageLimit = PageLimit {
    messages: 1_000_000,
    bytes: usize::MAX,
};

/// All that is pending after a sequence.
pub async fn page(store: &dyn Messages, device: &DeviceId, after: Sequence) -> Page {
    page_of(store, device, after, ALL).await
}

/// Some of what is pending after a sequence.
pub async fn page_of(
    store: &dyn Messages,
    device: &DeviceId,
    after: Sequence,
    limit: PageLimit,
) -> Page {
    let wanted = Wanted {
        after,
        up_to: store.last(),
        memberships: &[],
        limit,
    };
    store.pending(device, wanted).await.unwrap()
}

/// The texts of all that is pending after a sequence.
pub async fn texts(store: &dyn Messages, device: &DeviceId, after: Sequence) -> Vec<String> {
    page(store, device, after)
        .await
        .messages
        .iter()
        .map(|message| text(message))
        .collect()
}

/// All that is pending after a sequence with these times in topics.
pub async fn with_topics(
    store: &dyn Messages,
    device: &DeviceId,
    after: Sequence,
    memberships: &[Membership],
) -> Vec<String> {
    let wanted = Wanted {
        after,
        up_to: store.last(),
        memberships,
        limit: ALL,
    };
    let page = store.pending(device, wanted).await.unwrap();
    page.messages.iter().map(|message| text(message)).collect()
}

/// The payload.
pub fn text(message: &Message) -> String {
    String::from_utf8(message.content.payload.to_vec()).unwrap()
}

/// An app made at a time.
pub fn app(id: u64, created_at_ms: u64) -> App {
    App {
        id: AppId(id),
        key: format!("key-{id}"),
        secret: SecretHash([7; 32]),
        callback_secret: "whsec_x".to_owned(),
        name: "demo".to_owned(),
        package: "com.example.demo".to_owned(),
        is_banned: false,
        token_epoch: 0,
        created_at_ms,
        ttl_raised_at_ms: 0,
        settings: AppSettings::default(),
    }
}

/// An account of an app.
pub fn account(app_id: u64, name: &str, uuid: u64) -> Account {
    Account {
        uuid: Uuid(uuid),
        app_id: AppId(app_id),
        name: AccountName::new(name).unwrap(),
        security_key: SecurityKey([uuid.to_le_bytes()[0]; 16]),
        is_banned: false,
        token_epoch: 0,
        created_at_ms: 1_700_000_000_000,
    }
}

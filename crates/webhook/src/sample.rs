//! Messages, apps and rows to test with.

use bytes::Bytes;
use chat::port::{Delivery, DeliveryKind, DeliveryStatus};
use model::{
    AccountName, App, AppId, AppSettings, Callbacks, Content, Conversation, Message, Party,
    Resource, SecretHash, Sequence, Target, TopicId, Uuid,
};

pub(crate) const APP: AppId = AppId(2_882_303_761_517_000_000);
/// The time of the messages.
pub(crate) const NOW_MS: u64 = 1_700_000_000_007;

pub(crate) fn party(uuid: u64) -> Party {
    Party {
        uuid: Uuid(uuid),
        account: AccountName::new(&format!("account-{uuid}")).unwrap(),
    }
}

/// From one account to another. Its packetId is its text.
pub(crate) fn message(from: u64, to: u64, text: &str) -> Message {
    Message {
        sequence: Sequence::at_ms(NOW_MS),
        timestamp_ms: NOW_MS,
        content: Content {
            app_id: APP,
            from: party(from),
            from_resource: Resource::new("desk").unwrap(),
            to: Target::Account(party(to)),
            packet_id: text.into(),
            payload: Bytes::copy_from_slice(text.as_bytes()),
            biz_type: "TEXT".into(),
            is_stored: true,
            callbacks: Callbacks {
                instant: true,
                offline: true,
            },
        },
    }
}

pub(crate) fn to_topic(from: u64, topic: u64, text: &str) -> Message {
    let mut message = message(from, 0, text);
    message.content.to = Target::Topic(TopicId(topic));
    message
}

/// With these URLs; "" is none.
pub(crate) fn app(instant: &str, offline: &str) -> App {
    let url = |url: &str| (!url.is_empty()).then(|| url.to_owned());
    App {
        id: APP,
        key: "5000000000000".into(),
        secret: SecretHash([0; 32]),
        callback_secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into(),
        name: "demo".into(),
        package: "com.example.demo".into(),
        is_banned: false,
        token_epoch: 0,
        ttl_raised_at_ms: 0,
        created_at_ms: 0,
        settings: AppSettings {
            instant_callback: url(instant),
            offline_callback: url(offline),
            ..AppSettings::default()
        },
    }
}

pub(crate) fn delivery(app: u64, number: u64) -> Delivery {
    Delivery {
        id: format!("cb_{number}"),
        app_id: AppId(app),
        kind: DeliveryKind::Instant,
        conversation: Conversation::between(Uuid(1), Uuid(2)),
        sequence: Sequence(number),
        status: DeliveryStatus::Pending {
            next_at_ms: 0,
            failures: 0,
        },
        created_at_ms: 0,
        attempts: Vec::new(),
        receivers: Vec::new(),
    }
}

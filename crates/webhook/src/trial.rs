//! A sample event, posted on request: does the app's server take what it will be sent?

use crate::{Ports, attempt, body, intake};
use bytes::Bytes;
use chat::port::{Attempt, DeliveryKind, TrialError};
use model::{
    AccountName, AppId, Callbacks, Content, Message, Party, Resource, Sequence, Target, Uuid,
};

/// Posts it once and reports.
pub(crate) async fn run(
    ports: &Ports,
    app_id: AppId,
    kind: DeliveryKind,
) -> Result<Attempt, TrialError> {
    let app = ports.tenants.app(app_id).ok_or(TrialError::NoApp)?;
    let url = attempt::url(&app, kind).ok_or(TrialError::NoUrl)?;
    let msg_type = match kind {
        DeliveryKind::Instant => "NORMAL_MSG",
        DeliveryKind::Offline => "OFFLINE_MSG",
    };
    let message = sample(app_id, ports.clock.now_ms());
    let body = body::build(msg_type, &message, &[]);
    Ok(attempt::post(ports, &app, url, &intake::random_id(), body).await)
}

/// Recognised by its packetId and by its sequence, which no message has.
fn sample(app_id: AppId, now_ms: u64) -> Message {
    let party = |name| Party {
        uuid: Uuid(0),
        account: AccountName::new(name).expect("a plain word is a name"),
    };
    Message {
        sequence: Sequence(0),
        timestamp_ms: now_ms,
        content: Content {
            app_id,
            from: party("sample-sender"),
            from_resource: Resource::new("server").expect("a plain word is a name"),
            to: Target::Account(party("sample-receiver")),
            packet_id: "callback-test".into(),
            payload: Bytes::from_static(b"a sample event"),
            biz_type: "".into(),
            is_stored: false,
            callbacks: Callbacks {
                instant: true,
                offline: true,
            },
        },
    }
}

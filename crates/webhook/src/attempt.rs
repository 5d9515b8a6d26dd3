//! One attempt at a delivery: from its row to what follows.

use std::time::Duration;

use chat::port::{
    Attempt, CallbackRequest, Delivery, DeliveryKind, DeliveryStatus, StoreError, Tried,
};
use model::{App, Conversation, Message, Party};
use tokio::time::{Instant, timeout};

use crate::Ports;
use crate::body;
use crate::port::Request;
use crate::signature::{BadSecret, sign};

/// After the end of the first, second and third failed attempt, in milliseconds.
pub(crate) const RETRY_MS: [u64; 3] = [5_000, 30_000, 300_000];
/// What an attempt may take, in milliseconds.
pub(crate) const TIMEOUT_MS: u64 = 5_000;
/// The one status that is success.
const OK: u16 = 200;

/// What came of it.
pub(crate) enum End {
    /// To be recorded.
    Tried(Tried),
    /// The app has no URL of this kind any more: what is open for it is dropped.
    NoUrl,
    /// There is no such app any more.
    NoApp,
    /// The store could not say what to post. Nothing was tried.
    NotReady(StoreError),
}

/// Posts a delivery once.
pub(crate) async fn attempt(ports: &Ports, delivery: &Delivery) -> End {
    let Some(app) = ports.tenants.app(delivery.app_id) else {
        return End::NoApp;
    };
    let Some(url) = url(&app, delivery.kind) else {
        return End::NoUrl;
    };
    let built = match build(ports, delivery).await {
        Ok(built) => built,
        Err(error) => return End::NotReady(error),
    };
    let Some(body) = built else {
        let attempt = gone(ports.clock.now_ms(), url);
        return End::Tried(Tried {
            id: delivery.id.clone(),
            attempt,
            status: DeliveryStatus::Failed,
        });
    };
    let attempt = post(ports, &app, url, &delivery.id, body).await;
    let status = next(delivery.status, &attempt, ports.clock.now_ms());
    End::Tried(Tried {
        id: delivery.id.clone(),
        attempt,
        status,
    })
}

/// The URL of an app for this kind.
pub(crate) fn url(app: &App, kind: DeliveryKind) -> Option<&str> {
    match kind {
        DeliveryKind::Instant => app.settings.instant_callback.as_deref(),
        DeliveryKind::Offline => app.settings.offline_callback.as_deref(),
    }
}

/// Signs and posts a body; waits for the answer for as long as the contract has it.
pub(crate) async fn post(ports: &Ports, app: &App, url: &str, id: &str, body: Vec<u8>) -> Attempt {
    let at_ms = ports.clock.now_ms();
    let began = Instant::now();
    let timestamp_s = at_ms / 1_000;
    let answer = match signed(app, url, id, timestamp_s, body) {
        Ok(request) => {
            let answer = timeout(Duration::from_millis(TIMEOUT_MS), ports.post.post(request));
            answer
                .await
                .unwrap_or_else(|_| Err(format!("no answer within {} s", TIMEOUT_MS / 1_000)))
        }
        Err(error) => Err(error.to_string()),
    };
    let http_status = answer.as_ref().ok().copied();
    let error = match answer {
        Ok(OK) => None,
        Ok(status) => Some(format!("answered {status}, not 200")),
        Err(error) => Some(error),
    };
    Attempt {
        at_ms,
        url: url.to_owned(),
        http_status,
        error,
        took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    }
}

/// What the newest attempt has posted, or the first will; `None` when the message is gone, or the app
/// or its URL.
pub(crate) async fn again(
    ports: &Ports,
    delivery: &Delivery,
) -> Result<Option<CallbackRequest>, StoreError> {
    let Some(app) = ports.tenants.app(delivery.app_id) else {
        return Ok(None);
    };
    let newest = delivery.attempts.last();
    let url = match newest {
        Some(attempt) => Some(attempt.url.as_str()),
        None => url(&app, delivery.kind),
    };
    let (Some(url), Some(body)) = (url, build(ports, delivery).await?) else {
        return Ok(None);
    };
    let at_ms = newest.map_or_else(|| ports.clock.now_ms(), |attempt| attempt.at_ms);
    let request = signed(&app, url, &delivery.id, at_ms / 1_000, body);
    Ok(request.ok().map(|request| CallbackRequest {
        headers: request.headers().into(),
        url: request.url,
        body: request.body,
    }))
}

fn signed(
    app: &App,
    url: &str,
    id: &str,
    timestamp_s: u64,
    body: Vec<u8>,
) -> Result<Request, BadSecret> {
    let signature = sign(&app.callback_secret, id, timestamp_s, &body)?;
    Ok(Request {
        url: url.to_owned(),
        id: id.to_owned(),
        timestamp_s,
        signature,
        body: body.into(),
    })
}

/// The body; `None` when the message is gone.
async fn build(ports: &Ports, delivery: &Delivery) -> Result<Option<Vec<u8>>, StoreError> {
    let Delivery {
        conversation,
        sequence,
        ..
    } = *delivery;
    let message = ports.events.message(conversation, sequence).await?;
    let Some(message) = message else {
        return Ok(None);
    };
    let to = named(ports, delivery, &message).await?;
    Ok(Some(body::build(delivery.msg_type(), &message, &to)))
}

/// The members that the body names.
async fn named(
    ports: &Ports,
    delivery: &Delivery,
    message: &Message,
) -> Result<Vec<Party>, StoreError> {
    let Conversation::Topic(topic) = delivery.conversation else {
        return Ok(Vec::new());
    };
    let mut members = ports.audience.members(topic, message.sequence).await?;
    if delivery.kind == DeliveryKind::Offline {
        let mut receivers = delivery.receivers.clone();
        receivers.sort_unstable();
        members.retain(|member| receivers.binary_search(&member.uuid).is_ok());
    }
    Ok(members)
}

/// What follows an attempt that ended now.
fn next(status: DeliveryStatus, attempt: &Attempt, now_ms: u64) -> DeliveryStatus {
    if attempt.error.is_none() {
        return DeliveryStatus::Delivered;
    }
    let failures = match status {
        DeliveryStatus::Pending { failures, .. } => failures,
        _ => 0,
    };
    let delay_ms = usize::try_from(failures).ok().and_then(|n| RETRY_MS.get(n));
    match delay_ms {
        Some(delay_ms) => DeliveryStatus::Pending {
            next_at_ms: now_ms + delay_ms,
            failures: failures + 1,
        },
        None => DeliveryStatus::Failed,
    }
}

fn gone(at_ms: u64, url: &str) -> Attempt {
    Attempt {
        at_ms,
        url: url.to_owned(),
        http_status: None,
        error: Some("the message is no longer kept".into()),
        took_ms: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_retries_and_then_it_is_given_up() {
        let failed = gone(0, "http://x.example/");
        let mut status = DeliveryStatus::Pending {
            next_at_ms: 0,
            failures: 0,
        };
        let mut delays = Vec::new();
        loop {
            status = next(status, &failed, 1_000_000);
            let DeliveryStatus::Pending { next_at_ms, .. } = status else {
                break;
            };
            delays.push(next_at_ms - 1_000_000);
        }
        assert_eq!(delays, [5_000, 30_000, 300_000]);
        assert_eq!(status, DeliveryStatus::Failed);
    }
}

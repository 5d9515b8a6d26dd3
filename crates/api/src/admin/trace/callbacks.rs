//! What was posted of a message to the app's servers, as steps.

use chat::port::{
    Attempt, Delivery, DeliveryCursor, DeliveryKind, DeliveryStatus, ListDeliveries, StoreError,
};
use model::Sequence;
use serde_json::json;

use super::Named;
use super::steps::StepView;
use super::utc::utc;
use super::words::Words;
use crate::state::Api;

/// One of each kind.
const OF_A_MESSAGE_MAX: usize = 2;
/// The answer of a server that has taken a callback.
const TAKEN: u16 = 200;
/// Whether an offline callback is owed is decided by then, and all are on their way, in ms.
const DECIDED_AFTER_MS: u64 = 12_000;

/// Every attempt, and what follows.
pub(super) async fn steps(api: &Api, named: &Named<'_>) -> Result<Vec<StepView>, StoreError> {
    let Some(sequence) = named.trace.sequence else {
        return Ok(Vec::new());
    };
    // A list goes on below the place that it is given.
    let above = DeliveryCursor {
        sequence: Sequence(sequence.0.saturating_add(1)),
        kind: DeliveryKind::Instant,
    };
    let wanted = ListDeliveries {
        only_failed: false,
        after: Some(above),
        limit: OF_A_MESSAGE_MAX,
    };
    let mut deliveries = api.webhook.list(named.app.id, wanted).await?.deliveries;
    deliveries.retain(|delivery| delivery.sequence == sequence);
    let age_ms = api.chat.clock.now_ms().saturating_sub(named.trace.at_ms);
    let callbacks = named.trace.callbacks;
    let mut steps = Vec::new();
    for (kind, is_wanted) in [
        (DeliveryKind::Instant, callbacks.instant),
        (DeliveryKind::Offline, callbacks.offline),
    ] {
        match deliveries.iter().find(|delivery| delivery.kind == kind) {
            Some(delivery) => tell(delivery, &mut steps),
            None if is_wanted => steps.push(step(None, "callback", missing(kind, age_ms))),
            None => {}
        }
    }
    Ok(steps)
}

fn tell(delivery: &Delivery, steps: &mut Vec<StepView>) {
    let kind = delivery.kind;
    for attempt in &delivery.attempts {
        let is_taken = attempt.http_status == Some(TAKEN);
        let outcome = if is_taken {
            "callback-delivered"
        } else {
            "callback-failed"
        };
        let mut step = step(Some(attempt.at_ms), outcome, tried(kind, attempt));
        step.callback = Some(json!({
            "id": delivery.id,
            "msgType": delivery.msg_type(),
            "url": attempt.url,
            "httpStatus": attempt.http_status,
            "error": attempt.error,
            "ms": attempt.took_ms,
        }));
        steps.push(step);
    }
    if let Some((kind, words)) = what_follows(delivery) {
        let mut step = step(None, kind, words);
        step.callback = Some(json!({ "id": delivery.id, "msgType": delivery.msg_type() }));
        steps.push(step);
    }
}

fn step(at: Option<u64>, kind: &'static str, words: Words) -> StepView {
    StepView {
        at,
        kind,
        account: None,
        resource: None,
        words,
        detail: None,
        callback: None,
    }
}

fn tried(kind: DeliveryKind, attempt: &Attempt) -> Words {
    let (name, name_zh) = names(kind);
    let Attempt { url, took_ms, .. } = attempt;
    match (attempt.http_status, &attempt.error) {
        (Some(status), _) => Words::new(
            format!("The {name} callback to {url} was answered with {status} after {took_ms} ms."),
            format!("{name_zh}回调 {url}：{took_ms} 毫秒后应答 {status}。"),
        ),
        (None, error) => {
            let error = error.as_deref().unwrap_or("no answer");
            Words::new(
                format!("The {name} callback to {url} failed after {took_ms} ms: {error}."),
                format!("{name_zh}回调 {url}：{took_ms} 毫秒后失败（{error}）。"),
            )
        }
    }
}

fn what_follows(delivery: &Delivery) -> Option<(&'static str, Words)> {
    let (name, name_zh) = names(delivery.kind);
    match delivery.status {
        DeliveryStatus::Delivered => None,
        DeliveryStatus::Pending { next_at_ms, .. } => {
            let next = utc(next_at_ms);
            let words = Words::new(
                format!("The {name} callback is posted at {next}."),
                format!("{name_zh}回调将于 {next} 发出。"),
            );
            Some(("callback-pending", words))
        }
        DeliveryStatus::Undecided { until_ms } => {
            let until = utc(until_ms);
            let words = Words::new(
                format!("Whether an {name} callback is owed is decided by {until}."),
                format!("是否需要{name_zh}回调，{until} 之前决定。"),
            );
            Some(("callback-pending", words))
        }
        DeliveryStatus::Failed => {
            let words = Words::new(
                format!("The {name} callback was given up; it can be replayed."),
                format!("{name_zh}回调已放弃，可以重放。"),
            );
            Some(("callback-failed", words))
        }
    }
}

/// There is no row of a callback that the app wanted.
fn missing(kind: DeliveryKind, age_ms: u64) -> Words {
    match kind {
        _ if age_ms < DECIDED_AFTER_MS => {
            let (name, name_zh) = names(kind);
            Words::new(
                format!("Nothing was posted as {name} callback so far."),
                format!("{name_zh}回调尚未发出。"),
            )
        }
        DeliveryKind::Instant => Words::new(
            "Of its instant callback nothing is kept any more.",
            "即时回调的记录已不再保留。",
        ),
        DeliveryKind::Offline => Words::new(
            "No offline callback was owed, or nothing of it is kept any more.",
            "不需要离线回调，或其记录已不再保留。",
        ),
    }
}

fn names(kind: DeliveryKind) -> (&'static str, &'static str) {
    match kind {
        DeliveryKind::Instant => ("instant", "即时"),
        DeliveryKind::Offline => ("offline", "离线"),
    }
}

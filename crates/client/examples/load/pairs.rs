//! Pairs of accounts: one sends in a closed loop, the other receives and acknowledges.

use std::time::Duration;

use bytes::Bytes;
use mimc_client::arrival::Arrival;
use mimc_client::checker::{Checker, Verdict, Violation};
use mimc_client::session::Session;
use mimc_client::{Device, SendOptions, Target as To};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::Failure;
use crate::flags::Flags;
use crate::process::usage;
use crate::target::Target;

/// How long the last messages may take.
const DRAIN_WAIT: Duration = Duration::from_secs(30);

/// What one sender saw.
struct Sent {
    /// Sequences in the order of sending; `None` was refused.
    acked: Vec<Option<i64>>,
    ack_us: Vec<u32>,
    errors: usize,
}

/// What one receiver was given: packetId and sequence.
type Received = Vec<(String, i64)>;

pub(crate) async fn run(target: &Target, flags: &Flags) -> Result<Value, Failure> {
    let mut pairs = Vec::with_capacity(flags.pairs);
    for number in 0..flags.pairs {
        let from = target.session(&format!("from-{number}")).await?;
        let to = target.session(&format!("to-{number}")).await?;
        pairs.push((from, to));
    }
    let before = usage(target.pid)?;
    let began = Instant::now();
    let (senders, receivers) = converse(pairs, flags, began).await?;
    let seconds = flags.duration.as_secs_f64();
    let after = usage(target.pid)?;

    let mut ack_us: Vec<u32> = senders
        .iter()
        .flat_map(|sent| sent.ack_us.clone())
        .collect();
    ack_us.sort_unstable();
    let verdict = judge(&senders, &receivers);
    let acked = ack_us.len();
    let lost = verdict.count(|v| matches!(v, Violation::Lost { .. }));
    let duplicated = verdict.count(|v| matches!(v, Violation::Duplicate { .. }));
    Ok(json!({
        "scenario": "p2p",
        "pairs": flags.pairs,
        "window": flags.window,
        "payload_bytes": flags.payload_bytes,
        "seconds": seconds,
        "messages": acked,
        "messages_per_s": rounded(ratio(acked, 1) / seconds),
        "delivered": verdict.delivered,
        "ack_ms_p50": millis(&ack_us, 50),
        "ack_ms_p99": millis(&ack_us, 99),
        "server_cpu_us_per_message": per(after.cpu_us - before.cpu_us, acked),
        "bytes_written_per_message": per(after.written_bytes - before.written_bytes, acked),
        "server_rss_mb": after.rss_kb / 1024,
        "lost": lost,
        "duplicated": duplicated,
        "other_violations": verdict.violations.len() - lost - duplicated,
        "errors": senders.iter().map(|sent| sent.errors).sum::<usize>(),
        "verdict": verdict.to_string(),
        "fresh_directory": target.is_fresh(),
    }))
}

async fn converse(
    pairs: Vec<(Session, Session)>,
    flags: &Flags,
    began: Instant,
) -> Result<(Vec<Sent>, Vec<Received>), Failure> {
    let deadline = began + flags.duration;
    let payload = Bytes::from("x".repeat(flags.payload_bytes));
    let mut senders = JoinSet::new();
    let mut receivers = JoinSet::new();
    for (number, (from, to)) in pairs.into_iter().enumerate() {
        // Tells the receiver how many to wait for, once the sender knows.
        let (tell_total, total) = watch::channel(None);
        receivers.spawn(async move { (number, receive(to, total).await) });
        let (window, payload) = (flags.window, payload.clone());
        senders.spawn(async move {
            let sent = send(from, number, window, payload, deadline).await;
            if let Ok(sent) = &sent {
                tell_total.send_replace(Some(sent.ack_us.len()));
            }
            (number, sent)
        });
    }
    let sent = in_order(senders.join_all().await)?;
    let received = in_order(receivers.join_all().await)?;
    Ok((sent, received))
}

async fn send(
    mut session: Session,
    pair: usize,
    window: usize,
    payload: Bytes,
    deadline: Instant,
) -> Result<Sent, Failure> {
    let to = To::from(format!("to-{pair}"));
    let options = SendOptions::default();
    let mut sent = Sent {
        acked: Vec::new(),
        ack_us: Vec::new(),
        errors: 0,
    };
    let mut sent_at: Vec<Instant> = Vec::new();
    let mut waiting = 0;
    loop {
        while waiting < window && Instant::now() < deadline {
            session.queue_message(&sent_at.len().to_string(), &to, &payload, &options);
            sent_at.push(Instant::now());
            sent.acked.push(None);
            waiting += 1;
        }
        if waiting == 0 {
            return Ok(sent);
        }
        if let Arrival::Ack(ack) = session.next().await? {
            waiting -= 1;
            let number: usize = ack.packet_id.parse()?;
            match ack.outcome {
                Ok(receipt) => {
                    sent.acked[number] = Some(receipt.sequence);
                    let us = sent_at[number].elapsed().as_micros();
                    sent.ack_us.push(u32::try_from(us).unwrap_or(u32::MAX));
                }
                Err(_) => sent.errors += 1,
            }
        }
    }
}

/// Until all that the sender got receipts for are there, or nothing more comes.
async fn receive(
    mut session: Session,
    mut total: watch::Receiver<Option<usize>>,
) -> Result<Received, Failure> {
    let mut received = Received::new();
    loop {
        let is_all = |total: &Option<usize>| total.is_some_and(|all| received.len() >= all);
        if is_all(&total.borrow_and_update()) {
            // The last acknowledgement is part of what a message costs.
            session.flush().await?;
            return Ok(received);
        }
        tokio::select! {
            biased;
            arrival = session.next() => {
                if let Arrival::List(list) = arrival? {
                    let messages = list.messages.into_iter();
                    received.extend(messages.map(|message| (message.packet_id, message.sequence)));
                    session.queue_sequence_ack(list.max_sequence);
                }
            }
            Ok(()) = total.changed() => {}
            () = tokio::time::sleep(DRAIN_WAIT) => return Ok(received),
        }
    }
}

fn judge(senders: &[Sent], receivers: &[Received]) -> Verdict {
    let mut checker = Checker::new();
    for (number, (sent, received)) in senders.iter().zip(receivers).enumerate() {
        let from = Device::new(format!("from-{number}"), "load");
        let to = Device::new(format!("to-{number}"), "load");
        let expected_at = [to.clone()];
        for (packet, sequence) in sent.acked.iter().enumerate() {
            let packet_id = packet.to_string();
            checker.sent(&from, &to.account, &packet_id, &expected_at);
            if let Some(sequence) = sequence {
                checker.acked(&from, &packet_id, *sequence);
            }
        }
        for (packet_id, sequence) in received {
            checker.delivered(&to, &from, packet_id, *sequence);
        }
    }
    checker.verdict()
}

fn in_order<T>(mut results: Vec<(usize, Result<T, Failure>)>) -> Result<Vec<T>, Failure> {
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

fn millis(sorted_us: &[u32], percent: usize) -> f64 {
    let at = (sorted_us.len() * percent / 100).min(sorted_us.len().saturating_sub(1));
    let us = sorted_us.get(at).copied().unwrap_or_default();
    rounded(f64::from(us) / 1_000.0)
}

fn per(total: u64, count: usize) -> f64 {
    let total = usize::try_from(total).unwrap_or(usize::MAX);
    rounded(ratio(total, count.max(1)))
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn ratio(total: usize, count: usize) -> f64 {
    total as f64 / count as f64
}

fn rounded(exact: f64) -> f64 {
    (exact * 100.0).round() / 100.0
}

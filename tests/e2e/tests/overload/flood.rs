//! Many send at once what the server has no room for.

use std::collections::BTreeMap;

use bytes::Bytes;
use client::arrival::Arrival;
use client::checker::Checker;
use client::connection::Connection;
use client::session::{LoginOptions, Session};
use client::{Device, SendOptions, Target};
use e2e::{Server, within};
use tokio::task::JoinSet;

use crate::{LATER, exchange};

const SENDERS: usize = 24;
/// Messages of each.
const MESSAGES: usize = 150;
const PAYLOAD_BYTES: usize = 12 * 1024;
/// What the server keeps under way: some of what one sender has to say.
const IN_FLIGHT_KIB: &str = "1025";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_send_has_an_answer_and_what_was_acknowledged_arrives() {
    let server = Server::start_set(&[("MIMC_LIMITS__IN_FLIGHT_KIB", IN_FLIGHT_KIB)]).await;
    // A busy server: as many messages, but no more at a time than it can take.
    let calm = send_all(&server, "calm", 1).await;
    let refused: usize = calm.iter().map(Answers::refused).sum();
    assert_eq!(refused, 0, "one at a time is not too much: {calm:?}");
    let busy_kib = server.rss_kib();
    server.forget_peak();

    // Every second receiver has vanished without a word.
    let mut vanished = Vec::new();
    for number in (0..SENDERS).step_by(2) {
        vanished.push(login(&server, &to("flood", number)).await);
    }
    let ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    let flood = send_all(&server, "flood", MESSAGES);
    let talk = async {
        for number in 0..20 {
            exchange(&ann, &mut ben, &format!("number {number}")).await;
        }
    };
    let (answers, ()) = tokio::join!(flood, talk);
    let refused: usize = answers.iter().map(Answers::refused).sum();
    assert!(refused > 0, "it was more than there is room for");
    let peak_kib = server.rss_kib_peak();
    assert!(
        peak_kib <= 2 * busy_kib,
        "{busy_kib} KiB when busy, {peak_kib} KiB under more"
    );

    drop(vanished);
    let mut checker = Checker::new();
    for (number, answers) in answers.iter().enumerate() {
        let (from, to) = (from("flood", number), to("flood", number));
        answers.tell(&mut checker, &from, &to);
        hear(&server, &to, answers.last(), &mut checker).await;
    }
    checker.verdict().assert_clean();
}

fn from(run: &str, number: usize) -> Device {
    Device::new(format!("{run}-from-{number}"), "desk")
}

fn to(run: &str, number: usize) -> Device {
    Device::new(format!("{run}-to-{number}"), "desk")
}

async fn login(server: &Server, device: &Device) -> Session {
    let envelope = server.rest().token(&server.app(), &device.account).await;
    let envelope = envelope.unwrap();
    let connection = Connection::open(server.gateway()).await.unwrap();
    let options = LoginOptions::default();
    let login = Session::login(connection, &envelope, &device.resource, options);
    login.await.unwrap()
}

/// What became of each message, in the order of sending: its sequence, or the code of its refusal.
#[derive(Debug)]
struct Answers(BTreeMap<usize, Result<i64, i32>>);

impl Answers {
    fn refused(&self) -> usize {
        self.0.values().filter(|answer| answer.is_err()).count()
    }

    fn last(&self) -> i64 {
        let acked = self.0.values().filter_map(|answer| answer.ok());
        acked.max().unwrap_or_default()
    }

    fn tell(&self, checker: &mut Checker, from: &Device, to: &Device) {
        for (number, answer) in &self.0 {
            let packet_id = number.to_string();
            checker.sent(from, &to.account, &packet_id, std::slice::from_ref(to));
            if let Ok(sequence) = answer {
                checker.acked(from, &packet_id, *sequence);
            }
        }
    }
}

/// All senders, each with so many messages under way; in the order of their numbers.
async fn send_all(server: &Server, run: &'static str, window: usize) -> Vec<Answers> {
    let mut sending = JoinSet::new();
    for number in 0..SENDERS {
        // Some devices of receivers are known, and get what comes later.
        drop(login(server, &to(run, number)).await);
        let session = login(server, &from(run, number)).await;
        let to = Target::from(to(run, number).account);
        sending.spawn(async move { (number, send(session, to, window).await) });
    }
    let mut all: BTreeMap<usize, Answers> = BTreeMap::new();
    while let Some(done) = within("the answers of a sender", sending.join_next()).await {
        all.extend([done.unwrap()]);
    }
    all.into_values().collect()
}

async fn send(mut session: Session, to: Target, window: usize) -> Answers {
    let payload = Bytes::from(vec![b'x'; PAYLOAD_BYTES]);
    let mut answers = BTreeMap::new();
    let mut sent = 0;
    while answers.len() < MESSAGES {
        while sent < MESSAGES && sent - answers.len() < window {
            let options = SendOptions::default();
            session.queue_message(&sent.to_string(), &to, &payload, &options);
            sent += 1;
        }
        let arrival = within("an answer to a message", session.next()).await;
        let Arrival::Ack(ack) = arrival.expect("nobody is thrown out") else {
            continue;
        };
        let outcome = ack.outcome.map(|receipt| receipt.sequence);
        let outcome = outcome.map_err(|refused| refused.code);
        if let Err(code) = outcome {
            assert!(LATER.contains(&code), "refused with {code}");
        }
        let number = ack.packet_id.parse().expect("it is one of ours");
        let again = answers.insert(number, outcome);
        assert_eq!(again, None, "a message is answered once");
    }
    Answers(answers)
}

/// Comes back and takes everything up to a sequence.
async fn hear(server: &Server, device: &Device, last: i64, checker: &mut Checker) {
    let mut session = login(server, device).await;
    let mut newest = 0;
    while newest < last {
        let arrival = within("what was acknowledged", session.next()).await;
        if let Arrival::List(list) = arrival.unwrap() {
            for message in &list.messages {
                let (from, sequence) = (&message.from, message.sequence);
                checker.delivered(device, from, &message.packet_id, sequence);
            }
            newest = list.max_sequence;
            session.queue_sequence_ack(newest);
        }
    }
}

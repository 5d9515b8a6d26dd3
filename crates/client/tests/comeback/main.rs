//! How a client behaves towards a server that misbehaves: a scripted one, over a real socket.

mod fake;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use mimc_client::backoff::Backoff;
use mimc_client::rest::Envelope;
use mimc_client::token::{TokenError, TokenSource};
use mimc_client::{
    Client, Disconnection, Event, Events, KickReason, Receipt, SendError, SendOptions,
};
use tokio::time::timeout;

use fake::{Fake, Peer};

/// After this a test has failed.
const WAIT: Duration = Duration::from_secs(10);

#[tokio::test]
async fn what_is_not_acknowledged_is_sent_again_under_the_same_id_and_in_order() {
    let (fake, client, _events, _) = started().await;
    let sendings = ["one", "two", "three"].map(|text| say(&client, text));
    let ids = sendings.each_ref().map(|one| one.packet_id().to_owned());

    let mut peer = logged_in(&fake).await;
    assert_eq!(peer.messages(3).await, ids);
    peer.acknowledge(&ids[0], 1).await;
    drop(peer);

    let mut peer = logged_in(&fake).await;
    assert_eq!(peer.messages(2).await, ids[1..]);
    peer.acknowledge(&ids[1], 2).await;
    peer.acknowledge(&ids[2], 3).await;
    for (sending, sequence) in sendings.into_iter().zip(1..) {
        let receipt = Receipt {
            sequence,
            timestamp_ms: 7,
        };
        assert_eq!(soon(sending).await, Ok(receipt));
    }
    assert_eq!(client.unacknowledged(), 0);
}

#[tokio::test]
async fn who_asks_for_it_need_not_wait_for_the_next_attempt() {
    let fake = Fake::listen().await;
    let (client, mut events) = Client::builder(fake.address(), fake::envelope("good"))
        .backoff(Backoff::new(10 * WAIT, 10 * WAIT))
        .start();
    drop(logged_in(&fake).await);
    connected(&mut events).await;
    client.reconnect_now();
    let lost = soon(events.next()).await;
    assert!(matches!(lost, Some(Event::Disconnected { retry_in, .. }) if retry_in > WAIT));
    client.reconnect_now();
    let _peer = logged_in(&fake).await;
    connected(&mut events).await;
}

#[tokio::test]
async fn a_refusal_is_a_verdict_and_401_is_none() {
    let (fake, client, _events, _) = started().await;
    let (first, second) = (say(&client, "one"), say(&client, "two"));
    let mut peer = logged_in(&fake).await;
    peer.messages(2).await;
    peer.refuse(first.packet_id(), 403).await;
    peer.refuse(second.packet_id(), 401).await;
    let Err(SendError::Refused(refused)) = soon(first).await else {
        panic!("403 is a refusal");
    };
    assert_eq!(refused.code, 403);
    drop(peer);
    let mut peer = logged_in(&fake).await;
    assert_eq!(peer.messages(1).await, [second.packet_id()]);
}

#[tokio::test]
async fn a_list_is_acknowledged_when_the_app_asks_for_what_follows_it() {
    let (fake, client, mut events, _) = started().await;
    let mut peer = logged_in(&fake).await;
    connected(&mut events).await;
    peer.deliver(&[1, 2]).await;
    assert_eq!(message(&mut events).await, 1);
    assert_eq!(message(&mut events).await, 2);
    // Nothing was acknowledged so far: what the server sees first is a message sent now.
    let marker = say(&client, "marker");
    assert_eq!(peer.messages(1).await, [marker.packet_id()]);
    events.done();
    assert_eq!(peer.sequence_ack().await, 2);
}

#[tokio::test]
async fn what_is_delivered_again_is_shown_once_and_acknowledged_again() {
    let (fake, _client, mut events, _) = started().await;
    let mut peer = logged_in(&fake).await;
    peer.deliver(&[1, 2]).await;
    for sequence in [1, 2] {
        assert_eq!(message(&mut events).await, sequence);
    }
    events.done();
    assert_eq!(peer.sequence_ack().await, 2);
    drop(peer);

    let mut peer = logged_in(&fake).await;
    peer.deliver(&[1, 2]).await;
    assert_eq!(peer.sequence_ack().await, 2);
    peer.deliver(&[3]).await;
    assert_eq!(message(&mut events).await, 3);
}

#[tokio::test]
async fn a_refused_token_is_replaced_by_a_new_one() {
    let (fake, _client, mut events, tokens) = started().await;
    for (error_type, reason) in [
        ("token-expired", "token-expired"),
        ("auto", "invalid-token"),
    ] {
        let mut peer = soon(fake.accept()).await;
        peer.refuse_login(error_type, reason).await;
        let Event::Disconnected { why, .. } = next(&mut events).await else {
            panic!("the refusal is told");
        };
        assert!(matches!(why, Disconnection::TokenRefused(_)), "{why}");
    }
    let mut peer = soon(fake.accept()).await;
    assert_eq!(peer.accept_login().await, "token-3");
    connected(&mut events).await;
    assert_eq!(tokens.asked(), [false, true, true]);
}

#[tokio::test]
async fn a_token_is_used_again_as_long_as_it_is_good() {
    let (fake, _client, mut events, tokens) = started().await;
    for _ in 0..3 {
        drop(logged_in(&fake).await);
        connected(&mut events).await;
    }
    assert_eq!(tokens.asked(), [false]);
}

#[tokio::test]
async fn a_login_that_is_forbidden_is_not_tried_again() {
    let (fake, client, mut events, _) = started().await;
    let sending = say(&client, "never");
    let mut peer = soon(fake.accept()).await;
    peer.refuse_login("cancel", "forbidden").await;
    assert!(matches!(next(&mut events).await, Event::Refused { .. }));
    assert_eq!(soon(events.next()).await, None);
    assert_eq!(soon(sending).await, Err(SendError::Ended));
}

#[tokio::test]
async fn who_was_replaced_stays_out() {
    for (reason, desc, told) in [
        ("single-resource-kick", "replaced", KickReason::Replaced),
        ("single-resource-kick", "sso", KickReason::SingleSignOn),
        ("forbidden", "banned", KickReason::Banned),
    ] {
        let (fake, _client, mut events, _) = started().await;
        let mut peer = logged_in(&fake).await;
        connected(&mut events).await;
        peer.kick(reason, desc).await;
        assert_eq!(next(&mut events).await, Event::Kicked { reason: told });
        assert_eq!(soon(events.next()).await, None);
    }
}

#[tokio::test]
async fn a_revoked_token_is_replaced_and_an_operators_kick_is_not_final() {
    let (fake, _client, mut events, tokens) = started().await;
    let mut peer = logged_in(&fake).await;
    peer.kick("kicked", "kicked").await;
    let mut peer = logged_in(&fake).await;
    peer.kick("token-expired", "revoked").await;
    let _peer = logged_in(&fake).await;
    connected(&mut events).await;
    connected(&mut events).await;
    connected(&mut events).await;
    assert_eq!(tokens.asked(), [false, true]);
}

#[tokio::test]
async fn a_kick_is_read_even_when_the_socket_takes_no_more() {
    let (fake, client, mut events, _) = started().await;
    let mut peer = logged_in(&fake).await;
    connected(&mut events).await;
    peer.kick("forbidden", "banned").await;
    drop(peer);
    let sending = say(&client, "into the void");
    let reason = KickReason::Banned;
    assert_eq!(next(&mut events).await, Event::Kicked { reason });
    assert_eq!(soon(sending).await, Err(SendError::Ended));
}

#[tokio::test]
async fn a_server_that_answers_no_ping_is_left() {
    let (fake, _client, mut events, _) = started().await;
    let _silent = logged_in(&fake).await;
    connected(&mut events).await;
    tokio::time::pause();
    let Some(Event::Disconnected { why, .. }) = events.next().await else {
        panic!("silence is noticed");
    };
    assert_eq!(why, Disconnection::Silent);
}

#[tokio::test]
async fn a_list_for_another_device_is_not_believed() {
    let (fake, _client, mut events, _) = started().await;
    let mut peer = logged_in(&fake).await;
    connected(&mut events).await;
    peer.deliver_to("elsewhere", &[1]).await;
    let Event::Disconnected { why, .. } = next(&mut events).await else {
        panic!("the breach is told");
    };
    assert!(matches!(why, Disconnection::BadServer(_)), "{why}");
}

#[tokio::test]
async fn a_logout_says_goodbye_and_is_the_end() {
    let (fake, client, mut events, _) = started().await;
    let mut peer = logged_in(&fake).await;
    connected(&mut events).await;
    let server = tokio::spawn(async move {
        let command = peer.command().await;
        peer.kick("logout", "logout").await;
        command
    });
    soon(client.logout()).await;
    assert_eq!(server.await.unwrap(), "UBND");
    assert_eq!(next(&mut events).await, Event::LoggedOut);
    assert_eq!(soon(events.next()).await, None);
}

#[tokio::test]
async fn a_logout_without_a_connection_ends_at_once() {
    let tokens = Tokens::default();
    let (client, mut events) = Client::builder("127.0.0.1:1", tokens).start();
    soon(client.logout()).await;
    while let Some(event) = soon(events.next()).await {
        assert!(!matches!(event, Event::Connected { .. }));
    }
}

#[tokio::test]
async fn a_client_that_nobody_holds_closes_its_connection() {
    let (fake, client, events, _) = started().await;
    let mut peer = logged_in(&fake).await;
    drop(client);
    drop(events);
    assert!(soon(peer.next()).await.is_none());
}

// What they share

async fn started() -> (Fake, Client, Events, Tokens) {
    let fake = Fake::listen().await;
    let tokens = Tokens::default();
    let backoff = Backoff::new(Duration::from_millis(1), Duration::from_millis(5));
    let (client, events) = Client::builder(fake.address(), tokens.clone())
        .resource("desk")
        .backoff(backoff)
        .start();
    (fake, client, events, tokens)
}

async fn logged_in(fake: &Fake) -> Peer {
    let mut peer = soon(fake.accept()).await;
    peer.accept_login().await;
    peer
}

fn say(client: &Client, text: &'static str) -> mimc_client::Sending {
    client.send("ben", text, SendOptions::default())
}

async fn connected(events: &mut Events) {
    while !matches!(next(events).await, Event::Connected { .. }) {}
}

/// The sequence of the next message.
async fn message(events: &mut Events) -> i64 {
    loop {
        if let Event::Message(message) = next(events).await {
            return message.sequence;
        }
    }
}

async fn next(events: &mut Events) -> Event {
    soon(events.next()).await.expect("an event follows")
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(WAIT, future).await.expect("it happens soon")
}

/// Gives `token-1`, `token-2` … and notes how it was asked.
#[derive(Clone, Default)]
struct Tokens {
    given: Arc<AtomicUsize>,
    asked: Arc<Mutex<Vec<bool>>>,
}

impl Tokens {
    fn asked(&self) -> Vec<bool> {
        let asked = self.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl TokenSource for Tokens {
    async fn token(&self, is_again: bool) -> Result<Envelope, TokenError> {
        let asked = self.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner).push(is_again);
        let number = self.given.fetch_add(1, Ordering::Relaxed) + 1;
        Ok(fake::envelope(&format!("token-{number}")))
    }
}

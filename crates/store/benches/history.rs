//! What reading again costs: `cargo bench -p store --bench history`.
//!
//! 2,000,000 messages of 200 bytes in 1,000 conversations, on the disk that holds the temporary
//! directory, in short segments of which each has all conversations. Pages of 50 are read that end at
//! random times: first with the files out of the system's cache, then again.

#![allow(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a program that prints a table"
)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use chat::port::{Clock, History, Messages, Span};
use model::{Callbacks, Content, Conversation, Resource, Sequence, Uuid};
use store::contract::TestClock;
use store::contract::sample::{batch, content};
use store::embedded::{Config, Embedded, open};

const MESSAGES: u64 = 2_000_000;
const CONVERSATIONS: u64 = 1_000;
const BATCH: u64 = 2_000;
/// Of time that passes between two batches: together about ten days.
const STEP_MS: u64 = 864_000;
const PAGE: usize = 50;
const PAGES: usize = 2_000;
/// The account that is in a tenth of the conversations.
const BUSY: u64 = 1;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let clock = TestClock::new();
    let start_ms = clock.now_ms();
    let started = now();
    let store = opened(dir.path(), &clock);
    for first in (0..MESSAGES).step_by(BATCH as usize) {
        let contents = (first..first + BATCH).map(message);
        let committed = store.messages.commit(batch(contents)).await;
        committed.expect("there is space");
        clock.advance(STEP_MS);
    }
    store.close().await.expect("it can be closed");
    drop(store);
    let segments = std::fs::read_dir(dir.path().join("log")).map_or(0, Iterator::count) / 2;
    println!(
        "{MESSAGES} messages written in {:.0} s, {segments} segments",
        now() - started
    );

    forget_files(dir.path());
    let started = now();
    let store = opened(dir.path(), &clock);
    println!("opened in {:.2} s\n", now() - started);
    println!("| what | p50 ms | p99 ms |\n| --- | ---: | ---: |");
    let times = start_ms..clock.now_ms();
    for what in ["a page, cold", "a page, warm"] {
        if what.ends_with("cold") {
            forget_files(dir.path());
        }
        let mut dice = 7;
        let mut spent = Vec::new();
        for _ in 0..PAGES {
            let conversation = conversation(roll(&mut dice) % CONVERSATIONS);
            let end = times.start + roll(&mut dice) % (times.end - times.start);
            let begun = now();
            let page = store
                .messages
                .newest(conversation, Span::Time(0..end), PAGE);
            assert!(page.await.expect("it can be read").len() <= PAGE);
            spent.push((now() - begun) * 1e3);
        }
        print_row(what, spent);
    }
    let mut spent = Vec::new();
    for _ in 0..100 {
        let begun = now();
        let peers = store.messages.peers(Uuid(BUSY), Sequence(0), 1_000).await;
        assert_eq!(
            peers.expect("they can be read").len() as u64,
            CONVERSATIONS / 10
        );
        spent.push((now() - begun) * 1e3);
    }
    print_row("the peers of an account with 100", spent);
    let (mut position, mut spent) = (Sequence(0), Vec::new());
    while position < store.messages.last() {
        let begun = now();
        let (_, reached) = store
            .messages
            .after(position, 500)
            .await
            .expect("it is read");
        position = reached;
        spent.push((now() - begun) * 1e3);
    }
    print_row("500 messages that want callbacks", spent);
}

fn opened(dir: &Path, clock: &Arc<TestClock>) -> Embedded {
    let config = Config {
        segment_bytes: 4 << 20,
        ..Config::default()
    };
    open(dir, Arc::<TestClock>::clone(clock), config).expect("it is empty or sound")
}

fn ends(number: u64) -> (u64, u64) {
    let one = if number.is_multiple_of(10) {
        BUSY
    } else {
        10 + number
    };
    (one, 100_000 + number)
}

fn conversation(number: u64) -> Conversation {
    let (one, other) = ends(number);
    Conversation::between(Uuid(one), Uuid(other))
}

/// A hundredth wants callbacks.
fn message(number: u64) -> Content {
    let mut mixed = number + 1;
    let (from, to) = ends(roll(&mut mixed) % CONVERSATIONS);
    let callbacks = Callbacks {
        instant: number.is_multiple_of(100),
        offline: false,
    };
    Content {
        from_resource: Resource::new("mimc_go_1a2b3c4d").expect("it is a resource"),
        packet_id: format!("aGVsbG8gd29y-{number}").into(),
        payload: vec![b'x'; 200].into(),
        callbacks,
        ..content(from, to, "")
    }
}

/// splitmix64: the same run every time.
fn roll(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Has the system drop what it keeps of these files in memory, where it can.
fn forget_files(dir: &Path) {
    for path in [dir.to_owned(), dir.join("log")] {
        for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
            let input = format!("if={}", entry.path().display());
            let mut dd = Command::new("dd");
            let dd = dd.arg(input).args(["iflag=nocache", "count=0"]);
            let _ = dd.stdout(Stdio::null()).stderr(Stdio::null()).status();
        }
    }
}

fn print_row(what: &str, mut spent_ms: Vec<f64>) {
    spent_ms.sort_by(f64::total_cmp);
    let at = |part: f64| spent_ms[((spent_ms.len() - 1) as f64 * part) as usize];
    println!("| {what} | {:.3} | {:.3} |", at(0.5), at(0.99));
}

#[expect(clippy::disallowed_methods, reason = "real time is what is measured")]
fn now() -> f64 {
    use std::sync::OnceLock;
    static START: OnceLock<std::time::Instant> = OnceLock::new();
    START
        .get_or_init(std::time::Instant::now)
        .elapsed()
        .as_secs_f64()
}

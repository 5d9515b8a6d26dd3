//! What a durable message costs the store: `cargo bench -p store`.
//!
//! One writer commits batches of 200-byte messages between random pairs of 10,000 accounts, on
//! the disk that holds the temporary directory. CPU is that of the whole process; bytes are what
//! the process gave to the disk. Segments are shorter than usual, so that writing their indexes
//! is part of both.

#![allow(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a program that prints a table"
)]

use std::path::Path;
use std::sync::Arc;

use chat::port::{Clock, Messages, PageLimit};
use model::{Content, Resource, Sequence};
use store::contract::sample::{batch, content, device, page_of};
use store::embedded::{Config, Embedded, open};

const ACCOUNTS: u64 = 10_000;
const SECONDS: f64 = 4.0;

struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now_ms(&self) -> u64 {
        let now = std::time::SystemTime::now();
        let since = now
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("| batch | messages/s | commit ms | CPU µs/message | bytes written/message |");
    println!("| ---: | ---: | ---: | ---: | ---: |");
    for size in [1, 64, 256] {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let store = opened(dir.path());
        measure(&store, size).await;
        store.close().await.expect("it can be closed");
    }
    println!();
    measure_login().await;
}

fn opened(dir: &Path) -> Embedded {
    let config = Config {
        segment_bytes: 16 << 20,
        ..Config::default()
    };
    open(dir, Arc::new(SystemClock), config).expect("it is empty")
}

/// An account with very many conversations asks for what is new in one, and then for all.
async fn measure_login() {
    const PEERS: u64 = 100_000;
    let dir = tempfile::tempdir().expect("a temporary directory");
    let store = opened(dir.path());
    for first in (0..PEERS).step_by(1000) {
        let contents = (first..first + 1000).map(|peer| content(10 + peer, 1, "x"));
        let committed = store.messages.commit(batch(contents)).await;
        committed.expect("there is space");
    }
    let (read, phone) = (store.messages.last(), device(1, "phone"));
    let news = batch([content(500, 1, "news")]);
    let committed = store.messages.commit(news).await;
    committed.expect("there is space");
    for (what, after, rounds) in [("one has news", read, 20), ("all have", Sequence(0), 3)] {
        let start = now();
        for _ in 0..rounds {
            let limit = PageLimit {
                messages: 64,
                bytes: 1 << 20,
            };
            let page = page_of(&*store.messages, &phone, after, limit).await;
            assert!(!page.messages.is_empty());
        }
        let spent_ms = (now() - start) * 1e3 / f64::from(rounds);
        println!("a page for an account with {PEERS} peers when {what}: {spent_ms:.2} ms");
    }
}

async fn measure(store: &Embedded, size: u64) {
    let (mut number, mut spent) = (0, 0.0);
    // The batches of the callers are made outside of what is measured.
    let mut batches = Vec::new();
    let (mut cpu, bytes) = (0.0, written_bytes());
    while spent < SECONDS {
        batches.extend((0..16).map(|_| {
            let contents = (0..size).map(|_| {
                number += 1;
                message(number)
            });
            batch(contents.collect::<Vec<_>>())
        }));
        let (start, cpu_start) = (now(), cpu_seconds());
        for batch in batches.drain(..) {
            store.messages.commit(batch).await.expect("there is space");
        }
        spent += now() - start;
        cpu += cpu_seconds() - cpu_start;
    }
    let messages = number as f64;
    println!(
        "| {size} | {:.0} | {:.2} | {:.1} | {:.0} |",
        messages / spent,
        spent * 1e3 * size as f64 / messages,
        cpu * 1e6 / messages,
        (written_bytes() - bytes) / messages,
    );
}

fn message(number: u64) -> Content {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (from, to) = ((mixed >> 40) % ACCOUNTS, (mixed >> 20) % ACCOUNTS);
    Content {
        from_resource: Resource::new("mimc_go_1a2b3c4d").expect("it is a resource"),
        packet_id: format!("aGVsbG8gd29y-{number}").into(),
        payload: vec![b'x'; 200].into(),
        ..content(1 + from, 1 + to, "")
    }
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

/// User and system time of the process, in ticks of 10 ms.
fn cpu_seconds() -> f64 {
    let fields = proc("self/stat");
    let after_name = fields.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

fn written_bytes() -> f64 {
    let io = proc("self/io");
    let line = io.lines().find_map(|line| line.strip_prefix("wchar: "));
    line.and_then(|bytes| bytes.parse().ok())
        .unwrap_or_default()
}

fn proc(path: &str) -> String {
    std::fs::read_to_string(Path::new("/proc").join(path)).unwrap_or_default()
}

//! Connections that never log in.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use client::connection::Connection;
use client::session::{LoginOptions, Session};
use e2e::{Server, WAIT, within};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use crate::exchange;

/// Connections that say nothing, where the system allows as many open files.
const SILENT_MAX: u64 = 15_000;
/// Files that this process has open besides.
const OTHER_FILES: u64 = 1_000;
/// Addresses that they come from: one alone has ports for fewer.
const ADDRESSES: u64 = 16;
/// Of the server's memory for each of them. A build without optimisation takes twice of what is
/// measured for one that runs: see `mimc bench idle`.
const KIB_EACH_MAX: u64 = 8;
/// The gateway's timer for a frame that is begun.
const FRAME_TIMEOUT: Duration = Duration::from_secs(30);
/// How often somebody slow has another byte.
const BYTE_EVERY: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_say_nothing_cost_little_and_are_closed() {
    let count = SILENT_MAX.min(open_files_max().saturating_sub(OTHER_FILES));
    assert!(
        count >= OTHER_FILES,
        "this system allows too few open files"
    );
    let server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    exchange(&ann, &mut ben, "before").await;
    let before_kib = server.rss_kib();

    let mut silent = Vec::new();
    for number in 0..count {
        silent.push(open(server.tcp(), number).await);
    }
    exchange(&ann, &mut ben, "among them").await;
    let taken_kib = server.rss_kib_peak().saturating_sub(before_kib);
    assert!(
        taken_kib <= count * KIB_EACH_MAX,
        "{count} connections took {taken_kib} KiB"
    );
    for mut stream in silent {
        let end = within("the end of a silent one", stream.read(&mut [0])).await;
        assert_eq!(end.unwrap_or(0), 0, "there is nothing to be said to it");
    }
    exchange(&ann, &mut ben, "after them").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_for_ever_to_say_something_is_thrown_out() {
    let server = Server::start_set(&[("MIMC_HTTP__HEADER_TIMEOUT_S", "2")]).await;
    let ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    let envelope = server.rest().token(&server.app(), "carl").await.unwrap();
    let http = server.url().replace("http://", "");
    let frame: &[u8] = &[0xc2, 0xfe, 0, 5, 0, 0, 0x03, 0xe8];
    let request = b"GET / HTTP/1.1\r\nHost: slow\r\nX-Slow: ";

    let mut slow = JoinSet::new();
    for number in 0..20 {
        slow.spawn(trickle(open(server.tcp(), number).await, frame));
        slow.spawn(trickle(open(&http, number).await, request));
        let introduced = Connection::open(server.gateway()).await.unwrap();
        slow.spawn(trickle(introduced.into_stream(), frame));
        let connection = Connection::open(server.gateway()).await.unwrap();
        let device = format!("number {number}");
        let bound = Session::login(connection, &envelope, &device, LoginOptions::default());
        slow.spawn(trickle(bound.await.unwrap().into_stream(), frame));
    }
    let mut thrown_out = 0;
    let all = async {
        while let Some(done) = slow.join_next().await {
            done.unwrap();
            thrown_out += 1;
            exchange(&ann, &mut ben, &format!("without {thrown_out}")).await;
        }
    };
    let ended = tokio::time::timeout(FRAME_TIMEOUT + WAIT, all).await;
    assert!(ended.is_ok(), "only {thrown_out} were thrown out");
}

/// Begins, and goes on by a byte at a time, until the server has had enough.
async fn trickle(stream: impl AsyncReadExt + AsyncWriteExt + Unpin, beginning: &[u8]) {
    let (mut reading, mut writing) = tokio::io::split(stream);
    let writing = async {
        let mut pace = tokio::time::interval(BYTE_EVERY);
        let mut written = writing.write_all(beginning).await;
        while written.is_ok() {
            pace.tick().await;
            written = writing.write_all(b"x").await;
        }
    };
    // Where HTTP ends, a sentence may come before the end.
    let reading = async { while let Ok(1..) = reading.read(&mut [0; 64]).await {} };
    tokio::select! {
        () = writing => {}
        () = reading => {}
    }
}

/// From one address of this machine after the other.
async fn open(to: &str, number: u64) -> TcpStream {
    let last = u8::try_from(2 + number % ADDRESSES).expect("a few addresses");
    let socket = TcpSocket::new_v4().unwrap();
    let from = Ipv4Addr::new(127, 0, 0, last);
    socket.bind(SocketAddr::from((from, 0))).unwrap();
    let to = to.parse().expect("an address and a port");
    within("a connection", socket.connect(to)).await.unwrap()
}

/// After as many as the system allows are allowed.
fn open_files_max() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised).expect("up to the maximum it may be raised");
    limit.maximum.unwrap_or(u64::MAX)
}

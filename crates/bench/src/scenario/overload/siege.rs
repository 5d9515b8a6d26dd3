//! Clients that behave badly, until they are told to stop. Who is thrown out comes again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use client::Stream;
use client::connection::Connection;
use client::session::Session;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::crowd;
use crate::target::{Target, Transport};

/// How often a byte comes from who is slow.
const BYTE_EVERY: Duration = Duration::from_secs(1);
/// How long who could not come waits.
const RETRY_AFTER: Duration = Duration::from_millis(500);
/// The beginning of a V6 frame whose body has 1,000 bytes.
const FRAME: &[u8] = &[0xc2, 0xfe, 0, 5, 0, 0, 0x03, 0xe8];
/// The beginning of a request.
const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: slow\r\nX-Slow: ";

/// How a connection without a login is misused.
#[derive(Clone, Copy, Debug)]
enum Misuse {
    /// It says nothing.
    Silent,
    /// It says CONN, and then nothing.
    Introduced,
    /// A frame is begun, and goes on a byte at a time.
    Frame,
    /// So is the head of a request.
    Request,
}

/// All of them.
pub(super) struct Siege {
    tasks: JoinSet<()>,
    thrown_out: Arc<AtomicU64>,
}

impl Siege {
    /// Returns when all are there.
    pub(super) async fn lay(
        target: &Arc<Target>,
        idle: u32,
        slowloris: u32,
    ) -> anyhow::Result<Self> {
        let turns = |kinds: [Misuse; 2], count: u32| kinds.into_iter().cycle().take(count as usize);
        let idle = turns([Misuse::Silent, Misuse::Introduced], idle);
        let slow = turns([Misuse::Frame, Misuse::Request], slowloris);
        let misuses: Vec<_> = idle.chain(slow).collect();
        let opened = crowd::each("bad clients", misuses, |misuse| {
            let target = Arc::clone(target);
            async move { Ok((misuse, misuse.open(&target).await?)) }
        });
        let mut siege = Self {
            tasks: JoinSet::new(),
            thrown_out: Arc::default(),
        };
        for (misuse, stream) in opened.await? {
            let (target, thrown_out) = (Arc::clone(target), Arc::clone(&siege.thrown_out));
            let staying = misuse.stay(target, stream, thrown_out);
            siege.tasks.spawn(staying);
        }
        Ok(siege)
    }

    /// A device that neither reads nor says anything any more.
    pub(super) fn vanish(&mut self, session: Session) {
        let stream = session.into_stream();
        self.tasks.spawn(async move {
            std::future::pending::<()>().await;
            drop(stream);
        });
    }

    /// A device that reads a byte at a time and says nothing.
    pub(super) fn read_slowly(&mut self, session: Session) {
        let mut stream = session.into_stream();
        self.tasks.spawn(async move {
            while let Ok(1..) = stream.read(&mut [0]).await {
                sleep(BYTE_EVERY).await;
            }
        });
    }

    /// Ends all connections; how many were thrown out before.
    pub(super) async fn end(mut self) -> u64 {
        self.tasks.shutdown().await;
        self.thrown_out.load(Ordering::Relaxed)
    }
}

impl Misuse {
    async fn open(self, target: &Target) -> anyhow::Result<Stream> {
        let transport = match self {
            Self::Silent | Self::Introduced | Self::Frame => Transport::Tcp,
            Self::Request => Transport::Websocket,
        };
        let stream = target.bare(transport).await?;
        Ok(match self {
            Self::Introduced => Connection::over(stream).await?.into_stream(),
            Self::Silent | Self::Frame | Self::Request => stream,
        })
    }

    async fn stay(self, target: Arc<Target>, first: Stream, thrown_out: Arc<AtomicU64>) {
        let mut stream = Some(first);
        loop {
            let Some(open) = stream.take() else {
                sleep(RETRY_AFTER).await;
                stream = self.open(&target).await.ok();
                continue;
            };
            self.misuse(open).await;
            thrown_out.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Until the server has had enough of it.
    async fn misuse(self, mut stream: Stream) {
        match self {
            Self::Silent | Self::Introduced => {
                let _ = stream.read(&mut [0]).await;
            }
            Self::Frame => trickle(stream, FRAME).await,
            Self::Request => trickle(stream, REQUEST).await,
        }
    }
}

async fn trickle(mut stream: Stream, beginning: &[u8]) {
    let mut written = stream.write_all(beginning).await;
    while written.is_ok() {
        sleep(BYTE_EVERY).await;
        written = stream.write_all(b"x").await;
    }
}

//! A process that relays: the same frames between the same number of sockets, without looking beyond
//! their length and without keeping anything.
//!
//! ```text
//! u32 length of the rest | whatever it is
//! ```
//!
//! Connections are paired in the order in which they come: what comes on one goes out on the other.

use std::path::Path;
use std::process::Stdio;

use anyhow::Context as _;
use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, ChildStdin, Command};

use crate::process::{self, Usage};
use crate::watch::Subject;

/// The word after `bench` that starts it.
pub(crate) const VERB: &str = "relay";
/// Bytes before a frame.
pub(crate) const LENGTH_BYTES: usize = 4;
/// A longer frame ends its connection.
const FRAME_BYTES_MAX: usize = 128 * 1024;
const READ_BYTES: usize = 8 * 1024;

/// The process, which ends when this is dropped.
pub(crate) struct Relay {
    process: Child,
    /// It reads this, and ends with it, however we end.
    _stdin: ChildStdin,
    address: String,
}

impl Relay {
    /// Starts it with this binary.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let binary = std::env::current_exe().context("cannot find this binary")?;
        Self::start_with(&binary).await
    }

    async fn start_with(binary: &Path) -> anyhow::Result<Self> {
        let mut process = Command::new(binary)
            .args(["bench", VERB])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let stdin = process.stdin.take().context("stdin is a pipe")?;
        let stdout = process.stdout.take().context("stdout is a pipe")?;
        let mut address = String::new();
        BufReader::new(stdout).read_line(&mut address).await?;
        Ok(Self {
            process,
            _stdin: stdin,
            address: address.trim().to_owned(),
        })
    }

    /// Two connections that are paired. Not to be called by two at a time.
    pub(crate) async fn pair(&self) -> anyhow::Result<[TcpStream; 2]> {
        let one = TcpStream::connect(&self.address).await?;
        let other = TcpStream::connect(&self.address).await?;
        one.set_nodelay(true)?;
        other.set_nodelay(true)?;
        Ok([one, other])
    }
}

impl Subject for Relay {
    async fn usage(&self) -> anyhow::Result<Usage> {
        process::usage(self.process.id().unwrap_or_default())
    }
}

/// Relays until stdin ends.
pub(crate) async fn run() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut stdout = tokio::io::stdout();
    let address = format!("{}\n", listener.local_addr()?);
    stdout.write_all(address.as_bytes()).await?;
    stdout.flush().await?;
    let (mut stdin, mut nowhere) = (tokio::io::stdin(), tokio::io::sink());
    tokio::select! {
        done = relay(listener) => done,
        read = tokio::io::copy(&mut stdin, &mut nowhere) => Ok(read.map(drop)?),
    }
}

async fn relay(listener: TcpListener) -> anyhow::Result<()> {
    loop {
        let (one, _) = listener.accept().await?;
        let (other, _) = listener.accept().await?;
        one.set_nodelay(true)?;
        other.set_nodelay(true)?;
        let (from_one, to_one) = one.into_split();
        let (from_other, to_other) = other.into_split();
        tokio::spawn(hand_over(from_one, to_other));
        tokio::spawn(hand_over(from_other, to_one));
    }
}

/// Whole frames, those of one read in one write, until either end is gone.
async fn hand_over(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) -> std::io::Result<()> {
    let mut buffer = BytesMut::new();
    loop {
        buffer.reserve(READ_BYTES);
        if from.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
        let Some(whole) = whole_frames(&buffer) else {
            return Ok(());
        };
        to.write_all(&buffer[..whole]).await?;
        buffer.advance(whole);
    }
}

/// Bytes of the whole frames at the beginning; `None` when one is too long.
fn whole_frames(bytes: &[u8]) -> Option<usize> {
    let mut whole = 0;
    while let Some(length) = bytes[whole..].first_chunk::<LENGTH_BYTES>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        if length > FRAME_BYTES_MAX {
            return None;
        }
        let end = whole + LENGTH_BYTES + length;
        if end > bytes.len() {
            break;
        }
        whole = end;
    }
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_frames_are_found_wherever_the_bytes_are_cut() {
        let two = [0, 0, 0, 2, 7, 7, 0, 0, 0, 1, 7];
        for cut in 0..=two.len() {
            let expected = match cut {
                0..6 => 0,
                6..11 => 6,
                _ => 11,
            };
            assert_eq!(whole_frames(&two[..cut]), Some(expected), "{cut}");
        }
        assert_eq!(whole_frames(&[1, 0, 0, 0]), None);
    }

    #[tokio::test]
    async fn what_comes_on_one_goes_out_on_the_other() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let relaying = tokio::spawn(relay(listener));
        let mut one = TcpStream::connect(address).await.unwrap();
        let mut other = TcpStream::connect(address).await.unwrap();
        one.write_all(&[0, 0, 0, 1, 9]).await.unwrap();
        other.write_all(&[0, 0, 0, 1, 8]).await.unwrap();
        let mut got = [0; 5];
        other.read_exact(&mut got).await.unwrap();
        assert_eq!(got, [0, 0, 0, 1, 9]);
        one.read_exact(&mut got).await.unwrap();
        assert_eq!(got, [0, 0, 0, 1, 8]);
        relaying.abort();
    }
}

//! One connection: two ways of bytes, each with its delays.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use super::Break;
use crate::dice::Dice;

/// Whose end it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Client = 0,
    Server = 1,
}

impl Side {
    fn other(self) -> usize {
        1 - self as usize
    }
}

/// What a connection is like.
pub(super) struct Quality {
    delay_ms: (u64, u64),
    /// Room for bytes on their way, in each direction.
    room: usize,
    /// Bytes are read in pieces of at most so many.
    piece: usize,
    /// It breaks after so many bytes in one direction.
    breaks: Option<(Side, usize, Break)>,
    /// It pauses after so many bytes of both, for so long.
    stalls: Option<(usize, Duration)>,
}

impl Quality {
    pub(super) fn roll(dice: &mut Dice, is_bad: bool) -> Self {
        let delay_ms = *dice.pick(&[(0, 2), (1, 40), (20, 300)]);
        let room = *dice.pick(&[600, 4_096, 65_536]);
        let piece = *dice.pick(&[7, 300, 16_384, 16_384]);
        let (mut breaks, mut stalls) = (None, None);
        if is_bad {
            let side = *dice.pick(&[Side::Client, Side::Server]);
            let how = *dice.pick(&[
                Break::Reset,
                Break::Silence,
                Break::HalfOpen(Side::Client),
                Break::HalfOpen(Side::Server),
            ]);
            let bytes = dice.pick(&[300, 2_000, 20_000]);
            breaks = Some((side, dice.index(*bytes), how));
            if dice.one_in(3) {
                stalls = Some((dice.index(3_000), dice.ms(500, 20_000)));
            }
        }
        Self {
            delay_ms,
            room,
            piece,
            breaks,
            stalls,
        }
    }
}

/// See the module.
pub(super) struct Line(Mutex<State>);

struct State {
    quality: Quality,
    dice: Dice,
    /// By the side that writes.
    ways: [Way; 2],
    written: usize,
}

/// What a reader finds behind the last byte.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum WayEnd {
    /// Nothing yet.
    #[default]
    Open,
    /// The writer closed.
    Finished,
    /// It broke, and that comes before everything that was on its way.
    Reset,
}

#[derive(Default)]
struct Way {
    chunks: VecDeque<(Instant, VecDeque<u8>)>,
    bytes: usize,
    due: Option<Instant>,
    written: usize,
    end: WayEnd,
    /// Nobody reads any more: the writer is told.
    is_unread: bool,
    /// What is written vanishes, and nobody is told.
    is_black: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl Way {
    fn wake(&mut self) {
        let wakers = self.reader.take().into_iter().chain(self.writer.take());
        wakers.for_each(Waker::wake);
    }

    fn lose(&mut self) {
        self.chunks.clear();
        self.bytes = 0;
    }

    fn reset(&mut self) {
        self.lose();
        self.end = WayEnd::Reset;
        self.is_unread = true;
        self.wake();
    }

    fn go_black(&mut self) {
        self.lose();
        self.is_black = true;
        self.wake();
    }
}

impl State {
    fn break_off(&mut self, how: Break) {
        match how {
            Break::Reset => self.ways.iter_mut().for_each(Way::reset),
            Break::Silence => self.ways.iter_mut().for_each(Way::go_black),
            Break::HalfOpen(told) => {
                // Neither direction carries anything, but only one end is told: what it reads is a
                // reset, and so is what it writes. The other end writes into nothing.
                for way in &mut self.ways {
                    way.go_black();
                }
                let reads = &mut self.ways[told.other()];
                reads.end = WayEnd::Reset;
                reads.wake();
                let writes = &mut self.ways[told as usize];
                writes.is_unread = true;
                writes.wake();
            }
        }
    }
}

impl Line {
    pub(super) fn new(quality: Quality, dice: Dice) -> Arc<Self> {
        Arc::new(Self(Mutex::new(State {
            quality,
            dice,
            ways: [Way::default(), Way::default()],
            written: 0,
        })))
    }

    pub(super) fn break_off(&self, how: Break) {
        self.0.lock().break_off(how);
    }

    /// The server's process is gone: its end of no more use to it. Whether the client is told, and
    /// whether what was sent before still comes to it.
    pub(super) fn lose_server(&self, is_told: bool, keeps_sent: bool) {
        let mut state = self.0.lock();
        let [to_server, to_client] = &mut state.ways;
        to_server.lose();
        to_server.end = WayEnd::Reset;
        to_client.is_unread = true;
        if is_told {
            to_server.is_unread = true;
            if keeps_sent {
                to_client.end = WayEnd::Finished;
            } else {
                to_client.reset();
            }
        } else {
            to_server.is_black = true;
            to_client.go_black();
        }
        to_server.wake();
        to_client.wake();
    }
}

/// One end of a connection. Dropping it closes it.
pub(crate) struct End {
    line: Arc<Line>,
    side: Side,
    /// Until the next bytes are there.
    arrival: Option<Pin<Box<Sleep>>>,
}

impl End {
    pub(super) fn new(line: Arc<Line>, side: Side) -> Self {
        Self {
            line,
            side,
            arrival: None,
        }
    }

    fn finish(&self) {
        let mut state = self.line.0.lock();
        let way = &mut state.ways[self.side as usize];
        if way.end == WayEnd::Open {
            way.end = WayEnd::Finished;
        }
        way.wake();
    }
}

impl AsyncRead for End {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let line = Arc::clone(&self.line);
        let mut state = line.0.lock();
        let State {
            quality,
            dice,
            ways,
            ..
        } = &mut *state;
        let way = &mut ways[self.side.other()];
        if way.end == WayEnd::Reset {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        let Some((due, chunk)) = way.chunks.front_mut() else {
            if way.end == WayEnd::Finished && !way.is_black {
                return Poll::Ready(Ok(()));
            }
            way.reader = Some(context.waker().clone());
            return Poll::Pending;
        };
        let due = *due;
        if due > Instant::now() {
            way.reader = Some(context.waker().clone());
            let arrival = self
                .arrival
                .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(due)));
            if arrival.deadline() != due {
                arrival.as_mut().reset(due);
            }
            if arrival.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
        }
        let room = chunk.len().min(into.remaining()).min(quality.piece).max(1);
        let count = 1 + dice.index(room);
        let count = if dice.one_in(2) { room } else { count };
        for byte in chunk.drain(..count.min(chunk.len())) {
            into.put_slice(&[byte]);
            way.bytes -= 1;
        }
        if chunk.is_empty() {
            way.chunks.pop_front();
        }
        if let Some(writer) = way.writer.take() {
            writer.wake();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for End {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut state = self.line.0.lock();
        let State {
            quality,
            dice,
            ways,
            written,
        } = &mut *state;
        let way = &mut ways[self.side as usize];
        if way.is_unread || way.end != WayEnd::Open {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let room = quality.room.saturating_sub(way.bytes).min(bytes.len());
        if room == 0 {
            way.writer = Some(context.waker().clone());
            return Poll::Pending;
        }
        let count = if dice.one_in(3) {
            1 + dice.index(room)
        } else {
            room
        };
        way.bytes += count;
        if way.is_black {
            return Poll::Ready(Ok(count));
        }
        let (low, high) = quality.delay_ms;
        let mut due = Instant::now() + dice.ms(low, high);
        if let Some((after, pause)) = quality.stalls
            && *written >= after
        {
            due += pause;
            quality.stalls = None;
        }
        due = way.due.map_or(due, |before| before.max(due));
        way.due = Some(due);
        way.written += count;
        *written += count;
        way.chunks
            .push_back((due, bytes[..count].iter().copied().collect()));
        if let Some(reader) = way.reader.take() {
            reader.wake();
        }
        let is_broken = quality
            .breaks
            .filter(|(side, after, _)| *side == self.side && way.written > *after);
        if let Some((_, _, how)) = is_broken {
            state.quality.breaks = None;
            state.break_off(how);
        }
        Poll::Ready(Ok(count))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.finish();
        Poll::Ready(Ok(()))
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.finish();
        let mut state = self.line.0.lock();
        let reads = &mut state.ways[self.side.other()];
        reads.lose();
        reads.is_unread = true;
        reads.wake();
    }
}

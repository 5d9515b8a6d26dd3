//! The network between the devices and the server: connections that delay, split, stall and break.
//!
//! A connection is what TCP makes of a lossy line: bytes arrive in order and once, late, in pieces
//! that end anywhere, until it breaks; then everything after some byte is lost, and each end may or
//! may not be told. What is sent twice is sent by a client that did not hear the answer.

mod line;

use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;

use crate::dice::Dice;
use crate::life::Death;
pub(crate) use line::{End, Side};
use line::{Line, Quality};

/// All connections of a run.
pub(crate) struct Network {
    state: Mutex<State>,
}

struct State {
    dice: Dice,
    lines: Vec<Weak<Line>>,
    /// One new connection in so many is a bad one.
    bad_one_in: Option<u64>,
    /// Nobody gets through for now.
    is_down: bool,
}

/// How a connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// Both ends are told.
    Reset,
    /// Only this end is told; for the other one it is silence.
    HalfOpen(Side),
    /// Nobody is told.
    Silence,
}

impl Network {
    pub(crate) fn new(dice: Dice) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                dice,
                lines: Vec::new(),
                bad_one_in: None,
                is_down: false,
            }),
        })
    }

    /// Two ends of a new connection: the client's and the server's. None when the network is down.
    pub(crate) fn connect(&self) -> Option<(End, End)> {
        let mut state = self.state.lock();
        if state.is_down {
            return None;
        }
        let bad_one_in = state.bad_one_in;
        let is_bad = bad_one_in.is_some_and(|times| state.dice.one_in(times));
        let quality = Quality::roll(&mut state.dice, is_bad);
        let dice = Dice::of(state.dice.next(), "line");
        let line = Line::new(quality, dice);
        state.lines.retain(|line| line.strong_count() > 0);
        state.lines.push(Arc::downgrade(&line));
        Some((
            End::new(Arc::clone(&line), Side::Client),
            End::new(line, Side::Server),
        ))
    }

    /// How long it takes until a connection is there.
    pub(crate) fn connect_time(&self) -> Duration {
        self.state.lock().dice.ms(0, 60)
    }

    /// From now on one new connection in so many is a bad one, or none.
    pub(crate) fn degrade(&self, bad_one_in: Option<u64>) {
        self.state.lock().bad_one_in = bad_one_in;
    }

    /// Whether anybody gets through.
    pub(crate) fn set_down(&self, is_down: bool) {
        self.state.lock().is_down = is_down;
    }

    /// Breaks one open connection, or all of them.
    pub(crate) fn break_some(&self, how: Break, is_all: bool) {
        let mut state = self.state.lock();
        let open: Vec<_> = state.lines.iter().filter_map(Weak::upgrade).collect();
        if open.is_empty() {
            return;
        }
        let one = state.dice.index(open.len());
        drop(state);
        for (number, line) in open.iter().enumerate() {
            if is_all || number == one {
                line.break_off(how);
            }
        }
    }

    /// The server's process is gone; clients see it as the way it went lets them.
    pub(crate) fn server_died(&self, death: Death) {
        let mut state = self.state.lock();
        let open: Vec<_> = state.lines.iter().filter_map(Weak::upgrade).collect();
        let (is_told, keeps_sent) = match death {
            Death::Killed => (true, state.dice.one_in(2)),
            // The peers of a machine without power learn of it when it is back, or never.
            Death::PowerLost => (state.dice.one_in(2), false),
            Death::Stopped => (true, true),
        };
        drop(state);
        for line in open {
            line.lose_server(is_told, keeps_sent);
        }
    }
}

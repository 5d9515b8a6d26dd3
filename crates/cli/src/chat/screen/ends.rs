//! When to leave without being asked by a key: the system wants it, or the terminal is gone.

use std::io::{self, stdin};

use rustix::event::{PollFd, PollFlags, poll};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

pub(super) struct Ends {
    terminated: Signal,
    hung_up: Signal,
    closed: oneshot::Receiver<()>,
}

impl Ends {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            terminated: signal(SignalKind::terminate())?,
            hung_up: signal(SignalKind::hangup())?,
            closed: closed_terminal(),
        })
    }

    /// Waits for one of them. May be dropped and called again, until one has come.
    pub(super) async fn come(&mut self) {
        tokio::select! {
            _ = self.terminated.recv() => {}
            _ = self.hung_up.recv() => {}
            _ = &mut self.closed => {}
        }
    }
}

/// Tells that the other end of the terminal was closed. Those who read the keys are not told, and
/// no signal comes when the terminal is not the session's own. A thread, because nothing can call
/// back the waiting.
fn closed_terminal() -> oneshot::Receiver<()> {
    let (to, closed) = oneshot::channel();
    std::thread::spawn(move || {
        let terminal = stdin();
        // Nothing is asked for: a hang-up is told always, and keys are for others.
        let mut watched = [PollFd::new(&terminal, PollFlags::empty())];
        while let Err(rustix::io::Errno::INTR) = poll(&mut watched, None) {}
        // Who has left already does not want to know.
        let _ = to.send(());
    });
    closed
}

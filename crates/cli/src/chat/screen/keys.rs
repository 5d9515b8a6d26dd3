//! Keys, in a thread of their own. What reads them never returns once the terminal is gone, so that
//! nothing else may depend on it.

use std::io;

use crossterm::event::{Event, read};
use tokio::sync::mpsc;

/// Keys read ahead of what they do; a paste is one.
const KEYS_MAX: usize = 64;

/// Keys, pastes and changes of the size. Closed after an error.
pub(super) fn of_terminal() -> mpsc::Receiver<io::Result<Event>> {
    let (to, keys) = mpsc::channel(KEYS_MAX);
    std::thread::spawn(move || {
        loop {
            let key = read();
            let is_end = key.is_err();
            if to.blocking_send(key).is_err() || is_end {
                return;
            }
        }
    });
    keys
}

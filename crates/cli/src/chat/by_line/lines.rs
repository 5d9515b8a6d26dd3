//! Lines typed, in a thread of their own: nothing can call back a read from a terminal, and a task
//! that waits in one would keep the program from ending.

use std::io::BufRead;

use tokio::sync::mpsc;

/// Lines read ahead of the conversation.
const LINES_MAX: usize = 16;

/// Closed at the end of the input. A line that is no text ends it too.
pub(super) fn of_stdin() -> mpsc::Receiver<String> {
    let (to, lines) = mpsc::channel(LINES_MAX);
    std::thread::spawn(move || {
        let all = std::io::stdin().lock().lines();
        for line in all.map_while(Result::ok) {
            if to.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

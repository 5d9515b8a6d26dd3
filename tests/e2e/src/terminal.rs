//! Somebody at a terminal: a verb on a pseudo-terminal, keys for it, and what its screen shows.

use std::num::NonZeroU16;
use std::process::ExitStatus;

use pty_process::{Pty, Size};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use vt100::{Parser, Screen};

use crate::within;

/// Runs a verb and then tells how it ended and in what state it has left the terminal.
const SCRIPT: &str = r#""$@"; echo "exit code $?"; stty -a"#;
/// The same where a terminal that closes is told to nobody.
const SCRIPT_WITHOUT_SIGNALS: &str = r#"trap '' HUP; setsid --wait "$@""#;
/// Eight hours before the clock of the world, as in Beijing.
const TIME_ZONE: &str = "CST-8";
/// Bytes that are read at once.
const READ_BYTES: usize = 4 * 1024;

/// A terminal with a program. Dropping it hangs up.
pub struct Terminal {
    pty: Pty,
    screen: Parser,
    program: Child,
}

impl Terminal {
    pub(crate) fn start(verb: &Command, columns: u16, rows: u16) -> Self {
        Self::run(SCRIPT, verb, columns, rows)
    }

    /// Neither shell nor verb get a signal of the terminal.
    pub(crate) fn start_without_signals(verb: &Command, columns: u16, rows: u16) -> Self {
        Self::run(SCRIPT_WITHOUT_SIGNALS, verb, columns, rows)
    }

    fn run(script: &str, verb: &Command, columns: u16, rows: u16) -> Self {
        let (pty, pts) = pty_process::open().expect("there are pseudo-terminals");
        let size = Size::new(rows, columns);
        pty.resize(size).expect("a terminal has a size");
        let verb = verb.as_std();
        let mut shell = Command::new("sh");
        shell
            .args(["-c", script, "sh"])
            .arg(verb.get_program())
            .args(verb.get_args())
            .env("TERM", "xterm-256color")
            .env("TZ", TIME_ZONE);
        for (name, value) in verb.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        let shell = pty_process::Command::from(shell).kill_on_drop(true);
        Self {
            pty,
            screen: Parser::new(lines(rows), lines(columns), 0),
            program: shell.spawn(pts).expect("there is a shell"),
        }
    }

    /// What is on the screen now.
    pub fn screen(&self) -> &Screen {
        self.screen.screen()
    }

    /// Presses keys, as the bytes that a terminal makes of them.
    ///
    /// # Panics
    ///
    /// When nobody reads them.
    pub async fn press(&mut self, keys: &str) {
        let written = self.pty.write_all(keys.as_bytes()).await;
        written.expect("the program reads its keys");
    }

    /// Writes a line.
    ///
    /// # Panics
    ///
    /// When nobody reads it.
    pub async fn write(&mut self, line: &str) {
        self.press(&format!("{line}\r")).await;
    }

    /// Waits until this is on the screen.
    ///
    /// # Panics
    ///
    /// When it does not come.
    pub async fn shows(&mut self, text: &str) {
        self.until(text, |screen| screen.contents().contains(text))
            .await;
    }

    /// Waits until this is no longer on the screen.
    ///
    /// # Panics
    ///
    /// When it stays.
    pub async fn shows_no(&mut self, text: &str) {
        let what = format!("no {text}");
        self.until(&what, |screen| !screen.contents().contains(text))
            .await;
    }

    /// Waits until the screen is as wanted.
    ///
    /// # Panics
    ///
    /// When it does not become so, with what is on it.
    pub async fn until(&mut self, what: &str, wanted: impl Fn(&Screen) -> bool) {
        let looking = async {
            while !wanted(self.screen.screen()) {
                if !self.read().await {
                    return false;
                }
            }
            true
        };
        let is_seen = tokio::time::timeout(crate::WAIT, looking).await == Ok(true);
        assert!(
            is_seen,
            "{what}: not on the screen\n{}",
            self.screen().contents()
        );
    }

    /// Gives the terminal another size.
    ///
    /// # Panics
    ///
    /// When the system does not want it.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = Size::new(rows, columns);
        self.pty.resize(size).expect("a terminal has a size");
        let screen = self.screen.screen_mut();
        screen.set_size(lines(rows), lines(columns));
    }

    /// Closes the terminal, and waits for the end of the program.
    ///
    /// # Panics
    ///
    /// When it stays.
    pub async fn hang_up(self) {
        let Self {
            pty, mut program, ..
        } = self;
        drop(pty);
        let ended = within("the end without a terminal", program.wait()).await;
        ended.expect("a child can be waited for");
    }

    /// Waits for the end of the program, and checks that the terminal is as it was before.
    ///
    /// # Panics
    ///
    /// When it does not end with this code, or has left traces.
    pub async fn ends_with(mut self, code: u8) {
        let end = async { while self.read().await {} };
        within("the end of the program", end).await;
        let ended: std::io::Result<ExitStatus> = within("the shell", self.program.wait()).await;
        assert!(ended.expect("a child can be waited for").success());
        let screen = self.screen.screen();
        let text = screen.contents();
        assert!(text.contains(&format!("exit code {code}\n")), "{text}");
        assert!(
            text.contains(" icanon ") && text.contains(" echo "),
            "{text}"
        );
        assert!(!screen.alternate_screen(), "{text}");
        assert!(!screen.hide_cursor(), "{text}");
        assert!(!screen.bracketed_paste(), "{text}");
    }

    /// Reads what the program has written; `false` at its end, which is an error on some systems.
    async fn read(&mut self) -> bool {
        let mut bytes = [0; READ_BYTES];
        match self.pty.read(&mut bytes).await {
            Ok(0) | Err(_) => false,
            Ok(count) => {
                self.screen.process(&bytes[..count]);
                true
            }
        }
    }
}

fn lines(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has rows and columns")
}

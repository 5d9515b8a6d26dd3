//! The terminal: taken over, drawn on, and given back as it was, also after a panic.

use std::io::{self, BufWriter, Stdout, Write, stdout};
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::{
    Attribute, Attributes, Color, ContentStyle, PrintStyledContent, StyledContent,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, DisableLineWrap, EnableLineWrap,
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode, size,
};
use crossterm::{execute, queue};

use super::view::Frame;
use super::view::text::{Line, Look, Span};

/// Whether it is ours. A panic, in whatever task, gives it back.
static IS_TAKEN: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// Names are told apart by these.
const NAME_COLORS: [Color; super::view::text::NAME_LOOKS as usize] = [
    Color::Cyan,
    Color::Magenta,
    Color::Yellow,
    Color::Green,
    Color::Blue,
];

/// Ours from [`take`](Self::take) to its drop.
pub(crate) struct Terminal {
    out: BufWriter<Stdout>,
    /// What is on it; `None` when that is not known.
    shown: Option<Frame>,
}

impl Terminal {
    pub(crate) fn take() -> io::Result<Self> {
        HOOK.call_once(|| {
            let print = panic::take_hook();
            panic::set_hook(Box::new(move |panic| {
                // First, so that what is printed then can be seen.
                give_back();
                print(panic);
            }));
        });
        enable_raw_mode()?;
        IS_TAKEN.store(true, Ordering::SeqCst);
        let mut terminal = Self {
            out: BufWriter::new(stdout()),
            shown: None,
        };
        execute!(
            terminal.out,
            EnterAlternateScreen,
            EnableBracketedPaste,
            // A character that is wider here than we believe must not begin a new row.
            DisableLineWrap,
        )?;
        Ok(terminal)
    }

    /// Columns and rows.
    pub(crate) fn size() -> io::Result<(usize, usize)> {
        let (columns, rows) = size()?;
        Ok((columns.into(), rows.into()))
    }

    /// The next frame is drawn from scratch.
    pub(crate) fn forget(&mut self) {
        self.shown = None;
    }

    /// Draws the rows that have changed. An error once the terminal is no longer ours.
    pub(crate) fn draw(&mut self, frame: Frame) -> io::Result<()> {
        if !IS_TAKEN.load(Ordering::SeqCst) {
            return Err(io::Error::other("something went wrong; see above"));
        }
        if self.shown.as_ref() == Some(&frame) {
            return Ok(());
        }
        queue!(self.out, BeginSynchronizedUpdate, Hide)?;
        let old = self.shown.take().unwrap_or_default();
        if old.lines.len() != frame.lines.len() {
            queue!(self.out, Clear(ClearType::All))?;
        }
        for (row, line) in frame.lines.iter().enumerate() {
            let is_same = old.lines.len() == frame.lines.len() && old.lines.get(row) == Some(line);
            if !is_same {
                self.draw_line(row, line)?;
            }
        }
        let (column, row) = frame.cursor;
        queue!(self.out, move_to(column, row), Show, EndSynchronizedUpdate)?;
        self.out.flush()?;
        self.shown = Some(frame);
        Ok(())
    }

    fn draw_line(&mut self, row: usize, line: &Line) -> io::Result<()> {
        // Before and not after: behind the last column there is nothing to clear but that column.
        queue!(self.out, move_to(0, row), Clear(ClearType::CurrentLine))?;
        for span in line.spans() {
            queue!(self.out, PrintStyledContent(styled(span)))?;
        }
        Ok(())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

/// As it was before, once. A terminal that is gone cannot be helped.
fn give_back() {
    if IS_TAKEN.swap(false, Ordering::SeqCst) {
        let _ = execute!(
            stdout(),
            EndSynchronizedUpdate,
            EnableLineWrap,
            DisableBracketedPaste,
            LeaveAlternateScreen,
            Show,
        );
        let _ = disable_raw_mode();
    }
}

fn move_to(column: usize, row: usize) -> MoveTo {
    let at = |place| u16::try_from(place).unwrap_or(u16::MAX);
    MoveTo(at(column), at(row))
}

fn styled(span: &Span) -> StyledContent<&str> {
    StyledContent::new(style(span.look), span.text())
}

/// The sixteen colours that every terminal has, as its owner likes them; none with `NO_COLOR`.
fn style(look: Look) -> ContentStyle {
    let attribute = |attribute: Attribute| ContentStyle {
        attributes: Attributes::from(attribute),
        ..ContentStyle::default()
    };
    let color = |color| ContentStyle {
        foreground_color: Some(color),
        ..ContentStyle::default()
    };
    match look {
        Look::Plain => ContentStyle::default(),
        Look::Faint => attribute(Attribute::Dim),
        Look::Strong | Look::Mine => attribute(Attribute::Bold),
        Look::Bar => attribute(Attribute::Reverse),
        Look::Good => color(Color::Green),
        Look::Warning => color(Color::Yellow),
        Look::Bad => color(Color::Red),
        Look::Name(nth) => color(NAME_COLORS[usize::from(nth) % NAME_COLORS.len()]),
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;

    use pty_process::{Command, Size};
    use tokio::io::AsyncReadExt;

    use super::*;

    const ROWS: NonZeroU16 = NonZeroU16::new(50).unwrap();
    const COLUMNS: NonZeroU16 = NonZeroU16::new(100).unwrap();
    /// Runs the test below in a terminal of its own, and then looks at the terminal.
    const SCRIPT: &str = r#""$@"; stty -a"#;

    #[tokio::test]
    async fn a_panic_leaves_the_terminal_as_it_was() {
        let (mut pty, pts) = pty_process::open().unwrap();
        pty.resize(Size::new(ROWS.get(), COLUMNS.get())).unwrap();
        let name = "chat::screen::terminal::tests::a_panic_on_purpose";
        let mut child = Command::new("sh")
            .args(["-c", SCRIPT, "sh"])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", name, "--ignored", "--nocapture"])
            .env("RUST_BACKTRACE", "0")
            .spawn(pts)
            .unwrap();
        let mut written = Vec::new();
        // A terminal whose programs have ended gives an error, not an end.
        let _ = pty.read_to_end(&mut written).await;
        child.wait().await.unwrap();

        let raw = String::from_utf8_lossy(&written);
        assert!(raw.contains("\u{1b}[?1049h"), "it was taken: {raw}");
        let mut parser = vt100::Parser::new(ROWS, COLUMNS, 0);
        parser.process(&written);
        let screen = parser.screen();
        let text = screen.contents();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        assert!(
            text.contains("on purpose"),
            "what was wrong can be read: {text}"
        );
        assert!(
            text.contains(" icanon") && text.contains(" echo "),
            "{text}"
        );
    }

    #[test]
    #[ignore = "run by the test above, in a terminal of its own"]
    #[should_panic(expected = "on purpose")]
    fn a_panic_on_purpose() {
        let mut terminal = Terminal::take().expect("this is a terminal");
        terminal
            .draw(Frame::default())
            .expect("it takes what is drawn");
        panic!("on purpose");
    }
}

//! The conversations of an account on a whole terminal.
//!
//! - [`model`] is what there is to know, pure: what happens goes in, errands for the server come out
//! - [`view`] makes a frame of it, [`terminal`] puts the frame onto the screen
//! - [`keys`] come from a thread, [`input`] makes wishes of them, [`editor`] holds what is being
//!   written, [`command`] reads what begins with a slash
//! - [`errand`] runs what takes its time, [`ends`] tells when the terminal is gone
//!
//! Here is the loop around them: wait for a key, an event, an outcome or the next second of a
//! countdown; change the model; draw.

mod command;
mod editor;
mod ends;
mod errand;
mod input;
mod keys;
mod model;
mod terminal;
mod view;

use jiff::tz::TimeZone;
use std::io;

use anyhow::{anyhow, bail};
use client::{Event, Events, Target};
use crossterm::event::Event as Key;
use tokio::sync::mpsc;
use tokio::time::{Duration, Instant};

use self::ends::Ends;
use self::errand::{Errand, Errands};
use self::input::Action;
use self::model::{Connection, Model};
use self::terminal::Terminal;
use self::view::Window;
use crate::device::{self, Account};
use crate::failure::{NotAllowed, say};

/// Chats until somebody leaves.
pub(super) async fn run(
    account: &Account,
    name: &str,
    resource: &str,
    to: Option<Target>,
) -> anyhow::Result<()> {
    let caller = account.caller().await?;
    let (client, events) = account.start(resource);
    let mut screen = Screen {
        model: Model::new(name),
        errands: Errands::new(client.clone(), caller),
        events,
        // First, so that keys are read as keys.
        terminal: Terminal::take()?,
        keys: keys::of_terminal(),
        ends: Ends::new()?,
        // Of `TZ`, else of the machine; UTC where neither is known.
        zone: TimeZone::try_system().unwrap_or(TimeZone::UTC),
    };
    let first = to.map(|to| screen.model.open(&to)).unwrap_or_default();
    screen.begin(first);
    let end = screen.run().await;
    let Screen {
        errands,
        mut events,
        terminal,
        ..
    } = screen;
    drop(terminal);
    end?;
    if client.unacknowledged() > 0 {
        say("waiting until the last messages have reached the server…");
    }
    match errands.finish().await {
        0 => {}
        left => say(&format!("{left} messages may not have reached the server")),
    }
    device::farewell(&client, &mut events).await;
    Ok(())
}

struct Screen {
    model: Model,
    errands: Errands,
    events: Events,
    keys: mpsc::Receiver<io::Result<Key>>,
    ends: Ends,
    terminal: Terminal,
    zone: TimeZone,
}

impl Screen {
    async fn run(&mut self) -> anyhow::Result<()> {
        while !self.model.is_leaving() {
            self.draw()?;
            self.wait().await?;
        }
        Ok(())
    }

    /// For the next thing that happens, and lets the model know.
    async fn wait(&mut self) -> anyhow::Result<()> {
        let errands = tokio::select! {
            key = self.keys.recv() => self.pressed(key)?,
            event = self.events.next() => self.heard(event)?,
            outcome = self.errands.next() => self.model.learned(outcome),
            () = next_second(&self.model.connection) => Vec::new(),
            () = self.ends.come() => self.model.asked(Action::Leave),
        };
        self.begin(errands);
        Ok(())
    }

    fn begin(&mut self, errands: Vec<Errand>) {
        for errand in errands {
            self.errands.begin(errand);
        }
    }

    fn pressed(&mut self, key: Option<io::Result<Key>>) -> anyhow::Result<Vec<Errand>> {
        let Some(key) = key.transpose()? else {
            return Ok(self.model.asked(Action::Leave));
        };
        Ok(match input::action(key) {
            None => Vec::new(),
            Some(Action::Redraw) => {
                self.terminal.forget();
                Vec::new()
            }
            Some(Action::Scroll(by)) => {
                let (scroll, is_at_top) = view::moved(&self.model, &self.window()?, by);
                self.model.scrolled(scroll, is_at_top)
            }
            Some(action) => self.model.asked(action),
        })
    }

    fn heard(&mut self, event: Option<Event>) -> anyhow::Result<Vec<Errand>> {
        match event {
            None | Some(Event::LoggedOut) => bail!("the client has ended"),
            Some(Event::Kicked { reason }) => Err(device::kicked(&reason)),
            Some(Event::Refused { why }) => Err(anyhow!(NotAllowed(why))),
            Some(event) => Ok(self.model.heard(event, Instant::now())),
        }
    }

    fn draw(&mut self) -> anyhow::Result<()> {
        let frame = view::frame(&self.model, &self.window()?);
        Ok(self.terminal.draw(frame)?)
    }

    fn window(&self) -> io::Result<Window> {
        let (columns, rows) = Terminal::size()?;
        Ok(Window {
            columns,
            rows,
            now: Instant::now(),
            zone: self.zone.clone(),
        })
    }
}

/// When the countdown says something else. Never, when there is none.
async fn next_second(connection: &Connection) {
    let Connection::Waiting { until, .. } = connection else {
        return std::future::pending().await;
    };
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return std::future::pending().await;
    }
    let part = Duration::from_nanos(u64::from(left.subsec_nanos()));
    // Not before the second is over, or it would be looked at twice.
    tokio::time::sleep(part + Duration::from_millis(1)).await;
}

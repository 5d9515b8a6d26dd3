//! What goes wrong: crashes, losses of power, bad disks, bad networks, clocks that are set.

use std::sync::Arc;
use std::time::Duration;

use chat::port::{Clock as _, History as _, Span};
use model::Sequence;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::clock::WallClock;
use crate::dice::Dice;
use crate::life::{Death, Life};
use crate::network::{Break, Side};
use crate::people::{check_history, talks};
use crate::server::{Machine, NoStart, Server};
use crate::text;
use crate::trace::note;
use crate::world::World;

/// The clock is set forward by no more than this in a run: what is older than 7 days is given to
/// nobody.
const FORWARD_MS_MAX: u64 = 4 * 86_400_000;
/// A start after which the clock is this much behind is refused.
const BACK_MS_MAX: u64 = 50 * 60_000;
/// Starts that may die one after the other.
const DYING_STARTS_MAX: u64 = 3;
/// How long a process may do nothing that it could die in.
const DOOM_WAIT: Duration = Duration::from_secs(30);

/// See the module.
pub(crate) struct Fate {
    world: Arc<World>,
    machine: Machine,
    clock: Arc<WallClock>,
    dice: Dice,
    /// Of the newest process.
    life: Arc<Life>,
    forward_ms: u64,
    /// The latest time that a process has seen.
    latest_ms: u64,
    /// No process starts any more.
    is_hopeless: bool,
}

impl Fate {
    pub(crate) fn new(
        world: Arc<World>,
        machine: Machine,
        clock: Arc<WallClock>,
        life: Arc<Life>,
    ) -> Self {
        let dice = world.dice("fate");
        Self {
            world,
            machine,
            clock,
            dice,
            life,
            forward_ms: 0,
            latest_ms: 0,
            is_hopeless: false,
        }
    }

    /// Lets so many things go wrong, one after the other, then makes everything well.
    pub(crate) async fn run(mut self, troubles: u64) {
        for _ in 0..troubles {
            let pause = self.dice.ms(200, 15_000);
            self.live_through(pause).await;
            if self.is_hopeless {
                return self.world.calm_down();
            }
            self.trouble().await;
        }
        let pause = self.dice.ms(0, 3_000);
        self.live_through(pause).await;
        self.world.network.degrade(None);
        self.world.calm_down();
        // A process whose disk has failed, or that is to die with its next step, does not stay.
        if self.dice.one_in(2) {
            self.end(Death::Killed).await;
        } else {
            self.stop().await;
        }
    }

    /// A while. A process that dies in it is followed by another.
    async fn live_through(&mut self, pause: Duration) {
        let end = Instant::now() + pause;
        while !self.is_hopeless && timeout_at(end, self.life.over()).await.is_ok() {
            self.start_again().await;
        }
    }

    async fn trouble(&mut self) {
        match self.dice.below(14) {
            0 | 1 => self.end(Death::Killed).await,
            2 | 3 => self.end(Death::PowerLost).await,
            4 => self.doom(Death::Killed).await,
            5 | 6 => self.doom(Death::PowerLost).await,
            7 => self.stop().await,
            8 => self.bad_disk().await,
            9 => self.full_disk().await,
            10 => self.set_clock(),
            11 => self.break_lines(),
            12 => self.cut_off().await,
            _ => {
                let bad_one_in = self.dice.between(1, 4);
                note!(self.world.trace, "one in {bad_one_in} connections is bad");
                self.world.network.degrade(Some(bad_one_in));
            }
        }
    }

    async fn end(&mut self, death: Death) {
        note!(self.world.trace, "{death:?}");
        self.life.end(death);
        self.start_again().await;
    }

    async fn stop(&mut self) {
        if let Some(server) = self.world.server() {
            note!(self.world.trace, "a stop in order");
            server.stop().await;
        }
        self.life.end(Death::Stopped);
        self.start_again().await;
    }

    /// The process dies in the middle of what it does with its disk.
    async fn doom(&mut self, death: Death) {
        let steps = self.dice.below(40);
        note!(self.world.trace, "{death:?} in {steps} steps of the disk");
        self.had_trouble();
        self.life.doom(steps, death);
        // Who does so little dies all the same.
        if timeout(DOOM_WAIT, self.life.over()).await.is_err() {
            self.life.end(death);
        }
        self.start_again().await;
    }

    /// Writes or syncs fail: the store is read-only until the next start.
    async fn bad_disk(&mut self) {
        self.had_trouble();
        if self.dice.one_in(2) {
            note!(self.world.trace, "writes fail");
            self.machine.disk.fail_writes(true);
        } else {
            note!(self.world.trace, "syncs fail");
            self.machine.disk.fail_syncs(true);
        }
        sleep(self.dice.ms(100, 8_000)).await;
        self.machine.disk.fail_writes(false);
        self.machine.disk.fail_syncs(false);
        sleep(self.dice.ms(0, 3_000)).await;
        match self.dice.below(3) {
            0 => self.end(Death::Killed).await,
            1 => self.end(Death::PowerLost).await,
            _ => self.stop().await,
        }
    }

    async fn full_disk(&mut self) {
        self.had_trouble();
        let bytes = self.dice.below(1_500);
        note!(self.world.trace, "{bytes} bytes of space are left");
        self.machine.disk.limit_space(Some(bytes));
        sleep(self.dice.ms(100, 8_000)).await;
        if self.dice.one_in(3) {
            note!(self.world.trace, "Killed on a full disk");
            self.life.end(Death::Killed);
        }
        self.machine.disk.limit_space(None);
        note!(self.world.trace, "there is space again");
    }

    fn set_clock(&mut self) {
        let ms = *self.dice.pick(&[70_000, 3_600_000, 30 * 3_600_000]);
        let ms = self.dice.below(ms);
        if self.forward_ms + ms < FORWARD_MS_MAX {
            self.forward_ms += ms;
            note!(self.world.trace, "the clock is set forward by {ms} ms");
            self.clock.forward(ms);
        }
    }

    /// Only while no process runs, and not so far that none would start.
    fn set_clock_back(&mut self) {
        let now_ms = self.clock.now_ms();
        self.latest_ms = self.latest_ms.max(now_ms);
        let room = BACK_MS_MAX.saturating_sub(self.latest_ms - now_ms);
        if self.dice.one_in(4) {
            let ms = self.dice.below(room);
            note!(self.world.trace, "the clock is set back by {ms} ms");
            self.clock.back(ms);
        }
    }

    fn break_lines(&mut self) {
        let how = *self.dice.pick(&[
            Break::Reset,
            Break::Silence,
            Break::HalfOpen(Side::Client),
            Break::HalfOpen(Side::Server),
        ]);
        let is_all = self.dice.one_in(3);
        let which = if is_all { "all" } else { "one" };
        note!(self.world.trace, "{how:?} of {which}");
        self.world.network.break_some(how, is_all);
    }

    /// Nobody gets through for a while, and open connections are silent for ever.
    async fn cut_off(&mut self) {
        note!(self.world.trace, "the network is down");
        self.world.network.set_down(true);
        self.world.network.break_some(Break::Silence, true);
        sleep(self.dice.ms(500, 25_000)).await;
        self.world.network.set_down(false);
        note!(self.world.trace, "the network is up");
    }

    fn had_trouble(&self) {
        self.world.ledger.with(|state| {
            state.lives.entry(self.life.number).or_default().had_trouble = true;
        });
    }

    /// After the end of a process: what it leaves of its disk, and processes until one lives.
    async fn start_again(&mut self) {
        self.world.set_server(None);
        for attempt in 0.. {
            self.leave().await;
            sleep(self.dice.ms(0, 6_000)).await;
            self.set_clock_back();
            let number = self.life.number + 1;
            self.life = Life::new(number, Arc::clone(&self.world.network));
            if attempt < DYING_STARTS_MAX && !self.world.is_calm() && self.dice.one_in(6) {
                let death = *self.dice.pick(&[Death::Killed, Death::PowerLost]);
                let steps = self.dice.below(12);
                note!(
                    self.world.trace,
                    "{death:?} at step {steps} of the next start"
                );
                self.had_trouble();
                self.life.doom(steps, death);
            }
            match Server::start(&self.machine, Arc::clone(&self.life)).await {
                Ok(server) => {
                    note!(self.world.trace, "process {number} serves");
                    check_log(&self.world, &server).await;
                    self.world.set_server(Some(server));
                    return;
                }
                Err(NoStart::Died) => note!(self.world.trace, "process {number} died"),
                Err(NoStart::Refused(why)) => {
                    let what = format_args!("process {number} does not start: {why}");
                    self.world.ledger.violate(what);
                    self.life.end(Death::Stopped);
                    self.is_hopeless = true;
                    return;
                }
            }
        }
    }

    /// What the end of a process makes of its disk.
    async fn leave(&mut self) {
        let death = self.life.over().await;
        note!(
            self.world.trace,
            "process {} is over: {death:?}",
            self.life.number
        );
        self.world.ledger.with(|state| {
            let life = state.lives.entry(self.life.number).or_default();
            life.ended_at = Some(Instant::now());
            life.was_stopped = death == Death::Stopped;
        });
        if death == Death::PowerLost {
            let dice = &mut self.dice;
            self.machine.disk = self
                .machine
                .disk
                .after_power_loss(&mut |below| dice.below(below));
        }
    }
}

/// After a start: what was acknowledged is there, at its place.
pub(crate) async fn check_log(world: &World, server: &Server) {
    let acked = world.ledger.with(|state| state.acked_now());
    let everything = Span::Sequence(Sequence(0)..Sequence(u64::MAX));
    for (talk, conversation) in talks(world) {
        let read = server
            .messages
            .newest(conversation, everything.clone(), 100_000);
        match read.await {
            Ok(messages) => check_history(world, talk, &messages, &acked),
            Err(error) => world
                .ledger
                .violate(format_args!("{talk:?} cannot be read: {error}")),
        }
        for number in &acked {
            let place = world.ledger.with(|state| {
                let sent = &state.messages[*number];
                sent.place.filter(|_| sent.talk() == talk)
            });
            let Some((sequence, _)) = place else { continue };
            let found = server
                .messages
                .message(conversation, Sequence(sequence))
                .await;
            let found = found.ok().flatten();
            let number_found = found.and_then(|found| text::number(&found.content.payload));
            if number_found != Some(*number) {
                world.ledger.violate(format_args!(
                    "m{number} was acknowledged at {sequence} and is not in the log"
                ));
            }
        }
    }
    let damages = server.messages.damages();
    if damages > 0 {
        world
            .ledger
            .violate(format_args!("the log has {damages} damaged places"));
    }
}

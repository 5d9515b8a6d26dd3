//! One run, from a seed to what it found.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic;
use std::sync::{Arc, Once};
use std::time::Duration;

use chat::NewApp;
use chat::port::{Clock, Memberships as _};
use model::{Account, AccountName, App, Sequence, TopicId};
use parking_lot::Mutex;
use store::embedded::disk::SimulatedDisk;
use store::sqlite::SqliteDirectory;
use tokio::runtime::Builder;
use tokio::time::{Instant, sleep};

use crate::clock::WallClock;
use crate::dice::Dice;
use crate::fate::{Fate, check_log};
use crate::ledger::{DeviceLog, Group, Ledger, Person, To};
use crate::life::Life;
use crate::mutant::{Mutant, Saboteur};
use crate::network::Network;
use crate::people::{self, account_name, owner_of};
use crate::phone::{self, Outbox, Traits};
use crate::server::{Machine, Server};
use crate::trace::{Trace, note};
use crate::world::{Phase, World};

/// How a run is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Prints every line of its trace.
    pub is_shown: bool,
    /// A fault that is planted.
    pub mutant: Option<Mutant>,
}

/// What a run found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Which run.
    pub seed: u64,
    /// Promises that were broken, in the order in which that was seen.
    pub violations: Vec<String>,
    /// A hash of everything that happened, in its order and at its time.
    pub digest: u64,
    /// Lines of the trace.
    pub lines: u64,
    /// Messages that were sent, pushes included.
    pub sent: usize,
    /// Those with a receipt.
    pub acked: usize,
    /// Messages shown, over all devices.
    pub shown: usize,
    /// Messages that came again and were filtered.
    pub repeated: u64,
    /// Processes that served, and ended.
    pub processes: usize,
}

/// Until everything is answered that was sent.
const ANSWERS_WAIT: Duration = Duration::from_mins(10);
/// After everything is answered: when no device is given anything for so long, none will be.
const DELIVERY_WAIT: Duration = Duration::from_mins(2);
/// How often that is waited for.
const DELIVERY_WAITS_MAX: usize = 20;
/// After the last device has gone: for the server to notice those it was not told of.
const SILENCE_WAIT: Duration = Duration::from_secs(500);

thread_local! {
    static PANICS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Makes the run of a seed.
///
/// # Panics
///
/// When there is no memory for a runtime. What panics in a run is among its violations.
pub fn run(seed: u64, options: Options) -> Outcome {
    catch_panics();
    let mut dice = Dice::of(seed, "randomness");
    chat::secret::simulated::replace(Some(Box::new(move |bytes| dice.fill(bytes))));
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without I/O needs nothing");
    let outcome = runtime.block_on(async {
        let trace = Arc::new(Trace::begin(options.is_shown));
        live(seed, options, &trace).await
    });
    drop(runtime);
    chat::secret::simulated::replace(None);
    let mut outcome = outcome;
    outcome.violations.extend(PANICS.take());
    outcome
}

/// A panic in any task is a violation.
fn catch_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            PANICS.with_borrow_mut(|panics| panics.push(format!("a panic: {info}")));
            before(info);
        }));
    });
    PANICS.take();
}

async fn live(seed: u64, options: Options, trace: &Arc<Trace>) -> Outcome {
    let mut dice = Dice::of(seed, "plan");
    let persons = dice.index(4) + 2;
    let mut phones = Vec::new();
    for person in 0..persons {
        for number in 0..=dice.index(3) {
            let resource = format!("r{number}");
            phones.push(Traits::roll(phones.len(), person, resource, &mut dice));
        }
    }
    let logs = phones.iter();
    let logs = logs.map(|phone| DeviceLog::new(phone.person, phone.resource.clone()));
    let ledger = Ledger::new(Arc::clone(trace), logs.collect());
    let network = Network::new(Dice::of(seed, "network"));
    let clock = Arc::new(WallClock::new());
    let database = SqliteDirectory::in_memory().expect("a database in memory opens");
    let mut machine = Machine {
        disk: SimulatedDisk::new(),
        database: Arc::new(database),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        seed,
        database_fails: false,
        mutant: options.mutant,
        saboteur: Saboteur::new(options.mutant),
    };
    let life = Life::new(1, Arc::clone(&network));
    let server = Server::start(&machine, Arc::clone(&life)).await;
    let server = server.expect("an empty disk is a good one");
    let (app, accounts) = settle(&server, persons).await;
    let groups = dice.index(3).min(persons);
    let topics = found_topics(&server, &ledger, &accounts, groups, &mut dice).await;
    let outboxes = phones.iter().map(|_| Arc::new(Outbox::default())).collect();
    let world = Arc::new(World {
        seed,
        trace: Arc::clone(trace),
        ledger,
        network,
        app,
        accounts,
        topics,
        outboxes,
        server: Mutex::new(Some(server)),
        phase: Phase::default(),
    });

    let mut people = Vec::new();
    let mut devices = Vec::new();
    for traits in phones {
        // A flood fills mailboxes, so that sessions fall back to pulling.
        let count = if dice.one_in(40) {
            dice.between(300, 700)
        } else {
            *dice.pick(&[0, 3, 10, 25])
        };
        let writing = people::write(Arc::clone(&world), traits.phone, traits.person, count);
        people.push(tokio::spawn(writing));
        let outbox = Arc::clone(world.outbox(traits.phone));
        devices.push(tokio::spawn(phone::live(
            Arc::clone(&world),
            traits,
            outbox,
        )));
    }
    people.push(tokio::spawn(people::serve(
        Arc::clone(&world),
        dice.between(0, 20),
    )));
    machine.database_fails = dice.one_in(3);
    let troubles = dice.between(0, 7);
    let fate = Fate::new(Arc::clone(&world), machine, clock, life);
    let fate = tokio::spawn(fate.run(troubles));
    for task in people {
        // What it panicked with is among the violations.
        let _ = task.await;
    }
    let _ = fate.await;
    come_to_rest(&world).await;
    judge(&world).await;
    world.end();
    for device in devices {
        let _ = device.await;
    }
    sleep(SILENCE_WAIT).await;
    check_emptiness(&world);
    outcome(&world)
}

async fn settle(server: &Server, persons: usize) -> (Arc<App>, Vec<Arc<Account>>) {
    let new = NewApp {
        name: "app".into(),
        package: "com.example".into(),
        credentials: None,
    };
    let app = server.chat.apps.create(new).await;
    let (app, _) = app.expect("a database in memory takes an app");
    let names: Vec<_> = (0..persons).map(account_name).collect();
    let accounts = server.chat.accounts.find_or_create_all(app.id, &names);
    let accounts = accounts.await.expect("and its accounts");
    (app, accounts)
}

async fn found_topics(
    server: &Server,
    ledger: &Ledger,
    accounts: &[Arc<Account>],
    groups: usize,
    dice: &mut Dice,
) -> Vec<TopicId> {
    let mut topics = Vec::new();
    for group in 0..groups {
        let owner = owner_of(group);
        let others = (0..accounts.len()).filter(|person| *person != owner && dice.one_in(2));
        let others: Vec<Person> = others.collect();
        let names: Vec<AccountName> = others.iter().map(|other| account_name(*other)).collect();
        let chat = &server.chat;
        let made = chat.create_topic(&accounts[owner], "topic", "", &names);
        let made = made.await.expect("nothing is wrong yet");
        let last = server.last();
        ledger.with(|state| {
            for member in others.into_iter().chain([owner]) {
                state.member_from(group, member, last, Some(true));
            }
        });
        topics.push(made.topic.id);
    }
    topics
}

/// Waits until everything is answered and given.
async fn come_to_rest(world: &World) {
    let end = Instant::now() + ANSWERS_WAIT;
    let is_waiting = || {
        world.ledger.with(|state| {
            let mut sent = state.messages.iter();
            sent.any(|sent| sent.phone.is_some() && sent.is_open)
        })
    };
    while is_waiting() && Instant::now() < end {
        sleep(Duration::from_secs(1)).await;
    }
    note!(world.trace, "everything is answered");
    let shown = || {
        world.ledger.with(|state| {
            let shown = state.phones.iter().map(|phone| phone.shown.len());
            shown.sum::<usize>()
        })
    };
    let mut before = shown();
    for _ in 0..DELIVERY_WAITS_MAX {
        sleep(DELIVERY_WAIT).await;
        let now = shown();
        if now == before {
            return;
        }
        before = now;
    }
}

async fn judge(world: &World) {
    let Some(server) = world.server() else {
        world.ledger.violate(format_args!("no process serves"));
        return;
    };
    check_log(world, &server).await;
    let places: Vec<(Group, u64)> = world.ledger.with(|state| {
        let placed = state.messages.iter();
        let placed = placed.filter_map(|sent| match (sent.to, sent.place) {
            (To::Group(group), Some((sequence, _))) => Some((group, sequence)),
            _ => None,
        });
        placed.collect()
    });
    let mut members = BTreeMap::new();
    for (group, sequence) in places {
        let inside = server
            .topics
            .members_at(world.topic(group), Sequence(sequence))
            .await;
        let inside = inside.unwrap_or_default();
        let inside = inside
            .iter()
            .filter_map(|party| world.person_of(party.uuid));
        members.insert((group, sequence), inside.collect());
    }
    world.ledger.with(|state| state.judge(&members));
}

/// Nobody is left behind in the server.
fn check_emptiness(world: &World) {
    let Some(server) = world.server() else { return };
    let sessions = server.chat.sessions();
    let (connections, _) = server.gateway.connections();
    if sessions + connections > 0 {
        world.ledger.violate(format_args!(
            "{sessions} sessions and {connections} connections are left behind"
        ));
    }
}

fn outcome(world: &World) -> Outcome {
    let (digest, lines) = world.trace.digest();
    world.ledger.with(|state| Outcome {
        seed: world.seed,
        violations: state.violations.clone(),
        digest,
        lines,
        sent: state.messages.len(),
        acked: state.messages.iter().filter(|sent| sent.is_acked).count(),
        shown: state.phones.iter().map(|phone| phone.shown.len()).sum(),
        repeated: state.raw_duplicates,
        processes: state.lives.len(),
    })
}

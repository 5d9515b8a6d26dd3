//! A process of the server: the real gateway, chat, cluster and store behind simulated edges.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chat::port::{Clock, Memberships as _, Messages as _, Silent, StoreError};
use chat::{Chat, Ports};
use gateway::Gateway;
use model::Sequence;
use model::limits::BOUNDARY_MS;
use store::embedded::disk::SimulatedDisk;
use store::embedded::{Config, EmbeddedMessages, OpenError};
use store::sqlite::SqliteDirectory;
use tokio::time::timeout;

use crate::dice::{Dice, Shared};
use crate::disk::ProcessDisk;
use crate::life::{Death, Life};
use crate::mutant::{Mutant, Saboteur};
use crate::ports::{Log, Pace, Topics};

/// Where the store is on the simulated disk.
const DIRECTORY: &str = "data";
/// How often the log looks whether something is due; as the server does it.
const HOUSEKEEPING_EVERY: Duration = Duration::from_mins(1);
/// How long a stop waits for connections, and then for commits; as the server does it.
const CLIENTS_WAIT: Duration = Duration::from_secs(6);
const COMMITS_WAIT: Duration = Duration::from_secs(2);

/// What a machine has, whichever process runs on it.
pub(crate) struct Machine {
    pub(crate) disk: SimulatedDisk,
    pub(crate) database: Arc<SqliteDirectory>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) seed: u64,
    /// Calls of the database fail now and then, before they have done anything or after it.
    pub(crate) database_fails: bool,
    pub(crate) mutant: Option<Mutant>,
    pub(crate) saboteur: Arc<Saboteur>,
}

/// See the module.
pub(crate) struct Server {
    pub(crate) life: Arc<Life>,
    pub(crate) chat: Arc<Chat>,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) messages: Arc<EmbeddedMessages>,
    pub(crate) topics: Arc<SqliteDirectory>,
}

/// Why a process did not start.
#[derive(Debug)]
pub(crate) enum NoStart {
    /// It died while it started.
    Died,
    /// It refused.
    Refused(String),
}

impl From<OpenError> for NoStart {
    fn from(error: OpenError) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<StoreError> for NoStart {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.to_string())
    }
}

impl Server {
    /// Starts a process on what the one before has left.
    pub(crate) async fn start(machine: &Machine, life: Arc<Life>) -> Result<Arc<Self>, NoStart> {
        let started = Self::try_start(machine, Arc::clone(&life)).await;
        if life.is_over() {
            return Err(NoStart::Died);
        }
        started
    }

    async fn try_start(machine: &Machine, life: Arc<Life>) -> Result<Arc<Self>, NoStart> {
        let dice = |concern: &str| {
            let concern = format!("{concern} of process {}", life.number);
            Shared::new(Dice::of(machine.seed, &concern))
        };
        let config = {
            let dice = dice("configuration");
            let mut dice = dice.lock();
            Config {
                segment_bytes: dice.between(2_000, 60_000),
                checkpoint_bytes_min: dice.between(2_000, 40_000),
                ..Config::default()
            }
        };
        let disk = ProcessDisk::new(
            machine.disk.clone(),
            Arc::clone(&life),
            dice("disk"),
            machine.mutant,
        );
        let messages = EmbeddedMessages::open_on(
            Arc::new(disk),
            Path::new(DIRECTORY),
            Arc::clone(&machine.clock),
            config,
        )?;
        let messages = Arc::new(messages);
        let pace = Pace::new(Arc::clone(&life), dice("pace"), machine.database_fails);
        let log = Arc::new(Log {
            store: Arc::clone(&messages),
            pace: Arc::clone(&pace),
            saboteur: Arc::clone(&machine.saboteur),
        });
        let topics = Topics {
            store: Arc::clone(&machine.database),
            pace,
            saboteur: Arc::clone(&machine.saboteur),
        };
        let ports = Ports {
            clock: Arc::clone(&machine.clock),
            directory: Arc::clone(&machine.database) as _,
            history: Arc::clone(&log) as _,
            messages: log,
            memberships: Arc::new(topics),
            relations: Arc::clone(&machine.database) as _,
            router: machine.saboteur.router(),
            observer: Arc::new(Silent),
            listeners: Vec::new(),
        };
        let config = chat::Config {
            trace_bytes_max: 64 << 10,
            ..chat::Config::default()
        };
        let chat = Chat::start(ports, config).await?;
        let gateway = Gateway::new(
            Arc::clone(&chat),
            gateway::Config::default(),
            Arc::new(Silent),
        );
        let server = Arc::new(Self {
            life,
            chat,
            gateway,
            messages,
            topics: Arc::clone(&machine.database),
        });
        tokio::spawn(Arc::clone(&server).keep_house());
        Ok(server)
    }

    /// The newest place that is taken.
    pub(crate) fn last(&self) -> u64 {
        self.messages.last().0
    }

    /// What the server does now and then.
    async fn keep_house(self: Arc<Self>) {
        loop {
            tokio::select! {
                biased;
                _ = self.life.over() => return,
                () = tokio::time::sleep(HOUSEKEEPING_EVERY) => {}
            }
            // The next round may fare better.
            let _ = self.messages.maintain().await;
            let before = self.chat.clock.now_ms().saturating_sub(BOUNDARY_MS);
            if !self.life.is_over() {
                let _ = self.topics.prune(Sequence::at_ms(before)).await;
            }
        }
    }

    /// Ends it as SIGTERM does.
    pub(crate) async fn stop(&self) {
        self.gateway.stop();
        let drain = async {
            let _ = timeout(CLIENTS_WAIT, self.gateway.stopped()).await;
            let _ = timeout(COMMITS_WAIT, self.chat.stop()).await;
            self.messages.close().await
        };
        tokio::select! {
            biased;
            _ = self.life.over() => return,
            // A store that cannot write any more says so, and the process ends all the same.
            _ = drain => {}
        }
        self.life.end(Death::Stopped);
    }
}

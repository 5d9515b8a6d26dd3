//! The store in one directory: an append-only log of messages and devices, and `SQLite` beside it.
//!
//! ```text
//! LOCK                     held while a process has the directory
//! log/stored-….log         messages that history knows, devices          (segment, record)
//! log/queue-….log          messages that are dropped after 7 days
//! log/….idx                index of a sealed segment; can be made again   (index)
//! checkpoint-…             the living state at a moment                   (checkpoint)
//! mimc.db                  apps, accounts, topics, relations              (crate::sqlite)
//! callbacks.db             what is owed to the apps' servers              (crate::sqlite)
//! salvaged/                what `mimc doctor --salvage` cut out           (doctor)
//! ```
//!
//! The way of a batch: `writer` plans it, appends its records to the active segments, syncs, and
//! publishes it to what readers see (`log`, state). `pending` reads queues, `housekeeping` keeps
//! the directory small, `recover` starts: checkpoint, then the log after it. All I/O of the log
//! goes through [`disk`]. `history` reads again, `backup` copies the directory.

pub mod disk;

mod backup;
mod checkpoint;
mod committing;
mod doctor;
mod error;
mod history;
mod housekeeping;
mod index;
mod lock;
mod log;
mod messages;
mod pending;
#[cfg(feature = "properties")]
pub mod properties;
mod rebuild;
mod record;
mod recover;
mod scan;
mod segment;
mod shared;
mod tail;
mod writer;

use std::path::Path;
use std::sync::Arc;

use chat::port::{Clock, StoreError};
use model::limits::{DAY_MS, IDEMPOTENCE_MS, QUEUE_MS};
use parking_lot::{Mutex, RwLock};

pub use backup::{BackupError, BackupReport, RestoreError, RestoreReport, Rows, backup, restore};
use committing::Committing;
use disk::{Disk, RealDisk};
pub use doctor::{Finding, Salvaged, check, check_on, salvage, salvage_on};
use error::At;
pub use error::OpenError;
use housekeeping::Housekeeping;
use index::Budget;
use lock::DirLock;
pub use messages::EmbeddedMessages;
use segment::{Family, LOG_DIR, SegmentId};
use shared::Shared;

use crate::sqlite::{DELIVERIES, DIRECTORY, SqliteDeliveries, SqliteDirectory, check_header};

/// What an operator can set.
#[derive(Clone, Debug)]
pub struct Config {
    /// A segment ends when it is longer, in bytes. At most 1 GiB.
    pub segment_bytes: u64,
    /// How long history is kept, in milliseconds; at least the 7 days of the queue.
    pub retention_ms: u64,
    /// Start although the newest message is more than an hour ahead of the clock.
    pub accepts_clock_behind: bool,
    /// Memory for Bloom filters of sealed segments, in bytes; beyond it they are read from disk.
    pub filter_bytes_max: u64,
    /// A checkpoint is taken when more than this was written since, in bytes.
    pub checkpoint_bytes_min: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            segment_bytes: 128 << 20,
            retention_ms: 183 * DAY_MS,
            accepts_clock_behind: false,
            filter_bytes_max: 256 << 20,
            checkpoint_bytes_min: 64 << 20,
        }
    }
}

impl Family {
    /// How long what is in a family is kept, in milliseconds. Whatever may be repeated or pulled
    /// is.
    fn kept_ms(self, retention_ms: u64) -> u64 {
        let needed = QUEUE_MS.max(IDEMPOTENCE_MS);
        match self {
            Self::Stored => retention_ms.max(needed),
            Self::Queue => needed,
        }
    }

    /// A segment ends when it is older, in milliseconds: it can only be dropped as a whole.
    fn segment_ms(self, retention_ms: u64) -> u64 {
        match self {
            Self::Stored => (retention_ms / 4).clamp(DAY_MS, 30 * DAY_MS),
            Self::Queue => DAY_MS,
        }
    }
}

/// The parts of the store, open.
pub struct Embedded {
    /// Messages and devices.
    pub messages: Arc<EmbeddedMessages>,
    /// Apps and accounts, topics and relations.
    pub directory: Arc<SqliteDirectory>,
    /// What is owed to the apps' servers.
    pub deliveries: Arc<SqliteDeliveries>,
}

/// Opens a data directory, or begins one. When this fails, nothing in it was changed.
pub fn open(dir: &Path, clock: Arc<dyn Clock>, config: Config) -> Result<Embedded, OpenError> {
    let disk = Arc::new(RealDisk);
    disk.create_dir(dir).at(dir)?;
    let lock = Arc::new(DirLock::take(dir)?);
    let prepared = EmbeddedMessages::prepare(disk, dir, clock, config)?;
    let (directory, deliveries) = (dir.join(DIRECTORY.file), dir.join(DELIVERIES.file));
    check_directory(&RealDisk, dir)?;
    check_header(&deliveries, &DELIVERIES)?;
    let directory = SqliteDirectory::open(&directory, Arc::clone(&lock))?;
    let deliveries = SqliteDeliveries::open(&deliveries, Arc::clone(&lock))?;
    let messages = prepared.finish(Some(lock))?;
    Ok(Embedded {
        messages: Arc::new(messages),
        directory: Arc::new(directory),
        deliveries: Arc::new(deliveries),
    })
}

/// Checks `mimc.db`, changing nothing. Whether there is one: it is made before the first message.
fn check_directory(disk: &dyn Disk, dir: &Path) -> Result<bool, OpenError> {
    let path = dir.join(DIRECTORY.file);
    let is_there = check_header(&path, &DIRECTORY)?;
    let log_dir = dir.join(LOG_DIR);
    let names = disk.list(&log_dir).at(&log_dir)?;
    let mut segments = names
        .iter()
        .filter_map(|name| SegmentId::parse(name, "log"));
    if !is_there && segments.next().is_some() {
        return Err(OpenError::lost(
            &path,
            "it is empty or missing, and there are messages",
        ));
    }
    Ok(is_there)
}

impl Embedded {
    /// Saves everything and leaves the directory such that the next start is quick.
    pub async fn close(&self) -> Result<(), StoreError> {
        let messages = self.messages.close().await;
        let deliveries = self.deliveries.close().await;
        let directory = self.directory.close().await;
        messages.and(directory).and(deliveries)
    }
}

impl EmbeddedMessages {
    /// Opens the log of a directory on any disk; nobody else may have it open. For tests and
    /// simulation; see [`open`].
    pub fn open_on(
        disk: Arc<dyn Disk>,
        dir: &Path,
        clock: Arc<dyn Clock>,
        config: Config,
    ) -> Result<Self, OpenError> {
        Self::prepare(disk, dir, clock, config)?.finish(None)
    }

    /// Reads and checks everything, and changes nothing.
    fn prepare(
        disk: Arc<dyn Disk>,
        dir: &Path,
        clock: Arc<dyn Clock>,
        mut config: Config,
    ) -> Result<Prepared, OpenError> {
        config.segment_bytes = config.segment_bytes.min(1 << 30);
        let budget = Arc::new(Budget::new(config.filter_bytes_max));
        let now_ms = clock.now_ms();
        let recovered = recover::recover(&*disk, dir, now_ms, &config, &budget)?;
        Ok(Prepared {
            disk,
            dir: dir.to_owned(),
            clock,
            config,
            budget,
            recovered,
        })
    }
}

/// A log that was found sound.
struct Prepared {
    disk: Arc<dyn Disk>,
    dir: std::path::PathBuf,
    clock: Arc<dyn Clock>,
    config: Config,
    budget: Arc<Budget>,
    recovered: recover::Recovered,
}

impl Prepared {
    /// Repairs what has to be, and serves.
    fn finish(self, lock: Option<Arc<DirLock>>) -> Result<EmbeddedMessages, OpenError> {
        let (state, log, writer) = self
            .recovered
            .repair(&*self.disk, &self.dir, &self.budget)?;
        let shared = Shared {
            disk: self.disk,
            dir: self.dir,
            clock: self.clock,
            state: RwLock::new(state),
            log: RwLock::new(log),
            writer: Mutex::new(writer),
            housekeeping: Mutex::new(Housekeeping::default()),
            budget: self.budget,
            damages: 0.into(),
            is_broken: false.into(),
            is_untidy: false.into(),
            is_called: false.into(),
            unchecked_bytes: 0.into(),
            checkpoint_due_bytes: self.config.checkpoint_bytes_min.into(),
            retention_ms: self.config.retention_ms.into(),
            config: self.config,
            _lock: lock,
        };
        let committing = shared.disk.waits().then(Committing::start);
        let committing = committing.transpose().at(&shared.dir)?;
        Ok(EmbeddedMessages {
            shared: Arc::new(shared),
            committing,
        })
    }
}

#[cfg(test)]
mod tests;

//! A disk in memory that can lose power, run out of space and fail.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::Mutex;

use super::{Disk, DiskFile};

/// What is written in one piece or not at all.
const SECTOR_BYTES: usize = 512;

/// See the module. Clones are the same disk.
#[derive(Clone, Default)]
pub struct SimulatedDisk(Arc<Shared>);

#[derive(Default)]
struct Shared {
    names: Mutex<Names>,
    faults: Faults,
    bytes_read: AtomicU64,
    is_immediate: bool,
}

#[derive(Default)]
struct Names {
    now: BTreeMap<PathBuf, Arc<Inode>>,
    durable: BTreeMap<PathBuf, Arc<Inode>>,
    /// Not yet synced.
    changes: Vec<NameChange>,
}

enum NameChange {
    Create(PathBuf, Arc<Inode>),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
}

#[derive(Default)]
struct Faults {
    fails_writes: AtomicBool,
    fails_syncs: AtomicBool,
    /// Bytes that may still be written, when `is_limited`.
    space: AtomicU64,
    is_limited: AtomicBool,
    /// Changes that may still be made, when `is_to_stop`.
    changes_left: AtomicU64,
    is_to_stop: AtomicBool,
    has_stopped: AtomicBool,
}

#[derive(Default)]
struct Inode(Mutex<Contents>);

#[derive(Default)]
struct Contents {
    now: Vec<u8>,
    durable: Vec<u8>,
    /// Not yet synced.
    changes: Vec<ByteChange>,
    /// Written before a sync that failed: no later sync writes it.
    forgotten: Vec<ByteChange>,
}

enum ByteChange {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

impl SimulatedDisk {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty one whose calls are made where they are asked for: with one thread, a run is the
    /// same every time.
    pub fn immediate() -> Self {
        Self(Arc::new(Shared {
            is_immediate: true,
            ..Shared::default()
        }))
    }

    /// The disk as it may be after the power failed now: everything synced, and of the rest any
    /// sectors and names in any combination, as the dice say (each call gives a number below its
    /// argument).
    #[must_use]
    pub fn after_power_loss(&self, dice: &mut dyn FnMut(u64) -> u64) -> Self {
        let names = self.0.names.lock();
        let mut left = names.durable.clone();
        for change in &names.changes {
            if dice(2) == 0 {
                change.apply(&mut left);
            }
        }
        let mut copies = BTreeMap::new();
        for (path, inode) in left {
            let bytes = inode.0.lock().after_power_loss(dice);
            copies.insert(path, Inode::of(bytes));
        }
        let names = Names {
            now: copies.clone(),
            durable: copies,
            changes: Vec::new(),
        };
        Self(Arc::new(Shared {
            names: Mutex::new(names),
            is_immediate: self.0.is_immediate,
            ..Shared::default()
        }))
    }

    /// Lets every write fail from now on, or not any more.
    pub fn fail_writes(&self, fails: bool) {
        self.0.faults.fails_writes.store(fails, Ordering::SeqCst);
    }

    /// Lets every sync fail from now on, or not any more. As on a machine, what was to be synced can
    /// still be read, and no later sync writes it to the disk.
    pub fn fail_syncs(&self, fails: bool) {
        self.0.faults.fails_syncs.store(fails, Ordering::SeqCst);
    }

    /// Lets the program be stopped after so many more changes and syncs, in the middle of one: all
    /// later ones fail. None lets the next program begin on what is there.
    pub fn stop_after(&self, changes: Option<u64>) {
        let faults = &self.0.faults;
        let left = changes.unwrap_or_default();
        faults.changes_left.store(left, Ordering::SeqCst);
        faults.is_to_stop.store(changes.is_some(), Ordering::SeqCst);
        faults.has_stopped.store(false, Ordering::SeqCst);
    }

    /// Leaves space for this many more bytes, or for all.
    pub fn limit_space(&self, bytes: Option<u64>) {
        let faults = &self.0.faults;
        faults
            .space
            .store(bytes.unwrap_or_default(), Ordering::SeqCst);
        faults.is_limited.store(bytes.is_some(), Ordering::SeqCst);
    }

    /// How many bytes were read since the beginning.
    pub fn bytes_read(&self) -> u64 {
        self.0.bytes_read.load(Ordering::SeqCst)
    }

    /// All files with their bytes.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let names = self.0.names.lock();
        let files = names.now.iter();
        files
            .map(|(path, inode)| (path.clone(), inode.0.lock().now.clone()))
            .collect()
    }

    /// Puts a file there, synced, as from outside.
    pub fn put(&self, path: &Path, bytes: Vec<u8>) {
        let inode = Inode::of(bytes);
        let mut names = self.0.names.lock();
        names.now.insert(path.to_owned(), Arc::clone(&inode));
        names.durable.insert(path.to_owned(), inode);
    }

    fn file(&self, inode: Arc<Inode>) -> Arc<dyn DiskFile> {
        Arc::new(SimulatedFile {
            disk: Arc::clone(&self.0),
            inode,
        })
    }
}

impl NameChange {
    fn apply(&self, names: &mut BTreeMap<PathBuf, Arc<Inode>>) {
        match self {
            Self::Create(path, inode) => {
                names.insert(path.clone(), Arc::clone(inode));
            }
            Self::Rename(from, to) => {
                if let Some(inode) = names.remove(from) {
                    names.insert(to.clone(), inode);
                }
            }
            Self::Remove(path) => {
                names.remove(path);
            }
        }
    }
}

impl Names {
    fn change(&mut self, change: NameChange) {
        change.apply(&mut self.now);
        self.changes.push(change);
    }
}

impl Disk for SimulatedDisk {
    fn waits(&self) -> bool {
        !self.0.is_immediate
    }

    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let names = self.0.names.lock();
        let inode = names.now.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(self.file(Arc::clone(inode)))
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        self.0.faults.check_write()?;
        let inode = Inode::of(Vec::new());
        let change = NameChange::Create(path.to_owned(), Arc::clone(&inode));
        self.0.names.lock().change(change);
        Ok(self.file(inode))
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let names = self.0.names.lock();
        let here = names.now.keys().filter(|path| path.parent() == Some(dir));
        Ok(here
            .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
            .collect())
    }

    fn create_dir(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.faults.check_write()?;
        let change = NameChange::Rename(from.to_owned(), to.to_owned());
        self.0.names.lock().change(change);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.faults.check_write()?;
        self.0
            .names
            .lock()
            .change(NameChange::Remove(path.to_owned()));
        Ok(())
    }

    fn sync_dir(&self, _: &Path) -> io::Result<()> {
        self.0.faults.check_stop()?;
        self.0.faults.check_sync()?;
        let mut names = self.0.names.lock();
        names.durable = names.now.clone();
        names.changes.clear();
        Ok(())
    }
}

struct SimulatedFile {
    disk: Arc<Shared>,
    inode: Arc<Inode>,
}

impl DiskFile for SimulatedFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.inode.0.lock().now.len() as u64)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let contents = self.inode.0.lock();
        let start = position(offset)?;
        let end = start + buffer.len();
        let bytes = contents.now.get(start..end);
        buffer.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        let count = buffer.len() as u64;
        self.disk.bytes_read.fetch_add(count, Ordering::SeqCst);
        Ok(())
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let faults = &self.disk.faults;
        let had_stopped = faults.has_stopped.load(Ordering::SeqCst);
        if let Err(failed) = faults.check_write() {
            if faults.has_stopped.load(Ordering::SeqCst) && !had_stopped {
                let offset = position(offset)?;
                let change = ByteChange::Write(offset, part(bytes, offset).to_vec());
                self.inode.0.lock().change(change);
            }
            return Err(failed);
        }
        let room = faults.take_space(bytes.len());
        let change = ByteChange::Write(position(offset)?, bytes[..room].to_vec());
        self.inode.0.lock().change(change);
        if room < bytes.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        self.disk.faults.check_write()?;
        self.inode
            .0
            .lock()
            .change(ByteChange::Truncate(position(len)?));
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        self.disk.faults.check_stop()?;
        let mut contents = self.inode.0.lock();
        if let Err(failed) = self.disk.faults.check_sync() {
            contents.forget();
            return Err(failed);
        }
        contents.sync();
        Ok(())
    }
}

/// What is written of bytes in the middle of which a program is stopped: another part each time,
/// and the same in the same run, whatever the bytes are.
fn part(bytes: &[u8], offset: usize) -> &[u8] {
    let dice = offset.wrapping_mul(0x9e37_79b9) >> 8;
    &bytes[..dice % (bytes.len() + 1)]
}

fn position(offset: u64) -> io::Result<usize> {
    usize::try_from(offset).map_err(io::Error::other)
}

impl Faults {
    /// Counts a change or a sync.
    fn check_stop(&self) -> io::Result<()> {
        if !self.is_to_stop.load(Ordering::SeqCst) {
            return Ok(());
        }
        let left = &self.changes_left;
        let count = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            left.checked_sub(1)
        });
        count.map(|_| ()).map_err(|_| {
            self.has_stopped.store(true, Ordering::SeqCst);
            io::Error::other("the program was stopped")
        })
    }

    fn check_write(&self) -> io::Result<()> {
        self.check_stop()?;
        if self.fails_writes.load(Ordering::SeqCst) {
            return Err(io::Error::other("a write that was told to fail"));
        }
        Ok(())
    }

    fn check_sync(&self) -> io::Result<()> {
        if self.fails_syncs.load(Ordering::SeqCst) {
            return Err(io::Error::other("a sync that was told to fail"));
        }
        Ok(())
    }

    /// How many of these bytes may be written.
    fn take_space(&self, bytes: usize) -> usize {
        if !self.is_limited.load(Ordering::SeqCst) {
            return bytes;
        }
        let left = self.space.load(Ordering::SeqCst);
        let room = bytes.min(usize::try_from(left).unwrap_or(usize::MAX));
        self.space.fetch_sub(room as u64, Ordering::SeqCst);
        room
    }
}

impl Inode {
    fn of(bytes: Vec<u8>) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Contents {
            now: bytes.clone(),
            durable: bytes,
            ..Contents::default()
        })))
    }
}

impl Contents {
    fn change(&mut self, change: ByteChange) {
        match &change {
            ByteChange::Write(offset, bytes) => write(&mut self.now, *offset, bytes),
            ByteChange::Truncate(len) => self.now.resize(*len, 0),
        }
        self.changes.push(change);
    }

    fn sync(&mut self) {
        for change in self.changes.drain(..) {
            match change {
                ByteChange::Write(offset, bytes) => write(&mut self.durable, offset, &bytes),
                ByteChange::Truncate(len) => self.durable.resize(len, 0),
            }
        }
        self.forgotten.clear();
    }

    fn forget(&mut self) {
        let is_write = |change: &mut ByteChange| matches!(change, ByteChange::Write(..));
        self.forgotten.extend(self.changes.extract_if(.., is_write));
    }

    fn after_power_loss(&self, dice: &mut dyn FnMut(u64) -> u64) -> Vec<u8> {
        let mut left = self.durable.clone();
        for change in self.forgotten.iter().chain(&self.changes) {
            match change {
                ByteChange::Truncate(len) if dice(2) == 0 => left.resize(*len, 0),
                ByteChange::Truncate(_) => {}
                ByteChange::Write(offset, bytes) => tear(&mut left, *offset, bytes, dice),
            }
        }
        left
    }
}

fn write(file: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[offset..end].copy_from_slice(bytes);
}

/// Writes all, nothing, or some of the sectors.
fn tear(file: &mut Vec<u8>, offset: usize, bytes: &[u8], dice: &mut dyn FnMut(u64) -> u64) {
    let fate = dice(3);
    let (mut at, mut rest) = (offset, bytes);
    while !rest.is_empty() {
        let room = (SECTOR_BYTES - at % SECTOR_BYTES).min(rest.len());
        let (sector, next) = rest.split_at(room);
        if fate == 0 || (fate == 1 && dice(2) == 0) {
            write(file, at, sector);
        }
        at += room;
        rest = next;
    }
}

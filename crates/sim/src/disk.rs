//! The disk as one process sees it: the machine's simulated disk, until the process is dead.

use std::io;
use std::path::Path;
use std::sync::Arc;

use store::embedded::disk::{Disk, DiskFile, SimulatedDisk};

use crate::dice::Shared;
use crate::life::Life;
use crate::mutant::Mutant;

/// See the module.
pub(crate) struct ProcessDisk(Arc<Inner>);

struct Inner {
    disk: SimulatedDisk,
    life: Arc<Life>,
    dice: Shared,
    mutant: Option<Mutant>,
}

struct ProcessFile {
    inner: Arc<Inner>,
    file: Arc<dyn DiskFile>,
}

impl ProcessDisk {
    pub(crate) fn new(
        disk: SimulatedDisk,
        life: Arc<Life>,
        dice: Shared,
        mutant: Option<Mutant>,
    ) -> Self {
        Self(Arc::new(Inner {
            disk,
            life,
            dice,
            mutant,
        }))
    }

    fn file(&self, file: Arc<dyn DiskFile>) -> Arc<dyn DiskFile> {
        Arc::new(ProcessFile {
            inner: Arc::clone(&self.0),
            file,
        })
    }
}

impl Inner {
    /// Before everything that changes something: the process may die here.
    fn step(&self) -> io::Result<()> {
        if self.life.is_over() || self.life.dies_at_step() {
            return Err(dead());
        }
        Ok(())
    }

    fn syncs(&self) -> bool {
        self.mutant != Some(Mutant::SyncsNothing)
    }
}

fn dead() -> io::Error {
    io::Error::other("the process is dead")
}

impl Disk for ProcessDisk {
    fn waits(&self) -> bool {
        false
    }

    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        self.0.disk.open(path).map(|file| self.file(file))
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        self.0.step()?;
        self.0.disk.create(path).map(|file| self.file(file))
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        self.0.disk.list(dir)
    }

    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        self.0.step()?;
        self.0.disk.create_dir(dir)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.step()?;
        self.0.disk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.step()?;
        self.0.disk.remove(path)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.0.step()?;
        self.0.disk.sync_dir(dir)
    }
}

impl DiskFile for ProcessFile {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.file.read_at(buffer, offset)
    }

    /// A process that dies in a write may leave a part of it.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let was_over = self.inner.life.is_over();
        if let Err(error) = self.inner.step() {
            if !was_over {
                let part = self.inner.dice.lock().index(bytes.len() + 1);
                self.file.write_at(&bytes[..part], offset)?;
            }
            return Err(error);
        }
        self.file.write_at(bytes, offset)
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        self.inner.step()?;
        self.file.truncate(len)
    }

    fn sync(&self) -> io::Result<()> {
        self.inner.step()?;
        if self.inner.syncs() {
            self.file.sync()?;
        }
        Ok(())
    }
}

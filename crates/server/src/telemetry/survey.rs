//! Looks at the data directory, its disk, the process's descriptors and the callbacks that wait.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use api::insight::Descriptors;
use chat::port::Deliveries;

use super::reading::{Disk, Survey};
use crate::{data_dir, descriptors};

/// Callbacks that are counted; beyond it there are more.
pub(crate) const BACKLOG_COUNTED_MAX: usize = 100_000;
/// Files, databases and listeners, where nobody tells the number of descriptors.
const OTHER_DESCRIPTORS: u64 = 256;
/// Permissions of others than the owner.
const OTHERS: u32 = 0o077;

/// What cannot be looked at is as it was before.
pub(super) async fn look(
    data_dir: PathBuf,
    deliveries: &dyn Deliveries,
    connections: u64,
    before: Survey,
) -> Survey {
    let backlog = deliveries.backlog(BACKLOG_COUNTED_MAX).await;
    let looked = tokio::task::spawn_blocking(move || look_at(&data_dir, connections, before)).await;
    let survey = looked.unwrap_or(before);
    Survey {
        backlog: backlog.map_or(before.backlog, |count| count as u64),
        ..survey
    }
}

fn look_at(data_dir: &Path, connections: u64, before: Survey) -> Survey {
    let (storage_bytes, segments) =
        usage(data_dir).unwrap_or((before.storage_bytes, before.segments));
    let others = |path: &Path| fs::metadata(path).is_ok_and(|found| is_open_to_others(&found));
    Survey {
        descriptors: Descriptors {
            open: Some(descriptors::open().unwrap_or(connections + OTHER_DESCRIPTORS)),
            max: descriptors::limit(),
        },
        storage_bytes,
        segments,
        disk: disk(data_dir),
        others_in_directory: others(data_dir),
        others_with_token: others(&data_dir::admin_token_file(data_dir)),
        backlog: before.backlog,
    }
}

fn is_open_to_others(found: &Metadata) -> bool {
    found.permissions().mode() & OTHERS != 0
}

fn disk(path: &Path) -> Option<Disk> {
    let told = rustix::fs::statvfs(path).ok()?;
    Some(Disk {
        bytes: told.f_blocks.saturating_mul(told.f_frsize),
        free_bytes: told.f_bavail.saturating_mul(told.f_frsize),
    })
}

/// Bytes of all files, and how many of them are segments. Files may go while this looks.
fn usage(dir: &Path) -> io::Result<(u64, u64)> {
    let (mut bytes, mut segments) = (0, 0);
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let Ok(found) = entry.metadata() else {
            continue;
        };
        if found.is_dir() {
            let (inner_bytes, inner_segments) = usage(&entry.path()).unwrap_or_default();
            bytes += inner_bytes;
            segments += inner_segments;
        } else {
            bytes += found.len();
            let path = entry.path();
            segments += u64::from(path.extension().is_some_and(|end| end == "log"));
        }
    }
    Ok((bytes, segments))
}

#[cfg(test)]
mod tests {
    use webhook::MemoryDeliveries;

    use super::*;

    #[tokio::test]
    async fn a_directory_is_as_large_as_its_files() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path();
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
        fs::create_dir(path.join("log")).unwrap();
        for (name, bytes) in [
            ("mimc.db", 5),
            ("log/stored-1.log", 70),
            ("log/stored-1.idx", 9),
        ] {
            fs::write(path.join(name), vec![0; bytes]).unwrap();
        }
        fs::write(path.join("admin.token"), "x").unwrap();
        fs::set_permissions(path.join("admin.token"), fs::Permissions::from_mode(0o644)).unwrap();
        let deliveries = MemoryDeliveries::default();
        let before = Survey::default();
        let survey = look(path.to_owned(), &deliveries, 0, before).await;
        assert_eq!((survey.storage_bytes, survey.segments), (85, 1));
        assert!(!survey.others_in_directory && survey.others_with_token);
        let disk = survey.disk.unwrap();
        assert!(disk.free_bytes <= disk.bytes && disk.bytes > 0);
        assert!(survey.descriptors.open.unwrap() > 0);
        let gone = look(path.join("nothing"), &deliveries, 0, survey).await;
        assert_eq!((gone.storage_bytes, gone.segments), (85, 1));
    }
}

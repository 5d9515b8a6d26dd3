//! Every connection is a file descriptor.

use std::fs;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the soft limit to the hard one, which is all that a process may do itself.
pub(crate) fn raise() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
}

/// How many there may be; `None`: any number.
pub(crate) fn limit() -> Option<u64> {
    getrlimit(Resource::Nofile).current
}

/// How many there are; `None` where there is no `/proc`. Blocks a little.
pub(crate) fn open() -> Option<u64> {
    const LIST: &str = "/proc/self/fd";
    // Its size is their number since Linux 6.2; before, they have to be counted.
    let told = fs::metadata(LIST).ok()?.len();
    if told > 0 {
        return Some(told);
    }
    Some(fs::read_dir(LIST).ok()?.count() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_more_is_a_descriptor_more() {
        let before = open().unwrap();
        let files: Vec<_> = (0..50)
            .map(|_| fs::File::open("/dev/null").unwrap())
            .collect();
        assert!(open().unwrap() >= before + 40, "other tests close some");
        drop(files);
        assert!(limit().is_none_or(|limit| limit > 50));
    }
}

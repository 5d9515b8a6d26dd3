//! The contract, with segments of usual length and with tiny ones.

#![allow(
    clippy::unused_async,
    reason = "other stores have to wait until they are made"
)]

use std::sync::Arc;

use super::*;
use crate::contract::LogSubject;

fn subject(clock: &Arc<TestClock>, config: Config) -> LogSubject {
    let store = try_open(&SimulatedDisk::new(), clock, config).unwrap();
    LogSubject {
        store: Arc::new(store),
        keep: Box::new(()),
    }
}

mod usual {
    use super::*;

    async fn make(clock: Arc<TestClock>) -> LogSubject {
        subject(&clock, Config::default())
    }

    crate::messages_contract!(make);
    crate::log_contract!(make);
}

mod tiny_segments {
    use super::*;

    async fn make(clock: Arc<TestClock>) -> LogSubject {
        subject(
            &clock,
            Config {
                segment_bytes: 100,
                ..Config::default()
            },
        )
    }

    crate::messages_contract!(make);
    crate::log_contract!(make);
}

mod filters_on_disk {
    use super::*;

    async fn make(clock: Arc<TestClock>) -> LogSubject {
        let config = Config {
            segment_bytes: 100,
            filter_bytes_max: 0,
            ..Config::default()
        };
        subject(&clock, config)
    }

    crate::messages_contract!(make);
    crate::log_contract!(make);
}

mod on_a_real_disk {
    use super::*;
    use crate::contract::DirectorySubject;

    async fn make(clock: Arc<TestClock>) -> LogSubject {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), clock, small()).unwrap();
        LogSubject {
            store: store.messages,
            keep: Box::new((dir, store.directory)),
        }
    }

    crate::messages_contract!(make);
    crate::log_contract!(make);

    mod directory {
        use super::*;

        async fn make() -> DirectorySubject {
            let dir = tempfile::tempdir().unwrap();
            let store = open(dir.path(), TestClock::new(), small()).unwrap();
            DirectorySubject {
                store: store.directory,
                keep: Box::new((dir, store.messages)),
            }
        }

        crate::directory_contract!(make);
    }
}

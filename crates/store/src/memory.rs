//! A store that forgets with the process: for tests, simulation and trying things out.

use std::sync::Arc;

use chat::Ports;
use chat::port::{Clock, Router, Silent};

mod directory;
mod history;
mod memberships;
mod messages;
mod relations;

pub use directory::MemoryDirectory;
pub use memberships::MemoryMemberships;
pub use messages::MemoryMessages;
pub use relations::MemoryRelations;

/// A product that forgets everything when it ends, but for its time and its sessions.
pub fn ports(clock: Arc<dyn Clock>, router: Arc<dyn Router>) -> Ports {
    let messages = Arc::new(MemoryMessages::new(Arc::clone(&clock)));
    Ports {
        clock,
        directory: Arc::new(MemoryDirectory::new()),
        history: Arc::clone(&messages) as _,
        messages,
        memberships: Arc::new(MemoryMemberships::new()),
        relations: Arc::new(MemoryRelations::new()),
        router,
        observer: Arc::new(Silent),
        listeners: Vec::new(),
    }
}

#[cfg(test)]
#[allow(
    clippy::unused_async,
    reason = "other stores have to wait until they are made"
)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::contract::{
        DirectorySubject, LogSubject, MembershipsSubject, MessagesSubject, RelationsSubject,
        TestClock,
    };

    mod messages {
        use super::*;

        async fn make(clock: Arc<TestClock>) -> MessagesSubject {
            MessagesSubject {
                store: Arc::new(MemoryMessages::new(clock)),
                keep: Box::new(()),
            }
        }

        crate::messages_contract!(make);
    }

    mod directory {
        use super::*;

        async fn make() -> DirectorySubject {
            DirectorySubject {
                store: Arc::new(MemoryDirectory::new()),
                keep: Box::new(()),
            }
        }

        crate::directory_contract!(make);
    }

    mod log {
        use super::*;

        async fn make(clock: Arc<TestClock>) -> LogSubject {
            LogSubject {
                store: Arc::new(MemoryMessages::new(clock)),
                keep: Box::new(()),
            }
        }

        crate::log_contract!(make);
    }

    mod memberships {
        use super::*;

        async fn make() -> MembershipsSubject {
            MembershipsSubject {
                store: Arc::new(MemoryMemberships::new()),
                keep: Box::new(()),
            }
        }

        crate::memberships_contract!(make);
    }

    mod relations {
        use super::*;

        async fn make() -> RelationsSubject {
            RelationsSubject {
                store: Arc::new(MemoryRelations::new()),
                keep: Box::new(()),
            }
        }

        crate::relations_contract!(make);
    }
}

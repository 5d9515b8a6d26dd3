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

#[cfg(test)]
#[allow(
    clippy::unused_async,
    reason = "other stores have to wait until they are made"
)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::contract::{DirectorySubject, MessagesSubject, TestClock};

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
}

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

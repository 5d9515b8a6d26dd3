//! A store that forgets with the process: for tests, simulation and trying things out.

mod directory;
mod messages;

pub use directory::MemoryDirectory;
pub use messages::MemoryMessages;

mod offline;
mod recovery;
mod retries;
mod sharing;
mod sockets;

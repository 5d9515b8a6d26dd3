//! Time.

/// Tells the time. Tests and simulations move it; waiting is `tokio::time`, which they move too.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since 1970. Never goes back within a process; steps of the machine's clock
    /// are smoothed by the implementation.
    fn now_ms(&self) -> u64;
}

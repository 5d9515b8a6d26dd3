//! Sessions and routing. [`local`] knows the sessions of this node, which is all there is while
//! one machine is enough.

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod contract;
pub mod local;

pub use local::LocalRouter;

//! Sessions and routing. [`local`] knows the sessions of this node, which is all there is while
//! one machine is enough.

#[cfg(test)]
mod contract;
pub mod local;

pub use local::LocalRouter;

//! What can be measured: one file for each scenario, with its flags, how it runs, and what it reports.

pub(crate) mod group;
pub(crate) mod history;
pub(crate) mod idle;
mod limit;
mod messages;
pub(crate) mod mixed;
pub(crate) mod offline;
pub(crate) mod overload;
pub(crate) mod p2p;
mod people;
pub(crate) mod storm;

use std::sync::Arc;

use crate::target::Target;

/// Ends the run: by now nobody else holds the target.
pub(crate) async fn close(target: Arc<Target>) -> anyhow::Result<()> {
    match Arc::into_inner(target) {
        Some(target) => target.close().await,
        None => Ok(()),
    }
}

//! Files that change: whoever renews certificates replaces two files, or links to them, one after
//! the other. So a pair that does not fit is looked at twice before it counts as broken.
//!
//! Contents are compared, not times or inodes: that works for renamed files, for links that are
//! switched, as Kubernetes does with a whole directory, and on every file system.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chat::port::Clock;
use tokio::signal::unix::Signal;
use tokio::time::sleep;

use super::Tls;
use super::pair::{Contents, Pair};

/// How often the files are read: a few kilobytes that the system has in memory.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What was read, or why nothing was.
type Read = Result<Contents, String>;

/// Shows what the files hold from the next handshake on, when they change and when a signal asks.
/// A broken pair changes nothing but a warning and a figure.
pub(crate) async fn watch(tls: Arc<Tls>, clock: Arc<dyn Clock>, mut hangup: Signal) {
    let mut watch = Watch::new(tls, clock).await;
    loop {
        let is_asked = tokio::select! {
            () = sleep(LOOK_EVERY) => false,
            _ = hangup.recv() => true,
        };
        watch.look(is_asked).await;
    }
}

/// What was seen so far.
pub(super) struct Watch {
    tls: Arc<Tls>,
    clock: Arc<dyn Clock>,
    /// Shown, or warned of.
    judged: Read,
    /// Broken at the last look, and perhaps half way to something good.
    suspect: Option<Read>,
}

impl Watch {
    pub(super) async fn new(tls: Arc<Tls>, clock: Arc<dyn Clock>) -> Self {
        let judged = read(&tls).await;
        Self {
            tls,
            clock,
            judged,
            suspect: None,
        }
    }

    /// `is_asked`: somebody says that the files are as they shall be.
    pub(super) async fn look(&mut self, is_asked: bool) {
        let read = read(&self.tls).await;
        if read == self.judged && !is_asked {
            self.suspect = None;
            return;
        }
        match self.show(&read) {
            Ok(()) => {}
            Err(_) if !is_asked && self.suspect.as_ref() != Some(&read) => {
                self.suspect = Some(read);
                return;
            }
            Err(error) => {
                let why = format!("{error:#}");
                tracing::warn!(%why, "the certificate was not replaced; the one before is shown");
                self.tls.metrics.reload(false);
            }
        }
        self.judged = read;
        self.suspect = None;
    }

    fn show(&self, read: &Read) -> anyhow::Result<()> {
        let contents = read.as_ref().map_err(|why| anyhow::anyhow!("{why}"))?;
        let pair = Pair::of(contents, &self.tls.paths)?;
        self.tls.show(&pair)?;
        tracing::info!(until = %pair.ends(), "a certificate is shown from now on");
        let now = Duration::from_millis(self.clock.now_ms());
        for warning in pair.warnings(&self.tls.paths, now) {
            tracing::warn!("{warning}");
        }
        self.tls.metrics.reload(true);
        Ok(())
    }
}

async fn read(tls: &Tls) -> Read {
    let paths = tls.paths.clone();
    let read = tokio::task::spawn_blocking(move || Contents::read(&paths)).await;
    let read = read.context("reading was cut short").flatten();
    read.map_err(|error| format!("{error:#}"))
}

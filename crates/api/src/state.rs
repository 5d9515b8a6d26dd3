//! What all routes share.

use std::sync::Arc;

use chat::Chat;
use chat::port::Webhook;
use model::AppId;
use tokio::sync::{Semaphore, watch};

use crate::admin::access::AdminTokens;
use crate::config::Config;
use crate::held::Held;
use crate::limits::Limits;

/// Whether a URL may be an app's; else why not, as the end of a sentence that begins with the field.
pub type CheckUrl = Arc<dyn Fn(&str) -> Result<(), String> + Send + Sync>;

/// What the router is made of.
pub struct Parts {
    /// The product.
    pub chat: Arc<Chat>,
    /// What the installation has set.
    pub config: Config,
    /// The engine of the callbacks.
    pub webhook: Arc<dyn Webhook>,
    /// Says whether a URL may be an app's callback URL.
    pub check_url: CheckUrl,
    /// What opens the admin API.
    pub admin_tokens: AdminTokens,
    /// The app that `POST /dev/token` is for; `None`: there is no such route.
    pub demo: Option<AppId>,
    /// False while the server is not to be given new work.
    pub ready: watch::Receiver<bool>,
    /// Writes the metrics as `OpenMetrics` text.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
    /// Where the TCP gateway listens.
    pub tcp_port: u16,
}

/// The parts, and what lives only here.
pub(crate) struct Api {
    pub(crate) chat: Arc<Chat>,
    pub(crate) config: Config,
    pub(crate) webhook: Arc<dyn Webhook>,
    pub(crate) check_url: CheckUrl,
    pub(crate) admin_tokens: AdminTokens,
    pub(crate) demo: Option<AppId>,
    pub(crate) ready: watch::Receiver<bool>,
    pub(crate) metrics: Arc<dyn Fn() -> String + Send + Sync>,
    pub(crate) tcp_port: u16,
    pub(crate) held: Held,
    pub(crate) limits: Limits,
    /// A permit for each KiB of request bodies that are arriving.
    pub(crate) bodies: Semaphore,
}

impl Api {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts {
            chat,
            config,
            webhook,
            check_url,
            admin_tokens,
            demo,
            ready,
            metrics,
            tcp_port,
        } = parts;
        let held = Held::new(config.held_questions_max);
        let limits = Limits::new(&config);
        let bodies = Semaphore::new(config.bodies_kib_max);
        Self {
            chat,
            config,
            webhook,
            check_url,
            admin_tokens,
            demo,
            ready,
            metrics,
            tcp_port,
            held,
            limits,
            bodies,
        }
    }
}

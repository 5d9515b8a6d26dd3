//! What all routes share.

use std::sync::Arc;

use chat::Chat;
use chat::port::Webhook;
use model::{AppId, Source};
use tokio::sync::{Semaphore, watch};

use crate::admin::access::{AdminTokens, TokenHolder};
use crate::admin::error::AdminError;
use crate::admin::sessions::Sessions;
use crate::admin::signin_codes::SignInCodes;
use crate::config::Config;
use crate::held::Held;
use crate::insight::Insight;
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
    /// What signs in to the console once.
    pub signin_codes: Arc<SignInCodes>,
    /// The app that `POST /dev/token` is for; `None`: there is no such route.
    pub demo: Option<AppId>,
    /// False while the server is not to be given new work.
    pub ready: watch::Receiver<bool>,
    /// How the server is doing.
    pub insight: Arc<dyn Insight>,
    /// Writes the metrics as `OpenMetrics` text.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
    /// Where the TCP gateway listens.
    pub tcp_port: u16,
    /// Whether it speaks TLS.
    pub is_tcp_tls: bool,
}

/// The parts, and what lives only here.
pub(crate) struct Api {
    pub(crate) chat: Arc<Chat>,
    pub(crate) config: Config,
    pub(crate) webhook: Arc<dyn Webhook>,
    pub(crate) check_url: CheckUrl,
    pub(crate) admin_tokens: AdminTokens,
    pub(crate) signin_codes: Arc<SignInCodes>,
    /// The sessions of the console.
    pub(crate) console: Sessions,
    pub(crate) demo: Option<AppId>,
    pub(crate) ready: watch::Receiver<bool>,
    pub(crate) insight: Arc<dyn Insight>,
    pub(crate) metrics: Arc<dyn Fn() -> String + Send + Sync>,
    pub(crate) tcp_port: u16,
    pub(crate) is_tcp_tls: bool,
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
            signin_codes,
            demo,
            ready,
            insight,
            metrics,
            tcp_port,
            is_tcp_tls,
        } = parts;
        let held = Held::new(config.held_questions_max);
        let limits = Limits::new(&config);
        let console = Sessions::new(config.console_session_s);
        let bodies = Semaphore::new(config.bodies_kib_max);
        Self {
            chat,
            config,
            webhook,
            check_url,
            admin_tokens,
            signin_codes,
            console,
            demo,
            ready,
            insight,
            metrics,
            tcp_port,
            is_tcp_tls,
            held,
            limits,
            bodies,
        }
    }

    /// Who holds a token; whoever tries too often is not looked at.
    pub(crate) fn admin_token(
        &self,
        peer: Option<Source>,
        token: &[u8],
    ) -> Result<TokenHolder, AdminError> {
        self.limits.may_try(peer)?;
        self.admin_tokens.holder(token).ok_or_else(|| {
            self.limits.failed(peer);
            AdminError::Unauthorized
        })
    }
}

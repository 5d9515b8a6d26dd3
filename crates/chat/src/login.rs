//! From a token and a signature to a session.

use std::sync::Arc;

use model::{Account, App, Device, DeviceId, Resource, SecurityKey, Uuid};
use thiserror::Error;

use crate::feed::Feed;
use crate::mailbox::{End, Mailbox};
use crate::port::{NewDevice, StoreError, Story};
use crate::session::Session;
use crate::{Chat, TokenError};

/// What a client shows.
#[derive(Clone, Copy)]
pub struct Login<'a> {
    /// Of a token answer.
    pub token: &'a str,
    /// Whose it says it is.
    pub uuid: Uuid,
    /// Which of the account's devices it is, unchecked.
    pub resource: &'a str,
    /// Whether all other sessions of the account shall end.
    pub is_only: bool,
    /// How many lists it takes before it acknowledges the first.
    pub window: usize,
}

/// Why there is no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LoginError {
    /// A new token will do.
    #[error("token expired")]
    Expired,
    /// The token or the signature is not good; a new token may do.
    #[error("invalid token")]
    Invalid,
    /// The account or its app is banned.
    #[error("banned")]
    Banned,
    /// The resource is empty, too long, or has control characters.
    #[error("bad resource")]
    BadResource,
    /// The store failed.
    #[error("unavailable")]
    Unavailable,
}

impl From<TokenError> for LoginError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Invalid | TokenError::Revoked => Self::Invalid,
            TokenError::Expired => Self::Expired,
            TokenError::Forbidden => Self::Banned,
            TokenError::Unavailable => Self::Unavailable,
        }
    }
}

impl From<StoreError> for LoginError {
    fn from(_: StoreError) -> Self {
        Self::Unavailable
    }
}

impl Chat {
    /// Opens a session: an older one of the same device ends, and what is for the device can be
    /// asked of the session at once. `is_signed` checks the client's signature under the account's
    /// key.
    pub async fn login(
        self: &Arc<Self>,
        login: Login<'_>,
        is_signed: impl FnOnce(&SecurityKey) -> bool,
    ) -> Result<Session, LoginError> {
        let opened = self.open(login, is_signed).await;
        match &opened {
            Ok(session) => self.observer.observe(Story::Bound(session.device())),
            Err(_) => self.observer.observe(Story::LoginRefused),
        }
        opened
    }

    async fn open(
        self: &Arc<Self>,
        login: Login<'_>,
        is_signed: impl FnOnce(&SecurityKey) -> bool,
    ) -> Result<Session, LoginError> {
        let (app, account) = self.verify(&login, is_signed).await?;
        let resource = Resource::new(login.resource).map_err(|_| LoginError::BadResource)?;
        let id = DeviceId {
            uuid: account.uuid,
            resource,
        };
        // Remembered before it is attached: a device that is unknown has no place in the queue.
        self.remember(&id).await?;
        let mailbox = Arc::new(Mailbox::new(app.id, id));
        if let Some(replaced) = self.router.attach(Arc::clone(&mailbox)) {
            replaced.end(End::Replaced);
        }
        // Read after it is attached: the older session may have acknowledged more meanwhile.
        let device = self.remember(mailbox.device()).await;
        let feed = device.map(|device| Feed::new(Arc::clone(&mailbox), device, login.window));
        let session = match feed {
            Ok(feed) => Session::new(Arc::clone(self), account, mailbox, feed),
            Err(error) => {
                self.router.detach(&mailbox);
                return Err(error.into());
            }
        };
        self.check_again(&app, &session.account).await?;
        if login.is_only {
            self.router
                .end(login.uuid, Some(session.mailbox()), End::SingleSignOn);
        }
        Ok(session)
    }

    /// Whose login this is, when token and signature are good.
    pub(crate) async fn verify(
        &self,
        login: &Login<'_>,
        is_signed: impl FnOnce(&SecurityKey) -> bool,
    ) -> Result<(Arc<App>, Arc<Account>), LoginError> {
        let (app, account) = self.authenticate(login.token).await?;
        if account.uuid != login.uuid || !is_signed(&account.security_key) {
            return Err(LoginError::Invalid);
        }
        Ok((app, account))
    }

    /// A ban or a revocation either finds the attached session or is found here.
    async fn check_again(&self, app: &App, account: &Account) -> Result<(), LoginError> {
        let epoch_now = self
            .apps
            .get(app.id)
            .map(|app| (app.is_banned, app.token_epoch));
        if epoch_now != Some((app.is_banned, app.token_epoch)) {
            return Err(LoginError::Invalid);
        }
        let account_now = self.accounts.find_by_uuid(account.uuid).await?;
        let is_same = account_now.is_some_and(|now| now.token_epoch == account.token_epoch);
        if is_same {
            Ok(())
        } else {
            Err(LoginError::Invalid)
        }
    }

    /// What is known of the device, from now on if it was unknown.
    async fn remember(&self, id: &DeviceId) -> Result<Device, StoreError> {
        if let Some(device) = self.messages.device(id) {
            return Ok(device);
        }
        let new = NewDevice {
            device: id.clone(),
            bound: self.router.bound(id.uuid),
        };
        self.committer.register(new).await
    }
}

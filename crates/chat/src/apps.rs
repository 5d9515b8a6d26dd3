//! The tenants: all of them in memory, changed one at a time, kept by the directory.

use std::collections::HashMap;
use std::sync::Arc;

use model::{App, AppId, AppSettings};
use parking_lot::RwLock;
use subtle::ConstantTimeEq as _;
use tokio::sync::Mutex;

use crate::port::{Clock, CreateAppError, Directory, StoreError};
use crate::secret;

/// An app that is to be.
#[derive(Clone, Debug)]
pub struct NewApp {
    /// For people.
    pub name: String,
    /// As in `com.example.demo`.
    pub package: String,
    /// Of an app that moves here; generated otherwise.
    pub credentials: Option<Credentials>,
}

/// What opens the REST API for an app.
#[derive(Clone)]
pub struct Credentials {
    /// The id.
    pub id: AppId,
    /// The public half.
    pub key: String,
    /// The secret half.
    pub secret: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The tenants.
pub struct Apps {
    directory: Arc<dyn Directory>,
    clock: Arc<dyn Clock>,
    by_id: RwLock<HashMap<AppId, Arc<App>>>,
    /// Held while an app is changed, so that two changes do not undo each other.
    changing: Mutex<()>,
}

impl Apps {
    pub(crate) async fn load(
        directory: Arc<dyn Directory>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let apps = directory.apps().await?;
        let by_id = apps
            .into_iter()
            .map(|app| (app.id, Arc::new(app)))
            .collect();
        Ok(Self {
            directory,
            clock,
            by_id: RwLock::new(by_id),
            changing: Mutex::default(),
        })
    }

    /// The app with this id.
    pub fn get(&self, id: AppId) -> Option<Arc<App>> {
        self.by_id.read().get(&id).cloned()
    }

    /// All apps, the oldest first.
    pub fn list(&self) -> Vec<Arc<App>> {
        let mut apps: Vec<_> = self.by_id.read().values().cloned().collect();
        apps.sort_by_key(|app| (app.created_at_ms, app.id));
        apps
    }

    /// The app that has these credentials, banned or not.
    pub fn authenticate(&self, id: AppId, key: &str, secret: &str) -> Option<Arc<App>> {
        let app = self.get(id)?;
        has_credentials(&app, key, secret).then_some(app)
    }

    /// The same where the request does not name the app. All keys are looked at, whichever fits.
    pub fn authenticate_by_key(&self, key: &str, secret: &str) -> Option<Arc<App>> {
        let apps = self.by_id.read();
        let fitting = apps.values().filter(|app| has_key(app, key));
        let app = fitting.last().cloned()?;
        has_credentials(&app, key, secret).then_some(app)
    }

    /// Adds an app. The secret is in the answer and nowhere else.
    pub async fn create(&self, new: NewApp) -> Result<(Arc<App>, String), CreateAppError> {
        let Credentials { id, key, secret } = new.credentials.unwrap_or_else(|| Credentials {
            id: secret::app_id(),
            key: secret::app_key(),
            secret: secret::app_secret(),
        });
        let app = Arc::new(App {
            id,
            key,
            secret: secret::hash(&secret),
            callback_secret: secret::callback_secret(),
            name: new.name,
            package: new.package,
            is_banned: false,
            token_epoch: 0,
            created_at_ms: self.clock.now_ms(),
            ttl_raised_at_ms: 0,
            settings: AppSettings::default(),
        });
        let _changing = self.changing.lock().await;
        self.directory.create_app(&app).await?;
        self.by_id.write().insert(id, Arc::clone(&app));
        Ok((app, secret))
    }

    /// Changes the settings as they are at that moment; `None` when there is no such app.
    pub async fn change_settings(
        &self,
        id: AppId,
        change: impl FnOnce(&mut AppSettings) + Send,
    ) -> Result<Option<Arc<App>>, StoreError> {
        let now_ms = self.clock.now_ms();
        let change = |app: &mut App| {
            let was_permanent = app.settings.account_ttl_s == 0;
            change(&mut app.settings);
            if was_permanent && app.settings.account_ttl_s > 0 {
                app.ttl_raised_at_ms = now_ms;
            }
        };
        self.change(id, change).await
    }

    /// Changes an app, durably before anyone sees it.
    pub(crate) async fn change(
        &self,
        id: AppId,
        change: impl FnOnce(&mut App) + Send,
    ) -> Result<Option<Arc<App>>, StoreError> {
        let _changing = self.changing.lock().await;
        let Some(app) = self.get(id) else {
            return Ok(None);
        };
        let mut changed = App::clone(&app);
        change(&mut changed);
        self.directory.save_app(&changed).await?;
        let changed = Arc::new(changed);
        self.by_id.write().insert(id, Arc::clone(&changed));
        Ok(Some(changed))
    }

    /// Removes an app with its accounts; whether there was one.
    pub(crate) async fn remove(&self, id: AppId) -> Result<bool, StoreError> {
        let _changing = self.changing.lock().await;
        if self.get(id).is_none() {
            return Ok(false);
        }
        self.directory.delete_app(id).await?;
        self.by_id.write().remove(&id);
        Ok(true)
    }
}

fn has_credentials(app: &App, key: &str, secret: &str) -> bool {
    has_key(app, key) & secret::matches(secret, &app.secret)
}

fn has_key(app: &App, key: &str) -> bool {
    app.key.as_bytes().ct_eq(key.as_bytes()).into()
}

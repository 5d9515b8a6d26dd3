//! A store that fails: clients learn nothing of why, only whether it may be better later.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use api::Config;
use async_trait::async_trait;
use chat::port::{CreateAppError, Directory, ListAccounts, StoreError};
use chat::secret;
use model::{Account, AccountName, App, AppId, AppSettings, Uuid};
use serde_json::json;
use store::memory::MemoryDirectory;

use crate::house::{APP, House};

/// Knows one app and fails in everything else.
struct Broken;

fn broken<T>() -> Result<T, StoreError> {
    Err(StoreError::Unavailable("disk /dev/private is gone".into()))
}

#[async_trait]
impl Directory for Broken {
    async fn signing_key(&self) -> Result<[u8; 32], StoreError> {
        Ok([7; 32])
    }

    async fn apps(&self) -> Result<Vec<App>, StoreError> {
        Ok(vec![App {
            id: AppId(APP),
            key: "key".into(),
            secret: secret::hash("secret"),
            callback_secret: String::new(),
            name: String::new(),
            package: String::new(),
            is_banned: false,
            token_epoch: 0,
            created_at_ms: 0,
            ttl_raised_at_ms: 0,
            settings: AppSettings::default(),
        }])
    }

    async fn create_app(&self, _: &App) -> Result<(), CreateAppError> {
        Ok(broken()?)
    }

    async fn save_app(&self, _: &App) -> Result<(), StoreError> {
        broken()
    }

    async fn delete_app(&self, _: AppId) -> Result<(), StoreError> {
        broken()
    }

    async fn account(&self, _: AppId, _: &AccountName) -> Result<Option<Account>, StoreError> {
        broken()
    }

    async fn accounts(&self, _: AppId, _: ListAccounts) -> Result<Vec<Account>, StoreError> {
        broken()
    }

    async fn account_by_uuid(&self, _: Uuid) -> Result<Option<Account>, StoreError> {
        broken()
    }

    async fn create_accounts(&self, _: Vec<Account>) -> Result<Vec<Account>, StoreError> {
        broken()
    }

    async fn save_account(&self, _: &Account) -> Result<(), StoreError> {
        broken()
    }

    async fn created_until(&self, _: AppId, _: u64, _: usize) -> Result<Vec<Account>, StoreError> {
        broken()
    }

    async fn delete_account(&self, _: Uuid) -> Result<(), StoreError> {
        broken()
    }
}

/// Knows all that it was told before it became full.
#[derive(Default)]
struct Filling {
    inner: MemoryDirectory,
    is_full: AtomicBool,
}

impl Filling {
    fn has_room(&self) -> Result<(), StoreError> {
        if self.is_full.load(Ordering::Relaxed) {
            Err(StoreError::Full)
        } else {
            Ok(())
        }
    }
}

#[async_trait]
impl Directory for Filling {
    async fn signing_key(&self) -> Result<[u8; 32], StoreError> {
        self.inner.signing_key().await
    }

    async fn apps(&self) -> Result<Vec<App>, StoreError> {
        self.inner.apps().await
    }

    async fn create_app(&self, app: &App) -> Result<(), CreateAppError> {
        self.has_room()?;
        self.inner.create_app(app).await
    }

    async fn save_app(&self, app: &App) -> Result<(), StoreError> {
        self.has_room()?;
        self.inner.save_app(app).await
    }

    async fn delete_app(&self, id: AppId) -> Result<(), StoreError> {
        self.has_room()?;
        self.inner.delete_app(id).await
    }

    async fn account(&self, id: AppId, name: &AccountName) -> Result<Option<Account>, StoreError> {
        self.inner.account(id, name).await
    }

    async fn accounts(&self, id: AppId, wanted: ListAccounts) -> Result<Vec<Account>, StoreError> {
        self.inner.accounts(id, wanted).await
    }

    async fn account_by_uuid(&self, uuid: Uuid) -> Result<Option<Account>, StoreError> {
        self.inner.account_by_uuid(uuid).await
    }

    async fn create_accounts(&self, accounts: Vec<Account>) -> Result<Vec<Account>, StoreError> {
        self.has_room()?;
        self.inner.create_accounts(accounts).await
    }

    async fn save_account(&self, account: &Account) -> Result<(), StoreError> {
        self.has_room()?;
        self.inner.save_account(account).await
    }

    async fn created_until(
        &self,
        id: AppId,
        created_at_ms: u64,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError> {
        self.inner.created_until(id, created_at_ms, limit).await
    }

    async fn delete_account(&self, uuid: Uuid) -> Result<(), StoreError> {
        self.has_room()?;
        self.inner.delete_account(uuid).await
    }
}

#[tokio::test]
async fn a_full_disk_is_busy_for_apps_and_named_to_operators() {
    let disk = Arc::new(Filling::default());
    let house = House::with(Config::default(), Arc::clone(&disk) as _, None).await;
    let token = house.token("a").await;
    disk.is_full.store(true, Ordering::Relaxed);
    let topic = format!("/api/topic/{APP}");
    for (path, body) in [
        (&*topic, json!({ "topicName": "t", "accounts": "new" })),
        ("/api/blacklist", json!({ "blackAccount": "new" })),
    ] {
        let headers = [("token", &*token)];
        let reply = house
            .request("POST", path, &headers, body.to_string())
            .await;
        reply.is_refused(503, 503, "busy");
    }
    let push = json!({ "fromAccount": "a", "toAccount": "new", "msg": "x" });
    let reply = house.post_as_app("/api/push/p2p", push).await;
    reply.is_refused(503, 503, "busy");
    let app = format!("/apps/{APP}");
    let reply = house.admin("PATCH", &app, json!({ "maxPayload": 5 })).await;
    reply.is_error(507, None);
}

#[tokio::test]
async fn a_failure_is_told_without_its_details() {
    let house = House::with(Config::default(), Arc::new(Broken), None).await;
    let push = json!({ "fromAccount": "a", "toAccount": "b", "msg": "x" });
    for (path, body) in [
        ("/api/account/token", json!({ "appAccount": "a" })),
        ("/api/push/p2p", push),
    ] {
        let reply = house.post_as_app(path, body).await;
        reply.is_refused(500, 500, "internal error");
        assert!(reply.headers.contains_key("x-request-id"));
        assert_eq!(reply.headers["access-control-allow-origin"], "*");
    }
    for (method, path) in [("GET", "/accounts/a"), ("POST", "/ban"), ("DELETE", "")] {
        let reply = house
            .admin(method, &format!("/apps/{APP}{path}"), json!({}))
            .await;
        reply.is_error(500, None);
        assert!(!reply.body.to_string().contains("private"));
    }
}

//! A store that fails: clients learn nothing of why.

use std::sync::Arc;

use api::Config;
use async_trait::async_trait;
use chat::port::{CreateAppError, Directory, StoreError};
use chat::secret;
use model::{Account, AccountName, App, AppId, AppSettings, Uuid};
use serde_json::json;

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

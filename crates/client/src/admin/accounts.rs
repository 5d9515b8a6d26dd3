//! Accounts of an app, as its operator sees them.

use serde_json::{Map, Value, json};

use super::{Admin, AdminError, account_path, app_path, part};
use crate::rest::Method;
use crate::secret::Secret;

impl Admin {
    /// A page of `{accounts, next}` of those whose names begin with a text, in the order of their
    /// names; `next` is what `after` is for the page that follows, or null.
    pub async fn accounts(
        &self,
        app_id: &str,
        prefix: &str,
        after: Option<&str>,
    ) -> Result<Map<String, Value>, AdminError> {
        let after = after.map(|name| format!("&after={}", part(name)));
        let query = format!("?prefix={}{}", part(prefix), after.unwrap_or_default());
        let path = format!("{}/accounts{query}", app_path(app_id));
        self.read(self.call(Method::GET, &path, None).await?)
    }

    /// What the server knows of an account: its `uuid`, its devices, what waits for them, …
    pub async fn account(
        &self,
        app_id: &str,
        account: &str,
    ) -> Result<Map<String, Value>, AdminError> {
        let path = account_path(app_id, account);
        self.read(self.call(Method::GET, &path, None).await?)
    }

    /// A page of `{topics, next}` that the account is in, as it joined them.
    pub async fn topics_of_account(
        &self,
        app_id: &str,
        account: &str,
        after: Option<&str>,
    ) -> Result<Map<String, Value>, AdminError> {
        self.page(app_id, account, "topics", after).await
    }

    /// A page of `{contacts, next}`: with whom it has talked in the last 30 days.
    pub async fn contacts_of_account(
        &self,
        app_id: &str,
        account: &str,
        after: Option<&str>,
    ) -> Result<Map<String, Value>, AdminError> {
        self.page(app_id, account, "contacts", after).await
    }

    /// A page of `{accounts, next}`: whom it has blocked.
    pub async fn blacklist(
        &self,
        app_id: &str,
        account: &str,
        after: Option<&str>,
    ) -> Result<Map<String, Value>, AdminError> {
        self.page(app_id, account, "blacklist", after).await
    }

    /// From now on nothing that the other sends P2P reaches the account, or no longer so.
    pub async fn set_blocked(
        &self,
        app_id: &str,
        account: &str,
        other: &str,
        is_blocked: bool,
    ) -> Result<(), AdminError> {
        let account = account_path(app_id, account);
        let path = format!("{account}/blacklist/{}", part(other));
        let method = if is_blocked {
            Method::PUT
        } else {
            Method::DELETE
        };
        self.call(method, &path, None).await.map(drop)
    }

    /// Ends the account's sessions; its devices may log in again.
    pub async fn kick(&self, app_id: &str, account: &str) -> Result<(), AdminError> {
        let path = account_path(app_id, account);
        self.post(&path, "kick").await.map(drop)
    }

    /// Bans an account: its sessions end, its tokens are void.
    pub async fn ban(&self, app_id: &str, account: &str) -> Result<(), AdminError> {
        let path = account_path(app_id, account);
        self.post(&path, "ban").await.map(drop)
    }

    /// Lifts the ban.
    pub async fn unban(&self, app_id: &str, account: &str) -> Result<(), AdminError> {
        let path = account_path(app_id, account);
        self.post(&path, "unban").await.map(drop)
    }

    /// Why a token opens nothing, or that it does: `{verdict, sentence: {en, zh}, …}`. With an app and
    /// an account also whether it is theirs.
    pub async fn explain_token(
        &self,
        token: &Secret,
        app_id: Option<&str>,
        account: Option<&str>,
    ) -> Result<Map<String, Value>, AdminError> {
        let body = json!({ "token": token, "app": app_id, "account": account });
        let answer = self.call(Method::POST, "/token/explain", Some(&body));
        self.read(answer.await?)
    }

    async fn page(
        &self,
        app_id: &str,
        account: &str,
        list: &str,
        after: Option<&str>,
    ) -> Result<Map<String, Value>, AdminError> {
        let after = after.map(|place| format!("?after={}", part(place)));
        let account = account_path(app_id, account);
        let path = format!("{account}/{list}{}", after.unwrap_or_default());
        self.read(self.call(Method::GET, &path, None).await?)
    }
}

//! What was posted to an app's own servers, and what became of it.

use serde_json::{Map, Value, json};

use super::{Admin, AdminError, app_path, part};
use crate::rest::Method;

/// What the app's server has got.
#[derive(Clone, Copy, Debug)]
pub struct SignedPost<'a> {
    /// The header `webhook-id`.
    pub id: &'a str,
    /// The header `webhook-timestamp`.
    pub timestamp: &'a str,
    /// The header `webhook-signature`.
    pub signature: &'a str,
    /// As it came.
    pub body: &'a str,
}

impl Admin {
    /// A page of `{callbacks, next}`; `next` is what `after` is for the page that follows, or null.
    /// Only those that failed, if so wanted.
    pub async fn callbacks(
        &self,
        app_id: &str,
        is_failed: bool,
        after: Option<&str>,
    ) -> Result<Map<String, Value>, AdminError> {
        let path = format!("{}/callbacks{}", app_path(app_id), query(is_failed, after));
        self.read(self.call(Method::GET, &path, None).await?)
    }

    /// One of them, with what was posted: `{…, request: {url, headers, body} | null}`.
    pub async fn callback(&self, app_id: &str, id: &str) -> Result<Map<String, Value>, AdminError> {
        let path = format!("{}/callbacks/{}", app_path(app_id), part(id));
        self.read(self.call(Method::GET, &path, None).await?)
    }

    /// Whether the app's server was sent a body by us: `{valid, expected, sentence: {en, zh}}`.
    pub async fn verify_callback(
        &self,
        app_id: &str,
        post: &SignedPost<'_>,
    ) -> Result<Map<String, Value>, AdminError> {
        let path = format!("{}/callbacks/verify", app_path(app_id));
        let body = json!({
            "id": post.id,
            "timestamp": post.timestamp,
            "signature": post.signature,
            "body": post.body,
        });
        self.read(self.call(Method::POST, &path, Some(&body)).await?)
    }

    /// Posts one again.
    pub async fn replay_callback(&self, app_id: &str, id: &str) -> Result<(), AdminError> {
        let path = format!("{}/callbacks/{}", app_path(app_id), part(id));
        self.post(&path, "replay").await.map(drop)
    }

    /// Posts all that failed again, and says how many those are.
    pub async fn replay_failed_callbacks(&self, app_id: &str) -> Result<u64, AdminError> {
        let path = format!("{}/callbacks", app_path(app_id));
        let answer = self.post(&path, "replay").await?;
        self.read(answer["replayed"].clone())
    }

    /// Posts a sample to each of the app's URLs now: `{instant, offline}`, each an attempt, or null
    /// where there is no URL.
    pub async fn test_callbacks(&self, app_id: &str) -> Result<Map<String, Value>, AdminError> {
        let path = format!("{}/callbacks", app_path(app_id));
        self.read(self.post(&path, "test").await?)
    }
}

fn query(is_failed: bool, after: Option<&str>) -> String {
    let status = is_failed.then(|| "status=failed".to_owned());
    let after = after.map(|id| format!("after={}", part(id)));
    let given: Vec<_> = status.into_iter().chain(after).collect();
    if given.is_empty() {
        return String::new();
    }
    format!("?{}", given.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_has_what_is_asked_for() {
        assert_eq!(query(false, None), "");
        assert_eq!(query(true, None), "?status=failed");
        assert_eq!(query(true, Some("a&b")), "?status=failed&after=a%26b");
    }
}

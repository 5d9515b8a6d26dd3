//! What was posted to an app's own servers, and what became of it.

use serde_json::{Map, Value};

use super::{Admin, AdminError, app_path, part};
use crate::rest::Method;

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

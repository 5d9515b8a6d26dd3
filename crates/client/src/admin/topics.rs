//! Topics of an app, as its operator sees them.

use serde_json::{Map, Value};

use super::{Admin, AdminError, app_path, part};
use crate::rest::Method;

impl Admin {
    /// A page of `{topics, next}` in the order of their ids; `next` is what `after` is for the
    /// page that follows, or null.
    pub async fn topics(
        &self,
        app_id: &str,
        after: Option<&str>,
    ) -> Result<Map<String, Value>, AdminError> {
        let query = after.map(|id| format!("?after={}", part(id)));
        let path = format!("{}/topics{}", app_path(app_id), query.unwrap_or_default());
        self.read(self.call(Method::GET, &path, None).await?)
    }

    /// One topic with its members.
    pub async fn topic(
        &self,
        app_id: &str,
        topic_id: &str,
    ) -> Result<Map<String, Value>, AdminError> {
        let path = topic_path(app_id, topic_id);
        self.read(self.call(Method::GET, &path, None).await?)
    }

    /// Dismisses a topic: it is gone for its members at once.
    pub async fn dismiss_topic(&self, app_id: &str, topic_id: &str) -> Result<(), AdminError> {
        let path = topic_path(app_id, topic_id);
        self.call(Method::DELETE, &path, None).await.map(drop)
    }
}

fn topic_path(app_id: &str, topic_id: &str) -> String {
    format!("{}/topics/{}", app_path(app_id), part(topic_id))
}

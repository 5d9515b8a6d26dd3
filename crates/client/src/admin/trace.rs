//! What became of one message.

use serde_json::{Map, Value};

use super::{Admin, AdminError, app_path, part};
use crate::rest::Method;

impl Admin {
    /// The way of a message, by its packetId or sequence: `steps`, each with its time and a sentence
    /// in `en` and `zh`, and the `verdict`. Who sent it may be named, since packetIds are unique for
    /// a device only.
    pub async fn trace(
        &self,
        app_id: &str,
        id: &str,
        from: Option<&str>,
    ) -> Result<Map<String, Value>, AdminError> {
        let query = from.map(|account| format!("?from={}", part(account)));
        let query = query.unwrap_or_default();
        let path = format!("{}/trace/{}{query}", app_path(app_id), part(id));
        self.read(self.call(Method::GET, &path, None).await?)
    }
}

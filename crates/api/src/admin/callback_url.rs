//! URLs that callbacks go to.

use chat::port::Webhook;

use crate::refusal::BadParameter;

/// A URL as JSON; `null` and `""` are none.
pub(crate) fn read(
    field: &str,
    json: &str,
    webhook: &dyn Webhook,
) -> Result<Option<String>, BadParameter> {
    let bad = |why: String| BadParameter::new(field.to_owned(), why);
    if json == "null" {
        return Ok(None);
    }
    let url: String = serde_json::from_str(json).map_err(|_| bad("must be a URL".to_owned()))?;
    if url.is_empty() {
        return Ok(None);
    }
    webhook.check_url(&url).map_err(bad)?;
    Ok(Some(url))
}

//! URLs that callbacks go to.

use crate::refusal::BadParameter;
use crate::state::CheckUrl;

/// A URL as JSON; `null` and `""` are none.
pub(crate) fn read(
    field: &str,
    json: &str,
    check_url: &CheckUrl,
) -> Result<Option<String>, BadParameter> {
    let bad = |why: String| BadParameter::new(field.to_owned(), why);
    if json == "null" {
        return Ok(None);
    }
    let url: String = serde_json::from_str(json).map_err(|_| bad("must be a URL".to_owned()))?;
    if url.is_empty() {
        return Ok(None);
    }
    check_url(&url).map_err(bad)?;
    Ok(Some(url))
}

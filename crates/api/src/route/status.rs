//! POST /api/account/status: which devices of some accounts are online.

use std::sync::Arc;

use axum::extract::State;
use model::AccountName;
use model::limits::PUSH_LIST_MAX;
use serde::Serialize;

use crate::caller::Caller;
use crate::envelope::Success;
use crate::fields::Fields;
use crate::names;
use crate::refusal::{BadParameter, Refusal};
use crate::state::Api;

const FIELD: &str = "accounts";
/// Accounts of one question: as many as a push has receivers.
const ACCOUNTS_MAX: usize = PUSH_LIST_MAX;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Status {
    account: String,
    online_resources: Vec<String>,
}

/// An account that nobody has named before has no devices, and is still unknown afterwards.
pub(crate) async fn status(
    State(api): State<Arc<Api>>,
    caller: Caller,
    fields: Fields,
) -> Result<Success<Vec<Status>>, Refusal> {
    let names = accounts(&fields)?;
    let online = api.chat.online(caller.account.app_id, &names).await?;
    let of = |(name, resources): (&AccountName, Vec<model::Resource>)| Status {
        account: name.to_string(),
        online_resources: resources.iter().map(ToString::to_string).collect(),
    };
    Ok(Success(names.iter().zip(online).map(of).collect()))
}

/// A list of names, or one text with commas.
fn accounts(fields: &Fields) -> Result<Vec<AccountName>, BadParameter> {
    let bad = |why: String| BadParameter::new(FIELD, why);
    let is_list = fields.raw(FIELD).is_some_and(|json| json.starts_with('['));
    let read = if is_list {
        let listed = fields.texts(FIELD, ACCOUNTS_MAX)?;
        let texts: Option<Vec<String>> = listed.into_iter().collect();
        let texts = texts.ok_or_else(|| bad("must be a list of strings".into()))?;
        names::collect(texts.iter().map(String::as_str))
    } else {
        names::list(&fields.text(FIELD)?)
    };
    let names = read.map_err(|why| BadParameter::name(FIELD, why))?;
    if (1..=ACCOUNTS_MAX).contains(&names.len()) {
        Ok(names)
    } else {
        Err(bad(format!("must be 1 to {ACCOUNTS_MAX} names")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Vec<String>> {
        let fields = Fields::parse(json.as_bytes()).unwrap();
        let names = accounts(&fields).ok()?;
        Some(names.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn accounts_are_a_text_or_a_list() {
        let expected = Some(vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(read(r#"{"accounts":"a, b,a,"}"#), expected);
        assert_eq!(read(r#"{"accounts":["a","b","a"]}"#), expected);
        for bad in [r#""""#, "[]", "[1]", "null", "5", r#"["a,b"]"#, r#""a\nb""#] {
            assert_eq!(read(&format!(r#"{{"accounts":{bad}}}"#)), None, "{bad}");
        }
    }

    #[test]
    fn there_are_at_most_a_thousand() {
        let listed = |count: usize| {
            let names: Vec<_> = (0..count).map(|number| number.to_string()).collect();
            read(&format!(r#"{{"accounts":"{}"}}"#, names.join(","))).map(|names| names.len())
        };
        assert_eq!(listed(ACCOUNTS_MAX), Some(ACCOUNTS_MAX));
        assert_eq!(listed(ACCOUNTS_MAX + 1), None);
    }
}

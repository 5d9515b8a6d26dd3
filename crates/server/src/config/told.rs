//! What is set, as the admin API tells it.

use api::insight::{Setting, SettingSource};
use serde_json::{Value as Json, json};
use toml::Value;

use super::keys::{KEYS, SECRETS};
use super::meanings_zh::meaning_zh;
use super::{Loaded, Source};

/// Every key with its value and source, in the order in which people read them.
pub(crate) fn told(loaded: &Loaded) -> Vec<Setting> {
    let keys = KEYS.iter();
    keys.map(|(key, meaning)| {
        let setting = &loaded.settings[*key];
        let is_secret = SECRETS.contains(key);
        Setting {
            key: (*key).to_owned(),
            value: if is_secret {
                Json::Null
            } else {
                value(&setting.value)
            },
            source: source(&setting.source),
            description: meaning,
            description_zh: meaning_zh(key),
            is_secret,
        }
    })
    .collect()
}

fn value(value: &Value) -> Json {
    match value {
        Value::String(text) => json!(text),
        Value::Integer(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::Boolean(flag) => json!(flag),
        Value::Array(elements) => elements.iter().map(self::value).collect(),
        Value::Datetime(_) | Value::Table(_) => json!(value.to_string()),
    }
}

fn source(source: &Source) -> SettingSource {
    let (kind, name) = match source {
        Source::Default => ("default", None),
        Source::File(path) => ("file", Some(path.display().to_string())),
        Source::Environment(name) => ("environment", Some(name.clone())),
        Source::Flag(name) => ("flag", Some((*name).to_owned())),
    };
    SettingSource { kind, name }
}

#[cfg(test)]
mod tests {
    use super::super::load;
    use super::*;
    use crate::options::Options;

    #[test]
    fn every_key_is_told_with_its_source() {
        let options = Options {
            dev: true,
            ..Options::default()
        };
        let env = [(
            "MIMC_HTTP__CORS_ORIGINS".to_owned(),
            "https://a.example".to_owned(),
        )];
        let told = told(&load(&options, env).unwrap());
        assert_eq!(told.len(), KEYS.len());
        let of = |key: &str| {
            let setting = told.iter().find(|setting| setting.key == key).unwrap();
            assert!(!setting.description.is_empty() && !setting.description_zh.is_empty());
            (
                setting.value.clone(),
                setting.source.kind,
                setting.source.name.as_deref(),
            )
        };
        assert_eq!(of("token.ttl_s"), (json!(604_800), "default", None));
        assert_eq!(
            of("http.cors_origins"),
            (
                json!(["https://a.example"]),
                "environment",
                Some("MIMC_HTTP__CORS_ORIGINS")
            )
        );
        assert_eq!(
            of("callback.allow_private"),
            (json!(true), "flag", Some("--dev"))
        );
    }
}

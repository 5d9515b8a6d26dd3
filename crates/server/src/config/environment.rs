//! The environment: `MIMC_HTTP__LISTEN` is `http.listen`, and `MIMC_HTTP__LISTEN_FILE` names a
//! file that holds it, as secrets are handed to containers.

use std::env;
use std::fs;

use anyhow::Context as _;
use toml::Value;

use super::{Layer, Setting, Source, suggest};

const PREFIX: &str = "MIMC_";
/// Of the command line and the tests, not of the configuration.
const OTHERS: [&str; 4] = ["MIMC_SERVER", "MIMC_CA", "MIMC_ADMIN_TOKEN", "MIMC_BIN"];

/// The variables of this process that are text.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// Values by the kind of what is `below`; an unknown variable only warns.
pub(super) fn layer(
    variables: impl IntoIterator<Item = (String, String)>,
    below: &Layer,
    warnings: &mut Vec<String>,
) -> anyhow::Result<Layer> {
    let mut layer = Layer::new();
    for (name, text) in variables {
        let Some(rest) = name.strip_prefix(PREFIX) else {
            continue;
        };
        if OTHERS.contains(&name.as_str()) {
            continue;
        }
        let key = key(rest);
        let (key, text) = if below.contains_key(&key) {
            (key, text)
        } else if let Some(key) = key
            .strip_suffix("_file")
            .filter(|key| below.contains_key(*key))
        {
            let held = fs::read_to_string(&text).with_context(|| format!("{name}: {text}"))?;
            (key.to_owned(), held.trim_end().to_owned())
        } else {
            warnings.push(unknown(&name, &key));
            continue;
        };
        let value = parse(&text, &below[&key].value).with_context(|| format!("{name}: {key}"))?;
        layer.insert(
            key,
            Setting {
                value,
                source: Source::Environment(name),
            },
        );
    }
    Ok(layer)
}

fn key(rest: &str) -> String {
    rest.to_lowercase().replace("__", ".")
}

fn unknown(name: &str, key: &str) -> String {
    let known = suggest::nearest(key).map(|key| key.to_uppercase().replace('.', "__"));
    let hint = known
        .map(|known| format!("; did you mean {PREFIX}{known}?"))
        .unwrap_or_default();
    format!("{name} is not known and does nothing{hint}")
}

fn parse(text: &str, like: &Value) -> anyhow::Result<Value> {
    Ok(match like {
        Value::Integer(_) => Value::Integer(text.parse().context("expected an integer")?),
        Value::Boolean(_) => Value::Boolean(text.parse().context("expected true or false")?),
        Value::Array(_) => {
            let parts = text
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty());
            Value::Array(parts.map(Value::from).collect())
        }
        _ => Value::from(text),
    })
}

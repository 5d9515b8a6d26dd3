//! The sample in `docs/configuration.md` has every key of the binary, with its default.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use serde_json::{Map, Value};

use crate::root;

const DOCUMENT: &str = "docs/configuration.md";

pub(super) fn check(mimc: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(root().join(DOCUMENT)).context(DOCUMENT)?;
    let described = flat(&sample(&text)?);
    let known = defaults(mimc)?;
    for (key, default) in &known {
        match described.get(key) {
            None => bail!("{DOCUMENT}: {key} is missing"),
            Some(value) if value != default => {
                bail!("{DOCUMENT}: {key} is {default}, the sample says {value}")
            }
            Some(_) => {}
        }
    }
    if let Some(key) = described.keys().find(|key| !known.contains_key(*key)) {
        bail!("{DOCUMENT}: there is no key {key}");
    }
    eprintln!("{DOCUMENT}: {} keys compared", known.len());
    Ok(())
}

/// The first TOML block.
fn sample(text: &str) -> anyhow::Result<Value> {
    let (_, rest) = text.split_once("```toml\n").context("no TOML block")?;
    let (block, _) = rest.split_once("```").context("the block has no end")?;
    toml::from_str(block).context(DOCUMENT)
}

/// Values by dotted key; a section is one deep.
fn flat(sample: &Value) -> BTreeMap<String, Value> {
    let mut keys = BTreeMap::new();
    for (key, value) in sample.as_object().into_iter().flatten() {
        match value {
            Value::Object(section) => {
                let inner = section.iter();
                keys.extend(inner.map(|(name, value)| (format!("{key}.{name}"), value.clone())));
            }
            value => drop(keys.insert(key.clone(), value.clone())),
        }
    }
    keys
}

/// What the binary says when nothing is set.
fn defaults(mimc: &Path) -> anyhow::Result<BTreeMap<String, Value>> {
    let shown = Command::new(mimc)
        .args(["config", "show", "-o", "json"])
        .env_clear()
        .output()?;
    let shown: Map<String, Value> =
        serde_json::from_slice(&shown.stdout).context("mimc config show -o json")?;
    let pairs = shown.into_iter();
    Ok(pairs
        .map(|(key, setting)| (key, setting["value"].clone()))
        .collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_sample_is_read_as_dotted_keys() {
        let text = "# A\n```toml\na = 1\n[b]\nc = [\"*\"]\n```\n";
        let expected = [("a".to_owned(), json!(1)), ("b.c".to_owned(), json!(["*"]))];
        assert_eq!(flat(&sample(text).unwrap()), BTreeMap::from(expected));
    }
}

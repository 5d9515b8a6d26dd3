//! Tells people what is set, and where.

use std::fmt::Write as _;
use std::time::Duration;

use chat::port::Clock as _;

use super::keys::KEYS;
use super::{Loaded, Setting, environment, load, suggest};
use crate::clock::SystemClock;
use crate::options::Options;
use crate::tls;

/// `mimc config show`: every key with its value and source, as a TOML reader could take it.
pub fn show(options: &Options) -> anyhow::Result<String> {
    let loaded = load(options, environment())?;
    let lines = KEYS
        .iter()
        .map(|(key, _)| (format!("{key} = {}", value(&loaded, key)), *key));
    let lines: Vec<_> = lines.collect();
    let width = lines
        .iter()
        .map(|(line, _)| line.chars().count())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for (line, key) in lines {
        let _ = writeln!(text, "{line:width$}  # {}", loaded.settings[key].source);
    }
    Ok(text)
}

/// What is not wrong but should not stay so. An error when the server would not start with it: the
/// files of TLS are read, too.
pub fn check_warnings(options: &Options) -> anyhow::Result<Vec<String>> {
    let Loaded {
        config,
        mut warnings,
        ..
    } = load(options, environment())?;
    let now = Duration::from_millis(SystemClock::new().now_ms());
    warnings.extend(tls::check(&config.tls, now)?);
    Ok(warnings)
}

/// `mimc config check`, for people.
pub fn check_text(options: &Options) -> anyhow::Result<String> {
    let mut text = String::new();
    for warning in check_warnings(options)? {
        let _ = writeln!(text, "warning: {warning}");
    }
    text.push_str("the configuration is fine\n");
    Ok(text)
}

/// `mimc config explain KEY`: what it means, its default, its value and where that comes from.
pub fn explain(options: &Options, key: &str) -> anyhow::Result<String> {
    let Some((key, meaning)) = KEYS.iter().find(|(known, _)| *known == key) else {
        anyhow::bail!(suggest::unknown(key));
    };
    let loaded = load(options, environment())?;
    let default = &super::keys::defaults()[*key];
    let Setting { source, .. } = &loaded.settings[*key];
    let variable = key.to_uppercase().replace('.', "__");
    Ok(format!(
        "{key}\n  {meaning}\n  value:       {} ({source})\n  default:     {}\n  environment: MIMC_{variable}\n",
        value(&loaded, key),
        default.value,
    ))
}

fn value(loaded: &Loaded, key: &str) -> String {
    loaded.settings[key].value.to_string()
}

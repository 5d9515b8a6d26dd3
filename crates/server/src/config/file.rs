//! The TOML file.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use toml::Table;

use super::{Layer, Setting, Source, keys};

pub(super) fn read(path: &Path) -> anyhow::Result<Layer> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    parse(path, &text)
}

pub(super) fn parse(path: &Path, text: &str) -> anyhow::Result<Layer> {
    let name = path.display();
    let table: Table = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line(text, span.start));
        let why = error
            .message()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        anyhow::anyhow!("{name}: line {line}: {why}")
    })?;
    let mut layer = Layer::new();
    keys::flatten("", table, &mut |key, value| {
        layer.insert(
            key,
            Setting {
                value,
                source: Source::File(path.to_owned()),
            },
        );
    });
    Ok(layer)
}

fn line(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

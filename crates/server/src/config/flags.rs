//! The command line.

use anyhow::Context as _;
use toml::Value;

use super::{Layer, Setting, Source};
use crate::options::Options;

pub(super) fn layer(options: &Options) -> anyhow::Result<Layer> {
    let mut layer = Layer::new();
    let mut set = |key: &str, flag, value: Value| {
        layer.insert(
            key.to_owned(),
            Setting {
                value,
                source: Source::Flag(flag),
            },
        );
    };
    if let Some(path) = &options.data_dir {
        let path = path.to_str().context("--data-dir: must be UTF-8")?;
        set("data_dir", "--data-dir", path.into());
    }
    if let Some(address) = &options.http {
        set("http.listen", "--http", address.as_str().into());
    }
    if let Some(address) = &options.tcp {
        set("tcp.listen", "--tcp", address.as_str().into());
    }
    if options.dev {
        set("callback.allow_private", "--dev", true.into());
    }
    Ok(layer)
}

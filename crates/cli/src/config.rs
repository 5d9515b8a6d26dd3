//! `mimc config …`: what the server would be set to, and where from.

use std::path::PathBuf;

use serde_json::{Map, Value, json};
use server::Options;
use server::config::{self, Loaded};

use crate::arguments::Common;
use crate::output::Output;

/// Defaults, then the file, then the environment, then flags; the last one wins.
#[derive(Debug, clap::Args)]
pub(crate) struct Config {
    #[command(subcommand)]
    verb: Verb,

    /// Configuration file (TOML)
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Show every value and where it comes from
    Show,
    /// Say whether the server would start with it
    Check,
    /// Say what a key means
    Explain {
        /// As in http.listen
        key: String,
    },
}

impl Config {
    pub(crate) fn run(self, common: &Common, output: &mut Output) -> anyhow::Result<()> {
        let options = Options {
            config_file: self.config,
            data_dir: common.data_dir.clone(),
            ..Options::default()
        };
        let text = match &self.verb {
            Verb::Show => config::show(&options)?,
            Verb::Check => config::check_text(&options)?,
            Verb::Explain { key } => config::explain(&options, key)?,
        };
        if !output.is_json() {
            return output.text(text.trim_end());
        }
        let loaded = config::load(&options, config::environment())?;
        let shown = match &self.verb {
            Verb::Show => all(&loaded),
            Verb::Check => json!({"ok": true, "warnings": config::check_warnings(&options)?}),
            Verb::Explain { key } => {
                json!({"key": key, "text": text, "setting": one(&loaded, key)})
            }
        };
        output.result(&shown, |_| text)
    }
}

fn all(loaded: &Loaded) -> Value {
    let keys = loaded.settings.keys();
    let pairs = keys.map(|key| (key.clone(), one(loaded, key)));
    Value::Object(pairs.collect::<Map<_, _>>())
}

fn one(loaded: &Loaded, key: &str) -> Value {
    let setting = loaded.settings.get(key);
    setting.map_or(
        Value::Null,
        |setting| json!({"value": setting.value, "source": setting.source.to_string()}),
    )
}

//! What is set, and where: defaults < TOML file < environment < flags.
//!
//! [`keys`] lists all there is; [`file`](mod@file), [`environment`](mod@environment) and
//! [`flags`] each give a layer of values by key; here they are laid over each other, so that every
//! value knows its source; [`check`] refuses what cannot work; [`show`] tells people.

mod check;
mod environment;
mod file;
mod flags;
mod keys;
mod meanings_zh;
mod sections;
mod show;
mod suggest;
mod told;

use std::collections::BTreeMap;
use std::fmt;
#[cfg(feature = "properties")]
use std::path::Path;
use std::path::PathBuf;

use toml::Value;

pub use crate::config::environment::environment;
pub use crate::config::sections::{
    Callback, Config, Console, Gateway, Http, Limits, Log, LogFormat, Store, Tcp, TcpTls, Tls,
    Token, Trace,
};
pub use crate::config::show::{check_text, check_warnings, explain, show};
pub(crate) use crate::config::told::told;

use crate::options::Options;

/// Values by key, as `http.listen`.
type Layer = BTreeMap<String, Setting>;

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// What.
    pub value: Value,
    /// Where from.
    pub source: Source,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nobody set it.
    Default,
    /// The TOML file.
    File(PathBuf),
    /// An environment variable.
    Environment(String),
    /// A flag of the command line.
    Flag(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => path.display().fmt(f),
            Self::Environment(name) => f.write_str(name),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

/// What is set.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// As the rooms need it.
    pub config: Config,
    /// Every key's value and source.
    pub settings: BTreeMap<String, Setting>,
    /// For the log.
    pub warnings: Vec<String>,
}

/// Reads all sources. An error names the source, the key and what is wrong, in one line.
pub fn load(
    options: &Options,
    environment: impl IntoIterator<Item = (String, String)>,
) -> anyhow::Result<Loaded> {
    let mut warnings = Vec::new();
    let mut settings = keys::defaults();
    if let Some(path) = &options.config_file {
        lay(&mut settings, file::read(path)?)?;
    }
    let variables = environment::layer(environment, &settings, &mut warnings)?;
    lay(&mut settings, variables)?;
    lay(&mut settings, flags::layer(options)?)?;
    checked(settings, warnings)
}

/// The same of nothing but the text of a file.
#[cfg(feature = "properties")]
pub(crate) fn load_text(file: &Path, text: &str) -> anyhow::Result<Loaded> {
    let mut settings = keys::defaults();
    lay(&mut settings, file::parse(file, text)?)?;
    checked(settings, Vec::new())
}

fn checked(settings: Layer, warnings: Vec<String>) -> anyhow::Result<Loaded> {
    let config = sections::Config::from_settings(&settings)?;
    check::check(&config, &settings)?;
    Ok(Loaded {
        config,
        settings,
        warnings,
    })
}

/// Lays a layer over the others. Its keys are known.
fn lay(settings: &mut Layer, layer: Layer) -> anyhow::Result<()> {
    for (key, setting) in layer {
        let Some(below) = settings.get_mut(&key) else {
            anyhow::bail!("{}: {}", setting.source, suggest::unknown(&key));
        };
        if !is_same_kind(&below.value, &setting.value) {
            let (expected, found) = (kind(&below.value), kind(&setting.value));
            anyhow::bail!(
                "{}: {key}: expected {expected}, found {found}",
                setting.source
            );
        }
        *below = setting;
    }
    Ok(())
}

fn is_same_kind(one: &Value, other: &Value) -> bool {
    one.same_type(other)
        && other
            .as_array()
            .is_none_or(|elements| elements.iter().all(Value::is_str))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a string",
        Value::Integer(_) => "an integer",
        Value::Boolean(_) => "true or false",
        Value::Array(elements) if elements.iter().all(Value::is_str) => "a list of strings",
        Value::Array(_) => "a list of other things",
        Value::Float(_) => "a fraction",
        Value::Datetime(_) => "a date",
        Value::Table(_) => "a section",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_half_of_the_places_at_most() {
        let limits = Config::default().limits;
        let places = [limits.http_connections as usize, limits.tls_handshakes];
        for places in places {
            assert!(limits.connections_per_address as usize <= places / 2);
        }
    }

    fn loaded(toml: &str, env: &[(&str, &str)], options: Options) -> Result<Loaded, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mimc.toml");
        std::fs::write(&path, toml).unwrap();
        let options = Options {
            config_file: Some(path),
            ..options
        };
        let env = env
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        load(&options, env).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn a_later_source_wins_and_is_remembered() {
        let toml = "data_dir = \"/a\"\n[http]\nlisten = \"127.0.0.1:1\"\n[token]\nttl_s = 60\n";
        let env = [
            ("MIMC_HTTP__LISTEN", "127.0.0.1:2"),
            ("MIMC_TCP__LISTEN", "127.0.0.1:3"),
        ];
        let flags = Options {
            tcp: Some("127.0.0.1:4".into()),
            ..Options::default()
        };
        let loaded = loaded(toml, &env, flags).unwrap();
        assert_eq!(loaded.config.data_dir, PathBuf::from("/a"));
        assert_eq!(loaded.config.token.ttl_s, 60);
        assert_eq!(loaded.config.http.listen, "127.0.0.1:2");
        assert_eq!(loaded.config.tcp.listen, "127.0.0.1:4");
        let source = |key: &str| loaded.settings[key].source.to_string();
        assert!(source("token.ttl_s").ends_with("mimc.toml"));
        assert_eq!(source("http.listen"), "MIMC_HTTP__LISTEN");
        assert_eq!(source("tcp.listen"), "--tcp");
        assert_eq!(source("log.level"), "default");
        assert_eq!(loaded.warnings, [""; 0]);
    }

    #[test]
    fn an_unknown_key_of_the_file_is_an_error_with_a_suggestion() {
        let error = |toml| loaded(toml, &[], Options::default()).unwrap_err();
        let listen = error("[http]\nlisten_ = \"127.0.0.1:0\"\n");
        assert!(
            listen.contains("mimc.toml") && listen.contains("http.listen_"),
            "{listen}"
        );
        assert!(listen.ends_with("did you mean http.listen?"), "{listen}");
        assert!(error("[htp]\nlisten = \"x\"\n").contains("did you mean http.listen?"));
        assert!(!error("zzzzz = 1\n").contains("did you mean"));
        assert!(error("http = 1\n").contains("http"));
    }

    #[test]
    fn a_bad_file_is_told_by_line() {
        let error = loaded("[http]\nlisten = \n", &[], Options::default()).unwrap_err();
        assert!(error.contains("mimc.toml: line 2"), "{error}");
        assert!(!error.contains('\n'), "{error}");
        let missing = Options {
            config_file: Some("/no/such.toml".into()),
            ..Options::default()
        };
        let error = format!("{:#}", load(&missing, []).unwrap_err());
        assert!(error.contains("/no/such.toml"), "{error}");
    }

    #[test]
    fn a_value_of_another_kind_is_an_error() {
        let error = |toml| loaded(toml, &[], Options::default()).unwrap_err();
        let listen = error("[http]\nlisten = 8080\n");
        assert!(
            listen.contains("http.listen: expected a string, found an integer"),
            "{listen}"
        );
        assert!(error("[http]\ncors_origins = [1]\n").contains("expected a list of strings"));
        assert!(error("[token]\nttl_s = -1\n").contains("token.ttl_s"));
        let env = [("MIMC_TOKEN__TTL_S", "soon")];
        let error = loaded("", &env, Options::default()).unwrap_err();
        assert!(error.contains("MIMC_TOKEN__TTL_S"), "{error}");
    }

    #[test]
    fn a_value_that_cannot_work_is_an_error_that_names_its_source() {
        for (name, value) in [
            ("MIMC_HTTP__LISTEN", "8080"),
            ("MIMC_HTTP__LISTEN", "127.0.0.1:99999"),
            ("MIMC_TOKEN__TTL_S", "0"),
            ("MIMC_LOG__FORMAT", "xml"),
            ("MIMC_LOG__LEVEL", "=="),
            ("MIMC_GATEWAY__ADVERTISE", "chat.example.com:5222"),
            ("MIMC_TLS__CERT", "/etc/cert.pem"),
            ("MIMC_CONSOLE__SESSION_S", "59"),
            ("MIMC_CONSOLE__SESSION_S", "43201"),
            ("MIMC_TLS__KEY", "/etc/key.pem"),
            ("MIMC_TLS__TCP", "sometimes"),
            ("MIMC_LIMITS__TLS_HANDSHAKES", "0"),
            ("MIMC_LIMITS__EXEMPT", "10.0.0.0/33"),
            ("MIMC_HTTP__TRUSTED_PROXIES", "proxy.example.com"),
        ] {
            let error = loaded("", &[(name, value)], Options::default()).unwrap_err();
            assert!(error.starts_with(name), "{error}");
        }
    }

    #[test]
    fn the_environment_takes_lists_and_only_warns_of_what_it_does_not_know() {
        let env = [
            (
                "MIMC_HTTP__CORS_ORIGINS",
                "https://a.example, https://b.example",
            ),
            ("MIMC_NO__SUCH", "1"),
            ("MIMC_HTTP__LISTN", "1"),
            ("MIMC_SERVER", "http://x"),
            ("MIMC_CA", "x"),
            ("MIMC_ADMIN_TOKEN", "x"),
            ("MIMC_BIN", "x"),
            ("HOME", "/x"),
        ];
        let loaded = loaded("", &env, Options::default()).unwrap();
        let origins = ["https://a.example", "https://b.example"];
        assert_eq!(loaded.config.http.cors_origins, origins);
        assert_eq!(loaded.warnings.len(), 2);
        assert!(
            loaded.warnings[1].contains("MIMC_HTTP__LISTEN"),
            "{:?}",
            loaded.warnings
        );
    }

    #[test]
    fn a_value_can_be_in_a_file_that_the_environment_names() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("domain");
        std::fs::write(&path, "fe.example.com\n").unwrap();
        let env = [("MIMC_TOKEN__FE_DOMAIN_FILE", path.to_str().unwrap())];
        let config = loaded("", &env, Options::default()).unwrap().config;
        assert_eq!(config.token.fe_domain, "fe.example.com");
        let env = [("MIMC_TOKEN__FE_DOMAIN_FILE", "/no/such")];
        let error = loaded("", &env, Options::default()).unwrap_err();
        assert!(error.contains("MIMC_TOKEN__FE_DOMAIN_FILE"), "{error}");
    }

    #[test]
    fn development_lets_callbacks_come_home() {
        let dev = Options {
            dev: true,
            ..Options::default()
        };
        assert!(loaded("", &[], dev).unwrap().config.callback.allow_private);
        assert!(
            !loaded("", &[], Options::default())
                .unwrap()
                .config
                .callback
                .allow_private
        );
    }
}

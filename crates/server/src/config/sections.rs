//! What is set, as the program needs it. Every field has a default; what each means is said in
//! [`keys`](super::keys), from where people read it too.

use std::path::PathBuf;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::{Layer, keys};

macro_rules! section {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty = $default:expr,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "keys.rs documents them for people and programs")]
        pub struct $name {
            $(pub $field: $kind,)+
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }
    };
}

section! {
    /// Everything.
    Config {
        data_dir: PathBuf = "./mimc-data".into(),
        http: Http = Http::default(),
        tcp: Tcp = Tcp::default(),
        tls: Tls = Tls::default(),
        gateway: Gateway = Gateway::default(),
        token: Token = Token::default(),
        callback: Callback = Callback::default(),
        console: Console = Console::default(),
        store: Store = Store::default(),
        trace: Trace = Trace::default(),
        limits: Limits = Limits::default(),
        log: Log = Log::default(),
    }
}
section! {
    /// HTTP and WebSocket.
    Http {
        listen: String = "127.0.0.1:8080".into(),
        cors_origins: Vec<String> = vec!["*".into()],
        websocket_origins: Vec<String> = vec!["*".into()],
        trusted_proxies: Vec<String> = Vec::new(),
        header_timeout_s: u64 = 60,
    }
}
section! {
    /// The TCP gateway's listener.
    Tcp {
        listen: String = "127.0.0.1:5222".into(),
    }
}
section! {
    /// Both listeners.
    Tls {
        cert: PathBuf = PathBuf::new(),
        key: PathBuf = PathBuf::new(),
        tcp: TcpTls = TcpTls::Required,
        hsts_s: u64 = 0,
    }
}
section! {
    /// How clients find the gateway.
    Gateway {
        advertise: Vec<String> = Vec::new(),
    }
}
section! {
    /// What a token answer says.
    Token {
        fe_domain: String = String::new(),
        relay_domain: String = String::new(),
        ttl_s: u64 = 7 * 86_400,
    }
}
section! {
    /// Webhooks.
    Callback {
        allow_private: bool = false,
    }
}
section! {
    /// The console, and whoever administers with it.
    Console {
        session_s: u64 = 3_600,
    }
}
section! {
    /// The data directory.
    Store {
        accept_clock_behind: bool = false,
        filter_mib: u64 = 256,
    }
}
section! {
    /// What is remembered of each message's way.
    Trace {
        memory_kib: usize = 8 * 1024,
    }
}
section! {
    /// What can grow.
    Limits {
        connections: u32 = 1_000_000,
        http_connections: u32 = 10_000,
        tls_handshakes: usize = 10_000,
        connections_per_address: u32 = 5_000,
        connects_per_address_per_s: u32 = 1_000,
        login_failures_per_min: u32 = 6_000,
        exempt: Vec<String> = private_networks(),
        in_flight_kib: usize = 64 * 1024,
        body_kib: usize = 64 * 1024,
        cached_accounts: usize = 100_000,
        held_questions: usize = 1_000,
        app_requests_per_s: u32 = 0,
        auth_failures_per_min: u32 = 600,
    }
}
section! {
    /// The log.
    Log {
        level: String = "info".into(),
        format: LogFormat = LogFormat::Text,
    }
}

/// Where proxies, balancers and one's own people are: what comes from there is no stranger, and one
/// address may stand for many.
fn private_networks() -> Vec<String> {
    let networks = [
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    ];
    networks.map(str::to_owned).to_vec()
}

/// Who is served on the TCP gateway's listener when there is a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TcpTls {
    /// Who speaks TLS.
    Required,
    /// Who speaks TLS, and who does not: the first byte tells.
    Optional,
    /// Who does not.
    Off,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One object per line.
    Json,
}

impl Config {
    /// Of values that all keys have, each of the kind of its default.
    pub(super) fn from_settings(settings: &Layer) -> anyhow::Result<Self> {
        let mut config = Table::new();
        for (key, setting) in settings {
            keys::put(&mut config, key, setting.value.clone());
        }
        Value::Table(config)
            .try_into()
            .map_err(|_| bad_value(settings))
    }
}

/// Finds the value that does not fit, by trying each alone among the defaults.
fn bad_value(settings: &Layer) -> anyhow::Error {
    for (key, setting) in settings {
        let mut config = Table::new();
        for (other, default) in keys::defaults() {
            keys::put(&mut config, &other, default.value);
        }
        keys::put(&mut config, key, setting.value.clone());
        let tried: Result<Config, _> = Value::Table(config).try_into().context("");
        if let Err(error) = tried {
            let why = error.root_cause().to_string();
            let why = why.lines().next().unwrap_or_default().to_owned();
            return anyhow::anyhow!("{}: {key}: {why}", setting.source);
        }
    }
    anyhow::anyhow!("the configuration does not fit together")
}

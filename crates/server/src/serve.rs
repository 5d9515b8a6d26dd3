//! `mimc serve`, from the first file to the last.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use api::{AdminTokens, CheckUrl, SignInCodes};
use chat::port::{Clock, Observer};
use chat::{Chat, Ports};
use cluster::LocalRouter;
use gateway::Gateway;
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;
use webhook::{HttpPost, Webhooks};

use crate::admission::Admission;
use crate::callbacks::{self, Callbacks, Told};
use crate::clock::SystemClock;
use crate::config::{self, Config, Loaded, TcpTls};
use crate::data_dir::SecretFile;
use crate::demo::Demo;
use crate::drain::drain;
use crate::greeting::{Greeting, Here, greet};
use crate::http::Http;
use crate::insight::ServerInsight;
use crate::listen::listen;
use crate::peers::Peers;
use crate::signals::Signals;
use crate::storage::Storage;
use crate::tcp::Tcp;
use crate::telemetry::metrics::Metrics;
use crate::telemetry::sampler;
use crate::telemetry::sources::Sources;
use crate::telemetry::watch::Watch;
use crate::tls::{self, Tls};
use crate::{data_dir, demo, housekeeping, notify};

/// Serves until a signal. Ports are opened before anything is written, so that a start that
/// fails for them leaves no trace.
pub(crate) async fn serve(loaded: Loaded, dev: bool) -> anyhow::Result<()> {
    let settings = config::told(&loaded);
    let config = loaded.config;
    let mut signals = Signals::new()?;
    let metrics = Arc::new(Metrics::new());
    let system_clock = Arc::new(SystemClock::new());
    let clock: Arc<dyn Clock> = Arc::clone(&system_clock) as _;
    let tls = Tls::load(&config, &metrics, Duration::from_millis(clock.now_ms()))?;
    let http_listener = listen("http.listen", &config.http.listen).await?;
    let tcp_listener = listen("tcp.listen", &config.tcp.listen).await?;
    let (http_address, tcp_address) = (http_listener.local_addr()?, tcp_listener.local_addr()?);

    let dir = data_dir::make(&config.data_dir)?;
    let storage = Storage::open(&dir, &clock, &config.store).await?;
    let (chat, webhooks) =
        start(Arc::clone(&clock), &storage, &config, Arc::clone(&metrics)).await?;
    let housekeeping = housekeeping::start(&chat, &storage);
    let first_token = data_dir::admin_token(&dir)?;
    let admin_tokens = admin_tokens(&dir, &first_token.text)?;
    let signin_codes = Arc::new(SignInCodes::default());
    let demo = if dev {
        Some(demo::ensure(&chat, &dir).await?)
    } else {
        None
    };

    let (ready, is_ready) = watch::channel(true);
    let observer = Arc::clone(&metrics) as Arc<dyn Observer>;
    let gateway = Gateway::new(Arc::clone(&chat), gateway_config(&config), observer);
    let places = Arc::new(Semaphore::new(config.limits.http_connections as usize));
    let sources = Arc::new(Sources {
        clock: system_clock,
        started: Instant::now(),
        data_dir: dir.clone(),
        chat: Arc::clone(&chat),
        gateway: Arc::clone(&gateway),
        metrics: Arc::clone(&metrics),
        messages: Arc::clone(&storage.embedded.messages),
        deliveries: Arc::clone(&storage.embedded.deliveries) as _,
        webhooks: Arc::clone(&webhooks),
        places_max: places.available_permits(),
        places: Arc::clone(&places),
    });
    let watch = Arc::new(Watch::new());
    let sampler = sampler::start(Arc::clone(&sources), Arc::clone(&watch));
    let insight = Arc::new(ServerInsight {
        sources,
        watch,
        settings,
        started_at_ms: clock.now_ms(),
    });
    let router = api::router(api::Parts {
        chat: Arc::clone(&chat),
        config: api_config(&config),
        webhook: Arc::clone(&webhooks) as _,
        check_url: check_url(config.callback.allow_private),
        admin_tokens,
        signin_codes: Arc::clone(&signin_codes),
        demo: demo.as_ref().map(Demo::id).transpose()?,
        ready: is_ready.clone(),
        insight: Arc::clone(&insight) as _,
        metrics: Arc::new(move || insight.metrics()),
        tcp_port: tcp_address.port(),
        is_tcp_tls: tls.is_some() && config.tls.tcp != TcpTls::Off,
    });
    if let Some(tls) = &tls {
        tokio::spawn(tls::watch(Arc::clone(tls), clock, Signals::hangup()?));
    }
    let peers = Peers::new(&config);
    let admission = Admission::new(Arc::clone(&gateway), Arc::clone(&metrics), peers);
    let tcp = Tcp::new(
        Arc::clone(&gateway),
        Arc::clone(&admission),
        tls.clone(),
        config.tls.tcp,
    );
    let taking_tcp = tokio::spawn(tcp.serve(tcp_listener));
    let here = Here {
        http: http_address,
        tcp: tcp_address,
        tcp_tls: tls.as_ref().map(|_| config.tls.tcp),
    };
    let http = Http::new(
        router,
        Arc::clone(&gateway),
        admission,
        metrics,
        tls,
        places,
        &config,
    );
    tokio::spawn(Arc::clone(&http).serve(http_listener, is_ready));
    let wants_signin = dev || first_token.is_new;
    let signin = wants_signin.then(|| signin_codes.for_first_token(chat.clock.now_ms()));
    greet(Greeting {
        here,
        data_dir: &dir,
        demo: demo.as_ref(),
        signin,
    })?;
    tracing::info!(http = %http_address, tcp = %tcp_address, "ready");
    notify::ready();

    signals.end().await;
    tracing::info!("ending");
    notify::stopping();
    ready.send_replace(false);
    taking_tcp.abort();
    housekeeping.abort();
    sampler.abort();
    drain(&gateway, &http, &chat, &webhooks, &storage).await;
    tracing::info!("ended");
    Ok(())
}

/// Starts the product on the store, and the engine of its callbacks.
pub(crate) async fn start(
    clock: Arc<dyn Clock>,
    storage: &Storage,
    config: &Config,
    metrics: Arc<Metrics>,
) -> anyhow::Result<(Arc<Chat>, Arc<Webhooks>)> {
    let embedded = &storage.embedded;
    let sources = callbacks::Sources {
        messages: Arc::clone(&embedded.messages) as _,
        history: Arc::clone(&embedded.messages) as _,
        memberships: Arc::clone(&embedded.directory) as _,
        router: Arc::new(LocalRouter::new()),
    };
    let callbacks = Arc::new(Callbacks::default());
    let ports = Ports {
        clock,
        directory: Arc::clone(&embedded.directory) as _,
        messages: Arc::clone(&sources.messages),
        history: Arc::clone(&sources.history),
        memberships: Arc::clone(&sources.memberships),
        relations: Arc::clone(&embedded.directory) as _,
        router: Arc::clone(&sources.router),
        observer: Arc::new(Told {
            metrics,
            callbacks: Arc::clone(&callbacks),
        }),
        listeners: vec![Arc::clone(&callbacks) as _],
    };
    let chat_config = chat::Config {
        token_ttl_s: config.token.ttl_s,
        in_flight_kib_max: config.limits.in_flight_kib,
        cached_accounts_max: config.limits.cached_accounts,
        trace_bytes_max: config.trace.memory_kib << 10,
    };
    let chat = Chat::start(ports, chat_config)
        .await
        .context("the store cannot be read")?;
    let deliveries = Arc::clone(&embedded.deliveries) as _;
    let post = Arc::new(HttpPost::new(config.callback.allow_private));
    let webhooks = callbacks
        .start(&chat, deliveries, sources, post)
        .await
        .context("the callbacks cannot be read")?;
    Ok((chat, webhooks))
}

fn check_url(allow_private: bool) -> CheckUrl {
    Arc::new(move |url| webhook::check_url(url, allow_private).map_err(|error| error.to_string()))
}

/// What opens the admin API.
fn admin_tokens(dir: &Path, first: &str) -> anyhow::Result<AdminTokens> {
    let file = SecretFile::new(dir.join("admin-tokens.json"));
    let name = file.path().display().to_string();
    AdminTokens::load(first, Arc::new(file)).context(name)
}

fn gateway_config(config: &Config) -> gateway::Config {
    gateway::Config {
        connections_max: config.limits.connections as usize,
        connections_per_source_max: config.limits.connections_per_address,
        connects_per_source_per_s: config.limits.connects_per_address_per_s,
        login_failures_per_min: config.limits.login_failures_per_min,
        ..gateway::Config::default()
    }
}

fn api_config(config: &Config) -> api::Config {
    api::Config {
        cors_origins: config.http.cors_origins.clone(),
        fe_domain: config.token.fe_domain.clone(),
        relay_domain: config.token.relay_domain.clone(),
        advertise: config.gateway.advertise.clone(),
        held_questions_max: config.limits.held_questions,
        bodies_kib_max: config.limits.body_kib,
        app_requests_per_s: config.limits.app_requests_per_s,
        hsts_s: config.tls.hsts_s,
        auth_failures_per_min: config.limits.auth_failures_per_min,
        console_session_s: config.console.session_s,
        ..api::Config::default()
    }
}

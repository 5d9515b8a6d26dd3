//! The server under load, and an app on it.

mod commits;
mod spawned;

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, Ordering};

use anyhow::{Context as _, ensure};
use client::admin::{Admin, NewApp};
use client::connection::Connection;
use client::rest::{AppCredentials, Caller, Envelope, Rest};
use client::session::{LoginOptions, Session};
use client::{Gateway, Stream};

pub(crate) use self::commits::Commits;
use self::spawned::Spawned;
pub(crate) use self::spawned::Stop;
use crate::flags::Flags;
use crate::process::{self, Usage};
use crate::watch::Subject;

/// The device that every account has here.
pub(crate) const RESOURCE: &str = "bench";
/// Members that are invited in one request.
const INVITED_AT_ONCE: usize = 200;
/// Addresses of this machine that connections come from, in turn: each has ports of its own.
const SOURCES: u8 = 16;

/// Which server.
#[derive(Debug)]
pub enum Place {
    /// One that runs.
    Running(Admin),
    /// One that is started: this binary, on a fresh directory or on this one.
    Spawned {
        /// What is run with `serve`.
        binary: PathBuf,
        /// `None` for a fresh one.
        data_dir: Option<PathBuf>,
    },
}

/// How clients connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Transport {
    /// To the TCP gateway
    Tcp,
    /// To the HTTP port
    Websocket,
}

/// A server with an app for this run.
pub(crate) struct Target {
    admin: Admin,
    app: AppCredentials,
    is_app_lasting: bool,
    http: Gateway,
    gateway: Gateway,
    pid: Option<u32>,
    spawned: Option<Spawned>,
    source: AtomicU8,
}

impl Target {
    /// Finds or starts the server, and makes an app on it that goes with the run.
    pub(crate) async fn open(place: &Place, flags: &Flags) -> anyhow::Result<Self> {
        Self::open_app(place, flags, None).await
    }

    /// The same with an app of this name, which stays, and is found again by the next run.
    pub(crate) async fn open_app(
        place: &Place,
        flags: &Flags,
        lasting: Option<&str>,
    ) -> anyhow::Result<Self> {
        let (spawned, admin) = match place {
            Place::Running(admin) => (None, admin.clone()),
            Place::Spawned { binary, data_dir } => {
                let spawned = Spawned::start(binary, data_dir.as_deref(), flags).await?;
                let admin = spawned.admin()?;
                (Some(spawned), admin)
            }
        };
        let http = admin.rest().http_gateway()?;
        flags.check_is_here(http.address())?;
        let gateway = match &flags.gateway {
            Some(address) => Gateway::plain(address),
            None => admin.rest().gateway().await?,
        };
        flags.check_is_here(gateway.address())?;
        Ok(Self {
            app: app(&admin, lasting).await?,
            is_app_lasting: lasting.is_some(),
            admin,
            http,
            gateway,
            pid: spawned.as_ref().map(Spawned::pid).or(flags.pid),
            spawned,
            source: AtomicU8::new(0),
        })
    }

    pub(crate) fn admin(&self) -> &Admin {
        &self.admin
    }

    pub(crate) fn rest(&self) -> &Rest {
        self.admin.rest()
    }

    pub(crate) fn app(&self) -> &AppCredentials {
        &self.app
    }

    /// A topic of these accounts, the first of which owns it.
    pub(crate) async fn make_topic(
        &self,
        members: impl Iterator<Item = String>,
    ) -> anyhow::Result<u64> {
        let members: Vec<_> = members.collect();
        let (owner, others) = members.split_first().context("a topic has members")?;
        let owner = self.caller(owner)?;
        let topic = owner.create_topic("bench", &[]).await?.topic_info.topic_id;
        for some in others.chunks(INVITED_AT_ONCE) {
            let some: Vec<_> = some.iter().map(String::as_str).collect();
            owner.invite(topic, &some).await?;
        }
        Ok(topic)
    }

    pub(crate) fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// REST in the name of an account.
    pub(crate) fn caller(&self, account: &str) -> anyhow::Result<Caller> {
        Ok(Caller::by_app(self.rest().clone(), &self.app, account)?)
    }

    /// What an account logs in with.
    pub(crate) async fn envelope(&self, account: &str) -> anyhow::Result<Envelope> {
        Ok(self.rest().token(&self.app, account).await?)
    }

    /// A connection over which nothing has been said.
    pub(crate) async fn bare(&self, transport: Transport) -> anyhow::Result<Stream> {
        match transport {
            Transport::Tcp => self.stream(&self.gateway).await,
            Transport::Websocket => self.stream(&self.http).await,
        }
    }

    /// A bound connection.
    pub(crate) async fn session(
        &self,
        envelope: &Envelope,
        transport: Transport,
    ) -> anyhow::Result<Session> {
        let connection = match transport {
            Transport::Tcp => Connection::over(self.bare(transport).await?).await?,
            Transport::Websocket => {
                let stream = self.bare(transport).await?;
                Connection::over_websocket(stream, self.http.address()).await?
            }
        };
        let options = LoginOptions::default();
        Ok(Session::login(connection, envelope, RESOURCE, options).await?)
    }

    /// To a server on this machine from one address after the other: one alone has some 28,000
    /// ports, and those of closed connections stay taken for a minute.
    async fn stream(&self, gateway: &Gateway) -> anyhow::Result<Stream> {
        let is_here = gateway.address().starts_with("127.");
        let local = is_here.then(|| {
            let last = 1 + self.source.fetch_add(1, Ordering::Relaxed) % SOURCES;
            Ipv4Addr::new(127, 0, 0, last).into()
        });
        Ok(gateway.connect_from(local).await?)
    }

    /// Where its data is, if it was started here.
    pub(crate) fn data_dir(&self) -> Option<PathBuf> {
        Some(self.spawned.as_ref()?.data_dir().to_owned())
    }

    pub(crate) fn is_spawned(&self) -> bool {
        self.spawned.is_some()
    }

    // How it ends

    /// Stops the server and starts it again on the same directory and ports; how long it took from
    /// the start until it was ready.
    pub(crate) async fn restart(&mut self, stop: Stop) -> anyhow::Result<std::time::Duration> {
        let spawned = self.spawned.as_mut();
        let spawned =
            spawned.context("only a server that was started with --spawn is restarted")?;
        let took = spawned.restart(stop).await?;
        self.pid = Some(spawned.pid());
        Ok(took)
    }

    /// Stops what was started; on a server that goes on, takes the app away again.
    pub(crate) async fn close(mut self) -> anyhow::Result<()> {
        match self.spawned.take() {
            Some(spawned) => spawned.stop().await,
            None if self.is_app_lasting => Ok(()),
            None => Ok(self.admin.delete_app(&self.app.app_id).await?),
        }
    }
}

impl Subject for Target {
    /// By the system, or by the server itself where its process is not known.
    async fn usage(&self) -> anyhow::Result<Usage> {
        match self.pid {
            Some(pid) => process::usage(pid),
            None => Ok(commits::usage(&self.rest().text("/metrics").await?)),
        }
    }

    async fn commits(&self) -> Option<Commits> {
        let metrics = self.rest().text("/metrics").await.ok()?;
        Commits::read(&metrics)
    }

    fn log_bytes(&self) -> Option<u64> {
        self.spawned.as_ref()?.log_bytes()
    }
}

/// The app with this name, or a new one. Its secret is made anew: nobody else uses it.
async fn app(admin: &Admin, lasting: Option<&str>) -> anyhow::Result<AppCredentials> {
    if let Some(name) = lasting {
        let apps = admin.apps().await?;
        if let Some(known) = apps.iter().find(|app| app.name == name) {
            let shown = admin.rotate_secret(&known.app_id).await?;
            return shown.credentials().context("a new secret is shown");
        }
    }
    let fresh = || format!("bench-{}", std::process::id());
    let app = NewApp {
        name: lasting.map_or_else(fresh, str::to_owned),
        package: "org.openmimc.bench".to_owned(),
        ..NewApp::default()
    };
    let made = admin.create_app(&app).await?;
    made.credentials().context("a new app shows its secret")
}

/// A message of this size must be allowed.
pub(crate) async fn allow_payload(target: &Target, bytes: u32) -> anyhow::Result<()> {
    change(target, "maxPayload", u64::from(bytes)).await
}

/// As many members must be allowed.
pub(crate) async fn allow_members(target: &Target, members: u32) -> anyhow::Result<()> {
    change(target, "topicMembers", u64::from(members)).await
}

/// Raises a setting of the app, never lowers it.
async fn change(target: &Target, name: &str, wanted: u64) -> anyhow::Result<()> {
    let app_id = &target.app().app_id;
    let now = target.admin().app(app_id).await?;
    let is_enough = now.settings.get(name).and_then(serde_json::Value::as_u64) >= Some(wanted);
    if !is_enough {
        let settings = [(name.to_owned(), wanted.into())].into_iter().collect();
        let changed = target.admin().change_app(app_id, settings).await?;
        let is = changed
            .settings
            .get(name)
            .and_then(serde_json::Value::as_u64);
        ensure!(
            is == Some(wanted),
            "the server did not take {name} {wanted}"
        );
    }
    Ok(())
}

//! The server under load, and an app on it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use mimc_client::admin::{Admin, NewApp};
use mimc_client::connection::Connection;
use mimc_client::rest::{AppCredentials, Rest};
use mimc_client::session::{LoginOptions, Session};

use crate::Failure;
use crate::flags::Flags;

pub(crate) struct Target {
    pub(crate) pid: u32,
    rest: Rest,
    app: AppCredentials,
    gateway: String,
    spawned: Option<Spawned>,
}

/// Ends with its directory when it is dropped.
struct Spawned {
    process: Child,
    data_dir: PathBuf,
    http: String,
}

impl Target {
    pub(crate) async fn open(flags: &Flags) -> Result<Self, Failure> {
        let spawned = flags.spawn.as_deref().map(Spawned::start).transpose()?;
        let (server, token, pid) = match &spawned {
            Some(spawned) => (
                format!("http://{}", spawned.http),
                std::fs::read_to_string(spawned.data_dir.join("admin.token"))?,
                spawned.process.id(),
            ),
            None => (
                flags.server.clone(),
                std::env::var("MIMC_ADMIN_TOKEN")?,
                flags.pid.ok_or("--server needs --pid")?,
            ),
        };
        let rest = Rest::new(&server)?;
        let app = NewApp {
            name: "load".to_owned(),
            package: "com.example.load".to_owned(),
            ..NewApp::default()
        };
        let admin = Admin::new(rest.clone(), &token)?;
        let app = admin.create_app(&app).await?.credentials();
        Ok(Self {
            pid,
            app: app.ok_or("a new app has a secret")?,
            gateway: rest.gateways().await?[0].to_string(),
            rest,
            spawned,
        })
    }

    /// A bound connection.
    pub(crate) async fn session(&self, account: &str) -> Result<Session, Failure> {
        let envelope = self.rest.token(&self.app, account).await?;
        let connection = Connection::open(&self.gateway).await?;
        Ok(Session::login(connection, &envelope, "load", LoginOptions::default()).await?)
    }

    /// Whether the figures are those of a fresh directory.
    pub(crate) fn is_fresh(&self) -> bool {
        self.spawned.is_some()
    }
}

impl Spawned {
    fn start(binary: &Path) -> Result<Self, Failure> {
        let data_dir = std::env::temp_dir().join(format!("mimc-load-{}", std::process::id()));
        let mut process = Command::new(binary)
            .args(["serve", "--http", "127.0.0.1:0", "--tcp", "127.0.0.1:0"])
            .arg("--data-dir")
            .arg(&data_dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{}: {error}", binary.display()))?;
        let mut line = String::new();
        let stdout = process.stdout.take().ok_or("stdout is a pipe")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let ready: serde_json::Value =
            serde_json::from_str(&line).map_err(|_| "the server did not become ready")?;
        Ok(Self {
            process,
            data_dir,
            http: ready["http"].as_str().unwrap_or_default().to_owned(),
        })
    }
}

impl Drop for Spawned {
    fn drop(&mut self) {
        // Whatever fails here, the system cleans up later.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.data_dir);
    }
}

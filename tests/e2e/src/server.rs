//! A `mimc serve` process.

use std::io::{Seek, SeekFrom};
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use client::Gateway;
use client::admin::Admin;
use client::rest::{AppCredentials, Caller, Rest};
use serde_json::Value;
use tempfile::{NamedTempFile, TempDir};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::command::{Done, done, mimc};
use crate::{Certificate, Person, Terminal, within};

/// One server with a data directory of its own, which goes with it. Dropping it kills the process.
#[derive(Debug)]
pub struct Server {
    data_dir: TempDir,
    flags: Vec<String>,
    /// Free ones at first, then the same again: clients come back to where they were.
    http: String,
    tcp: String,
    /// Its stories speak TLS.
    certificate: Option<Certificate>,
    /// What the environment says to the server.
    environment: Vec<(String, String)>,
    running: Option<Running>,
    ready: Value,
    /// Its stderr, over all starts; shown when the story fails.
    log: NamedTempFile,
}

#[derive(Debug)]
struct Running {
    process: Child,
    stdout: Lines<BufReader<ChildStdout>>,
}

impl Server {
    /// Starts `serve --dev` and waits until it is ready.
    ///
    /// # Panics
    ///
    /// As all of these do, when the server does not do what it must.
    pub async fn start() -> Self {
        Self::start_with(&["--dev"]).await
    }

    /// The same with other flags.
    ///
    /// # Panics
    ///
    /// When it does not become ready.
    pub async fn start_with(flags: &[&str]) -> Self {
        let mut server = Self::new(flags);
        server.start_again().await;
        server
    }

    /// Starts `serve --dev` with variables of the environment.
    ///
    /// # Panics
    ///
    /// When it does not become ready.
    pub async fn start_set(settings: &[(&str, &str)]) -> Self {
        let mut server = Self::new(&["--dev"]);
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        server.environment = settings.iter().map(owned).collect();
        server.start_again().await;
        server
    }

    /// Starts `serve --dev` with TLS; `settings` are variables of the environment.
    ///
    /// # Panics
    ///
    /// When it does not become ready.
    pub async fn start_tls(certificate: Certificate, settings: &[(&str, &str)]) -> Self {
        let mut server = Self::with_tls(certificate, settings);
        server.start_again().await;
        server
    }

    /// The same, not yet started.
    ///
    /// # Panics
    ///
    /// When there is no temporary directory.
    pub fn with_tls(certificate: Certificate, settings: &[(&str, &str)]) -> Self {
        let mut server = Self::new(&["--dev"]);
        let path = |path: &Path| path.display().to_string();
        let files = [
            ("MIMC_TLS__CERT", path(&certificate.cert())),
            ("MIMC_TLS__KEY", path(&certificate.key())),
        ];
        let settings = settings
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        let environment = files.into_iter().chain(settings);
        server.environment = environment
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        server.certificate = Some(certificate);
        server
    }

    /// Starts `serve --dev` on a copy that `mimc backup` has made.
    ///
    /// # Panics
    ///
    /// When the copy is not taken, or the server does not become ready.
    pub async fn restored(copy: &str) -> Self {
        let mut server = Self::new(&["--dev"]);
        let done = server.mimc(&["restore", copy]).await;
        assert_eq!(done.code, Some(0), "{done:?}");
        server.start_again().await;
        server
    }

    /// Starts `serve --dev` on a directory that `tar` has packed.
    ///
    /// # Panics
    ///
    /// When it cannot be unpacked, or the server does not become ready.
    pub async fn unpacked(archive: &str) -> Self {
        let mut server = Self::new(&["--dev"]);
        let mut tar = Command::new("tar");
        tar.args(["-xzf", archive, "-C"]).arg(server.data_dir());
        let done = done(tar).await;
        assert_eq!(done.code, Some(0), "{done:?}");
        server.start_again().await;
        server
    }

    fn new(flags: &[&str]) -> Self {
        Self {
            data_dir: TempDir::with_prefix("mimc-e2e-").expect("a temporary directory"),
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            http: "127.0.0.1:0".to_owned(),
            tcp: "127.0.0.1:0".to_owned(),
            certificate: None,
            environment: Vec::new(),
            running: None,
            ready: Value::Null,
            log: NamedTempFile::with_prefix("mimc-e2e-log-").expect("a temporary file"),
        }
    }

    /// Starts on the same directory and the same ports.
    ///
    /// # Panics
    ///
    /// When it does not become ready.
    pub async fn start_again(&mut self) {
        let mut process = self.command().spawn().expect("the binary can be started");
        let stdout = process.stdout.take().expect("stdout is a pipe");
        let mut stdout = BufReader::new(stdout).lines();
        let line = within("the ready line", stdout.next_line()).await;
        let line = line.expect("stdout can be read");
        let line = line.expect("the server became ready; its log says why not");
        assert!(line.starts_with(r#"{"ready":true"#), "{line}");
        self.ready = serde_json::from_str(&line).expect("the ready line is JSON");
        self.http = self.text("http");
        self.tcp = self.text("tcp");
        self.running = Some(Running { process, stdout });
    }

    /// Starts on the same directory, which must fail; what it says on stderr.
    ///
    /// # Panics
    ///
    /// When it becomes ready.
    pub async fn fails_to_start(&self) -> String {
        let failed = done(self.command()).await;
        assert!(failed.code.is_some_and(|code| code != 0), "{failed:?}");
        assert_eq!(failed.stdout, "");
        failed.stderr
    }

    fn command(&self) -> Command {
        let log = self.log.reopen().and_then(|mut log| {
            log.seek(SeekFrom::End(0))?;
            Ok(log)
        });
        let mut command = mimc(&["serve", "--http", &self.http, "--tcp", &self.tcp]);
        command
            .args(&self.flags)
            .envs(self.environment.iter().cloned())
            .arg("--data-dir")
            .arg(self.data_dir())
            .stdout(Stdio::piped())
            .stderr(log.expect("a temporary file can be opened again"));
        command
    }

    // What it said

    /// The ready line.
    pub fn ready(&self) -> &Value {
        &self.ready
    }

    /// Where its data is.
    pub fn data_dir(&self) -> &Path {
        self.data_dir.path()
    }

    /// `host:port` of the TCP gateway.
    pub fn tcp(&self) -> &str {
        &self.tcp
    }

    /// Its process id.
    ///
    /// # Panics
    ///
    /// When it does not run.
    pub fn pid(&self) -> u32 {
        let running = self.running.as_ref().expect("the server runs");
        running.process.id().expect("it has not been waited for")
    }

    /// Its HTTP side.
    ///
    /// # Panics
    ///
    /// Never: the address is its own.
    pub fn rest(&self) -> Rest {
        let rest = match &self.certificate {
            Some(certificate) => Rest::trusting(&self.url(), certificate.trust()),
            None => Rest::new(&self.url()),
        };
        rest.expect("the address is one")
    }

    /// Where its HTTP side is.
    pub fn url(&self) -> String {
        let s = if self.certificate.is_some() { "s" } else { "" };
        format!("http{s}://{}", self.http)
    }

    /// Its TCP gateway.
    ///
    /// # Panics
    ///
    /// Never: the address is its own.
    pub fn gateway(&self) -> Gateway {
        match &self.certificate {
            Some(certificate) => {
                let gateway = Gateway::tls(&self.tcp, "localhost", certificate.trust());
                gateway.expect("localhost is a name")
            }
            None => Gateway::plain(&self.tcp),
        }
    }

    /// What it shows, of a server with TLS.
    ///
    /// # Panics
    ///
    /// When it has none.
    pub fn certificate(&self) -> &Certificate {
        self.certificate.as_ref().expect("a server with TLS")
    }

    /// The demo app, of a server that runs with `--dev`.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub fn app(&self) -> AppCredentials {
        serde_json::from_value(self.ready["app"].clone()).expect("--dev makes an app")
    }

    /// The REST API in the name of an account of the demo app.
    ///
    /// # Panics
    ///
    /// When there is no demo app.
    pub fn caller(&self, account: &str) -> Caller {
        let caller = Caller::by_app(self.rest(), &self.app(), account);
        caller.expect("credentials fit into headers")
    }

    /// Changes settings of the demo app.
    ///
    /// # Panics
    ///
    /// When the server does not want them.
    pub async fn set(&self, settings: Value) {
        let Value::Object(settings) = settings else {
            panic!("{settings} is no object");
        };
        let app_id = self.app().app_id;
        let changed = self.admin().change_app(&app_id, settings).await;
        changed.unwrap_or_else(|error| panic!("{error}"));
    }

    /// The admin API.
    ///
    /// # Panics
    ///
    /// When there is no admin token.
    pub fn admin(&self) -> Admin {
        let file = self.data_dir().join("admin.token");
        let token = std::fs::read_to_string(file).expect("a server has an admin token");
        Admin::new(self.rest(), &token).expect("the token is printable")
    }

    /// A person's device that logs in and reconnects, once it is connected.
    ///
    /// # Panics
    ///
    /// When it is not let in.
    pub async fn person(&self, account: &str, resource: &str) -> Person {
        let mut person = self.person_offline(account, resource);
        person.connected().await;
        person
    }

    /// The same without waiting until it is connected.
    pub fn person_offline(&self, account: &str, resource: &str) -> Person {
        Person::start(self, self.gateway(), account, resource)
    }

    /// The same over another way to the gateway.
    pub fn person_over(&self, gateway: Gateway, account: &str, resource: &str) -> Person {
        Person::start(self, gateway, account, resource)
    }

    /// Runs a verb against this server, as its operator.
    ///
    /// # Panics
    ///
    /// When it cannot be started or takes too long.
    pub async fn mimc(&self, arguments: &[&str]) -> Done {
        done(self.verb(arguments)).await
    }

    /// The same, not yet started.
    pub fn verb(&self, arguments: &[&str]) -> Command {
        let mut command = mimc(arguments);
        command
            .env("MIMC_SERVER", self.url())
            .arg("--data-dir")
            .arg(self.data_dir());
        if let Some(certificate) = &self.certificate {
            command.env("MIMC_CA", certificate.cert());
        }
        command
    }

    /// Runs a verb against this server on a terminal of this size.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    pub fn terminal(&self, arguments: &[&str], columns: u16, rows: u16) -> Terminal {
        Terminal::start(&self.verb(arguments), columns, rows)
    }

    /// The same on a terminal whose end is told by no signal.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    pub fn terminal_without_signals(&self, arguments: &[&str]) -> Terminal {
        Terminal::start_without_signals(&self.verb(arguments), 80, 24)
    }

    // How it ends

    /// SIGTERM, and the end; whatever else it wrote to stdout.
    ///
    /// # Panics
    ///
    /// When it does not end.
    pub async fn stop(&mut self) -> (ExitStatus, Vec<String>) {
        self.signal("-TERM").await;
        let mut running = self.running.take().expect("the server runs");
        let mut more = Vec::new();
        let end = async {
            while let Ok(Some(line)) = running.stdout.next_line().await {
                more.push(line);
            }
            running
                .process
                .wait()
                .await
                .expect("a child can be waited for")
        };
        let status = within("the end after SIGTERM", end).await;
        (status, more)
    }

    /// Sends it a signal, as `-HUP`.
    ///
    /// # Panics
    ///
    /// When it does not run.
    pub async fn signal(&self, signal: &str) {
        let pid = self.pid().to_string();
        let signalled = Command::new("kill").args([signal, &pid]).status().await;
        assert!(signalled.expect("there is kill").success());
    }

    /// SIGKILL: nothing gets a chance to be written.
    ///
    /// # Panics
    ///
    /// When it does not run.
    pub async fn kill(&mut self) {
        let mut running = self.running.take().expect("the server runs");
        running.process.kill().await.expect("a child can be killed");
    }

    /// Everything it wrote to stderr so far.
    ///
    /// # Panics
    ///
    /// When the file is gone.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log.path()).expect("the log is there")
    }

    fn text(&self, name: &str) -> String {
        let text = self.ready[name].as_str();
        text.unwrap_or_else(|| panic!("the ready line has {name}: {}", self.ready))
            .to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- the server's log\n{}---", self.log());
        }
    }
}

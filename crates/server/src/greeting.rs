//! What the start says: one line of JSON on stdout for programs, a few lines on stderr for people.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::Path;

use api::SignInCodes;
use serde::Serialize;

use crate::config::TcpTls;
use crate::data_dir;
use crate::demo::Demo;

/// What is said.
pub(crate) struct Greeting<'a> {
    pub(crate) here: Here,
    pub(crate) data_dir: &'a Path,
    /// Under `--dev`.
    pub(crate) demo: Option<&'a Demo>,
    /// A one-time code for the console.
    pub(crate) signin: Option<String>,
}

/// Where the server is reached.
#[derive(Clone, Copy)]
pub(crate) struct Here {
    pub(crate) http: SocketAddr,
    pub(crate) tcp: SocketAddr,
    /// `None`: nothing speaks TLS.
    pub(crate) tcp_tls: Option<TcpTls>,
}

/// The only line that ever goes to stdout.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "these are the names in its JSON")]
struct Ready<'a> {
    ready: bool,
    http: SocketAddr,
    tcp: SocketAddr,
    data_dir: &'a Path,
    version: &'static str,
    /// Whether HTTP is HTTPS, and a WebSocket `wss`.
    tls: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<&'a Demo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    console_url: Option<&'a str>,
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Says that the server is ready, and where. The line for programs has the sign-in under `--dev`
/// only: elsewhere it may be kept in some log.
#[expect(clippy::needless_pass_by_value, reason = "it is said once")]
pub(crate) fn greet(greeting: Greeting<'_>) -> anyhow::Result<()> {
    let console_url = greeting.console_url();
    let text = match (greeting.demo, &console_url) {
        (Some(demo), Some(console)) => greeting.for_developers(console, demo),
        (_, console) => greeting.for_operators(console.as_deref()),
    };
    let ready = Ready {
        ready: true,
        http: greeting.here.http,
        tcp: greeting.here.tcp,
        data_dir: greeting.data_dir,
        version: VERSION,
        tls: greeting.here.tcp_tls.is_some(),
        app: greeting.demo,
        console_url: greeting.demo.and(console_url.as_deref()),
    };
    let line = serde_json::to_string(&ready)? + "\n";
    // Whoever closed its end of these does not want to know.
    let _ = io::stderr().write_all(text.as_bytes());
    let mut stdout = io::stdout();
    let _ = stdout
        .write_all(line.as_bytes())
        .and_then(|()| stdout.flush());
    Ok(())
}

impl Greeting<'_> {
    /// The code stands in the fragment, which no browser sends: it is in no log and no Referer.
    fn console_url(&self) -> Option<String> {
        let code = self.signin.as_ref()?;
        Some(format!("{}/#/signin/{code}", self.here.url("http")))
    }

    fn for_operators(&self, console: Option<&str>) -> String {
        let (url, gateway) = (self.here.url("http"), self.here.gateway());
        let token = data_dir::admin_token_file(self.data_dir);
        let token = token.display();
        let minutes = SignInCodes::LIFE_MIN;
        let console = console.map(|console| {
            format!(
                "console: {console}\n  signs in once, within {minutes} minutes; \
                 `mimc console` gives another link\n"
            )
        });
        let console = console.unwrap_or_default();
        format!("OpenMIMC {VERSION}: {url}, gateway {gateway}\nadmin token: {token}\n{console}")
    }

    fn for_developers(&self, console: &str, demo: &Demo) -> String {
        let here = self.here;
        let (url, websocket, gateway) = (here.url("http"), here.url("ws"), here.gateway());
        let minutes = SignInCodes::LIFE_MIN;
        let Demo {
            app_id,
            app_key,
            app_secret,
            app_package,
        } = demo;
        format!(
            "
OpenMIMC {VERSION}, for development

  console    {console}
             (signs in once, within {minutes} minutes; `mimc console` gives another link)
  demo chat  {url}/chat
  gateway    {gateway}, {websocket} (any path)

  demo app   {app_package}
    appId      {app_id}
    appKey     {app_key}
    appSecret  {app_secret}

  A token for an account of it:
    curl -s {url}/api/account/token -d '{{\"appId\":\"{app_id}\",\"appKey\":\"{app_key}\",\"appSecret\":\"{app_secret}\",\"appAccount\":\"alice\"}}'

"
        )
    }
}

impl Here {
    /// `scheme`: without the s of TLS.
    fn url(self, scheme: &str) -> String {
        let s = if self.tcp_tls.is_some() { "s" } else { "" };
        format!("{scheme}{s}://{}", reachable(self.http))
    }

    fn gateway(self) -> String {
        let what = match self.tcp_tls {
            None | Some(TcpTls::Off) => "TCP",
            Some(TcpTls::Required) => "TCP with TLS",
            Some(TcpTls::Optional) => "TCP with and without TLS",
        };
        format!("{} ({what})", self.tcp)
    }
}

/// An address that listens everywhere is reached on this machine, too.
fn reachable(address: SocketAddr) -> SocketAddr {
    let mut reachable = address;
    if address.ip().is_unspecified() {
        reachable.set_ip(if address.is_ipv4() {
            std::net::Ipv4Addr::LOCALHOST.into()
        } else {
            std::net::Ipv6Addr::LOCALHOST.into()
        });
    }
    reachable
}

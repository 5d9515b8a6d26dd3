//! What the start says: one line of JSON on stdout for programs, a few lines on stderr for people.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::Path;

use serde::Serialize;

use crate::data_dir;
use crate::demo::Demo;

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
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<&'a Demo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    console_url: Option<&'a str>,
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Says that the server is ready, and where.
pub(crate) fn greet(
    http: SocketAddr,
    tcp: SocketAddr,
    data_dir: &Path,
    demo: Option<&Demo>,
) -> anyhow::Result<()> {
    let host = reachable(http);
    let console_url = match demo {
        Some(_) => Some(format!(
            "http://{host}/?signin={}",
            data_dir::random_text()?
        )),
        None => None,
    };
    let text = match (demo, &console_url) {
        (Some(demo), Some(console)) => for_developers(host, tcp, console, demo),
        _ => format!(
            "OpenMIMC {VERSION}: http://{host}, TCP gateway {tcp}\nadmin token: {}\n",
            data_dir.join("admin.token").display()
        ),
    };
    let ready = Ready {
        ready: true,
        http,
        tcp,
        data_dir,
        version: VERSION,
        app: demo,
        console_url: console_url.as_deref(),
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

fn for_developers(host: SocketAddr, tcp: SocketAddr, console: &str, demo: &Demo) -> String {
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
  demo chat  http://{host}/chat
  gateway    {tcp} (TCP), ws://{host} (any path)

  demo app   {app_package}
    appId      {app_id}
    appKey     {app_key}
    appSecret  {app_secret}

  A token for an account of it:
    curl -s http://{host}/api/account/token -d '{{\"appId\":\"{app_id}\",\"appKey\":\"{app_key}\",\"appSecret\":\"{app_secret}\",\"appAccount\":\"alice\"}}'

"
    )
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

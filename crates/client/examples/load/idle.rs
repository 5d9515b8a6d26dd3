//! What an idle connection costs the server.

use serde_json::{Value, json};

use crate::Failure;
use crate::process::usage;
use crate::target::Target;

/// Accounts and their first logins have a memory of their own; a few of them warm up what is shared.
const WARM_UP: usize = 100;

pub(crate) async fn run(target: &Target, connections: usize) -> Result<Value, Failure> {
    let mut open = Vec::with_capacity(WARM_UP + connections);
    for number in 0..WARM_UP {
        open.push(target.session(&format!("warm-{number}")).await?);
    }
    let before = usage(target.pid)?;
    for number in 0..connections {
        open.push(target.session(&format!("idle-{number}")).await?);
    }
    let after = usage(target.pid)?;
    Ok(json!({
        "scenario": "idle",
        "connections": connections,
        "server_rss_mb_before": before.rss_kb / 1024,
        "server_rss_mb": after.rss_kb / 1024,
        "rss_kb_per_connection": per(after.rss_kb.saturating_sub(before.rss_kb), connections),
        "fresh_directory": target.is_fresh(),
    }))
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn per(total: u64, count: usize) -> f64 {
    let exact = total as f64 / count.max(1) as f64;
    (exact * 100.0).round() / 100.0
}

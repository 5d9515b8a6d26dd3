//! What the server tells its operators about itself: figures and how they went, alarms, settings,
//! health. [`Insight`] is the port, the rest are the shapes of the answers: camelCase, times in
//! milliseconds since 1970.

use std::collections::BTreeMap;

use serde::Serialize;

/// Knows how the server is doing. Answers at once, from memory.
pub trait Insight: Send + Sync + 'static {
    /// Now, and the course of the last while.
    fn stats(&self, window: Window) -> Stats;

    /// What is set, and where, in the order in which people read it.
    fn settings(&self) -> Vec<Setting>;

    /// What a look at everything found last.
    fn health(&self) -> Health;
}

/// How far back a series goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Window {
    /// 15 minutes, every 5 seconds.
    #[default]
    Minutes15,
    /// 3 hours, every minute.
    Hours3,
    /// A day, every 10 minutes.
    Hours24,
}

impl Window {
    /// All of them, the shortest first.
    pub const ALL: [Self; 3] = [Self::Minutes15, Self::Hours3, Self::Hours24];

    /// As in `?window=15m`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Minutes15 => "15m",
            Self::Hours3 => "3h",
            Self::Hours24 => "24h",
        }
    }
}

/// The same in two languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// The answer of `GET /admin/v1/stats`.
#[derive(Clone, Debug, Serialize)]
pub struct Stats {
    /// What is so now.
    pub now: Now,
    /// How it went.
    pub series: Series,
    /// What somebody should look at; empty when all is well.
    pub alarms: Vec<Alarm>,
}

/// Figures of this moment; counts are since the start.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "openapi/admin/stats.rs says what each is")]
pub struct Now {
    pub at: u64,
    pub started_at: u64,
    pub version: &'static str,
    pub sessions: u64,
    pub apps: u64,
    pub tcp: u64,
    pub websocket: u64,
    pub http: u64,
    pub resident_bytes: u64,
    pub cpu_seconds: f64,
    pub descriptors: Descriptors,
    pub storage: Storage,
    pub callbacks: CallbackCounts,
    pub messages: MessageCounts,
}

/// Open files and sockets; `null` where the system does not tell.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[expect(missing_docs, reason = "openapi/admin/stats.rs says what each is")]
pub struct Descriptors {
    pub open: Option<u64>,
    pub max: Option<u64>,
}

/// The data directory.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "openapi/admin/stats.rs says what each is")]
pub struct Storage {
    pub bytes: u64,
    pub segments: u64,
    pub free_bytes: Option<u64>,
    pub disk_bytes: Option<u64>,
    pub damages: u64,
    pub read_only: bool,
}

/// Callbacks of all apps.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "openapi/admin/stats.rs says what each is")]
pub struct CallbackCounts {
    pub pending: u64,
    pub is_more_pending: bool,
    pub delivered: u64,
    pub retried: u64,
    pub failed: u64,
}

/// Messages of all apps.
#[derive(Clone, Debug, Default, Serialize)]
#[expect(missing_docs, reason = "openapi/admin/stats.rs says what each is")]
pub struct MessageCounts {
    pub accepted: u64,
    pub stored: u64,
    pub repeated: u64,
    pub delivered: u64,
    pub acknowledged: u64,
    pub offline: u64,
    pub refused: BTreeMap<&'static str, u64>,
}

/// Points at equal distances, the oldest first. After a start there are few.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Series {
    /// As it was asked for.
    pub window: &'static str,
    /// Seconds between points.
    pub step_s: u64,
    /// When the stretch of the first point began; `null` without a point.
    pub from: Option<u64>,
    /// Columns of one length.
    pub points: Points,
}

/// See [`Series`]. `null` is where nothing was measured. A point is about the step that ends at its
/// time: rates are per second, counts are as they were at the end.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "openapi/admin/stats.rs says what each is")]
pub struct Points {
    pub at: Vec<u64>,
    pub sessions: Vec<u64>,
    pub tcp: Vec<u64>,
    pub websocket: Vec<u64>,
    pub http: Vec<u64>,
    #[serde(rename = "in")]
    pub incoming: Vec<f64>,
    #[serde(rename = "out")]
    pub outgoing: Vec<f64>,
    pub ack_p50_ms: Vec<Option<f64>>,
    pub ack_p99_ms: Vec<Option<f64>>,
    pub delivery_p50_ms: Vec<Option<f64>>,
    pub delivery_p99_ms: Vec<Option<f64>>,
    pub flush_p50_ms: Vec<Option<f64>>,
    pub flush_p99_ms: Vec<Option<f64>>,
    pub callback_backlog: Vec<u64>,
    pub storage_bytes: Vec<u64>,
    pub cpu: Vec<f64>,
    pub resident_bytes: Vec<u64>,
}

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is well.
    Ok,
    /// It works, but not for ever.
    Warn,
    /// It does not work, or not for long.
    Bad,
}

/// Something that is not well.
#[derive(Clone, Debug, Serialize)]
pub struct Alarm {
    /// The check that found it.
    pub id: &'static str,
    /// Never [`Verdict::Ok`].
    pub severity: Verdict,
    /// Since when.
    pub since: u64,
    /// The figures behind it, and the thresholds.
    pub values: BTreeMap<&'static str, f64>,
    /// What is so, and what to do.
    pub sentence: Words,
}

/// A configuration key. Secrets have no value.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Setting {
    /// As in `http.listen`.
    pub key: String,
    /// What is set; `null` for a secret.
    pub value: serde_json::Value,
    /// Where.
    pub source: SettingSource,
    /// What it means.
    pub description: &'static str,
    /// The same in Chinese.
    pub description_zh: &'static str,
    /// Whether the value is never shown.
    pub is_secret: bool,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettingSource {
    /// `default`, `file`, `environment` or `flag`.
    pub kind: &'static str,
    /// The file, variable or flag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The answer of `GET /admin/v1/health`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// When it was looked.
    pub checked_at: u64,
    /// One for each check.
    pub findings: Vec<Finding>,
}

/// What a check found.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Which one; alarms have the same names.
    pub check: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// What is so.
    pub what: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// `what` in Chinese.
    pub what_zh: String,
    /// `advice` in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice_zh: Option<String>,
}

/// Knows nothing: for a router without a server around it.
#[derive(Clone, Copy, Debug)]
pub struct NoInsight;

impl Insight for NoInsight {
    fn stats(&self, window: Window) -> Stats {
        Stats {
            now: Now::default(),
            series: Series {
                window: window.name(),
                step_s: 5,
                from: None,
                points: Points::default(),
            },
            alarms: Vec::new(),
        }
    }

    fn settings(&self) -> Vec<Setting> {
        Vec::new()
    }

    fn health(&self) -> Health {
        Health {
            checked_at: 0,
            findings: Vec::new(),
        }
    }
}

//! GET /apps/{app}/trace/{id}: why a message did not arrive, step by step, in English and Chinese.
//!
//! What happened is `chat`'s to know ([`chat::trace`]); `callbacks` adds what was posted to the app's
//! servers, `steps`, `verdict` and `refused` say it in sentences.

mod callbacks;
mod refused;
mod steps;
mod utc;
mod verdict;
mod words;

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use chat::trace::{Other, Question, Receiver, Trace, TraceError};
use http::StatusCode;
use model::{AccountName, App, Party};
use serde::Serialize;

use self::steps::StepView;
use self::utc::utc;
use self::verdict::VerdictView;
use crate::admin::access::Role;
use crate::admin::error::AdminError;
use crate::admin::found::{FoundApp, Segment};
use crate::base64_text;
use crate::json;
use crate::query;
use crate::refusal::BadParameter;
use crate::state::Api;

/// What is not known is `null`. Ids and sequences are strings, times are ms since 1970.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TraceView<'a> {
    packet_id: Option<&'a str>,
    sequence: Option<String>,
    at: u64,
    /// `null`: an account that is gone.
    from: Option<SenderView<'a>>,
    to: Option<ReceiverView<'a>>,
    bytes: Option<usize>,
    is_stored: Option<bool>,
    /// Base64; for admins only.
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
    is_complete: bool,
    steps: Vec<StepView>,
    steps_omitted: usize,
    verdict: VerdictView,
    others: Vec<OtherView<'a>>,
}

#[derive(Serialize)]
struct SenderView<'a> {
    account: &'a str,
    uuid: String,
    resource: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
enum ReceiverView<'a> {
    Account {
        account: &'a str,
        uuid: String,
    },
    Topic {
        topic_id: String,
        name: Option<&'a str>,
        members: usize,
    },
}

#[derive(Serialize)]
struct OtherView<'a> {
    sequence: Option<String>,
    at: u64,
    account: Option<&'a str>,
}

/// Who a message is about, for the sentences.
struct Named<'a> {
    app: &'a App,
    trace: &'a Trace,
}

impl Named<'_> {
    /// The sender, as in a sentence.
    fn from(&self) -> &str {
        let from = self.trace.from.as_ref();
        from.map_or("?", |party| &party.account)
    }

    /// The receiver, as in a sentence.
    fn to(&self) -> &str {
        match &self.trace.to {
            Some(Receiver::Account(party)) => &party.account,
            Some(Receiver::Topic { name, .. }) => name.as_deref().unwrap_or("?"),
            None => "?",
        }
    }
}

/// `?from=ACCOUNT` says who sent it: packetIds are unique for a device only.
pub(crate) async fn trace(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    Segment(id): Segment,
    role: Role,
    RawQuery(query): RawQuery,
) -> Result<Response, AdminError> {
    let from = query::value(query.as_deref(), "from")
        .map(|name| AccountName::new(&name))
        .transpose()
        .map_err(|why| BadParameter::name("from", why))?;
    let question = Question {
        id: &id,
        from: from.as_ref(),
    };
    let trace = api.chat.trace(&app, question).await.map_err(refusal)?;
    let named = Named {
        app: &app,
        trace: &trace,
    };
    let mut steps: Vec<_> = trace
        .steps
        .iter()
        .map(|step| steps::view(&named, step))
        .collect();
    steps.extend(callbacks::steps(&api, &named).await?);
    // Stable: what has no time keeps its place at the end.
    steps.sort_by_key(|step| step.at.unwrap_or(u64::MAX));
    let payload = trace.payload.as_deref().filter(|_| role == Role::Admin);
    let view = TraceView {
        packet_id: trace.packet_id.as_deref(),
        sequence: trace.sequence.map(|sequence| sequence.to_string()),
        at: trace.at_ms,
        from: trace.from.as_ref().map(|party| SenderView {
            account: &party.account,
            uuid: party.uuid.to_string(),
            resource: trace.from_resource.as_deref(),
        }),
        to: trace.to.as_ref().map(ReceiverView::new),
        bytes: trace.bytes,
        is_stored: trace.is_stored,
        payload: payload.map(base64_text::encode),
        is_complete: trace.is_complete,
        steps,
        steps_omitted: trace.steps_omitted,
        verdict: verdict::view(&named),
        others: trace.others.iter().map(OtherView::new).collect(),
    };
    Ok(json::response(StatusCode::OK, &view))
}

fn refusal(error: TraceError) -> AdminError {
    match error {
        TraceError::Store(error) => error.into(),
        TraceError::NoSender => AdminError::NotFound("sender"),
        TraceError::Unknown {
            remembered_ms,
            searched_ms,
        } => {
            let log = match searched_ms {
                0 => "all of the log was".to_owned(),
                since_ms => format!(
                    "what was stored after {} was; by its sequence an older one is found as well",
                    utc(since_ms)
                ),
            };
            AdminError::Untraced(format!(
                "nothing is known of such a message: what happened since {} is remembered, and {log} \
                 looked through",
                utc(remembered_ms)
            ))
        }
    }
}

impl<'a> ReceiverView<'a> {
    fn new(to: &'a Receiver) -> Self {
        match to {
            Receiver::Account(Party { account, uuid }) => Self::Account {
                account,
                uuid: uuid.to_string(),
            },
            Receiver::Topic { id, name, members } => Self::Topic {
                topic_id: id.to_string(),
                name: name.as_deref(),
                members: *members,
            },
        }
    }
}

impl<'a> OtherView<'a> {
    fn new(other: &'a Other) -> Self {
        Self {
            sequence: other.sequence.map(|sequence| sequence.to_string()),
            at: other.at_ms,
            account: other.from.as_deref(),
        }
    }
}

//! What operators see of things. Ids and sequences are strings, times are ms since 1970.

use chat::{Contact, DeviceReport, JoinedTopic, ListedAccount, Pending, Who};
use model::{Account, App, AppSettings, Party, Roster, Topic};
use serde::Serialize;

use crate::admin::access::Role;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppView<'a> {
    app_id: String,
    app_key: &'a str,
    /// Right after it was made, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    app_secret: Option<&'a str>,
    /// For admins only.
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_secret: Option<&'a str>,
    name: &'a str,
    package: &'a str,
    banned: bool,
    created_at: u64,
    settings: SettingsView<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SettingsView<'a> {
    instant_callback: Option<&'a str>,
    offline_callback: Option<&'a str>,
    account_ttl: u32,
    topic_members: u32,
    max_payload: u32,
    retention_days: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountView<'a> {
    app_id: String,
    account: &'a str,
    uuid: String,
    banned: bool,
    created_at: u64,
    /// Of a temporary account.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<u64>,
    pending: PendingView,
    devices: Vec<DeviceView<'a>>,
}

/// An account in a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountRow<'a> {
    account: &'a str,
    uuid: String,
    banned: bool,
    created_at: u64,
    online: bool,
}

/// Messages that wait, as far as they were counted.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PendingView {
    count: usize,
    is_more: bool,
}

/// `cursor`: everything up to here is acknowledged. `ownAfter`: copies of the account's own sends
/// are owed from here on. Both are `null` for a device that is just logging in.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeviceView<'a> {
    resource: &'a str,
    online: bool,
    cursor: Option<String>,
    own_after: Option<String>,
    seen_at: Option<u64>,
    pending: PendingView,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TopicView<'a> {
    topic_id: String,
    name: &'a str,
    bulletin: &'a str,
    extra: &'a str,
    owner: PartyView<'a>,
    created_at: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RosterView<'a> {
    #[serde(flatten)]
    topic: TopicView<'a>,
    members: Vec<MemberView<'a>>,
}

/// A topic that an account is in: what has a higher sequence than `joined` is for it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JoinedTopicView<'a> {
    topic_id: String,
    name: &'a str,
    owner: PartyView<'a>,
    members: usize,
    joined: String,
}

/// The other end of a conversation, with its newest message, of which nothing is shown.
#[derive(Serialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub(crate) enum ContactView<'a> {
    Account {
        account: &'a str,
        uuid: String,
        sequence: String,
        at: u64,
    },
    Topic {
        topic_id: String,
        name: &'a str,
        sequence: String,
        at: u64,
    },
}

#[derive(Serialize)]
pub(crate) struct PartyView<'a> {
    account: &'a str,
    uuid: String,
}

/// `joined`: what has a higher sequence is for this member.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MemberView<'a> {
    #[serde(flatten)]
    party: PartyView<'a>,
    joined: String,
}

impl<'a> AppView<'a> {
    pub(crate) fn new(app: &'a App, role: Role) -> Self {
        Self {
            app_id: app.id.to_string(),
            app_key: &app.key,
            app_secret: None,
            callback_secret: (role == Role::Admin).then_some(&app.callback_secret),
            name: &app.name,
            package: &app.package,
            banned: app.is_banned,
            created_at: app.created_at_ms,
            settings: SettingsView::new(&app.settings),
        }
    }

    pub(crate) fn with_secret(app: &'a App, secret: &'a str) -> Self {
        Self {
            app_secret: Some(secret),
            ..Self::new(app, Role::Admin)
        }
    }
}

impl<'a> SettingsView<'a> {
    fn new(settings: &'a AppSettings) -> Self {
        Self {
            instant_callback: settings.instant_callback.as_deref(),
            offline_callback: settings.offline_callback.as_deref(),
            account_ttl: settings.account_ttl_s,
            topic_members: settings.topic_members_max,
            max_payload: settings.payload_bytes_max,
            retention_days: settings.retention_days,
        }
    }
}

impl<'a> AccountView<'a> {
    pub(crate) fn new(
        account: &'a Account,
        ends_at_ms: Option<u64>,
        pending: Pending,
        devices: &'a [DeviceReport],
    ) -> Self {
        Self {
            app_id: account.app_id.to_string(),
            account: &account.name,
            uuid: account.uuid.to_string(),
            banned: account.is_banned,
            created_at: account.created_at_ms,
            expires_at: ends_at_ms,
            pending: PendingView::new(pending),
            devices: devices.iter().map(DeviceView::new).collect(),
        }
    }
}

impl<'a> AccountRow<'a> {
    pub(crate) fn new(listed: &'a ListedAccount) -> Self {
        let account = &listed.account;
        Self {
            account: &account.name,
            uuid: account.uuid.to_string(),
            banned: account.is_banned,
            created_at: account.created_at_ms,
            online: listed.is_online,
        }
    }
}

impl PendingView {
    fn new(pending: Pending) -> Self {
        let Pending { count, is_more } = pending;
        Self { count, is_more }
    }
}

impl<'a> DeviceView<'a> {
    fn new(report: &'a DeviceReport) -> Self {
        let device = report.device;
        Self {
            resource: &report.resource,
            online: report.is_online,
            cursor: device.map(|device| device.cursor.to_string()),
            own_after: device.map(|device| device.own_after.to_string()),
            seen_at: device.map(|device| device.seen_at_ms),
            pending: PendingView::new(report.pending),
        }
    }
}

impl<'a> TopicView<'a> {
    pub(crate) fn new(topic: &'a Topic) -> Self {
        Self {
            topic_id: topic.id.to_string(),
            name: &topic.name,
            bulletin: &topic.bulletin,
            extra: &topic.extra,
            owner: PartyView::new(&topic.owner),
            created_at: topic.created_at_ms,
        }
    }
}

impl<'a> RosterView<'a> {
    pub(crate) fn new(roster: &'a Roster) -> Self {
        let member = |member: &'a model::Member| MemberView {
            party: PartyView::new(&member.party),
            joined: member.joined.to_string(),
        };
        Self {
            topic: TopicView::new(&roster.topic),
            members: roster.members.iter().map(member).collect(),
        }
    }
}

impl<'a> JoinedTopicView<'a> {
    pub(crate) fn new(joined: &'a JoinedTopic) -> Self {
        Self {
            topic_id: joined.topic.id.to_string(),
            name: &joined.topic.name,
            owner: PartyView::new(&joined.topic.owner),
            members: joined.members,
            joined: joined.joined.to_string(),
        }
    }
}

impl<'a> ContactView<'a> {
    pub(crate) fn new(contact: &'a Contact) -> Self {
        let sequence = contact.last.sequence.to_string();
        let at = contact.last.timestamp_ms;
        match &contact.who {
            Who::Account { uuid, name } => Self::Account {
                account: name,
                uuid: uuid.to_string(),
                sequence,
                at,
            },
            Who::Topic(topic) => Self::Topic {
                topic_id: topic.id.to_string(),
                name: &topic.name,
                sequence,
                at,
            },
        }
    }
}

impl<'a> PartyView<'a> {
    pub(crate) fn of(account: &'a Account) -> Self {
        Self {
            account: &account.name,
            uuid: account.uuid.to_string(),
        }
    }

    fn new(party: &'a Party) -> Self {
        Self {
            account: &party.account,
            uuid: party.uuid.to_string(),
        }
    }
}

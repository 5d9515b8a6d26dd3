//! Accounts of an app, and with whom they have to do.

use http::Method;
use serde_json::{Value, json};

use super::super::operation::Operation;
use super::super::schema::{
    always, answer, answer_with, array, flag, given, id, id_given, integer, nullable, page, paging,
    reference, sequence, text, time,
};
use super::{Tag, plain};

const TAG: Tag = Tag("Accounts of an app");

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let name = || ("account", text("The account.", "alice"));
    let uuid = || ("uuid", id("Its uuid.", "5612345678901234"));
    let banned = || ("banned", flag("Whether it cannot log in."));
    let created = || ("createdAt", time("When it was first named."));
    let pending = answer(vec![
        (
            "count",
            integer("Messages that wait, as far as they were counted.", 3),
        ),
        ("isMore", flag("Whether there are more.")),
    ]);
    let device = answer(vec![
        ("resource", text("The device.", "phone")),
        ("online", flag("Whether it has a session.")),
        (
            "cursor",
            nullable(sequence(
                "Everything up to here is acknowledged; `null` while it logs in.",
            )),
        ),
        (
            "ownAfter",
            nullable(sequence(
                "Copies of the account's own messages are owed from here on.",
            )),
        ),
        ("seenAt", nullable(time("When it was seen last."))),
        ("pending", reference("Pending")),
    ]);
    let row = answer(vec![
        name(),
        uuid(),
        banned(),
        created(),
        ("online", flag("Whether a device is.")),
    ]);
    let shown = answer_with(
        vec![
            ("appId", id("The app.", "2882303761517123456")),
            name(),
            uuid(),
            banned(),
            created(),
            ("pending", reference("Pending")),
            ("devices", array(reference("Device"))),
        ],
        vec![("expiresAt", time("When a temporary account ends."))],
    );
    let joined = answer(vec![
        ("topicId", id("The topic.", "21351198708203520")),
        ("name", text("Its name.", "Lunch")),
        ("owner", reference("AdminParty")),
        ("members", integer("How many there are.", 3)),
        ("joined", sequence("What has a higher sequence is for it.")),
    ]);
    let newest = || {
        [
            ("sequence", sequence("Of the newest message.")),
            ("at", time("Of the newest message.")),
        ]
    };
    let of = |kind: &str, who: [(&'static str, Value); 2]| {
        let mut fields = vec![("kind", always(kind))];
        fields.extend(who);
        fields.extend(newest());
        answer(fields)
    };
    let topic = [
        ("topicId", id("The topic.", "21351198708203520")),
        ("name", text("Its name.", "Lunch")),
    ];
    let contact = json!({ "oneOf": [of("account", [name(), uuid()]), of("topic", topic)] });
    vec![
        ("Pending", pending),
        ("Device", device),
        ("AccountRow", row),
        ("Account", shown),
        ("JoinedTopic", joined),
        ("AccountContact", contact),
    ]
}

pub(super) fn operations() -> Vec<Operation> {
    let one = "/admin/v1/apps/{appId}/accounts/{account}";
    let kick = "/admin/v1/apps/{appId}/accounts/{account}/kick";
    let ban = "/admin/v1/apps/{appId}/accounts/{account}/ban";
    let unban = "/admin/v1/apps/{appId}/accounts/{account}/unban";
    let shown = || reference("Account");
    let ended = answer(vec![("sessions", integer("How many were ended.", 1))]);
    vec![
        list(),
        TAG.operation(
            Method::GET,
            one,
            "showAccount",
            ("An account with its devices", "查询账号及其设备"),
            "How far each device has acknowledged, and how much waits for it.",
            shown(),
        ),
        TAG.operation(
            Method::POST,
            kick,
            "kickAccount",
            ("Ends the sessions of an account", "踢账号下线"),
            "It may log in again.",
            ended,
        ),
        TAG.operation(
            Method::POST,
            ban,
            "banAccount",
            ("Bans an account", "封禁账号"),
            "Its sessions end, its tokens are void.",
            shown(),
        ),
        TAG.operation(
            Method::POST,
            unban,
            "unbanAccount",
            ("Lifts the ban of an account", "解封账号"),
            "Its tokens from before stay void.",
            shown(),
        ),
        topics(),
        contacts(),
        blacklist(),
        block(
            Method::PUT,
            "blockFor",
            ("Blocks an account for another", "为账号拉黑"),
            "From now on nothing that the other sends P2P reaches the account.",
        ),
        block(
            Method::DELETE,
            "unblockFor",
            ("Lifts such a block", "为账号取消拉黑"),
            "What was refused meanwhile does not come.",
        ),
    ]
}

fn list() -> Operation {
    let prefix = text("How the names begin.", "al");
    let mut query = vec![given("prefix", prefix)];
    query.extend(paging(text("The last name of the page before.", "alice")));
    Operation {
        query,
        ..TAG.operation(
            Method::GET,
            "/admin/v1/apps/{appId}/accounts",
            "listAccounts",
            ("Accounts of an app", "账号列表"),
            "In the order of the bytes of their names.",
            page("accounts", reference("AccountRow")),
        )
    }
}

fn topics() -> Operation {
    let after = id_given("The last topic of the page before.", "21351198708203520");
    Operation {
        query: paging(after),
        ..TAG.operation(
            Method::GET,
            "/admin/v1/apps/{appId}/accounts/{account}/topics",
            "accountTopics",
            ("Topics that an account is in", "账号所属的群"),
            "In the order in which it joined them.",
            page("topics", reference("JoinedTopic")),
        )
    }
}

fn contacts() -> Operation {
    let after = id_given(
        "The last sequence of the page before.",
        "176000000000000001",
    );
    Operation {
        query: paging(after),
        ..TAG.operation(
            Method::GET,
            "/admin/v1/apps/{appId}/accounts/{account}/contacts",
            "accountContacts",
            ("With whom an account has talked", "账号的最近联系人"),
            "Of the last 30 days, the newest first. Nothing is shown of the messages.",
            page("contacts", reference("AccountContact")),
        )
    }
}

fn blacklist() -> Operation {
    let after = id_given("The last uuid of the page before.", "5612345678901234");
    Operation {
        query: paging(after),
        ..TAG.operation(
            Method::GET,
            "/admin/v1/apps/{appId}/accounts/{account}/blacklist",
            "accountBlacklist",
            ("Whom an account has blocked", "账号的黑名单"),
            "In the order of their uuids.",
            page("accounts", reference("AdminParty")),
        )
    }
}

fn block(
    method: Method,
    id: &'static str,
    summary: (&'static str, &'static str),
    description: &'static str,
) -> Operation {
    let data = answer(vec![
        ("account", text("The other.", "bob")),
        ("blocked", flag("Whether it is blocked now.")),
    ]);
    Operation {
        form: plain(200, &[400]),
        ..TAG.operation(
            method,
            "/admin/v1/apps/{appId}/accounts/{account}/blacklist/{other}",
            id,
            summary,
            description,
            data,
        )
    }
}

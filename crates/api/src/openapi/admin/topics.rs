//! Topics of an app.

use http::Method;
use serde_json::Value;

use super::super::operation::Operation;
use super::super::schema::{
    always, answer, array, id, id_given, page, paging, reference, sequence, text, time,
};
use super::Tag;

const TAG: Tag = Tag("Topics of an app");
const ONE: &str = "/admin/v1/apps/{appId}/topics/{topicId}";

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let topic = || {
        vec![
            ("topicId", id("The topic.", "21351198708203520")),
            ("name", text("Its name.", "Lunch")),
            (
                "bulletin",
                text("What members should know.", "12:30, as ever"),
            ),
            ("extra", text("The app's own text.", "")),
            ("owner", reference("AdminParty")),
            ("createdAt", time("When it was made.")),
        ]
    };
    let member = answer(vec![
        ("account", text("The account.", "alice")),
        ("uuid", id("Its uuid.", "5612345678901234")),
        (
            "joined",
            sequence("What has a higher sequence is for this member."),
        ),
    ]);
    let mut shown = topic();
    shown.push(("members", array(reference("TopicMember"))));
    vec![
        ("TopicRow", answer(topic())),
        ("TopicMember", member),
        ("ShownTopic", answer(shown)),
    ]
}

pub(super) fn operations() -> Vec<Operation> {
    let after = id_given("The last topic of the page before.", "21351198708203520");
    let dismissed = answer(vec![
        ("topicId", id("The topic.", "21351198708203520")),
        ("dismissed", always(true)),
    ]);
    let list = TAG.operation(
        Method::GET,
        "/admin/v1/apps/{appId}/topics",
        "listTopics",
        ("Topics of an app", "群列表"),
        "In the order of their ids.",
        page("topics", reference("TopicRow")),
    );
    vec![
        Operation {
            query: paging(after),
            ..list
        },
        TAG.operation(
            Method::GET,
            ONE,
            "showTopic",
            ("A topic with its members", "查询群及其成员"),
            "They stand in the order in which they joined.",
            reference("ShownTopic"),
        ),
        TAG.operation(
            Method::DELETE,
            ONE,
            "endTopic",
            ("Dismisses a topic", "解散群"),
            "What was said in it before still reaches who was a member.",
            dismissed,
        ),
    ]
}

use std::time::Duration;

use client::rest::{Contact, LastMessage, Member, PastMessage, Roster, Topic};
use client::{Device, Disconnection, Event, Message, OnlineMessage, Receipt, Target};
use tokio::time::Instant;

use super::conversation::{Conversation, History};
use super::scroll::Scroll;
use super::{Connection, Model};
use crate::chat::screen::editor::Edit;
use crate::chat::screen::errand::{Errand, Outcome, PAGE};
use crate::chat::screen::input::{Action, Neighbour};
use crate::format::{self, Content};

const LUNCH: u64 = 77;

fn model() -> Model {
    Model::new("ann")
}

fn typed(model: &mut Model, text: &str) -> Vec<Errand> {
    model.asked(Action::Edit(Edit::Insert(text.to_owned())));
    model.asked(Action::Submit)
}

fn heard(model: &mut Model, event: Event) -> Vec<Errand> {
    model.heard(event, Instant::now())
}

fn message(sequence: i64, from: &str, to: impl Into<Target>, payload: &str) -> Event {
    Event::Message(Message {
        sequence,
        timestamp_ms: sequence * 1_000,
        packet_id: format!("p-{sequence}"),
        from: Device::new(from, "desk"),
        to: to.into(),
        payload: payload.to_owned().into(),
        biz_type: String::new(),
    })
}

/// A message by the recommended formats; its id is its text.
fn framed(sequence: i64, from: &str, to: &str, content: &Content) -> Event {
    let id = content.to_string();
    message(
        sequence,
        from,
        to,
        &format::write(content, from, &id, 0).payload,
    )
}

fn text(text: &str) -> Content {
    Content::Text(text.to_owned())
}

fn past(sequence: i64, from: &str, text: &str) -> PastMessage {
    PastMessage {
        sequence,
        timestamp_ms: sequence * 1_000,
        packet_id: String::new(),
        from: from.to_owned(),
        to: Target::from("ann"),
        payload: text.to_owned().into(),
        biz_type: String::new(),
    }
}

fn contact(with: impl Into<Target>, name: &str, sequence: i64) -> Contact {
    Contact {
        with: with.into(),
        name: name.to_owned(),
        timestamp_ms: sequence * 1_000,
        last_message: LastMessage {
            sequence,
            from_account: "ben".to_owned(),
            from_uuid: 2,
            payload: "hi".into(),
            biz_type: String::new(),
        },
    }
}

fn roster(owner: &str, members: &[&str]) -> Roster {
    let member = |account: &&str| Member {
        account: (*account).to_owned(),
        uuid: 1,
    };
    Roster {
        topic_info: topic(owner),
        members: members.iter().map(member).collect(),
    }
}

fn topic(owner: &str) -> Topic {
    Topic {
        topic_id: LUNCH,
        owner_account: owner.to_owned(),
        owner_uuid: 1,
        topic_name: "午饭".to_owned(),
        bulletin: String::new(),
        extra: String::new(),
    }
}

fn names(model: &Model) -> Vec<String> {
    model.conversations().iter().map(|one| one.name()).collect()
}

fn open(model: &Model) -> String {
    model.current().map(Conversation::name).unwrap_or_default()
}

fn said(model: &Model) -> Vec<String> {
    let shown = model.current().expect("one is open").timeline.shown();
    let text = |one: &super::timeline::Shown| one.entry.frame.content.to_string();
    shown.iter().map(text).collect()
}

fn notice(model: &Model) -> &str {
    model.notice.as_ref().map_or("", |notice| &notice.text)
}

#[test]
fn what_is_typed_is_shown_sent_and_settled() {
    let mut model = model();
    model.open(&Target::from("ben"));
    let errands = typed(&mut model, "你好");
    let [Errand::Send { to, content, id }] = &errands[..] else {
        panic!("{errands:?}");
    };
    assert_eq!((to, content), (&Target::from("ben"), &text("你好")));
    assert_eq!(
        (said(&model), model.editor.text()),
        (vec!["你好".to_owned()], "")
    );
    let receipt = Receipt {
        sequence: 5,
        timestamp_ms: 5_000,
    };
    model.learned(Outcome::Sent {
        to: to.clone(),
        id: id.clone(),
        told: Ok(receipt),
    });
    let timeline = &model.current().unwrap().timeline;
    assert_eq!(timeline.sequence_of("ann", id), Some(5));
}

#[test]
fn a_message_for_an_open_conversation_is_read_and_elsewhere_it_counts() {
    let mut model = model();
    model.open(&Target::from("ben"));
    let read = heard(&mut model, framed(1, "ben", "ann", &text("hi")));
    let receipt = |to: &str, of: &str| Errand::Receipt {
        to: to.to_owned(),
        of: of.to_owned(),
    };
    assert_eq!(read, [receipt("ben", "hi")]);
    assert_eq!(heard(&mut model, framed(2, "carl", "ann", &text("a"))), []);
    assert_eq!(heard(&mut model, framed(3, "carl", "ann", &text("b"))), []);
    assert_eq!(model.conversations()[0].unread, 2);
    let errands = model.asked(Action::Tab);
    assert_eq!(open(&model), "carl");
    assert_eq!(
        errands[0],
        receipt("carl", "b"),
        "one receipt stands for all"
    );
    assert_eq!(model.conversations()[0].unread, 0);
}

#[test]
fn a_message_that_history_brought_first_is_news_all_the_same() {
    let mut model = model();
    let with = Target::from("ben");
    model.open(&with);
    let page = Ok(vec![past(1, "ben", "hi")]);
    model.learned(Outcome::History { with, page });
    let read = heard(&mut model, framed(1, "ben", "ann", &text("hi")));
    let (to, of) = ("ben".to_owned(), "hi".to_owned());
    assert_eq!(read, [Errand::Receipt { to, of }]);
    assert_eq!(said(&model), ["hi"]);
}

#[test]
fn a_message_without_an_id_and_a_group_get_no_receipt() {
    let mut model = model();
    model.open(&Target::from("ben"));
    assert_eq!(heard(&mut model, message(1, "ben", "ann", "plain")), []);
    model.learned(Outcome::Created(roster("ann", &["ann", "ben"])));
    let group = Target::Topic(LUNCH);
    let payload = format::write(&text("x"), "ben", "x", 0).payload;
    assert_eq!(heard(&mut model, message(2, "ben", group, &payload)), []);
}

#[test]
fn a_receipt_of_the_other_marks_what_was_read() {
    let mut model = model();
    model.open(&Target::from("ben"));
    heard(&mut model, framed(1, "ann", "ben", &text("one")));
    heard(&mut model, framed(2, "ann", "ben", &text("two")));
    let read = Content::Read {
        of: "one".to_owned(),
    };
    heard(&mut model, framed(3, "ben", "ann", &read));
    assert_eq!(model.current().unwrap().read_by_them, 1);
    assert_eq!(said(&model), ["one", "two"], "signals are not shown");
}

#[test]
fn a_copy_of_what_another_device_sent_is_in_the_right_conversation_and_not_unread() {
    let mut model = model();
    model.open(&Target::from("ben"));
    heard(&mut model, message(1, "ann", "carl", "from my phone"));
    assert_eq!(names(&model), ["carl", "ben"]);
    assert_eq!(model.conversations()[0].unread, 0);
}

#[test]
fn pings_are_answered_in_kind_and_pongs_told() {
    let mut model = model();
    let pong = heard(&mut model, framed(7, "ben", "ann", &Content::Ping));
    let (to, asked_ms) = ("ben".to_owned(), 7_000);
    assert_eq!(pong, [Errand::Pong { to, asked_ms }]);
    let online = |content: &Content| {
        Event::OnlineMessage(OnlineMessage {
            packet_id: String::new(),
            from: Device::new("ben", "desk"),
            from_uuid: 2,
            payload: format::write(content, "ben", "x", 0).payload.into(),
            biz_type: String::new(),
        })
    };
    let pong = heard(&mut model, online(&Content::Ping));
    assert_eq!(
        pong,
        [Errand::PongOnline {
            to: "ben".to_owned()
        }]
    );
    assert_eq!(
        names(&model),
        Vec::<String>::new(),
        "a ping begins no conversation"
    );

    model.open(&Target::from("ben"));
    assert_eq!(
        typed(&mut model, "/ping"),
        [Errand::Ping {
            to: "ben".to_owned()
        }]
    );
    heard(&mut model, online(&Content::Pong));
    assert_eq!(notice(&model), "ben is there");
    model.learned(Outcome::PongDue("ben".to_owned()));
    assert_eq!(notice(&model), "ben is there", "the answer came in time");
    typed(&mut model, "/ping");
    model.learned(Outcome::PongDue("ben".to_owned()));
    assert_eq!(notice(&model), "ben does not answer");
}

#[test]
fn contacts_and_topics_are_listed_by_activity_and_the_first_is_opened() {
    let mut model = model();
    let errands = heard(&mut model, Event::Connected { uuid: 1 });
    assert_eq!(errands, [Errand::Conversations]);
    let errands = model.learned(Outcome::Conversations {
        recent: vec![contact("小明", "小明", 9), contact("ben", "ben", 5)],
        topics: vec![topic("ben")],
    });
    assert_eq!(names(&model), ["小明", "ben", "#午饭"]);
    assert_eq!(open(&model), "小明");
    let with = Target::from("小明");
    assert_eq!(
        errands,
        [Errand::History {
            with,
            before_ms: None
        }]
    );
    assert!(
        model.conversations().iter().all(|one| one.unread == 0),
        "history is not news"
    );
}

#[test]
fn history_is_loaded_page_by_page_up_to_the_beginning() {
    let mut model = model();
    let with = Target::from("ben");
    let errands = model.open(&with);
    let first = Errand::History {
        with: with.clone(),
        before_ms: None,
    };
    assert_eq!(errands, [first]);
    assert_eq!(
        model.scrolled(Scroll::Bottom, true),
        [],
        "one page at a time"
    );
    let page: Vec<_> = (0..PAGE)
        .map(|nth| past(100 + i64::from(nth), "ben", "x"))
        .collect();
    let (page, with_ben) = (Ok(page), with.clone());
    model.learned(Outcome::History {
        with: with_ben,
        page,
    });
    let earlier = Errand::History {
        with: with.clone(),
        before_ms: Some(100_000),
    };
    assert_eq!(model.scrolled(Scroll::Bottom, true), [earlier]);
    let page = Ok(vec![past(1, "ben", "the first")]);
    model.learned(Outcome::History { with, page });
    assert_eq!(said(&model)[0], "the first");
    assert_eq!(model.current().unwrap().history, History::Complete);
    assert_eq!(typed(&mut model, "/history"), []);
    assert_eq!(notice(&model), "there is nothing before");
}

#[test]
fn a_history_that_did_not_come_is_asked_for_again_with_the_next_connection() {
    let mut model = model();
    let with = Target::from("ben");
    model.open(&with);
    let page = Err("no server".to_owned());
    model.learned(Outcome::History {
        with: with.clone(),
        page,
    });
    assert_eq!(notice(&model), "no history: no server");
    let errands = heard(&mut model, Event::Connected { uuid: 1 });
    assert_eq!(
        errands.last(),
        Some(&Errand::History {
            with,
            before_ms: None
        })
    );
}

#[test]
fn what_is_written_stays_with_its_conversation() {
    let mut model = model();
    model.open(&Target::from("ben"));
    model.asked(Action::Edit(Edit::Insert("for ben".to_owned())));
    model.open(&Target::from("carl"));
    assert_eq!(model.editor.text(), "");
    model.open(&Target::from("ben"));
    assert_eq!(model.editor.text(), "for ben");
}

#[test]
fn neighbours_in_the_list_are_gone_round() {
    let mut model = model();
    for (sequence, from) in [(1, "ben"), (2, "carl"), (3, "dora")] {
        heard(&mut model, message(sequence, from, "ann", "x"));
    }
    model.open(&Target::from("dora"));
    let mut seen = Vec::new();
    for _ in 0..3 {
        model.asked(Action::Switch(Neighbour::Next));
        seen.push(open(&model));
    }
    assert_eq!(seen, ["carl", "ben", "dora"]);
    model.asked(Action::Switch(Neighbour::Previous));
    assert_eq!(open(&model), "ben");
}

#[test]
fn a_topic_is_made_joined_by_others_and_left() {
    let mut model = model();
    let create = typed(&mut model, "/create 午饭 ben");
    let (name, members) = ("午饭".to_owned(), vec!["ben".to_owned()]);
    assert_eq!(create, [Errand::Create { name, members }]);
    model.learned(Outcome::Created(roster("ann", &["ann", "ben"])));
    assert_eq!(
        (open(&model), notice(&model)),
        ("#午饭".to_owned(), "午饭 is made")
    );
    let (topic, members) = (LUNCH, vec!["carl".to_owned()]);
    let invited = typed(&mut model, "/invite carl");
    assert_eq!(invited, [Errand::Invite { topic, members }]);
    let everybody = || roster("ann", &["ann", "ben", "carl"]);
    model.learned(Outcome::Invited(everybody()));
    assert_eq!(notice(&model), "3 members now");
    let is_asked = true;
    assert_eq!(
        typed(&mut model, "/members"),
        [Errand::Members { topic, is_asked }]
    );
    let roster = everybody();
    model.learned(Outcome::Members { roster, is_asked });
    let items = &model.page.as_ref().unwrap().items;
    assert_eq!(
        (items[0].term.as_str(), items[0].text.as_str()),
        ("ann", "owner")
    );
    assert_eq!(items.len(), 3);

    assert_eq!(typed(&mut model, "/leave"), []);
    assert!(notice(&model).contains("/dismiss"), "{}", notice(&model));
    assert_eq!(typed(&mut model, "/dismiss"), [Errand::Dismiss { topic }]);
    model.learned(Outcome::Gone(LUNCH));
    assert_eq!(names(&model), Vec::<String>::new());
}

#[test]
fn who_does_not_own_a_topic_leaves_it_alone() {
    let mut model = model();
    model.learned(Outcome::Conversations {
        recent: Vec::new(),
        topics: vec![topic("ben")],
    });
    typed(&mut model, "/open #午饭");
    assert_eq!(
        typed(&mut model, "/leave"),
        [Errand::Leave { topic: LUNCH }]
    );
}

#[test]
fn a_message_is_taken_back() {
    let mut model = model();
    model.open(&Target::from("ben"));
    assert_eq!(typed(&mut model, "/recall"), []);
    assert!(notice(&model).contains("nothing of yours"));
    heard(&mut model, framed(1, "ann", "ben", &text("oops")));
    let errands = typed(&mut model, "/recall");
    let recall = Content::Recall {
        of: "oops".to_owned(),
    };
    assert!(matches!(&errands[..], [Errand::Send { content, .. }] if *content == recall));
    assert!(model.current().unwrap().timeline.shown()[0].is_recalled);
}

#[test]
fn the_connection_is_seen_to_go_and_come() {
    let mut model = model();
    assert_eq!(model.connection, Connection::Connecting);
    heard(&mut model, Event::Connected { uuid: 1 });
    assert_eq!(model.connection, Connection::Online);
    let now = Instant::now();
    let retry_in = Duration::from_secs(4);
    let why = Disconnection::Silent;
    model.heard(Event::Disconnected { why, retry_in }, now);
    let until = now + retry_in;
    let why = "the server is silent".to_owned();
    assert_eq!(model.connection, Connection::Waiting { why, until });
    assert_eq!(model.asked(Action::Reconnect), [Errand::Reconnect]);
    assert_eq!(model.connection, Connection::Connecting);
    assert_eq!(model.asked(Action::Reconnect), [], "it is at it");
}

#[test]
fn what_cannot_be_is_said_and_nothing_written_is_lost() {
    let mut model = model();
    assert_eq!(typed(&mut model, "hello?"), []);
    assert_eq!(
        (notice(&model), model.editor.text()),
        ("to whom? /open NAME", "hello?")
    );
    model.asked(Action::Edit(Edit::DeleteToStart));
    typed(&mut model, "/members");
    assert_eq!(notice(&model), "this is no topic");
    typed(&mut model, "/nonsense");
    assert_eq!(model.editor.text(), "/nonsense");
    model.asked(Action::Escape);
    assert_eq!(notice(&model), "");
}

#[test]
fn a_page_is_closed_by_whatever_comes_next() {
    for close in [Action::Escape, Action::Submit] {
        let mut model = model();
        typed(&mut model, "/help");
        assert!(model.page.is_some());
        model.asked(close);
        assert!(model.page.is_none());
    }
}

#[test]
fn all_ways_out_lead_out() {
    for line in ["/quit", ""] {
        let mut model = model();
        if line.is_empty() {
            model.asked(Action::Leave);
        } else {
            typed(&mut model, line);
        }
        assert!(model.is_leaving());
    }
}

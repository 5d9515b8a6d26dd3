use std::time::Duration;

use client::rest::{Member, PastMessage, Roster, Topic};
use client::{Device, Disconnection, Event, Message, Target};
use jiff::tz::{self, TimeZone};
use tokio::time::Instant;

use super::text::Line;
use super::{Window, frame, moved};
use crate::chat::screen::editor::Edit;
use crate::chat::screen::errand::{Errand, Outcome};
use crate::chat::screen::input::Action;
use crate::chat::screen::model::Model;
use crate::chat::screen::model::scroll::Move;
use crate::format::{self, Content};

/// 2026-05-20 12:00 in Beijing.
const NOON_MS: i64 = 1_779_249_600_000;
const MINUTE_MS: i64 = 60_000;

fn window(columns: usize, rows: usize) -> Window {
    Window {
        columns,
        rows,
        now: Instant::now(),
        zone: TimeZone::fixed(tz::offset(8)),
    }
}

/// The rows of the screen, without blanks at their ends.
#[track_caller]
fn assert_seen(model: &Model, window: &Window, expected: &[&str]) {
    let frame = frame(model, window);
    assert_eq!(frame.lines.len(), window.rows);
    for line in &frame.lines {
        assert!(line.width() <= window.columns, "{line:?}");
    }
    let lines = frame
        .lines
        .iter()
        .map(|line| line.text().trim_end().to_owned());
    assert_eq!(lines.collect::<Vec<_>>(), expected);
}

fn typed(model: &mut Model, text: &str) {
    model.asked(Action::Edit(Edit::Insert(text.to_owned())));
}

fn hear(model: &mut Model, minute: i64, from: &str, payload: &str) {
    let event = Event::Message(Message {
        sequence: minute + 1,
        timestamp_ms: NOON_MS + minute * MINUTE_MS,
        packet_id: String::new(),
        from: Device::new(from, "desk"),
        to: Target::from(if from == "ann" { "ben" } else { "ann" }),
        payload: payload.to_owned().into(),
        biz_type: String::new(),
    });
    model.heard(event, Instant::now());
}

fn text(id: &str, text: &str) -> String {
    let content = Content::Text(text.to_owned());
    format::write(&content, "ann", id, 0).payload
}

/// Ann has talked with ben, and nothing was said before.
fn talk() -> Model {
    let mut model = Model::new("ann");
    model.heard(Event::Connected { uuid: 1 }, Instant::now());
    let with = Target::from("ben");
    model.open(&with);
    model.learned(Outcome::History {
        with,
        page: Ok(Vec::new()),
    });
    hear(&mut model, 0, "ann", &text("1", "吃了吗？"));
    hear(&mut model, 1, "ben", "吃了 😀");
    hear(
        &mut model,
        2,
        "ann",
        &text("2", "那我们去公园散步吧，今天天气很好。"),
    );
    model
}

#[test]
fn a_conversation_has_times_names_texts_and_marks_under_each_other() {
    let mut model = talk();
    let read = Content::Read { of: "1".to_owned() };
    hear(
        &mut model,
        3,
        "ben",
        &format::write(&read, "ben", "r", 0).payload,
    );
    assert_seen(
        &model,
        &window(40, 12),
        &[
            " ben                                ann",
            "",
            "",
            "",
            "             the beginning",
            "             — 2026-05-20 —",
            "12:00 ann 吃了吗？ ✓✓",
            "12:01 ben 吃了 😀",
            "12:02 ann 那我们去公园散步吧，今天天气很",
            "          好。 ✓",
            " ● online",
            ">",
        ],
    );
}

#[test]
fn where_there_is_room_the_conversations_are_beside_it() {
    let mut model = talk();
    hear(&mut model, 5, "小明", "在吗");
    hear(&mut model, 6, "小明", "？");
    typed(&mut model, "好的");
    let window = window(72, 9);
    assert_seen(
        &model,
        &window,
        &[
            " ben                                                                ann",
            " 小明             2 │",
            " ben                │                   the beginning",
            "                    │                  — 2026-05-20 —",
            "                    │12:00 ann 吃了吗？ ✓",
            "                    │12:01 ben 吃了 😀",
            "                    │12:02 ann 那我们去公园散步吧，今天天气很好。 ✓",
            " ● online · 小明 2",
            "> 好的",
        ],
    );
    assert_eq!(
        frame(&model, &window).cursor,
        (6, 8),
        "two Chinese characters are four columns"
    );
}

#[test]
fn a_lost_connection_is_counted_down_and_what_is_written_meanwhile_waits() {
    let mut model = talk();
    typed(&mut model, "还在吗");
    model.asked(Action::Submit);
    let mut window = window(40, 6);
    let lost = Event::Disconnected {
        why: Disconnection::Closed("the server closed the connection".to_owned()),
        retry_in: Duration::from_millis(2_500),
    };
    model.heard(lost, window.now);
    let body = ["          好。 ✓", "      ann 还在吗 …"];
    let seen = |status| {
        [
            " ben                                ann",
            "12:02 ann 那我们去公园散步吧，今天天气很",
            body[0],
            body[1],
            status,
            ">",
        ]
    };
    assert_seen(
        &model,
        &window,
        &seen(" ○ reconnecting in 3 s (Ctrl-R: now): t…"),
    );
    window.now += Duration::from_secs(2);
    assert_seen(
        &model,
        &window,
        &seen(" ○ reconnecting in 1 s (Ctrl-R: now): t…"),
    );
    window.now += Duration::from_secs(1);
    assert_seen(&model, &window, &seen(" ○ connecting…"));
    model.heard(Event::Connected { uuid: 1 }, window.now);
    assert_seen(&model, &window, &seen(" ● online"));
}

#[test]
fn what_was_refused_says_why() {
    let mut model = talk();
    typed(&mut model, "hello");
    let errands = model.asked(Action::Submit);
    let [Errand::Send { to, id, .. }] = &errands[..] else {
        panic!("{errands:?}");
    };
    let told = Err("refused with code 403: blocked".to_owned());
    let (to, id) = (to.clone(), id.clone());
    model.learned(Outcome::Sent { to, id, told });
    assert_seen(
        &model,
        &window(30, 7),
        &[
            " ben                      ann",
            "      ann hello",
            "          ✗ not sent: refused",
            "          with code 403:",
            "          blocked",
            " ● online",
            ">",
        ],
    );
}

#[test]
fn nobody_writes_to_the_terminal_but_text() {
    let mut model = talk();
    hear(&mut model, 3, "ben", "a\u{1b}[2Jb\u{9b}31m\r\nc\td\u{202e}");
    let seen = frame(&model, &window(40, 12));
    let text: Vec<String> = seen.lines.iter().map(Line::text).collect();
    assert!(!text.concat().contains(char::is_control), "{text:?}");
    assert_eq!(text[8].trim_end(), "12:03 ben a\u{fffd}[2Jb\u{fffd}31m");
    assert_eq!(text[9].trim_end(), "          c    d\u{fffd}");
}

#[test]
fn a_group_shows_how_many_it_has_and_a_long_name_is_cut() {
    let mut model = Model::new("ann");
    let member = |account: &str| Member {
        account: account.to_owned(),
        uuid: 1,
    };
    let topic_info = Topic {
        topic_id: 7,
        owner_account: "ann".to_owned(),
        owner_uuid: 1,
        topic_name: "午饭".to_owned(),
        bulletin: String::new(),
        extra: String::new(),
    };
    let members = vec![member("ann"), member("bartholomew")];
    model.learned(Outcome::Created(Roster {
        topic_info,
        members,
    }));
    let page = Ok(vec![PastMessage {
        sequence: 1,
        timestamp_ms: NOON_MS,
        packet_id: String::new(),
        from: "bartholomew".to_owned(),
        to: Target::Topic(7),
        payload: "hungry".into(),
        biz_type: String::new(),
    }]);
    let with = Target::Topic(7);
    model.learned(Outcome::History { with, page });
    assert_seen(
        &model,
        &window(40, 7),
        &[
            " #午饭 (2)                          ann",
            "             the beginning",
            "             — 2026-05-20 —",
            "12:00 barthol… hungry",
            " 午饭 is made",
            " ○ connecting…",
            ">",
        ],
    );
}

#[test]
fn who_reads_earlier_messages_is_not_torn_away_by_new_ones() {
    let mut model = talk();
    let window = window(40, 6);
    let (scroll, is_at_top) = moved(&model, &window, Move::Top);
    assert!(is_at_top);
    model.scrolled(scroll, is_at_top);
    let body = [
        "             the beginning",
        "             — 2026-05-20 —",
        "12:00 ann 吃了吗？ ✓",
    ];
    let title = " ben                                ann";
    let seen = |status| [title, body[0], body[1], body[2], status, ">"];
    assert_seen(
        &model,
        &window,
        &seen(" ● online                      ↓ 3 more"),
    );
    hear(&mut model, 4, "ben", "还在吗");
    assert_seen(
        &model,
        &window,
        &seen(" ● online                      ↓ 4 more"),
    );
}

#[test]
fn help_fits_a_small_window_and_begins_at_its_beginning() {
    let mut model = talk();
    typed(&mut model, "/help");
    model.asked(Action::Submit);
    assert_seen(
        &model,
        &window(40, 7),
        &[
            " help                               ann",
            " /open NAME",
            "   go to an account or a topic",
            " /list",
            "   all conversations",
            " ● online                     ↓ 46 more",
            ">",
        ],
    );
}

#[test]
fn no_window_is_too_small() {
    let mut model = talk();
    typed(&mut model, "一二三 four five six seven eight\nnine");
    for columns in 0..30 {
        for rows in 0..9 {
            let window = window(columns, rows);
            let frame = frame(&model, &window);
            assert!(frame.lines.len() <= rows);
            assert!(frame.lines.iter().all(|line| line.width() <= columns));
            moved(&model, &window, Move::PageUp);
        }
    }
}

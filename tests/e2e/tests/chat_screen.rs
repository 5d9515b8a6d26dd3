//! `mimc chat` as people see it: on a terminal of its own.

use client::{Receipt, SendOptions, Target};
use e2e::{Person, Server, Terminal, within};

const CTRL_C: &str = "\u{3}";
const CTRL_D: &str = "\u{4}";
const TAB: &str = "\t";
const ESCAPE: &str = "\u{1b}";
const PAGE_UP: &str = "\u{1b}[5~";

fn chat(server: &Server, account: &str, more: &[&str]) -> Terminal {
    sized(server, account, more, (80, 24))
}

fn sized(server: &Server, account: &str, more: &[&str], (columns, rows): (u16, u16)) -> Terminal {
    let app_id = server.app().app_id;
    let arguments = [&["chat", &app_id, account], more].concat();
    server.terminal(&arguments, columns, rows)
}

#[tokio::test]
async fn two_people_talk_and_one_who_comes_back_sees_what_was_said() {
    let server = Server::start().await;
    let mut ann = chat(&server, "ann", &["--to", "ben"]);
    let mut ben = sized(&server, "ben", &["--to", "ann"], (40, 12));
    ann.shows("nothing was said here yet").await;
    ann.shows("● online").await;
    ben.shows("● online").await;

    ann.write("吃了吗？今天天气很好，我们去公园散步吧 🌳").await;
    ben.shows("ann 吃了吗？今天天气很好，我们去公\n          园散步吧 🌳")
        .await;
    ann.shows("散步吧 🌳 ✓✓").await;
    ben.write("好的").await;
    ann.shows("ben 好的").await;
    ben.shows("ben 好的 ✓✓").await;

    ann.write("/quit").await;
    ann.ends_with(0).await;
    ben.write("while you were away").await;
    ben.shows("while you were away ✓").await;
    let mut ann = chat(&server, "ann", &[]);
    ann.shows("ann 吃了吗？").await;
    ann.shows("ben 好的").await;
    ann.shows("ben while you were away").await;
    ben.shows("while you were away ✓✓").await;
    let seen = ann.screen().contents();
    assert_eq!(seen.matches("while you were away").count(), 1, "{seen}");
}

#[tokio::test]
async fn a_lost_server_is_counted_down_and_what_is_written_meanwhile_arrives() {
    let mut server = Server::start().await;
    let mut ann = chat(&server, "ann", &["--to", "ben"]);
    let mut ben = chat(&server, "ben", &["--to", "ann"]);
    ann.shows("● online").await;
    ben.shows("● online").await;
    server.kill().await;
    ann.shows("reconnecting in").await;
    ann.shows_no("● online").await;
    ann.write("are you there?").await;
    ann.shows("ann are you there? …").await;
    server.start_again().await;
    ann.shows("● online").await;
    ann.shows_no("reconnecting in").await;
    ann.shows("ann are you there? ✓").await;
    ben.shows("ann are you there?").await;
    for screen in [&ann, &ben] {
        let seen = screen.screen().contents();
        assert_eq!(seen.matches("are you there?").count(), 1, "{seen}");
    }
}

#[tokio::test]
async fn a_group_is_made_talked_in_and_left() {
    let server = Server::start().await;
    let mut ann = chat(&server, "ann", &["--to", "ben"]);
    let mut ben = chat(&server, "ben", &["--to", "ann"]);
    ann.shows("● online").await;
    ben.shows("● online").await;
    ann.write("/create 午饭 ben").await;
    ann.shows("#午饭 (2)").await;
    ann.write("谁来？").await;
    ben.shows("#午饭 1").await;
    ben.press(TAB).await;
    ben.shows("#午饭 (2)").await;
    ben.shows("ann 谁来？").await;
    ben.write("我").await;
    ann.shows("ben 我").await;

    ann.write("/invite carl").await;
    ann.shows("3 members now").await;
    ann.write("/members").await;
    ann.shows("owner").await;
    ann.shows("carl").await;
    ann.press(ESCAPE).await;
    ann.shows_no("owner").await;
    let mut carl = chat(&server, "carl", &[]);
    carl.shows("#午饭").await;
    carl.shows("ann 谁来？").await;
    ben.write("/leave").await;
    ben.shows_no("午饭").await;
    ann.write("/dismiss").await;
    ann.shows_no("午饭").await;
}

#[tokio::test]
async fn several_conversations_are_counted_listed_and_opened() {
    let server = Server::start().await;
    let (ben, carl) = (
        server.person("ben", "desk").await,
        server.person("小明", "desk").await,
    );
    let mut ann = sized(&server, "ann", &["--to", "dora"], (40, 12));
    ann.shows("● online").await;
    ben.tell("ann", "one").await;
    let second = ben.tell("ann", "two").await;
    carl.tell("ann", "你好").await;
    ann.shows("小明 1, ben 2").await;
    ann.write("/list").await;
    ann.shows("2 new").await;
    ann.write("/open b\t").await;
    ann.shows(&format!("{} ben two", in_beijing(second.timestamp_ms)))
        .await;
    ann.shows("小明 1").await;
    ann.shows_no("ben 2").await;
    ann.press(TAB).await;
    ann.shows("小明 你好").await;
    ann.write("/ping").await;
    ann.shows("小明 does not answer").await;
}

#[tokio::test]
async fn history_is_scrolled_up_to_its_beginning() {
    let server = Server::start().await;
    let ben = server.person("ben", "desk").await;
    say(&ben, 120).await;
    let mut ann = chat(&server, "ann", &["--to", "ben"]);
    ann.shows("ben line 119").await;
    while !ann.screen().contents().contains("the beginning") {
        let before = ann.screen().contents();
        ann.press(PAGE_UP).await;
        ann.until("another page", |screen| screen.contents() != before)
            .await;
    }
    ann.shows("ben line 0").await;
    ann.press(ESCAPE).await;
    ann.shows("ben line 119").await;
}

#[tokio::test]
async fn nobody_can_write_to_the_terminal_and_a_small_one_still_serves() {
    let server = Server::start().await;
    let ben = server.person("ben", "desk").await;
    let mut ann = chat(&server, "ann", &["--to", "ben"]);
    ann.shows("● online").await;
    ben.tell(
        "ann",
        "\u{1b}[2J\u{1b}[1;1Hgotcha\u{1b}]0;title\u{7} the end",
    )
    .await;
    ben.tell(
        "ann",
        r#"{"version":0,"msgType":"DANCE","msgId":"1","payload":{"to":"左"}}"#,
    )
    .await;
    // What stands for the escapes is not drawn by this screen.
    ann.shows("ben [2J[1;1Hgotcha]0;title the end").await;
    ann.shows(r#"ben {"to":"左"}"#).await;
    ann.press("half a tho").await;
    ann.resize(40, 12);
    ann.until("the last row", |screen| row(screen, 11) == "> half a tho")
        .await;
    ann.until("the first row", |screen| {
        row(screen, 0).starts_with(" ben ")
    })
    .await;
    ann.press("ught").await;
    ann.until("the cursor", |screen| screen.cursor_position() == (11, 16))
        .await;
}

#[tokio::test]
async fn every_way_out_leaves_the_terminal_as_it_was() {
    let server = Server::start().await;
    for leave in [CTRL_C, CTRL_D, "/quit\r"] {
        let mut ann = chat(&server, "ann", &["--to", "ben"]);
        ann.shows("● online").await;
        ann.press(leave).await;
        ann.ends_with(0).await;
    }
    let mut ann = chat(&server, "ann", &["--to", "ben"]);
    ann.shows("● online").await;
    let app_id = server.app().app_id;
    server.admin().ban(&app_id, "ann").await.unwrap();
    ann.shows("mimc: banned").await;
    ann.ends_with(4).await;
}

#[tokio::test]
async fn a_terminal_that_closes_ends_the_chat_also_when_no_signal_tells() {
    let server = Server::start().await;
    let app_id = server.app().app_id;
    let arguments = ["chat", &app_id, "ann", "--to", "ben"];
    for is_told in [true, false] {
        let mut terminal = if is_told {
            server.terminal(&arguments, 80, 24)
        } else {
            server.terminal_without_signals(&arguments)
        };
        terminal.shows("● online").await;
        terminal.press("a key is no end").await;
        terminal.shows("> a key is no end").await;
        terminal.hang_up().await;
    }
}

/// Numbered lines to ann.
async fn say(ben: &Person, count: usize) {
    let send = |number| {
        let text = format!("line {number}");
        ben.client
            .send(Target::from("ann"), text, SendOptions::default())
    };
    let all: Vec<_> = (0..count).map(send).collect();
    for sending in all {
        let _receipt: Receipt = within("a receipt", sending).await.expect("it is taken");
    }
}

/// `14:05`, as the terminal's clock shows it.
fn in_beijing(timestamp_ms: i64) -> String {
    let minutes = timestamp_ms / 60_000 + 8 * 60;
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

fn row(screen: &vt100::Screen, at: usize) -> String {
    let (_, columns) = screen.size();
    screen.rows(0, columns.get()).nth(at).unwrap_or_default()
}

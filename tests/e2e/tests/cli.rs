//! The command line, as scripts and people use it.

use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use client::Target;
use e2e::{Server, mimc, within};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

#[tokio::test]
async fn an_app_lives_and_ends() {
    let server = Server::start().await;
    let create = [
        "app",
        "create",
        "新应用",
        "--package",
        "com.example.x",
        "-o",
        "json",
    ];
    let made = server.mimc(&create).await.json();
    let app_id = made["appId"].as_str().unwrap();
    let listed = server.mimc(&["app", "list"]).await;
    assert!(
        listed.stdout.contains(app_id) && listed.stdout.contains("新应用"),
        "{listed:?}"
    );
    assert!(!listed.stdout.contains(made["appSecret"].as_str().unwrap()));

    let set = [
        "app",
        "set",
        app_id,
        "--max-payload",
        "60",
        "--offline-callback",
        "",
    ];
    assert_eq!(server.mimc(&set).await.code, Some(0));
    let shown = server
        .mimc(&["app", "show", app_id, "-o", "json"])
        .await
        .json();
    assert_eq!(shown["settings"]["maxPayload"], 60);

    for verb in ["ban", "unban"] {
        let done = server.mimc(&["app", verb, app_id, "-o", "json"]).await;
        assert_eq!(done.json()["banned"], verb == "ban");
    }
    let rotated = server
        .mimc(&["app", "rotate-secret", app_id, "-o", "json"])
        .await;
    assert_ne!(rotated.json()["appSecret"], made["appSecret"]);

    let hesitant = server.mimc(&["app", "delete", app_id]).await;
    assert_eq!(hesitant.code, Some(2));
    assert!(hesitant.stderr.contains("--yes"), "{hesitant:?}");
    assert_eq!(
        server.mimc(&["app", "delete", app_id, "--yes"]).await.code,
        Some(0)
    );
    assert_eq!(server.mimc(&["app", "show", app_id]).await.code, Some(3));
}

#[tokio::test]
async fn exit_codes_tell_what_went_wrong_and_stdout_stays_empty() {
    let server = Server::start().await;
    let mut wrong = mimc(&["app", "list"]);
    wrong
        .env(
            "MIMC_SERVER",
            format!("http://{}", server.ready()["http"].as_str().unwrap()),
        )
        .env("MIMC_ADMIN_TOKEN", "wrong");
    let mut nobody = mimc(&["app", "list"]);
    nobody
        .env("MIMC_SERVER", "http://127.0.0.1:1")
        .env("MIMC_ADMIN_TOKEN", "x");
    let cases = [
        (mimc(&["no-such-verb"]), 2),
        (mimc(&["app", "show"]), 2),
        (server.verb(&["app", "show", "1"]), 3),
        (
            server.verb(&["account", "show", &server.app().app_id, "nobody"]),
            3,
        ),
        (wrong, 4),
        (nobody, 1),
    ];
    for (mut command, expected) in cases {
        let done = within("a verb", command.output()).await.unwrap();
        assert_eq!(done.status.code(), Some(expected), "{command:?} {done:?}");
        assert!(
            done.stdout.is_empty() && !done.stderr.is_empty(),
            "{command:?} {done:?}"
        );
    }
}

#[tokio::test]
async fn an_account_gets_a_token_and_is_shown_kicked_and_banned() {
    let server = Server::start().await;
    let app_id = server.app().app_id;
    let token = server
        .mimc(&["token", &app_id, "ann", "-o", "json"])
        .await
        .json();
    let uuid = token["data"]["miUserId"].as_str().unwrap();
    let shown = server.mimc(&["account", "show", &app_id, "ann"]).await;
    assert!(shown.stdout.contains(uuid), "{shown:?}");
    for verb in ["kick", "ban", "unban"] {
        let done = server.mimc(&["account", verb, &app_id, "ann"]).await;
        assert_eq!(done.code, Some(0), "{done:?}");
    }
}

#[tokio::test]
async fn a_group_chats_at_a_terminal() {
    let server = Server::start().await;
    let app_id = server.app().app_id;
    let made = server.caller("ann").create_topic("lunch", &["ben"]).await;
    let id = made.unwrap().topic_info.topic_id;
    let mut ben = server.person("ben", "desk").await;
    let mut chat = server.verb(&["chat", &app_id, "ann", "--topic", &id.to_string()]);
    chat.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut chat = chat.spawn().unwrap();
    let mut keyboard = chat.stdin.take().unwrap();
    let mut screen = BufReader::new(chat.stdout.take().unwrap()).lines();
    keyboard.write_all("吃了吗\n".as_bytes()).await.unwrap();
    assert_eq!(ben.hear().await.payload, "吃了吗");
    ben.tell(Target::Topic(id), "吃了").await;
    let line = within("a line", screen.next_line()).await.unwrap().unwrap();
    assert!(line.ends_with(&format!("ben in {id}: 吃了")), "{line}");
    drop(keyboard);
    assert!(within("the end", chat.wait()).await.unwrap().success());
}

#[tokio::test]
async fn what_is_sent_in_one_shell_is_printed_in_another() {
    let server = Server::start().await;
    let app_id = server.app().app_id;
    let sent = server
        .mimc(&["send", &app_id, "ann", "ben", "你好", "-o", "json"])
        .await
        .json();
    server.mimc(&["send", &app_id, "ann", "ben", "again"]).await;
    let listen = ["listen", &app_id, "ben", "-o", "json", "--count", "1"];
    let first = server.mimc(&listen).await.json();
    assert_eq!(
        (&first["text"], &first["sequence"]),
        (&Value::from("你好"), &sent["sequence"])
    );
    let second = server.mimc(&listen).await.json();
    assert_eq!(
        second["text"], "again",
        "what was printed is not printed again"
    );
}

#[tokio::test]
async fn a_shell_sends_to_a_group_and_a_script_reads_where_it_was_said() {
    let server = Server::start().await;
    let app_id = server.app().app_id;
    let made = server.caller("ann").create_topic("lunch", &["ben"]).await;
    let id = made.unwrap().topic_info.topic_id.to_string();
    let verb = [
        "send",
        &app_id,
        "ann",
        "--topic",
        &id,
        "吃了吗",
        "-o",
        "json",
    ];
    let sent = server.mimc(&verb).await.json();
    let listen = ["listen", &app_id, "ben", "-o", "json", "--count", "1"];
    let done = server.mimc(&listen).await;
    let heard = done.json();
    assert_eq!(done.stdout.lines().count(), 1, "one message, one line");
    let expected = json!({
        "sequence": sent["sequence"],
        "packetId": sent["packetId"],
        "timestamp": sent["timestamp"],
        "fromAccount": "ann",
        "fromResource": "cli-send",
        "topicId": id,
        "payload": "5ZCD5LqG5ZCX",
        "text": "吃了吗",
        "bizType": "",
    });
    assert_eq!(heard, expected);
    let stranger = ["send", &app_id, "carl", "--topic", &id, "let me in"];
    assert_eq!(server.mimc(&stranger).await.code, Some(4));
}

#[tokio::test]
async fn many_sends_at_once_as_one_account_all_succeed() {
    let server = Server::start().await;
    let app_id = server.app().app_id;
    let texts: Vec<String> = (0..6).map(|number| number.to_string()).collect();
    let sends = texts.iter().map(|text| {
        let command = server.verb(&["send", &app_id, "ann", "ben", text]);
        tokio::spawn(async move { { command }.output().await })
    });
    for send in sends.collect::<Vec<_>>() {
        let done = within("a send", send).await.unwrap().unwrap();
        assert!(done.status.success(), "{done:?}");
    }
    let mut ben = server.person("ben", "desk").await;
    let mut heard = ben.hear_texts(6).await;
    heard.sort();
    assert_eq!(heard, texts);
}

#[tokio::test]
async fn two_people_chat_at_their_terminals() {
    let server = Server::start().await;
    let app_id = server.app().app_id;
    let mut ben = server.person("ben", "desk").await;
    let mut chat = server.verb(&["chat", &app_id, "ann", "--to", "ben"]);
    chat.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut chat = chat.spawn().unwrap();
    let mut keyboard = chat.stdin.take().unwrap();
    let mut screen = BufReader::new(chat.stdout.take().unwrap()).lines();

    keyboard.write_all("吃了吗\n".as_bytes()).await.unwrap();
    assert_eq!(ben.hear().await.payload, "吃了吗");
    ben.tell("ann", "吃了").await;
    let line = within("a line", screen.next_line()).await.unwrap().unwrap();
    assert!(line.ends_with("ben: 吃了"), "{line}");

    keyboard.write_all(b"bye\n/quit\n").await.unwrap();
    assert!(within("the end", chat.wait()).await.unwrap().success());
    assert_eq!(ben.hear().await.payload, "bye");
}

#[tokio::test]
async fn a_reader_that_has_seen_enough_ends_listen_quietly() {
    let server = Server::start().await;
    let app_id = server.app().app_id;
    let mut listen = server.verb(&["listen", &app_id, "ben"]);
    listen.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut listen = listen.spawn().unwrap();
    let mut messages = BufReader::new(listen.stderr.take().unwrap()).lines();
    let hello = within("the first line", messages.next_line())
        .await
        .unwrap();
    assert!(hello.unwrap().contains("listening"));
    drop(listen.stdout.take());
    server.mimc(&["send", &app_id, "ann", "ben", "x"]).await;
    assert!(within("the end", listen.wait()).await.unwrap().success());
    assert_eq!(messages.next_line().await.unwrap(), None);
}

#[tokio::test]
async fn the_configuration_is_shown_with_its_sources() {
    let mut show = mimc(&["config", "show"]);
    show.env("MIMC_HTTP__LISTEN", "127.0.0.1:8099");
    let done = show.output().await.unwrap();
    let text = String::from_utf8(done.stdout).unwrap();
    assert!(
        text.contains("127.0.0.1:8099") && text.contains("MIMC_HTTP__LISTEN"),
        "{text}"
    );
    let mut check = mimc(&["config", "check"]);
    check.env("MIMC_HTTP__LISTEN", "nonsense");
    let done = check.output().await.unwrap();
    assert_eq!(done.status.code(), Some(1));
    assert!(done.stdout.is_empty());
}

#[tokio::test]
async fn the_doctor_finds_a_running_server_healthy_and_tells_of_an_open_directory() {
    let server = Server::start().await;
    let findings = server.mimc(&["doctor", "-o", "json"]).await.json();
    let state = |findings: &Value, check: &str| {
        let all = findings.as_array().unwrap().iter();
        let found = all.filter(|one| one["check"] == check);
        found
            .map(|one| one["state"].to_string())
            .collect::<String>()
    };
    assert_eq!(state(&findings, "admin token"), "\"ok\"");
    assert_ne!(state(&findings, "disk flush"), "");
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(server.data_dir(), open).unwrap();
    let findings = server.mimc(&["doctor", "-o", "json"]).await.json();
    assert_eq!(state(&findings, "data directory"), "\"warning\"");
}

#[tokio::test]
async fn a_health_check_says_whether_the_server_is_there() {
    let mut server = Server::start().await;
    let ready = server.mimc(&["ready", "-o", "json"]).await;
    assert_eq!(
        (ready.code, ready.json()["ready"].as_bool()),
        (Some(0), Some(true))
    );
    server.stop().await;
    let gone = server.mimc(&["ready"]).await;
    assert_eq!(gone.code, Some(1), "{gone:?}");
    assert!(gone.stderr.contains("cannot be reached"), "{gone:?}");
}

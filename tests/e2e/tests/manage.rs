//! The verbs for what is in an app, and for those who manage it.

use e2e::{Server, mimc, within};
use serde_json::Value;

#[tokio::test]
async fn settings_are_set_and_a_url_is_cleared() {
    let server = Server::start().await;
    let app_id = server.app().app_id;
    let url = "http://127.0.0.1:9/x";
    let mut set = vec!["app", "set", &app_id, "-o", "json"];
    set.extend([
        "--ttl",
        "60",
        "--topic-members",
        "9",
        "--retention-days",
        "30",
    ]);
    set.extend(["--instant-callback", url, "--offline-callback", url]);
    let settings = &server.mimc(&set).await.json()["settings"];
    for (name, expected) in [
        ("accountTtl", Value::from(60)),
        ("topicMembers", 9.into()),
        ("retentionDays", 30.into()),
        ("instantCallback", url.into()),
        ("offlineCallback", url.into()),
    ] {
        assert_eq!(settings[name], expected, "{name}");
    }
    let clear = [
        "app",
        "set",
        &app_id,
        "--offline-callback",
        "",
        "-o",
        "json",
    ];
    let settings = &server.mimc(&clear).await.json()["settings"];
    assert_eq!(settings["offlineCallback"], Value::Null);
    assert_eq!(settings["accountTtl"], 60, "what is not named stays");
    for wrong in [
        "--topic-members=0",
        "--retention-days=3651",
        "--instant-callback=ftp://x",
    ] {
        let done = server.mimc(&["app", "set", &app_id, wrong]).await;
        assert_eq!(done.code, Some(1), "{done:?}");
    }
}

#[tokio::test]
async fn topics_are_listed_shown_and_dismissed() {
    let server = Server::start().await;
    let app_id = server.app().app_id;
    let made = server
        .caller("ann")
        .create_topic("午饭\u{1b}[2J", &["ben"])
        .await;
    let id = made.unwrap().topic_info.topic_id.to_string();
    let listed = server.mimc(&["topic", "list", &app_id]).await;
    let found = listed.stdout.contains(&id) && listed.stdout.contains("午饭");
    assert!(found && !listed.stdout.contains('\u{1b}'), "{listed:?}");
    let page = server
        .mimc(&["topic", "list", &app_id, "-o", "json"])
        .await
        .json();
    assert_eq!(
        (&page["topics"][0]["topicId"], &page["next"]),
        (&Value::from(&*id), &Value::Null)
    );
    let shown = server.mimc(&["topic", "show", &app_id, &id]).await;
    assert!(shown.stdout.contains("ben"), "{shown:?}");
    let members = &server
        .mimc(&["topic", "show", &app_id, &id, "-o", "json"])
        .await
        .json()["members"];
    assert_eq!(members[1]["account"], "ben");

    let hesitant = server.mimc(&["topic", "dismiss", &app_id, &id]).await;
    assert_eq!(hesitant.code, Some(2), "{hesitant:?}");
    let dismiss = ["topic", "dismiss", &app_id, &id, "--yes", "-o", "json"];
    assert_eq!(server.mimc(&dismiss).await.json()["dismissed"], true);
    for gone in [&dismiss[..], &["topic", "show", &app_id, &id]] {
        assert_eq!(server.mimc(gone).await.code, Some(3));
    }
}

#[tokio::test]
async fn a_viewer_looks_and_does_nothing_until_revoked() {
    let server = Server::start().await;
    let app_id = server.app().app_id;
    let create = [
        "admin", "token", "create", "--role", "viewer", "--name", "小明", "-o", "json",
    ];
    let made = server.mimc(&create).await.json();
    let (id, token) = (
        made["id"].as_str().unwrap(),
        made["token"].as_str().unwrap(),
    );
    let viewer = async |arguments: &[&str]| {
        let mut command = mimc(arguments);
        command
            .env("MIMC_SERVER", server.rest().server())
            .env("MIMC_ADMIN_TOKEN", token);
        within("a verb", command.output())
            .await
            .unwrap()
            .status
            .code()
    };
    assert_eq!(viewer(&["app", "show", &app_id]).await, Some(0));
    assert_eq!(viewer(&["stats"]).await, Some(0));
    assert_eq!(viewer(&["app", "ban", &app_id]).await, Some(4));
    assert_eq!(
        viewer(&["admin", "token", "create", "--role", "admin"]).await,
        Some(4)
    );
    let listed = server.mimc(&["admin", "token", "list"]).await;
    let found = listed.stdout.contains(id) && listed.stdout.contains("小明");
    assert!(found && !listed.stdout.contains(token), "{listed:?}");

    let revoke = ["admin", "token", "revoke", id, "-o", "json"];
    assert_eq!(server.mimc(&revoke).await.json()["revoked"], true);
    assert_eq!(server.mimc(&revoke).await.code, Some(3));
    assert_eq!(viewer(&["app", "show", &app_id]).await, Some(4));
}

#[tokio::test]
async fn accounts_are_listed_looked_at_and_blocked_by_hand() {
    let server = Server::start().await;
    let app_id = server.app().app_id;
    let ann = server.person("ann", "desk").await;
    ann.tell("ben", "waits").await;
    let made = server.caller("ann").create_topic("all", &["ben"]).await;
    let topic_id = made.unwrap().topic_info.topic_id.to_string();
    let json = async |line: &str| {
        let words: Vec<_> = line.split(' ').chain(["-o", "json"]).collect();
        server.mimc(&words).await.json()
    };
    let listed = json(&format!("account list {app_id} --prefix a")).await;
    assert_eq!(
        (
            &listed["accounts"][0]["account"],
            &listed["accounts"][0]["online"]
        ),
        (&"ann".into(), &true.into())
    );
    let shown = json(&format!("account show {app_id} ben")).await;
    assert_eq!(shown["pending"]["count"], 1);
    let topics = json(&format!("account topics {app_id} ben")).await;
    assert_eq!(
        (
            &topics["topics"][0]["topicId"],
            &topics["topics"][0]["members"]
        ),
        (&topic_id.into(), &2.into())
    );
    let contacts = json(&format!("account contacts {app_id} ben")).await;
    assert_eq!(contacts["contacts"][0]["account"], "ann");
    for (verb, expected) in [("block", 1), ("unblock", 0)] {
        json(&format!("account {verb} {app_id} ben ann")).await;
        let blocked = json(&format!("account blacklist {app_id} ben")).await;
        assert_eq!(blocked["accounts"].as_array().unwrap().len(), expected);
    }
    let nobody = server.mimc(&["account", "topics", &app_id, "nobody"]).await;
    assert_eq!(nobody.code, Some(3), "{nobody:?}");
}

#[tokio::test]
async fn figures_health_and_configuration_are_told() {
    let server = Server::start().await;
    let stats = server
        .mimc(&["stats", "--window", "3h", "-o", "json"])
        .await
        .json();
    assert_eq!(
        (&stats["series"]["window"], &stats["series"]["stepS"]),
        (&"3h".into(), &60.into())
    );
    assert_eq!(stats["now"]["apps"], 1);
    // This machine may have some of its own.
    assert!(stats["alarms"].is_array());
    assert!(stats["now"]["storage"]["bytes"].as_u64() > Some(0));
    let text = server.mimc(&["stats"]).await.stdout;
    assert!(text.contains("sessions"), "{text}");
    assert_eq!(
        server.mimc(&["stats", "--window", "1y"]).await.code,
        Some(2)
    );
    let printed = server.mimc(&["health", "-o", "json"]).await.stdout;
    let health: Value = serde_json::from_str(&printed).unwrap();
    let findings = health["findings"].as_array().unwrap();
    assert!(findings.len() >= 8, "{health}");
    assert!(
        findings
            .iter()
            .all(|one| one["what"].is_string() && one["whatZh"].is_string()),
        "{health}"
    );
    let config = server.admin().config().await.unwrap();
    let keys = config["keys"].as_array().unwrap();
    let listen = keys.iter().find(|one| one["key"] == "http.listen").unwrap();
    assert_eq!(
        listen["source"],
        serde_json::json!({ "kind": "flag", "name": "--http" })
    );
}

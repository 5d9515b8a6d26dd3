//! A copy of a running server is a server.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use client::{SendOptions, Target};
use e2e::{Server, mimc, within};
use tempfile::TempDir;

#[tokio::test]
async fn a_copy_taken_under_load_has_everything_that_was_acknowledged_before() {
    let server = Server::start().await;
    let made = server.caller("ann").create_topic("lunch", &["ben"]).await;
    let topic = Target::Topic(made.unwrap().topic_info.topic_id);
    let ann = server.person("ann", "desk").await;
    let before: Vec<String> = (0..200).map(|number| number.to_string()).collect();
    for text in &before {
        let to = topic.clone();
        let sending = ann.client.send(to, text.clone(), SendOptions::default());
        within("a receipt", sending).await.unwrap();
    }
    let meanwhile = async {
        for number in 0..200 {
            ann.tell("carl", &number.to_string()).await;
        }
    };
    let copies = TempDir::new().unwrap();
    let copy = copies.path().join("copy");
    let to = copy.to_str().unwrap();
    let backup = ["backup", to, "-o", "json"];
    let (done, ()) = tokio::join!(server.mimc(&backup), meanwhile);
    let report = done.json();
    assert!(report["messages"].as_u64() >= Some(200), "{report}");
    assert_eq!(
        (&report["topics"], &report["damaged"]),
        (&1.into(), &0.into())
    );
    let again = server.mimc(&backup).await;
    assert_eq!(again.code, Some(1), "nothing is overwritten");
    drop(server);

    let restored = Server::restored(to).await;
    let mut ben = restored.person("ben", "desk").await;
    assert_eq!(ben.hear_texts(200).await, before);
    let ann = restored.person("ann", "desk").await;
    ann.tell(topic, "still here").await;
    assert_eq!(ben.hear_texts(1).await, ["still here"]);
}

#[tokio::test]
async fn a_restore_never_overwrites_and_says_what_is_no_copy() {
    let server = Server::start().await;
    let copies = TempDir::new().unwrap();
    let copy = copies.path().join("copy");
    let to = copy.to_str().unwrap();
    assert_eq!(server.mimc(&["backup", to]).await.code, Some(0));
    let onto_itself = server.mimc(&["restore", to]).await;
    assert_eq!(onto_itself.code, Some(1), "{onto_itself:?}");
    assert!(onto_itself.stderr.contains("not empty"), "{onto_itself:?}");
    let nothing = copies.path().join("nothing");
    let fresh = copies.path().join("fresh");
    let mut command = mimc(&["restore", nothing.to_str().unwrap()]);
    command.arg("--data-dir").arg(&fresh);
    let done = within("a verb", command.output()).await.unwrap();
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert!(!fresh.exists(), "{done:?}");
}

#[tokio::test]
async fn every_file_of_a_data_directory_and_of_its_copy_is_for_its_owner_only() {
    let server = Server::start().await;
    server
        .person("ann", "desk")
        .await
        .tell("ben", "hello")
        .await;
    let copies = TempDir::new().unwrap();
    let copy = copies.path().join("copy");
    let to = copy.to_str().unwrap();
    assert_eq!(server.mimc(&["backup", to]).await.code, Some(0));
    let files = [files(server.data_dir()), files(&copy)];
    let has = |name: &str| files[0].iter().any(|path| path.ends_with(name));
    for name in [
        "LOCK",
        "mimc.db",
        "mimc.db-wal",
        "mimc.db-shm",
        "callbacks.db",
    ] {
        assert!(has(name), "{name}: {files:?}");
    }
    for file in files.concat() {
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}: {mode:o}", file.display());
    }
}

/// Everything in a directory, however deep.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in dir.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        }
        files.push(path);
    }
    files
}

//! Damage in the middle of the log stops a start, is named, and can be set aside.

use std::fs;
use std::path::{Path, PathBuf};

use e2e::Server;

const MESSAGES: usize = 100;
const DAMAGED: usize = 50;

#[tokio::test]
async fn damage_is_named_set_aside_and_everything_else_is_kept() {
    let mut server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    for number in 0..MESSAGES {
        ann.tell("ben", &text(number)).await;
    }
    // Killed, so that the next start reads the whole log.
    server.kill().await;
    drop(ann);
    damage(server.data_dir(), text(DAMAGED).as_bytes());

    let refused = server.fails_to_start().await;
    assert!(refused.contains("mimc doctor --salvage"), "{refused}");
    let told = server.mimc(&["doctor"]).await;
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.stdout.contains("PROBLEM"), "{told:?}");

    let salvaged = server.mimc(&["doctor", "--salvage", "--deep"]).await;
    assert_eq!(salvaged.code, Some(0), "{salvaged:?}");
    server.start_again().await;
    let mut ben = server.person("ben", "desk").await;
    let kept = (0..MESSAGES).filter(|number| *number != DAMAGED);
    let expected: Vec<String> = kept.map(text).collect();
    assert_eq!(ben.hear_texts(MESSAGES - 1).await, expected);
}

#[tokio::test]
async fn nothing_is_set_aside_under_a_running_server() {
    let server = Server::start().await;
    let refused = server.mimc(&["doctor", "--salvage"]).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("in use"), "{refused:?}");
}

fn text(number: usize) -> String {
    format!("<message {number} of {MESSAGES}>")
}

/// Changes one byte of these, wherever in the directory they are.
fn damage(dir: &Path, bytes: &[u8]) {
    for file in files(dir) {
        let mut content = fs::read(&file).expect("a file can be read");
        let mut places = content.windows(bytes.len());
        if let Some(at) = places.position(|window| window == bytes) {
            content[at + 1] ^= 0xff;
            fs::write(&file, content).expect("a file can be written");
            return;
        }
    }
    panic!("no file of {} shows the message", dir.display());
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("a directory can be listed");
    let paths = entries.map(|entry| entry.expect("it can be listed").path());
    let (dirs, mut files): (Vec<_>, Vec<_>) = paths.partition(|path| path.is_dir());
    files.extend(dirs.iter().flat_map(|dir| self::files(dir)));
    files
}

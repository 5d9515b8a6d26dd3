//! An operator asks why a token opens nothing, and is told.

use std::io::Write as _;
use std::process::Stdio;

use client::admin::{Admin, AdminError, NewApp, Role};
use e2e::Server;
use serde_json::{Map, Value};

async fn token(server: &Server, account: &str) -> client::Secret {
    let envelope = server.rest().token(&server.app(), account).await;
    envelope.expect("an account gets one").token
}

async fn explained(server: &Server, token: &client::Secret) -> Map<String, Value> {
    let admin = server.admin();
    let told = admin.explain_token(token, None, None).await;
    let told = told.expect("every text is explained");
    for language in ["en", "zh"] {
        let sentence = told["sentence"][language].as_str();
        assert!(sentence.is_some_and(|sentence| !sentence.is_empty()));
    }
    told
}

#[tokio::test]
async fn a_good_token_is_whose_it_is_and_for_nobody_else() {
    let server = Server::start().await;
    let (admin, app_id) = (server.admin(), server.app().app_id);
    let token = token(&server, "小明").await;
    let told = explained(&server, &token).await;
    assert_eq!(
        (&told["verdict"], &told["account"]),
        (&"valid".into(), &"小明".into())
    );
    assert_eq!(told["appId"], *app_id);
    assert!(told["expiresAt"].is_u64() && told["uuid"].is_string());
    let new = NewApp {
        name: "other".into(),
        package: "com.example.other".into(),
        ..NewApp::default()
    };
    let other = admin.create_app(&new).await.unwrap().app_id;
    for (app, account, expected) in [
        (Some(&*app_id), Some("小明"), "valid"),
        (Some(&*other), None, "wrong-app"),
        (None, Some("小红"), "wrong-account"),
    ] {
        let told = admin.explain_token(&token, app, account).await.unwrap();
        assert_eq!(told["verdict"], expected);
    }
}

#[tokio::test]
async fn every_reason_has_a_name() {
    let server = Server::start().await;
    let (admin, app_id) = (server.admin(), server.app().app_id);
    let verdict = async |token: &client::Secret| explained(&server, token).await["verdict"].clone();
    let ann = token(&server, "ann").await;
    let cut = &ann.expose()[..ann.expose().len() - 4];
    for text in ["", "x", "{\"data\":{}}", "two words", cut] {
        assert_eq!(verdict(&text.into()).await, "malformed", "{text}");
    }
    let elsewhere = Server::start().await;
    let foreign = token(&elsewhere, "ann").await;
    assert_eq!(verdict(&foreign).await, "unknown");
    admin.ban(&app_id, "ann").await.unwrap();
    assert_eq!(verdict(&ann).await, "banned");
    admin.unban(&app_id, "ann").await.unwrap();
    assert_eq!(verdict(&ann).await, "revoked");
    let ben = token(&server, "ben").await;
    admin.rotate_secret(&app_id).await.unwrap();
    assert_eq!(verdict(&ben).await, "revoked");
    admin.ban_app(&app_id).await.unwrap();
    assert_eq!(verdict(&ben).await, "banned");
    admin.delete_app(&app_id).await.unwrap();
    assert_eq!(verdict(&ben).await, "gone");
    assert!(!server.log().contains(ann.expose()));
}

#[tokio::test]
async fn a_viewer_explains_nothing_and_the_verb_reads_stdin() {
    let server = Server::start().await;
    let token = token(&server, "ann").await;
    let viewer = server.admin().create_token(Role::Viewer, "").await.unwrap();
    let viewer = Admin::new(server.rest(), viewer.token.expose()).unwrap();
    let refused = viewer.explain_token(&token, None, None).await;
    assert!(matches!(refused, Err(AdminError::NotAllowed(_))));

    let mut file = tempfile::tempfile().unwrap();
    writeln!(file, "{}", token.expose()).unwrap();
    for (account, code) in [("ann", 0), ("ben", 1)] {
        std::io::Seek::rewind(&mut file).unwrap();
        let mut verb = server.verb(&["explain-token", "--account", account]);
        let stdin = Stdio::from(file.try_clone().unwrap());
        let done = verb.stdin(stdin).output().await.unwrap();
        assert_eq!(done.status.code(), Some(code), "{done:?}");
        assert!(
            String::from_utf8(done.stdout)
                .unwrap()
                .starts_with("The token is good")
        );
    }
}

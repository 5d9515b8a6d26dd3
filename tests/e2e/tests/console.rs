//! How somebody gets into the console: by a link that is printed, and works once.

use client::rest::Method;
use e2e::Server;
use serde_json::{Value, json};

/// The one-time code of a link.
fn code(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("/#/signin/")?;
    rest.split_whitespace().next()
}

async fn sign_in(server: &Server, code: &str) -> (u16, Value) {
    let body = json!({ "signin": code });
    let path = "/admin/v1/session";
    let reply = server
        .rest()
        .call(Method::POST, path, &[], Some(&body))
        .await;
    let reply = reply.expect("the server answers");
    (reply.status.as_u16(), reply.body)
}

#[tokio::test]
async fn the_first_start_prints_a_link_and_the_next_one_none() {
    let mut server = Server::start_with(&[]).await;
    assert_eq!(server.ready()["consoleUrl"], Value::Null);
    let first = server.log();
    let (status, session) = sign_in(&server, code(&first).unwrap()).await;
    assert_eq!((status, &session["role"]), (200, &json!("admin")));
    assert_eq!(sign_in(&server, code(&first).unwrap()).await.0, 401);
    server.stop().await;
    server.start_again().await;
    assert_eq!(code(&server.log()[first.len()..]), None);
}

#[tokio::test]
async fn development_names_the_link_to_programs_too_and_each_start_another() {
    let mut server = Server::start().await;
    let first = server.ready()["consoleUrl"].as_str().unwrap().to_owned();
    let host = server.ready()["http"].as_str().unwrap();
    assert!(
        first.starts_with(&format!("http://{host}/#/signin/")),
        "{first}"
    );
    server.stop().await;
    server.start_again().await;
    assert_eq!(sign_in(&server, code(&first).unwrap()).await.0, 401);
    let second = server.ready()["consoleUrl"].as_str().unwrap();
    assert_eq!(sign_in(&server, code(second).unwrap()).await.0, 200);
}

#[tokio::test]
async fn a_link_is_printed_to_whoever_has_a_token_of_an_admin() {
    let server = Server::start().await;
    let printed = server.mimc(&["console"]).await;
    assert_eq!(
        sign_in(&server, code(&printed.stdout).unwrap()).await.0,
        200
    );
    let made = server.mimc(&["console", "-o", "json"]).await.json();
    let url = made["consoleUrl"].as_str().unwrap();
    assert_eq!(sign_in(&server, code(url).unwrap()).await.0, 200);
    assert!(made["expiresAt"].is_u64());
}

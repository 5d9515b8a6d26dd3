//! Logs hold no secret, no token and no payload: not at the highest level, and not when things fail.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use client::admin::{NewApp, Role};
use client::connection::Connection;
use client::rest::{AppCredentials, Caller, Envelope, Method, Push, TopicChanges};
use client::session::{LoginError, LoginOptions, Session};
use client::token::AppTokens;
use client::{Client, Event, Events, SendOptions, Target};
use e2e::{Server, Sink, within};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What must not be told, and where it was used.
#[derive(Default)]
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn keep(&mut self, what: &'static str, secret: impl Into<String>) -> String {
        let secret = secret.into();
        self.0.push((what, secret.clone()));
        secret
    }

    /// What a log tells, as it is or as it travels, and the line.
    fn told_in(&self, log: &str) -> Option<String> {
        for (what, secret) in &self.0 {
            assert!(secret.len() >= 8, "{what} is found everywhere: {secret}");
            // A text in the middle of another has another end in base64.
            let whole = &secret[..secret.len() / 3 * 3];
            let in_json = serde_json::to_string(secret).unwrap();
            let in_bytes = format!("{:?}", secret.as_bytes());
            let forms = [
                secret.clone(),
                in_json.trim_matches('"').to_owned(),
                STANDARD.encode(whole),
                URL_SAFE_NO_PAD.encode(whole),
                in_bytes.trim_matches(['[', ']']).to_owned(),
            ];
            let is_told = |line: &&str| forms.iter().any(|form| line.contains(form));
            if let Some(line) = log.lines().find(is_told) {
                return Some(format!("{what}: {line}"));
            }
        }
        None
    }
}

/// Everything that a story needs.
struct House {
    server: Server,
    app: AppCredentials,
    secrets: Secrets,
}

impl House {
    /// With an app of its own: the demo app's secret is in the greeting, which is no log.
    async fn new(format: &str) -> Self {
        let settings = [("MIMC_LOG__LEVEL", "trace"), ("MIMC_LOG__FORMAT", format)];
        let server = Server::start_set(&settings).await;
        let mut secrets = Secrets::default();
        let admin_token = std::fs::read_to_string(server.data_dir().join("admin.token"));
        secrets.keep("the first admin token", admin_token.unwrap().trim());
        let new = NewApp {
            name: "discreet".into(),
            package: "com.example.discreet".into(),
            ..NewApp::default()
        };
        let made = server.admin().create_app(&new).await.unwrap();
        let app = made.credentials().unwrap();
        secrets.keep("the app's secret", app.app_secret.expose());
        let callback_secret = made.more["callbackSecret"].as_str().unwrap();
        secrets.keep("the callbacks' secret", callback_secret);
        Self {
            server,
            app,
            secrets,
        }
    }

    async fn envelope(&mut self, account: &str) -> Envelope {
        let envelope = self.server.rest().token(&self.app, account).await.unwrap();
        self.secrets.keep("a token", envelope.token.expose());
        let key = envelope.security_key.expose();
        self.secrets.keep("a security key", key);
        envelope
    }

    fn client(&self, account: &str) -> (Client, Events) {
        let tokens = AppTokens {
            rest: self.server.rest(),
            app: self.app.clone(),
            account: account.into(),
        };
        Client::builder(self.server.gateway(), tokens).start()
    }

    fn caller(&self, account: &str) -> Caller {
        Caller::by_app(self.server.rest(), &self.app, account).unwrap()
    }

    /// Bytes to a port, and what comes back.
    async fn raw(&self, port: &str, bytes: &[u8]) {
        let mut stream = TcpStream::connect(port).await.unwrap();
        let _ = stream.write_all(bytes).await;
        let _ = stream.shutdown().await;
        let _ = within("the end", stream.read_to_end(&mut Vec::new())).await;
    }

    async fn http(&self, request: &str) {
        let port = self.server.ready()["http"].as_str().unwrap();
        self.raw(port, request.as_bytes()).await;
    }
}

async fn hear(events: &mut Events) {
    loop {
        let event = within("a message", events.next()).await.unwrap();
        if matches!(event, Event::Message(_) | Event::OnlineMessage(_)) {
            return;
        }
    }
}

/// Messages of every kind, and what people say about groups.
async fn messages(house: &mut House) {
    for account in ["ann", "ben"] {
        house.envelope(account).await;
    }
    let (ann, mut anns) = house.client("ann");
    let (ben, mut bens) = house.client("ben");
    let said = house.secrets.keep("a payload", "said-by-ann-0123456789");
    ann.send("ben", said, SendOptions::default()).await.unwrap();
    hear(&mut bens).await;
    let online = house
        .secrets
        .keep("an online payload", "while-you-are-there-42");
    ben.send_online("ann", None, online);
    hear(&mut anns).await;
    let waiting = house
        .secrets
        .keep("a waiting payload", "for-who-is-not-there-7");
    let sent = ann.send("carl", waiting, SendOptions::default()).await;
    sent.unwrap();

    let caller = house.caller("ann");
    let name = house
        .secrets
        .keep("a topic's name", "the-surprise-party-name");
    let made = caller.create_topic(&name, &["ben"]).await.unwrap();
    let id = made.topic_info.topic_id;
    let bulletin = house.secrets.keep("a bulletin", "the-surprise-party-place");
    let changes = TopicChanges {
        bulletin: Some(bulletin),
        ..TopicChanges::default()
    };
    caller.change_topic(id, &changes).await.unwrap();
    let to_all = house
        .secrets
        .keep("a group's payload", "to-all-of-the-party-99");
    let topic = Target::Topic(id);
    ann.send(topic, to_all, SendOptions::default())
        .await
        .unwrap();
    hear(&mut bens).await;

    let pushed = house
        .secrets
        .keep("a pushed payload", "pushed-by-the-backend-1");
    let push = Push::new("robot", "ben", pushed);
    house.server.rest().push(&house.app, &push).await.unwrap();
    hear(&mut bens).await;
    for client in [ann, ben] {
        within("a logout", client.logout()).await;
    }
}

/// Callbacks that arrive, are refused, or reach nobody, to an address with a secret in it.
async fn callbacks(house: &mut House) {
    let mut sink = Sink::start(&[200, 500]).await;
    let in_url = house
        .secrets
        .keep("a secret in a URL", "token-in-the-callbacks-url");
    let url = format!("{}?key={in_url}", sink.url());
    let settings = json!({"instantCallback": url, "offlineCallback": url});
    let serde_json::Value::Object(settings) = settings else {
        unreachable!("it was written so");
    };
    let admin = house.server.admin();
    let changed = admin.change_app(&house.app.app_id, settings).await;
    changed.unwrap();
    let pushed = house
        .secrets
        .keep("a payload of callbacks", "told-to-the-backend-55");
    for _ in 0..2 {
        let push = Push::new("robot", "dora", pushed.clone());
        house.server.rest().push(&house.app, &push).await.unwrap();
    }
    for _ in 0..3 {
        sink.next().await;
    }
    drop(sink);
    let push = Push::new("robot", "dora", pushed);
    house.server.rest().push(&house.app, &push).await.unwrap();
    let listed = admin.callbacks(&house.app.app_id, true, None).await;
    listed.unwrap();
    let _ = admin.test_callbacks(&house.app.app_id).await;
}

/// Operators, their tokens, and the console.
async fn administration(house: &mut House) {
    let admin = house.server.admin();
    let made = admin.create_token(Role::Viewer, "guest").await.unwrap();
    house.secrets.keep("a viewer's token", made.token.expose());
    let code = admin.signin_code().await.unwrap().signin;
    let code = house.secrets.keep("a sign-in code", code.expose());
    let rest = house.server.rest();
    let signed_in = rest
        .call(
            Method::POST,
            "/admin/v1/session",
            &[],
            Some(&json!({"signin": code})),
        )
        .await
        .unwrap();
    let csrf = signed_in.body["csrf"].as_str().unwrap();
    house.secrets.keep("a CSRF value", csrf);
    admin.revoke_token(&made.id).await.unwrap();
    let rotated = admin.rotate_secret(&house.app.app_id).await.unwrap();
    let rotated = rotated.credentials().unwrap();
    house
        .secrets
        .keep("a rotated secret", rotated.app_secret.expose());
    house.app = rotated;
    admin.ban(&house.app.app_id, "ben").await.unwrap();
}

/// What is wrong, with something in it that might be right elsewhere.
async fn failures(house: &mut House) {
    let secret = |house: &mut House, text: &str| house.secrets.keep("a wrong secret", text);
    let rest = house.server.rest();

    let wrong = secret(house, "wrong-secret-of-an-app");
    let app = AppCredentials {
        app_secret: wrong.into(),
        ..house.app.clone()
    };
    rest.token(&app, "ann").await.unwrap_err();
    let wrong = secret(house, "wrong-admin-token-0123");
    for header in [
        format!("Authorization: Bearer {wrong}"),
        format!("Cookie: mimc_console={wrong}"),
        format!("token: {wrong}"),
        format!("Sec-WebSocket-Protocol: {wrong}\r\nUpgrade: websocket"),
        // No header at all.
        format!("{wrong} {wrong}"),
    ] {
        for path in [
            "/admin/v1/apps",
            "/api/topic/1",
            "/api/blacklist?blackAccount=b",
        ] {
            let query = if path.contains('?') { "&" } else { "?" };
            let line = format!("GET {path}{query}token={wrong} HTTP/1.1");
            let request = format!("{line}\r\nHost: x\r\n{header}\r\nConnection: close\r\n\r\n");
            house.http(&request).await;
        }
    }
    let wrong = secret(house, "secret-in-a-broken-body");
    for body in [
        format!("{{\"appSecret\": \"{wrong}\""),
        format!("{{\"appId\": \"{wrong}\", \"appKey\": [\"{wrong}\"], \"token\": \"{wrong}\"}}"),
        format!("appSecret={wrong}"),
        format!("\u{0}{wrong}\u{1}"),
    ] {
        for path in [
            "/api/account/token",
            "/api/push/p2p",
            "/admin/v1/session",
            "/dev/token",
        ] {
            let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close");
            let length = body.len();
            house
                .http(&format!("{head}\r\nContent-Length: {length}\r\n\r\n{body}"))
                .await;
            // And one that breaks off.
            let length = length + 10;
            house
                .http(&format!("{head}\r\nContent-Length: {length}\r\n\r\n{body}"))
                .await;
        }
    }

    let tcp = house.server.tcp().to_owned();
    let wrong = secret(house, "secret-in-a-broken-frame");
    for beginning in [
        &b""[..],
        &[0xc2, 0xfe, 0, 5, 0, 0, 0, 60],
        &[0xc2, 0xfe, 0, 4],
    ] {
        let bytes = [beginning, wrong.as_bytes(), &[0; 60]].concat();
        house.raw(&tcp, &bytes).await;
    }
    // Only one at a time: each is answered a second late.
    let good = house.envelope("eve").await;
    let wrong = secret(house, "a-token-that-is-none-0123");
    let bad_token = Envelope {
        token: wrong.into(),
        ..good.clone()
    };
    let wrong = secret(house, "d3Jvbmcta2V5LTAxMjM0NQ==");
    let bad_key = Envelope {
        security_key: wrong.into(),
        ..good
    };
    for envelope in [bad_token, bad_key] {
        let connection = Connection::open(&tcp).await.unwrap();
        let login = Session::login(connection, &envelope, "desk", LoginOptions::default());
        let refused = within("a refusal", login).await;
        assert!(matches!(refused, Err(LoginError::Refused { .. })));
    }
    // Larger than a payload may be.
    let (eve, _events) = house.client("eve");
    let large = secret(house, "much-too-large-a-payload").repeat(1_000);
    let refused = eve.send("ann", large, SendOptions::default());
    within("a refusal", refused).await.unwrap_err();
}

async fn nothing_is_told(format: &str) {
    let mut house = House::new(format).await;
    messages(&mut house).await;
    callbacks(&mut house).await;
    administration(&mut house).await;
    failures(&mut house).await;
    house.server.kill().await;
    house.server.start_again().await;
    let (status, _) = house.server.stop().await;
    assert!(status.success());
    let log = house.server.log();
    assert!(
        log.contains("TRACE") || log.contains("DEBUG"),
        "the log is loud"
    );
    assert_eq!(house.secrets.told_in(&log), None);
}

#[tokio::test]
async fn a_log_for_people_tells_no_secret() {
    nothing_is_told("text").await;
}

#[tokio::test]
async fn a_log_for_programs_tells_no_secret() {
    nothing_is_told("json").await;
}

#[test]
fn a_secret_would_be_found_in_every_form() {
    let mut secrets = Secrets::default();
    secrets.keep("it", "hush-hush-hush");
    for line in [
        "token=hush-hush-hush",
        r#"{"token":"hush-hush-hush"}"#,
        "body=eyJ0b2tlbiI6Imh1c2gtaHVzaC1odXNoIn0= aHVzaC1odXNoLWh1c2g=",
        "Bytes([1, 104, 117, 115, 104, 45, 104, 117, 115, 104, 45, 104, 117, 115, 104, 9])",
    ] {
        let log = format!("INFO fine\nTRACE {line}\n");
        assert!(secrets.told_in(&log).unwrap().contains(line));
    }
    assert_eq!(secrets.told_in("INFO hush-hush"), None);
}

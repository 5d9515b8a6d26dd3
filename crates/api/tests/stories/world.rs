//! A whole product behind its router: requests go in, answers come out, no socket in between.

use std::io;
use std::sync::Arc;

use api::{AdminTokens, Config, Parts, PeerAddress, SignInCodes, TokensFile};
use axum::Router;
use axum::body::Body;
use chat::port::NoCallbacks;
use chat::{Chat, NewApp};
use cluster::LocalRouter;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use model::App;
use parking_lot::Mutex;
use serde_json::{Value, json};
use store::contract::TestClock;
use tokio::sync::watch;
use tower::ServiceExt as _;

pub(crate) const ADMIN_TOKEN: &str = "the-first-admin-token";

pub(crate) struct World {
    router: Router,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) signin_codes: Arc<SignInCodes>,
    pub(crate) chat: Arc<Chat>,
    pub(crate) app: Arc<App>,
    pub(crate) secret: String,
    _ready: watch::Sender<bool>,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// An account that asks with its token.
pub(crate) struct Caller<'a> {
    world: &'a World,
    token: String,
}

#[derive(Default)]
struct MemoryFile(Mutex<Option<String>>);

impl TokensFile for MemoryFile {
    fn read(&self) -> io::Result<Option<String>> {
        Ok(self.0.lock().clone())
    }

    fn write(&self, text: &str) -> io::Result<()> {
        *self.0.lock() = Some(text.to_owned());
        Ok(())
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_config(Config::default()).await
    }

    pub(crate) async fn with_config(config: Config) -> Self {
        let clock = TestClock::new();
        let ports = store::memory::ports(Arc::clone(&clock) as _, Arc::new(LocalRouter::new()));
        let chat = Chat::start(ports, chat::Config::default()).await.unwrap();
        let (app, secret) = new_app(&chat).await;
        let (ready, is_ready) = watch::channel(true);
        let tokens = AdminTokens::load(ADMIN_TOKEN, Arc::new(MemoryFile::default())).unwrap();
        let signin_codes = Arc::new(SignInCodes::default());
        let router = api::router(Parts {
            chat: Arc::clone(&chat),
            config,
            webhook: Arc::new(NoCallbacks),
            check_url: Arc::new(|_| Ok(())),
            admin_tokens: tokens,
            signin_codes: Arc::clone(&signin_codes),
            demo: None,
            ready: is_ready,
            insight: Arc::new(api::insight::NoInsight),
            metrics: Arc::new(String::new),
            tcp_port: 5222,
            is_tcp_tls: false,
        });
        Self {
            router,
            clock,
            signin_codes,
            chat,
            app,
            secret,
            _ready: ready,
        }
    }

    pub(crate) async fn other_app(&self) -> (Arc<App>, String) {
        new_app(&self.chat).await
    }

    pub(crate) async fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Reply {
        let peer = PeerAddress(([192, 0, 2, 7], 9).into());
        let mut request = Request::builder().method(method).uri(path).extension(peer);
        for (name, value) in headers {
            request = request.header(*name, value.as_bytes());
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let response = self.router.clone().oneshot(request.body(body).unwrap());
        let (parts, body) = response.await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Reply {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.request(Method::GET, path, &[], None).await
    }

    pub(crate) async fn caller(&self, account: &str) -> Caller<'_> {
        let name = model::AccountName::new(account).unwrap();
        let account = self.chat.accounts.find_or_create(self.app.id, &name);
        let account = account.await.unwrap();
        Caller {
            world: self,
            token: self.chat.tokens.issue(&self.app, &account),
        }
    }

    /// An app server's request, with the credentials in the body.
    pub(crate) async fn push(&self, route: &str, fields: Value) -> Reply {
        let mut body = json!({
            "appId": self.app.id.to_string(),
            "appKey": self.app.key,
            "appSecret": self.secret,
        });
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        let path = format!("/api/push/{route}");
        self.request(Method::POST, &path, &[], Some(body)).await
    }

    pub(crate) async fn admin(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        self.admin_with(ADMIN_TOKEN, method, path, body).await
    }

    pub(crate) async fn admin_with(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Reply {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", &*bearer)];
        self.request(method, &format!("/admin/v1{path}"), &headers, body)
            .await
    }
}

async fn new_app(chat: &Chat) -> (Arc<App>, String) {
    let new = NewApp {
        name: "app".into(),
        package: "com.example".into(),
        credentials: None,
    };
    chat.apps.create(new).await.unwrap()
}

impl Caller<'_> {
    pub(crate) async fn request(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        let headers = [("token", &*self.token)];
        self.world.request(method, path, &headers, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.request(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.request(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.request(Method::DELETE, path, None).await
    }

    /// The id of a new topic with others.
    pub(crate) async fn topic(&self, others: &str) -> String {
        let path = format!("/api/topic/{}", self.world.app.id);
        let made = self
            .post(&path, json!({ "topicName": "t", "accounts": others }))
            .await;
        let id = &made.success()["topicInfo"]["topicId"];
        id.as_str().unwrap().to_owned()
    }
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The data of a success.
    pub(crate) fn success(&self) -> Value {
        let body = self.json();
        assert_eq!(
            (self.status, &body["code"]),
            (StatusCode::OK, &json!(200)),
            "{body}"
        );
        body["data"].clone()
    }

    /// Code and message of a refusal over HTTP 200.
    pub(crate) fn refusal(&self) -> (u64, String) {
        let body = self.json();
        assert_eq!(
            (self.status, &body["data"]),
            (StatusCode::OK, &Value::Null),
            "{body}"
        );
        let message = body["message"].as_str().unwrap();
        (body["code"].as_u64().unwrap(), message.to_owned())
    }
}

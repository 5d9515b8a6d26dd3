//! An installation without sockets, and requests to it.

use std::sync::{Arc, Mutex};

use api::{AdminTokens, Config, Parts, TokensFile};
use axum::Router;
use axum::body::Body;
use chat::port::{Directory, NoCallbacks};
use chat::{Chat, Credentials, NewApp, Ports};
use cluster::LocalRouter;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use model::AppId;
use serde_json::{Value, json};
use server::clock::SystemClock;
use store::memory::MemoryDirectory;
use tokio::sync::watch;
use tower::ServiceExt as _;

pub(crate) const APP: u64 = 2_882_303_761_517_123_457;
pub(crate) const ADMIN_TOKEN: &str = "the-admin-token";

/// An installation with one app.
pub(crate) struct House {
    router: Router,
    ready: watch::Sender<bool>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

/// Forgets with the house.
#[derive(Default)]
struct MemoryFile(Mutex<Option<String>>);

impl TokensFile for MemoryFile {
    fn read(&self) -> std::io::Result<Option<String>> {
        Ok(self.0.lock().unwrap().clone())
    }

    fn write(&self, text: &str) -> std::io::Result<()> {
        *self.0.lock().unwrap() = Some(text.to_owned());
        Ok(())
    }
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(Config::default(), Arc::new(MemoryDirectory::new()), None).await
    }

    pub(crate) async fn with_config(config: Config) -> Self {
        Self::with(config, Arc::new(MemoryDirectory::new()), None).await
    }

    pub(crate) async fn with(
        config: Config,
        directory: Arc<dyn Directory>,
        demo: Option<AppId>,
    ) -> Self {
        let clock = Arc::new(SystemClock::new());
        let ports = Ports {
            directory,
            ..store::memory::ports(clock, Arc::new(LocalRouter::new()))
        };
        let chat = Chat::start(ports, chat::Config::default()).await.unwrap();
        let credentials = Credentials {
            id: AppId(APP),
            key: "key".into(),
            secret: "secret".into(),
        };
        let new = NewApp {
            name: "test".into(),
            package: "com.example.test".into(),
            credentials: Some(credentials),
        };
        // A directory that always fails has no app.
        let _ = chat.apps.create(new).await;
        let (ready, is_ready) = watch::channel(true);
        let router = api::router(Parts {
            chat,
            config,
            webhook: Arc::new(NoCallbacks),
            check_url: Arc::new(|url| {
                webhook::check_url(url, false).map_err(|error| error.to_string())
            }),
            admin_tokens: AdminTokens::load(ADMIN_TOKEN, Arc::new(MemoryFile::default())).unwrap(),
            signin_codes: Arc::default(),
            demo,
            ready: is_ready,
            insight: Arc::new(api::insight::NoInsight),
            metrics: Arc::new(|| "mimc_x 1\n".into()),
            tcp_port: 5222,
            is_tcp_tls: false,
        });
        Self { router, ready }
    }

    /// From now on it is about to end.
    pub(crate) fn end(&self) {
        self.ready.send_replace(false);
    }

    pub(crate) async fn call(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Reply {
            status: head.status,
            headers: head.headers,
            body,
        }
    }

    pub(crate) async fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, value.as_bytes());
        }
        self.call(request.body(body.into()).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.request("GET", path, headers, Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, body: impl Into<Body>) -> Reply {
        self.request("POST", path, &[], body).await
    }

    /// With the app's credentials beside the fields; a field that is there wins.
    pub(crate) async fn post_as_app(&self, path: &str, fields: Value) -> Reply {
        let mut body = json!({ "appId": APP, "appKey": "key", "appSecret": "secret" });
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.post(path, body.to_string()).await
    }

    pub(crate) async fn admin(&self, method: &str, path: &str, body: Value) -> Reply {
        let bearer = format!("Bearer {ADMIN_TOKEN}");
        let path = format!("/admin/v1{path}");
        self.request(
            method,
            &path,
            &[("authorization", &bearer)],
            body.to_string(),
        )
        .await
    }

    pub(crate) async fn token(&self, account: &str) -> String {
        let reply = self
            .post_as_app("/api/account/token", json!({ "appAccount": account }))
            .await;
        reply.data()["token"].as_str().unwrap().to_owned()
    }
}

impl Reply {
    /// Of a success.
    pub(crate) fn data(&self) -> &Value {
        assert_eq!(
            (self.status, &self.body["code"]),
            (StatusCode::OK, &json!(200)),
            "{self:?}"
        );
        assert_eq!(self.body["message"], "success");
        &self.body["data"]
    }

    /// A refusal in the envelope, over this HTTP status.
    #[track_caller]
    pub(crate) fn is_refused(&self, status: u16, code: u16, message: &str) {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        let expected = json!({ "code": code, "message": message, "data": null });
        assert_eq!(self.body, expected);
        assert_eq!(
            self.headers["content-type"],
            "application/json;charset=UTF-8"
        );
    }

    /// A bad parameter, and which.
    #[track_caller]
    pub(crate) fn is_bad(&self, field: &str) {
        assert_eq!(self.status, StatusCode::OK);
        assert_eq!(self.body["code"], 400, "{self:?}");
        let message = self.body["message"].as_str().unwrap();
        let prefix = format!("invalid parameter: {field}: ");
        assert!(message.starts_with(&prefix), "{message} for {field}");
    }

    /// An error of the admin API.
    #[track_caller]
    pub(crate) fn is_error(&self, status: u16, field: Option<&str>) {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(self.body["error"]["field"].as_str(), field, "{self:?}");
        assert!(
            self.body["error"]["code"].is_string() && self.body["error"]["message"].is_string()
        );
    }
}

//! Every route that `openapi.json` has below /admin/v1, asked by everybody who may not and by who may.
//! A route that is not in the document fails a test beside it, so none is forgotten here.

use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use crate::console::Browser;
use crate::world::{ADMIN_TOKEN, Reply, World};

const PREFIX: &str = "/admin/v1";
const OUR_HOST: &str = "im.example:8080";
const OUR_ORIGIN: &str = "http://im.example:8080";
/// What nobody but an admin may read, of the message that there is.
const PAYLOAD: &str = "for bob's eyes only";
const PAYLOAD_BASE64: &str = "Zm9yIGJvYidzIGV5ZXMgb25seQ==";

/// One route, as the document has it.
struct Route {
    method: Method,
    path: String,
    described: Value,
}

/// An installation in which all that routes name is there.
struct Scene {
    world: World,
    viewer_id: String,
    viewer: String,
    topic: String,
    sequence: String,
}

/// What a browser or a script sends along.
type Headers<'a> = Vec<(&'a str, &'a str)>;

impl Route {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn changes(&self) -> bool {
        self.method != Method::GET
    }

    /// The role that a token needs; `None`: a token is nothing here.
    fn role(&self) -> Option<&str> {
        let ways = self.described["security"].as_array().unwrap();
        ways.iter().find_map(|way| way["adminToken"][0].as_str())
    }

    /// Whether a session will do, with its CSRF header where something changes.
    fn takes_sessions(&self) -> bool {
        let ways = self.described["security"].as_array().unwrap();
        ways.iter().any(|way| !way["session"].is_null())
    }

    fn is_for_everybody(&self) -> bool {
        self.described["security"] == json!([])
    }

    /// What has to be in a body, as the document's examples have it.
    fn body(&self) -> Option<Value> {
        let schema = &self.described["requestBody"]["content"]["application/json"]["schema"];
        if let Some(example) = schema["examples"].get(0) {
            return Some(example.clone());
        }
        let names = schema["required"].as_array()?;
        let field = |name: &Value| {
            let name = name.as_str().unwrap();
            let example = schema["properties"][name]["examples"][0].clone();
            (name.to_owned(), example)
        };
        Some(Value::Object(
            names.iter().map(field).collect::<Map<_, _>>(),
        ))
    }

    #[track_caller]
    fn assert_described(&self, reply: &Reply) {
        let status = reply.status.as_str();
        let responses = &self.described["responses"];
        assert!(!responses[status].is_null(), "{}: {reply:?}", self.name());
    }
}

impl Scene {
    async fn new() -> Self {
        let world = World::new().await;
        let topic = world.caller("alice").await.topic("bob").await;
        let message = json!({ "fromAccount": "alice", "toAccount": "bob", "msg": PAYLOAD });
        world.push("p2p", message).await.success();
        let contacts = format!("/apps/{}/accounts/bob/contacts", world.app.id);
        let contacts = world.admin(Method::GET, &contacts, None).await.json();
        let sequence = contacts["contacts"][0]["sequence"].as_str().unwrap();
        let (viewer_id, viewer) = world.viewer().await;
        Self {
            viewer_id,
            viewer,
            topic,
            sequence: sequence.to_owned(),
            world,
        }
    }

    async fn routes(&self) -> Vec<Route> {
        let document = self.world.get("/openapi.json").await.json();
        let mut routes = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, described) in methods.as_object().unwrap() {
                routes.push(Route {
                    method: method.to_ascii_uppercase().parse().unwrap(),
                    path: path.clone(),
                    described: described.clone(),
                });
            }
        }
        routes.retain(|route| route.path.starts_with(PREFIX));
        assert!(routes.len() > 35, "{} routes", routes.len());
        routes
    }

    /// The path with what there is.
    fn path(&self, route: &Route) -> String {
        let id = match &*route.path {
            "/admin/v1/tokens/{id}" => &self.viewer_id,
            "/admin/v1/apps/{appId}/trace/{id}" => &self.sequence,
            _ => "cb_1",
        };
        let app = self.world.app.id.to_string();
        let path = route.path.replace("{appId}", &app).replace("{id}", id);
        let path = path.replace("{account}", "bob").replace("{other}", "carol");
        path.replace("{topicId}", &self.topic)
    }

    async fn ask(&self, route: &Route, headers: &[(&str, &str)]) -> Reply {
        let (method, path) = (route.method.clone(), self.path(route));
        let body = route.body();
        self.world.request(method, &path, headers, body).await
    }

    /// All that there is, as an admin sees it.
    async fn everything(&self) -> Vec<Value> {
        let app = format!("/apps/{}", self.world.app.id);
        let mut seen = Vec::new();
        for path in [
            "/apps",
            "/tokens",
            &format!("{app}/accounts"),
            &format!("{app}/accounts/bob"),
            &format!("{app}/accounts/bob/blacklist"),
            &format!("{app}/topics"),
            &format!("{app}/topics/{}", self.topic),
        ] {
            seen.push(self.world.admin(Method::GET, path, None).await.json());
        }
        seen
    }

    /// Nothing was done, and this is why.
    async fn is_refused(&self, route: &Route, headers: &Headers<'_>, status: u16, code: &str) {
        let before = self.everything().await;
        let reply = self.ask(route, headers).await;
        let said = format!("{} with {headers:?}: {reply:?}", route.name());
        assert_eq!(reply.status.as_u16(), status, "{said}");
        assert_eq!(reply.json()["error"]["code"], code, "{said}");
        assert!(!reply.text.contains(PAYLOAD_BASE64), "{said}");
        assert_eq!(self.everything().await, before, "{said}");
        route.assert_described(&reply);
    }
}

fn cookie<'a>(browser: &'a Browser<'_>, more: &[(&'a str, &'a str)]) -> Headers<'a> {
    let mut headers = vec![("cookie", &*browser.cookie), ("host", OUR_HOST)];
    headers.extend(more);
    headers
}

/// With all that the console's own page sends.
fn page<'a>(browser: &'a Browser<'_>) -> Headers<'a> {
    let proof = [("x-mimc-csrf", &*browser.csrf), ("origin", OUR_ORIGIN)];
    cookie(browser, &proof)
}

#[tokio::test]
async fn without_credentials_no_route_does_anything() {
    let scene = Scene::new().await;
    for route in scene.routes().await {
        let wrong = vec![("authorization", "Bearer wrong")];
        for headers in [vec![], wrong, vec![("cookie", "mimc_console=wrong")]] {
            scene
                .is_refused(&route, &headers, 401, "unauthorized")
                .await;
        }
    }
}

#[tokio::test]
async fn a_viewer_reads_no_secret_and_is_refused_whatever_changes_something() {
    let scene = Scene::new().await;
    let bearer = format!("Bearer {}", scene.viewer);
    let browser = scene.world.browser(&scene.viewer).await;
    for route in scene.routes().await {
        let ways = [
            (vec![("authorization", &*bearer)], route.role().is_some()),
            (page(&browser), route.takes_sessions()),
        ];
        for (headers, is_a_way) in ways {
            if route.role() == Some("admin") {
                scene.is_refused(&route, &headers, 403, "forbidden").await;
            } else if route.changes() {
                assert!(route.path.ends_with("/session"), "{}", route.name());
            } else if is_a_way {
                let reply = scene.ask(&route, &headers).await;
                route.assert_described(&reply);
                let is_allowed = [200, 404].contains(&reply.status.as_u16());
                assert!(is_allowed, "{}: {reply:?}", route.name());
                for secret in [
                    &*scene.world.app.callback_secret,
                    &scene.world.secret,
                    &scene.viewer,
                    ADMIN_TOKEN,
                    PAYLOAD,
                    PAYLOAD_BASE64,
                ] {
                    assert!(!reply.text.contains(secret), "{}", route.name());
                }
            } else {
                scene
                    .is_refused(&route, &headers, 401, "unauthorized")
                    .await;
            }
        }
    }
}

#[tokio::test]
async fn a_cookie_alone_changes_nothing() {
    let scene = Scene::new().await;
    let browser = scene.world.browser(ADMIN_TOKEN).await;
    let csrf = ("x-mimc-csrf", &*browser.csrf);
    let routes = scene.routes().await;
    let changing = routes.iter().filter(|route| route.changes());
    for route in changing.filter(|route| !route.is_for_everybody()) {
        for headers in [
            vec![],
            vec![("x-mimc-csrf", "guessed")],
            vec![("origin", OUR_ORIGIN)],
            vec![csrf, ("origin", "https://evil.example")],
            vec![csrf, ("sec-fetch-site", "cross-site")],
        ] {
            let headers = cookie(&browser, &headers);
            scene.is_refused(route, &headers, 403, "csrf").await;
        }
    }
    // Reading needs no proof: another page cannot see the answer.
    for route in routes.iter().filter(|route| !route.changes()) {
        let reply = scene.ask(route, &cookie(&browser, &[])).await;
        let is_answered = [200, 404].contains(&reply.status.as_u16());
        assert!(is_answered, "{}: {reply:?}", route.name());
    }
    for route in routes.iter().filter(|route| route.is_for_everybody()) {
        let foreign = vec![("host", OUR_HOST), ("origin", "https://evil.example")];
        scene.is_refused(route, &foreign, 403, "csrf").await;
    }
}

#[tokio::test]
async fn an_admin_is_answered_by_every_route_as_the_document_says() {
    let routes = Scene::new().await.routes().await;
    for route in routes {
        let scene = Scene::new().await;
        let bearer = format!("Bearer {ADMIN_TOKEN}");
        let reply = scene.ask(&route, &[("authorization", &bearer)]).await;
        route.assert_described(&reply);
        let status = reply.status;
        if route.role().is_some() {
            let may_be_missing = [StatusCode::NOT_FOUND, StatusCode::CONFLICT];
            // There are no callbacks here.
            let is_callback = route.path.contains("/callbacks/");
            let is_done = status.is_success() || is_callback && may_be_missing.contains(&status);
            assert!(is_done, "{}: {reply:?}", route.name());
        }

        let scene = Scene::new().await;
        let browser = scene.world.browser(ADMIN_TOKEN).await;
        let by_page = scene.ask(&route, &page(&browser)).await;
        if route.role().is_some() && route.takes_sessions() {
            assert_eq!(by_page.status, status, "{}: {by_page:?}", route.name());
        } else if route.role().is_some() {
            assert_eq!(by_page.status, StatusCode::FORBIDDEN, "{}", route.name());
        }
    }
}

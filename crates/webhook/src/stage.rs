//! A world around the engine, for stories on paused time: a log, topics, devices, and servers of
//! apps with scripted answers.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chat::port::{
    Clock, Deliveries as _, Delivery, DeliveryStatus, ListDeliveries, Page, PageLimit, StoreError,
};
use model::{App, AppId, Conversation, Message, Party, Sequence, TopicId, Uuid};
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use crate::port::{Audience, Events, Post, Presence, Request, Tenants};
use crate::{Config, MemoryDeliveries, Ports, Webhooks, sample};

pub(crate) const INSTANT: &str = "http://instant.example/";
pub(crate) const OFFLINE: &str = "http://offline.example/";

/// What an app's server does with a post.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    Status(u16),
    Refuse,
    Hang,
    Panic,
}

/// What arrived.
#[derive(Clone, Debug)]
pub(crate) struct Posted {
    pub(crate) at_ms: u64,
    pub(crate) request: Request,
}

impl Posted {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.request.body).unwrap()
    }
}

/// Tokio's time as a clock.
struct PausedClock {
    began: Instant,
    set_back_ms: AtomicU64,
}

impl Clock for PausedClock {
    fn now_ms(&self) -> u64 {
        let elapsed_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap();
        sample::NOW_MS + elapsed_ms - self.set_back_ms.load(Ordering::Relaxed)
    }
}

#[derive(Default)]
struct Servers {
    posts: Vec<Posted>,
    script: HashMap<String, VecDeque<Answer>>,
    then: HashMap<String, Answer>,
    under_way: usize,
    under_way_max: usize,
}

/// Everything outside.
pub(crate) struct World {
    clock: Arc<PausedClock>,
    apps: Mutex<HashMap<AppId, Arc<App>>>,
    /// Each with whether its app had a URL.
    log: Mutex<Vec<(Arc<Message>, bool)>>,
    members: Mutex<HashMap<TopicId, Vec<Party>>>,
    bound: Mutex<HashSet<Uuid>>,
    acknowledged: Mutex<HashMap<Uuid, Sequence>>,
    servers: Mutex<Servers>,
    posted: Notify,
    is_down: Mutex<bool>,
}

impl World {
    fn check(&self) -> Result<(), StoreError> {
        if *self.is_down.lock() {
            return Err(StoreError::Unavailable("down".into()));
        }
        Ok(())
    }
}

#[async_trait]
impl Events for World {
    fn newest(&self) -> Sequence {
        let log = self.log.lock();
        log.last().map_or(Sequence(0), |(last, _)| last.sequence)
    }

    async fn after(&self, sequence: Sequence, limit: PageLimit) -> Result<Page, StoreError> {
        self.check()?;
        let log = self.log.lock();
        let newer = log
            .iter()
            .filter(|(message, _)| message.sequence > sequence);
        let flagged = newer.filter(|(_, is_flagged)| *is_flagged);
        let mut messages: Vec<_> = flagged.map(|(message, _)| Arc::clone(message)).collect();
        let is_last = messages.len() <= limit.messages;
        messages.truncate(limit.messages);
        let newest = if is_last {
            log.last().map(|(message, _)| message)
        } else {
            messages.last()
        };
        let reached = newest.map_or(sequence, |newest| newest.sequence);
        Ok(Page {
            messages,
            reached,
            is_last,
        })
    }

    async fn message(
        &self,
        conversation: Conversation,
        sequence: Sequence,
    ) -> Result<Option<Arc<Message>>, StoreError> {
        self.check()?;
        let log = self.log.lock();
        let found = log.iter().map(|(message, _)| message);
        let mut found = found.filter(|message| message.sequence == sequence);
        let found = found.find(|message| message.content.conversation() == conversation);
        Ok(found.cloned())
    }
}

#[async_trait]
impl Audience for World {
    async fn members(&self, topic: TopicId, _: Sequence) -> Result<Vec<Party>, StoreError> {
        self.check()?;
        Ok(self.members.lock().get(&topic).cloned().unwrap_or_default())
    }

    async fn presence(&self, uuids: &[Uuid], at: Sequence) -> Result<Vec<Presence>, StoreError> {
        self.check()?;
        let bound = self.bound.lock();
        let acknowledged = self.acknowledged.lock();
        let presence = |uuid: &Uuid| Presence {
            is_bound: bound.contains(uuid),
            has_acknowledged: acknowledged.get(uuid).is_some_and(|up_to| *up_to >= at),
        };
        Ok(uuids.iter().map(presence).collect())
    }
}

impl Tenants for World {
    fn app(&self, id: AppId) -> Option<Arc<App>> {
        self.apps.lock().get(&id).cloned()
    }
}

#[async_trait]
impl Post for World {
    async fn post(&self, request: Request) -> Result<u16, String> {
        let at_ms = self.clock.now_ms();
        let answer = {
            let mut servers = self.servers.lock();
            let scripted = servers.script.get_mut(&request.url);
            let scripted = scripted.and_then(VecDeque::pop_front);
            let then = servers.then.get(&request.url).copied();
            servers.posts.push(Posted { at_ms, request });
            scripted.or(then).unwrap_or(Answer::Status(200))
        };
        self.posted.notify_waiters();
        match answer {
            Answer::Status(status) => Ok(status),
            Answer::Refuse => Err("connection refused".into()),
            Answer::Panic => panic!("as scripted"),
            Answer::Hang => {
                let _under_way = UnderWay::begin(&self.servers);
                std::future::pending().await
            }
        }
    }
}

/// Counts posts that hang, until they are dropped.
struct UnderWay<'a>(&'a Mutex<Servers>);

impl<'a> UnderWay<'a> {
    fn begin(servers: &'a Mutex<Servers>) -> Self {
        let mut inside = servers.lock();
        inside.under_way += 1;
        inside.under_way_max = inside.under_way_max.max(inside.under_way);
        Self(servers)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.lock().under_way -= 1;
    }
}

/// The engine in its world. One app, [`sample::APP`], has both URLs.
pub(crate) struct Stage {
    pub(crate) webhooks: Arc<Webhooks>,
    pub(crate) deliveries: Arc<MemoryDeliveries>,
    world: Arc<World>,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with(Config::default()).await
    }

    /// Once the engine has read the empty log.
    pub(crate) async fn with(config: Config) -> Self {
        Self::over(config, None).await
    }

    /// The same with this way to the servers, instead of scripted ones.
    pub(crate) async fn over(config: Config, post: Option<Arc<dyn Post>>) -> Self {
        let world = Arc::new(World {
            clock: Arc::new(PausedClock {
                began: Instant::now(),
                set_back_ms: AtomicU64::new(0),
            }),
            apps: Mutex::default(),
            log: Mutex::default(),
            members: Mutex::default(),
            bound: Mutex::default(),
            acknowledged: Mutex::default(),
            servers: Mutex::default(),
            posted: Notify::new(),
            is_down: Mutex::new(false),
        });
        let deliveries = Arc::new(MemoryDeliveries::default());
        let webhooks = start(&world, &deliveries, &config, post).await;
        let stage = Self {
            webhooks,
            deliveries,
            world,
        };
        stage.set_urls(INSTANT, OFFLINE);
        pass_ms(1).await;
        stage
    }

    /// As after `kill -9`: nothing of the old engine goes on.
    pub(crate) async fn restart(&mut self) {
        self.webhooks = start(&self.world, &self.deliveries, &Config::default(), None).await;
    }

    /// The next start is the first of all.
    pub(crate) fn forget_rows(&mut self) {
        self.deliveries = Arc::default();
    }

    pub(crate) fn set_clock_back(&self, ms: u64) {
        self.world
            .clock
            .set_back_ms
            .fetch_add(ms, Ordering::Relaxed);
    }

    pub(crate) fn now_ms(&self) -> u64 {
        self.world.clock.now_ms()
    }

    pub(crate) fn set_urls(&self, instant: &str, offline: &str) {
        self.add_app(sample::app(instant, offline));
    }

    pub(crate) fn add_app(&self, app: App) {
        self.world.apps.lock().insert(app.id, Arc::new(app));
    }

    pub(crate) fn remove_app(&self, id: AppId) {
        self.world.apps.lock().remove(&id);
    }

    pub(crate) fn set_members(&self, topic: u64, members: &[u64]) {
        let members = members.iter().map(|uuid| sample::party(*uuid)).collect();
        self.world.members.lock().insert(TopicId(topic), members);
    }

    pub(crate) fn bind(&self, uuid: u64) {
        self.world.bound.lock().insert(Uuid(uuid));
    }

    pub(crate) fn acknowledge(&self, uuid: u64, sequence: Sequence) {
        self.world.acknowledged.lock().insert(Uuid(uuid), sequence);
        self.webhooks.acknowledged(Uuid(uuid));
    }

    pub(crate) fn set_down(&self, is_down: bool) {
        *self.world.is_down.lock() = is_down;
    }

    pub(crate) fn forget_messages(&self) {
        self.world.log.lock().clear();
    }

    /// First these answers, in turn.
    pub(crate) fn script(&self, url: &str, answers: &[Answer]) {
        let script = answers.iter().copied().collect();
        self.world.servers.lock().script.insert(url.into(), script);
    }

    /// Then always this one.
    pub(crate) fn then(&self, url: &str, answer: Answer) {
        self.world.servers.lock().then.insert(url.into(), answer);
    }

    /// Commits to the log and tells nobody: the process ended in between.
    pub(crate) fn commit(&self, mut message: Message) -> Arc<Message> {
        let mut log = self.world.log.lock();
        let last = log.last().map_or(0, |(last, _)| last.sequence.0);
        let now_ms = self.world.clock.now_ms();
        message.sequence = Sequence::at_ms(now_ms).max(Sequence(last + 1));
        message.timestamp_ms = now_ms;
        let message = Arc::new(message);
        let app = self.world.app(message.content.app_id);
        let settings = app.map(|app| app.settings.clone());
        let is_flagged = settings.is_some_and(|settings| {
            settings.instant_callback.is_some() || settings.offline_callback.is_some()
        });
        log.push((Arc::clone(&message), is_flagged));
        message
    }

    /// Commits and tells the engine.
    pub(crate) fn send(&self, message: Message) -> Arc<Message> {
        let message = self.commit(message);
        self.webhooks.committed(std::slice::from_ref(&message));
        message
    }

    /// All posts to a URL, once there are so many.
    pub(crate) async fn posts(&self, url: &str, count: usize) -> Vec<Posted> {
        let wait = async {
            loop {
                let posted = self.world.posted.notified();
                let posts = self.posts_now(url);
                if posts.len() >= count {
                    return posts;
                }
                posted.await;
            }
        };
        let patience = Duration::from_hours(1);
        timeout(patience, wait).await.expect("so many posts come")
    }

    pub(crate) fn posts_now(&self, url: &str) -> Vec<Posted> {
        let servers = self.world.servers.lock();
        let posts = servers.posts.iter();
        posts
            .filter(|posted| posted.request.url == url)
            .cloned()
            .collect()
    }

    /// The most posts that hung at the same time.
    pub(crate) fn under_way_max(&self) -> usize {
        self.world.servers.lock().under_way_max
    }

    /// The app's list.
    pub(crate) async fn rows(&self) -> Vec<Delivery> {
        let wanted = ListDeliveries {
            only_failed: false,
            after: None,
            limit: 10_000,
        };
        let page = self.deliveries.list(sample::APP, wanted).await.unwrap();
        page.deliveries
    }

    /// How the app's deliveries stand, the newest first.
    pub(crate) async fn statuses(&self) -> Vec<DeliveryStatus> {
        self.rows().await.iter().map(|row| row.status).collect()
    }
}

async fn start(
    world: &Arc<World>,
    deliveries: &Arc<MemoryDeliveries>,
    config: &Config,
    post: Option<Arc<dyn Post>>,
) -> Arc<Webhooks> {
    let world = Arc::clone(world);
    let ports = Ports {
        clock: Arc::clone(&world.clock) as _,
        deliveries: Arc::clone(deliveries) as _,
        events: Arc::clone(&world) as _,
        audience: Arc::clone(&world) as _,
        tenants: Arc::clone(&world) as _,
        post: post.unwrap_or(world),
    };
    Webhooks::start(ports, config).await.unwrap()
}

/// Lets so much time pass.
pub(crate) async fn pass_ms(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

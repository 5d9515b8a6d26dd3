//! A whole product without sockets: the memory store, the local router, a clock that is moved.

use std::sync::Arc;

use bytes::Bytes;
use chat::feed::{ListLimit, Next};
use chat::{
    Chat, Config, Login, LoginError, NewApp, Outgoing, Ports, Receipt, SendError, Session,
    TopicMessage,
};
use cluster::LocalRouter;
use model::{Account, AccountName, App, Message, Resource, TopicId};
use store::contract::TestClock;

/// Lists as the most ordinary client takes them.
const LIST: ListLimit<'static> = ListLimit {
    messages: 50,
    bytes: 1_400,
    size: &size,
};

fn size(message: &Message) -> usize {
    100 + message.content.payload.len()
}

pub(crate) struct World {
    pub(crate) chat: Arc<Chat>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) app: Arc<App>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Config::default(), |ports| ports).await
    }

    /// With a configuration, and something else behind the ports.
    pub(crate) async fn with(config: Config, change: impl FnOnce(Ports) -> Ports) -> Self {
        let clock = TestClock::new();
        let ports = store::memory::ports(Arc::clone(&clock) as _, Arc::new(LocalRouter::new()));
        let chat = Chat::start(change(ports), config).await.unwrap();
        let new = NewApp {
            name: "app".into(),
            package: "com.example".into(),
            credentials: None,
        };
        let (app, _) = chat.apps.create(new).await.unwrap();
        Self { chat, clock, app }
    }

    pub(crate) async fn account(&self, name: &str) -> Arc<Account> {
        self.chat
            .accounts
            .find_or_create(self.app.id, &account_name(name))
            .await
            .unwrap()
    }

    pub(crate) async fn token(&self, name: &str) -> String {
        self.chat
            .tokens
            .issue(&self.app, &*self.account(name).await)
    }

    pub(crate) async fn session(&self, name: &str, resource: &str) -> Session {
        self.try_session(name, resource, false).await.unwrap()
    }

    pub(crate) async fn try_session(
        &self,
        name: &str,
        resource: &str,
        is_only: bool,
    ) -> Result<Session, LoginError> {
        let token = self.token(name).await;
        self.login(name, resource, &token, is_only).await
    }

    pub(crate) async fn login(
        &self,
        name: &str,
        resource: &str,
        token: &str,
        is_only: bool,
    ) -> Result<Session, LoginError> {
        let uuid = self.account(name).await.uuid;
        let login = Login {
            token,
            uuid,
            resource,
            is_only,
            window: 1,
        };
        self.chat.login(login, |_| true).await
    }

    /// A topic of an owner and others.
    pub(crate) async fn topic(&self, owner: &str, others: &[&str]) -> TopicId {
        let others: Vec<_> = others.iter().map(|name| account_name(name)).collect();
        let owner = self.account(owner).await;
        let made = self
            .chat
            .create_topic(&owner, "topic", "", &others)
            .await
            .unwrap();
        made.topic.id
    }

    /// Sends to a topic and awaits the receipt.
    pub(crate) async fn tell_topic(&self, from: &Session, topic: TopicId, text: &str) -> Receipt {
        self.try_tell_topic(from, topic, text).await.unwrap()
    }

    pub(crate) async fn try_tell_topic(
        &self,
        from: &Session,
        topic: TopicId,
        text: &str,
    ) -> Result<Receipt, SendError> {
        from.send_to_topic(to_topic(topic, "", text)).await?.await
    }

    /// Sends and awaits the receipt.
    pub(crate) async fn tell(&self, from: &Session, to: &str, text: &str) -> Receipt {
        self.try_tell(from, to, text).await.unwrap()
    }

    pub(crate) async fn try_tell(
        &self,
        from: &Session,
        to: &str,
        text: &str,
    ) -> Result<Receipt, SendError> {
        from.send(outgoing(to, "", text)).await?.await
    }
}

pub(crate) fn outgoing<'a>(to: &'a str, packet_id: &'a str, text: &str) -> Outgoing<'a> {
    Outgoing {
        app_id: None,
        to,
        packet_id,
        payload: Bytes::copy_from_slice(text.as_bytes()),
        biz_type: "",
        is_stored: true,
    }
}

pub(crate) fn to_topic<'a>(topic: TopicId, packet_id: &'a str, text: &str) -> TopicMessage<'a> {
    TopicMessage {
        app_id: None,
        to: topic,
        packet_id,
        payload: Bytes::copy_from_slice(text.as_bytes()),
        biz_type: "",
        is_stored: true,
    }
}

pub(crate) fn account_name(name: &str) -> AccountName {
    AccountName::new(name).unwrap()
}

pub(crate) fn resource(name: &str) -> Resource {
    Resource::new(name).unwrap()
}

pub(crate) fn text(message: &Message) -> String {
    String::from_utf8(message.content.payload.to_vec()).unwrap()
}

/// The next list, or none when there is nothing for now.
pub(crate) async fn list_now(session: &mut Session) -> Vec<Arc<Message>> {
    loop {
        match session.next(&LIST) {
            Next::List(list) => return list,
            Next::Nothing => return Vec::new(),
            Next::Pull => session.pull().await.unwrap(),
        }
    }
}

/// The next list, once there is one: waits as a connection does, for news or for the time.
pub(crate) async fn next_list(session: &mut Session) -> Vec<Arc<Message>> {
    loop {
        let list = list_now(session).await;
        if !list.is_empty() {
            return list;
        }
        wait(session).await;
    }
}

/// Until the session's feed is ready, or its session has ended.
pub(crate) async fn wait(session: &Session) {
    let news = std::future::poll_fn(|context| {
        session.mailbox().register(context);
        if session.mailbox().ended().is_some() || session.feed().is_ready() {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    });
    match session.feed().wake_at() {
        Some(at) => {
            // Which of the two it was, the caller sees by looking.
            let _ = tokio::time::timeout_at(at, news).await;
        }
        None => news.await,
    }
}

/// Takes and acknowledges lists until there are so many messages.
pub(crate) async fn take(session: &mut Session, count: usize) -> Vec<String> {
    let mut texts = Vec::new();
    while texts.len() < count {
        let list = next_list(session).await;
        session.acknowledge(list.last().unwrap().sequence);
        texts.extend(list.iter().map(|message| text(message)));
    }
    texts
}

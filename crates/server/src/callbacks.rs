//! The callbacks' engine, wired to the product: it is told what is committed and acknowledged, and
//! asks the product who there is.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use chat::Chat;
use chat::deliver::Committed;
use chat::port::{
    Deliveries, History, Memberships, Messages, Observer, Page, PageLimit, Router, StoreError,
    Story,
};
use model::{App, AppId, Conversation, Message, Party, Sequence, TopicId, Uuid};
use webhook::port::{Audience, Events, Post, Presence, Tenants};
use webhook::{Config, Ports, Webhooks};

/// Tells the engine what happens, from the moment there is one.
#[derive(Default)]
pub struct Callbacks {
    engine: OnceLock<Arc<Webhooks>>,
}

/// What the engine asks.
pub struct Sources {
    /// Who has acknowledged what.
    pub messages: Arc<dyn Messages>,
    /// What was said.
    pub history: Arc<dyn History>,
    /// Who was a member when it was said.
    pub memberships: Arc<dyn Memberships>,
    /// Who is there.
    pub router: Arc<dyn Router>,
}

impl Callbacks {
    /// Starts the engine, before the first message is committed.
    pub async fn start(
        &self,
        chat: &Arc<Chat>,
        deliveries: Arc<dyn Deliveries>,
        sources: Sources,
        post: Arc<dyn Post>,
    ) -> Result<Arc<Webhooks>, StoreError> {
        let sources = Arc::new(sources);
        let ports = Ports {
            clock: Arc::clone(&chat.clock),
            deliveries,
            events: Arc::clone(&sources) as _,
            audience: sources,
            tenants: Arc::new(Apps(Arc::clone(chat))),
            post,
        };
        let engine = Webhooks::start(ports, &Config::default()).await?;
        Ok(Arc::clone(self.engine.get_or_init(|| engine)))
    }
}

impl Committed for Callbacks {
    fn committed(&self, messages: &[Arc<Message>]) {
        if let Some(engine) = self.engine.get() {
            engine.committed(messages);
        }
    }
}

/// Counts, and tells the engine who has acknowledged something.
pub struct Told {
    /// What counts.
    pub metrics: Arc<dyn Observer>,
    /// What is told.
    pub callbacks: Arc<Callbacks>,
}

impl Observer for Told {
    fn observe(&self, story: Story<'_>) {
        self.metrics.observe(story);
        if let (Story::Acknowledged(device, _), Some(engine)) = (story, self.callbacks.engine.get())
        {
            engine.acknowledged(device.uuid);
        }
    }
}

struct Apps(Arc<Chat>);

impl Tenants for Apps {
    fn app(&self, id: AppId) -> Option<Arc<App>> {
        self.0.apps.get(id)
    }
}

#[async_trait]
impl Events for Sources {
    fn newest(&self) -> Sequence {
        self.messages.last()
    }

    async fn after(&self, sequence: Sequence, limit: PageLimit) -> Result<Page, StoreError> {
        let newest = self.messages.last();
        let (messages, reached) = self.history.after(sequence, limit.messages).await?;
        Ok(Page {
            messages,
            reached,
            is_last: reached >= newest,
        })
    }

    async fn message(
        &self,
        conversation: Conversation,
        sequence: Sequence,
    ) -> Result<Option<Arc<Message>>, StoreError> {
        self.history.message(conversation, sequence).await
    }
}

#[async_trait]
impl Audience for Sources {
    async fn members(&self, topic: TopicId, at: Sequence) -> Result<Vec<Party>, StoreError> {
        self.memberships.members_at(topic, at).await
    }

    async fn presence(
        &self,
        uuids: &[Uuid],
        sequence: Sequence,
    ) -> Result<Vec<Presence>, StoreError> {
        let presence = |uuid: &Uuid| {
            let devices = self.messages.devices(*uuid);
            Presence {
                is_bound: !self.router.bound(*uuid).is_empty(),
                has_acknowledged: devices.iter().any(|(_, device)| device.cursor >= sequence),
            }
        };
        Ok(uuids.iter().map(presence).collect())
    }
}

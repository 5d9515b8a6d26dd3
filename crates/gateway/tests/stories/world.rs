//! A gateway on the memory store.

use std::net::IpAddr;
use std::sync::Arc;

use chat::port::Silent;
use chat::{Chat, NewApp};
use cluster::LocalRouter;
use gateway::{Config, Gateway};
use model::{Account, AccountName, App};
use store::contract::TestClock;
use tokio::io::{DuplexStream, duplex};

use crate::peer::Peer;

pub(crate) struct World {
    pub(crate) chat: Arc<Chat>,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<TestClock>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let clock = TestClock::new();
        let router = Arc::new(LocalRouter::new());
        let ports = store::memory::ports(Arc::clone(&clock) as _, router);
        let chat = Chat::start(ports, chat::Config::default()).await.unwrap();
        let new = NewApp {
            name: "app".into(),
            package: "com.example".into(),
            credentials: None,
        };
        let (app, _) = chat.apps.create(new).await.unwrap();
        let gateway = Gateway::new(Arc::clone(&chat), config, Arc::new(Silent));
        Self {
            chat,
            gateway,
            app,
            clock,
        }
    }

    pub(crate) async fn account(&self, name: &str) -> Arc<Account> {
        let name = AccountName::new(name).unwrap();
        self.chat
            .accounts
            .find_or_create(self.app.id, &name)
            .await
            .unwrap()
    }

    /// A stream to the gateway with so much room in each direction.
    pub(crate) fn stream(&self, bytes: usize) -> DuplexStream {
        let (ours, theirs) = duplex(bytes);
        let place = self.gateway.admit(None).unwrap();
        // One that is about to stop drops it, which the client sees.
        let _ = self.gateway.serve_stream(theirs, place);
        ours
    }

    /// A client from an address that has its challenge; `None`: it is not let in.
    pub(crate) async fn connected_from(&self, address: &str) -> Option<Peer> {
        let address: IpAddr = address.parse().unwrap();
        let place = self.gateway.admit(Some(address.into())).ok()?;
        let (ours, theirs) = duplex(1 << 20);
        assert!(self.gateway.serve_stream(theirs, place));
        Some(Peer::connect(ours, wire::XmMsgConn::own("udid")).await)
    }

    /// A client that has its challenge.
    pub(crate) async fn connected(&self) -> Peer {
        Peer::connect(self.stream(1 << 20), wire::XmMsgConn::own("udid")).await
    }

    /// A client that is logged in.
    pub(crate) async fn bound(&self, name: &str, resource: &str) -> Peer {
        let mut peer = self.connected().await;
        assert!(self.bind(&mut peer, name, resource).await.result());
        peer
    }

    pub(crate) async fn bind(
        &self,
        peer: &mut Peer,
        name: &str,
        resource: &str,
    ) -> wire::XmMsgBindResp {
        let account = self.account(name).await;
        let token = self.chat.tokens.issue(&self.app, &account);
        peer.bind(&account, &token, resource).await
    }
}

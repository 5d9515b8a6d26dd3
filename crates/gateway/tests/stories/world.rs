//! A gateway on the memory store.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use chat::port::Silent;
use chat::{Chat, NewApp};
use cluster::LocalRouter;
use gateway::{Config, Gateway};
use model::{Account, AccountName, App};
use store::contract::TestClock;
use tokio::io::{DuplexStream, duplex};

use crate::peer::Peer;

pub(crate) const ADDRESS: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

pub(crate) struct World {
    pub(crate) chat: Arc<Chat>,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) app: Arc<App>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let ports = store::memory::ports(TestClock::new(), Arc::new(LocalRouter::new()));
        let chat = Chat::start(ports, chat::Config::default()).await.unwrap();
        let new = NewApp {
            name: "app".into(),
            package: "com.example".into(),
            credentials: None,
        };
        let (app, _) = chat.apps.create(new).await.unwrap();
        let gateway = Gateway::new(Arc::clone(&chat), Config::default(), Arc::new(Silent));
        Self { chat, gateway, app }
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
        self.gateway.serve_stream(theirs, ADDRESS);
        ours
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

//! The C# client: reads a frame in one piece, and does not notice an orderly close.

use std::io::ErrorKind;

use tokio::net::{TcpListener, TcpStream};
use wire::XmMsgConn;

use crate::peer::{Peer, Said};
use crate::world::World;

fn conn() -> XmMsgConn {
    XmMsgConn {
        os: Some("macOS".into()),
        ..XmMsgConn::default()
    }
}

impl World {
    /// A C# client over a real socket.
    async fn csharp(&self, name: &str) -> Peer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        let (theirs, _) = listener.accept().await.unwrap();
        let place = self.gateway.admit(None).unwrap();
        assert!(self.gateway.serve_tcp(theirs, place));
        let mut peer = Peer::connect(stream, conn()).await;
        assert!(self.bind(&mut peer, name, "pc").await.result());
        peer
    }
}

#[tokio::test]
async fn its_lists_fit_into_one_packet_of_the_network() {
    let world = World::new().await;
    let mut sender = world.bound("alice", "desk").await;
    for number in 0..60 {
        sender
            .send("bob", &format!("p{number}"), &"x".repeat(100 + number))
            .await;
        assert_eq!(sender.ack().await.code(), 0);
    }
    let mut csharp = world.csharp("bob").await;
    let mut got = 0;
    while got < 60 {
        let len = csharp.frame_len().await;
        let list = csharp.list().await;
        assert!(
            list.len() == 1 || len <= 1_200,
            "{} messages in {len} bytes",
            list.len()
        );
        got += list.len();
        csharp.acknowledge(list.last().unwrap().0).await;
    }
}

#[tokio::test]
async fn its_connection_ends_with_a_reset() {
    let world = World::new().await;
    let mut csharp = world.csharp("bob").await;
    csharp.command("UBND").await;
    assert!(matches!(csharp.next().await, Said::Kick(kick) if kick.reason() == "logout"));
    let ended = loop {
        match csharp.read_raw().await {
            Ok(0) => panic!("an orderly close, which it would not notice"),
            Ok(_) => {}
            Err(error) => break error.kind(),
        }
    };
    assert_eq!(ended, ErrorKind::ConnectionReset);
}

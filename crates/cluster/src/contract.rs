//! What every router guarantees; each implementation is run through it.

use std::sync::Arc;

use bytes::Bytes;
use chat::mailbox::{End, Fleeting, Mailbox};
use chat::port::Router;
use model::{
    AccountName, AppId, Callbacks, Content, DeviceId, Message, Party, Resource, Sequence, Target,
    Uuid,
};

use crate::LocalRouter;

const APP: AppId = AppId(7);
const ALICE: Uuid = Uuid(1);
const BOB: Uuid = Uuid(2);

fn mailbox(uuid: Uuid, resource: &str) -> Arc<Mailbox> {
    let resource = Resource::new(resource).unwrap();
    Arc::new(Mailbox::new(APP, DeviceId { uuid, resource }))
}

fn party(uuid: Uuid) -> Party {
    Party {
        uuid,
        account: AccountName::new(&format!("account {uuid}")).unwrap(),
    }
}

fn content(from: Uuid, resource: &str, to: Uuid) -> Content {
    Content {
        app_id: APP,
        from: party(from),
        from_resource: Resource::new(resource).unwrap(),
        to: Target::Account(party(to)),
        packet_id: "p".into(),
        payload: Bytes::from_static(b"hello"),
        biz_type: "".into(),
        is_stored: true,
        callbacks: Callbacks::default(),
    }
}

fn routers() -> Vec<Box<dyn Router>> {
    vec![Box::new(LocalRouter::new())]
}

#[test]
fn a_newer_session_of_a_device_takes_the_place_of_the_older() {
    for router in routers() {
        let (older, newer) = (mailbox(ALICE, "r1"), mailbox(ALICE, "r1"));
        assert!(router.attach(Arc::clone(&older)).is_none());
        let replaced = router.attach(Arc::clone(&newer)).unwrap();
        assert!(Arc::ptr_eq(&replaced, &older));
        router.detach(&older);
        assert_eq!(
            router.bound(ALICE).len(),
            1,
            "the older one's end leaves the newer attached"
        );
        router.detach(&newer);
        assert_eq!((router.bound(ALICE).len(), router.sessions()), (0, 0));
    }
}

#[test]
fn a_message_is_handed_to_all_sessions_of_the_account_and_no_other() {
    for router in routers() {
        let sessions = [
            mailbox(ALICE, "r1"),
            mailbox(ALICE, "r2"),
            mailbox(BOB, "r1"),
        ];
        for session in &sessions {
            router.attach(Arc::clone(session));
        }
        let messages = [5, 6].map(|sequence| {
            Arc::new(Message {
                sequence: Sequence(sequence),
                timestamp_ms: 1,
                content: content(BOB, "desk", ALICE),
            })
        });
        assert_eq!(router.deliver(ALICE, &messages), 2);
        assert_eq!(router.deliver(Uuid(3), &messages), 0);
        let noted = sessions.map(|session| session.newest());
        assert_eq!(noted, [Sequence(6), Sequence(6), Sequence(0)]);
    }
}

#[test]
fn what_is_not_kept_reaches_one_device_or_all() {
    for router in routers() {
        let sessions = [mailbox(ALICE, "r1"), mailbox(ALICE, "r2")];
        for session in &sessions {
            router.attach(Arc::clone(session));
        }
        let fleeting = Arc::new(Fleeting::Message(content(BOB, "desk", ALICE)));
        router.relay(ALICE, None, &fleeting);
        router.relay(ALICE, Some("r2"), &fleeting);
        router.relay(ALICE, Some("r3"), &fleeting);
        let counts = sessions.map(|session| std::iter::from_fn(|| session.next_fleeting()).count());
        assert_eq!(counts, [1, 2]);
    }
}

#[test]
fn sessions_end_by_account_and_by_app() {
    for router in routers() {
        let sessions = [
            mailbox(ALICE, "r1"),
            mailbox(ALICE, "r2"),
            mailbox(BOB, "r1"),
        ];
        for session in &sessions {
            router.attach(Arc::clone(session));
        }
        assert_eq!(router.end(ALICE, Some(&sessions[1]), End::SingleSignOn), 1);
        let ends = || sessions.each_ref().map(|session| session.ended());
        assert_eq!(ends(), [Some(End::SingleSignOn), None, None]);
        router.end_app(AppId(8), End::Banned);
        assert_eq!(ends(), [Some(End::SingleSignOn), None, None]);
        router.end_app(APP, End::Banned);
        assert_eq!(
            ends(),
            [
                Some(End::SingleSignOn),
                Some(End::Banned),
                Some(End::Banned)
            ]
        );
    }
}

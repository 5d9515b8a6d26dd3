//! Each device of an account has its own place.

use client::{Event, KickReason, Target};
use e2e::Server;

#[tokio::test]
async fn every_device_of_the_receiver_gets_every_message() {
    let server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let mut desk = server.person("ben", "desk").await;
    let mut phone = server.person("ben", "phone").await;
    ann.tell("ben", "to both").await;
    assert_eq!(desk.hear().await.payload, "to both");
    assert_eq!(phone.hear().await.payload, "to both");
}

#[tokio::test]
async fn other_devices_of_the_sender_get_a_copy_and_the_sending_one_does_not() {
    let server = Server::start().await;
    let mut desk = server.person("ann", "desk").await;
    let mut phone = server.person("ann", "phone").await;
    desk.tell("ben", "from the desk").await;
    let copy = phone.hear().await;
    assert_eq!(
        (copy.payload.as_ref(), &copy.from),
        (&b"from the desk"[..], &desk.device)
    );
    assert_eq!(copy.to, Target::from("ben"));
    // What the phone says next is the first that the desk hears.
    phone.tell("ann", "from the phone").await;
    assert_eq!(desk.hear().await.payload, "from the phone");
}

#[tokio::test]
async fn a_device_that_was_away_gets_what_the_other_has_long_read() {
    let server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let mut desk = server.person("ben", "desk").await;
    server.person("ben", "phone").await.leave().await;
    ann.tell("ben", "while the phone was off").await;
    assert_eq!(desk.hear().await.payload, "while the phone was off");
    desk.leave().await;
    let mut phone = server.person("ben", "phone").await;
    assert_eq!(phone.hear().await.payload, "while the phone was off");
}

#[tokio::test]
async fn a_second_login_of_a_device_replaces_the_first_which_stays_out() {
    let server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let mut first = server.person("ben", "desk").await;
    let mut second = server.person("ben", "desk").await;
    let reason = KickReason::Replaced;
    assert_eq!(first.next().await, Event::Kicked { reason });
    assert_eq!(first.events.next().await, None);
    ann.tell("ben", "to the second").await;
    assert_eq!(second.hear().await.payload, "to the second");
}

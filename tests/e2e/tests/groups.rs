//! People talk in groups.

use client::rest::{RestError, TopicChanges};
use client::{SendError, Target};
use e2e::Server;

#[tokio::test]
async fn what_one_says_all_others_hear_once() {
    let server = Server::start().await;
    let made = server
        .caller("ann")
        .create_topic("lunch", &["ben", "carl"])
        .await;
    let made = made.unwrap();
    assert_eq!(made.accounts(), ["ann", "ben", "carl"]);
    let lunch = Target::Topic(made.topic_info.topic_id);
    let mut ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    let mut carl = server.person("carl", "phone").await;

    let receipt = ann.tell(lunch.clone(), "吃什么?").await;
    for listener in [&mut ben, &mut carl] {
        let heard = listener.hear().await;
        assert_eq!((&*heard.payload, &heard.to), ("吃什么?".as_bytes(), &lunch));
        assert_eq!(
            (heard.sequence, &heard.from),
            (receipt.sequence, &ann.device)
        );
    }
    // The next that each hears is the answer: nothing came twice, and nothing to its sender.
    ben.tell(lunch.clone(), "noodles").await;
    assert_eq!(ann.hear_texts(1).await, ["noodles"]);
    assert_eq!(carl.hear_texts(1).await, ["noodles"]);
    carl.tell(lunch, "fine").await;
    assert_eq!(ben.hear_texts(1).await, ["fine"]);
}

#[tokio::test]
async fn who_was_away_hears_what_was_said_while_a_member() {
    let server = Server::start().await;
    let owner = server.caller("ann");
    let made = owner.create_topic("lunch", &["ben"]).await.unwrap();
    let id = made.topic_info.topic_id;
    let ann = server.person("ann", "desk").await;
    ann.tell(Target::Topic(id), "before carl").await;
    owner.invite(id, &["carl"]).await.unwrap();
    ann.tell(Target::Topic(id), "carl is in").await;
    let left = owner.remove_members(id, &["carl"]).await.unwrap();
    assert_eq!(left.accounts(), ["ann", "ben"]);
    ann.tell(Target::Topic(id), "carl is out").await;
    owner.invite(id, &["carl"]).await.unwrap();
    ann.tell(Target::Topic(id), "carl is in again").await;

    let mut carl = server.person("carl", "desk").await;
    assert_eq!(carl.hear_texts(2).await, ["carl is in", "carl is in again"]);
    let mut ben = server.person("ben", "desk").await;
    let all = [
        "before carl",
        "carl is in",
        "carl is out",
        "carl is in again",
    ];
    assert_eq!(ben.hear_texts(4).await, all);
}

#[tokio::test]
async fn who_is_no_member_may_not_speak() {
    let server = Server::start().await;
    let owner = server.caller("ann");
    let made = owner.create_topic("lunch", &["ben"]).await.unwrap();
    let id = made.topic_info.topic_id;
    let ben = server.person("ben", "desk").await;
    ben.tell(Target::Topic(id), "in").await;
    owner.remove_members(id, &["ben"]).await.unwrap();
    for person in [&ben, &server.person("dan", "desk").await] {
        let refused = person.try_tell(Target::Topic(id), "out").await;
        assert!(matches!(refused, Err(SendError::Refused(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn a_dismissed_group_is_gone_but_what_was_said_still_arrives() {
    let server = Server::start().await;
    let owner = server.caller("ann");
    let made = owner.create_topic("lunch", &["ben"]).await.unwrap();
    let id = made.topic_info.topic_id;
    let ann = server.person("ann", "desk").await;
    ann.tell(Target::Topic(id), "last words").await;
    let theirs = server.caller("ben");
    let refused = theirs.dismiss_topic(id).await.unwrap_err();
    assert!(
        matches!(refused, RestError::Refused { code: 500, .. }),
        "{refused}"
    );
    owner.dismiss_topic(id).await.unwrap();

    assert!(ann.try_tell(Target::Topic(id), "anybody?").await.is_err());
    assert!(owner.topic(id).await.is_err());
    assert_eq!(theirs.topics().await.unwrap(), []);
    let mut ben = server.person("ben", "desk").await;
    assert_eq!(ben.hear_texts(1).await, ["last words"]);
}

#[tokio::test]
async fn a_group_survives_kill_9_with_every_change() {
    let mut server = Server::start().await;
    let owner = server.caller("ann");
    let made = owner
        .create_topic("lunch", &["ben", "carl", "dan"])
        .await
        .unwrap();
    let id = made.topic_info.topic_id;
    let changes = TopicChanges {
        owner_account: Some("ben".to_owned()),
        bulletin: Some("at noon".to_owned()),
        ..TopicChanges::default()
    };
    let ann = server.person("ann", "desk").await;
    ann.tell(Target::Topic(id), "with dan").await;
    owner.change_topic(id, &changes).await.unwrap();
    server.caller("dan").quit_topic(id).await.unwrap();
    ann.tell(Target::Topic(id), "without dan").await;
    let before = owner.topic(id).await.unwrap();
    assert_eq!(before.accounts(), ["ann", "ben", "carl"]);
    assert_eq!(
        (
            &*before.topic_info.owner_account,
            &*before.topic_info.bulletin
        ),
        ("ben", "at noon")
    );
    server.kill().await;
    server.start_again().await;

    assert_eq!(server.caller("ann").topic(id).await.unwrap(), before);
    ann.tell(Target::Topic(id), "after").await;
    let mut carl = server.person("carl", "desk").await;
    assert_eq!(
        carl.hear_texts(3).await,
        ["with dan", "without dan", "after"]
    );
    let mut dan = server.person("dan", "desk").await;
    carl.tell("dan", "you have missed something").await;
    assert_eq!(
        dan.hear_texts(2).await,
        ["with dan", "you have missed something"]
    );
}

//! Who uses the product: people who write on their devices, and an app's server that pushes, changes
//! topics and reads history.

use std::sync::Arc;

use bytes::Bytes;
use chat::{Part, Push, TopicError};
use model::{AccountName, Conversation, Message, Resource, Sequence};
use tokio::time::sleep;

use crate::dice::Dice;
use crate::ledger::{Group, PUSHER, Person, Phone, Read, Sent, Talk, To, name};
use crate::phone::Letter;
use crate::server::Server;
use crate::text;
use crate::trace::note;
use crate::world::World;

/// Who writes more writes fast.
const FLOOD: u64 = 100;

/// One person at one device writes so many messages.
pub(crate) async fn write(world: Arc<World>, phone: Phone, person: Person, count: u64) {
    let mut dice = world.dice(&format!("writer {phone}"));
    let pace_ms = if count > FLOOD {
        10
    } else {
        *dice.pick(&[30, 500, 3_000])
    };
    sleep(dice.ms(0, 3_000)).await;
    for turn in 0..count {
        let sent = Sent {
            phone: Some(phone),
            packet_id: format!("d{phone}-{turn}"),
            ..message(&world, person, &mut dice)
        };
        let (packet_id, to) = (sent.packet_id.clone(), sent.to);
        let number = world.ledger.with(|state| state.send(sent));
        let text = text::of(number, length(&mut dice));
        note!(world.trace, "d{phone} writes m{number} to {to:?}");
        world.outbox(phone).put(Letter {
            number,
            packet_id,
            text,
        });
        sleep(dice.ms(0, pace_ms)).await;
    }
}

fn message(world: &World, from: Person, dice: &mut Dice) -> Sent {
    let to = if world.groups() > 0 && dice.one_in(3) {
        To::Group(dice.index(world.groups()))
    } else {
        To::Person(dice.index(world.persons()))
    };
    Sent {
        from,
        phone: None,
        packet_id: String::new(),
        to,
        is_stored: !dice.one_in(4),
        is_acked: false,
        place: None,
        attempts: 0,
        refusals: Vec::new(),
        is_open: true,
    }
}

fn length(dice: &mut Dice) -> usize {
    let high = *dice.pick(&[20, 200, 200, 2_000]);
    dice.index(high)
}

/// An app's server does so many things.
pub(crate) async fn serve(world: Arc<World>, count: u64) {
    let mut dice = world.dice("app server");
    for _ in 0..count {
        sleep(dice.ms(0, 4_000)).await;
        let Some(server) = world.server() else {
            continue;
        };
        let deed = dice.below(8);
        // A process that dies leaves its callers without an answer.
        tokio::select! {
            biased;
            _ = server.life.over() => {}
            () = act(&world, &server, deed, &mut dice) => {}
        }
    }
}

async fn act(world: &World, server: &Server, deed: u64, dice: &mut Dice) {
    match deed {
        0 | 1 => push(world, server, dice).await,
        2 => read(world, server, dice).await,
        _ if world.groups() > 0 => {
            let (group, person) = (dice.index(world.groups()), dice.index(world.persons()));
            if dice.one_in(20) {
                dismiss(world, server, group).await;
            } else {
                change(world, server, group, person, dice).await;
            }
        }
        _ => {}
    }
}

async fn push(world: &World, server: &Server, dice: &mut Dice) {
    let from = dice.index(world.persons());
    let sent = message(world, from, dice);
    let (to, is_stored) = (sent.to, sent.is_stored);
    let number = world.ledger.with(|state| state.send(sent));
    note!(world.trace, "a push m{number} of p{from} to {to:?}");
    let push = Push {
        from: account_name(from),
        from_resource: Resource::new(PUSHER).expect("a short name is a resource"),
        payload: Bytes::from(text::of(number, length(dice))),
        biz_type: String::new(),
        is_stored,
    };
    let pushed = match to {
        To::Person(to) => {
            let to = account_name(to);
            server.chat.push_p2p(&world.app, push, &to).await
        }
        To::Group(group) => {
            let topic = world.topic(group);
            server.chat.push_p2t(&world.app, push, topic).await
        }
    };
    if server.life.is_over() {
        return;
    }
    note!(world.trace, "the push m{number} ends with {pushed:?}");
    world.ledger.with(|state| {
        let sent = &mut state.messages[number];
        sent.is_open = false;
        match pushed {
            Ok(_) => sent.is_acked = true,
            Err(error) => sent.refusals.push(error.code().into()),
        }
    });
}

/// Somebody comes into a topic or leaves it, or does both at once with what follows.
async fn change(world: &World, server: &Server, group: Group, person: Person, dice: &mut Dice) {
    let (id, owner) = (world.topic(group), owner_of(group));
    if person == owner {
        return;
    }
    let before = server.last();
    let was_in = world.ledger.with(|state| {
        let was_in = state.is_member(group, person, u64::MAX);
        state.member_from(group, person, before + 1, None);
        was_in
    });
    let (account, owner) = (world.account(person), world.account(owner));
    let names = [account.name.clone()];
    let joins = was_in.map_or_else(|| dice.one_in(2), |is_in| !is_in);
    note!(
        world.trace,
        "p{person} {} g{group}",
        if joins { "joins" } else { "leaves" }
    );
    let done = if joins {
        server.chat.invite(&owner, id, &names).await.map(drop)
    } else if dice.one_in(2) {
        server.chat.quit(&account, id).await
    } else {
        server
            .chat
            .remove_members(&owner, id, &names)
            .await
            .map(drop)
    };
    if server.life.is_over() {
        return;
    }
    let after = server.last();
    note!(
        world.trace,
        "p{person} and g{group}: {done:?}, {before} to {after}"
    );
    let is_in = match done {
        Ok(()) => Some(joins),
        // Nothing was changed; whatever it was before, it is.
        Err(TopicError::Refused) => was_in,
        Err(_) => None,
    };
    world
        .ledger
        .with(|state| state.member_from(group, person, after + 1, is_in));
}

/// A topic ends: nobody is in it any more.
async fn dismiss(world: &World, server: &Server, group: Group) {
    let (id, owner) = (world.topic(group), world.account(owner_of(group)));
    let before = server.last();
    world
        .ledger
        .with(|state| state.all_from(group, world.persons(), before + 1, None));
    note!(world.trace, "g{group} is dismissed");
    let done = server.chat.dismiss(&owner, id).await;
    if server.life.is_over() {
        return;
    }
    note!(world.trace, "g{group} dismissed: {done:?}");
    if done.is_ok() {
        let after = server.last();
        world.ledger.with(|state| {
            state.all_from(group, world.persons(), after + 1, Some(false));
        });
    }
}

/// The first member of a topic owns it for ever.
pub(crate) fn owner_of(group: Group) -> Person {
    group
}

/// Reads a conversation, as one of its members.
async fn read(world: &World, server: &Server, dice: &mut Dice) {
    let reader = dice.index(world.persons());
    let caller = world.account(reader);
    let acked = world.ledger.with(|state| state.acked_now());
    let everything = Part::Sequence(Sequence(0)..Sequence(u64::MAX));
    let (talk, messages) = if world.groups() > 0 && dice.one_in(3) {
        let group = dice.index(world.groups());
        let id = world.topic(group);
        let history = server.chat.topic_history(&caller, id, everything).await;
        (Talk::Group(group), history)
    } else {
        let peer = dice.index(world.persons());
        let history = server
            .chat
            .p2p_history(&caller, &account_name(peer), everything)
            .await;
        (Talk::Pair(reader.min(peer), reader.max(peer)), history)
    };
    let Ok(messages) = messages else { return };
    if server.life.is_over() {
        return;
    }
    note!(
        world.trace,
        "p{reader} reads {} of {talk:?}",
        messages.len()
    );
    check_history(world, talk, &messages, &acked);
}

/// Compares what was read with what is known.
pub(crate) fn check_history(world: &World, talk: Talk, messages: &[Arc<Message>], acked: &[usize]) {
    let read: Option<Vec<_>> = messages.iter().map(|message| as_read(message)).collect();
    let Some(read) = read else {
        world
            .ledger
            .violate(format_args!("history of {talk:?} has what nobody sent"));
        return;
    };
    world
        .ledger
        .with(|state| state.check_history(talk, &read, acked));
}

fn as_read(message: &Message) -> Option<Read> {
    Some(Read {
        number: text::number(&message.content.payload)?,
        place: (message.sequence.0, message.timestamp_ms),
    })
}

/// All conversations there can be.
pub(crate) fn talks(world: &World) -> Vec<(Talk, Conversation)> {
    let mut talks = Vec::new();
    for one in 0..world.persons() {
        for other in one..world.persons() {
            let (first, second) = (world.account(one).uuid, world.account(other).uuid);
            talks.push((Talk::Pair(one, other), Conversation::between(first, second)));
        }
    }
    for group in 0..world.groups() {
        talks.push((Talk::Group(group), Conversation::Topic(world.topic(group))));
    }
    talks
}

/// The name of an account, for the product.
pub(crate) fn account_name(person: Person) -> AccountName {
    AccountName::new(&name(person)).expect("a short name is an account's")
}

//! Participants with accounts, logged in, each with somebody to write to.

use std::ops::Range;
use std::sync::Arc;

use client::Target as To;
use tokio::time::Instant;

use crate::crowd;
use crate::flags::Flags;
use crate::target::{Target, Transport};
use crate::traffic::Room;
use crate::traffic::session_line::{Letter, SessionLine, account};

/// Lines of these participants, who write to whom `to` says.
pub(super) async fn lines(
    target: &Arc<Target>,
    numbers: Range<u32>,
    flags: &Flags,
    epoch: Instant,
    to: impl Fn(u32) -> To,
) -> anyhow::Result<Vec<(u32, SessionLine)>> {
    let envelopes = crowd::envelopes(target, numbers.clone().map(account)).await?;
    let sessions = crowd::sessions(target, envelopes, Transport::Tcp).await?;
    let lines = numbers.zip(sessions).map(|(number, session)| {
        let letter = Letter::new(to(number), flags.payload, epoch);
        (number, SessionLine::new(session, letter))
    });
    Ok(lines.collect())
}

/// So many pairs, numbered from an even number: the even one sends to the odd one after it.
pub(super) async fn pairs(
    target: &Arc<Target>,
    first: u32,
    count: u32,
    flags: &Flags,
    epoch: Instant,
) -> anyhow::Result<Vec<Room<SessionLine>>> {
    let to = |number: u32| To::from(account(number ^ 1));
    let numbers = first..first + count * 2;
    let mut lines = lines(target, numbers, flags, epoch, to).await?.into_iter();
    let mut rooms = Vec::new();
    while let (Some(sender), Some(listener)) = (lines.next(), lines.next()) {
        rooms.push(Room {
            senders: vec![sender],
            listeners: vec![listener],
            absent: Vec::new(),
        });
    }
    Ok(rooms)
}

/// Each of these sends to the absent one that `absent` names.
pub(super) async fn to_absent(
    target: &Arc<Target>,
    senders: Range<u32>,
    flags: &Flags,
    epoch: Instant,
    absent: impl Fn(u32) -> u32,
) -> anyhow::Result<Vec<Room<SessionLine>>> {
    let to = |number| To::from(account(absent(number)));
    let lines = lines(target, senders, flags, epoch, to).await?;
    let rooms = lines.into_iter().map(|(number, line)| Room {
        senders: vec![(number, line)],
        listeners: Vec::new(),
        absent: vec![absent(number)],
    });
    Ok(rooms.collect())
}

/// A topic of these: the first `senders` of them send.
pub(super) async fn group(
    target: &Arc<Target>,
    members: Range<u32>,
    senders: u32,
    flags: &Flags,
    epoch: Instant,
) -> anyhow::Result<Room<SessionLine>> {
    let first_listener = members.start + senders;
    let topic = target.make_topic(members.clone().map(account)).await?;
    let lines = lines(target, members, flags, epoch, |_| To::Topic(topic)).await?;
    let lines = lines.into_iter();
    let (senders, listeners) = lines.partition(|(number, _)| *number < first_listener);
    Ok(Room {
        senders,
        listeners,
        absent: Vec::new(),
    })
}

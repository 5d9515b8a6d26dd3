//! `kill -9` under mixed load, again and again: nothing acknowledged is lost, reordered or shown
//! twice, and what a device has acknowledged comes again only if that was in the last moment before
//! a kill.
//!
//! - [`course`] is what happened so far: the checker, and what a program's own eyes cannot see
//! - [`senders`] keep messages under way: to accounts and a topic, kept and not kept, and pushes
//! - [`receivers`] take them: clients, and devices that hang up and look at what comes unfiltered
//! - [`readers`] ask for history meanwhile, and for all of it at the end
//!
//! Twenty kills, or as many as `MIMC_KILLS` says.

mod course;
mod readers;
mod receivers;
mod senders;

use std::sync::Arc;

use client::{Device, Target};
use e2e::{Server, WAIT};
use tokio::task::JoinSet;

use course::Course;
use receivers::Watcher;
use senders::{Errand, Pusher};

const KILLS: usize = 20;
const SENDERS: usize = 4;
/// Progress between two kills, in acknowledged messages.
const PROGRESS_MIN: usize = 50;
const PROGRESS_SPREAD: usize = 1_500;

fn kills() -> usize {
    let asked = std::env::var("MIMC_KILLS").ok();
    asked.map_or(KILLS, |asked| asked.parse().expect("a number of kills"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_under_mixed_load_lose_and_repeat_nothing() {
    let mut server = Server::start().await;
    let course = Arc::new(Course::default());
    let people = People::of_topic(&server).await;
    let mut receivers = JoinSet::new();
    let mut senders = JoinSet::new();
    for device in people.devices() {
        let person = server.person(&device.account, &device.resource).await;
        receivers.spawn(receivers::receive(person, Arc::clone(&course)));
    }
    for device in people.watchers() {
        let watcher = Watcher::new(&server, device, Arc::clone(&course)).await;
        receivers.spawn(watcher.watch());
    }
    for (number, account) in people.accounts[1..].iter().enumerate() {
        let device = people.senders[number].clone();
        let person = server.person(&device.account, &device.resource).await;
        let errands = people.errands(&device, account);
        let (client, events) = (person.client, person.events);
        receivers.spawn(receivers::listen(
            device.clone(),
            events,
            Arc::clone(&course),
        ));
        senders.spawn(senders::send(client, device, errands, Arc::clone(&course)));
    }
    let pusher = Pusher::new(&server, people.pushes(), Arc::clone(&course));
    senders.spawn(pusher.push());
    let conversations = people.conversations(&server);
    let reading = tokio::spawn(readers::read(conversations, Arc::clone(&course)));

    for round in 0..kills() {
        // A different moment each time, and never without progress since the last one.
        let progress = PROGRESS_MIN + round * 397 % PROGRESS_SPREAD;
        let wanted = course.counts().acked + progress;
        course.wait(|counts| counts.acked >= wanted).await;
        let from = course.is_down();
        server.kill().await;
        course.killed(from);
        server.start_again().await;
        course.is_up();
    }

    course.is_over();
    let all_sent = tokio::time::timeout(WAIT, senders.join_all()).await;
    assert!(
        all_sent.is_ok(),
        "every message must be acknowledged in the end"
    );
    course.settled().await;
    let pages = reading.await.expect("the reader has no reason to end");
    readers::compare(people.conversations(&server), &course).await;
    let told = course.judge(kills(), pages);
    eprintln!("{told}");
}

/// Who talks with whom. Each account has devices that are served by a client, and the first ones
/// another that looks for itself; all are members of one topic.
struct People {
    /// The first one hears from all senders, the others from one each.
    accounts: Vec<String>,
    senders: Vec<Device>,
    topic: u64,
}

impl People {
    async fn of_topic(server: &Server) -> Self {
        let accounts: Vec<String> = (0..=SENDERS).map(|number| format!("to-{number}")).collect();
        let from = |account: &String| Device::new(format!("from-{account}"), "desk");
        let senders: Vec<Device> = accounts[1..].iter().map(from).collect();
        let members = senders.iter().map(|device| &device.account);
        let members: Vec<&str> = members.chain(&accounts[1..]).map(String::as_str).collect();
        let made = server
            .caller(&accounts[0])
            .create_topic("all", &members)
            .await;
        let topic = made.expect("a topic can be made").topic_info.topic_id;
        Self {
            accounts,
            senders,
            topic,
        }
    }

    fn devices(&self) -> Vec<Device> {
        let devices = |account| ["desk", "phone"].map(|resource| Device::new(account, resource));
        self.accounts.iter().flat_map(devices).collect()
    }

    fn watchers(&self) -> Vec<Device> {
        let watcher = |account| Device::new(account, "watch");
        self.accounts[..2].iter().map(watcher).collect()
    }

    /// All devices of an account.
    fn of(&self, account: &str) -> Vec<Device> {
        let all = self.devices().into_iter().chain(self.watchers());
        all.filter(|device| device.account == account).collect()
    }

    fn members_but(&self, sender: Option<&Device>) -> Vec<Device> {
        let all = self.devices().into_iter().chain(self.watchers());
        let all = all.chain(self.senders.iter().cloned());
        all.filter(|device| Some(device) != sender).collect()
    }

    fn errands(&self, from: &Device, account: &str) -> Vec<Errand> {
        let to = |account: &str, is_kept| Errand {
            to: account.into(),
            conversation: format!("{} {account}", from.account),
            expected_at: self.of(account),
            is_kept,
        };
        let topic = Errand {
            to: Target::Topic(self.topic),
            conversation: self.topic.to_string(),
            expected_at: self.members_but(Some(from)),
            is_kept: true,
        };
        vec![
            to(&self.accounts[0], true),
            to(account, true),
            topic,
            to(&self.accounts[0], false),
        ]
    }

    fn pushes(&self) -> Vec<Errand> {
        let to = |account: &String, is_kept| Errand {
            to: Target::from(account),
            conversation: format!("{} {account}", senders::PUSHER),
            expected_at: self.of(account),
            is_kept,
        };
        let topic = Errand {
            to: Target::Topic(self.topic),
            conversation: self.topic.to_string(),
            expected_at: self.members_but(None),
            is_kept: true,
        };
        vec![
            to(&self.accounts[0], true),
            topic,
            to(&self.accounts[1], false),
        ]
    }

    /// Each conversation, as the caller and the target of a question.
    fn conversations(&self, server: &Server) -> Vec<readers::Conversation> {
        let of = |one: &str, other: &str| readers::Conversation {
            name: format!("{one} {other}"),
            caller: server.caller(one),
            with: other.into(),
        };
        let mut all = vec![
            readers::Conversation {
                name: self.topic.to_string(),
                caller: server.caller(&self.accounts[0]),
                with: Target::Topic(self.topic),
            },
            of(senders::PUSHER, &self.accounts[0]),
            of(senders::PUSHER, &self.accounts[1]),
        ];
        for (sender, account) in self.senders.iter().zip(&self.accounts[1..]) {
            all.push(of(&sender.account, &self.accounts[0]));
            all.push(of(&sender.account, account));
        }
        all
    }
}

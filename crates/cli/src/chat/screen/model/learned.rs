//! What came of errands.

use client::Target;
use client::rest::{Contact, PastMessage, Roster, Topic};

use super::asked::page;
use super::conversation::History;
use super::timeline::Stored;
use super::{Item, Model, Page};
use crate::chat::screen::errand::{Errand, Outcome, PAGE};
use crate::format;

impl Model {
    pub(crate) fn learned(&mut self, outcome: Outcome) -> Vec<Errand> {
        match outcome {
            Outcome::Sent { to, id, told } => {
                let me = self.me.clone();
                self.conversation(&to).settle(&me, &id, told);
            }
            Outcome::Conversations { recent, topics } => {
                return self.learned_conversations(recent, topics);
            }
            Outcome::History { with, page } => self.learned_history(&with, page),
            Outcome::Members { roster, is_asked } => {
                self.learned_roster(&roster);
                if is_asked {
                    self.page = Some(members(&roster));
                }
            }
            Outcome::Created(roster) => {
                let topic = self.learned_roster(&roster);
                self.say(format!("{} is made", roster.topic_info.topic_name));
                return self.open(&topic);
            }
            Outcome::Invited(roster) => {
                self.learned_roster(&roster);
                self.say(format!("{} members now", roster.members.len()));
            }
            Outcome::Gone(topic) => return self.forget(&Target::Topic(topic)),
            Outcome::PongDue(who) => {
                if self.pinged.take_if(|pinged| *pinged == who).is_some() {
                    self.say(format!("{who} does not answer"));
                }
            }
            Outcome::Done => {}
            Outcome::Failed(why) => self.complain(why),
        }
        Vec::new()
    }

    fn learned_conversations(&mut self, recent: Vec<Contact>, topics: Vec<Topic>) -> Vec<Errand> {
        for topic in topics {
            let known = self.conversation(&Target::Topic(topic.topic_id));
            known.title = topic.topic_name;
            known.owner = topic.owner_account;
        }
        for contact in recent {
            let message = contact.last_message;
            let frame = format::read(&message.payload);
            let known = self.conversation(&contact.with);
            known.title = contact.name;
            known.add(Stored {
                sequence: message.sequence,
                timestamp_ms: contact.timestamp_ms,
                from: message.from_account,
                frame,
            });
        }
        self.open_the_first()
    }

    fn learned_history(&mut self, with: &Target, page: Result<Vec<PastMessage>, String>) {
        let Some(known) = self.known_mut(with) else {
            return;
        };
        let page = match page {
            Ok(page) => page,
            Err(why) => {
                known.history = History::Unknown;
                return self.complain(format!("no history: {why}"));
            }
        };
        let is_last = page.len() < PAGE as usize;
        known.history = if is_last {
            History::Complete
        } else {
            History::Partial
        };
        for message in page {
            known.add(Stored {
                sequence: message.sequence,
                timestamp_ms: message.timestamp_ms,
                from: message.from,
                frame: format::read(&message.payload),
            });
        }
    }

    fn learned_roster(&mut self, roster: &Roster) -> Target {
        let topic = Target::Topic(roster.topic_info.topic_id);
        self.conversation(&topic).take_roster(roster);
        topic
    }

    fn forget(&mut self, with: &Target) -> Vec<Errand> {
        self.conversations.retain(|one| one.with != *with);
        if self.open.as_ref() != Some(with) {
            return Vec::new();
        }
        self.open = None;
        self.open_the_first()
    }
}

fn members(roster: &Roster) -> Page {
    let owner = &roster.topic_info.owner_account;
    let row = |account: &&str| {
        let role = if *account == owner { "owner" } else { "" };
        Item::new(*account, role)
    };
    let items = roster.accounts().iter().map(row).collect();
    page(&roster.topic_info.topic_name, items)
}

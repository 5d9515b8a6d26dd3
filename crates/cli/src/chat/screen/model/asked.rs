//! What the person at the keyboard wants.

use client::{Target, new_packet_id};

use super::conversation::{Conversation, History};
use super::scroll::Scroll;
use super::{Connection, Item, Model, Page, load};
use crate::chat::screen::command::{self, Command, Line};
use crate::chat::screen::editor::Editor;
use crate::chat::screen::errand::Errand;
use crate::chat::screen::input::{Action, Neighbour};
use crate::format::{Content, Frame};

impl Model {
    /// Everything but scrolling, for which the size of the screen matters.
    pub(crate) fn asked(&mut self, action: Action) -> Vec<Errand> {
        match action {
            Action::Edit(edit) => self.editor.apply(&edit),
            Action::Submit => return self.submit(),
            Action::Tab => return self.tab(),
            Action::Switch(neighbour) => return self.switch(neighbour),
            Action::Reconnect => return self.reconnect().into_iter().collect(),
            Action::Escape => self.escape(),
            Action::Leave => self.is_leaving = true,
            Action::Scroll(_) | Action::Redraw => {}
        }
        Vec::new()
    }

    /// Looks at another part of the page, or of the conversation; at its top, earlier messages are
    /// asked for.
    pub(crate) fn scrolled(&mut self, scroll: Scroll, is_at_top: bool) -> Vec<Errand> {
        if let Some(page) = &mut self.page {
            page.scroll = scroll;
            return Vec::new();
        }
        let Some(open) = self.current_mut() else {
            return Vec::new();
        };
        open.scroll = scroll;
        let earlier = if is_at_top { load(open) } else { None };
        earlier.into_iter().collect()
    }

    fn submit(&mut self) -> Vec<Errand> {
        self.notice = None;
        let line = command::read(self.editor.text());
        match line {
            None => self.page = None,
            Some(Line::Wrong(why)) => self.complain(why),
            Some(Line::Text(text)) => {
                if self.open.is_none() {
                    self.complain("to whom? /open NAME");
                    return Vec::new();
                }
                self.editor.take();
                return self.send(Content::Text(text)).into_iter().collect();
            }
            Some(Line::Command(command)) => {
                self.editor.take();
                self.page = None;
                return self.command(command);
            }
        }
        Vec::new()
    }

    fn command(&mut self, command: Command) -> Vec<Errand> {
        match command {
            Command::Help => self.page = Some(page("help", help())),
            Command::List => self.page = Some(page("conversations", self.list())),
            Command::Open(name) => {
                let with = self.named(&name);
                return self.open(&with);
            }
            Command::History => return self.earlier().into_iter().collect(),
            Command::Create { name, members } => return vec![Errand::Create { name, members }],
            Command::Invite(members) => {
                return self.in_topic(|topic| Errand::Invite { topic, members });
            }
            Command::Members => {
                return self.in_topic(|topic| Errand::Members {
                    topic,
                    is_asked: true,
                });
            }
            Command::Leave => return self.leave_topic(),
            Command::Dismiss => return self.in_topic(|topic| Errand::Dismiss { topic }),
            Command::Recall => return self.recall().into_iter().collect(),
            Command::Ping => return self.ping().into_iter().collect(),
            Command::Quit => self.is_leaving = true,
        }
        Vec::new()
    }

    fn send(&mut self, content: Content) -> Option<Errand> {
        let me = self.me.clone();
        let id = new_packet_id();
        let open = self.current_mut()?;
        let frame = Frame {
            id: id.clone(),
            content: content.clone(),
        };
        open.timeline.begin(&me, frame);
        open.scroll = Scroll::Bottom;
        let to = open.with.clone();
        self.page = None;
        Some(Errand::Send { to, content, id })
    }

    fn recall(&mut self) -> Option<Errand> {
        let of = self.current()?.newest_of_mine(&self.me);
        if of.is_none() {
            self.complain("there is nothing of yours to take back");
        }
        self.send(Content::Recall { of: of? })
    }

    fn ping(&mut self) -> Option<Errand> {
        let Some(Target::Account(to)) = self.open.clone() else {
            self.complain("this is no conversation with one account");
            return None;
        };
        self.say(format!("asking {to}…"));
        self.pinged = Some(to.clone());
        Some(Errand::Ping { to })
    }

    /// Shows what is before the first message that is here.
    fn earlier(&mut self) -> Option<Errand> {
        let open = self.current_mut()?;
        if let Some(first) = open.timeline.shown().first() {
            let key = first.entry.key;
            open.scroll = Scroll::At { key, row: 0 };
        }
        let errand = load(open);
        if errand.is_none() && open.history == History::Complete {
            self.say("there is nothing before");
        }
        errand
    }

    /// The owner cannot leave the others alone.
    fn leave_topic(&mut self) -> Vec<Errand> {
        let is_mine = self.current().is_some_and(|open| open.owner == self.me);
        if is_mine {
            self.complain("you own this topic: /dismiss ends it for all");
            return Vec::new();
        }
        self.in_topic(|topic| Errand::Leave { topic })
    }

    fn in_topic(&mut self, errand: impl FnOnce(u64) -> Errand) -> Vec<Errand> {
        if let Some(Target::Topic(topic)) = self.open {
            return vec![errand(topic)];
        }
        self.complain("this is no topic");
        Vec::new()
    }

    fn reconnect(&mut self) -> Option<Errand> {
        matches!(self.connection, Connection::Waiting { .. }).then(|| {
            self.connection = Connection::Connecting;
            Errand::Reconnect
        })
    }

    fn tab(&mut self) -> Vec<Errand> {
        let line = self.editor.text();
        if line.starts_with('/') {
            let names: Vec<String> = self.conversations().iter().map(|one| one.name()).collect();
            let completed = command::completed(line, names.iter().map(String::as_str));
            if let Some(completed) = completed {
                self.editor = Editor::with(&completed);
            }
            return Vec::new();
        }
        let all = self.conversations();
        let unread = all.iter().find(|one| one.unread > 0);
        let Some(with) = unread.map(|one| one.with.clone()) else {
            return self.switch(Neighbour::Next);
        };
        self.go(&with)
    }

    fn switch(&mut self, neighbour: Neighbour) -> Vec<Errand> {
        let all = self.conversations();
        let here = all
            .iter()
            .position(|one| Some(&one.with) == self.open.as_ref());
        let count = all.len().max(1);
        let there = match (here, neighbour) {
            (Some(at), Neighbour::Next) => (at + 1) % count,
            (Some(at), Neighbour::Previous) => (at + count - 1) % count,
            (None, _) => 0,
        };
        let with = all.get(there).map(|one| one.with.clone());
        with.map(|with| self.go(&with)).unwrap_or_default()
    }

    fn go(&mut self, with: &Target) -> Vec<Errand> {
        self.notice = None;
        self.open(with)
    }

    fn escape(&mut self) {
        self.notice = None;
        if self.page.take().is_none()
            && let Some(open) = self.current_mut()
        {
            open.scroll = Scroll::Bottom;
        }
    }

    /// A conversation by its name; one that is not known is with the account of this name.
    fn named(&self, name: &str) -> Target {
        let all = self.conversations();
        let is_it = |one: &&&Conversation| one.name() == name || one.title == name;
        let known = all.iter().find(is_it).map(|one| one.with.clone());
        let by_id = name.trim_start_matches('#').parse().map(Target::Topic);
        let topic = by_id
            .ok()
            .filter(|id| all.iter().any(|one| one.with == *id));
        known.or(topic).unwrap_or_else(|| Target::from(name))
    }

    fn list(&self) -> Vec<Item> {
        let row = |one: &&Conversation| {
            let unread = (one.unread > 0).then(|| format!("{} new", one.unread));
            Item::new(one.name(), unread.unwrap_or_default())
        };
        let rows: Vec<_> = self.conversations().iter().map(row).collect();
        if rows.is_empty() {
            return vec![Item::new("", "none yet: /open NAME begins one")];
        }
        rows
    }
}

fn help() -> Vec<Item> {
    let items = command::help().iter();
    items.map(|(term, text)| Item::new(*term, *text)).collect()
}

/// To be read from its beginning.
pub(super) fn page(title: &str, items: Vec<Item>) -> Page {
    Page {
        title: title.to_owned(),
        items,
        scroll: Scroll::At { key: 0, row: 0 },
    }
}

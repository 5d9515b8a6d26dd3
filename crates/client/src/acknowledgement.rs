//! Which lists wait to be acknowledged, and when they may be: once the app has taken them whole.

use std::collections::VecDeque;

use crate::inbox::Inbox;

/// The lists of one session, by the sequence of their last message.
#[derive(Debug, Default)]
pub(crate) struct Acknowledgement {
    ends: VecDeque<i64>,
    acknowledged: i64,
}

impl Acknowledgement {
    /// A list has come.
    pub(crate) fn came(&mut self, max_sequence: i64) {
        self.ends.push_back(max_sequence);
    }

    /// What to acknowledge now, if anything. When not, the inbox will tell as soon as the app has
    /// taken the first list.
    pub(crate) fn due(&mut self, inbox: &Inbox) -> Option<i64> {
        let first = *self.ends.front()?;
        let mut due = None;
        let taken = inbox.taken_up_to(first);
        while let Some(end) = self.ends.pop_front_if(|end| *end <= taken) {
            due = Some(end);
        }
        if let (Some(_), Some(next)) = (due, self.ends.front()) {
            inbox.taken_up_to(*next);
        }
        self.acknowledged = due.unwrap_or(self.acknowledged);
        due
    }

    /// What to acknowledge at the end: as far as the app has taken messages, even if that is in the
    /// middle of a list.
    pub(crate) fn rest(&mut self, inbox: &Inbox) -> Option<i64> {
        let taken = inbox.taken_up_to(i64::MAX);
        let is_news = !self.ends.is_empty() && taken > self.acknowledged;
        is_news.then_some(taken)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::event::Event;
    use crate::message::{Device, Message, Target};

    fn put(inbox: &Inbox, sequence: i64) {
        let message = Message {
            sequence,
            timestamp_ms: 0,
            packet_id: String::new(),
            from: Device::new("a", "r"),
            to: Target::from("b"),
            payload: Bytes::new(),
            biz_type: String::new(),
        };
        inbox.put(Event::Message(message)).unwrap();
    }

    #[tokio::test]
    async fn a_list_is_acknowledged_when_the_app_has_taken_all_of_it() {
        let inbox = Inbox::default();
        let mut lists = Acknowledgement::default();
        for sequence in 1..=4 {
            put(&inbox, sequence);
        }
        lists.came(2);
        lists.came(4);
        assert_eq!(lists.due(&inbox), None);
        inbox.next().await;
        inbox.next().await;
        assert_eq!(lists.due(&inbox), None, "2 is in the app's hands");
        inbox.next().await;
        inbox.taken().await;
        assert_eq!(lists.due(&inbox), Some(2));
        inbox.next().await;
        put(&inbox, 5);
        inbox.next().await;
        inbox.taken().await;
        assert_eq!(lists.due(&inbox), Some(4));
        assert_eq!(lists.due(&inbox), None);
    }

    #[tokio::test]
    async fn at_the_end_the_beginning_of_a_list_is_acknowledged() {
        let inbox = Inbox::default();
        let mut lists = Acknowledgement::default();
        put(&inbox, 1);
        put(&inbox, 2);
        lists.came(2);
        assert_eq!(lists.rest(&inbox), None);
        inbox.next().await;
        assert_eq!(lists.rest(&inbox), None);
        inbox.done();
        assert_eq!(lists.rest(&inbox), Some(1));
    }

    #[tokio::test]
    async fn what_was_taken_before_a_reconnect_is_acknowledged_at_once() {
        let inbox = Inbox::default();
        put(&inbox, 1);
        inbox.next().await;
        put(&inbox, 2);
        inbox.next().await;
        let mut again = Acknowledgement::default();
        again.came(1);
        assert_eq!(again.due(&inbox), Some(1));
    }
}

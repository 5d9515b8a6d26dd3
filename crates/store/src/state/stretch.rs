//! Where the queue of a device is to be looked for.

use chat::port::Wanted;
use model::{Conversation, Membership, Sequence, Uuid};

use super::State;

/// A part of a conversation in which there may be something for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// Of which.
    pub(crate) conversation: Conversation,
    /// What is above this,
    pub(crate) after: Sequence,
    /// and not above this.
    pub(crate) up_to: Sequence,
}

impl State {
    /// The stretches of what is wanted in which there are messages above a place: of pairs, and of
    /// each time in a topic. No two of them overlap.
    pub(crate) fn stretches(
        &self,
        uuid: Uuid,
        wanted: &Wanted<'_>,
        young_after: Sequence,
    ) -> Vec<Stretch> {
        let after = wanted.after.max(young_after);
        let pairs = self.with_news(uuid, after).into_iter();
        let pairs = pairs.map(|conversation| Stretch {
            conversation,
            after,
            up_to: wanted.up_to,
        });
        let topics = wanted.memberships.iter().map(|membership| {
            let conversation = Conversation::Topic(membership.topic);
            let has_news = self.head(&conversation).is_some_and(|head| head > after);
            has_news.then(|| during(membership, after, wanted.up_to))
        });
        let stretches = pairs.chain(topics.flatten());
        stretches
            .filter(|stretch| stretch.after < stretch.up_to)
            .collect()
    }
}

/// What was said during a time in a topic. Nothing was said at its ends.
fn during(membership: &Membership, after: Sequence, up_to: Sequence) -> Stretch {
    Stretch {
        conversation: Conversation::Topic(membership.topic),
        after: after.max(membership.joined),
        up_to: membership.left.map_or(up_to, |left| up_to.min(left)),
    }
}

//! Topics: groups with an owner, and who is in them from where to where.

use crate::{AppId, Party, Sequence, TopicId};

/// A topic, without its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Its id.
    pub id: TopicId,
    /// The app it belongs to.
    pub app_id: AppId,
    /// May change everything; always a member.
    pub owner: Party,
    /// For people.
    pub name: String,
    /// For people; empty when there is none.
    pub bulletin: String,
    /// For the app; empty when there is none.
    pub extra: String,
    /// Milliseconds since 1970.
    pub created_at_ms: u64,
}

/// A topic with its present members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    /// The topic.
    pub topic: Topic,
    /// In the order in which they joined.
    pub members: Vec<Member>,
}

/// A present member of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub party: Party,
    /// What has a higher sequence is for this member.
    pub joined: Sequence,
}

/// A part of an account's time in a topic: what has a sequence between the two is for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The topic.
    pub topic: TopicId,
    /// Where it began.
    pub joined: Sequence,
    /// Where it ended, if it has.
    pub left: Option<Sequence>,
}

impl Roster {
    /// The member with this uuid.
    pub fn member(&self, uuid: crate::Uuid) -> Option<&Member> {
        self.members.iter().find(|member| member.party.uuid == uuid)
    }
}

impl Membership {
    /// Whether a message of the topic is for the account.
    pub fn holds(&self, sequence: Sequence) -> bool {
        self.joined < sequence && self.left.is_none_or(|left| sequence < left)
    }
}

//! What a [`Checker`](super::Checker) finds, in words.

use std::fmt;

/// How many violations a verdict spells out; the rest is counted.
pub const VIOLATIONS_SHOWN_MAX: usize = 10;

/// The judgement of a history.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Messages sent.
    pub sent: usize,
    /// Messages acknowledged.
    pub acked: usize,
    /// Messages shown to apps, over all devices.
    pub delivered: usize,
    /// Everything that breaks a promise, the earliest first where that is known.
    pub violations: Vec<Violation>,
}

/// One broken promise. A packet is written `account/resource:packetId`, by its sender.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// An acknowledged message did not arrive.
    #[error("lost: {packet} was acknowledged as {sequence} and never came to {device}")]
    Lost {
        /// Where it must have arrived.
        device: String,
        /// Which message.
        packet: String,
        /// By its acknowledgement.
        sequence: i64,
    },
    /// An app was shown a message twice.
    #[error("duplicate: {device} was shown {packet} again")]
    Duplicate {
        /// Where.
        device: String,
        /// Which message.
        packet: String,
    },
    /// A device was given a sequence that is not above all before.
    #[error("out of order: {device} was given {packet} with {sequence} after {previous}")]
    NotAscending {
        /// Where.
        device: String,
        /// Which message.
        packet: String,
        /// Its sequence.
        sequence: i64,
        /// The highest before.
        previous: i64,
    },
    /// A message came that nobody sent.
    #[error("never sent: {device} was given {packet} with {sequence}")]
    NeverSent {
        /// Where.
        device: String,
        /// Which message it claims to be.
        packet: String,
        /// Its sequence.
        sequence: i64,
    },
    /// A message came to a device that it was not for.
    #[error("misdelivered: {device} was given {packet}, which was not for it")]
    Misdelivered {
        /// Where.
        device: String,
        /// Which message.
        packet: String,
    },
    /// Sequences are not in the order in which one sender sent to one conversation.
    #[error(
        "order of sending broken in {conversation}: {packet} got {sequence}, \
         but {earlier}, sent before it, got {earlier_sequence}"
    )]
    SentOrderBroken {
        /// Where.
        conversation: String,
        /// The later message.
        packet: String,
        /// Its sequence.
        sequence: i64,
        /// The message sent before it.
        earlier: String,
        /// The sequence of that one.
        earlier_sequence: i64,
    },
    /// Repetitions of a message were acknowledged with different sequences.
    #[error("ack changed: {packet} was acknowledged as {first} and then as {then}")]
    AckChanged {
        /// Which message.
        packet: String,
        /// In the first acknowledgement.
        first: i64,
        /// In a later one.
        then: i64,
    },
    /// A message has one sequence here and another there.
    #[error("two sequences: {packet} has {} and {}", .sequences[0], .sequences[1])]
    SequenceDiffers {
        /// Which message.
        packet: String,
        /// Both.
        sequences: [i64; 2],
    },
    /// Two messages have the same sequence.
    #[error("one sequence for two: {sequence} is {} and {}", .packets[0], .packets[1])]
    SequenceShared {
        /// Of both.
        sequence: i64,
        /// Both messages.
        packets: [String; 2],
    },
    /// An acknowledgement came for what nobody sent.
    #[error("acknowledged and never sent: {packet}")]
    AckedUnsent {
        /// Which message it claims to be.
        packet: String,
    },
    /// The test told one send twice, or made a packetId twice.
    #[error("the test sent {packet} twice")]
    SentTwice {
        /// Which message.
        packet: String,
    },
}

impl Verdict {
    /// Whether every promise was kept.
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty()
    }

    /// How many violations satisfy `which`, as in `matches!(v, Violation::Lost { .. })`.
    pub fn count(&self, which: impl Fn(&Violation) -> bool) -> usize {
        self.violations.iter().filter(|v| which(v)).count()
    }

    /// For tests.
    ///
    /// # Panics
    ///
    /// When a promise was broken, with the first violations in words.
    #[track_caller]
    pub fn assert_clean(&self) {
        assert!(self.is_clean(), "{self}");
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sent, acked, delivered) = (self.sent, self.acked, self.delivered);
        write!(f, "{sent} sent, {acked} acknowledged, {delivered} shown: ")?;
        if self.is_clean() {
            return f.write_str("nothing lost, reordered or shown twice");
        }
        write!(f, "{} violations", self.violations.len())?;
        for violation in self.violations.iter().take(VIOLATIONS_SHOWN_MAX) {
            write!(f, "\n  {violation}")?;
        }
        let left = self.violations.len().saturating_sub(VIOLATIONS_SHOWN_MAX);
        if left > 0 {
            write!(f, "\n  and {left} more")?;
        }
        Ok(())
    }
}

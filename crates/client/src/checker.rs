//! Judges a history of sends, acknowledgements and deliveries by what the server promises: an
//! acknowledged message is never lost, never reordered, never shown twice.
//!
//! A test tells the [`Checker`] everything it does and sees, in the order in which each device does
//! and sees it, and asks for the verdict at the end. Deliveries are what an app gets to see: after the client's
//! duplicate filter, over all its reconnects.
//!
//! ```
//! use mimc_client::Device;
//! use mimc_client::checker::Checker;
//!
//! let (ann, ben) = (Device::new("ann", "desk"), Device::new("ben", "desk"));
//! let mut checker = Checker::new();
//! checker.sent(&ann, "ann+ben", "p-1", &[ben.clone()]);
//! checker.acked(&ann, "p-1", 7);
//! checker.delivered(&ben, &ann, "p-1", 7);
//! checker.verdict().assert_clean();
//! ```

mod verdict;

use std::collections::HashMap;

pub use verdict::{VIOLATIONS_SHOWN_MAX, Verdict, Violation};

use crate::message::Device;

/// Collects what happens. Its memory grows with the messages, by some 200 bytes each.
#[derive(Debug, Default)]
pub struct Checker {
    /// Devices and conversations, each under a small number.
    names: HashMap<String, u32>,
    spelled: Vec<String>,
    sends: Vec<Send>,
    /// By sending device and packetId, which is unique among its sends.
    by_packet: HashMap<(u32, String), u32>,
    by_sequence: HashMap<i64, u32>,
    receivers: HashMap<u32, Receiver>,
    /// What can be told at once; the rest is found at the end.
    early: Vec<Violation>,
}

#[derive(Debug)]
struct Send {
    sender: u32,
    conversation: u32,
    packet_id: String,
    expected_at: Vec<u32>,
    /// By whatever told it first, an acknowledgement or a delivery.
    sequence: Option<i64>,
    is_acked: bool,
}

#[derive(Debug, Default)]
struct Receiver {
    newest: i64,
    /// By the index of the send: under which sequence it came.
    got: HashMap<u32, i64>,
}

impl Checker {
    /// An empty history.
    pub fn new() -> Self {
        Self::default()
    }

    /// A message was given to the client to be sent; `to` are the devices that must get it once it
    /// is acknowledged. Repetitions under the same packetId are one send: tell it once.
    ///
    /// # Panics
    ///
    /// After 2^32 messages.
    pub fn sent(&mut self, sender: &Device, conversation: &str, packet_id: &str, to: &[Device]) {
        let sender = self.number(&sender.to_string());
        let index = u32::try_from(self.sends.len()).expect("a history has less than 2^32 messages");
        let key = (sender, packet_id.to_owned());
        if self.by_packet.insert(key, index).is_some() {
            let packet = format!("{}:{packet_id}", self.spelled[sender as usize]);
            self.early.push(Violation::SentTwice { packet });
        }
        let send = Send {
            sender,
            conversation: self.number(conversation),
            packet_id: packet_id.to_owned(),
            expected_at: to.iter().map(|d| self.number(&d.to_string())).collect(),
            sequence: None,
            is_acked: false,
        };
        self.sends.push(send);
    }

    /// The sender got a receipt.
    pub fn acked(&mut self, sender: &Device, packet_id: &str, sequence: i64) {
        let Some(index) = self.find(sender, packet_id) else {
            let packet = format!("{sender}:{packet_id}");
            self.early.push(Violation::AckedUnsent { packet });
            return;
        };
        let send = &mut self.sends[index as usize];
        let is_repeated = std::mem::replace(&mut send.is_acked, true);
        match send.sequence {
            Some(first) if is_repeated && first != sequence => {
                self.early.push(Violation::AckChanged {
                    packet: self.packet(index),
                    first,
                    then: sequence,
                });
            }
            _ => self.note_sequence(index, sequence),
        }
    }

    /// A device's app was shown a message.
    pub fn delivered(&mut self, at: &Device, from: &Device, packet_id: &str, sequence: i64) {
        let device = self.number(&at.to_string());
        let Some(index) = self.find(from, packet_id) else {
            self.early.push(Violation::NeverSent {
                device: at.to_string(),
                packet: format!("{from}:{packet_id}"),
                sequence,
            });
            return;
        };
        self.note_sequence(index, sequence);
        let receiver = self.receivers.entry(device).or_default();
        let previous = receiver.newest;
        receiver.newest = previous.max(sequence);
        let is_repeated = receiver.got.insert(index, sequence).is_some();
        if is_repeated {
            self.early.push(Violation::Duplicate {
                device: at.to_string(),
                packet: self.packet(index),
            });
        } else if sequence <= previous {
            self.early.push(Violation::NotAscending {
                device: at.to_string(),
                packet: self.packet(index),
                sequence,
                previous,
            });
        }
        if !self.sends[index as usize].expected_at.contains(&device) {
            self.early.push(Violation::Misdelivered {
                device: at.to_string(),
                packet: self.packet(index),
            });
        }
    }

    /// Whether every acknowledged message has arrived everywhere: when to stop waiting.
    pub fn is_settled(&self) -> bool {
        self.lost().next().is_none()
    }

    /// Messages that were acknowledged.
    pub fn acked_count(&self) -> usize {
        self.sends.iter().filter(|send| send.is_acked).count()
    }

    /// Messages that apps were shown, over all devices.
    pub fn delivered_count(&self) -> usize {
        self.receivers.values().map(|r| r.got.len()).sum()
    }

    /// What is wrong with the history, as far as it goes.
    pub fn verdict(&self) -> Verdict {
        let lost = self.lost().map(|(index, device)| Violation::Lost {
            device: self.spelled[device as usize].clone(),
            packet: self.packet(index),
            sequence: self.sends[index as usize].sequence.unwrap_or_default(),
        });
        let violations = self.early.iter().cloned();
        Verdict {
            sent: self.sends.len(),
            acked: self.acked_count(),
            delivered: self.delivered_count(),
            violations: violations.chain(lost).chain(self.disordered()).collect(),
        }
    }

    /// Acknowledged, and not shown on a device that must get it.
    fn lost(&self) -> impl Iterator<Item = (u32, u32)> {
        self.indexed()
            .filter(|(_, send)| send.is_acked)
            .flat_map(|(index, send)| send.expected_at.iter().map(move |device| (index, *device)))
            .filter(|(index, device)| !self.has(*device, *index))
    }

    /// Of each sender and conversation: sequences that do not ascend in the order of sending.
    fn disordered(&self) -> Vec<Violation> {
        let mut newest: HashMap<(u32, u32), (i64, u32)> = HashMap::new();
        let mut found = Vec::new();
        for (index, send) in self.indexed() {
            let Some(sequence) = send.sequence.filter(|_| send.is_acked) else {
                continue;
            };
            let last = newest.entry((send.sender, send.conversation));
            let (before, other) = *last.or_insert((sequence, index));
            if sequence < before {
                found.push(Violation::SentOrderBroken {
                    conversation: self.spelled[send.conversation as usize].clone(),
                    packet: self.packet(index),
                    sequence,
                    earlier: self.packet(other),
                    earlier_sequence: before,
                });
            } else {
                newest.insert((send.sender, send.conversation), (sequence, index));
            }
        }
        found
    }

    /// One message has one sequence, and one sequence one message, in acks and deliveries alike.
    fn note_sequence(&mut self, index: u32, sequence: i64) {
        let first = *self.sends[index as usize].sequence.get_or_insert(sequence);
        if first != sequence {
            self.early.push(Violation::SequenceDiffers {
                packet: self.packet(index),
                sequences: [first, sequence],
            });
        }
        let holder = *self.by_sequence.entry(sequence).or_insert(index);
        if holder != index {
            self.early.push(Violation::SequenceShared {
                sequence,
                packets: [self.packet(holder), self.packet(index)],
            });
        }
    }

    fn has(&self, device: u32, index: u32) -> bool {
        let receiver = self.receivers.get(&device);
        receiver.is_some_and(|r| r.got.contains_key(&index))
    }

    fn indexed(&self) -> impl Iterator<Item = (u32, &Send)> {
        (0u32..).zip(&self.sends)
    }

    fn find(&self, sender: &Device, packet_id: &str) -> Option<u32> {
        let sender = *self.names.get(&sender.to_string())?;
        self.by_packet.get(&(sender, packet_id.to_owned())).copied()
    }

    fn packet(&self, index: u32) -> String {
        let send = &self.sends[index as usize];
        format!("{}:{}", self.spelled[send.sender as usize], send.packet_id)
    }

    fn number(&mut self, name: &str) -> u32 {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let number = u32::try_from(self.spelled.len()).expect("a history has less than 2^32 names");
        self.spelled.push(name.to_owned());
        self.names.insert(name.to_owned(), number);
        number
    }
}

#[cfg(test)]
mod tests;

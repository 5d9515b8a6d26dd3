//! Ids that nobody made before: a random beginning and a counter.

use std::fmt::Write;

/// Makes ids. Two makers never make the same.
#[derive(Debug)]
pub(crate) struct Ids {
    text: String,
    beginning: usize,
    count: u64,
}

impl Ids {
    pub(crate) fn new() -> Self {
        let mut text = random_word();
        text.push('-');
        let beginning = text.len();
        Self {
            text,
            beginning,
            count: 0,
        }
    }

    pub(crate) fn next(&mut self) -> &str {
        self.count += 1;
        self.text.truncate(self.beginning);
        write!(self.text, "{}", self.count).expect("a String grows as needed");
        &self.text
    }
}

/// A packetId that no device has used: for messages that are sent through a
/// [`Session`](crate::session::Session), maybe more than once.
///
/// # Panics
///
/// When the operating system has no random numbers.
pub fn new_packet_id() -> String {
    random_word()
}

/// 64 random bits as text.
fn random_word() -> String {
    let drawn = getrandom::u64().expect("an operating system has random numbers");
    format!("{drawn:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_ids_are_the_same() {
        let (mut one, mut other) = (Ids::new(), Ids::new());
        let mut all: Vec<String> = Vec::new();
        for _ in 0..10 {
            all.push(one.next().to_owned());
            all.push(other.next().to_owned());
        }
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 20);
    }
}

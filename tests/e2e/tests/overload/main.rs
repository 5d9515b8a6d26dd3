//! More than a server can take: it does what it can, says no to the rest, keeps its memory, and throws
//! out who only holds its places.
//!
//! - [`flood`] sends more than there is room for, to devices that do not read among others
//! - [`strangers`] connect and never log in, or take for ever to say something
//!
//! How it fares at full size is what `mimc bench overload` finds.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod flood;
mod strangers;

use client::SendError;
use e2e::Person;

/// Codes of answers that say: later.
const LATER: [i32; 2] = [429, 503];

/// One says something and the other hears it, however often the server has to be asked.
async fn exchange(one: &Person, other: &mut Person, text: &str) {
    loop {
        match one.try_tell(other.device.account.as_str(), text).await {
            Ok(_) => break,
            Err(SendError::Refused(refused)) if LATER.contains(&refused.code) => {}
            Err(error) => panic!("{text}: {error}"),
        }
    }
    assert_eq!(other.hear_texts(1).await, [text]);
}

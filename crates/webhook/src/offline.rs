//! Whom a message did not reach.

use chat::port::StoreError;
use model::{Conversation, Uuid};

use crate::Ports;
use crate::port::Presence;
use crate::queue::Note;

/// How long devices have to acknowledge, in milliseconds.
pub(crate) const PATIENCE_MS: u64 = 10_000;

/// What is known of a message's receivers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// All were reached, or there are none.
    Reached,
    /// These were not, and nobody is waited for.
    NotReached(Vec<Uuid>),
    /// These have a device bound that may still acknowledge.
    Open(Vec<Uuid>),
}

/// Judges a message. `is_over`: nobody is waited for any longer.
pub(crate) async fn judge(
    ports: &Ports,
    note: &Note,
    is_over: bool,
) -> Result<Verdict, StoreError> {
    let receivers = receivers(ports, note).await?;
    if receivers.is_empty() {
        return Ok(Verdict::Reached);
    }
    let presences = ports.audience.presence(&receivers, note.sequence).await?;
    Ok(verdict(&receivers, &presences, is_over))
}

/// Everybody it is for, without who sent it.
async fn receivers(ports: &Ports, note: &Note) -> Result<Vec<Uuid>, StoreError> {
    let mut receivers: Vec<Uuid> = match note.conversation {
        Conversation::Pair(..) => note.to.into_iter().collect(),
        Conversation::Topic(topic) => {
            let members = ports.audience.members(topic, note.sequence).await?;
            members.into_iter().map(|member| member.uuid).collect()
        }
    };
    receivers.retain(|uuid| *uuid != note.from);
    Ok(receivers)
}

fn verdict(receivers: &[Uuid], presences: &[Presence], is_over: bool) -> Verdict {
    let pairs = receivers.iter().zip(presences);
    let missing = pairs.filter(|(_, presence)| !presence.has_acknowledged);
    let missing: Vec<(Uuid, bool)> = missing
        .map(|(uuid, presence)| (*uuid, presence.is_bound))
        .collect();
    if missing.is_empty() {
        return Verdict::Reached;
    }
    let may_come = missing.iter().filter(|(_, is_bound)| *is_bound);
    let may_come: Vec<Uuid> = may_come.map(|(uuid, _)| *uuid).collect();
    if is_over || may_come.is_empty() {
        Verdict::NotReached(missing.into_iter().map(|(uuid, _)| uuid).collect())
    } else {
        Verdict::Open(may_come)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AWAY: Presence = Presence {
        is_bound: false,
        has_acknowledged: false,
    };
    const SILENT: Presence = Presence {
        is_bound: true,
        has_acknowledged: false,
    };
    const REACHED: Presence = Presence {
        is_bound: true,
        has_acknowledged: true,
    };
    /// A device has acknowledged and gone.
    const GONE: Presence = Presence {
        is_bound: false,
        has_acknowledged: true,
    };

    #[test]
    fn verdicts() {
        let [one, two, three] = [1, 2, 3].map(Uuid);
        let not = |uuids: &[Uuid]| Verdict::NotReached(uuids.to_vec());
        let open = |uuids: &[Uuid]| Verdict::Open(uuids.to_vec());
        for (presences, now, over) in [
            ([REACHED, GONE, REACHED], Verdict::Reached, Verdict::Reached),
            (
                [AWAY, AWAY, AWAY],
                not(&[one, two, three]),
                not(&[one, two, three]),
            ),
            ([REACHED, AWAY, GONE], not(&[two]), not(&[two])),
            ([SILENT, AWAY, REACHED], open(&[one]), not(&[one, two])),
            (
                [SILENT, SILENT, AWAY],
                open(&[one, two]),
                not(&[one, two, three]),
            ),
        ] {
            assert_eq!(verdict(&[one, two, three], &presences, false), now);
            assert_eq!(verdict(&[one, two, three], &presences, true), over);
        }
    }
}

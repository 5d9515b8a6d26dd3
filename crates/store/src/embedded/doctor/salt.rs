//! The salt of a segment whose header is damaged: its records give it away, since a checksum can
//! be computed backwards.

use super::super::record::{BODY_BYTES_MAX, FRAME_BYTES, MARK_BYTES, sound_length};
use super::super::segment::HEADER_BYTES;

/// The polynomial of CRC-32C, reflected; its top bit is set.
const POLYNOMIAL: u32 = 0x82f6_3b78;

/// The salt of the records that a segment begins with: that of the first one, or, when it is damaged,
/// of the first mark.
pub(super) fn recovered(records: &[u8]) -> Option<u32> {
    of_first(records).or_else(|| of_mark(records))
}

/// A mark says where it stands, which is what tells it from anything else.
fn of_mark(records: &[u8]) -> Option<u32> {
    let offsets = HEADER_BYTES..;
    let mut marks = records.windows(MARK_BYTES).zip(offsets);
    marks.find_map(|(bytes, offset)| {
        let is_mark = bytes[4..9] == [9, 0, 0, 0, 5] && bytes[9..] == offset.to_le_bytes();
        let salt = is_mark.then(|| salt_of(bytes))??;
        (sound_length(bytes, salt) == Some(MARK_BYTES)).then_some(salt)
    })
}

/// With which salt the first record here is sound. Two records must agree, when there are two.
fn of_first(records: &[u8]) -> Option<u32> {
    let salt = salt_of(records)?;
    let rest = &records[sound_length(records, salt)?..];
    let is_confirmed = rest.is_empty() || sound_length(rest, salt).is_some();
    is_confirmed.then_some(salt)
}

/// The only salt with which a record can begin here.
fn salt_of(records: &[u8]) -> Option<u32> {
    let crc = u32::from_le_bytes(*records.first_chunk()?);
    let length = u32::from_le_bytes(*records.get(4..8)?.first_chunk()?);
    let length = usize::try_from(length)
        .ok()
        .filter(|length| *length <= BODY_BYTES_MAX)?;
    let covered = records.get(4..FRAME_BYTES + length)?;
    // The end state is what the data makes of zero, and what the length makes of the beginning.
    let mut state = !crc ^ !crc32c::crc32c_append(!0, covered);
    for _ in 0..covered.len() * 8 {
        state = if state & 0x8000_0000 == 0 {
            state << 1
        } else {
            (state ^ POLYNOMIAL) << 1 | 1
        };
    }
    Some(!state)
}

#[cfg(test)]
mod tests {
    use super::super::super::record::{put_holes, put_mark};
    use super::*;

    #[test]
    fn two_records_give_the_salt_away() {
        for salt in [0, 1, 0x8000_0000, u32::MAX, 0x1234_5678] {
            let mut bytes = Vec::new();
            put_holes(&mut bytes, salt, 100);
            put_mark(&mut bytes, salt, 100);
            assert_eq!(recovered(&bytes), Some(salt));
            bytes[110] ^= 1;
            assert_eq!(recovered(&bytes), None);
            assert_eq!(recovered(&bytes[..50]), None);
        }
    }

    #[test]
    fn a_mark_gives_the_salt_away_when_all_before_it_is_damaged() {
        for salt in [0, 1, u32::MAX, 0x1234_5678] {
            let mut bytes = vec![0; 100];
            put_mark(&mut bytes, salt, HEADER_BYTES + 100);
            assert_eq!(recovered(&bytes), Some(salt));
            bytes.insert(0, 0);
            assert_eq!(recovered(&bytes), None, "it is another's");
        }
        assert_eq!(recovered(&[]), None);
    }
}

//! The alphabet of our files: little-endian numbers, varints, texts with their length.

use thiserror::Error;

/// Bytes that are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("malformed")]
pub(crate) struct Malformed;

/// Writes at the end of a buffer.
pub(crate) trait Put {
    /// 1 byte.
    fn put_u8(&mut self, value: u8);
    /// 2 bytes.
    fn put_u16(&mut self, value: u16);
    /// 4 bytes.
    fn put_u32(&mut self, value: u32);
    /// 8 bytes.
    fn put_u64(&mut self, value: u64);
    /// 7 bits a byte, the lowest first: 1 to 10 bytes.
    fn put_varint(&mut self, value: u64);
    /// The difference of two numbers that are near each other.
    fn put_near(&mut self, value: u64, base: u64);
    /// Its length as a varint, then its UTF-8.
    fn put_text(&mut self, text: &str);
}

impl Put for Vec<u8> {
    fn put_u8(&mut self, value: u8) {
        self.push(value);
    }

    fn put_u16(&mut self, value: u16) {
        self.extend_from_slice(&value.to_le_bytes());
    }

    fn put_u32(&mut self, value: u32) {
        self.extend_from_slice(&value.to_le_bytes());
    }

    fn put_u64(&mut self, value: u64) {
        self.extend_from_slice(&value.to_le_bytes());
    }

    fn put_varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.push(value.to_le_bytes()[0] | 0x80);
            value >>= 7;
        }
        self.push(value.to_le_bytes()[0]);
    }

    fn put_near(&mut self, value: u64, base: u64) {
        let difference = value.wrapping_sub(base).cast_signed();
        self.put_varint(((difference << 1) ^ (difference >> 63)).cast_unsigned());
    }

    fn put_text(&mut self, text: &str) {
        self.put_varint(text.len() as u64);
        self.extend_from_slice(text.as_bytes());
    }
}

/// Reads from the beginning of a slice. Never panics, whatever the bytes.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    /// The next bytes.
    pub(crate) fn bytes(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (bytes, rest) = self.0.split_at_checked(count).ok_or(Malformed)?;
        self.0 = rest;
        Ok(bytes)
    }

    /// A fixed number of bytes.
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (bytes, rest) = self.0.split_first_chunk().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*bytes)
    }

    /// See [`Put::put_u8`].
    pub(crate) fn u8(&mut self) -> Result<u8, Malformed> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// See [`Put::put_u16`].
    pub(crate) fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_le_bytes)
    }

    /// See [`Put::put_u32`].
    pub(crate) fn u32(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_le_bytes)
    }

    /// See [`Put::put_u64`].
    pub(crate) fn u64(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_le_bytes)
    }

    /// See [`Put::put_varint`].
    pub(crate) fn varint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return Err(Malformed);
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Malformed)
    }

    /// See [`Put::put_near`].
    pub(crate) fn near(&mut self, base: u64) -> Result<u64, Malformed> {
        let folded = self.varint()?;
        let difference = (folded >> 1) ^ (folded & 1).wrapping_neg();
        Ok(base.wrapping_add(difference))
    }

    /// See [`Put::put_text`].
    pub(crate) fn text(&mut self) -> Result<&'a str, Malformed> {
        let length = usize::try_from(self.varint()?).map_err(|_| Malformed)?;
        std::str::from_utf8(self.bytes(length)?).map_err(|_| Malformed)
    }

    /// Nothing may be left.
    pub(crate) fn finish(self) -> Result<(), Malformed> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Malformed)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_read_as_written(value: u64, base: u64) {
            let mut bytes = Vec::new();
            bytes.put_varint(value);
            bytes.put_near(value, base);
            let mut reader = Reader(&bytes);
            prop_assert_eq!(reader.varint(), Ok(value));
            prop_assert_eq!(reader.near(base), Ok(value));
            prop_assert_eq!(reader.finish(), Ok(()));
        }
    }

    #[test]
    fn what_is_near_is_short() {
        let mut bytes = Vec::new();
        bytes.put_near(1_000_063, 1_000_000);
        bytes.put_near(999_936, 1_000_000);
        assert_eq!(bytes.len(), 2);
    }

    #[test]
    fn a_varint_of_more_than_64_bits_is_malformed() {
        assert_eq!(Reader(&[0xff; 11]).varint(), Err(Malformed));
        assert_eq!(
            Reader(&[255, 255, 255, 255, 255, 255, 255, 255, 255, 2]).varint(),
            Err(Malformed)
        );
        assert_eq!(
            Reader(&[255, 255, 255, 255, 255, 255, 255, 255, 255, 1]).varint(),
            Ok(u64::MAX)
        );
    }
}

//! Writing messages straight into the buffer that is sent: every protobuf message can, and so can
//! the borrowed writers of `packet`, which nest one message in another without a buffer in between.

use bytes::{BufMut, BytesMut};
use prost::Message;
use prost::encoding::{WireType, encode_key, encode_varint, encoded_len_varint, key_len};

/// Something that knows its encoded size before it is written.
pub trait Encode {
    /// Bytes that [`Encode::write_to`] appends.
    fn written_len(&self) -> usize;

    /// Appends the encoded bytes, nothing before or after them.
    fn write_to(&self, out: &mut BytesMut);
}

impl<M: Message> Encode for M {
    fn written_len(&self) -> usize {
        self.encoded_len()
    }

    fn write_to(&self, out: &mut BytesMut) {
        self.encode(out).expect("a BytesMut grows as needed");
    }
}

/// Size of a length-delimited field of `len` bytes.
pub(crate) fn delimited_len(tag: u32, len: usize) -> usize {
    key_len(tag) + encoded_len_varint(len as u64) + len
}

/// The key and the length of a field whose bytes the caller appends.
pub(crate) fn put_delimiter(tag: u32, len: usize, out: &mut BytesMut) {
    encode_key(tag, WireType::LengthDelimited, out);
    encode_varint(len as u64, out);
}

pub(crate) fn put_bytes(tag: u32, bytes: &[u8], out: &mut BytesMut) {
    put_delimiter(tag, bytes.len(), out);
    out.put_slice(bytes);
}

pub(crate) fn varint_len(tag: u32, value: u64) -> usize {
    key_len(tag) + encoded_len_varint(value)
}

pub(crate) fn put_varint(tag: u32, value: u64, out: &mut BytesMut) {
    encode_key(tag, WireType::Varint, out);
    encode_varint(value, out);
}

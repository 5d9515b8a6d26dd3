//! Bytes to packets and back.

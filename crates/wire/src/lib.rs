//! Bytes to packets and back: a pure codec, without I/O, without async, without a notion of who is
//! allowed what.
//!
//! A client's bytes pass through these modules in this order:
//!
//! - [`frame`] finds where a frame ends, checks it, and takes it apart; [`seal`] puts one together.
//! - [`cipher`] is RC4 under the two keys of the protocol: the body's and the payload's.
//! - [`header`] says which command a frame carries, and builds the headers of answers.
//! - [`conn`], [`bind`] and [`kick`] are the commands that begin and end a binding.
//! - [`secmsg`] opens and seals application packets, and [`packet`] has one file for each of them.
//!
//! Messages are generated from `proto/mimc.proto` by `cargo xtask proto` and re-exported here; the
//! modules add constructors to them. [`encode`] writes the ones that are sent often without an
//! allocation in between.
//!
//! Bytes from outside never panic here. What they claim to be long is checked before anything is
//! allocated for it.

pub mod bind;
pub mod cipher;
pub mod conn;
pub mod encode;
pub mod frame;
pub mod header;
pub mod kick;
mod numbered;
pub mod packet;
pub mod secmsg;

#[rustfmt::skip]
#[allow(missing_docs, clippy::all, clippy::pedantic)]
mod generated;

pub use cipher::BodyCipher;
pub use conn::ClientKind;
pub use encode::Encode;
pub use frame::{
    BARE_PING, BODY_BYTES_MAX, FrameError, Incoming, Version, frame_len, open, seal, seal_with,
    sealed_len,
};
pub use generated::*;
pub use header::DirFlag;
pub use kick::KickCause;
pub use numbered::UnknownNumber;
pub use packet::{OutgoingPacket, PacketType, salvage};
pub use secmsg::{open_secmsg, seal_secmsg};

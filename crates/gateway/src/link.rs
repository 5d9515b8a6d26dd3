//! Frames in, bytes out, over any stream; on a WebSocket each frame is one binary message.

use std::collections::VecDeque;
use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes, BytesMut};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use wire::{FrameError, Version};

use crate::websocket::{self, Unwrapped};

/// What a connection runs over.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for S {}

/// How frames are carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    Tcp = 0,
    WebSocket = 1,
}

/// Why no further frame will come.
#[derive(Debug, Error)]
pub(crate) enum LinkError {
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The WebSocket is over; its close frame has been queued.
    #[error("WebSocket closed with {0}")]
    WebSocket(u16),
}

/// What is read at a time. On the stack while reading, so that an idle connection holds none of it.
const SCRATCH_BYTES: usize = 16 * 1024;

pub(crate) struct Link<S> {
    stream: S,
    transport: Transport,
    frame_bytes_max: usize,
    /// Begun and not yet a whole frame. Without an allocation when empty.
    received: BytesMut,
    outgoing: BytesMut,
    /// Whether the stream may hold bytes that it was given, as TLS does until it is flushed.
    is_unflushed: bool,
    unwrapper: Option<Box<websocket::Unwrapper>>,
    version: Option<Version>,
    /// Where frames end in `outgoing`, when each must be written alone.
    ends: Option<VecDeque<usize>>,
    /// Has the stream end with a reset instead of an orderly close.
    reset: Option<fn(&S)>,
}

impl<S: Stream> Link<S> {
    pub(crate) fn new(
        stream: S,
        transport: Transport,
        received: Bytes,
        frame_bytes_max: usize,
    ) -> Self {
        let unwrapper = (transport == Transport::WebSocket).then(Box::default);
        Self {
            stream,
            transport,
            frame_bytes_max,
            received: received.into(),
            outgoing: BytesMut::new(),
            is_unflushed: false,
            unwrapper,
            version: None,
            ends: None,
            reset: None,
        }
    }

    /// With a way to reset the stream, for clients that do not notice an orderly close.
    pub(crate) fn with_reset(self, reset: fn(&S)) -> Self {
        Self {
            reset: Some(reset),
            ..self
        }
    }

    pub(crate) fn transport(&self) -> Transport {
        self.transport
    }

    /// The layout of the frames, once the first has come.
    pub(crate) fn version(&self) -> Option<Version> {
        self.version
    }

    /// Whether a frame has begun and not ended.
    pub(crate) fn is_mid_frame(&self) -> bool {
        !self.received.is_empty()
            || self
                .unwrapper
                .as_ref()
                .is_some_and(|one| one.is_mid_message())
    }

    pub(crate) fn outgoing_bytes(&self) -> usize {
        self.outgoing.len()
    }

    /// Whether something is still on its way to the network.
    pub(crate) fn is_sending(&self) -> bool {
        !self.outgoing.is_empty() || self.is_unflushed
    }

    /// From now on each frame is a write of its own, for a client that reads one at a time.
    pub(crate) fn write_frames_alone(&mut self) {
        self.ends = Some(VecDeque::new());
    }

    /// Ready with the number of bytes when some came; 0 at the end of the stream.
    pub(crate) fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut scratch = [MaybeUninit::uninit(); SCRATCH_BYTES];
        let mut scratch = ReadBuf::uninit(&mut scratch);
        ready!(Pin::new(&mut self.stream).poll_read(context, &mut scratch))?;
        self.received.extend_from_slice(scratch.filled());
        Poll::Ready(Ok(scratch.filled().len()))
    }

    /// Ready when something was written or flushed, or the stream has failed. Call while
    /// [`is_sending`](Self::is_sending).
    pub(crate) fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.outgoing.is_empty() {
            return self.poll_flush(context);
        }
        ready!(self.poll_write(context))?;
        if self.outgoing.is_empty()
            && let Poll::Ready(Err(error)) = self.poll_flush(context)
        {
            return Poll::Ready(Err(error));
        }
        Poll::Ready(Ok(()))
    }

    fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        self.is_unflushed = false;
        Poll::Ready(Ok(()))
    }

    fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let end = self.ends.as_ref().and_then(|ends| ends.front().copied());
        let bytes = &self.outgoing[..end.unwrap_or(self.outgoing.len())];
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, bytes))?;
        if written == 0 {
            return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
        }
        self.is_unflushed = true;
        self.outgoing.advance(written);
        if self.outgoing.is_empty() {
            self.outgoing = BytesMut::new();
        }
        if let Some(ends) = &mut self.ends {
            for end in ends.iter_mut() {
                *end -= written;
            }
            ends.pop_front_if(|end| *end == 0);
        }
        Poll::Ready(Ok(()))
    }

    pub(crate) fn poll_shutdown(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    /// Reads what still comes and throws it away; ready at the end of the stream.
    pub(crate) fn poll_drain(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            match ready!(self.poll_receive(context)) {
                Ok(0) | Err(_) => return Poll::Ready(()),
                Ok(_) => self.received.clear(),
            }
        }
    }

    /// The next whole frame of what was received.
    pub(crate) fn next_frame(&mut self) -> Result<Option<BytesMut>, LinkError> {
        let frame = match &mut self.unwrapper {
            None => self.next_tcp_frame(),
            Some(_) => self.next_message(),
        };
        if self.received.is_empty() {
            self.received = BytesMut::new();
        }
        frame
    }

    fn next_tcp_frame(&mut self) -> Result<Option<BytesMut>, LinkError> {
        let found = wire::frame_len(&self.received, self.version, self.frame_bytes_max)?;
        let Some((version, len)) = found else {
            return Ok(None);
        };
        if self.received.len() < len {
            return Ok(None);
        }
        self.version = Some(version);
        Ok(Some(self.received.split_to(len)))
    }

    fn next_message(&mut self) -> Result<Option<BytesMut>, LinkError> {
        let Some(unwrapper) = &mut self.unwrapper else {
            return Ok(None);
        };
        // Room for the frame's own prefix and checksum besides what the cap counts.
        let message_bytes_max = self.frame_bytes_max + wire::sealed_len(Version::V5, 0, 0);
        loop {
            match unwrapper.next(&mut self.received, message_bytes_max) {
                Ok(None) => return Ok(None),
                Ok(Some(Unwrapped::Message(message))) => {
                    self.version = Some(Version::V5);
                    let len = wire::frame_len(&message, self.version, self.frame_bytes_max)?;
                    if len.is_none_or(|(_, len)| len != message.len()) {
                        return Err(FrameError::NotOneFrame.into());
                    }
                    return Ok(Some(message));
                }
                Ok(Some(Unwrapped::Ping(data))) => websocket::put_pong(&data, &mut self.outgoing),
                Err(code) => {
                    websocket::put_close(code, &mut self.outgoing);
                    return Err(LinkError::WebSocket(code));
                }
            }
        }
    }

    /// Queues one frame, which `seal` appends.
    pub(crate) fn push(&mut self, seal: impl FnOnce(&mut BytesMut)) {
        let start = self.outgoing.len();
        seal(&mut self.outgoing);
        if self.transport == Transport::WebSocket {
            websocket::wrap(&mut self.outgoing, start);
        }
        if let Some(ends) = &mut self.ends {
            ends.push_back(self.outgoing.len());
        }
    }

    /// Queues the polite end of a WebSocket.
    pub(crate) fn push_close(&mut self) {
        if self.transport == Transport::WebSocket {
            websocket::put_normal_close(&mut self.outgoing);
        }
    }

    /// From now on the end of the stream is a reset.
    pub(crate) fn reset_when_dropped(&self) {
        if let Some(reset) = self.reset {
            reset(&self.stream);
        }
    }
}

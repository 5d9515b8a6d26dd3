//! Client sockets.

//! Sessions and routing.

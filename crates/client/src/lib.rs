//! A client of OpenMIMC.

pub mod admin;
pub mod backoff;
pub mod checker;
pub mod message;
pub mod rest;
pub mod secret;
pub mod token;

pub use message::Device;

//! The routes of apps, one story per file.

pub(crate) mod dev;
pub(crate) mod gslb;
pub(crate) mod health;
pub(crate) mod home;
pub(crate) mod push;
pub(crate) mod token;
pub(crate) mod uctopic;

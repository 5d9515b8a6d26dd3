//! What the product does, told without sockets: one file per story.

mod blacklist;
mod contacts;
mod delivery;
mod history;
mod login;
mod sending;
mod temporary;
mod topics;
mod world;

//! What the product does, told without sockets: one file per story.

mod delivery;
mod login;
mod sending;
mod world;

//! A client of `OpenMIMC`: chat over one TCP connection that comes back by itself, the REST API of an
//! app's backend, and the admin API.
//!
//! ```no_run
//! use mimc_client::rest::{AppCredentials, Rest};
//! use mimc_client::token::AppTokens;
//! use mimc_client::{Client, Event, SendOptions};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let rest = Rest::new("http://127.0.0.1:8080")?;
//! let app = AppCredentials {
//!     app_id: "2882303761517669588".into(),
//!     app_key: "5111766983588".into(),
//!     app_secret: "b0L3IOz/9Ob809v8H2FbVg==".into(),
//! };
//! let tokens = AppTokens { rest: rest.clone(), app, account: "ann".into() };
//! let (client, mut events) = Client::builder(rest, tokens).resource("desk").start();
//!
//! // On its way at once, sent again after every reconnect, and safe on disk with the receipt.
//! let receipt = client.send("ben", "hello", SendOptions::default()).await?;
//! println!("stored as {}", receipt.sequence);
//!
//! while let Some(event) = events.next().await {
//!     match event {
//!         Event::Message(message) => println!("{}: {:?}", message.from, message.payload),
//!         Event::Disconnected { why, retry_in } => println!("{why}, again in {retry_in:?}"),
//!         Event::Kicked { reason } => println!("out: {reason}"),
//!         _ => {}
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What the client promises: messages arrive at the server in the order of [`Client::send`], each
//! once, however often the connection breaks; the app is shown each message of its device once, in
//! ascending order; and a message is acknowledged to the server only when the app asks for the next
//! one, so that an app which dies with a message in its hands is given it again.
//!
//! The tour, from what an app holds to the bytes:
//!
//! - [`Client`] sends and [`Events`] receives; an [`Endpoint`] says where, a [`token`] source as whom,
//!   and [`Trust`] who is believed to be the server
//! - [`message`] and [`event`] are what travels and what happens
//! - a task behind them logs in, keeps an outbox, an inbox and a duplicate filter, waits out its
//!   [`backoff`]
//! - [`session`] is one bound socket with explicit steps, [`connection`] the frames below it, over TCP
//!   or as a WebSocket, [`arrival`] what comes: for tests and load
//! - [`rest`] and [`admin`] speak HTTP
//! - [`checker`] judges what a test has seen by what the server promises

mod acknowledgement;
pub mod admin;
pub mod arrival;
pub mod backoff;
pub mod checker;
mod client;
pub mod connection;
mod driver;
pub mod event;
mod filter;
pub mod gateway;
mod ids;
mod inbox;
pub mod message;
mod outbox;
mod patience;
pub mod rest;
mod secret;
mod sending;
pub mod session;
mod stream;
pub mod token;
mod trust;
mod websocket;

pub use client::{Client, ClientBuilder, DEFAULT_RESOURCE, Endpoint, Events, PING_EVERY};
pub use event::{Disconnection, Event, KickReason};
pub use gateway::Gateway;
pub use ids::new_packet_id;
pub use message::{
    Device, Message, OnlineAck, OnlineMessage, Receipt, SendOptions, SendRefused, Target,
};
pub use outbox::{IN_FLIGHT_MAX, OUTBOX_FLEETING_MAX, OUTBOX_MESSAGES_MAX};
pub use secret::Secret;
pub use sending::{SendError, Sending};
pub use stream::Stream;
pub use trust::{BadAuthorities, Trust};

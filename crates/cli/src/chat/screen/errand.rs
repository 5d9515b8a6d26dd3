//! What is wanted of the server, and what came of it.

use std::time::Duration;

use client::rest::{Caller, Contact, HistoryRange, PastMessage, RestError, Roster, Topic};
use client::{Client, Receipt, SendOptions, Target, new_packet_id};
use tokio::task::JoinSet;

use crate::format::{self, Content};
use crate::now;

/// Messages of a page of history.
pub(crate) const PAGE: u32 = 50;
/// A ping that has waited longer in a queue says nothing about now.
const PING_FRESH_MS: i64 = 10_000;
/// How long another device may take to say that it is there.
const PONG_WAIT: Duration = Duration::from_secs(3);
/// How long the last messages may take to reach the server.
const RECEIPTS_WAIT: Duration = Duration::from_secs(3);

/// Something to be done, which takes its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Errand {
    Send {
        to: Target,
        content: Content,
        id: String,
    },
    /// Tell the other how far its messages were read.
    Receipt {
        to: String,
        of: String,
    },
    /// Answer a ping, if it is not too old.
    Pong {
        to: String,
        asked_ms: i64,
    },
    /// Answer a ping of a kind that is never old.
    PongOnline {
        to: String,
    },
    Ping {
        to: String,
    },
    /// Do not wait for the next attempt to connect.
    Reconnect,
    /// All there are: recent ones, and topics in which nobody has written yet.
    Conversations,
    History {
        with: Target,
        before_ms: Option<i64>,
    },
    /// `is_asked`: somebody wants to see them.
    Members {
        topic: u64,
        is_asked: bool,
    },
    Create {
        name: String,
        members: Vec<String>,
    },
    Invite {
        topic: u64,
        members: Vec<String>,
    },
    Leave {
        topic: u64,
    },
    Dismiss {
        topic: u64,
    },
}

impl Errand {
    /// Whether somebody waits for what comes of it.
    fn is_wish(&self) -> bool {
        let is_own = matches!(
            self,
            Self::Conversations
                | Self::Members {
                    is_asked: false,
                    ..
                }
        );
        !is_own
    }
}

/// What came of it. Errors are words for people.
#[derive(Debug)]
pub(crate) enum Outcome {
    Sent {
        to: Target,
        id: String,
        told: Result<Receipt, String>,
    },
    Conversations {
        recent: Vec<Contact>,
        topics: Vec<Topic>,
    },
    History {
        with: Target,
        page: Result<Vec<PastMessage>, String>,
    },
    Members {
        roster: Roster,
        is_asked: bool,
    },
    Created(Roster),
    Invited(Roster),
    /// No longer a member.
    Gone(u64),
    /// There was time for an answer to the ping.
    PongDue(String),
    /// Nothing to show.
    Done,
    Failed(String),
}

/// Runs errands beside each other. Messages set out in the order in which they were begun.
pub(crate) struct Errands {
    client: Client,
    caller: Caller,
    running: JoinSet<Outcome>,
}

impl Errands {
    pub(crate) fn new(client: Client, caller: Caller) -> Self {
        Self {
            client,
            caller,
            running: JoinSet::new(),
        }
    }

    pub(crate) fn begin(&mut self, errand: Errand) {
        match errand {
            Errand::Send { to, content, id } => self.send(to, &content, id),
            Errand::Receipt { to, of } => self.whisper(to, &Content::Read { of }),
            Errand::Pong { to, asked_ms } => {
                if now::ms() - asked_ms < PING_FRESH_MS {
                    self.whisper(to, &Content::Pong);
                }
            }
            Errand::PongOnline { to } => {
                let pong = self.written(&Content::Pong, &new_packet_id()).payload;
                self.client.send_online(to, None, pong);
            }
            Errand::Ping { to } => {
                self.whisper(to.clone(), &Content::Ping);
                self.running.spawn(async move {
                    tokio::time::sleep(PONG_WAIT).await;
                    Outcome::PongDue(to)
                });
            }
            Errand::Reconnect => self.client.reconnect_now(),
            asked => {
                let caller = self.caller.clone();
                self.running.spawn(ask(caller, asked));
            }
        }
    }

    /// The next outcome; waits for ever when there are no errands. May be dropped and called again.
    pub(crate) async fn next(&mut self) -> Outcome {
        match self.running.join_next().await {
            Some(Ok(outcome)) => outcome,
            Some(Err(error)) => Outcome::Failed(error.to_string()),
            None => std::future::pending().await,
        }
    }

    /// Waits for the receipts of what was sent last; returns how many messages have none.
    pub(crate) async fn finish(mut self) -> usize {
        let all_sent = async {
            while self.client.unacknowledged() > 0 && self.running.join_next().await.is_some() {}
        };
        // Who has waited long enough is told what is left.
        let _ = tokio::time::timeout(RECEIPTS_WAIT, all_sent).await;
        self.client.unacknowledged()
    }

    fn send(&mut self, to: Target, content: &Content, id: String) {
        let written = self.written(content, &id);
        let options = SendOptions {
            is_store: content.is_stored(),
            biz_type: Some(written.kind.to_owned()),
            packet_id: None,
        };
        let sending = self.client.send(to.clone(), written.payload, options);
        self.running.spawn(async move {
            let told = sending.await.map_err(|error| error.to_string());
            Outcome::Sent { to, id, told }
        });
    }

    /// Sends what leaves no trace, and matters little when it is lost.
    fn whisper(&self, to: String, content: &Content) {
        let written = self.written(content, &new_packet_id());
        let options = SendOptions {
            is_store: false,
            biz_type: Some(written.kind.to_owned()),
            packet_id: None,
        };
        drop(self.client.send(to, written.payload, options));
    }

    fn written(&self, content: &Content, id: &str) -> format::Written {
        format::write(content, self.caller.account(), id, now::ms())
    }
}

async fn ask(caller: Caller, errand: Errand) -> Outcome {
    if let Errand::History { with, before_ms } = errand {
        let range = match before_ms {
            Some(before_ms) => HistoryRange::Newest {
                before_ms,
                count: PAGE,
            },
            None => HistoryRange::newest(PAGE),
        };
        let page = caller.history(&with, range).await;
        let page = page.map_err(|error| error.to_string());
        return Outcome::History { with, page };
    }
    let is_wish = errand.is_wish();
    match outcome(&caller, errand).await {
        Ok(outcome) => outcome,
        Err(error) if is_wish => Outcome::Failed(error.to_string()),
        // It is done again with the next connection.
        Err(_) => Outcome::Done,
    }
}

async fn outcome(caller: &Caller, errand: Errand) -> Result<Outcome, RestError> {
    Ok(match errand {
        Errand::Conversations => Outcome::Conversations {
            recent: caller.contacts().await?,
            topics: caller.topics().await?,
        },
        Errand::Members { topic, is_asked } => Outcome::Members {
            roster: caller.topic(topic).await?,
            is_asked,
        },
        Errand::Create { name, members } => {
            Outcome::Created(caller.create_topic(&name, &borrowed(&members)).await?)
        }
        Errand::Invite { topic, members } => {
            Outcome::Invited(caller.invite(topic, &borrowed(&members)).await?)
        }
        Errand::Leave { topic } => {
            caller.quit_topic(topic).await?;
            Outcome::Gone(topic)
        }
        Errand::Dismiss { topic } => {
            caller.dismiss_topic(topic).await?;
            Outcome::Gone(topic)
        }
        _ => Outcome::Done,
    })
}

fn borrowed(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

//! A device: what an app does with a client that keeps its promises.
//!
//! It keeps an outbox and sends again, under the same packetId, until it is answered; it takes lists,
//! filters what came before, shows the rest to its app, and acknowledges; it comes back.

mod link;
mod outbox;
mod session;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use wire::XmMsgConn;

use crate::dice::Dice;
use crate::ledger::Phone;
use crate::trace::note;
use crate::world::World;
use link::Link;
pub(crate) use outbox::{Letter, Outbox};
use session::Session;

/// What kind of client it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Ours: four lists, large ones.
    Own,
    /// Go: four lists, small ones.
    Go,
    /// Any other: one list, and it may refuse it.
    Other,
}

/// What a device is like.
#[derive(Clone, Debug)]
pub(crate) struct Traits {
    pub(crate) phone: Phone,
    pub(crate) person: usize,
    pub(crate) resource: String,
    pub(crate) kind: Kind,
    /// One list in so many is refused; 0: none.
    pub(crate) refuses_one_in: u64,
    /// How long its app takes over a list, at most, in milliseconds.
    pub(crate) slow_ms: u64,
    /// When it is there for the first time.
    pub(crate) begins_after: Duration,
    /// How often it goes offline: about once in so many seconds.
    pub(crate) offline_every_s: u64,
}

impl Traits {
    pub(crate) fn roll(phone: Phone, person: usize, resource: String, dice: &mut Dice) -> Self {
        let kind = *dice.pick(&[Kind::Own, Kind::Go, Kind::Other, Kind::Other]);
        let refuses_one_in = match kind {
            Kind::Other => *dice.pick(&[0, 3, 10]),
            Kind::Own | Kind::Go => 0,
        };
        let is_late = dice.one_in(6);
        Self {
            phone,
            person,
            resource,
            kind,
            refuses_one_in,
            slow_ms: *dice.pick(&[0, 0, 50, 3_000]),
            begins_after: if is_late {
                dice.ms(5_000, 60_000)
            } else {
                Duration::ZERO
            },
            offline_every_s: *dice.pick(&[8, 40, 100_000]),
        }
    }

    fn conn(&self) -> XmMsgConn {
        let mut conn = XmMsgConn::own(&self.resource);
        if self.kind != Kind::Own {
            conn.sdk = None;
            let os = if self.kind == Kind::Go {
                "macOs"
            } else {
                "sim"
            };
            conn.os = Some(os.to_owned());
        }
        conn
    }
}

/// Lives as long as the run.
pub(crate) async fn live(world: Arc<World>, traits: Traits, outbox: Arc<Outbox>) {
    let mut dice = world.dice(&format!("device {}", traits.phone));
    sleep(traits.begins_after).await;
    loop {
        match connected(&world, &traits).await {
            Ok((link, life)) => {
                let session = Session::new(&world, &traits, &outbox, link, life);
                let why = session.run(&mut dice).await;
                note!(world.trace, "d{} lost its session: {why}", traits.phone);
            }
            Err(why) => note!(world.trace, "d{} has no session: {why}", traits.phone),
        }
        if world.is_over() {
            return;
        }
        let pause = if world.is_calm() {
            dice.ms(50, 500)
        } else if dice.one_in(8) {
            dice.ms(5_000, 40_000)
        } else {
            dice.ms(10, 2_000)
        };
        sleep(pause).await;
    }
}

/// A bound connection, and the process at its other end.
async fn connected(world: &World, traits: &Traits) -> Result<(Link, u64), String> {
    sleep(world.network.connect_time()).await;
    let server = world.server().ok_or("nobody listens")?;
    let (ours, theirs) = world.network.connect().ok_or("no way through")?;
    let life = server.life.number;
    let place = server.gateway.admit(None).map_err(|_| "crowded")?;
    if !server.gateway.serve_stream(theirs, place) {
        return Err("the gateway is stopping".to_owned());
    }
    let account = world.account(traits.person);
    let token = server.chat.tokens.issue(&world.app, &account);
    let package = &world.app.package;
    let conn = traits.conn();
    let link = Link::bind(ours, &conn, account, package, &token, &traits.resource).await?;
    let last = server.last();
    note!(world.trace, "d{} is bound to process {life}", traits.phone);
    world.ledger.with(|state| {
        state.phones[traits.phone].owed_after.get_or_insert(last);
    });
    Ok((link, life))
}

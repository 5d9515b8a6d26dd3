//! The task behind a client: logs in, serves the connection until it ends, and comes back.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::acknowledgement::Acknowledgement;
use crate::arrival::{Arrival, List};
use crate::client::{ClientBuilder, Shared};
use crate::connection::{Connection, ConnectionError};
use crate::event::{Disconnection, Event, KickReason};
use crate::patience::Patience;
use crate::rest::Envelope;
use crate::session::{LoginError, Session};
use crate::token::TokenError;

/// How long a logout may take, and the last writes of a client that was dropped.
const FAREWELL_WAIT: Duration = Duration::from_secs(2);
/// A session that lasted this long was a good one: the next wait is the first again.
const GOOD_SESSION: Duration = Duration::from_secs(5);

pub(crate) struct Driver {
    settings: ClientBuilder,
    shared: Arc<Shared>,
    all_dropped: mpsc::Receiver<()>,
    envelope: Option<Envelope>,
    is_refused: bool,
}

/// How an attempt ended.
enum End {
    /// To be tried again.
    Lost(Disconnection),
    /// For good.
    Last(Box<Event>),
    /// Nobody is there who would want to know.
    Abandoned,
}

impl From<ConnectionError> for End {
    fn from(error: ConnectionError) -> Self {
        Self::Lost(match error {
            ConnectionError::Unreachable { .. } => Disconnection::Unreachable(error.to_string()),
            ConnectionError::Silent { .. } => Disconnection::Silent,
            ConnectionError::BadServer(why) => Disconnection::BadServer(why),
            other => Disconnection::Closed(other.to_string()),
        })
    }
}

impl From<TokenError> for End {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Refused(why) => Self::Last(Box::new(Event::Refused { why })),
            TokenError::Unavailable(_) => Self::Lost(Disconnection::NoToken(error.to_string())),
        }
    }
}

impl Driver {
    pub(crate) fn new(
        settings: ClientBuilder,
        shared: Arc<Shared>,
        all_dropped: mpsc::Receiver<()>,
    ) -> Self {
        Self {
            settings,
            shared,
            all_dropped,
            envelope: None,
            is_refused: false,
        }
    }

    pub(crate) async fn run(mut self) {
        let last = loop {
            match self.attempt().await {
                End::Last(event) => break Some(*event),
                End::Abandoned => break None,
                End::Lost(why) => {
                    if let Some(end) = self.wait(why).await {
                        break end;
                    }
                }
            }
        };
        self.shared.outbox.close();
        if let Some(event) = last {
            self.tell(event);
        }
        self.shared.ended.send_replace(true);
    }

    /// From the token to the end of the session.
    async fn attempt(&mut self) -> End {
        let login = tokio::select! {
            login = log_in(&self.settings, &mut self.envelope, &mut self.is_refused) => login,
            end = farewell(&self.shared, &mut self.all_dropped) => Err(end),
        };
        match login {
            Ok(session) => self.serve(session).await,
            Err(end) => end,
        }
    }

    /// Waits before the next attempt; `Some` when there shall be none.
    async fn wait(&mut self, why: Disconnection) -> Option<Option<Event>> {
        let retry_in = self.settings.backoff.next_wait();
        let shared = Arc::clone(&self.shared);
        // From before the event is told, so that who asks because of it is heard.
        let hurried = shared.hurry.notified();
        tracing::debug!(%why, ?retry_in, "disconnected");
        self.tell(Event::Disconnected { why, retry_in });
        tokio::select! {
            () = tokio::time::sleep(retry_in) => None,
            () = hurried => None,
            end = farewell(&self.shared, &mut self.all_dropped) => match end {
                End::Last(event) => Some(Some(*event)),
                End::Abandoned | End::Lost(_) => Some(None),
            },
        }
    }

    async fn serve(&mut self, mut session: Session) -> End {
        let uuid = session.uuid();
        self.shared.outbox.rewind();
        self.tell(Event::Connected { uuid });
        let began = Instant::now();
        let end = match self.converse(&mut session).await {
            Ok(end) | Err(end) => end,
        };
        if began.elapsed() >= GOOD_SESSION {
            self.settings.backoff.reset();
        }
        end
    }

    async fn converse(&mut self, session: &mut Session) -> Result<End, End> {
        let shared = Arc::clone(&self.shared);
        let mut lists = Acknowledgement::default();
        let mut clock = Patience::new(self.settings.ping_every);
        loop {
            shared.outbox.write_to(session);
            if let Some(sequence) = lists.due(&shared.inbox) {
                session.queue_sequence_ack(sequence);
            }
            if shared.outbox.wants_logout() {
                queue_rest(session, &mut lists, &shared);
                return Ok(log_out(session).await);
            }
            let deadline = clock
                .check(session, shared.outbox.waiting_since())
                .map_err(|_silent| End::Lost(Disconnection::Silent))?;
            tokio::select! {
                biased;
                arrival = session.next() => {
                    clock.heard();
                    self.take(arrival?, &mut lists)?;
                }
                () = shared.outbox.changed() => {}
                () = shared.inbox.taken() => {}
                () = tokio::time::sleep_until(deadline) => {}
                _ = self.all_dropped.recv() => {
                    queue_rest(session, &mut lists, &shared);
                    // A socket that takes no more is no reason to stay.
                    let _ = tokio::time::timeout(FAREWELL_WAIT, session.flush()).await;
                    return Ok(End::Abandoned);
                }
            }
        }
    }

    fn take(&mut self, arrival: Arrival, lists: &mut Acknowledgement) -> Result<(), End> {
        match arrival {
            Arrival::Ack(ack) => self.shared.outbox.answered(ack),
            Arrival::List(list) => self.take_list(list, lists)?,
            Arrival::OnlineMessage(message) => self.tell(Event::OnlineMessage(message)),
            Arrival::OnlineAck(ack) => self.tell(Event::OnlineAck(ack)),
            Arrival::Kick(reason) => return Err(self.kicked(reason)),
            Arrival::Pong | Arrival::Other => {}
        }
        Ok(())
    }

    fn take_list(&mut self, list: List, lists: &mut Acknowledgement) -> Result<(), End> {
        lists.came(list.max_sequence);
        for message in list.messages {
            self.shared
                .inbox
                .put(Event::Message(message))
                .map_err(|_overfull| {
                    let why = "it sends on without waiting for acknowledgements".to_owned();
                    End::Lost(Disconnection::BadServer(why))
                })?;
        }
        Ok(())
    }

    fn kicked(&mut self, reason: KickReason) -> End {
        if reason.is_final() {
            return End::Last(Box::new(Event::Kicked { reason }));
        }
        if reason == KickReason::Revoked {
            self.is_refused = true;
        }
        End::Lost(Disconnection::Kicked(reason))
    }

    /// Lays down what is no message, for which there is always room.
    fn tell(&self, event: Event) {
        let _ = self.shared.inbox.put(event);
    }
}

async fn log_in(
    settings: &ClientBuilder,
    envelope: &mut Option<Envelope>,
    is_refused: &mut bool,
) -> Result<Session, End> {
    if envelope.is_none() || *is_refused {
        let is_again = envelope.is_some();
        *envelope = Some(settings.tokens.token(is_again).await?);
        *is_refused = false;
    }
    let Some(envelope) = envelope else {
        return Err(End::Abandoned);
    };
    let gateway = settings
        .endpoint
        .gateway()
        .await
        .map_err(|error| End::Lost(Disconnection::Unreachable(error.to_string())))?;
    let connection = Connection::open(gateway).await?;
    let login = Session::login(connection, envelope, &settings.resource, settings.login).await;
    login.map_err(|error| match error {
        LoginError::Connection(error) => error.into(),
        error if error.wants_new_token() => {
            *is_refused = true;
            End::Lost(Disconnection::TokenRefused(error.to_string()))
        }
        error => End::Last(Box::new(Event::Refused {
            why: error.to_string(),
        })),
    })
}

/// Resolves when the app is gone or wants to log out while there is no session.
async fn farewell(shared: &Shared, all_dropped: &mut mpsc::Receiver<()>) -> End {
    loop {
        if shared.outbox.wants_logout() {
            return End::Last(Box::new(Event::LoggedOut));
        }
        tokio::select! {
            () = shared.outbox.changed() => {}
            _ = all_dropped.recv() => return End::Abandoned,
        }
    }
}

/// Acknowledges what the app took last.
fn queue_rest(session: &mut Session, lists: &mut Acknowledgement, shared: &Shared) {
    if let Some(sequence) = lists.rest(&shared.inbox) {
        session.queue_sequence_ack(sequence);
    }
}

/// UBND, and everything up to the server's farewell. A server that says none has let go as well.
async fn log_out(session: &mut Session) -> End {
    session.queue_logout();
    let goodbye = async {
        while let Ok(arrival) = session.next().await {
            if matches!(arrival, Arrival::Kick(_)) {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(FAREWELL_WAIT, goodbye).await;
    End::Last(Box::new(Event::LoggedOut))
}

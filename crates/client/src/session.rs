//! One logged-in socket, step by step: nothing is sent, acknowledged or tried again by itself. For
//! tests and load; an app wants [`Client`](crate::Client).
//!
//! Frames are built in one buffer and read from one buffer, both reused; what a frame costs is
//! what its packet holds.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use prost::Message as _;
use wire::bind::BindText;
use wire::header::{BIND, CIPHER_NONE, CIPHER_RC4, KICK, PING, SECMSG, UBND};
use wire::{
    ClientHeader, Encode, Incoming, MimcGroup, MimcUser, OnlineMessageAck, OutgoingPacket,
    P2pMessage, P2tMessage, PacketType, Pull, SequenceAck, XmMsgBind, XmMsgBindResp,
};

use crate::arrival::{self, Arrival};
use crate::connection::{Connection, ConnectionError, bad_server};
use crate::message::{OnlineMessage, SendOptions, Target};
use crate::rest::Envelope;
use crate::stream::Stream;

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The server does not take the token. With `reason` `token-expired` or `invalid-token` a new
    /// one may help; with any other it will not.
    #[error("login refused: {error_type} {reason} {desc}")]
    Refused {
        /// `auto`, `token-expired`, `cancel` …
        error_type: String,
        /// `invalid-token`, `token-expired`, `forbidden` …
        reason: String,
        /// More words.
        desc: String,
    },
    /// The security key of the envelope is not base64.
    #[error("the envelope's security key is not base64")]
    BadKey,
    /// The connection is of no more use.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
}

impl LoginError {
    /// Whether a new token may help.
    pub fn wants_new_token(&self) -> bool {
        matches!(self, Self::Refused { reason, .. }
            if matches!(reason.as_str(), "token-expired" | "invalid-token"))
    }
}

/// How to log in.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoginOptions {
    /// Ends all other sessions of the account.
    pub is_single: bool,
}

/// A bound connection.
#[derive(Debug)]
pub struct Session {
    connection: Connection,
    security_key: Vec<u8>,
    app_id: u64,
    package: String,
    uuid: u64,
    resource: String,
    /// Of every SECMSG; only its id changes.
    header: ClientHeader,
}

impl Session {
    /// Logs in as the device `resource` of the envelope's account.
    pub async fn login(
        mut connection: Connection,
        envelope: &Envelope,
        resource: &str,
        options: LoginOptions,
    ) -> Result<Self, LoginError> {
        let security_key = STANDARD
            .decode(envelope.security_key.expose())
            .map_err(|_| LoginError::BadKey)?;
        queue_bind(&mut connection, envelope, resource, options);
        let (_, payload) = connection.answer(BIND).await?;
        let answer = XmMsgBindResp::decode(payload).map_err(bad_server)?;
        if !answer.result() {
            return Err(LoginError::Refused {
                error_type: answer.error_type.unwrap_or_default(),
                reason: answer.error_reason.unwrap_or_default(),
                desc: answer.error_desc.unwrap_or_default(),
            });
        }
        let uuid = envelope.uuid.cast_signed();
        Ok(Self {
            connection,
            security_key,
            app_id: envelope.app_id,
            package: envelope.package.clone(),
            uuid: envelope.uuid,
            resource: resource.to_owned(),
            header: ClientHeader::from_client(SECMSG, uuid, resource, "", CIPHER_RC4),
        })
    }

    /// The account's uuid.
    pub fn uuid(&self) -> u64 {
        self.uuid
    }

    /// Which device this is.
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The connection underneath, for bytes of one's own.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// The stream underneath, for tests of what a server does with clients that behave badly.
    pub fn into_stream(self) -> Stream {
        self.connection.into_stream()
    }

    // What can be sent; all of it is queued, and written by `next` and `flush`

    /// A message; an [`Arrival::Ack`] tells what became of it. `options.packet_id` is not looked
    /// at.
    pub fn queue_message(
        &mut self,
        packet_id: &str,
        to: &Target,
        payload: &Bytes,
        options: &SendOptions,
    ) {
        match to {
            Target::Account(account) => {
                let message = self.to_account(account, payload, options);
                self.queue_packet(PacketType::P2pMessage, packet_id, &message);
            }
            Target::Topic(topic_id) => {
                let message = self.to_topic(*topic_id, payload, options);
                self.queue_packet(PacketType::P2tMessage, packet_id, &message);
            }
        }
    }

    /// A message for devices that are online now, or for one of them; never acknowledged by the
    /// server.
    pub fn queue_online_message(
        &mut self,
        packet_id: &str,
        to: &str,
        to_resource: Option<&str>,
        payload: &Bytes,
    ) {
        let mut message = self.to_account(to, payload, &SendOptions::default());
        if let Some(to) = &mut message.to {
            to.resource = to_resource.map(str::to_owned);
        }
        self.queue_packet(PacketType::OnlineMessage, packet_id, &message);
    }

    /// Tells the sender's device that its online message has arrived.
    pub fn queue_online_ack(&mut self, message: &OnlineMessage) {
        let sender = &message.from.resource;
        let ack = OnlineMessageAck::arrived(&message.packet_id, message.from_uuid, sender);
        let id = self.connection.next_id().to_owned();
        self.queue_packet(PacketType::OnlineMessageAck, &id, &ack);
    }

    /// Acknowledges all messages up to `sequence`.
    pub fn queue_sequence_ack(&mut self, sequence: i64) {
        let ack = SequenceAck::new(self.uuid, &self.resource, sequence, self.app_id);
        self.queue_packet(PacketType::SequenceAck, "", &ack);
    }

    /// Asks for everything that is not acknowledged.
    pub fn queue_pull(&mut self) {
        let pull = Pull::new(self.uuid, &self.resource, self.app_id);
        self.queue_packet(PacketType::Pull, "", &pull);
    }

    /// A ping, answered with [`Arrival::Pong`].
    pub fn queue_ping(&mut self) {
        self.connection.queue_ping();
    }

    /// A logout, answered with a KICK and the end.
    pub fn queue_logout(&mut self) {
        let header = ClientHeader {
            cmd: Some(UBND.to_owned()),
            id: Some(self.connection.next_id().to_owned()),
            cipher: Some(CIPHER_NONE),
            ..self.header.clone()
        };
        self.connection.queue(&header, &[]);
    }

    /// Any application packet. An empty `packet_id` stays empty.
    pub fn queue_packet(&mut self, kind: PacketType, packet_id: &str, payload: &impl Encode) {
        let id = self.header.id.get_or_insert_default();
        id.clear();
        id.push_str(self.connection.next_id());
        let packet = OutgoingPacket {
            packet_id,
            package: &self.package,
            sequence: None,
            kind,
            payload,
            timestamp: None,
        };
        self.connection
            .queue_secmsg(&self.header, &packet, &self.security_key);
    }

    /// Bytes queued and not yet given to the socket.
    pub fn queued_bytes(&self) -> usize {
        self.connection.queued_bytes()
    }

    /// Gives everything queued to the socket, without reading.
    pub async fn flush(&mut self) -> Result<(), ConnectionError> {
        self.connection.flush().await
    }

    /// What comes next; writes what is queued meanwhile. May be dropped and called again. After a
    /// KICK the server closes.
    pub async fn next(&mut self) -> Result<Arrival, ConnectionError> {
        match self.connection.next().await? {
            Incoming::Bare => Ok(Arrival::Pong),
            Incoming::Packet { header, payload } => self.arrival(&header, payload),
        }
    }

    fn arrival(
        &self,
        header: &ClientHeader,
        payload: BytesMut,
    ) -> Result<Arrival, ConnectionError> {
        match header.cmd() {
            SECMSG => {
                let bytes = wire::open_secmsg(header, &self.security_key, payload);
                arrival::packet(bytes, self.uuid, &self.resource)
            }
            KICK => arrival::kick(&payload),
            PING => Ok(Arrival::Pong),
            _ => Ok(Arrival::Other),
        }
    }

    /// `from` stays out: the server fills it from the session, whatever a client says.
    fn to_account(&self, account: &str, payload: &Bytes, options: &SendOptions) -> P2pMessage {
        P2pMessage {
            from: None,
            to: Some(MimcUser::account(self.app_id, account)),
            payload: Some(payload.clone()),
            is_store: Some(options.is_store),
            biz_type: options.biz_type.clone(),
        }
    }

    fn to_topic(&self, topic_id: u64, payload: &Bytes, options: &SendOptions) -> P2tMessage {
        P2tMessage {
            from: None,
            to: Some(MimcGroup::new(self.app_id, topic_id)),
            payload: Some(payload.clone()),
            is_store: Some(options.is_store),
            biz_type: options.biz_type.clone(),
        }
    }
}

fn queue_bind(
    connection: &mut Connection,
    envelope: &Envelope,
    resource: &str,
    options: LoginOptions,
) {
    let uuid = envelope.uuid.cast_signed();
    let id = connection.next_id().to_owned();
    let header = ClientHeader::from_client(BIND, uuid, resource, &id, CIPHER_NONE);
    let signature = wire::bind::signature(&BindText {
        challenge: connection.challenge(),
        method: wire::bind::METHOD,
        client_attrs: "",
        cloud_attrs: "",
        uuid,
        resource,
        header_id: &id,
        token: envelope.token.expose(),
        security_key: envelope.security_key.expose(),
    });
    let bind = XmMsgBind {
        sso: options.is_single.then_some(true),
        ..XmMsgBind::new(envelope.token.expose(), &signature)
    };
    connection.queue(&header, &bind.encode_to_vec());
}

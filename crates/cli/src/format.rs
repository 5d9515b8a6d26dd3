//! The recommended message formats (docs/guide/en/message-formats.md): what goes into a payload, and
//! how a payload of anybody is read. An unknown type is text, and nothing fails.

use std::fmt;

use serde_json::{Value, json};

/// What a payload says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Text(String),
    Attachment {
        kind: Attachment,
        url: String,
        /// Empty when there is none.
        name: String,
    },
    /// The sender takes back the message of this id.
    Recall {
        of: String,
    },
    /// The sender has seen everything up to the message of this id.
    Read {
        of: String,
    },
    /// Is somebody there?
    Ping,
    Pong,
    FriendRequest,
    FriendAnswer {
        is_accepted: bool,
    },
}

/// What a URL leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attachment {
    Picture,
    Audio,
    File,
}

/// A payload as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The app's own id of the message, unique for its sender; empty when there is none.
    pub(crate) id: String,
    pub(crate) content: Content,
}

/// A payload to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// The `msgType`, which is what to give as bizType.
    pub(crate) kind: &'static str,
    pub(crate) payload: String,
}

impl Content {
    /// Pings, pongs and receipts matter now or never: isStore=false.
    pub(crate) fn is_stored(&self) -> bool {
        !matches!(self, Self::Ping | Self::Pong | Self::Read { .. })
    }

    /// Whether it is something to look at, and counts as unread.
    pub(crate) fn is_shown(&self) -> bool {
        self.is_stored() && !matches!(self, Self::Recall { .. })
    }
}

/// In a line for people; not yet harmless for a terminal.
impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Attachment { kind, url, name } if name.is_empty() => write!(f, "[{kind}] {url}"),
            Self::Attachment { kind, url, name } => write!(f, "[{kind}] {name} {url}"),
            Self::Recall { of } => write!(f, "[recalls {of}]"),
            Self::Read { of } => write!(f, "[has read {of}]"),
            Self::Ping => f.write_str("[asks whether you are there]"),
            Self::Pong => f.write_str("[is there]"),
            Self::FriendRequest => f.write_str("[would like to be your friend]"),
            Self::FriendAnswer { is_accepted: true } => f.write_str("[is your friend now]"),
            Self::FriendAnswer { .. } => f.write_str("[does not want to be your friend]"),
        }
    }
}

impl fmt::Display for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Picture => "picture",
            Self::Audio => "audio",
            Self::File => "file",
        })
    }
}

pub(crate) fn read(payload: &[u8]) -> Frame {
    let as_text = || String::from_utf8_lossy(payload).into_owned();
    let frame: Value = serde_json::from_slice(payload).unwrap_or_default();
    let Some(kind) = frame["msgType"].as_str() else {
        // From a tool, or from another app.
        return Frame {
            id: String::new(),
            content: Content::Text(as_text()),
        };
    };
    let content = known(kind, &frame).unwrap_or_else(|| {
        Content::Text(match &frame["payload"] {
            Value::String(text) => text.clone(),
            Value::Null => as_text(),
            other => other.to_string(),
        })
    });
    Frame {
        id: text(&frame["msgId"]),
        content,
    }
}

/// `id` is unique among the messages of `me`.
pub(crate) fn write(content: &Content, me: &str, id: &str, now_ms: i64) -> Written {
    let (kind, payload) = typed(content, me);
    let frame = json!({
        "version": 0,
        "msgId": id,
        "msgType": kind,
        "timestamp": now_ms.to_string(),
        "payload": payload,
    });
    Written {
        kind,
        payload: frame.to_string(),
    }
}

fn known(kind: &str, frame: &Value) -> Option<Content> {
    if frame["version"] != 0 {
        return None;
    }
    let payload = &frame["payload"];
    if let Some(recalled) = kind.strip_suffix("_RECALL") {
        let of = text(&payload["recall_msgId"]);
        return is_of_people(recalled).then_some(Content::Recall { of });
    }
    if let Some(seen) = kind.strip_suffix("_READ") {
        let of = text(&payload["read_msgId"]);
        return is_of_people(seen).then_some(Content::Read { of });
    }
    match kind {
        "TEXT" => Some(Content::Text(payload.as_str()?.to_owned())),
        "PING" => Some(Content::Ping),
        "PONG" => Some(Content::Pong),
        "ADD_FRIEND_REQUEST" => Some(Content::FriendRequest),
        "ADD_FRIEND_RESPONSE" => Some(Content::FriendAnswer {
            is_accepted: payload["accepted"] == true,
        }),
        _ => {
            let url = payload.as_str().or_else(|| payload["url"].as_str())?;
            Some(Content::Attachment {
                kind: attachment(kind)?,
                url: url.to_owned(),
                name: text(&payload["name"]),
            })
        }
    }
}

fn typed(content: &Content, me: &str) -> (&'static str, Value) {
    match content {
        Content::Text(text) => ("TEXT", json!(text)),
        Content::Attachment { kind, url, name } => {
            let mut payload = json!({"url": url});
            if !name.is_empty() {
                payload["name"] = json!(name);
            }
            (kind.word(), payload)
        }
        Content::Recall { of } => ("TEXT_RECALL", json!({"recall_msgId": of})),
        Content::Read { of } => ("TEXT_READ", json!({"read_msgId": of})),
        Content::Ping => ("PING", json!(me)),
        Content::Pong => ("PONG", json!(me)),
        Content::FriendRequest => ("ADD_FRIEND_REQUEST", json!({"add_requester": me})),
        Content::FriendAnswer { is_accepted } => {
            let payload = json!({"add_responser": me, "accepted": is_accepted});
            ("ADD_FRIEND_RESPONSE", payload)
        }
    }
}

fn is_of_people(kind: &str) -> bool {
    kind == "TEXT" || attachment(kind).is_some()
}

fn attachment(kind: &str) -> Option<Attachment> {
    let all = [Attachment::Picture, Attachment::Audio, Attachment::File];
    all.into_iter().find(|one| one.word() == kind)
}

impl Attachment {
    fn word(self) -> &'static str {
        match self {
            Self::Picture => "PIC_FILE",
            Self::Audio => "AUDIO_FILE",
            Self::File => "BIN_FILE",
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(json: &str) -> Content {
        read(json.as_bytes()).content
    }

    #[test]
    fn what_is_written_is_read_the_same() {
        let contents = [
            Content::Text("你好 😀".to_owned()),
            Content::Attachment {
                kind: Attachment::File,
                url: "https://files.example.com/1".to_owned(),
                name: "a.txt".to_owned(),
            },
            Content::Recall {
                of: "TEXT_1".to_owned(),
            },
            Content::Read {
                of: "TEXT_1".to_owned(),
            },
            Content::Ping,
            Content::Pong,
            Content::FriendRequest,
            Content::FriendAnswer { is_accepted: true },
        ];
        for content in contents {
            let written = write(&content, "ann", "id-1", 5);
            let frame = read(written.payload.as_bytes());
            assert_eq!((frame.id, frame.content), ("id-1".to_owned(), content));
        }
    }

    #[test]
    fn what_is_no_frame_is_text() {
        for payload in ["hello", "{\"a\": 1}", "[1]", "5", "", "{\"msgType\": 7}"] {
            let expected = Content::Text(payload.to_owned());
            assert_eq!(content(payload), expected);
        }
        assert_eq!(read(b"\xff").content, Content::Text("\u{fffd}".to_owned()));
    }

    #[test]
    fn an_unknown_type_or_version_is_shown_as_text() {
        let cases = [
            (
                r#"{"version":0,"msgId":"1","msgType":"DANCE","payload":"la"}"#,
                "la",
            ),
            (
                r#"{"version":0,"msgId":"1","msgType":"MAP","payload":{"x":1}}"#,
                r#"{"x":1}"#,
            ),
            (
                r#"{"version":1,"msgId":"1","msgType":"TEXT","payload":"new"}"#,
                "new",
            ),
            (
                r#"{"version":0,"msgId":"1","msgType":"TEXT","payload":5}"#,
                "5",
            ),
            (
                r#"{"version":0,"msgType":"PIC_FILE","payload":{"x":1}}"#,
                r#"{"x":1}"#,
            ),
            (r#"{"version":0,"msgType":"DANCE_READ","payload":"x"}"#, "x"),
        ];
        for (payload, expected) in cases {
            assert_eq!(
                content(payload),
                Content::Text(expected.to_owned()),
                "{payload}"
            );
        }
        let bare = r#"{"msgType":"DANCE"}"#;
        assert_eq!(content(bare), Content::Text(bare.to_owned()));
    }

    #[test]
    fn people_are_told_what_a_message_is() {
        let file =
            r#"{"version":0,"msgType":"BIN_FILE","payload":{"url":"https://x/1","name":"a"}}"#;
        assert_eq!(content(file).to_string(), "[file] a https://x/1");
        let read = r#"{"version":0,"msgType":"TEXT_READ","payload":{"read_msgId":"TEXT_1"}}"#;
        assert_eq!(content(read).to_string(), "[has read TEXT_1]");
    }

    #[test]
    fn an_attachment_is_an_object_or_the_bare_url() {
        for payload in [r#""https://x/1""#, r#"{"url":"https://x/1","bytes":5}"#] {
            let json = format!(r#"{{"version":0,"msgType":"PIC_FILE","payload":{payload}}}"#);
            let expected = Content::Attachment {
                kind: Attachment::Picture,
                url: "https://x/1".to_owned(),
                name: String::new(),
            };
            assert_eq!(content(&json), expected);
        }
    }
}

//! An app's own server: it gets callbacks.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::within;

/// Posts that the story has not looked at.
const POSTS_MAX: usize = 1_000;

/// Listens on a free port of this machine, answers with its script in turn, then with 200.
#[derive(Debug)]
pub struct Sink {
    url: String,
    script: Arc<Mutex<VecDeque<u16>>>,
    posts: mpsc::Receiver<Post>,
    listening: JoinHandle<()>,
}

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// By their names in lower case.
    pub headers: HashMap<String, String>,
    /// Every byte of it.
    pub body: String,
}

impl Sink {
    /// Answers with these HTTP statuses first.
    ///
    /// # Panics
    ///
    /// When there is no free port.
    pub async fn start(script: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("there is a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let script = Arc::new(Mutex::new(script.iter().copied().collect()));
        let (to, posts) = mpsc::channel(POSTS_MAX);
        Self {
            url: format!("http://{address}/callback"),
            listening: tokio::spawn(listen(listener, Arc::clone(&script), to)),
            script,
            posts,
        }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The answers to what comes next.
    pub fn will_answer(&self, script: &[u16]) {
        let mut left = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        left.extend(script);
    }

    /// The next post.
    ///
    /// # Panics
    ///
    /// When none comes.
    pub async fn next(&mut self) -> Post {
        let post = within("a callback", self.posts.recv()).await;
        post.expect("the task ends with the sink")
    }

    /// Whether all that came was looked at.
    pub fn is_empty(&self) -> bool {
        self.posts.is_empty()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Post {
    /// The body.
    ///
    /// # Panics
    ///
    /// When it is no JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// What was said.
    ///
    /// # Panics
    ///
    /// When it is no text.
    pub fn text(&self) -> String {
        let payload = self.json()["payload"]
            .as_str()
            .map(|text| STANDARD.decode(text));
        let payload = payload.expect("there is a payload").expect("it is base64");
        String::from_utf8(payload).expect("it is text")
    }

    /// Whether it is signed with the app's `whsec_…` the Standard Webhooks way.
    ///
    /// # Panics
    ///
    /// When a header is missing, or this is no such secret.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let secret = secret.strip_prefix("whsec_").expect("a callback secret");
        let key = STANDARD.decode(secret).expect("the rest is base64");
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("any key will do");
        let (id, at) = (
            &self.headers["webhook-id"],
            &self.headers["webhook-timestamp"],
        );
        mac.update(format!("{id}.{at}.{}", self.body).as_bytes());
        let expected = STANDARD.encode(mac.finalize().into_bytes());
        self.headers["webhook-signature"] == format!("v1,{expected}")
    }
}

async fn listen(listener: TcpListener, script: Arc<Mutex<VecDeque<u16>>>, to: mpsc::Sender<Post>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (script, to) = (Arc::clone(&script), to.clone());
        tokio::spawn(async move {
            // A caller that hangs up in the middle is none of the story's concern.
            let _ = serve(BufReader::new(stream), &script, &to).await;
        });
    }
}

/// Requests with a content-length, one after the other.
async fn serve(
    mut stream: BufReader<TcpStream>,
    script: &Mutex<VecDeque<u16>>,
    to: &mpsc::Sender<Post>,
) -> io::Result<()> {
    while let Some(post) = read(&mut stream).await? {
        let next = script
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front();
        let status = next.unwrap_or(200);
        let _ = to.send(post).await;
        let answer = format!("HTTP/1.1 {status} As wanted\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Post>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut headers = HashMap::new();
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers
        .get("content-length")
        .and_then(|text| text.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await?;
    let body = String::from_utf8_lossy(&body).into_owned();
    Ok(Some(Post { headers, body }))
}

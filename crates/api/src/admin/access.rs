//! What opens the admin API: tokens. Admins do everything, viewers only look, and see no secrets.

use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chat::secret;
use model::SecretHash;
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use thiserror::Error;
use tokio::sync::Mutex;

use crate::admin::error::AdminError;

/// The form of the file.
const VERSION: u32 = 1;
/// Tokens besides the first.
const TOKENS_MAX: usize = 1_000;
/// Characters of an id.
const ID_CHARS: usize = 12;

/// What a token allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything.
    Admin,
    /// Reading what is no secret.
    Viewer,
}

/// Which token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TokenId {
    /// That of `admin.token`.
    First,
    /// One that was made later.
    Other(String),
}

/// A token that is known, and what it allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokenHolder {
    pub(crate) id: TokenId,
    pub(crate) role: Role,
}

/// Keeps one text, for its owner only.
pub trait TokensFile: Send + Sync + 'static {
    /// What was written last; `None`: nothing ever was.
    fn read(&self) -> io::Result<Option<String>>;

    /// Replaces it, whole or not at all; durable when this returns.
    fn write(&self, text: &str) -> io::Result<()>;
}

/// Why the tokens are not known.
#[derive(Debug, Error)]
pub enum TokensError {
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is damaged.
    #[error("is no list of tokens, at line {line} column {column}")]
    Damaged {
        /// Where, from 1.
        line: usize,
        /// Where, from 1.
        column: usize,
    },
    /// A newer version of the server has written it.
    #[error("has version {0}, which is newer than this server")]
    Newer(u32),
}

/// The tokens that open the admin API. Only their hashes are kept: they are random, so a fast hash
/// is enough.
pub struct AdminTokens {
    first: SecretHash,
    others: RwLock<Vec<Token>>,
    file: Arc<dyn TokensFile>,
    /// Held while they are changed, so that two changes do not undo each other.
    changing: Mutex<()>,
}

/// A token besides the first.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Token {
    pub(crate) id: String,
    /// For people.
    pub(crate) name: String,
    pub(crate) role: Role,
    /// Milliseconds since 1970.
    pub(crate) created_at: u64,
    /// SHA-256 in base64.
    hash: String,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    tokens: Vec<Token>,
}

impl AdminTokens {
    /// The first token, which is an admin's, and those of the file.
    pub fn load(first: &str, file: Arc<dyn TokensFile>) -> Result<Self, TokensError> {
        let others = match file.read()? {
            Some(text) => read(&text)?,
            None => Vec::new(),
        };
        Ok(Self {
            first: secret::hash(first),
            others: RwLock::new(others),
            file,
            changing: Mutex::default(),
        })
    }

    /// All but the first, the oldest first.
    pub(crate) fn list(&self) -> Vec<Token> {
        self.others.read().clone()
    }

    /// Which token a text is, if it is one. Takes as long for any text.
    pub(crate) fn holder(&self, token: &[u8]) -> Option<TokenHolder> {
        let hash = secret::hash(str::from_utf8(token).ok()?);
        let first = TokenHolder {
            id: TokenId::First,
            role: Role::Admin,
        };
        let mut holder = bool::from(hash.0.ct_eq(&self.first.0)).then_some(first);
        let text = STANDARD.encode(hash.0);
        for other in &*self.others.read() {
            if bool::from(text.as_bytes().ct_eq(other.hash.as_bytes())) {
                holder = Some(TokenHolder {
                    id: TokenId::Other(other.id.clone()),
                    role: other.role,
                });
            }
        }
        holder
    }

    /// What a token allows, unless it has been revoked.
    pub(crate) fn role_of(&self, id: &TokenId) -> Option<Role> {
        let TokenId::Other(id) = id else {
            return Some(Role::Admin);
        };
        let others = self.others.read();
        let token = others.iter().find(|token| token.id == *id);
        token.map(|token| token.role)
    }

    /// A new token, which is in the answer and nowhere else.
    pub(crate) async fn create(
        &self,
        name: String,
        role: Role,
        now_ms: u64,
    ) -> Result<(Token, String), AdminError> {
        let secret = secret::text::<32>();
        let token = Token {
            id: secret::alphanumeric().chars().take(ID_CHARS).collect(),
            name,
            role,
            created_at: now_ms,
            hash: STANDARD.encode(secret::hash(&secret).0),
        };
        let _changing = self.changing.lock().await;
        let mut tokens = self.list();
        if tokens.len() >= TOKENS_MAX {
            return Err(AdminError::Conflict("there are too many tokens already"));
        }
        tokens.push(token.clone());
        self.save(tokens).await?;
        Ok((token, secret))
    }

    /// From now on it opens nothing; whether there was one.
    pub(crate) async fn revoke(&self, id: &str) -> Result<bool, AdminError> {
        let _changing = self.changing.lock().await;
        let mut tokens = self.list();
        let before = tokens.len();
        tokens.retain(|token| token.id != id);
        if tokens.len() == before {
            return Ok(false);
        }
        self.save(tokens).await?;
        Ok(true)
    }

    /// Durable before anyone sees it.
    async fn save(&self, tokens: Vec<Token>) -> Result<(), AdminError> {
        let kept = Kept {
            version: VERSION,
            tokens,
        };
        let text = serde_json::to_string(&kept).expect("text keys and no floats");
        let file = Arc::clone(&self.file);
        let written = tokio::task::spawn_blocking(move || file.write(&text)).await;
        let written = written
            .map_err(io::Error::other)
            .and_then(|written| written);
        written.map_err(|error| {
            tracing::error!(%error, "the admin tokens could not be written");
            AdminError::Internal
        })?;
        *self.others.write() = kept.tokens;
        Ok(())
    }
}

fn read(text: &str) -> Result<Vec<Token>, TokensError> {
    // The parser's own words may quote the text.
    let kept: Kept = serde_json::from_str(text).map_err(|error| TokensError::Damaged {
        line: error.line(),
        column: error.column(),
    })?;
    if kept.version > VERSION {
        return Err(TokensError::Newer(kept.version));
    }
    Ok(kept.tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file in memory, which can be full.
    #[derive(Default)]
    struct File {
        text: parking_lot::Mutex<Option<String>>,
        is_full: bool,
    }

    impl TokensFile for File {
        fn read(&self) -> io::Result<Option<String>> {
            Ok(self.text.lock().clone())
        }

        fn write(&self, text: &str) -> io::Result<()> {
            if self.is_full {
                return Err(io::ErrorKind::StorageFull.into());
            }
            *self.text.lock() = Some(text.to_owned());
            Ok(())
        }
    }

    fn load(file: &Arc<File>) -> AdminTokens {
        AdminTokens::load("the first", Arc::clone(file) as _).unwrap()
    }

    fn role(tokens: &AdminTokens, text: &[u8]) -> Option<Role> {
        let holder = tokens.holder(text)?;
        assert_eq!(tokens.role_of(&holder.id), Some(holder.role));
        Some(holder.role)
    }

    #[tokio::test]
    async fn a_token_opens_until_it_is_revoked_also_after_a_restart() {
        let file = Arc::new(File::default());
        let tokens = load(&file);
        let (viewer, secret) = tokens.create("v".into(), Role::Viewer, 5).await.unwrap();
        let (_, admin) = tokens.create("a".into(), Role::Admin, 6).await.unwrap();
        assert!(!file.text.lock().as_ref().unwrap().contains(&secret));
        for tokens in [&tokens, &load(&file)] {
            assert_eq!(role(tokens, b"the first"), Some(Role::Admin));
            assert_eq!(role(tokens, secret.as_bytes()), Some(Role::Viewer));
            assert_eq!(role(tokens, admin.as_bytes()), Some(Role::Admin));
            assert_eq!(role(tokens, b""), None);
            assert_eq!(role(tokens, b"\xff"), None);
        }
        let again = load(&file);
        assert!(again.revoke(&viewer.id).await.unwrap());
        assert!(!again.revoke(&viewer.id).await.unwrap());
        for tokens in [&again, &load(&file)] {
            assert_eq!(role(tokens, secret.as_bytes()), None);
            assert_eq!(tokens.role_of(&TokenId::Other(viewer.id.clone())), None);
            assert_eq!(role(tokens, admin.as_bytes()), Some(Role::Admin));
        }
    }

    #[tokio::test]
    async fn a_token_that_could_not_be_kept_opens_nothing() {
        let file = Arc::new(File {
            is_full: true,
            ..File::default()
        });
        let tokens = load(&file);
        let refused = tokens.create(String::new(), Role::Admin, 5).await;
        assert_eq!(refused.err(), Some(AdminError::Internal));
        assert!(tokens.list().is_empty());
    }

    #[tokio::test]
    async fn there_are_at_most_a_thousand() {
        let tokens = load(&Arc::new(File::default()));
        let (one, _) = tokens.create(String::new(), Role::Viewer, 1).await.unwrap();
        *tokens.others.write() = vec![one; TOKENS_MAX];
        let refused = tokens.create(String::new(), Role::Viewer, 1).await;
        assert!(matches!(refused, Err(AdminError::Conflict(_))));
    }

    #[test]
    fn a_file_that_is_damaged_or_newer_is_refused_and_not_quoted() {
        for (text, expected) in [
            ("hush", "is no list of tokens, at line 1 column 1"),
            (
                r#"{"version":2,"tokens":[]}"#,
                "has version 2, which is newer than this server",
            ),
        ] {
            assert_eq!(read(text).err().unwrap().to_string(), expected);
        }
    }
}

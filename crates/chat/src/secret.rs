//! Random values: ids that nobody guesses, keys and secrets.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use model::{AppId, SecretHash, SecurityKey, TopicId, Uuid};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

#[cfg(feature = "simulation")]
pub mod simulated;

/// So many random bytes from the system.
///
/// # Panics
///
/// When the system has none, which no program can go on from.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes).expect("the system has random bytes");
    bytes
}

/// Fills a buffer with random bytes from the system. All randomness of this crate and of the store
/// comes from here, so that a simulation can replace it.
pub fn fill(bytes: &mut [u8]) -> Result<(), getrandom::Error> {
    #[cfg(feature = "simulation")]
    if simulated::fill(bytes) {
        return Ok(());
    }
    getrandom::fill(bytes)
}

/// A random text of letters, digits, `-` and `_`.
pub fn text<const BYTES: usize>() -> String {
    URL_SAFE_NO_PAD.encode(random::<BYTES>())
}

/// 22 random letters and digits: a challenge of the socket protocol.
pub fn alphanumeric() -> String {
    const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let letter = |byte: u8| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]);
    random::<22>().map(letter).iter().collect()
}

/// A random number below `bound`, which is far below 2^64.
fn below(bound: u64) -> u64 {
    u64::from_le_bytes(random()) % bound
}

/// 53 bits with the highest one set: 16 digits that even a float of a careless client keeps.
pub fn uuid() -> Uuid {
    Uuid((1 << 52) + below(1 << 52))
}

/// 19 digits that begin as MIMC's own did.
pub fn app_id() -> AppId {
    AppId(2_882_303_761_000_000_000 + below(1_000_000_000))
}

/// 17 digits, and no neighbour of the one before. Below 2^56: all take the same bytes in a packet.
pub fn topic_id() -> TopicId {
    TopicId(10_000_000_000_000_000 + below(62_000_000_000_000_000))
}

/// 13 digits.
pub fn app_key() -> String {
    (5_000_000_000_000 + below(1_000_000_000_000)).to_string()
}

/// 128 random bits in base64.
pub fn app_secret() -> String {
    STANDARD.encode(random::<16>())
}

/// As the Standard Webhooks have it.
pub fn callback_secret() -> String {
    format!("whsec_{}", STANDARD.encode(random::<24>()))
}

/// An account's key.
pub fn security_key() -> SecurityKey {
    SecurityKey(random())
}

/// What is kept of a secret. It has 128 random bits, so a fast hash is enough.
pub fn hash(secret: &str) -> SecretHash {
    SecretHash(Sha256::digest(secret.as_bytes()).into())
}

/// Whether the secret is the one that was hashed, in constant time.
pub fn matches(secret: &str, kept: &SecretHash) -> bool {
    hash(secret).0.ct_eq(&kept.0).into()
}

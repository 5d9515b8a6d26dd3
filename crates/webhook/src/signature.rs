//! Signatures of the Standard Webhooks: `v1,` and the base64 of HMAC-SHA256 over
//! `id.timestamp.body`, keyed by what follows `whsec_` in the app's callback secret, decoded.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use thiserror::Error;

const SECRET_PREFIX: &str = "whsec_";
const VERSION: &str = "v1,";

/// The callback secret does not have the form `whsec_` and base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the app's callback secret is not `whsec_` and base64")]
pub struct BadSecret;

/// The value of `webhook-signature`. `timestamp_s` is that of `webhook-timestamp`.
pub fn sign(secret: &str, id: &str, timestamp_s: u64, body: &[u8]) -> Result<String, BadSecret> {
    let digest = mac(secret, id, timestamp_s, body)?.finalize().into_bytes();
    Ok(format!("{VERSION}{}", STANDARD.encode(digest)))
}

/// Whether one of the signatures of a `webhook-signature` header, separated by blanks, is right.
/// Compared in constant time. Whether the timestamp is recent enough is the caller's to say.
pub fn verify(secret: &str, id: &str, timestamp_s: u64, body: &[u8], signatures: &str) -> bool {
    let Ok(mac) = mac(secret, id, timestamp_s, body) else {
        return false;
    };
    let mut digests = signatures
        .split_ascii_whitespace()
        .filter_map(|signature| STANDARD.decode(signature.strip_prefix(VERSION)?).ok());
    digests.any(|digest| mac.clone().verify_slice(&digest).is_ok())
}

fn mac(secret: &str, id: &str, timestamp_s: u64, body: &[u8]) -> Result<Hmac<Sha256>, BadSecret> {
    let key = secret.strip_prefix(SECRET_PREFIX).ok_or(BadSecret)?;
    let key = STANDARD.decode(key).map_err(|_| BadSecret)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| BadSecret)?;
    mac.update(format!("{id}.{timestamp_s}.").as_bytes());
    mac.update(body);
    Ok(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The example of the Standard Webhooks' reference libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const TIMESTAMP_S: u64 = 1_614_265_330;
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    #[test]
    fn the_known_example_is_signed_as_known() {
        assert_eq!(sign(SECRET, ID, TIMESTAMP_S, BODY).unwrap(), SIGNATURE);
    }

    #[test]
    fn one_right_signature_among_others_is_enough() {
        let several = format!("v1,AAAA v2,xyz {SIGNATURE}");
        assert!(verify(SECRET, ID, TIMESTAMP_S, BODY, &several));
    }

    #[test]
    fn whatever_differs_makes_it_wrong() {
        assert!(verify(SECRET, ID, TIMESTAMP_S, BODY, SIGNATURE));
        let other_secret = "whsec_AAAA9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        assert!(!verify(other_secret, ID, TIMESTAMP_S, BODY, SIGNATURE));
        assert!(!verify(SECRET, "msg_x", TIMESTAMP_S, BODY, SIGNATURE));
        assert!(!verify(SECRET, ID, TIMESTAMP_S + 1, BODY, SIGNATURE));
        assert!(!verify(SECRET, ID, TIMESTAMP_S, b"{}", SIGNATURE));
        for signatures in ["", "v1,", "v1,AAAA", &SIGNATURE[3..]] {
            assert!(!verify(SECRET, ID, TIMESTAMP_S, BODY, signatures));
        }
    }

    #[test]
    fn a_secret_of_another_form_signs_nothing() {
        for secret in ["", "whsec_!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            assert_eq!(sign(secret, ID, TIMESTAMP_S, BODY), Err(BadSecret));
        }
    }
}

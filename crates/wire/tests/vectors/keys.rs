//! Keys and signatures.

use wire::bind::{BindText, METHOD, signature, text_to_sign};
use wire::cipher::{body_key, payload_key};

use crate::{CHALLENGE, RESOURCE, SECURITY_KEY, UDID, UUID, unhex};

const BIND: BindText<'_> = BindText {
    challenge: CHALLENGE,
    method: METHOD,
    client_attrs: "",
    cloud_attrs: "",
    uuid: UUID,
    resource: RESOURCE,
    header_id: "Pfx_1",
    token: "tok-ABC",
    security_key: "AAECAwQFBgcICQoLDA0ODw==",
};

vectors! {
    body_key_of_challenge_and_udid: "bodyKey, udid \"Ab3dE6gH9j\" (C++ style)", |hex| {
        assert_eq!(body_key(CHALLENGE, UDID), unhex(hex));
    };
    body_key_without_udid: "bodyKey, udid \"\" (Go, C#, Java)", |hex| {
        assert_eq!(body_key(CHALLENGE, ""), unhex(hex));
    };
    session_key_of_another_challenge: "session key for challenge abcdefghij, udid \"\"", |hex| {
        assert_eq!(body_key("abcdefghij", ""), unhex(hex));
    };
    payload_key_ends_with_the_header_id: "T5b payloadKey for header id Pfx_3", |hex| {
        assert_eq!(payload_key(&SECURITY_KEY, "Pfx_3"), unhex(hex));
    };
    bind_text: "BIND string to sign (header id Pfx_1)", |text| {
        assert_eq!(text_to_sign(&BIND), text);
    };
    bind_signature: "BIND sig", |text| assert_eq!(signature(&BIND), text);
}

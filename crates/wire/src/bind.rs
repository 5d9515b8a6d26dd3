//! BIND: the proof that a connection belongs to an account, and its answer.
//!
//! ```text
//! request   1 token | 2 kick | 3 method XIAOMI-PASS | 4 client_attrs | 5 cloud_attrs | 6 sig
//!           7 sso bool
//! answer    1 result bool | 2 error_type | 3 error_reason | 4 error_desc      all always written
//! ```

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha1::{Digest, Sha1};

use crate::{ClientHeader, XmMsgBind, XmMsgBindResp};

/// `method` of every BIND.
pub const METHOD: &str = "XIAOMI-PASS";

/// What a BIND signature covers.
#[derive(Debug, Clone, Copy)]
pub struct BindText<'a> {
    /// Of the CONN answer on this connection.
    pub challenge: &'a str,
    /// Upper-cased before it is signed.
    pub method: &'a str,
    /// As in the BIND.
    pub client_attrs: &'a str,
    /// As in the BIND.
    pub cloud_attrs: &'a str,
    /// Of the header.
    pub uuid: i64,
    /// Of the header.
    pub resource: &'a str,
    /// Of the header.
    pub header_id: &'a str,
    /// As in the BIND.
    pub token: &'a str,
    /// The account's security key as its base64 text.
    pub security_key: &'a str,
}

impl<'a> BindText<'a> {
    /// What the sender of `bind` under `header` must have signed.
    pub fn of(
        header: &'a ClientHeader,
        bind: &'a XmMsgBind,
        challenge: &'a str,
        security_key: &'a str,
    ) -> Self {
        Self {
            challenge,
            method: bind.method(),
            client_attrs: bind.client_attrs(),
            cloud_attrs: bind.cloud_attrs(),
            uuid: header.uuid(),
            resource: header.resource(),
            header_id: header.id(),
            token: bind.token(),
            security_key,
        }
    }
}

/// The text that is signed. `kick` counts as 0, whatever the BIND carries: web clients sign 0 and
/// send an empty field.
pub fn text_to_sign(bind: &BindText<'_>) -> String {
    let BindText {
        challenge,
        method,
        client_attrs,
        cloud_attrs,
        uuid,
        resource,
        header_id,
        token,
        security_key,
    } = bind;
    format!(
        "{}&challenge={challenge}&chid=9&client_attrs={client_attrs}&cloud_attrs={cloud_attrs}\
         &from={uuid}@xiaomi.com/{resource}&id={header_id}&kick=0&to=xiaomi.com&token={token}\
         &{security_key}",
        method.to_ascii_uppercase(),
    )
}

/// base64 of the SHA-1 of [`text_to_sign`]: what `sig` must be.
pub fn signature(bind: &BindText<'_>) -> String {
    BASE64_STANDARD.encode(Sha1::digest(text_to_sign(bind)))
}

impl XmMsgBind {
    /// A BIND as our own client sends it; `signature` is of the [`BindText`] with [`METHOD`] and
    /// empty attributes.
    pub fn new(token: &str, signature: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            kick: Some("0".to_owned()),
            method: Some(METHOD.to_owned()),
            client_attrs: Some(String::new()),
            cloud_attrs: Some(String::new()),
            sig: Some(signature.to_owned()),
            sso: None,
        }
    }
}

impl XmMsgBindResp {
    /// The connection is bound.
    pub fn accepted() -> Self {
        Self::new(true, "", "", "")
    }

    /// The connection is not bound. Clients fetch a new token on `token-expired` and
    /// `invalid-token` as `reason`: use another where that would not help.
    pub fn refused(error_type: &str, reason: &str, desc: &str) -> Self {
        Self::new(false, error_type, reason, desc)
    }

    fn new(result: bool, error_type: &str, reason: &str, desc: &str) -> Self {
        Self {
            result: Some(result),
            error_type: Some(error_type.to_owned()),
            error_reason: Some(reason.to_owned()),
            error_desc: Some(desc.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_method_is_signed_in_upper_case_and_kick_as_0() {
        let header = ClientHeader::from_client(crate::header::BIND, 7, "pc", "id_1", 0);
        let bind = XmMsgBind {
            kick: Some("1".to_owned()),
            method: Some("xiaomi-pass".to_owned()),
            client_attrs: Some("a".to_owned()),
            cloud_attrs: Some("b".to_owned()),
            ..XmMsgBind::new("tok", "")
        };
        let text = text_to_sign(&BindText::of(&header, &bind, "chal", "a2V5"));
        assert_eq!(
            text,
            "XIAOMI-PASS&challenge=chal&chid=9&client_attrs=a&cloud_attrs=b&from=7@xiaomi.com/pc\
             &id=id_1&kick=0&to=xiaomi.com&token=tok&a2V5"
        );
    }
}

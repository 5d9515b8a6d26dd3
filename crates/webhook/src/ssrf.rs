//! Where callbacks may not go: this machine, its neighbours, and what looks like them.
//!
//! [`check_url`] refuses what can be seen when a URL is set. Names are looked up later, so
//! [`is_forbidden`] is asked again about every address that a name has, right before a connection
//! is made to that very address.

mod address;
mod literal;

use http::Uri;
use thiserror::Error;

pub use self::address::is_forbidden;
use self::literal::Host;

/// URLs, in bytes.
pub const URL_BYTES_MAX: usize = 2_048;

/// Why a URL is not taken. The texts complete a sentence that begins with the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum UrlError {
    /// Over [`URL_BYTES_MAX`].
    #[error("must not be longer than {URL_BYTES_MAX} bytes")]
    TooLong,
    /// It cannot be read as an absolute URL.
    #[error("must be a URL")]
    Malformed,
    /// Neither http nor https.
    #[error("must begin with http:// or https://")]
    Scheme,
    /// It has no host, or one that is no name and no address.
    #[error("must name a host")]
    Host,
    /// The port is no number from 1 to 65535.
    #[error("must have a port from 1 to 65535")]
    Port,
    /// It carries a user name or password, which would end up in lists and logs.
    #[error("must not contain a user name")]
    Credentials,
    /// It goes where it must not.
    #[error("must not be on this machine or in a private network")]
    Private,
}

/// Whether callbacks can go to this URL, as far as can be told without looking its name up.
/// `allow_private` is the operator's permission for private addresses.
pub fn check_url(url: &str, allow_private: bool) -> Result<(), UrlError> {
    if url.len() > URL_BYTES_MAX {
        return Err(UrlError::TooLong);
    }
    let uri: Uri = url.parse().map_err(|_| UrlError::Malformed)?;
    match uri.scheme_str() {
        Some("http" | "https") => {}
        Some(_) => return Err(UrlError::Scheme),
        None => return Err(UrlError::Malformed),
    }
    let authority = uri.authority().ok_or(UrlError::Host)?;
    if authority.as_str().contains('@') {
        return Err(UrlError::Credentials);
    }
    let host = authority.host();
    let after_host = &authority.as_str()[host.len()..];
    if !after_host.is_empty() && !is_port(after_host) {
        return Err(UrlError::Port);
    }
    let is_private = match Host::read(host).ok_or(UrlError::Host)? {
        Host::Address(address) => is_forbidden(address),
        Host::Name(name) => is_this_machine(name),
    };
    if is_private && !allow_private {
        return Err(UrlError::Private);
    }
    Ok(())
}

/// Whether it is a colon and digits only, from 1 to 65535.
fn is_port(text: &str) -> bool {
    let digits = text.strip_prefix(':').unwrap_or_default();
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number && digits.parse::<u16>().is_ok_and(|port| port > 0)
}

/// Names that are this machine wherever they are looked up (RFC 6761).
fn is_this_machine(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
pub(crate) mod nearby;
#[cfg(test)]
mod tests;
